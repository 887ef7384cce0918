"""A process of the service on one machine is lost under load: one for pages, then nginx, each by kill -9.

usage: rehearse_processes.py     (needs nginx; everything stays on 127.0.0.0/8; a quarter of a minute)

Readers ask for pages from the cache and for new ones in turns. Prints for each loss how many requests failed, and how
long after it the last one was over that failed or took longer than SLOW. Exits 1 where more was lost than is promised.
"""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from bench_hostile import get, serving_publicly

READERS, PAUSE, SLOW = 8, 0.03, 1.0
BEFORE, AFTER = 1.5, 4.0  # seconds of load
PATHS = ("/clearview/agencies", "/clearview/reports.json?_shape=array&_size=2&row__gt={}")
NUMBERS = count()  # so that no new page comes twice
# name: (words of its command, how many requests may fail, seconds within which readers are answered again)
LOSSES = {"process for pages": ("pages-0.sock", 1, 1.0), "nginx": ("nginx: master", None, 5.0)}
Answer = tuple[float, int, float]  # when it was asked for, its status (0: none), its seconds


def find_process(parent: int, words: str) -> int:
    """Return the process started by another whose command holds these words."""
    for children in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in children.read_text().split():
            if words in Path(f"/proc/{child}/cmdline").read_text().replace("\0", " "):
                return int(child)
    raise SystemExit(f"{parent} has started no process {words}")


def read(place: str, client: int, stop: threading.Event) -> list[Answer]:
    """Return what one reader was answered until told to stop."""
    seen: list[Answer] = []
    while not stop.wait(PAUSE):
        path = PATHS[len(seen) % len(PATHS)].format(next(NUMBERS))
        seen.append((time.monotonic(), *get(place, path, f"127.0.2.{client}")))
    return seen


def lose(place: str, process: int) -> tuple[int, int, float]:
    """Kill a process under load; return the requests, how many failed, and the seconds until all was well again."""
    stop = threading.Event()
    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read, place, number, stop) for number in range(1, READERS + 1)]
        time.sleep(BEFORE)
        killed = time.monotonic()
        os.kill(process, signal.SIGKILL)
        time.sleep(AFTER)
        stop.set()
    seen = [answer for reader in readers for answer in reader.result()]
    bad = [at + seconds for at, status, seconds in seen if status != 200 or seconds > SLOW]
    return len(seen), sum(status != 200 for _, status, _ in seen), max(bad, default=killed) - killed


def main() -> int:
    """Print what each loss cost; return 1 where it was too much."""
    broken = 0
    with serving_publicly() as (place, service):
        for name, (words, may_fail, within) in LOSSES.items():
            requests, failed, seconds = lose(place, find_process(service, words))
            per_second = requests / (BEFORE + AFTER)
            print(f"{name} killed: {failed} of {requests:,} requests failed ({per_second:.0f} a second), "
                  f"over after {seconds:.2f} s", flush=True)  # fmt: skip
            broken += seconds > within or (may_fail is not None and failed > may_fail)
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
