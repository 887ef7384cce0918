"""Scores six kinds of page with Lighthouse, as on a phone and on a desk, and prints one table.

usage: lighthouse.py [--runs 1] [--archive FOLDER]     (needs npm ci in benches/audit and Chromium, or CHROME_PATH)

Chromium's headless shell is taken where it is installed: the same engine without the processes of a desktop, which on
two cores take turns with the page and cost it points that vary from run to run.

The site is served here as `make serve` does; an archive by nginx, as on any web space. Of several runs the scores are
medians. Exits 1 where a score is below WANTED, and names what cost the most.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plain_nginx import hosted
from serving import ROOT, serving

WANTED = 95
PAGES = {
    "home": "/",
    "table": "/clearview/agencies",
    "agency": "/clearview/agencies/ca-toronto-police-service",
    "country": "/clearview/countries/CA",
    "about": "/about",
    "sql": "/clearview?sql=select+name%2C+country%2C+searches%0D%0Afrom+agencies%0D%0Alimit+20",
}
TRIES = 3  # of a page that Lighthouse could not measure; a score that is low is never tried again
TOOLS_FAULT = "Runtime error encountered"  # such as NO_NAVSTART: it saw no beginning of the page's load
FORMS = {"desktop": ["--preset=desktop"], "phone": []}
SCORES = {"performance": "speed", "accessibility": "access", "best-practices": "practice", "seo": "search"}
CHROMIUM = os.environ.get("CHROME_PATH") or shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


def audit(url: str, form: str) -> dict[str, Any]:
    """Return Lighthouse's report on a page."""
    command = [
        str(ROOT / "benches" / "audit" / "node_modules" / ".bin" / "lighthouse"),
        url,
        *FORMS[form],
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(SCORES)}",
        f"--chrome-flags={FLAGS}",
    ]
    for tries in range(TRIES, 0, -1):
        done = subprocess.run(
            command, env=os.environ | {"CHROME_PATH": CHROMIUM}, capture_output=True, text=True, check=False
        )
        if not done.returncode:
            break
        if tries == 1 or TOOLS_FAULT not in done.stderr:
            raise SystemExit(f"Lighthouse failed on {url}:\n{done.stderr}")
        print(f"    tried again, {url}: {done.stderr.strip().splitlines()[-1]}", flush=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def score(reports: list[dict[str, Any]], category: str) -> int:
    """Return the median of a score (0 to 100)."""
    scores: list[float] = [report["categories"][category]["score"] for report in reports]
    return round(100 * statistics.median(scores))


def find_losses(report: dict[str, Any]) -> list[str]:
    """Return what took points, with Lighthouse's own words and measure."""
    lost = []
    for category in SCORES:
        for one in report["categories"][category]["auditRefs"]:
            found = report["audits"][one["id"]]
            if one["weight"] and found["score"] is not None and found["score"] < 0.9:
                lost.append(f"{found['title']}: {found.get('displayValue') or 'fails'}")
    return lost


def name_file(path: str) -> str:
    """Return the address of a page of the site in an archive, relative to its folder."""
    page, _, query = path.strip("/").partition("?")
    return f"{page}/index.html".lstrip("/") + (f"?{query}" if query else "")


@contextmanager
def opening(archive: Path | None) -> Iterator[dict[str, str]]:
    """Serve the site or an archive; yield the address of each page."""
    if archive is None:
        with serving() as url:
            yield {page: url + path for page, path in PAGES.items()}
        return
    with hosted(archive.resolve()) as (url, _):
        yield {page: f"{url}/{name_file(path)}" for page, path in PAGES.items()}


def main() -> int:
    """Print one line for each page and form; return 1 where a score is below WANTED."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--archive", type=Path)
    arguments = parser.parse_args()
    if not Path(CHROMIUM).is_file():
        raise SystemExit("Chromium is missing; on Debian and Ubuntu: apt install chromium, or set CHROME_PATH")
    low = False
    with opening(arguments.archive) as pages:
        print(f"{'page':9}{'form':9}" + "".join(f"{name:>10}" for name in SCORES.values()), flush=True)
        for page, address in pages.items():
            for form in FORMS:
                reports = [audit(address, form) for _ in range(arguments.runs)]
                scores = {category: score(reports, category) for category in SCORES}
                print(f"{page:9}{form:9}" + "".join(f"{value:10}" for value in scores.values()), flush=True)
                if min(scores.values()) < WANTED:
                    low = True
                    print(*(f"    {loss}" for loss in find_losses(reports[0])), sep="\n", flush=True)
    return int(low)


if __name__ == "__main__":
    raise SystemExit(main())
