"""Stock Datasette, ours without cache, ours behind its cache, and nginx with the same bytes as files, side by side.

usage: bench_serve.py [--quick]     writes docs/benchmarks.md in ten minutes; --quick prints one size and writes nothing

All four run at the same time and are asked in turns by wrk, on this machine only. Rows past the real ones are made up.
Exits 1 where the cache gives less than WANTED of what nginx gives for files, at 8 or 64 connections.
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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench_page import SHOWN, running, write_stock_metadata
from load import Load, load
from serving import find_free_port

ROOT = Path(__file__).resolve().parent.parent
WANTED = 0.9
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
FILES = """daemon off; pid files.pid; error_log files-error.log; worker_processes auto; worker_rlimit_nofile 8192;
load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
{user}
events {{ worker_connections 4096; multi_accept on; }}
http {{
    include /etc/nginx/mime.types; server_tokens off; sendfile on; tcp_nopush on; root files;
    access_log files.log combined buffer=64k flush=1s;
    open_file_cache max=100 inactive=60s; brotli_static on; client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        {locations}
    }}
}}
"""


@dataclass
class Point:
    """One page at one size and number of connections: what each server gave."""

    rows: int
    page: str
    connections: int
    stock: Load
    uncached: Load
    cached: list[Load]
    files: list[Load]

    @property
    def of_files(self) -> float:
        """Return cached beside files, each in its best round: other work on the machine can only slow a round."""
        return max(load.rate for load in self.cached) / max(load.rate for load in self.files)

    @property
    def of_stock(self) -> float | None:
        """Return uncached beside stock; None where stock gave no answer in time."""
        return self.uncached.rate / self.stock.rate if self.stock.requests else None


def make_database(rows: int, folder: Path) -> Path:
    """Return a copy of clearview.db with so many bodies, the later ones made up."""
    folder.mkdir()
    database = Path(shutil.copy2(ROOT / "clearview.db", folder / "clearview.db"))
    connection = sqlite3.connect(database)
    connection.execute((ROOT / "scripts/bench_rows.sql").read_text("utf-8"), {"wanted": rows})
    connection.execute("insert into agencies_fts (agencies_fts) values ('rebuild')")
    connection.commit()
    found = connection.execute("select count(*) from agencies").fetchone()[0]
    connection.close()
    assert found == rows
    return database


@contextmanager
def public(database: Path, folder: Path) -> Iterator[str]:
    """Run serve_public.py until the end of the block; yield its address."""
    port = find_free_port()
    command = [sys.executable, str(ROOT / "deploy/serve_public.py"), "--database", str(database)]
    command += ["--folder", str(folder), "--listen", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        if server.stdout is None or b'"ready"' not in server.stdout.readline():
            raise SystemExit("serve_public.py did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


@contextmanager
def files(folder: Path, site: str) -> Iterator[str]:
    """Serve the site's own compressed answers as files by a plain nginx; yield its address."""
    port = find_free_port()
    (folder / "files").mkdir(parents=True)
    for page, (_, path) in PAGES.items():
        (folder / "files" / page).write_bytes(fetch(site + path, ""))
        (folder / "files" / f"{page}.br").write_bytes(fetch(site + path, "br"))
    locations = "\n".join(f"location = /{page} {{ {list_headers(site + path)} }}" for page, (_, path) in PAGES.items())
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(FILES.format(port=port, user=user, locations=locations), "utf-8")
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    command = [nginx, "-e", "files-error.log", "-p", f"{folder}/", "-c", "nginx.conf"]
    server = subprocess.Popen(command, cwd=folder)
    try:
        while not (folder / "files.pid").exists():
            if server.poll() is not None:
                raise SystemExit("nginx did not start")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
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


def measure_point(addresses: dict[str, str], rows: int, page: str, connections: int) -> Point:
    """Return one point; the fast servers are asked in turns, the slow ones for long enough to answer at all."""
    stock_path, path = PAGES[page]
    fetch(addresses["cached"] + path, "br")
    slow = {
        name: load(addresses[name], [asked], connections, SLOW_SECONDS)
        for name, asked in (("stock", stock_path), ("uncached", path))
    }
    cached, as_files = [], []
    for _ in range(FAST_ROUNDS):
        cached.append(load(addresses["cached"], [path], connections, FAST_SECONDS))
        as_files.append(load(addresses["files"], [f"/{page}"], connections, FAST_SECONDS))
    return Point(rows, page, connections, slow["stock"], slow["uncached"], cached, as_files)


def measure(rows: int, folder: Path) -> Iterator[Point]:
    """Yield every point of one size, with all four servers running."""
    database = make_database(rows, folder / "db")
    stock: list[str | Path] = [ROOT / ".venv/bin/datasette", "serve", "-i", database]
    stock += ["-m", write_stock_metadata(folder)]
    ours: list[str | Path] = [ROOT / "scripts/serve.sh", "--setting", "num_sql_threads", "1"]
    with (
        running(stock, {"DATASETTE_LOAD_PLUGINS": ""}) as stock_url,
        running(ours, {"CLEARVIEW_DB": str(database)}) as our_url,
        public(database, folder / "public") as public_url,
        files(folder / "nginx", public_url) as files_url,
    ):
        addresses = {"stock": stock_url, "uncached": our_url, "cached": public_url, "files": files_url}
        for page in PAGES:
            for connections in CONNECTIONS:
                yield measure_point(addresses, rows, page, connections)


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
    sent = statistics.median(load.bytes / load.requests for load in point.cached)
    of_stock = f"{point.of_stock:.1f}" if point.of_stock else "–"
    cells = [f"{point.rows:,}", point.page, str(point.connections)]
    cells += [tell([point.stock]), tell([point.uncached]), tell(point.cached), tell(point.files)]
    return "| " + " | ".join([*cells, f"{sent:,.0f}", of_stock, f"{point.of_files:.2f}"]) + " |"


def write_page(points: list[Point]) -> str:
    """Return docs/benchmarks.md."""
    head = (ROOT / "scripts/bench_serve.md").read_text("utf-8")
    facts = {"cores": os.cpu_count(), "rounds": FAST_ROUNDS, "fast": FAST_SECONDS, "slow": SLOW_SECONDS}
    return head.format(**facts) + "\n".join(map(describe, points)) + "\n"


def main() -> int:
    """Print each point as it is measured; write the table; return 1 where the cache is too slow."""
    quick = "--quick" in sys.argv[1:]
    points = []
    for rows in SIZES[:1] if quick else SIZES:
        with tempfile.TemporaryDirectory() as name:
            for point in measure(rows, Path(name)):
                print(describe(point), flush=True)
                points.append(point)
    if not quick:
        (ROOT / "docs").mkdir(exist_ok=True)
        (ROOT / "docs/benchmarks.md").write_text(write_page(points), "utf-8")
    return any(point.of_files < WANTED for point in points if point.connections > 1)


if __name__ == "__main__":
    raise SystemExit(main())
