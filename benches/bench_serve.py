"""Stock Datasette, ours without cache, ours behind its cache, and nginx with the same bytes as files, side by side.

usage: bench_serve.py [--quick]     writes docs/benchmarks.md in eleven minutes; --quick prints one size, writes nothing

wrk asks them in turns, on this machine only. Rows past the real ones are made up. Exits 1 where, at 8 or 64
connections, the cache gives less than WANTED of what Debian's nginx gives for files, by requests a second or by
processor time, and where the HTML page without the cache is less than UNCACHED_WANTED times as fast as stock's.
"""

import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench_page import SHOWN, write_stock_metadata
from load import Load, load
from serving import find_free_port, running_process

ROOT = Path(__file__).resolve().parent.parent
WANTED, UNCACHED_WANTED = 0.9, 3  # of what Debian's nginx gives for files; times stock
SIZES = (69, 10_000, 100_000)
CONNECTIONS = (1, 8, 64)
FAST_ROUNDS, FAST_SECONDS, SLOW_SECONDS = 5, 1.0, 3.0
# page: (stock's address, ours)
PAGES = {
    "HTML": ("/clearview/agencies?" + "&".join(f"_col={column}" for column in SHOWN), "/clearview/agencies"),
    "JSON": ("/clearview/agencies.json?_shape=array", "/clearview/agencies.json?_shape=array"),
    "row": ("/clearview/agencies/xx-europol", "/clearview/agencies/xx-europol"),
}
OF_NGINX = {"server", "date", "connection", "transfer-encoding", "content-length", "etag", "vary", "content-type"}
# Two ways to serve files: as Debian's package is set up, and with what makes nginx faster at it.
SETTINGS = {
    "Debian": ("worker_connections 768;", "types_hash_max_size 2048; gzip on; access_log files.log;"),
    "files": (
        "worker_connections 4096; multi_accept on;",
        "server_tokens off; open_file_cache max=100 inactive=60s; access_log files.log combined buffer=64k flush=1s;",
    ),
}
FILES = """daemon off; pid files.pid; error_log files-error.log; worker_processes auto;
load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
{user}
events {{ {events} }}
http {{
    include /etc/nginx/mime.types; sendfile on; tcp_nopush on; {settings}
    root files; brotli_static on; client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        {locations}
    }}
}}
"""


@dataclass(frozen=True)
class Server:
    """An nginx: its address, and the process that its others belong to."""

    url: str
    master: int

    def processor_seconds(self) -> float:
        """Return the processor time that its workers have taken, finer than the hundredths that most programs see."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        workers = [Path(f"/proc/{child}/schedstat") for child in children if is_worker(child)]
        return sum(int(worker.read_text().split()[0]) for worker in workers) / 1e9


@dataclass
class Rounds:
    """What one nginx gave for one page: a load for each round, and nginx's own processor time for it (seconds)."""

    loads: list[Load]
    seconds: list[float]

    @property
    def rates(self) -> list[float]:
        """Return requests a second, by round."""
        return [load.rate for load in self.loads]

    @property
    def costs(self) -> list[float]:
        """Return the processor time of an answer (microseconds), by round."""
        return [seconds / load.requests * 1e6 for seconds, load in zip(self.seconds, self.loads, strict=True)]


@dataclass
class Point:
    """One page at one size and number of connections: what each server gave."""

    rows: int
    page: str
    connections: int
    stock: Load
    uncached: Load
    fast: dict[str, Rounds]

    @property
    def of_stock(self) -> float | None:
        """Return uncached beside stock; None where stock gave no answer in time."""
        return self.uncached.rate / self.stock.rate if self.stock.requests else None

    def of_files(self, name: str) -> tuple[float, float]:
        """Return cached beside one of the two ways to serve files: by requests a second, by processor time.

        Each is the median over the rounds of the ratio within a round: what slows the machine for a while slows both.
        """
        cached, files = self.fast["cached"], self.fast[name]
        by_rate = [ours / theirs for ours, theirs in zip(cached.rates, files.rates, strict=True)]
        by_cost = [theirs / ours for ours, theirs in zip(cached.costs, files.costs, strict=True)]
        return statistics.median(by_rate), statistics.median(by_cost)

    def is_too_slow(self) -> bool:
        """Return whether the cache, or a page without it, gives less than it should."""
        cached = self.connections > 1 and any(ratio < WANTED for ratio in self.of_files("Debian"))
        return cached or (self.page == "HTML" and self.of_stock is not None and self.of_stock < UNCACHED_WANTED)


