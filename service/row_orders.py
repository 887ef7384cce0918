"""The order of a table's rows by what a column means, and where in it a page begins, as SQL.

Names go without regard to case and accents, categories by their place in their list, searches by the lowest number
and then the highest. What is not known comes last in both directions; rows alike go by their key.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from datasette.utils import escape_sqlite

UNKNOWN = "not_stated"  # the category that says so
BEYOND = 2**62  # where a figure without an upper limit ends
NUMBERS = {"INTEGER", "REAL"}


class Key(NamedTuple):
    """One term of an order: an expression that is never null, and its direction."""

    sql: str
    descending: bool = False


class Column(NamedTuple):
    """What an order has to know of a column."""

    name: str
    type: str
    required: bool
    is_ascii: bool  # whether SQLite's own way to pass over case does for all of its texts, which is faster


class Category(NamedTuple):
    """The table whose rows a column names: its key, and the column that says their place or else their name."""

    table: str
    key: str
    by: str
    is_place: bool


def order_figures(columns: Sequence[str], descending: bool) -> list[Key]:
    """Return the order of figures from their lowest number, highest and estimate; an estimate alone is both."""
    low, high, about = (*map(escape_sqlite, columns), "null")[:3]
    first, last = f"coalesce({low}, {about}, iif({high} is null, null, 0))", f"coalesce({high}, {about}, {BEYOND})"
    unknown = f"{low} is null and {high} is null and {about} is null"
    return [Key(f"({unknown})"), Key(f"ifnull({first}, 0)", descending), Key(last, descending)]


def order_category(own: str, column: str, category: Category, descending: bool) -> list[Key]:
    """Return the order of a column of a table by the place of its category in its list, or the name of its row."""
    name, by = escape_sqlite(column), escape_sqlite(category.by)
    table, key = escape_sqlite(category.table), escape_sqlite(category.key)
    found = f"(select {by} from {table} as listed where listed.{key} = {escape_sqlite(own)}.{name})"
    key_of = f"ifnull({found}, 0)" if category.is_place else f"plain(ifnull({found}, ''))"
    return [Key(f"({name} is null or {name} = '{UNKNOWN}')"), Key(key_of, descending)]


def order_values(column: Column, descending: bool) -> list[Key]:
    """Return the order of numbers, or of texts without regard to case and accents."""
    name = escape_sqlite(column.name)
    if column.type.upper() in NUMBERS:
        unknown = [] if column.required else [Key(f"({name} is null)")]
        return [*unknown, Key(name if column.required else f"ifnull({name}, 0)", descending)]
    text = f"ifnull({name}, '') collate nocase" if column.is_ascii else f"plain(ifnull({name}, ''))"
    return [Key(f"({name} is null or {name} = '')"), Key(text, descending)]


def say_order(keys: Sequence[Key]) -> str:
    """Return the terms of an "order by"."""
    return ", ".join(f"{key.sql} desc" if key.descending else key.sql for key in keys)


def say_after(keys: Sequence[Key], row: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the condition that keeps the rows after one, and its parameters; row has its values as after_0 and on."""
    condition = ""
    for place, key in reversed(list(enumerate(keys))):
        beyond = f"{key.sql} {'<' if key.descending else '>'} :after_{place}"
        condition = f"({beyond} or ({key.sql} = :after_{place} and {condition}))" if condition else f"({beyond})"
    return condition, {f"after_{place}": row[f"after_{place}"] for place in range(len(keys))}
