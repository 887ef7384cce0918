"""What is seen to while the site is served: room on the disk, the size of logs, what nginx could not answer."""

import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path

from prometheus_client import Counter, Gauge

EVERY = 0.25  # seconds between two looks at the disk
ROOM = 96 * 1024 * 1024  # bytes; with less, answers are no longer kept
LOG_BYTES = 32 * 1024 * 1024  # of one log; one older is kept beside it
FAULTS = Counter("clearview_faults_total", "What readers were answered with 5xx, by nginx or through it", ["status"])
for status in ("500", "503"):
    FAULTS.labels(status)
FREE = Gauge("clearview_disk_free_bytes", "Room for caches, releases and logs", multiprocess_mode="mostrecent")


class Watch:
    """The looks, each as often as needed."""

    def __init__(self, folder: Path, run: Path) -> None:
        self.folder, self.full = folder, run / "full"
        self.told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.told.bind(str(run / "faults.sock"))
        self.told.setblocking(False)
        self.looked = 0.0

    def look(self) -> list[str]:
        """Do what is due; return what is worth a line."""
        with suppress(BlockingIOError):
            while line := self.told.recv(1000):
                FAULTS.labels(line.decode().rpartition(" ")[2]).inc()
        if time.monotonic() - self.looked < EVERY:
            return []
        self.looked = time.monotonic()
        for path in self.folder.glob("*.log"):
            if path.stat().st_size > LOG_BYTES:
                shorten(path)
        free, was_full = shutil.disk_usage(self.folder).free, self.full.exists()
        FREE.set(free)
        if free < ROOM and not was_full:
            self.full.touch()
            return ["the disk is full: answers are not kept"]
        if free >= ROOM and was_full:
            self.full.unlink()
            return ["the disk has room again: answers are kept"]
        return []


def shorten(log: Path) -> None:
    """Empty a log that others write to, and keep a copy where there is room for one."""
    with suppress(OSError):
        shutil.copyfile(log, log.with_suffix(".log.1"))
    with log.open("r+b") as text:
        text.truncate()
