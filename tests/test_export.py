"""The exported files hold every row, and no cell that a spreadsheet program would run."""

import csv
import json
import sqlite3
from pathlib import Path

from export import defuse, export, list_tables

ROOT = Path(__file__).resolve().parent.parent


def test_every_row_of_every_table_is_exported(tmp_path: Path) -> None:
    export(ROOT / "clearview.db", tmp_path)
    db = sqlite3.connect(ROOT / "clearview.db")
    db.row_factory = sqlite3.Row
    tables = list_tables(db)
    assert {"agencies", "claims", "coverage", "issues", "sources"} <= set(tables)
    for table in tables:
        rows = [dict(row) for row in db.execute(f"select * from [{table}]")]
        assert [json.loads(line) for line in (tmp_path / f"{table}.ndjson").open(encoding="utf-8")] == rows
        with (tmp_path / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            printed = list(csv.DictReader(file))
        assert printed == [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows]
    db.close()
    assert (tmp_path / "clearview.db").read_bytes() == (ROOT / "clearview.db").read_bytes()


def test_a_name_that_begins_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "clearview.db"
    path.write_bytes((ROOT / "clearview.db").read_bytes())
    db = sqlite3.connect(path)
    db.execute("""update agencies set name = '=HYPERLINK("x")' where id = 'xx-europol'""")
    db.commit()
    db.close()
    export(path, tmp_path / "exports")
    with (tmp_path / "exports" / "agencies.csv").open(newline="", encoding="utf-8") as file:
        names = {row["id"]: row["name"] for row in csv.DictReader(file)}
    assert names["xx-europol"] == """'=HYPERLINK("x")"""
    assert [defuse(value) for value in ("+1", "-1", "@x", -1, "1-5")] == ["'+1", "'-1", "'@x", -1, "1-5"]
