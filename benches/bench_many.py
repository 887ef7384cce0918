"""How long uncached pages take at 25,000 agencies and 100,000 reports, and JSON of tables beside stock Datasette's.

usage: bench_many.py     (builds a made-up dataset first: half a minute on a quiet machine)

Figures are processor seconds of the process for pages: on one core that nobody else uses, a reader waits as long. Each
address is asked once, of a process that was never asked it before. Exits 1 where a page takes a second or more, or
where our JSON takes more than stock's.
"""

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench_folder import make_folder
from bench_page import processor_seconds, write_stock_metadata
from serving import ROOT, running_process

REPORTS, COPIES = 107_000, 338  # of our 74 agencies: 25,012 of them
LIMIT = 1.0  # seconds
# One thread, as deploy/keeper.py starts it. A statement has longer by the clock than on the site: what others do on
# the machine runs that down, and it is the processor time that is measured.
SETTINGS = ["--setting", "num_sql_threads", "1", "--setting", "sql_time_limit_ms", "20000"]
ROUNDS, ASKED = 5, 40
PAGES = {
    "home": ["/"],
    "table": ["/clearview/agencies", "/clearview/reports", "/clearview/agencies?report_count__lt=9&country=CA"],
    "charts": ["/charts", "/charts?country=CA", "/charts?report_count__lt=9"],
    "country": [f"/clearview/countries/{country}" for country in ("CA", "GB", "BR")],
    "source": [f"/clearview/sources/{source}" for source in ("S001", "S059", "S062")],
    "search": ["/search?q=police", "/search?q=tornto+polise", "/search?q=canada+police", "/search?q=nowhere"],
}
# {} is another number for each request, so that no address comes twice.
JSON = {
    "100 reports": "/clearview/reports.json?_shape=array&row__gt={}",
    "1,000 reports": "/clearview/reports.json?_shape=array&_size=1000&row__gt={}",
    "100 and counts": "/clearview/reports.json?_shape=objects&row__gt={}",
    "100 agencies": "/clearview/agencies.json?_shape=array&report_count__lt={}",
}
SITE = """title: Made up
description: Made-up agencies
keeper: nobody
licence: CC0-1.0
licence_url: https://creativecommons.org/publicdomain/zero/1.0/
"""


def say_where(folder: Path) -> dict[str, str]:
    """Return what scripts/serve.sh takes to serve the dataset of a folder."""
    return {
        "CLEARVIEW_DB": str(folder / "clearview.db"),
        "CLEARVIEW_METADATA": str(folder / "metadata.yml"),
        "CLEARVIEW_EXPORTS": str(folder / "exports"),
    }


def build(folder: Path) -> dict[str, str]:
    """Build the dataset; return what scripts/serve.sh takes to serve it."""
    make_folder(folder / "raw", REPORTS, most=COPIES)
    (folder / "raw" / "site.yml").write_text(SITE, "utf-8")
    commands: list[list[str | Path]] = [
        ["scripts/build.py", folder / "raw", folder, "--extract", "scripts/build.py", "--clean", "scripts/build.py"],
        ["scripts/site_metadata.py", folder / "raw", folder / "metadata.yml", folder / "clearview.db"],
    ]
    for command in commands:
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return say_where(folder)


def ask(url: str) -> int:
    """Return how many bytes an answer has."""
    with urllib.request.urlopen(url, timeout=900) as answer:
        return len(answer.read())


@contextmanager
def ours(environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Serve the dataset by a process for pages that has read what can be searched for; yield address and process."""
    started = time.monotonic()
    with running_process([ROOT / "scripts/serve.sh", *SETTINGS], environment) as (url, process):
        ask(f"{url}/search.json?q=kripos")
        taken, cost = time.monotonic() - started, processor_seconds(process)
        print(f"{'start and first search':26}{cost:8.2f} s   ({taken:.0f} s by the clock)", flush=True)
        yield url, process


def time_pages(url: str, process: int) -> int:
    """Print the dearest address of each kind of page; return how many take too long."""
    slow = 0
    for kind, paths in PAGES.items():
        costs = []
        for path in paths:
            before = processor_seconds(process)
            size = ask(url + path)
            costs.append((processor_seconds(process) - before, size, path))
        cost, size, path = max(costs)
        slow += cost >= LIMIT
        print(f"{kind:26}{cost:8.2f} s{size / 1000:8.0f} KB   {path}", flush=True)
    return slow


def time_json(servers: list[tuple[str, int]]) -> int:
    """Print processor milliseconds of stock's JSON and ours; return how many of ours take more."""
    slow = 0
    for name, path in JSON.items():
        costs: list[list[float]] = [[], []]
        for turn in range(ROUNDS):
            for (url, process), found in zip(servers, costs, strict=True):
                before = processor_seconds(process)
                for number in range(ASKED):
                    ask(url + path.format(1000 + turn * ASKED + number))
                found.append((processor_seconds(process) - before) / ASKED * 1000)
        stock, own = map(statistics.median, costs)
        slow += own > stock
        print(f"JSON, {name:20}{own:8.1f} ms{stock:8.1f} ms stock{stock / own:8.2f} times as fast", flush=True)
    return slow


def main() -> int:
    """Print a line for each page and each table; return 1 where one is too slow."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = build(folder)
        metadata = write_stock_metadata(folder)
        stock: list[str | Path] = [
            ROOT / ".venv/bin/datasette",
            "serve",
            "-i",
            folder / "clearview.db",
            "-m",
            metadata,
            *SETTINGS,
        ]
        with ours(environment) as mine:
            slow = time_pages(*mine)
            with running_process(stock, {"DATASETTE_LOAD_PLUGINS": ""}) as theirs:
                slow += time_json([theirs, mine])
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
