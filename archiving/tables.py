"""What the browser has to know of each table to answer for it as the site does: columns, orders, facets, labels."""

from collections.abc import Container
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.filters import Filters, TemplatedFilter
from datasette.utils import escape_sqlite
from exports.site_words import WORDS

from archiving.prepared import list_places
from service.list_columns import is_list
from service.row_orders import Key
from service.sql_schema import read_schema
from service.table_order import order_column

DATABASE = WORDS.database
PAGES = Path(__file__).resolve().parents[1] / "plugins" / "pages" / "sql"
# The kinds that a search finds, with the query for what stands beside them.
FOUND = {"agency": "agencies", "source": "sources", "regulatory_action": "regulatory_actions"}
COMPARED = {"sum": "country_sum", "dates": "compared_dates", "responses": "compared_responses"}
Json = dict[str, Any]


def list_tests() -> list[Json]:
    """Return the tests that a filter can make of a column, as SQL with {c}, {p} and {t}."""
    return [
        {
            "key": test.key,
            "display": test.display,
            "no_argument": test.no_argument,
            **(
                {"sql": test.sql_template, "format": test.format, "numeric": test.numeric}
                if isinstance(test, TemplatedFilter)
                else {}
            ),
        }
        for test in Filters._filters
    ]


def write_keys(keys: list[Key]) -> list[list[Any]]:
    """Return the terms of an order as pairs of SQL and whether the direction is down."""
    return [[key.sql, key.descending] for key in keys]


async def describe_orders(datasette: Datasette, table: str, columns: list[str]) -> Json:
    """Return the order by each column, up and down."""
    database = datasette.get_database(DATABASE)
    return {
        column: [
            write_keys(await order_column(datasette, database, table, column, descending=descending))
            for descending in (False, True)
        ]
        for column in columns
    }


async def describe_table(datasette: Datasette, name: str, large: Container[str]) -> Json:
    """Return a table or view as the browser needs it; the rows of a large view are not counted."""
    database = datasette.get_database(DATABASE)
    about = datasette.table_metadata(DATABASE, name)
    columns = await database.table_columns(name)
    is_view = not await database.table_exists(name)
    keys = await database.primary_keys(name)
    searched = await database.fts_table(name)
    links = await database.foreign_keys_for_table(name)
    is_uncounted = is_view and name in large
    told = {
        "title": about.get("title") or name,
        "headings": about.get("plugins", {}).get("pages", {}).get("columns", {}),
        "columns": columns,
        "keys": keys,
        "is_view": is_view,
        "is_uncounted": is_uncounted,
        "facets": [] if is_uncounted else about.get("facets") or [],
        "lists": [column for column in columns if is_list(name, column)],
        "facet_size": about.get("facet_size") or datasette.setting("default_facet_size"),
        "size": about.get("size") or datasette.page_size,
        "sort": about.get("sort"),
        "sort_desc": about.get("sort_desc"),
        "search": searched,
        "searched": await database.table_columns(searched) if searched else [],
        "links": {
            link["column"]: [
                link["other_table"],
                link["other_column"],
                await database.label_column_for_table(link["other_table"]),
            ]
            for link in links
        },
        "orders": {} if is_view else await describe_orders(datasette, name, columns if keys else [*columns, "rowid"]),
        "meanings": bool(about.get("columns")),
    }
    return told | {"places": list_places(told)}


async def list_names(datasette: Datasette) -> list[str]:
    """Return the names of the tables and views that readers see."""
    database = datasette.get_database(DATABASE)
    hidden = set(await database.hidden_table_names())
    return [name for name in [*await database.table_names(), *await database.view_names()] if name not in hidden]


async def find_large(datasette: Datasette, most: int, is_large: bool) -> list[str]:
    """Return the tables of more rows than so many, and all views of a large database: counting them takes minutes."""
    database = datasette.get_database(DATABASE)
    found = list(await database.view_names()) if is_large else []
    for name in await database.table_names():
        if (await database.execute(f"select 1 from {escape_sqlite(name)} limit 1 offset {most}")).rows:
            found.append(name)
    names = await list_names(datasette)
    return [name for name in names if name in found]


async def read_contract(datasette: Datasette, large: Container[str]) -> Json:
    """Return tables, tests, questions, limits, and the SQL of what stands beside a result of the search."""
    database = datasette.get_database(DATABASE)
    questions = await datasette.get_canned_queries(DATABASE, None)
    marked = (await database.execute(WORDS.sql((PAGES / "marked_agencies.sql").read_text("utf-8")))).rows
    return {
        "tables": {name: await describe_table(datasette, name, large) for name in await list_names(datasette)},
        "tests": list_tests(),
        "questions": {
            name: {"title": about.get("title") or name, "sql": about["sql"], "params": about.get("params") or []}
            for name, about in questions.items()
        },
        "marked": {row[key]: row["use_label"] for row in marked for key in ("id", "name")},
        "most_rows": datasette.max_returned_rows,
        "found": {kind: WORDS.sql((PAGES / f"found_{name}.sql").read_text("utf-8")) for kind, name in FOUND.items()},
        "compared": {key: WORDS.sql((PAGES / f"{name}.sql").read_text("utf-8")) for key, name in COMPARED.items()},
        "schema": await read_schema(datasette, {row["id"]: row["use_label"] for row in marked}),
    }
