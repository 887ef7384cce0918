"""Texts compared as the search compares them: the function plain() in SQL, and filters for parts of a text."""

from datasette import hookimpl
from datasette.filters import Filters
from datasette.utils import sqlite3

from service.search_entries import plain

LONGEST_TEXT = 33_000  # characters, of which a cell of a workbook holds fewer

for key in ("contains", "startswith", "endswith"):
    Filters._filters_by_key[key].sql_template = "plain({c}) like plain(:{p})"


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
