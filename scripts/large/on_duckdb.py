"""The joins of the cleaning in DuckDB, on this machine: Parquet files in, Parquet files out.

usage: on_duckdb.py PARQUET_DIR RESULTS_DIR

Reads what write_parquet.py wrote; writes reports by country, the cleaning log and agencies into a new folder.
"""

import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1, "memory_limit": "512MB", "partitioned_write_flush_threshold": 50_000,
    "autoinstall_known_extensions": False,
}  # fmt: skip


def join(parquet: Path, results: Path) -> None:
    """Write the reports, the log of changed cells, and what the reports say of each agency."""
    results.mkdir(parents=True)
    connection = duckdb.connect(config=LIMITS | {"temp_directory": str(results / "unfinished")})
    for folder in parquet.iterdir():
        connection.read_parquet(f"{folder}/**/*.parquet").create_view(folder.name)
    reports = connection.sql((HERE / "reports.sql").read_text("utf-8"))
    reports.write_parquet(str(results / "reports"), partition_by=["country"], compression="zstd")
    connection.read_parquet(f"{results}/reports/**/*.parquet").create_view("reports", replace=True)
    for table in ("cleaning_log", "agencies"):
        (results / table).mkdir()
        rows = connection.sql((HERE / f"{table}.sql").read_text("utf-8"))
        rows.write_parquet(str(results / table / "data_0.parquet"), compression="zstd")


def main() -> None:
    """Join the tables of one folder into another."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    join(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