def is_worker(process: str) -> bool:
    """Return whether a process of nginx answers requests; one that looks after the cache may have ended."""
    try:
        return b"worker process" in Path(f"/proc/{process}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def make_database(rows: int, folder: Path) -> Path:
    """Return a copy of clearview.db with so many agencies, the later ones made up."""
    folder.mkdir()
    database = Path(shutil.copy2(ROOT / "clearview.db", folder / "clearview.db"))
    connection = sqlite3.connect(database)
    connection.execute((ROOT / "benches/bench_rows.sql").read_text("utf-8"), {"wanted": rows})
    connection.execute("insert into agencies_fts (agencies_fts) values ('rebuild')")
    connection.commit()
    found = connection.execute("select count(*) from agencies").fetchone()[0]
    connection.close()
    assert found == rows
    return database


@contextmanager
def public(database: Path, folder: Path) -> Iterator[Server]:
    """Run serve_public.py until the end of the block; yield its nginx."""
    port = find_free_port()
    command = [sys.executable, str(ROOT / "deploy/serve_public.py"), "--database", str(database)]
    command += ["--folder", str(folder), "--listen", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        if server.stdout is None or b'"ready"' not in server.stdout.readline():
            raise SystemExit("serve_public.py did not start")
        yield Server(f"http://127.0.0.1:{port}", int((folder / "nginx.pid").read_text()))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


@contextmanager
def files(folder: Path, site: str, way: str) -> Iterator[Server]:
    """Serve the site's own compressed answers as files, in one of two ways; yield the nginx that does it."""
    port = find_free_port()
    events, settings = SETTINGS[way]
    (folder / "files").mkdir(parents=True)
    for page, (_, path) in PAGES.items():
        (folder / "files" / page).write_bytes(fetch(site + path, ""))
        (folder / "files" / f"{page}.br").write_bytes(fetch(site + path, "br"))
    locations = "\n".join(f"location = /{page} {{ {list_headers(site + path)} }}" for page, (_, path) in PAGES.items())
    user = "user root;" if os.geteuid() == 0 else ""
    text = FILES.format(port=port, user=user, events=events, settings=settings, locations=locations)
    (folder / "nginx.conf").write_text(text, "utf-8")
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    command = [nginx, "-e", "files-error.log", "-p", f"{folder}/", "-c", "nginx.conf"]
    server = subprocess.Popen(command, cwd=folder)
    try:
        while not (folder / "files.pid").exists():
            if server.poll() is not None:
                raise SystemExit("nginx did not start")
            time.sleep(0.05)
        yield Server(f"http://127.0.0.1:{port}", server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def fetch(url: str, encoding: str) -> bytes:
    """Return the body of an answer as it is sent."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request) as answer:
        body: bytes = answer.read()
        return body


def list_headers(url: str) -> str:
    """Return the headers of an answer as directives of nginx, but for those that nginx gives to files itself."""
    with urllib.request.urlopen(url) as answer:
        found = [(name, value) for name, value in answer.headers.items() if name.lower() not in OF_NGINX]
    return " ".join(f"add_header {name} {json.dumps(value)};" for name, value in found)


def ask_in_turns(servers: dict[str, Server], path: str, page: str, connections: int) -> dict[str, Rounds]:
    """Return what each nginx gave; every other round goes the other way round, so that none is always the first."""
    found = {name: Rounds([], []) for name in servers}
    for turn in range(FAST_ROUNDS):
        for name in list(servers)[:: -1 if turn % 2 else 1]:
            before = servers[name].processor_seconds()
            asked = path if name == "cached" else f"/{page}"
            found[name].loads.append(load(servers[name].url, [asked], connections, FAST_SECONDS))
            found[name].seconds.append(servers[name].processor_seconds() - before)
    return found


def ask_alone(command: list[str | Path], environment: dict[str, str], path: str, connections: int) -> Load:
    """Return what a process gave that is started for it and killed after: it would go on with what nobody waits for."""
    with running_process(command, environment) as (url, process):
        found = load(url, [path], connections, SLOW_SECONDS)
        os.kill(process, signal.SIGKILL)
    return found


def measure(rows: int, folder: Path) -> Iterator[Point]:
    """Yield every point of one size."""
    database = make_database(rows, folder / "db")
    stock: list[str | Path] = [ROOT / ".venv/bin/datasette", "serve", "-i", database]
    stock += ["-m", write_stock_metadata(folder)]
    ours: list[str | Path] = [ROOT / "scripts/serve.sh", "--setting", "num_sql_threads", "1"]
    with ExitStack() as stack:
        servers = {"cached": stack.enter_context(public(database, folder / "public"))}
        for way in SETTINGS:
            servers[way] = stack.enter_context(files(folder / way, servers["cached"].url, way))
        for page, (stock_path, path) in PAGES.items():
            for connections in CONNECTIONS:
                stocks = ask_alone(stock, {"DATASETTE_LOAD_PLUGINS": ""}, stock_path, connections)
                uncached = ask_alone(ours, {"CLEARVIEW_DB": str(database)}, path, connections)
                fast = ask_in_turns(servers, path, page, connections)
                yield Point(rows, page, connections, stocks, uncached, fast)


def milliseconds(seconds: float) -> str:
    """Return a time in milliseconds with two or three digits that count."""
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def tell(loads: list[Load]) -> str:
    """Return requests a second, p50 and p99 in milliseconds, as medians of the rounds."""
    if not any(load.requests for load in loads):
        return f"none in {SLOW_SECONDS:.0f} s"
    rate, p50, p99 = (
        statistics.median(values) for values in zip(*((x.rate, x.p50, x.p99) for x in loads), strict=True)
    )
    return f"{rate:,.0f} ({milliseconds(p50)} / {milliseconds(p99)})" if rate >= 10 else f"{rate:.1f} (– / –)"


def describe(point: Point) -> str:
    """Return the point as a line of the table."""
    cached = point.fast["cached"].loads
    sent = statistics.median(load.bytes / load.requests for load in cached)
    cells = [f"{point.rows:,}", point.page, str(point.connections), tell([point.stock]), tell([point.uncached])]
    cells += [tell(cached), *(tell(point.fast[name].loads) for name in SETTINGS), f"{sent:,.0f}"]
    cells += [" / ".join(f"{statistics.median(rounds.costs):.1f}" for rounds in point.fast.values())]
    cells += [f"{point.of_stock:.1f}" if point.of_stock else "–"]
    cells += ["{:.2f} / {:.2f}".format(*point.of_files(name)) for name in SETTINGS]
    return "| " + " | ".join(cells) + " |"


def write_head() -> str:
    """Return the page's text, and the first lines of its table."""
    head = (ROOT / "benches/bench_serve.md").read_text("utf-8")
    return head.format(cores=os.cpu_count(), rounds=FAST_ROUNDS, fast=FAST_SECONDS, slow=SLOW_SECONDS)


def main() -> int:
    """Print each point as it is measured; write the table; return 1 where the cache is too slow."""
    quick = "--quick" in sys.argv[1:]
    sizes = SIZES[:1] if quick else SIZES
    total = len(sizes) * len(PAGES) * len(CONNECTIONS)
    began, points, lines = time.monotonic(), [], [write_head()]
    print("\n".join(lines[0].splitlines()[-2:]), flush=True)
    for rows in sizes:
        with tempfile.TemporaryDirectory() as name:
            for point in measure(rows, Path(name)):
                points.append(point)
                lines.append(describe(point) + "\n")
                print(lines[-1], end="", flush=True)
                print(f"{len(points)} of {total} after {time.monotonic() - began:.0f} s", file=sys.stderr)
    if not quick:
        (ROOT / "docs").mkdir(exist_ok=True)
        (ROOT / "docs/benchmarks.md").write_text("".join(lines), "utf-8")
    return any(point.is_too_slow() for point in points)


if __name__ == "__main__":
    raise SystemExit(main())
