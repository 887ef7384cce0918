"""How long a build takes beside its peers, in one run; its limit is 3 times reading by calamine plus loading a CSV.

The folders are made up in the shape of raw/. Every figure is of a process of its own, its start included: seconds on
the clock, seconds of processor, and the most memory it held. The limit is held against the clock, of the best of some
rounds in turns, since other work on the machine can only slow a round; ours keeps two cores at work, the peers one. Of
ours, which is two processes at times, the memory is twice that of the larger one: no less than both held together.
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

from bench_folder import WORKBOOK

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parent / "scripts"
BIN = Path(sys.executable).parent
SIZES = (1_000, 10_000, 100_000, 1_000_000)
SLOW = 100_000  # peers that take minutes for a million rows are asked for no more than this
FACTOR, MOST_MEMORY = 3, 1024  # the limits: times the two fast peers, and MB
ROUNDS = 3
HELD = 100_000  # the number of rows at which the time is held against its limit
# Times as fast as the rows: linear but for sorting, and for the four indexes that only more than 150,000 reports have.
MOST_GROWTH = 1.25
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


def run(*command: str | Path, libraries: Path | None = None) -> Cost:
    """Run a command, with these libraries before the installed ones; return its cost; stop where it fails."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, (libraries, SCRIPTS))))}
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def run_fast_peers(workbook: Path, table: Path, work: Path) -> tuple[Cost, Cost]:
    """Return the cost of calamine's reading and of a plain loading."""
    (work / "peer.db").unlink(missing_ok=True)
    python = sys.executable
    return run(python, "-c", CALAMINE, workbook), run(python, "-c", LOAD_CSV, table, work / "peer.db")


def run_slow_peers(workbook: Path, table: Path, work: Path) -> dict[str, Cost]:
    """Return the cost of each other peer that is installed."""
    found = {"openpyxl, read only": run(sys.executable, "-c", OPENPYXL, workbook)}
    found["in2csv"] = run(BIN / "in2csv", "--no-inference", "--sheet", "Reports", workbook)
    found["sqlite-utils insert"] = run(BIN / "sqlite-utils", "insert", work / "u.db", "reports", table, "--csv")
    if (BIN / "csvs-to-sqlite").exists():
        found["csvs-to-sqlite"] = run(BIN / "csvs-to-sqlite", table, work / "c.db")
    return found


def run_ours(folder: Path, steps: Path) -> Cost:
    """Return the cost of the whole build, nothing of it made before."""
    shutil.rmtree(steps, ignore_errors=True)
    # Who only builds has no pandas and no numpy, which sqlite-utils loads where it finds them: a quarter of a second.
    libraries = steps.with_name("libraries")
    libraries.mkdir(exist_ok=True)
    for name in ("numpy", "pandas"):
        (libraries / f"{name}.py").write_text("raise ImportError", "utf-8")
    cost = run(sys.executable, SCRIPTS / "build.py", folder, steps, libraries=libraries)
    return Cost(cost.wall, cost.cpu, 2 * cost.memory)


def best(costs: list[Cost]) -> Cost:
    """Return the cost that took the least time on the clock."""
    return min(costs, key=lambda cost: cost.wall)


def measure(count: int, distinct: bool, work: Path) -> tuple[bool, float]:
    """Print peers, ours, limits and ratios for a number of rows; return whether ours keeps them, and its seconds."""
    folder, steps = work / "folder", work / "steps"
    # In a process of its own: the memory of this one would be counted with each that it starts.
    run(sys.executable, HERE / "bench_folder.py", folder, str(count), *(["--distinct"] if distinct else []))
    workbook = folder / WORKBOOK
    rounds = [(run_ours(folder, steps), *run_fast_peers(workbook, steps / "reports.csv", work)) for _ in range(ROUNDS)]
    ours, calamine, loading = (best(list(costs)) for costs in zip(*rounds, strict=True))
    peers = {"python-calamine": calamine, "csv + executemany": loading}
    peers |= run_slow_peers(workbook, steps / "reports.csv", work) if count <= SLOW else {}
    if count <= SLOW:
        run(sys.executable, HERE / "bench_folder.py", work / "formatted", str(count), "--formatted")
        peers["ours, through openpyxl"] = run_ours(work / "formatted", work / "other")
    check = run(sys.executable, SCRIPTS / "check.py", steps / "clearview.db")
    print(f"\n{count:,} rows{', each with words of its own' if distinct else ''}")
    for name, cost in {**peers, "ours, the whole build": ours, "then check.py": check}.items():
        print(f"  {name:22} {cost.wall:8.2f} s   {cost.cpu:8.2f} s of processor   {cost.memory:6.0f} MB")
    if count > SLOW:
        print("  the slower peers take minutes here and are left out")
    limit = FACTOR * (calamine.wall + loading.wall)
    of_processor = ours.cpu / (FACTOR * (calamine.cpu + loading.cpu))
    print(f"  limit {limit:.2f} s: ours is {ours.wall / limit:.2f} of it ({of_processor:.2f} by seconds of processor);"
          f" memory {ours.memory:.0f} MB of {MOST_MEMORY}; {ours.wall / count * 1e6:.0f} s a million rows",
          flush=True)  # fmt: skip
    return ours.memory <= MOST_MEMORY and (count != HELD or distinct or ours.wall <= limit), ours.wall


def main() -> None:
    """Measure every size; exit 1 where memory, the time of 100,000 rows, or its growth from there is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=SIZES)
    parser.add_argument("--distinct", action="store_true", help="every note in words of its own: the hardest case")
    given = parser.parse_args()
    kept, seconds = True, {}
    for count in given.rows:
        with tempfile.TemporaryDirectory(prefix="bench-build-") as work:
            keeps, seconds[count] = measure(count, given.distinct, Path(work))
            kept &= keeps
    if HELD in seconds:
        largest = max(seconds)
        growth = seconds[largest] / seconds[HELD] / (largest / HELD)
        print(f"\nfrom {HELD:,} to {largest:,} rows the time grows {growth:.2f} times as fast as the rows")
        kept &= growth <= MOST_GROWTH
    sys.exit(not kept)


if __name__ == "__main__":
    main()
