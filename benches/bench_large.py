"""What a dataset of a million reports takes on its way to Parquet and through the joins, beside the build itself.

The folder is made up in the shape of raw/. Every figure is of a process of its own, its start included: seconds on
the clock, seconds of processor, and the most memory it held.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from bench_build import BIN, HERE, SCRIPTS, Cost, run, run_ours
from bench_folder import WORKBOOK


def size(path: Path) -> float:
    """Return the size of a file, or of all files under a folder, in MB."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6


def measure(count: int, work: Path) -> tuple[dict[str, Cost], dict[str, float]]:
    """Return what each step cost, and the sizes (MB) of what there is then."""
    folder, steps, parquet = work / "folder", work / "steps", work / "parquet"
    # In a process of its own: the memory of this one would be counted with each that it starts.
    run(sys.executable, HERE / "bench_folder.py", folder, str(count))
    costs = {"extract, clean and build": run_ours(folder, steps)}
    costs["write Parquet"] = run(
        sys.executable, SCRIPTS / "write_parquet.py", folder, steps, steps / "clearview.db", parquet
    )
    costs["joins, DuckDB"] = run(sys.executable, SCRIPTS / "large" / "on_duckdb.py", parquet, work / "on_duckdb")
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    spark = (BIN / "spark-submit", "--master", "local[2]", "--conf", "spark.ui.showConsoleProgress=false")
    costs["joins, Spark local[2]"] = run(*spark, SCRIPTS / "large" / "on_spark.py", parquet, work / "on_spark")
    sizes = {
        "the spreadsheet": folder / WORKBOOK, "reports.csv": steps / "reports.csv",
        "clearview.db": steps / "clearview.db", "Parquet, all tables": parquet, "Parquet, reports": parquet / "reports",
    }  # fmt: skip
    return costs, {name: size(path) for name, path in sizes.items()}


def main() -> None:
    """Print the costs and the sizes as tables of docs/large.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-large-") as work:
        costs, sizes = measure(given.rows, Path(work))
    print(f"\n| {given.rows:,} reports | seconds | of processor | MB of memory |\n| --- | --: | --: | --: |")
    for name, cost in costs.items():
        print(f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.memory:.0f} |")
    print("\n| | MB |\n| --- | --: |")
    for name, megabytes in sizes.items():
        print(f"| {name} | {megabytes:.1f} |")


if __name__ == "__main__":
    main()
