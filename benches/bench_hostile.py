"""What readers notice while 200 hostile queries at once are sent through the public service, and what is left after.

usage: bench_hostile.py     (needs nginx; everything stays on 127.0.0.0/8; about half a minute)

Exits 1 where a reader's page fails or its p99 reaches WORST times the quiet one, where memory passes its limit, or
where the service is not as before afterwards.
"""

import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from serving import find_free_port

ROOT = Path(__file__).resolve().parent.parent
HOSTILE_AT_ONCE = 200
WAVES = 5
PAGES = 300  # asked in each phase, by READERS at a time
READERS = 2
WORST = 5.0
PROCESS_MB = 512  # what serve_public.py lets one process hold before it replaces it
ATTACKS = [
    "with recursive n(i) as (select {} union all select i + 1 from n) select count(*) from n",
    "select count(*) from reports a, reports b, reports c, reports d where a.no + b.no + c.no + d.no = {}",
    "select a.note, {} from reports a, reports b, reports c order by random() limit 5",
    "select distinct a.note || b.note || c.no || {} from reports a, reports b, reports c",
    "select replace(hex(zeroblob(24000)), '00', 'ab') as a, {} as b from reports a, reports b limit 1000",
    "select group_concat(a.note || b.note) || {} from reports a, reports b, reports c",
    "select zeroblob(200000000), {}",
]
# Half of the pages come from the cache; {} asks for one that no cache holds.
ORDINARY = [
    "/",
    "/clearview/agencies",
    "/clearview/agencies?report_count__lt={}",
    "/clearview/reports?no__gt={}&_size=20",
]


@contextmanager
def serving_publicly() -> Iterator[tuple[str, int]]:
    """Run serve_public.py on a free port until the end of the block; yield its address and the process's number."""
    place = f"127.0.0.1:{find_free_port()}"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        command = [sys.executable, "deploy/serve_public.py", "--folder", folder, "--listen", place]
        server = subprocess.Popen([*command, "--memory", str(PROCESS_MB)], cwd=ROOT, stdout=subprocess.PIPE)
        try:
            first = server.stdout.readline() if server.stdout else b""
            if b'"ready"' not in first:
                raise SystemExit(f"serve_public.py did not start: {first.decode()}")
            yield place, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def get(place: str, path: str, client: str) -> tuple[int, float]:
    """Return status and seconds of a request from an address of this machine; 0 where no answer came."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection(place, timeout=60, source_address=(client, 0))
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - began
    except OSError:
        return 0, time.perf_counter() - began
    finally:
        connection.close()


def read_pages(place: str, start: int, count: int = PAGES) -> tuple[Counter[int], list[float]]:
    """Return statuses and seconds of ordinary pages, none of which has been asked for with these numbers before."""
    with ThreadPoolExecutor(READERS) as readers:
        paths = [ORDINARY[n % len(ORDINARY)].format(start + n) for n in range(count)]
        clients = [f"127.0.2.{1 + n % 100}" for n in range(count)]
        answers = list(readers.map(get, [place] * count, paths, clients))
    return Counter(status for status, _ in answers), [seconds for _, seconds in answers]


def attack(place: str, waves: int, at_once: int = HOSTILE_AT_ONCE) -> Counter[int]:
    """Return the statuses of hostile queries, sent by so many clients at once, wave after wave."""

    def send(number: int) -> int:
        sql = ATTACKS[number % len(ATTACKS)].format(number)
        client = f"127.0.3.{1 + number % at_once}"
        return get(place, "/clearview.json?" + urlencode({"sql": sql, "_shape": "array"}), client)[0]

    statuses: Counter[int] = Counter()
    with ThreadPoolExecutor(at_once) as attackers:
        for wave in range(waves):
            statuses.update(attackers.map(send, range(wave * at_once, (wave + 1) * at_once)))
    return statuses


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
        except FileNotFoundError:
            continue  # one ended while it was looked at
        peak[:] = [max(peak[0], *sizes), max(peak[1], sum(sizes))]


def p99(seconds: list[float]) -> float:
    """Return the 99th percentile (ms)."""
    return statistics.quantiles(seconds, n=100)[98] * 1000


def tell(phase: str, statuses: Counter[int], seconds: list[float]) -> float:
    """Print a line on a phase; return its p99 (ms)."""
    answered = ", ".join(f"{found} answered {status}" for status, found in sorted(statuses.items()))
    half, most = statistics.median(seconds) * 1000, p99(seconds)
    print(f"{phase:8} p50 {half:6.1f} ms, p99 {most:7.1f} ms; pages: {answered}", flush=True)
    return most


def main() -> int:
    """Print the phases; return 1 where a promise is broken."""
    peak, stop = [0, 0], threading.Event()
    with serving_publicly() as (place, process):
        read_pages(place, 1_000_000, 40)
        quiet_statuses, seconds = read_pages(place, 2_000_000)
        quiet = tell("quiet", quiet_statuses, seconds)
        before = sum(memory_of(process))
        watcher = threading.Thread(target=watch_memory, args=(process, stop, peak))
        watcher.start()
        with ThreadPoolExecutor(1) as other:
            attacking = other.submit(attack, place, WAVES)
            time.sleep(0.5)
            statuses, times = Counter[int](), list[float]()
            while not attacking.done() or not times:
                found, some = read_pages(place, 3_000_000 + len(times), 60)
                statuses.update(found)
                times += some
            hostile = attacking.result()
        attacked = tell("attacked", statuses, times)
        stop.set()
        watcher.join()
        after_statuses, seconds = read_pages(place, 5_000_000)
        after = tell("after", after_statuses, seconds)
        sql = get(place, "/clearview.json?sql=select+count(*)+from+reports", "127.0.4.1")[0]
        print(f"hostile: {dict(sorted(hostile.items()))}; a plain query afterwards: {sql}")
        print(f"p99 under attack: {attacked / quiet:.1f} times the quiet one; afterwards {after / quiet:.1f} times")
        left = sum(memory_of(process))
        print(f"memory: {before} MB before; at most {peak[0]} MB in a process, {peak[1]} MB in all; {left} MB after")
    only_good = set(quiet_statuses) | set(statuses) | set(after_statuses) == {200}
    kept = only_good and attacked < WORST * quiet and peak[0] < PROCESS_MB and sql == 200
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
