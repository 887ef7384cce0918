"""What readers notice while 200 hostile clients ask for what costs most, one kind after another, and what is left.

usage: bench_hostile.py [KIND]     (needs nginx; everything stays on 127.0.0.0/8; about three minutes)

Exits 1 where a reader's page fails or its p99 reaches WORST times the quiet one, where a reader's own query is not
answered within SQL_WITHIN at p95, where memory, disk or log pass their limits, or the service is not as before.
"""

import http.client
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hostile_clients import KINDS
from serving import find_free_port

ROOT = Path(__file__).resolve().parent.parent
QUIET, ATTACKED = 10.0, 20.0  # seconds of each phase
READERS, PAUSE = 2, 0.05  # each waits so long (seconds) between two pages
WORST, SQL_WITHIN = 5.0, 3.0
PROCESS_MB, ALL_MB, DISK_MB, LOG_MB = 512, 2000, 2200, 32  # what serve_public.py holds the service to
# Half of the pages come from the cache; {} asks for one that no cache holds.
ORDINARY = [
    "/",
    "/clearview/agencies",
    "/clearview/agencies?report_count__lt={}",
    "/clearview/reports?no__gt={}&_size=20",
]
SQL = "/clearview.json?_shape=array&sql=select+count(*)+%2B+{}+as+n+from+reports"
NUMBERS = count(1_000_000)  # so that no new page comes twice


@contextmanager
def serving_publicly() -> Iterator[tuple[str, int, Path]]:
    """Run serve_public.py on a free port until the end of the block; yield its address, process and folder."""
    place = f"127.0.0.1:{find_free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        command = [sys.executable, "deploy/serve_public.py", "--folder", folder, "--listen", place]
        command += ["--trust", "127.0.0.1", "--memory", str(PROCESS_MB)]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        try:
            first = server.stdout.readline() if server.stdout else b""
            if b'"ready"' not in first:
                raise SystemExit(f"serve_public.py did not start: {first.decode()}")
            yield place, server.pid, Path(folder)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def get(place: str, path: str, client: str) -> tuple[int, float]:
    """Return status and seconds of a request by a reader of some address; 0 where no answer came."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection(place, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "X-Forwarded-For": client})
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - began
    except (OSError, http.client.HTTPException):
        return 0, time.perf_counter() - began
    finally:
        connection.close()


@dataclass
class Seen:
    """What readers were answered: statuses and seconds of pages and of their own SQL."""

    pages: list[tuple[int, float]] = field(default_factory=list)
    sql: list[tuple[int, float]] = field(default_factory=list)

    def failed(self) -> int:
        """Return how many pages failed."""
        return sum(status != http.HTTPStatus.OK for status, _ in self.pages)

    def answered_sql(self) -> int:
        """Return how many queries were answered."""
        return sum(status == http.HTTPStatus.OK for status, _ in self.sql)

    def page_seconds(self, share: float) -> float:
        """Return within what time such a share of the pages came (seconds)."""
        return quantile([seconds for _, seconds in self.pages], share)

    def sql_seconds(self, share: float) -> float:
        """Return within what time such a share of the queries was answered; those refused never are (seconds)."""
        return quantile([seconds if status == http.HTTPStatus.OK else math.inf for status, seconds in self.sql], share)


def quantile(seconds: list[float], share: float) -> float:
    """Return the value that such a share of all is not above."""
    return sorted(seconds)[min(len(seconds) - 1, math.ceil(share * len(seconds)) - 1)]


def read(place: str, seconds: float) -> Seen:
    """Return what ordinary readers were answered for so long."""
    seen, until = Seen(), time.monotonic() + seconds

    def read_pages() -> None:
        while time.monotonic() < until:
            number = next(NUMBERS)
            path = ORDINARY[number % len(ORDINARY)].format(number)
            seen.pages.append(get(place, path, f"198.19.{number // 250 % 250}.{number % 250}"))
            time.sleep(PAUSE)

    def query() -> None:
        while time.monotonic() < until:
            number = next(NUMBERS)
            seen.sql.append(get(place, SQL.format(number), f"198.20.0.{number % 8}"))
            time.sleep(10 * PAUSE)

    with ThreadPoolExecutor(READERS + 1) as pool:
        for task in [*(pool.submit(read_pages) for _ in range(READERS)), pool.submit(query)]:
            task.add_done_callback(lambda done: done.result())
    return seen


def memory_of(process: int) -> list[int]:
    """Return the resident memory (MB) of a process and of all that it started."""
    sizes = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in children.read_text().split():
            sizes += memory_of(int(child))
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return [pages * os.sysconf("SC_PAGE_SIZE") // 2**20, *sizes]


def watch_memory(process: int, stop: threading.Event, peak: list[int]) -> None:
    """Keep the largest process and the largest sum (MB) in peak until told to stop."""
    while not stop.wait(0.1):
        try:
            sizes = memory_of(process)
        except OSError:
            continue  # one ended while it was looked at
        peak[:] = [max(peak[0], *sizes), max(peak[1], sum(sizes))]


def megabytes(paths: Iterator[Path]) -> int:
    """Return what files take on the disk (MB)."""
    return sum(path.stat().st_size for path in paths if path.is_file() and not path.is_symlink()) // 2**20


def tell(phase: str, seen: Seen, more: str = "") -> None:
    """Print a line on a phase."""
    half, most = (seen.page_seconds(share) * 1000 for share in (0.5, 0.99))
    print(f"{phase:24} pages: {seen.failed()} of {len(seen.pages)} failed, p50 {half:.0f} ms, p99 {most:.0f} ms; "
          f"SQL: {len(seen.sql) - seen.answered_sql()} of {len(seen.sql)} refused, "
          f"p95 {seen.sql_seconds(0.95):.2f} s{more}", flush=True)  # fmt: skip


def main() -> int:
    """Print the phases; return 1 where a promise is broken."""
    kinds, peak, stop, broken = sys.argv[1:] or list(KINDS), [0, 0], threading.Event(), []
    with serving_publicly() as (place, process, folder):
        read(place, 2)
        quiet = read(place, QUIET)
        tell("quiet", quiet)
        watcher = threading.Thread(target=watch_memory, args=(process, stop, peak))
        watcher.start()
        for kind in kinds:
            command = [sys.executable, str(ROOT / "benches/hostile_clients.py"), place, kind, str(ATTACKED)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as attackers:
                seen = read(place, ATTACKED)
                statuses = json.loads(attackers.communicate()[0])
            times = seen.page_seconds(0.99) / quiet.page_seconds(0.99)
            tell(kind, seen, f"; p99 {times:.1f} times the quiet one; they got {statuses}")
            if seen.failed() or times >= WORST or seen.sql_seconds(0.95) > SQL_WITHIN:
                broken.append(kind)
        after = read(place, QUIET)
        tell("after", after)
        stop.set()
        watcher.join()
        disk, log = megabytes(folder.rglob("*")), megabytes(folder.glob("*.log"))
        found = {"a process": (peak[0], PROCESS_MB), "all processes": (peak[1], ALL_MB)}
        found |= {"disk": (disk, DISK_MB), "logs": (log, LOG_MB)}
        print("; ".join(f"{name} {size} MB (limit {limit})" for name, (size, limit) in found.items()))
    broken += [name for name, (size, limit) in found.items() if size > limit]
    if after.failed() or after.page_seconds(0.99) >= WORST * quiet.page_seconds(0.99):
        broken.append("after")
    print(f"too much: {', '.join(broken)}" if broken else "all held")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
