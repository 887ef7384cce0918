"""Serve the site as production does: Datasette processes for pages and for SQL behind nginx, and keep them running.

usage: serve_public.py [--help]     SIGHUP puts a new database in place (deploy.py sends it and waits), SIGTERM stops
"""

import argparse
import fcntl
import ipaddress
import json
import os
import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

import httpx
from nginx import Nginx, write_config
from releases import Unfit, make_release, put_in_place, remove_old, slot_in_use
from workers import READY_WITHIN, Workers

DEPLOY = Path(__file__).resolve().parent
ROOT = DEPLOY.parent
CORES = min(8, len(os.sched_getaffinity(0)))  # more would not fit into the memory that clearview.service grants
LOOK = 0.05  # seconds between two looks at the processes


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
    parser.add_argument("--listen", default="127.0.0.1:8080", help="address and port of nginx")
    parser.add_argument("--url", help="how readers reach the site, such as https://example.org (default: --listen)")
    parser.add_argument("--pages", type=int, default=CORES, help="processes for pages")
    parser.add_argument("--sql", type=int, default=max(1, CORES // 2), help="processes for readers' own SQL")
    parser.add_argument("--sql-at-once", type=int, default=6, help="queries of readers that run at the same time")
    parser.add_argument("--memory", type=int, default=512, help="MB; a process over it is replaced")
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
    return arguments


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

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.folder: Path = arguments.folder
        self.nginx = Nginx(self.folder)
        self.asked_to_deploy = self.asked_to_stop = False
        self.workers: Workers | None = None
        self.settings = read_settings()

    def start(self) -> None:
        """Start a first release and nginx; raises Unfit."""
        shutil.rmtree(self.folder / "metrics", ignore_errors=True)  # numbers of processes that are gone
        write_config(self.arguments)
        self.deploy()
        self.nginx.start()
        if self.nginx.has_ended():
            raise Unfit(f"nginx cannot listen on {self.arguments.listen}; its error is above")
        if self.arguments.pages_at:
            self.wait_for_replicas()
        log("ready", url=self.arguments.url, release=self.release)
        tell_systemd(b"READY=1")

    def wait_for_replicas(self) -> None:
        """Return when a page comes through nginx, from a replica or the cache; raises Unfit when none does."""
        until = time.monotonic() + READY_WITHIN
        headers = {"X-Slot": slot_in_use(self.folder)}
        with httpx.Client(transport=httpx.HTTPTransport(uds="inner.sock"), headers=headers, timeout=60) as client:
            while client.get("http://localhost/clearview/agencies").status_code != httpx.codes.OK:
                if self.asked_to_stop or time.monotonic() > until:
                    raise Unfit(f"none of {', '.join(self.arguments.pages_at)} answers a page")
                time.sleep(LOOK)

    @property
    def release(self) -> str:
        """Return the name of the release in use."""
        return self.workers.release.name if self.workers else ""

    def deploy(self) -> None:
        """Put what the database and the files are now in place of the release in use; raises Unfit and leaves that."""
        release = make_release(self.arguments.database, self.folder)
        if release.name == self.release:
            return
        fresh = Workers(release, self.arguments)
        try:
            while not fresh.are_ready():
                self.revive()
                time.sleep(LOOK)
            fresh.check_answers()
        except Unfit:
            fresh.stop()
            raise
        put_in_place(release, self.folder)
        old, self.workers = self.workers, fresh
        if old:
            old.finish_and_stop()
        remove_old(self.folder, release)

    def deploy_or_stay(self) -> None:
        """Deploy, and write down how it went for those who wait for it."""
        self.asked_to_deploy = False
        try:
            if self.arguments.pages_at:
                raise Unfit("the pages are those of other machines; docs/scaling.md says how they get a new release")
            self.deploy()
            now = read_settings()
            changed = sorted(name for name in now | self.settings if now.get(name) != self.settings.get(name))
            outcome = {"ok": True, "release": self.release, "changed": changed}
        except Unfit as reason:
            outcome = {"ok": False, "release": self.release, "reason": str(reason)}
        log("deploy", **outcome)
        (self.folder / "deploy.new").write_text(json.dumps(outcome))
        (self.folder / "deploy.new").rename(self.folder / "deploy.json")

    def revive(self) -> None:
        """Start again what has ended or grown too large."""
        if self.workers:
            for name, reason in self.workers.revive():
                log("worker replaced", worker=name, reason=reason)
        if self.nginx.has_ended():
            log("nginx replaced")
            self.nginx.start()

    def keep_running(self) -> None:
        """Return when asked to stop."""
        while not self.asked_to_stop:
            self.revive()
            if self.asked_to_deploy:
                self.deploy_or_stay()
            time.sleep(LOOK)

    def stop(self) -> None:
        """Let running requests end, then stop everything."""
        log("stopping")
        self.nginx.stop()
        if self.workers:
            self.workers.stop()

    def ask_to_deploy(self, _signal: int, _frame: FrameType | None) -> None:
        """Remember SIGHUP."""
        self.asked_to_deploy = True

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Remember SIGTERM or Ctrl-C."""
        self.asked_to_stop = True


def report(folder: Path) -> int:
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
    report(arguments.folder)
    for name in ("database", "folder", "certificate", "key"):
        if getattr(arguments, name):
            setattr(arguments, name, getattr(arguments, name).resolve())
    os.chdir(arguments.folder)  # the paths of sockets are short that way, as they have to be
    service = Service(arguments)
    signal.signal(signal.SIGHUP, service.ask_to_deploy)
    signal.signal(signal.SIGTERM, service.ask_to_stop)
    signal.signal(signal.SIGINT, service.ask_to_stop)
    try:
        service.start()
        service.keep_running()
    except Unfit as reason:
        sys.exit(f"not started: {reason}")
    finally:
        service.stop()


if __name__ == "__main__":
    main()
