"""What each table and column is: names, types and keys from the database, words from metadata.yml."""

import os
import re
import sqlite3
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

from dataset.problems import Problem, Problems
from lookups.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
METADATA = Path(os.environ.get("CLEARVIEW_METADATA") or ROOT / "metadata.yml")
CITATION = ROOT / "CITATION.cff"
LOG = "cleaning_log"
TYPES = {"text", "integer", "real"}


@dataclass(frozen=True)
class Column:
    """A column: its type in SQLite (text, integer or real), what it means, whether every cell must hold something."""

    name: str
    type: str
    description: str
    required: bool


@dataclass(frozen=True)
class Reference:
    """A foreign key: the column here, and the table and column it points to."""

    column: str
    table: str
    key: str


class Values(NamedTuple):
    """What a column holds: its types in SQLite, null apart, and how many cells are null or an empty text."""

    types: set[str]
    empty: int


@dataclass(frozen=True)
class Table:
    """A table or view as a reader knows it, with its number of rows."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    references: tuple[Reference, ...]
    rows: int


def open_database(path: Path) -> sqlite3.Connection:
    """Return a connection that only reads."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def read_metadata() -> dict[str, Any]:
    """Return metadata.yml; its part on this database is under databases, by the name of it."""
    metadata: dict[str, Any] = read_yaml(METADATA)
    return metadata


def read_citation() -> dict[str, Any]:
    """Return CITATION.cff: title, abstract, authors, keywords and licence of the data."""
    citation: dict[str, Any] = read_yaml(CITATION)
    words = read_metadata()
    if own := words["plugins"].get("site"):
        # The site of another spreadsheet has its own title; who made this one's is not to be cited for it.
        citation |= {"title": words["title"], "abstract": f"{own['description']} {own['notice']}".strip()}
        citation |= {"authors": [{"name": own["keeper"]}], "license": words["license"], "keywords": [], "message": ""}
    return citation


def as_plain_text(html: str) -> str:
    """Return the words of a description without its tags, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def list_tables(db: sqlite3.Connection) -> list[str]:
    """Return the tables and views that a reader may know, without those behind the search index."""
    sql = "select name from sqlite_master where type in ('table', 'view') and name not like '%!_fts%' escape '!'"
    return sorted(row[0] for row in db.execute(sql))


def read_dictionary(db: sqlite3.Connection) -> list[Table]:
    """Return every table in the order of metadata.yml; raises Problems where the two do not agree.

    The log of a large list is left out: it is a view of many times the rows of its reports, joined anew for each.
    """
    (described,) = read_metadata()["databases"].values()
    hidden = {name for name, words in described["tables"].items() if words.get("hidden")}
    told = {name: words for name, words in described["tables"].items() if name not in hidden}
    if lost := set(told) ^ (set(list_tables(db)) - hidden):
        raise Problems(complain(name, "", "a table of the database needs an entry, and no other does") for name in lost)
    views = {name for (name,) in db.execute("select name from sqlite_master where type = 'view'")}
    return [read_one(db, name, words) for name, words in told.items() if (name != LOG or name not in views)]


def count_rows(db: sqlite3.Connection) -> dict[str, int]:
    """Return the number of rows of the tables that say how large a dataset is."""
    tables = ("agencies", "reports", "sources")
    return {table: db.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}


def read_one(db: sqlite3.Connection, name: str, words: dict[str, Any]) -> Table:
    """Return a table with its columns, keys and words; raises Problems where a column has no words."""
    found = db.execute(f"pragma table_info([{name}])").fetchall()
    names = [column[1] for column in found]
    if lost := set(names) ^ set(words["columns"]):
        raise Problems(complain(name, column, "a column needs one description, and no other does") for column in lost)
    held = look_at_values(db, name, names)
    columns = [
        Column(
            column,
            find_type(name, column, declared, held[column].types),
            words["columns"][column],
            bool(demanded or place) and not held[column].empty,
        )
        for _, column, declared, demanded, _, place in found
    ]
    keys = sorted((place, column) for _, column, _, _, _, place in found if place)
    references = [
        Reference(column, table, key)
        for _, _, table, column, key, *_ in db.execute(f"pragma foreign_key_list([{name}])")
    ]
    return Table(
        name,
        words["title"],
        as_plain_text(words.get("description_html") or words["description"]),
        tuple(columns),
        tuple(column for _, column in keys),
        tuple(sorted(references, key=lambda reference: names.index(reference.column))),
        db.execute(f"select count(*) from [{name}]").fetchone()[0],
    )


def look_at_values(db: sqlite3.Connection, table: str, columns: list[str]) -> dict[str, Values]:
    """Return what the columns of a table hold, read once for all of them."""
    asked = ", ".join(
        f"group_concat(distinct typeof([{name}])), total([{name}] is null or [{name}] = '')" for name in columns
    )
    (found,) = db.execute(f"select {asked} from [{table}]").fetchall()
    return {
        name: Values(set((types or "").split(",")) - {"null", ""}, int(empty))
        for name, types, empty in zip(columns, found[::2], found[1::2], strict=True)
    }


def find_type(table: str, column: str, declared: str, stored: set[str]) -> str:
    """Return the declared type, or for a computed column of a view the one type of its values (text without any)."""
    types = {declared.lower()} if declared else stored or {"text"}
    if len(types) != 1 or not types <= TYPES or not stored <= types:
        raise Problems([complain(table, column, f"holds {sorted(stored)}; a column has one type of {sorted(TYPES)}")])
    return types.pop()


def complain(table: str, column: str, advice: str) -> Problem:
    """Return the fault of one table or column."""
    return Problem("metadata.yml", sheet=table, column=column, advice=advice)
