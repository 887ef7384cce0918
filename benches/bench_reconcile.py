"""How long 1,000 names of somebody's own table take at /reconcile, in the batches that clients send.

usage: bench_reconcile.py     (serves the site on a free port; exits 1 where the names take longer than the limit)
"""

import json
import random
import sqlite3
import threading
import time
import urllib.request
from contextlib import closing
from urllib.parse import urlencode

from serving import ROOT, serving

NAMES = 1_000
LIMIT = 5.0  # seconds for all of them
BATCHES = (10, 50, NAMES)  # as OpenRefine sends them, as it may, and all at once
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def make_names() -> list[str]:
    """Return names as in a user's column: as printed, misspelt, with words before, and of agencies not here."""
    with closing(sqlite3.connect(ROOT / "clearview.db")) as db:
        rows = db.execute("select name from agencies union select agency_as_printed from reports order by 1").fetchall()
    known = [name for (name,) in rows if name]
    chance = random.Random(0)
    names = []
    for number in range(NAMES):
        name = chance.choice(known)
        cut = chance.randrange(len(name))
        forms = (name, name[:cut] + name[cut + 1 :], f"City of {name}", f"{name[:cut]} fire brigade no. {number}")
        names.append(forms[number % len(forms)])
    return names


def match(url: str, names: list[str], size: int) -> tuple[float, int]:
    """Return the seconds that all names take in batches of a size, and how many were certain."""
    began, certain = time.perf_counter(), 0
    for start in range(0, len(names), size):
        batch = {
            f"q{place}": {
                "query": name,
                "type": "agency",
                "limit": 5,
                "properties": [{"pid": "country", "v": "Canada"}],
            }
            for place, name in enumerate(names[start : start + size])
        }
        results = json.load(OPENER.open(f"{url}/reconcile", urlencode({"queries": json.dumps(batch)}).encode()))
        certain += sum(one["match"] for result in results.values() for one in result["result"])
    return time.perf_counter() - began, certain


def watch(url: str, done: threading.Event, waits: list[float]) -> None:
    """Ask for a small page again and again, and note how long each answer took."""
    while not done.wait(0.02):
        began = time.perf_counter()
        OPENER.open(f"{url}/-/healthz").read()
        waits.append(time.perf_counter() - began)


def main() -> int:
    """Print one line for each size of batch; return 1 where one is over the limit."""
    names, slow = make_names(), False
    with serving() as url:
        match(url, names[:1], 1)
        print(f"{'batch':>6}{'seconds':>9}   limit{'certain':>9}{'longest wait of another page':>31}")
        for size in BATCHES:
            done, waits = threading.Event(), [0.0]
            watcher = threading.Thread(target=watch, args=(url, done, waits))
            watcher.start()
            taken, certain = match(url, names, size)
            done.set()
            watcher.join()
            slow = slow or taken > LIMIT
            print(f"{size:6}{taken:9.2f}{LIMIT:8.1f}{certain:9}{max(waits):29.3f} s")
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
