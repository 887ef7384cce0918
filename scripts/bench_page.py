"""How fast the uncached page of the bodies is beside stock Datasette's, with the same rows, columns and facets.

usage: bench_page.py     (needs wrk; both servers run at the same time on 127.0.0.1 and are asked in turns)

Stock is Datasette's own templates and settings, no plugins, and of metadata.yml only what makes the page the same:
facets, sizes, order, labels. Ours is a process for pages as deploy/workers.py starts it. Exits 1 where a page is less
than WANTED times as fast as stock's.
"""

import json
import os
import re
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
WANTED = 3.0
ROUNDS, SECONDS = 3, 3
CONNECTIONS = (1, 8)
KEPT = ("facets", "facet_size", "size", "sort", "label_column")
SHOWN = ["name", "searches", "response", "country", "agency_type", "listing", "first_reported", "claim_count"]
# page: (stock's address, ours); {} is filled with another number for each request, so that no filter comes twice
PAGES = {
    "every column": ("/clearview/agencies?", "/clearview/agencies?_all=on"),
    "our columns": ("/clearview/agencies?" + "&".join(f"_col={column}" for column in SHOWN), "/clearview/agencies?"),
    "new filter each time": (
        "/clearview/agencies?claim_count__lt={}",
        "/clearview/agencies?_all=on&claim_count__lt={}",
    ),
}
COUNTING = """counter = {start}
request = function() counter = counter + 1
  return wrk.format("GET", (string.gsub("{path}", "{{}}", tostring(counter)))) end"""


def write_stock_metadata(folder: Path) -> Path:
    """Return the file of metadata for stock Datasette: what shapes the page, and nothing else."""
    tables = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["clearview"]["tables"]
    kept = {name: {key: table[key] for key in KEPT if key in table} for name, table in tables.items()}
    path = folder / "stock.json"
    path.write_text(json.dumps({"databases": {"clearview": {"tables": kept}}}), "utf-8")
    return path


@contextmanager
def running(command: list[str | Path], environment: dict[str, str]) -> Iterator[str]:
    """Serve on a free port until the end of the block; yield the address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = subprocess.Popen(
        [*command, "-h", "127.0.0.1", "-p", str(port)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while server.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/clearview/agencies").close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def count_cells(url: str) -> tuple[int, int]:
    """Return how many rows and columns the table of a page has."""
    page = urllib.request.urlopen(url.format(9999)).read().decode()
    head, body = re.search(r"<thead>(.*?)</thead>.*?<tbody>(.*?)</tbody>", page, re.DOTALL).groups()  # type: ignore[union-attr]
    return body.count("<tr"), head.count("<th ") + head.count("<th>")


def ask(url: str, connections: int, script: Path, start: int) -> float:
    """Return how many pages a second wrk was given; fails on any answer but 200."""
    host, _, path = url.removeprefix("http://").partition("/")
    script.write_text(COUNTING.format(path=f"/{path}", start=start), "utf-8")
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{SECONDS}s",
        "--timeout",
        "20s",
        "-s",
        str(script),
        f"http://{host}",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{url} was not always answered:\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]


def compare(stock: str, ours: str, connections: int, script: Path) -> tuple[float, float]:
    """Return the medians of both, asked in turns."""
    speeds: dict[str, list[float]] = {stock: [], ours: []}
    for turn in range(ROUNDS):
        for url, found in speeds.items():
            found.append(ask(url, connections, script, 10_000 * (10 * connections + turn + 1)))
    return statistics.median(speeds[stock]), statistics.median(speeds[ours])


def main() -> int:
    """Print one line for each page and number of connections; return 1 where the ratio is below WANTED."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        metadata = write_stock_metadata(folder)
        stock: list[str | Path] = [ROOT / ".venv/bin/datasette", "serve", "-i", ROOT / "clearview.db", "-m", metadata]
        ours: list[str | Path] = [ROOT / "scripts/serve.sh", "--setting", "num_sql_threads", "1"]
        slow = 0
        with running(stock, {"DATASETTE_LOAD_PLUGINS": ""}) as stock_url, running(ours, {}) as our_url:
            print(f"{'page':22}{'c':>3}{'stock/s':>9}{'ours/s':>9}{'ratio':>7}   rows x columns", flush=True)
            for page, (stock_path, our_path) in PAGES.items():
                shapes = count_cells(stock_url + stock_path), count_cells(our_url + our_path)
                for connections in CONNECTIONS:
                    was, now = compare(stock_url + stock_path, our_url + our_path, connections, folder / "ask.lua")
                    slow += now < WANTED * was
                    shape = " and ".join("{} x {}".format(*shape) for shape in shapes)
                    print(f"{page:22}{connections:3}{was:9.1f}{now:9.1f}{now / was:7.1f}   {shape}", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
