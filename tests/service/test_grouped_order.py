"""A long table in the order of an indexed column: page by page the same rows as all of them in that order at once."""

import sqlite3
from itertools import product

import pytest

from service.grouped_order import Asked, say_grouped
from service.row_orders import Category, Column, Key, order_category, order_figures, order_values, say_order
from service.search_entries import plain
from service.table_order import Order

PAGE = 3
NAMES = ("Åland", "aland", "Bern", "bern", "Zürich", "Ütliberg", "100", "")
ORDERS = {
    "name": lambda down: order_values(Column("name", "TEXT", False, False), down),
    "place": lambda down: order_category("reports", "place", Category("places", "id", "sort", True), down),
    "low": lambda down: order_figures(["low", "high"], down),
}


@pytest.fixture(scope="module")
def db() -> sqlite3.Connection:
    """Return a table with names alike but for case and accents, categories, open figures, and cells without a value."""
    db = sqlite3.connect(":memory:")
    db.create_function("plain", 1, plain, deterministic=True)
    db.executescript("""
        create table places (id text primary key, sort integer);
        insert into places values ('a', 3), ('b', 1), ('c', 1), ('not_stated', 0);
        create table reports (no integer primary key, name text, place text, low integer, high integer);
    """)
    names, places, figures = (*NAMES, None), ("a", "b", "c", "not_stated"), ((None, None), (1, 9), (1, None), (None, 4))
    rows = [(name, place, *figure) for figure, place, name in product(figures, places, names)]
    db.executemany("insert into reports values (?, ?, ?, ?, ?)", [(n * 7 % 997, *row) for n, row in enumerate(rows, 1)])
    for name, columns in {"name": "name", "place": "place", "low": "low, high"}.items():
        db.execute(f"create index reports_{name} on reports ({columns})")
    return db


def read_pages(db: sqlite3.Connection, where: str, order: Order, column: str) -> list[int]:
    """Return the numbers of all rows, read a page at a time as the site does."""
    numbers: list[int] = []
    terms = ", ".join(key.sql for key in order.keys)
    while True:
        after: dict[str, object] = {}
        if numbers:
            (row,) = db.execute(f"select {terms} from reports where no = ?", [numbers[-1]]).fetchall()
            after = {f"after_{place}": value for place, value in enumerate(row)}
        asked = Asked("no", where, PAGE + 1, bool(numbers))
        found = [no for (no,) in db.execute(say_grouped(asked, order, f"reports_{column}"), after)]
        numbers += found[:PAGE]
        if len(found) <= PAGE:
            return numbers


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("where", ["", "place = 'b'", "name <> 'bern' or low = 1"])
@pytest.mark.parametrize("column", list(ORDERS))
def test_pages_hold_every_row_once_in_its_place(db: sqlite3.Connection, column: str, where: str, down: bool) -> None:
    keys = [*ORDERS[column](down), Key("no")]
    order = Order("reports", column, keys, ["no"], ["low", "high"] if column == "low" else [column])
    sql = f"select no from reports {f'where {where}' if where else ''} order by {say_order(keys)}"
    expected = [no for (no,) in db.execute(sql)]
    assert len(expected) > 10 * PAGE
    assert read_pages(db, where, order, column) == expected
