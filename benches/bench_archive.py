"""How long views of a table and searches take in the browser, in an archive of 25,000 agencies.

usage: bench_archive.py [FOLDER]     (without an archive in a folder, one is made: minutes; needs nginx and Chromium)

The first load opens SQLite and reads what the table needs; each later view is a click in the open page. Milliseconds of
the browser's processor are those that a reader waits where nobody else uses the machine. Exits 1 where a view of the
table of agencies takes LIMIT of them.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_many import build
from bench_page import processor_seconds
from faulty_site import children_of
from lighthouse import CHROMIUM
from plain_nginx import hosted
from playwright.sync_api import Page, sync_playwright
from serving import ROOT

LIMIT = 300  # milliseconds
TURNS = 5  # of which the shortest counts: what else the machine does only adds
Asked = list[Any]
VIEWS = [
    "country=CA", "country=CA&agency_type=local_police", "country__in=CA,GB,BR", "_sort=name", "_sort_desc=searches",
    "_sort=country", "response=denied&_sort_desc=last_reported", "name__contains=police", "name__contains=sûreté",
    "name__startswith=royal&country=CA", "_search=toronto", "_search=police&_sort=locality", "report_count__gt=4",
    "use_status__not=reported", "listing=other_reporting&searches_band=not_stated", "aliases__contains=force",
    "locality__isblank=1", "country=AU&_facet_size=max", "_sort_desc=name&_all=on", "latitude__gt=50",
]  # fmt: skip
OTHERS = {"reports": ["country=CA", "_sort=agency", "note__contains=trial", "response=denied&_sort_desc=published"]}
SEARCHES = ["police", "tornto polise", "canada police", "nowhere", "royal mounted 12"]
TIMED = """async ([module, call, given]) => {
  const made = await import(new URL(module, document.documentElement.dataset.root).href);
  const { readPairs } = await import(new URL("copy/addresses.js", document.documentElement.dataset.root).href);
  const began = performance.now();
  if (call === "answerTable") await made.answerTable(given[0], readPairs(given[1]), { labels: true });
  else await made.search(given[0], made.KINDS, made.FIRST);
  return performance.now() - began;
}"""


def make_archive(folder: Path) -> Path:
    """Return the folder of an archive of made-up agencies, made here."""
    environment = build(folder)
    exports = folder / "exports"
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"}
    commands: list[list[str | Path]] = [
        ["scripts/export.py", folder / "clearview.db", exports],
        ["archiving/archive.py", folder / "archive"],
    ]
    for command in commands:
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, env=os.environ | environment | paths)
    return folder / "archive"


def open_table(page: Page, url: str, query: str) -> float:
    """Return the milliseconds until a table's page shows what it was asked for."""
    began = time.monotonic()
    page.goto(f"{url}/clearview/agencies/index.html?{query}")
    page.wait_for_selector("body[data-copy=ready]", timeout=600_000)
    return (time.monotonic() - began) * 1000


def take_time(page: Page, given: Asked) -> tuple[float, float]:
    """Return the milliseconds that an answer takes, of the browser's processor and by the clock: the least of TURNS."""
    page.evaluate(TIMED, given)  # what it needs has arrived
    processes = [*children_of(os.getpid())]
    costs, times = [], []
    for _ in range(TURNS):
        before = sum(map(processor_seconds, processes))
        times.append(page.evaluate(TIMED, given))
        costs.append(1000 * (sum(map(processor_seconds, processes)) - before))
    return min(costs), min(times)


def measure(page: Page, url: str) -> int:
    """Print the milliseconds of each view and search; return how many of the table of agencies are too slow."""
    print(f"first load, agencies?country=AE: {open_table(page, url, 'country=AE'):.0f} ms by the clock", flush=True)
    page.evaluate(TIMED, ["copy/search_answers.js", "search", ["police"]])  # made ready once
    views = [(table, view) for table, views in {"agencies": VIEWS, **OTHERS}.items() for view in views]
    costs: dict[str, list[float]] = {}
    print("processor, by the clock", flush=True)
    for table, view in views:
        cost, taken = take_time(page, ["copy/answers.js", "answerTable", [table, view]])
        costs.setdefault(table, []).append(cost)
        print(f"{cost:6.0f} ms {taken:6.0f} ms  {table}?{view}", flush=True)
    for table, found in costs.items():
        print(f"{table}: median {statistics.median(found):.0f} ms, most {max(found):.0f} ms", flush=True)
    for query in SEARCHES:
        cost, taken = take_time(page, ["copy/search_answers.js", "search", [query]])
        print(f"{cost:6.0f} ms {taken:6.0f} ms  search: {query}", flush=True)
    return sum(cost >= LIMIT for cost in costs["agencies"])


def main() -> int:
    """Measure an archive; return 1 where a view is too slow."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else make_archive(Path(name))
        with hosted(folder) as (url, _), sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            return 1 if measure(chromium.new_page(), url) else 0


if __name__ == "__main__":
    raise SystemExit(main())
