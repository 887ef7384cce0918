"""What the browser has to know of each table to answer for it as the site does: columns, orders, facets, labels."""

from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.filters import Filters, TemplatedFilter
from datasette.utils import escape_sqlite
from exports.site_words import WORDS

from service.list_columns import is_list
from service.row_orders import Key
from service.sql_schema import read_schema
from service.table_order import order_column

DATABASE = WORDS.database
PAGES = Path(__file__).resolve().parents[1] / "plugins" / "pages" / "sql"
# The kinds that a search finds, with the query for what stands beside them.
FOUND = {"agency": "agencies", "source": "sources", "regulatory_action": "regulatory_actions"}
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


async def describe_table(datasette: Datasette, name: str) -> Json:
    """Return a table or view as the browser needs it."""
    database = datasette.get_database(DATABASE)
    about = datasette.table_metadata(DATABASE, name)
    columns = await database.table_columns(name)
    is_view = not await database.table_exists(name)
    keys = await database.primary_keys(name)
    searched = await database.fts_table(name)
    links = await database.foreign_keys_for_table(name)
    return {
        "title": about.get("title") or name,
        "headings": about.get("plugins", {}).get("pages", {}).get("columns", {}),
        "columns": columns,
        "keys": keys,
        "is_view": is_view,
        "facets": about.get("facets") or [],
        "figure": WORDS.sql("searches"),
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


def list_indexes(tables: Json) -> list[str]:
    """Return the indexes that spare the browser to spell every name anew for the order in which a table opens."""
    found = []
    for name, table in tables.items():
        column = table["sort"] or table["sort_desc"]
        terms = [sql for sql, _ in table["orders"].get(column, [[]])[0]]
        if any("plain(" in sql and "select" not in sql for sql in terms):
            table["indexed"] = column if table["sort"] else None
            found.append(f"create index order_of_{name} on {escape_sqlite(name)} ({', '.join(terms)})")
    return found


async def read_contract(datasette: Datasette) -> Json:
    """Return tables, tests, questions, limits, and the SQL of what stands beside a result of the search."""
    database = datasette.get_database(DATABASE)
    hidden = set(await database.hidden_table_names())
    names = [name for name in [*await database.table_names(), *await database.view_names()] if name not in hidden]
    questions = await datasette.get_canned_queries(DATABASE, None)
    marked = (await database.execute(WORDS.sql((PAGES / "marked_agencies.sql").read_text("utf-8")))).rows
    tables = {name: await describe_table(datasette, name) for name in names}
    return {
        "tables": tables,
        "indexes": list_indexes(tables),
        "tests": list_tests(),
        "questions": {
            name: {"title": about.get("title") or name, "sql": about["sql"], "params": about.get("params") or []}
            for name, about in questions.items()
        },
        "marked": {row[key]: row["use_label"] for row in marked for key in ("id", "name")},
        "most_rows": datasette.max_returned_rows,
        "found": {kind: WORDS.sql((PAGES / f"found_{name}.sql").read_text("utf-8")) for kind, name in FOUND.items()},
        "schema": await read_schema(datasette, {row["id"]: row["use_label"] for row in marked}),
    }
