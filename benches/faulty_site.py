"""A copy of the site in which everything may be broken: served as in public, under a steady load, on a disk of its own.

What is done to it stands in fault_kinds.py. A tmpfs is its disk and libfaketime its clock, so that both can go wrong.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

from serving import ROOT, find_free_port

DISK = 400  # MB
LEFT_OUT = {"build", "exports", "tests", "parquet"}
STORE = ROOT / "build/compressed"  # of earlier runs: compressing takes most of the time of a first start
READERS, PAUSE, SLOW = 4, 0.04, 2.0  # SLOW in seconds: a page that takes longer counts as bad
BEFORE, AFTER, PATIENCE = 0.5, 1.5, 60.0  # seconds of load: before, when all is well again, and at the most
PATHS = ("/clearview/agencies", "/clearview/reports.json?_shape=array&_size=2&row__gt={}")
NUMBERS = count(1_000_000)  # so that no new page comes twice
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), Path("/no-libfaketime"))

# Nothing else here looks at the clock of the wall; Python cannot sleep where it is changed for it.
NGINX = """#!/bin/sh
export LD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE={clock} FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
exec {nginx} "$@"
"""


@dataclass(frozen=True)
class Outcome:
    """What readers met: requests, how many failed, seconds after the fault until all was well (None: never)."""

    asked: int
    failed: int
    seconds: float | None


def copy_site(folder: Path) -> Path:
    """Return a copy of all that is served, with the same environment."""
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in LEFT_OUT and not path.name.startswith("."):
            copy = shutil.copytree if path.is_dir() else shutil.copy2
            copy(path, folder / path.name)
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    return folder


def children_of(process: int) -> dict[int, str]:
    """Return the processes that one started, and theirs: number and command."""
    found: dict[int, str] = {}
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            found |= {int(child): Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")}
            found |= children_of(int(child))
    return found


def workers_of(process: int, pool: str) -> list[int]:
    """Return the processes of a pool that answer, of those that one started: only that for pages has one thread."""
    return [
        worker for keeper, said in children_of(process).items()
        if "deploy/pool.py" in said and ("num_sql_threads" in said) == (pool == "pages")
        for worker, command in children_of(keeper).items() if "spawn_main" in command
    ]  # fmt: skip


class FaultySite:
    """The site in folder/site, served from folder/disk; options go to serve_public.py."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.home, self.disk, self.clock = folder / "site", folder / "disk", folder / "clock"
        self.place = f"127.0.0.1:{find_free_port()}"
        self.options, self.service = options, subprocess.Popen(["true"])
        self.pause = PAUSE  # seconds between two pages of a reader
        self.helpers: list[subprocess.Popen[bytes]] = []  # that a fault has started
        self.said: IO[bytes] = (folder / "said").open("wb+")

    def start(self) -> None:
        """Start it as systemd would; return when it is ready or has ended."""
        self.clock.write_text("+0\n")
        command = [sys.executable, "deploy/serve_public.py", "--folder", str(self.disk), "--listen", self.place]
        programs = self.home.parent / "bin"
        programs.mkdir(exist_ok=True)
        (programs / "nginx").write_text(NGINX.format(nginx=shutil.which("nginx"), library=FAKETIME, clock=self.clock))
        (programs / "nginx").chmod(0o755)
        environment = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "CLEARVIEW_LOG": "json"}
        began = self.said.seek(0, os.SEEK_END)
        self.service = subprocess.Popen(
            [*command, "--trust", "127.0.0.1", *self.options], cwd=self.home, env=environment,
            stdout=self.said, stderr=self.said,
        )  # fmt: skip
        while self.service.poll() is None and b'"ready"' not in self.tell(began):
            time.sleep(0.05)

    def restore(self) -> None:
        """Put right what a fault left: files, disk, clock, processes; return when the site is well again."""
        for helper in self.helpers:
            helper.wait()
        (self.disk / "filler").unlink(missing_ok=True)
        self.set_clock("+0")
        kept = self.home.parent / "kept"
        for path in sorted(self.home.rglob("*"), reverse=True):
            is_ours = path.is_dir() or {".venv", "__pycache__"} & set(path.parts)
            if not is_ours and not (kept / path.relative_to(self.home)).is_file():
                path.unlink()
        for path in kept.rglob("*"):
            place = self.home / path.relative_to(kept)
            if path.is_file() and (not place.is_file() or place.read_bytes() != path.read_bytes()):
                shutil.copy2(path, place)
        if self.service.poll() is not None:
            self.start()
        until = time.monotonic() + 4 * PATIENCE
        while not (self.is_well() and self.get("/clearview.json?sql=select+1")[0] == http.HTTPStatus.OK):
            if time.monotonic() > until:
                raise SystemExit(f"the site is not well again: {self.tell().decode()[-2000:]}")
            time.sleep(0.2)

    def set_clock(self, offset: str) -> None:
        """Move nginx's clock."""
        self.clock.write_text(f"{offset}\n")

    def read(self, path: str) -> str:
        """Return the text of a page."""
        with urllib.request.urlopen(f"http://{self.place}{path}", timeout=PATIENCE) as answer:
            text: str = answer.read().decode()
        return text

    def tell(self, since: int = 0) -> bytes:
        """Return what serve_public.py has printed."""
        return os.pread(self.said.fileno(), 10_000_000, since)

    def stop(self) -> None:
        """Stop it, and wait for its end."""
        self.service.send_signal(signal.SIGTERM)
        self.service.wait(timeout=4 * PATIENCE)

    def deploy(self) -> subprocess.CompletedProcess[str]:
        """Return what `make deploy` comes to."""
        command = [sys.executable, "deploy/deploy.py", str(self.disk)]
        return subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False)

    def find(self, *words: str) -> list[int]:
        """Return the processes of the service whose command holds one of these words."""
        return [pid for pid, said in children_of(self.service.pid).items() if any(word in said for word in words)]

    def get(self, path: str, client: str = "198.18.0.1", timeout: float = 40) -> tuple[int, float]:
        """Return status and seconds of a request by a reader of that address; status 0 where no answer came."""
        began = time.monotonic()
        connection = http.client.HTTPConnection(self.place, timeout=timeout)
        try:
            connection.request("GET", path, headers={"X-Forwarded-For": client})
            answer = connection.getresponse()
            answer.read()
            return answer.status, time.monotonic() - began
        except (OSError, http.client.HTTPException):
            return 0, time.monotonic() - began
        finally:
            connection.close()

    def is_well(self, slow: float = SLOW) -> bool:
        """Return whether a page that no cache holds is answered soon."""
        status, seconds = self.get(PATHS[1].format(next(NUMBERS)), timeout=slow)
        return status == http.HTTPStatus.OK and seconds < slow

    def measure(self, fault: Callable[["FaultySite"], None], slow: float = SLOW, patience: float = PATIENCE) -> Outcome:
        """Return what readers meet when something is done to the site; a page that takes longer than slow is bad."""
        stop, seen = threading.Event(), list[tuple[float, bool]]()

        def read(number: int) -> None:
            asked = 0
            while not stop.wait(self.pause):
                asked += 1
                began = time.monotonic()
                path = PATHS[asked % 2].format(next(NUMBERS))
                status, seconds = self.get(path, f"198.18.{number}.{asked % 250}")
                seen.append((began + seconds, status == http.HTTPStatus.OK and seconds < slow))

        with ThreadPoolExecutor(READERS) as pool:
            readers = [pool.submit(read, number) for number in range(READERS)]
            try:
                time.sleep(BEFORE)
                begun = time.monotonic()
                fault(self)
                done = time.monotonic()
                while (now := time.monotonic()) < done + patience:
                    time.sleep(0.1)
                    last = max((at for at, good in seen if not good), default=0.0)
                    if now > max(done, last) + AFTER and self.is_well(slow):
                        break
            finally:
                stop.set()
            for reader in readers:
                reader.result()
        bad = [at for at, good in seen if not good and at >= begun]
        well = max(0.0, max(bad, default=begun) - begun) if now < done + patience else None
        return Outcome(len(seen), len(bad), well)


def add_missing(store: Path, other: Path) -> None:
    """Copy the compressed files of a store that another lacks into it."""
    other.mkdir(parents=True, exist_ok=True)
    for path in store.glob("*.[gb][zr]"):
        if not (other / path.name).exists():
            shutil.copy2(path, other)


@contextmanager
def faulty_site(*options: str, disk: int = DISK) -> Iterator[FaultySite]:
    """Serve a copy of the site on a disk of so many MB until the end of the block; needs root, nginx and faketime."""
    folder = Path(tempfile.mkdtemp(prefix="faulty-"))
    folder.chmod(0o755)
    (folder / "disk").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={disk}m", "tmpfs", folder / "disk"], check=True)
    try:
        add_missing(STORE, folder / "disk/compressed")
        for name in ("site", "kept"):
            copy_site(folder / name)
        site = FaultySite(folder, *options)
        site.start()
        if site.service.poll() is not None:
            raise SystemExit(site.tell().decode())
        add_missing(folder / "disk/compressed", STORE)
        try:
            yield site
        finally:
            site.stop()
    finally:
        subprocess.run(["umount", "-l", folder / "disk"], check=False)
        shutil.rmtree(folder, ignore_errors=True)
