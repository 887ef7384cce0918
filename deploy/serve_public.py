"""Serve the site as production does: Datasette processes for pages and for SQL behind nginx, and keep them running.

usage: serve_public.py [--help]     deploy.py puts the files as they are now in place, SIGTERM stops

A start serves the release that was in use, or the newest other one that answers; the files as they are now become a
release where there is none yet, with --fresh, and by deploy.py.
"""

import argparse
import fcntl
import hashlib
import ipaddress
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import httpx
from nginx import Nginx, write_config
from releases import (
    Unfit,
    check_database,
    free_slot,
    make_release,
    put_in_place,
    releases_that_answered,
    remove_old,
    slot_in_use,
)  # fmt: skip
from workers import READY_WITHIN, Workers

if TYPE_CHECKING:
    from watch import Watch

DEPLOY = Path(__file__).resolve().parent
ROOT = DEPLOY.parent
CORES = min(8, len(os.sched_getaffinity(0)))  # more would not fit into the memory that clearview.service grants
LOOK = 0.05  # seconds between two looks at the processes
FINISH = 3.0  # seconds in which requests may still reach a release that was replaced
STOP_WITHIN = 20.0  # seconds


def log(event: str, **facts: object) -> None:
    """Print one line of JSON; go on where nobody reads any more."""
    with suppress(BrokenPipeError):
        print(json.dumps({"time": time.strftime("%FT%TZ", time.gmtime()), "event": event, **facts}), flush=True)


def tell_systemd(state: bytes) -> None:
    """Tell systemd how the service is, where it started us: until READY=1 `systemctl start` waits."""
    if place := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(state, place.replace("@", "\0", 1))


