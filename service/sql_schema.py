"""What there is to ask in SQL: tables with their columns, meanings, rows and joins, values of categories, functions."""

from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from lookups.yaml_files import read_yaml

from service.api_tables import DATABASE, plain
from service.list_columns import is_list

Json = dict[str, Any]
FUNCTIONS: dict[str, tuple[str, str]] = read_yaml(Path(__file__).parent / "sql_functions.yml")
COUNTING = 500  # milliseconds
MOST_VALUES = 300  # of a category; a column with more is no category


async def list_columns(datasette: Datasette) -> dict[str, list[str]]:
    """Return the columns of each table and view that readers may ask, in the order of metadata.yml."""
    db = datasette.get_database(DATABASE)
    hidden = set(await db.hidden_table_names())
    described = list(datasette.metadata("databases")[DATABASE]["tables"])
    found = [name for name in [*await db.table_names(), *await db.view_names()] if name not in hidden]
    names = sorted(found, key=lambda name: (described.index(name) if name in described else len(described), name))
    return {name: await db.table_columns(name) for name in names}


async def count_rows(datasette: Datasette, name: str) -> int | None:
    """Return the number of rows of a table or view; None where counting takes too long."""
    sql = f"select count(*) from [{name}]"
    try:
        row = (await datasette.get_database(DATABASE).execute(sql, custom_time_limit=COUNTING)).first()
    except QueryInterrupted:
        return None
    return int(row[0])


def describe_join(name: str, key: dict[str, str]) -> Json:
    """Return a join with how it is written; a table joined with itself goes by another name."""
    column, other, to = key["column"], key["other_table"], key["other_column"]
    alias = "other" if other == name else other
    named = other if alias == other else f"{other} as {alias}"
    return {"column": column, "table": other, "to": to, "sql": f"join {named} on {alias}.{to} = {name}.{column}"}


async def read_table(datasette: Datasette, name: str) -> Json:
    """Return a table as the SQL page shows it; joins lead to other tables' columns."""
    db = datasette.get_database(DATABASE)
    about = datasette.table_metadata(DATABASE, name)
    joins = [describe_join(name, key) for key in await db.foreign_keys_for_table(name)]
    described = about.get("columns") or {}
    return {
        "name": name,
        "title": about.get("title") or name,
        "description": plain(about.get("description_html") or about.get("description") or ""),
        "rows": await count_rows(datasette, name),
        "columns": [
            {"name": column.name, "type": column.type.lower(), "description": described.get(column.name, "")}
            for column in await db.table_column_details(name)
        ],
        "joins": joins,
        # The values of lists stand in no comparison with their column.
        "facets": [one for one in about.get("facets") or [] if isinstance(one, str) and not is_list(name, one)],
    }


async def read_labels(datasette: Datasette, table: str) -> list[list[str]] | None:
    """Return each key of a table with its label; None where the table is no list of categories."""
    db = datasette.get_database(DATABASE)
    label, keys = await db.label_column_for_table(table), await db.primary_keys(table)
    rows = await count_rows(datasette, table)
    if not label or len(keys) != 1 or rows is None or rows > MOST_VALUES:
        return None
    pairs = await db.execute(f"select [{keys[0]}], [{label}] from [{table}] order by 2")
    return [[str(key), str(text)] for key, text in pairs.rows]


async def read_values(datasette: Datasette, table: str, column: str) -> list[list[str]]:
    """Return the values of a column that has no table of labels, each its own label; none where that takes too long."""
    sql = f"select distinct [{column}] from [{table}] where [{column}] is not null order by 1 limit {MOST_VALUES}"
    try:
        rows = await datasette.get_database(DATABASE).execute(sql)
    except QueryInterrupted:
        return []
    return [[str(row[0]), str(row[0])] for row in rows.rows]


async def read_categories(datasette: Datasette, table: Json) -> dict[str, tuple[str, list[list[str]]]]:
    """Return the columns of a table that hold categories: the name of their list of values, and the list."""
    found = {}
    for join in table["joins"]:
        if labels := await read_labels(datasette, join["table"]):
            found[join["column"]] = (join["table"], labels)
    for facet in table["facets"]:
        if facet not in found:
            found[facet] = (f"{table['name']}.{facet}", await read_values(datasette, table["name"], facet))
    return found


async def read_schema(datasette: Datasette, marked: dict[str, str]) -> Json:
    """Return all there is to ask; marked: the agencies whose name never stands without a word on use."""
    tables = [await read_table(datasette, name) for name in await list_columns(datasette)]
    values: dict[str, list[list[str]]] = {}
    for table in tables:
        categories = await read_categories(datasette, table)
        del table["facets"]
        for column in table["columns"]:
            if column["name"] in categories:
                column["values"], pairs = categories[column["name"]]
                values[column["values"]] = pairs
    if "agencies" in values:
        values["agencies"] = [
            [key, f"{name} ({marked[key]})" if key in marked else name] for key, name in values["agencies"]
        ]
    limits = {"seconds": datasette.setting("sql_time_limit_ms") / 1000, "rows": datasette.setting("max_returned_rows")}
    return {"tables": tables, "values": values, "functions": FUNCTIONS, "limits": limits}
