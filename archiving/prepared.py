"""A second database for the browser, in which the places of rows in every order and the counts of facets stand ready.

It lies beside the copy of the record's own. Of each table it holds "TABLE rows": for each rowid its combination of the
facets' values (_combo), its place in the order of each column (_o0, _o1 and on; what is not known from BEYOND
on) and in that of the keys (_last); and "TABLE combos": each combination with how many rows have it (_n). The table
"folds" holds the texts beyond ASCII in plain letters.
"""

import sqlite3
from array import array
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette.utils import escape_sqlite

from service.search_entries import plain

BEYOND = 2**40
LARGE, SMALL_PAGE = 5_000_000, 1024  # bytes
Json = dict[str, Any]


def list_places(about: Json) -> dict[str, str]:
    """Return of each column that a table can be sorted by the name of its place; columns sorted alike share one."""
    names: dict[str, str] = {}
    for up, _ in about["orders"].values():
        names.setdefault(str(up), f"_o{len(names)}")
    return {column: names[str(up)] for column, (up, _) in about["orders"].items()}


def rank(db: sqlite3.Connection, name: str, terms: Iterable[str], unknown: str = "0") -> "array[int]":
    """Return the place of each row in an order, by rowid; rows alike share one."""
    sql = f"select dense_rank() over (order by {', '.join(terms)}) + ({unknown}) * {BEYOND} from {name} order by rowid"
    return array("q", (row[0] for row in db.execute(sql)))


def rank_column(db: sqlite3.Connection, name: str, orders: list[list[list[Any]]]) -> "array[int]":
    """Return the places of rows by one column; terms of the same direction up and down say what is not known."""
    up, down = orders
    unknown = [term for (term, direction), (_, turned) in zip(up, down, strict=True) if direction == turned]
    return rank(db, name, (term for term, _ in up), " + ".join(unknown) or "0")


def prepare_table(db: sqlite3.Connection, table: str, about: Json) -> None:
    """Write the places and combinations of one table."""
    name, rows, combos = map(escape_sqlite, (table, f"{table} rows", f"{table} combos"))
    facets = [escape_sqlite(column) for column in about["facets"]]
    found = {place: rank_column(db, name, about["orders"][column]) for column, place in about["places"].items()}
    found["_last"] = rank(db, name, map(escape_sqlite, about["keys"] or ["rowid"]))
    found["_combo"] = rank(db, name, facets) if facets else array("q", [1]) * len(found["_last"])
    ids = array("q", (row[0] for row in db.execute(f"select rowid from {name} order by rowid")))
    columns = ["_id integer primary key", *(f"{place} integer not null" for place in found)]
    db.execute(f"create table prepared.{rows} ({', '.join(columns)})")
    places = ", ".join("?" * (len(found) + 1))
    db.executemany(f"insert into prepared.{rows} values ({places})", zip(ids, *found.values(), strict=True))
    db.execute(f"""
        create table prepared.{combos} as select {", ".join(["_combo", *facets, "count(*) as _n"])}
        from prepared.{rows} join {name} on {name}.rowid = _id group by _combo
    """)


def fold_texts(db: sqlite3.Connection, tables: Json) -> None:
    """Write each text that is not wholly ASCII with its plain letters."""
    texts: set[str] = set()
    for table, about in tables.items():
        for column in [] if about["is_view"] else map(escape_sqlite, about["columns"]):
            found = db.execute(f"select distinct {column} from {escape_sqlite(table)} where {column} glob '*[^ -~]*'")
            texts.update(row[0] for row in found)
    db.execute("create table prepared.folds (text text primary key, plain text not null) without rowid")
    db.executemany("insert into prepared.folds values (?, ?)", ((text, plain(text)) for text in sorted(texts)))


def write_prepared(database: Path, tables: Json, path: Path) -> bytes:
    """Return the second database of a database and its tables (tables.json), made at a path."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        db.create_function("plain", 1, lambda text: None if text is None else plain(str(text)), deterministic=True)
        db.execute("attach ? as prepared", [str(path)])
        db.execute(f"pragma prepared.page_size = {SMALL_PAGE if database.stat().st_size < LARGE else 4096}")
        db.execute("begin")
        for table, about in tables.items():
            if not about["is_view"]:
                prepare_table(db, table, about)
        fold_texts(db, tables)
        db.commit()
        db.execute("vacuum prepared")
    body = path.read_bytes()
    path.unlink()
    return body