def read_arguments() -> argparse.Namespace:
    """Return the arguments, or exit with help."""
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--database", type=Path, default=ROOT / "clearview.db", help="asked for again at each deploy")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/public", help="for releases, caches and logs")
    parser.add_argument("--run", type=Path, help="for sockets and numbers, in memory (default: below /dev/shm)")
    parser.add_argument(
        "--fresh", action="store_true", help="start with the files as they are now, as a new image does"
    )
    parser.add_argument("--listen", default="127.0.0.1:8080", help="address and port of nginx")
    parser.add_argument("--url", help="how readers reach the site, such as https://example.org (default: --listen)")
    parser.add_argument("--pages", type=int, default=CORES, help="processes for pages")
    parser.add_argument("--sql", type=int, default=max(1, CORES // 2), help="processes for readers' own SQL")
    parser.add_argument("--memory", type=int, default=512, help="MB; a process over it is replaced")
    parser.add_argument("--cache", type=int, default=512, help="MB of each of the four caches")
    parser.add_argument("--rate", type=int, default=200, help="requests a second of one client; what is faster waits")
    parser.add_argument("--connections", type=int, default=60, help="requests that one client may have under way")
    parser.add_argument("--certificate", type=Path, help="PEM; then nginx speaks TLS and HTTP/2")
    parser.add_argument("--key", type=Path, help="PEM, of the certificate")
    parser.add_argument("--trust", action="append", default=[], help="network of a proxy that sends X-Forwarded-For")
    parser.add_argument("--pages-at", action="append", default=[], help="host:port of a replica for pages")
    parser.add_argument("--sql-at", action="append", default=[], help="host:port of a replica for SQL")
    arguments = parser.parse_args()
    if bool(arguments.certificate) != bool(arguments.key):
        parser.error("--certificate and --key go together")
    if bool(arguments.pages_at) != bool(arguments.sql_at):
        parser.error("--pages-at and --sql-at go together")
    scheme = "https" if arguments.certificate else "http"
    arguments.url = arguments.url or f"{scheme}://{arguments.listen}"
    if os.geteuid() == 0 and not is_loopback(arguments.listen):
        parser.error(f"as root it listens on this machine's own addresses alone, not on {arguments.listen}: "
                     "nginx and Datasette would answer strangers as root; start it as another user")  # fmt: skip
    arguments.run = arguments.run or memory_for(arguments.folder)
    return arguments


def memory_for(folder: Path) -> Path:
    """Return where the service in a folder keeps what is to be in memory: systemd's place for it, or below /dev/shm."""
    memory = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return Path(os.environ.get("RUNTIME_DIRECTORY") or memory / f"clearview-{name}")


def is_loopback(listen: str) -> bool:
    """Return whether only this machine itself can reach what listens there."""
    host = listen.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_settings() -> dict[str, bytes]:
    """Return what is read when the service starts and at no deploy, by name."""
    files = [path for path in DEPLOY.iterdir() if path.suffix in {".py", ".conf", ".service"}]
    return {path.name: path.read_bytes() for path in files if path.name != "deploy.py"}


class Service:
    """The processes that answer readers, and the release they answer from."""

    def __init__(self, arguments: argparse.Namespace, watch: "Watch") -> None:
        self.arguments, self.watch = arguments, watch
        self.folder: Path = arguments.folder
        self.nginx = Nginx(self.folder, arguments.run)
        self.asked_to_stop = False
        self.workers: Workers | None = None
        self.fresh: Workers | None = None  # being asked whether they answer
        self.old: Workers | None = None  # ending, from this moment on
        self.let_go = 0.0
        self.settings = read_settings()
        Path("deploy.sock").unlink(missing_ok=True)
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind("deploy.sock")
        self.door.listen()
        self.door.setblocking(False)
        self.thread = ThreadPoolExecutor(1)
        self.deploying: Future[Workers | None] | None = None
        self.waiting: list[socket.socket] = []  # for the outcome of the deploy under way

    @property
    def release(self) -> str:
        """Return the name of the release in use."""
        return self.workers.release.name if self.workers else ""

    def start(self) -> None:
        """Start a first release and nginx; raises Unfit."""
        write_config(self.arguments)
        self.start_release()
        self.nginx.start()
        if self.nginx.has_ended():
            raise Unfit(f"nginx cannot listen on {self.arguments.listen}; its error is above")
        if self.arguments.pages_at:
            self.wait_for_replicas()
        log("ready", url=self.arguments.url, release=self.release)
        tell_systemd(b"READY=1")

    def start_release(self) -> None:
        """Start the release that was in use, or the newest other one that answers; raises Unfit where none does."""
        reasons, kept = [], releases_that_answered(self.folder)
        choices: list[Path | None] = [None, *kept] if self.arguments.fresh or not kept else [*kept, None]
        for choice in choices:  # None stands for the files as they are now
            try:
                release = choice or make_release(self.arguments.database, self.folder)
                check_database(release / "clearview.db")
                self.put_in_place(self.begin(release))
                return
            except (Unfit, OSError) as error:
                reasons.append(str(error))
                if choices[1:]:
                    log("not started", release=choice.name if choice else "of the files now", reason=str(error))
        raise Unfit("; ".join(reasons))

    def wait_for_replicas(self) -> None:
        """Return when a page comes through nginx, from a replica or the cache; raises Unfit when none does."""
        until = time.monotonic() + READY_WITHIN
        headers = {"X-Slot": slot_in_use(self.folder)}
        transport = httpx.HTTPTransport(uds=str(self.arguments.run / "inner.sock"))
        with httpx.Client(transport=transport, headers=headers, timeout=60) as client:
            while client.get("http://localhost/clearview/agencies").status_code != httpx.codes.OK:
                if self.asked_to_stop or time.monotonic() > until:
                    raise Unfit(f"none of {', '.join(self.arguments.pages_at)} answers a page")
                time.sleep(LOOK)

    def begin(self, release: Path) -> Workers:
        """Return processes of a release that have answered every kind of page; raises Unfit and leaves none."""
        in_use = slot_in_use(self.folder)
        again = self.workers is None and (self.folder / in_use).resolve() == release
        self.fresh = Workers(release, in_use if again else free_slot(self.folder), self.arguments)
        try:
            self.fresh.check_answers()
        except BaseException:
            self.fresh.kill()
            raise
        return self.fresh

    def put_in_place(self, fresh: Workers) -> None:
        """Have readers answered by processes that have shown that they can."""
        if fresh.slot != slot_in_use(self.folder):
            put_in_place(fresh.release, self.folder)
        self.old, self.workers, self.fresh = self.workers, fresh, None
        self.let_go = time.monotonic() + FINISH

    def prepare(self) -> Workers | None:
        """Return processes of the files as they are now; None where these are in use. Raises Unfit, OSError."""
        if self.arguments.pages_at:
            raise Unfit("the pages are those of other machines; docs/scaling.md says how they get a new release")
        release = make_release(self.arguments.database, self.folder)
        return None if release.name == self.release else self.begin(release)

    def take_deploys(self) -> None:
        """Begin a deploy where somebody asks and no other is under way; tell the outcome of one that is done."""
        if self.deploying is None and self.old is None:
            with suppress(BlockingIOError):
                while True:  # all who ask before it begins wait for this one, and later ones for the next
                    self.waiting.append(self.door.accept()[0])
            if self.waiting:
                self.deploying = self.thread.submit(self.prepare)
        elif self.deploying and self.deploying.done():
            self.tell(self.finish(self.deploying))
            self.deploying = None

    def finish(self, deploying: "Future[Workers | None]") -> dict[str, object]:
        """Return the outcome of a deploy, after its processes were put in place."""
        try:
            if fresh := deploying.result():
                self.put_in_place(fresh)
                while self.nginx.slot() != fresh.slot:
                    self.revive()
                    time.sleep(LOOK)
            now = read_settings()
            changed = sorted(name for name in now | self.settings if now.get(name) != self.settings.get(name))
            return {"ok": True, "release": self.release, "changed": changed}
        except Exception as error:
            if self.fresh:
                self.fresh.kill()
            known = isinstance(error, Unfit | OSError)
            reason = str(error) if known else f"{type(error).__name__}: {error}"
            return {"ok": False, "release": self.release, "reason": reason}

    def tell(self, outcome: dict[str, object]) -> None:
        """Tell all who waited for it how a deploy went."""
        log("deploy", **outcome)
        for line in self.waiting:
            with suppress(OSError):
                line.sendall(json.dumps(outcome).encode())
            line.close()
        self.waiting = []

    def let_old_go(self) -> None:
        """End the processes of a replaced release, when nginx asks the new ones and theirs have answered."""
        if self.old is None or time.monotonic() < self.let_go or not self.workers:
            return
        if not self.old.asked_to_stop and self.nginx.slot() == self.workers.slot:
            self.old.ask_to_stop()
        if self.old.asked_to_stop and (self.old.have_stopped() or time.monotonic() > self.let_go + STOP_WITHIN):
            self.old.kill()
            self.old = None
            remove_old(self.folder, self.workers.release)

    def revive(self) -> None:
        """Start again what has ended."""
        if self.workers:
            for name, reason in self.workers.revive():
                log("pool replaced", pool=name, reason=reason)
        if self.nginx.has_ended():
            log("nginx replaced")
            self.nginx.start()

    def keep_running(self) -> None:
        """Return when asked to stop; no error of our own ends the service."""
        while not self.asked_to_stop:
            tell_systemd(b"WATCHDOG=1")
            for see_to in (self.revive, self.take_deploys, self.let_old_go):
                try:
                    see_to()
                except Exception as error:
                    log("fault", error=f"{type(error).__name__}: {error}")
                    time.sleep(1)
            for line in self.watch.look():
                log(line)
            time.sleep(LOOK)

    def stop(self) -> None:
        """Let running requests end, then stop everything."""
        log("stopping")
        self.nginx.stop()
        for workers in (self.fresh, self.old, self.workers):
            if workers:
                workers.stop()
        self.thread.shutdown()

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Remember SIGTERM or Ctrl-C."""
        self.asked_to_stop = True


def take(folder: Path) -> int:
    """Return the open file that says a folder is in use, with our process's number; exit where another has it."""
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder / "supervisor.pid", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"{folder} is in use by another serve_public.py; choose another --folder, or stop that one")
    os.truncate(held, 0)
    os.write(held, f"{os.getpid()}\n".encode())
    return held


def main() -> None:
    """Serve until asked to stop; exit 1 with the reason where the first release cannot answer."""
    arguments = read_arguments()
    take(arguments.folder)
    shutil.rmtree(arguments.run / "metrics", ignore_errors=True)  # numbers of processes that are gone
    (arguments.run / "metrics").mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(arguments.run.resolve() / "metrics")  # before it is imported
    from watch import Watch  # noqa: PLC0415

    for name in ("database", "folder", "run", "certificate", "key"):
        if getattr(arguments, name):
            setattr(arguments, name, getattr(arguments, name).resolve())
    os.chdir(arguments.folder)  # the paths of sockets are short that way, as they have to be
    service = Service(arguments, Watch(arguments.folder, arguments.run))
    signal.signal(signal.SIGTERM, service.ask_to_stop)
    signal.signal(signal.SIGINT, service.ask_to_stop)
    try:
        service.start()
        service.keep_running()
    except Unfit as reason:
        sys.exit(f"not started: {reason}")
    finally:
        service.stop()
        shutil.rmtree(arguments.run, ignore_errors=True)


if __name__ == "__main__":
    main()
