"""Views of tables drawn at random with a seed: filters, several values, orders, searches, pages."""

import random
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

WORDS = ["police", "toronto", "Kanada", "admitted", "federal", "2020", "o'", '"royal', "the force", "ministry"]
TESTS = ["", "", "", "in", "in", "not", "notin", "contains", "startswith", "endswith", "gt", "lte", "like",
         "isblank", "notblank", "isnull"]  # fmt: skip
TABLES = ("agencies", "reports", "sources", "cleaning_log", "regulatory_actions", "coverage", "countries")


def draw_views(database: Path, contract: dict[str, Any], seed: int, count: int) -> list[str]:
    """Return the addresses of so many views, each chosen among the tables' own columns and values."""
    chance = random.Random(seed)
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [draw_view(chance, db, contract) for _ in range(count)]
    finally:
        db.close()


def draw_view(chance: random.Random, db: sqlite3.Connection, contract: dict[str, Any]) -> str:
    """Return the address of one view."""
    name = chance.choice([one for one in TABLES if not contract["tables"][one]["is_uncounted"]])
    table = contract["tables"][name]
    pairs = [pair for _ in range(chance.choice([0, 1, 1, 2, 3])) for pair in draw_filter(chance, db, name, table)]
    if table["search"] and chance.random() < 0.25:
        pairs.append(("_search", chance.choice(WORDS)))
    if chance.random() < 0.6:
        pairs.append((chance.choice(["_sort", "_sort_desc"]), chance.choice(table["columns"])))
    if chance.random() < 0.3:
        pairs.append(("_size", str(chance.choice([1, 7, 20]))))
    if chance.random() < 0.15:
        pairs.append(("_facet", chance.choice(table["columns"])))
    if chance.random() < 0.1:
        pairs.append(("_facet_size", chance.choice(["3", "max"])))
    if chance.random() < 0.1 and table["keys"]:
        pairs += [("_col", column) for column in chance.sample(table["columns"], 2)]
    if chance.random() < 0.5:
        pairs.append(("_labels", "on"))
    return f"/clearview/{name}.json?{urlencode([*pairs, ('_shape', 'objects')])}"


def draw_filter(
    chance: random.Random, db: sqlite3.Connection, name: str, table: dict[str, Any]
) -> list[tuple[str, str]]:
    """Return a filter by a column, mostly with a value that stands there."""
    facets = table["facets"] if chance.random() < 0.6 else []
    column = chance.choice(facets or table["columns"])
    found = [row[0] for row in db.execute(f'select distinct "{column}" from "{name}" order by 1')]
    values = [str(value) for value in found if value not in (None, "")] or ["none"]
    value = chance.choice(values)
    test = chance.choice(TESTS)
    if test in ("in", "notin"):
        some = chance.sample(values, min(len(values), chance.choice([2, 3])))
        return [(f"{column}__{test}", ",".join(some))]
    if test in ("contains", "startswith", "endswith"):
        return [(f"{column}__{test}", value[:4].upper())]
    if test in ("isblank", "notblank", "isnull"):
        return [(f"{column}__{test}", "1")]
    return [(f"{column}__{test}" if test else column, value)]
