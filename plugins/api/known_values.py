"""Values that a filter names of a column: a misspelt one is told, with those that there are, never answered by no rows.

Only columns whose values are a list are looked at: categories and other keys, and those that a page counts.
"""

import json
from collections.abc import Awaitable, Callable

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import escape_sqlite
from datasette.utils.asgi import BadRequest, Request

from service.facet_values import chosen_values, split_values
from service.list_columns import is_list, select_values

MOST_TOLD = 40  # values named in a refusal
ONE, SEVERAL = {"exact", "not"}, {"in", "notin"}


async def find_list(datasette: Datasette, database: Database, table: str, column: str) -> tuple[str, str, str] | None:
    """Return the table that lists a column's values, its key and the words for it; None for a column of any values."""
    for key in await database.foreign_keys_for_table(table):
        if key["column"] == column:
            about = datasette.table_metadata(database.name, key["other_table"])
            return key["other_table"], key["other_column"], about.get("label_column") or key["other_column"]
    facets = datasette.table_metadata(database.name, table).get("facets") or []
    return (table, column, column) if column in facets else None


async def tell_values(database: Database, source: tuple[str, str, str]) -> str:
    """Return the values that there are as words: CA (Canada), GB (United Kingdom)."""
    table, (key, label) = select_values(*source[:2]), map(escape_sqlite, source[1:])
    sql = f"select distinct {key} as value, {label} as label from {table} where {key} is not null limit {MOST_TOLD + 1}"
    rows = (await database.execute(sql)).rows
    told = [str(row["value"]) if row["value"] == row["label"] else f"{row['value']} ({row['label']})" for row in rows]
    return f"the values are {', '.join(told)}" if len(told) <= MOST_TOLD else f"{source[0]} lists the values"


async def check_values(datasette: Datasette, database: Database, table: str, request: Request) -> None:
    """Refuse a value that a column cannot have, and two of which a row could have one alone."""
    for name in request.args:
        column, _, operator = name.rpartition("__") if "__" in name else (name, "", "exact")
        if (name.startswith("_") and "__" not in name) or operator not in ONE | SEVERAL:
            continue
        given = request.args.getlist(name)
        values = {value for text in given for value in (split_values(text) if operator in SEVERAL else [text])}
        source = await find_list(datasette, database, table, column)
        if source is None:
            continue
        own, key = select_values(*source[:2]), escape_sqlite(source[1])
        sql = f"select {key} from {own} where {key} in (select value from json_each(:values))"
        known = {str(row[0]) for row in await database.execute(sql, {"values": json.dumps(sorted(values))})}
        for value in sorted(values - known - {""}):
            raise BadRequest(f"no {column} “{value[:100]}” here; {await tell_values(database, source)}")
    refuse_contradictions(request, table)


def refuse_contradictions(request: Request, table: str) -> None:
    """Refuse one column asked to be each of several values, where any of them was meant."""
    pairs = [(name, value) for name in request.args for value in request.args.getlist(name)]
    for name in request.args:
        values, column = request.args.getlist(name), name.removesuffix("__exact")
        is_filter = not name.startswith("_") and "__" not in column and not is_list(table, column)
        if is_filter and len(set(values)) > 1 and not chosen_values(pairs, column):
            raise BadRequest(f"no row has more than one {column}; ask for {column}__in={','.join(values)}")


@hookimpl
def filters_from_request(
    datasette: Datasette, database: str, table: str, request: Request
) -> Callable[[], Awaitable[None]]:
    """Return the check, which adds no filter of its own."""
    return lambda: check_values(datasette, datasette.get_database(database), table, request)
