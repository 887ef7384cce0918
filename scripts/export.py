"""The database as whole files, each with all rows, and what says what is in them.

usage: export.py DATABASE EXPORTS_DIR

CSV, JSON lines and Parquet of each table and view, one workbook, the agencies as GeoJSON, the database itself,
datapackage.json and csv-metadata.json. The same database gives the same bytes. Rows are written as they are read, so
that a million need no more memory than a few.
"""

import csv
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
from dataset.problems import Problems, exit_with
from exports.data_dictionary import Table, open_database, read_dictionary
from exports.descriptors import describe_csv, describe_package
from exports.features import as_feature
from exports.formulas import defuse
from exports.site_words import WORDS
from exports.workbook import MOST_ROWS, Row, write_workbook
from tqdm import tqdm

PARQUET_TYPES = {"text": "varchar", "integer": "bigint", "real": "double"}


def read_rows(db: sqlite3.Connection, table: Table, form: str) -> Iterator[Row]:
    """Yield every row of a table, in the order of the database; what takes long shows how far it is."""
    with tqdm(desc=f"{table.name}.{form}", total=table.rows, unit=" rows", delay=2, disable=None) as bar:
        for row in db.execute(f"select * from [{table.name}]"):
            yield row
            bar.update()


def as_objects(table: Table, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield the rows with the columns' names."""
    names = [column.name for column in table.columns]
    return (dict(zip(names, row, strict=True)) for row in rows)


def write_csv(table: Table, rows: Iterable[Row], folder: Path) -> None:
    """Write TABLE.csv in UTF-8, formulas defused; an empty cell is no value or an empty text."""
    with (folder / f"{table.name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.columns])
        writer.writerows([defuse(value) for value in row] for row in rows)


def write_json_lines(table: Table, rows: Iterable[Row], folder: Path) -> None:
    """Write TABLE.ndjson, one object a line."""
    with (folder / f"{table.name}.ndjson").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in as_objects(table, rows))


def write_parquet(table: Table, folder: Path) -> None:
    """Write TABLE.parquet from TABLE.ndjson, with the database's types; one thread, so that the bytes are the same."""
    columns = {column.name: PARQUET_TYPES[column.type] for column in table.columns}
    with duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False}) as connection:
        rows = connection.read_json(str(folder / f"{table.name}.ndjson"), columns=columns, format="newline_delimited")
        rows.write_parquet(str(folder / f"{table.name}.parquet"), compression="zstd")


def write_geojson(table: Table, rows: Iterable[Row], folder: Path) -> None:
    """Write the agencies as TABLE.geojson."""
    features = [as_feature(row) for row in as_objects(table, rows)]
    write_json({"type": "FeatureCollection", "features": features}, folder / f"{table.name}.geojson")


def write_json(content: dict[str, Any], path: Path) -> None:
    """Write a JSON file that a person can read."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def export(path: Path, folder: Path) -> None:
    """Write all files and print what each holds; raises Problems where a column is not described."""
    folder.mkdir(parents=True, exist_ok=True)
    db = open_database(path)
    tables = read_dictionary(db)
    for table in tables:
        write_csv(table, read_rows(db, table, "csv"), folder)
        write_json_lines(table, read_rows(db, table, "ndjson"), folder)
        write_parquet(table, folder)
        print(f"{table.name}.csv, .ndjson, .parquet: {table.rows:,} rows")
    agencies = next(table for table in tables if table.name == "agencies")
    write_geojson(agencies, read_rows(db, agencies, "geojson"), folder)
    short = [table for table in tables if table.rows <= MOST_ROWS]
    write_workbook(
        tables, {table.name: [*read_rows(db, table, "xlsx")] for table in short}, folder / f"{WORDS.database}.xlsx"
    )
    shutil.copyfile(path, folder / f"{WORDS.database}.db")
    write_json(describe_csv(tables), folder / "csv-metadata.json")
    write_json(describe_package(db, tables, folder), folder / "datapackage.json")
    db.close()
    print(f"agencies.geojson, {WORDS.database}.xlsx, {WORDS.database}.db, csv-metadata.json, datapackage.json")


def main() -> None:
    """Export a database, or say how to."""
    if len(sys.argv) != 3 or not Path(sys.argv[1]).is_file():
        sys.exit(__doc__)
    try:
        export(Path(sys.argv[1]), Path(sys.argv[2]))
    except Problems as found:
        exit_with(found.problems)


if __name__ == "__main__":
    main()
