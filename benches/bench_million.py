"""A list of 25,000 agencies and 1,000,000 reports: what each step costs, and every kind of its pages.

usage: bench_million.py [--rows 1000000] [--keep FOLDER]

Every step is a process of its own: seconds on the clock, seconds of processor, the most memory it held. Of pages the
figures are processor seconds of the process that answers; each address is asked once, of one that was never asked it
before, and the dearest of a kind is printed. Exits 1 where an address has no answer; those that take a second of
processor or more are named. A statement has longer by the clock than on the site, as in bench_many.py.
"""

import argparse
import os
import sys
import tempfile
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

from addresses import list_addresses
from bench_build import HERE, SCRIPTS, Cost, run
from bench_large import size
from bench_many import COPIES, LIMIT, SITE, ask, ours, say_where
from bench_page import processor_seconds

FILES = ("/clearview/reports.csv?country=CA", "/clearview/cleaning_log.csv?row__lt=20000")


def make(folder: Path, count: int) -> Iterator[tuple[str, Cost]]:
    """Make the folder, its database, metadata and whole files; yield what each step cost."""
    raw, database = folder / "raw", folder / "clearview.db"
    python = sys.executable
    copies = ("--copies", str(COPIES))
    yield "make the spreadsheet", run(python, HERE / "bench_folder.py", raw, str(count), *copies)
    (raw / "site.yml").write_text(SITE, "utf-8")
    yield "build", run(python, SCRIPTS / "build.py", raw, folder)
    run(python, SCRIPTS / "site_metadata.py", raw, folder / "metadata.yml", database)
    yield "check", run(python, SCRIPTS / "check.py", database)
    os.environ["CLEARVIEW_METADATA"] = str(folder / "metadata.yml")
    yield "export", run(python, SCRIPTS / "export.py", database, folder / "exports")


def time_kind(url: str, process: int, paths: list[str]) -> tuple[tuple[float, int, str], list[str]]:
    """Return seconds, bytes and address of the dearest of some pages, and those without an answer."""
    costs, lost = [], []
    for path in paths:
        before = processor_seconds(process)
        try:
            length = ask(url + path)
        except urllib.error.HTTPError as fault:
            length = 0
            lost.append(f"{fault.code} {path}")
        costs.append((processor_seconds(process) - before, length, path))
    return max(costs), lost


def time_pages(folder: Path) -> list[str]:
    """Print the dearest address of each kind; return those without an answer."""
    lost = []
    with ours(say_where(folder)) as (url, process):
        kinds = list_addresses(folder / "clearview.db", folder / "metadata.yml")
        print("| page | seconds | KB | the dearest |\n| --- | --: | --: | --- |")
        for kind, paths in kinds.items():
            (cost, length, path), without = time_kind(url, process, paths)
            slow = " **" if cost >= LIMIT else " "
            print(f"| {kind} |{slow}{cost:.2f}{slow.strip()} | {length / 1000:.0f} | `{path}` |", flush=True)
            lost += without
        for path in FILES:
            started, before = time.monotonic(), processor_seconds(process)
            length = ask(url + path)
            cost, wall = processor_seconds(process) - before, time.monotonic() - started
            print(f"| download | {cost:.1f} ({wall:.0f} by the clock) | {length / 1000:.0f} | `{path}` |", flush=True)
    return lost


def main() -> int:
    """Print the tables of docs/large.md; return 1 where an address has no answer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--keep", type=Path, help="a folder where what is made stays; what stands there is not made again"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-million-") as name:
        folder = given.keep or Path(name)
        if not (folder / "exports").exists():
            print(f"| {given.rows:,} reports | seconds | of processor | MB of memory |\n| --- | --: | --: | --: |")
            for step, cost in make(folder, given.rows):
                print(f"| {step} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.memory:.0f} |", flush=True)
            print(f"\nclearview.db {size(folder / 'clearview.db'):.0f} MB, exports {size(folder / 'exports'):.0f} MB\n")
        lost = time_pages(folder)
    print(*[f"no answer: {path}" for path in lost], sep="\n")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
