"""How long a build takes beside its peers, in one run; its limit is 3 times reading by calamine plus loading a CSV.

The folders are made up in the shape of raw/. Every figure is of a process of its own, its start included: seconds on
the clock, seconds of processor, and the most memory it held. The limit is held against the processor's seconds, which
other work on the machine does not change as much.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
SIZES = (1_000, 10_000, 100_000, 1_000_000)
SLOW = 100_000  # peers that take minutes for a million rows are asked for no more than this
FACTOR, MOST_MEMORY = 3, 1024  # the limits: times the two fast peers, and MB
CALAMINE = """
import csv, sys, python_calamine
rows = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_name("Reports").to_python()
"""
LOAD_CSV = """
import csv, sqlite3, sys
db = sqlite3.connect(sys.argv[2])
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = csv.reader(file)
    width = len(next(rows))
    db.execute(f"create table reports ({', '.join(f'c{n} text' for n in range(width))})")
    with db:
        db.executemany(f"insert into reports values ({', '.join('?' * width)})", rows)
"""
OPENPYXL = """
import sys, openpyxl
for row in openpyxl.load_workbook(sys.argv[1], read_only=True)["Reports"].iter_rows(values_only=True): pass
"""


@dataclass
class Cost:
    """What a process took: seconds on the clock, seconds of processor, MB of memory."""

    wall: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        """Return the cost of one process after the other."""
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


def run(*command: str | Path) -> Cost:
    """Run a command and return its cost; stop the measuring where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def run_peers(workbook: Path, table: Path, work: Path, count: int) -> dict[str, Cost]:
    """Return the cost of each peer that is installed."""
    python = sys.executable
    found = {"python-calamine": run(python, "-c", CALAMINE, workbook)}
    found["csv + executemany"] = run(python, "-c", LOAD_CSV, table, work / "peer.db")
    if count > SLOW:
        return found
    found["openpyxl, read only"] = run(python, "-c", OPENPYXL, workbook)
    found["in2csv"] = run(BIN / "in2csv", "--no-inference", "--sheet", "Reports", workbook)
    found["sqlite-utils insert"] = run(BIN / "sqlite-utils", "insert", work / "u.db", "reports", table, "--csv")
    if (BIN / "csvs-to-sqlite").exists():
        found["csvs-to-sqlite"] = run(BIN / "csvs-to-sqlite", table, work / "c.db")
    return found


def run_ours(folder: Path, steps: Path) -> dict[str, Cost]:
    """Return the cost of each step of the build."""
    return {name: run(sys.executable, HERE / f"{name}.py", folder, steps) for name in ("extract", "clean", "build_db")}


def measure(count: int, distinct: bool, work: Path) -> Cost:
    """Print the peers, our steps, the limit and the ratio for one number of rows; return what ours cost."""
    folder, steps = work / "folder", work / "steps"
    # In a process of its own: the memory of this one would be counted with each that it starts.
    run(sys.executable, HERE / "bench_folder.py", folder, str(count), *(["--distinct"] if distinct else []))
    ours = run_ours(folder, steps)
    peers = run_peers(folder / "reported_use.xlsx", steps / "reports.csv", work, count)
    check = run(sys.executable, HERE / "check.py", steps / "clearview.db")
    whole = ours["extract"] + ours["clean"] + ours["build_db"]
    fast = peers["python-calamine"] + peers["csv + executemany"]
    print(f"\n{count:,} rows{', each with words of its own' if distinct else ''}")
    for name, cost in {**peers, **ours, "whole build": whole, "then check": check}.items():
        print(f"  {name:22} {cost.wall:8.2f} s   {cost.cpu:8.2f} s of processor   {cost.memory:6.0f} MB")
    if count > SLOW:
        print("  in2csv, sqlite-utils and openpyxl take minutes here and are left out")
    limit = FACTOR * fast.cpu
    print(f"  limit {limit:.2f} s of processor: ours is {whole.cpu / limit:.2f} of it; memory {whole.memory:.0f} MB"
          f" of {MOST_MEMORY}; {whole.cpu / count * 1e6:.0f} s a million rows", flush=True)  # fmt: skip
    return whole


def main() -> None:
    """Measure every size; exit 1 where the memory or, at 100,000 rows, the time is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=SIZES)
    parser.add_argument("--distinct", action="store_true", help="every note in words of its own: the hardest case")
    given = parser.parse_args()
    for count in given.rows:
        work = Path(tempfile.mkdtemp(prefix="bench-build-"))
        try:
            measure(count, given.distinct, work)
        finally:
            shutil.rmtree(work)


if __name__ == "__main__":
    main()
