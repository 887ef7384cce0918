"""How fast the uncached page of the agencies is beside stock Datasette's, with the same rows, columns and facets.

usage: bench_page.py     (needs wrk; both servers run at the same time on 127.0.0.1 and are asked in turns)

Stock is Datasette's own templates and settings, no plugins, and of metadata.yml only what makes the page the same:
facets, sizes, order, labels. Ours is a process for pages as deploy/keeper.py starts it. Exits 1 where a page of ours
takes more than one part in WANTED of the processor time of stock's: pages a second say the same where nobody else uses
the machine, and anything on a busy one.
"""

import json
import os
import re
import statistics
import subprocess
import tempfile
import urllib.request
from pathlib import Path

import yaml
from serving import running_process

ROOT = Path(__file__).resolve().parent.parent
WANTED = 3.0
ROUNDS, SECONDS = 3, 3
CONNECTIONS = (1, 8)
KEPT = ("facets", "facet_size", "size", "sort", "label_column")
SHOWN = ["name", "searches", "response", "country", "agency_type", "listing", "first_reported", "report_count"]
# page: (stock's address, ours); {} is filled with another number for each request, so that no filter comes twice
PAGES = {
    "every column": ("/clearview/agencies?", "/clearview/agencies?_all=on"),
    "our columns": ("/clearview/agencies?" + "&".join(f"_col={column}" for column in SHOWN), "/clearview/agencies?"),
    "new filter each time": (
        "/clearview/agencies?report_count__lt={}",
        "/clearview/agencies?_all=on&report_count__lt={}",
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


def processor_seconds(process: int) -> float:
    """Return the processor time that a process has taken (seconds)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compare(pages: list[tuple[str, int]], connections: int, script: Path) -> list[tuple[float, float]]:
    """Return pages a second and processor milliseconds a page for each address and process, asked in turns: medians."""
    found: list[list[tuple[float, float]]] = [[] for _ in pages]
    for turn in range(ROUNDS):
        for (url, process), figures in zip(pages, found, strict=True):
            before = processor_seconds(process)
            speed = ask(url, connections, script, 10_000 * (10 * connections + turn + 1))
            figures.append((speed, (processor_seconds(process) - before) / (speed * SECONDS) * 1000))
    return [
        (statistics.median(speed for speed, _ in figures), statistics.median(cost for _, cost in figures))
        for figures in found
    ]


def main() -> int:
    """Print one line for each page and number of connections; return 1 where one costs too much."""
    print(f"{'':25}{'pages a second':^24}{'processor ms a page':^24}")
    print(f"{'page':22}{'c':>3}" + f"{'stock':>8}{'ours':>8}{'ratio':>8}" * 2 + "   rows x columns", flush=True)
    dear = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        metadata = write_stock_metadata(folder)
        stock: list[str | Path] = [ROOT / ".venv/bin/datasette", "serve", "-i", ROOT / "clearview.db", "-m", metadata]
        ours: list[str | Path] = [ROOT / "scripts/serve.sh", "--setting", "num_sql_threads", "1"]
        with (
            running_process(stock, {"DATASETTE_LOAD_PLUGINS": ""}) as theirs,
            running_process(ours, {}) as mine,
        ):
            for page, (stock_path, our_path) in PAGES.items():
                asked = [(theirs[0] + stock_path, theirs[1]), (mine[0] + our_path, mine[1])]
                shape = " and ".join("{} x {}".format(*count_cells(url)) for url, _ in asked)
                for connections in CONNECTIONS:
                    (was, cost), (now, costs_now) = compare(asked, connections, folder / "ask.lua")
                    dear += costs_now * WANTED > cost
                    speeds = f"{was:8.1f}{now:8.1f}{now / was:8.1f}"
                    costs = f"{cost:8.1f}{costs_now:8.1f}{cost / costs_now:8.1f}"
                    print(f"{page:22}{connections:3}{speeds}{costs}   {shape}", flush=True)
    return 1 if dear else 0


if __name__ == "__main__":
    raise SystemExit(main())
