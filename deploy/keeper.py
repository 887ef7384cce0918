"""The processes that answer readers, kept running: their releases put in place, and what failed told."""

import argparse
import json
import os
import socket
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
from workers import READY_WITHIN, STOP_WITHIN, Workers

if TYPE_CHECKING:
    from watch import Watch

DEPLOY = Path(__file__).resolve().parent
LOOK = 0.05  # seconds between two looks at the processes
SEEN_WITHIN = 20.0  # seconds
LONGEST = 1000  # characters of a reason
FINISH = 3.0  # seconds in which requests may still reach a release that was replaced


def log(event: str, **facts: object) -> None:
    """Print one line of JSON; go on where nobody reads any more."""
    with suppress(BrokenPipeError):
        print(json.dumps({"time": time.strftime("%FT%TZ", time.gmtime()), "event": event, **facts}), flush=True)


def tell_systemd(state: bytes) -> None:
    """Tell systemd how the service is, where it started us: until READY=1 `systemctl start` waits."""
    if place := os.environ.get("NOTIFY_SOCKET"):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)  # where nobody reads, nobody is to wait
            line.sendto(state, place.replace("@", "\0", 1))


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
                self.wait_for_nginx(fresh.slot)
            now = read_settings()
            changed = sorted(name for name in now | self.settings if now.get(name) != self.settings.get(name))
            return {"ok": True, "release": self.release, "changed": changed}
        except Exception as error:
            if self.fresh:
                self.fresh.kill()
            known = isinstance(error, Unfit | OSError)
            reason = str(error) if known else f"{type(error).__name__}: {error}"
            return {"ok": False, "release": self.release, "reason": reason[:LONGEST]}  # of many files, the first

    def wait_for_nginx(self, slot: str) -> None:
        """Return when nginx answers from a slot; raises Unfit after a while."""
        until = time.monotonic() + SEEN_WITHIN
        while time.monotonic() < until:
            self.revive()
            with suppress(httpx.TransportError):
                if self.nginx.slot() == slot:
                    return
            time.sleep(LOOK)
        raise Unfit(f"nginx does not answer from it within {SEEN_WITHIN:.0f} s; the old processes go on")

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
