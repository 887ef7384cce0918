"""Columns whose cells are lists in JSON: a filter by values keeps the rows that have one of them, a count counts each.

technology=Fixed and technology__in=Fixed,Mobile are asked as country=CA and country__in=CA,GB are.
"""

import json
from collections.abc import Callable
from typing import Any

from datasette.filters import Filters
from datasette.utils import escape_sqlite
from exports.data_dictionary import read_metadata
from exports.site_words import WORDS

from service.facet_values import split_values

NEGATED = ("not", "notin")
SEVERAL = ("in", "notin")
Clause = Callable[[str, str, str, int], tuple[str, Any]]


def read_lists() -> dict[str, list[str]]:
    """Return the columns of lists by table, as the words of the site name them."""
    tables = read_metadata()["databases"][WORDS.database]["tables"]
    return {name: (about.get("plugins") or {}).get("pages", {}).get("lists", []) for name, about in tables.items()}


LISTS = read_lists()


def is_list(table: str, column: str) -> bool:
    """Return whether the cells of a column are lists."""
    return column in LISTS.get(table, ())


def read_list(text: str) -> list[str]:
    """Return the values of a cell that is a list."""
    return [str(value) for value in json.loads(text)]


def select_values(table: str, column: str) -> str:
    """Return where the values of a column are in SQL, under the column's name: of lists, one by one."""
    own, name = escape_sqlite(table), escape_sqlite(column)
    return f"(select value as {name} from {own}, json_each({own}.{name}))" if is_list(table, column) else own


def look_into_lists(key: str, clause: Clause) -> Clause:
    """Return the condition of a test that looks at each value of a list; that of any other column stays as it is."""

    def write(table: str, column: str, value: str, count: int) -> tuple[str, Any]:
        if not is_list(table, column):
            return clause(table, column, value, count)
        values = split_values(value) if key in SEVERAL else [value]
        places = ", ".join(f":p{count + place}" for place in range(len(values)))
        found = f"json_each({escape_sqlite(table)}.{escape_sqlite(column)}) where value in ({places})"
        return f"{'not ' if key in NEGATED else ''}exists (select 1 from {found})", values

    return write


def teach_filters() -> None:
    """Make Datasette's tests by values look into lists."""
    for test in Filters._filters:
        if test.key in ("exact", "not", *SEVERAL):
            test.where_clause = look_into_lists(test.key, test.where_clause)
