"""Texts compared as the search compares them: the function plain() in SQL, and filters for parts of a text."""

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.filters import Filters
from datasette.utils import escape_sqlite, sqlite3
from exports.site_words import WORDS

from service.grouped_order import list_indexed
from service.search_entries import plain

LONGEST_TEXT = 33_000  # characters, of which a cell of a workbook holds fewer
# Of a long table each value of an indexed column is looked at once, not again in each row that has it. The limit keeps
# SQLite from looking at the rows all the same.
AMONG_VALUES = "{column} in (select {column} from (select distinct {column} from {table} limit -1) where {compared})"

Clause = Callable[..., tuple[str, Any]]


def among_values(indexed: dict[str, set[str]], say: Clause) -> Clause:
    """Return a filter's way to say its condition, over the values of those columns of long tables that are indexed."""

    def where_clause(table: str, column: str, value: str, number: int) -> tuple[str, Any]:
        compared, param = say(table, column, value, number)
        if column not in indexed.get(table, ()):
            return compared, param
        names = {"column": escape_sqlite(column), "table": escape_sqlite(table)}
        return AMONG_VALUES.format(compared=compared, **names), param

    return where_clause


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Put the filters for parts of a text in place of Datasette's."""

    async def replace() -> None:
        indexed = await list_indexed(datasette.get_database(WORDS.database))
        for key in ("contains", "startswith", "endswith"):
            part = Filters._filters_by_key[key]
            part.sql_template = "plain({c}) like plain(:{p})"
            part.where_clause = among_values(indexed, type(part).where_clause.__get__(part))

    return replace


def fold(text: str | int | float | bytes | None) -> str | None:
    """Return a text in small Latin letters without accents; raises ValueError where it is too long."""
    if text is None:
        return None
    if isinstance(text, bytes) or len(str(text)) > LONGEST_TEXT:
        raise ValueError
    return plain(str(text))


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give SQL the function that orders and filters fold texts by."""
    conn.create_function("plain", 1, fold, deterministic=True)
