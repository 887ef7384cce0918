"""Serve the site as production does: Datasette processes for pages and for SQL behind nginx, and keep them running.

usage: serve_public.py [--help]     deploy.py puts the files as they are now in place, SIGTERM stops

A start serves the release that was in use, or the newest other one that answers; the files as they are now become a
release where there is none yet, with --fresh, and by deploy.py.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from keeper import WITH_US, Keeper, log
from nginx import prepare_nginx
from releases import Unfit, read_settings

if TYPE_CHECKING:
    from watch import Watch

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy/deploy.py"
LOOK = 0.05  # seconds between two looks at the processes
LOOPBACK = {"127.0.0.1", "[::1]", "localhost"}
CORES = min(8, len(os.sched_getaffinity(0)))  # more would not fit into the memory that clearview.service grants


def place(name: str) -> Path:
    """Return a path that holds from any folder."""
    return Path(name).resolve()


def read_arguments() -> argparse.Namespace:
    """Return the arguments, or exit with help."""
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--database", type=place, default=ROOT / "clearview.db", help="asked for again at each deploy")
    parser.add_argument("--folder", type=place, default=ROOT / "build/public", help="for releases, caches and logs")
    parser.add_argument("--fresh", action="store_true", help="start with the files as they are now, as an image does")
    parser.add_argument("--listen", default="127.0.0.1:8080", help="address and port of nginx")
    parser.add_argument("--url", help="how readers reach the site, such as https://example.org (default: --listen)")
    parser.add_argument("--pages", type=int, default=CORES, help="processes for pages")
    parser.add_argument("--sql", type=int, default=max(1, CORES // 2), help="processes for readers' own SQL")
    parser.add_argument("--memory", type=int, default=512, help="MB; a process over it is replaced")
    parser.add_argument("--certificate", type=place, help="PEM; then nginx speaks TLS and HTTP/2")
    parser.add_argument("--key", type=place, help="PEM, of the certificate")
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
    if os.geteuid() == 0 and arguments.listen.rpartition(":")[0] not in LOOPBACK:
        parser.error(f"as root it listens on this machine's own addresses alone, not on {arguments.listen}: "
                     "nginx and Datasette would answer strangers as root; start it as another user")  # fmt: skip
    arguments.run = memory_for(arguments.folder)
    return arguments


def memory_for(folder: Path) -> Path:
    """Return where the service in a folder keeps what is to be in memory: systemd's place for it, or below /dev/shm."""
    memory = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return Path(os.environ.get("RUNTIME_DIRECTORY") or memory / f"clearview-{name}")


def take(arguments: argparse.Namespace) -> IO[str]:
    """Return the open file that says a folder is in use, and tells deploy.py how; exit where another has it."""
    arguments.folder.mkdir(parents=True, exist_ok=True)
    held: IO[str] = os.fdopen(os.open(arguments.folder / "service.json", os.O_RDWR | os.O_CREAT, 0o644), "r+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"{arguments.folder} is in use by another serve_public.py; choose another --folder, or stop that one")
    told = {"process": os.getpid(), "database": str(arguments.database), "run": str(arguments.run)}
    # Always as long, so that it takes no more room on a full disk than it has.
    held.write(json.dumps(told | {"away": arguments.pages_at, "settings": read_settings()}).ljust(4096))
    held.flush()
    return held


def tell_systemd(state: bytes) -> None:
    """Tell systemd how the service is, where it started us: until READY=1 `systemctl start` waits."""
    if place := os.environ.get("NOTIFY_SOCKET"):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)  # where nobody reads, nobody is to wait
            line.sendto(state, place.replace("@", "\0", 1))


def keep_running(keeper: Keeper, watch: "Watch", start: "subprocess.Popen[bytes]") -> None:
    """Return when told to stop or when nothing can be started; no error of our own ends the service."""
    is_ready, stops = False, list[int]()  # an Event would hang where the signal comes while the Event is asked
    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, lambda number, _: stops.append(number))
    while not stops:
        if is_ready:
            tell_systemd(b"WATCHDOG=1")
        try:
            keeper.look()
            for line in watch.look():
                log(line)
        except Exception as error:
            log("fault", error=f"{type(error).__name__}: {error}")
            time.sleep(1)
        if start.poll():
            return
        if start.returncode == 0 and not is_ready:
            is_ready = True
            log("ready", url=keeper.arguments.url)
            tell_systemd(b"READY=1")
        time.sleep(LOOK)


def main() -> None:
    """Serve until asked to stop; exit 1 with the reason where no release can answer."""
    arguments = read_arguments()
    held = take(arguments)
    shutil.rmtree(arguments.run, ignore_errors=True)  # sockets, and numbers of processes that are gone
    (arguments.run / "metrics").mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(arguments.run / "metrics")  # before it is imported
    from watch import Watch  # noqa: PLC0415

    try:
        keeper = Keeper(arguments, prepare_nginx(arguments))
        keeper.start_nginx()
    except Unfit as reason:
        sys.exit(f"not started: {reason}")
    how = ["--first", "fresh" if arguments.fresh else "kept"]
    start = subprocess.Popen([*WITH_US, sys.executable, DEPLOY, arguments.folder, *how])
    keep_running(keeper, Watch(arguments.folder, arguments.run), start)
    has_failed = start.poll() not in (None, 0)
    log("stopping")
    start.kill()
    keeper.stop()
    shutil.rmtree(arguments.run, ignore_errors=True)
    held.close()
    sys.exit(has_failed)


if __name__ == "__main__":
    main()
