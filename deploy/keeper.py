"""Keeps nginx and the processes of releases running: what ends is started again, what is not wanted is ended.

Wanted are the pools of the slot in use and, while a deploy holds its lock, those of the other slot; so no deploy,
however it ends, leaves processes behind. Each pool is asked at RUN/SLOT-POOL.sock, which outlives its processes.
"""

import argparse
import fcntl
import json
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from releases import Unfit
from slots import POOLS, SLOTS, slot_in_use

STOP_WITHIN = 30.0  # seconds
WAITING = 2048  # connections that nobody has taken up yet; they wait while a process is replaced
OPTIONS = {"pages": ["--setting", "num_sql_threads", "1"], "sql": []}
NICE = {"pages": 0, "sql": 5}  # once started, processes for SQL give way to those for pages where both want a core
# Each ends with serve_public.py, whatever ends that.
WITH_US = ("setpriv", "--pdeathsig", "TERM")


def log(event: str, **facts: object) -> None:
    """Print one line of JSON; go on where nobody reads any more."""
    with suppress(OSError):
        print(json.dumps({"time": time.strftime("%FT%TZ", time.gmtime()), "event": event, **facts}), flush=True)


@dataclass
class Kept:
    """A process, its release (None: nginx), and when it has to be gone where it was told to end."""

    process: subprocess.Popen[bytes]
    release: Path | None
    until: float | None = None


class Keeper:
    """The processes by name: nginx, blue-pages, blue-sql, green-pages, green-sql."""

    def __init__(self, arguments: argparse.Namespace, nginx: list[str]) -> None:
        """Listen for the pools; nginx is the command that starts it."""
        self.arguments, self.nginx = arguments, nginx
        self.folder: Path = arguments.folder
        self.run: Path = arguments.run
        self.kept: dict[str, Kept] = {}
        self.sockets = {f"{slot}-{pool}": socket.socket(socket.AF_UNIX) for slot in SLOTS for pool in POOLS}
        for name, listener in self.sockets.items():
            listener.bind(str(self.run / f"{name}.sock"))
            listener.listen(WAITING)
        self.lock = (self.folder / "deploy.lock").open("w")

    def start_nginx(self) -> None:
        """Start nginx before all others; raises Unfit where it cannot listen."""
        self.kept["nginx"] = Kept(self.start("nginx", None), None)
        while not (self.run / "nginx.pid").exists():  # written when it listens
            if self.kept["nginx"].process.poll() is not None:
                raise Unfit(f"nginx cannot listen on {self.arguments.listen}; its error is above")
            time.sleep(0.01)

    def is_deploying(self) -> bool:
        """Return whether a deploy is under way."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(self.lock, fcntl.LOCK_UN)
        return False

    def wanted(self) -> dict[str, Path | None]:
        """Return what should run, by name, each with its release."""
        slots = SLOTS if self.is_deploying() else (slot_in_use(self.folder),)
        linked = {slot: (self.folder / slot).resolve() for slot in slots if (self.folder / slot).is_dir()}
        pools = [] if self.arguments.pages_at else POOLS
        return {"nginx": None} | {f"{slot}-{pool}": release for slot, release in linked.items() for pool in pools}

    def look(self) -> None:
        """Start and end what has to be."""
        wanted = self.wanted()
        for name, kept in list(self.kept.items()):
            if kept.process.poll() is not None:
                self.forget(name, kept)
                if kept.until is None:
                    log("replaced", process=name, code=kept.process.returncode)
            elif name not in wanted or wanted[name] != kept.release:
                self.let_go(name, kept)
        for name in wanted.keys() - self.kept.keys():
            self.kept[name] = Kept(self.start(name, wanted[name]), wanted[name])

    def start(self, name: str, release: Path | None) -> subprocess.Popen[bytes]:
        """Start nginx or a pool of a release; RUN/NAME.pid says which process it is."""
        if release is None:
            for left in ("inner.sock", "outer.sock", "nginx.pid"):
                (self.run / left).unlink(missing_ok=True)
            return subprocess.Popen([*WITH_US, *self.nginx], stdin=subprocess.DEVNULL, process_group=0)
        pool, fd = name.partition("-")[2], self.sockets[name].fileno()
        told = {"fd": fd, "workers": getattr(self.arguments, pool), "memory": self.arguments.memory, "nice": NICE[pool]}
        command = [*WITH_US, str(release / "scripts/serve.sh"), *OPTIONS[pool], "--setting", "default_cache_ttl", "60"]
        command += ["--setting", "force_https_urls", "on"] if self.arguments.url.startswith("https:") else []
        environment = {key: value for key, value in os.environ.items() if key != "CLEARVIEW_DB"}
        environment |= {"CLEARVIEW_WITH": "python deploy/pool.py", "CLEARVIEW_POOL": json.dumps(told)}
        with (self.folder / f"{pool}.log").open("ab") as output:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=output,
                pass_fds=[fd], process_group=0,
            )  # fmt: skip
        (self.run / f"{name}.pid").write_text(str(process.pid))
        return process

    def let_go(self, name: str, kept: Kept) -> None:
        """Have a process end after the requests it has begun, and soon in any case."""
        if kept.until is None:
            kept.until = time.monotonic() + STOP_WITHIN
            kept.process.send_signal(signal.SIGQUIT if name == "nginx" else signal.SIGTERM)
        elif time.monotonic() > kept.until:
            os.killpg(kept.process.pid, signal.SIGKILL)

    def forget(self, name: str, kept: Kept) -> None:
        """End what an ended process has left."""
        with suppress(ProcessLookupError):
            os.killpg(kept.process.pid, signal.SIGKILL)
        del self.kept[name]
        (self.run / f"{name}.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Let running requests end, then stop everything: nginx first, then those it asks."""
        for ending in (["nginx"], list(self.kept)):
            while still := [name for name in ending if name in self.kept]:
                for name in still:
                    self.let_go(name, self.kept[name])
                    if self.kept[name].process.poll() is not None:
                        self.forget(name, self.kept[name])
                time.sleep(0.05)
