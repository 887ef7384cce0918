"""The database as whole files: CSV and JSON lines for each table and view, and the database itself.

usage: export.py DATABASE EXPORTS_DIR
"""

import csv
import json
import shutil
import sqlite3
import sys
from pathlib import Path

# A spreadsheet program runs a cell that begins like this; a quotation mark before it keeps it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def defuse(value: object) -> object:
    """Return the value, with a ' before a text that a spreadsheet program would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def list_tables(db: sqlite3.Connection) -> list[str]:
    """Return the tables and views a reader knows, without those behind the search index."""
    sql = "select name from sqlite_master where type in ('table', 'view') and name not like '%!_fts%' escape '!'"
    return sorted(row[0] for row in db.execute(sql))


def export_table(db: sqlite3.Connection, table: str, folder: Path) -> int:
    """Write TABLE.csv and TABLE.ndjson, every row and column; return the number of rows."""
    cursor = db.execute(f"select * from [{table}]")
    columns = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([defuse(value) for value in row] for row in rows)
    with (folder / f"{table}.ndjson").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)
    return len(rows)


def export(path: Path, folder: Path) -> None:
    """Write all files and print what each holds."""
    folder.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for table in list_tables(db):
        print(f"{table}.csv, {table}.ndjson: {export_table(db, table, folder):,} rows")
    db.close()
    shutil.copyfile(path, folder / "clearview.db")
    print(f"clearview.db: {path.stat().st_size:,} bytes")


def main() -> None:
    """Export a database, or say how to."""
    if len(sys.argv) != 3 or not Path(sys.argv[1]).is_file():
        sys.exit(__doc__)
    export(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
