"""The rows of a long table in order by an indexed column: its values are put in order, and only a page of rows is read.

A million rows have few values of a category, and fewer agencies than rows. To order the rows themselves takes seconds.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from datasette.database import Database
from datasette.utils import escape_sqlite

from service.row_orders import Key, say_order
from service.table_order import Order

INDEXED = """
    select indexes.name from pragma_index_list(:table) as indexes join pragma_index_info(indexes.name) as columns
    where columns.seqno = 0 and columns.name = :column order by indexes.name limit 1
"""
ALL_INDEXED = """
    select columns.name as "column" from pragma_index_list(:table) as indexes
    join pragma_index_info(indexes.name) as columns where columns.seqno = 0
"""
FEW = 50_000  # rows that are ordered themselves


async def find_index(database: Database, order: Order) -> str:
    """Return the index of the column that rows are ordered by, "" without one or where their keys are no numbers."""
    details = [detail for detail in await database.table_column_details(order.table) if detail.is_pk]
    if not order.columns or [(one.name, one.type.upper()) for one in details] != [(order.identity[0], "INTEGER")]:
        return ""
    found = await database.execute(INDEXED, {"table": order.table, "column": order.columns[0]})
    return str(found.rows[0]["name"]) if found.rows else ""


async def list_indexed(database: Database) -> dict[str, set[str]]:
    """Return the indexed columns of each long table."""
    found: dict[str, set[str]] = {}
    for table in await database.table_names():
        rows = f"select count(*) from (select 1 from {escape_sqlite(table)} limit {FEW + 1})"
        if (await database.execute(rows)).rows[0][0] > FEW:
            found[table] = {row["column"] for row in (await database.execute(ALL_INDEXED, {"table": table})).rows}
    return found


async def are_few(database: Database, order: Order, where: str, params: Mapping[str, Any]) -> bool:
    """Return whether a condition keeps few rows."""
    kept = f"select 1 from {escape_sqlite(order.table)} {f'where {where}' if where else ''} limit {FEW + 1}"
    return bool((await database.execute(f"select count(*) from ({kept})", params)).rows[0][0] <= FEW)


def name_keys(keys: Sequence[Key]) -> list[Key]:
    """Return the keys as columns: key_0 and on, each compared as the key itself is."""
    collation = " collate nocase"
    return [
        Key(f"key_{place}{collation if key.sql.endswith(collation) else ''}", key.descending)
        for place, key in enumerate(keys)
    ]


def say_from(keys: Sequence[Key]) -> str:
    """Return the condition that keeps the values of the row after_0 and on, and those after it."""
    condition = ""
    for place, key in reversed(list(enumerate(keys))):
        operator = "<" if key.descending else ">"
        beyond, same = f"{key.sql} {operator} :after_{place}", f"{key.sql} = :after_{place}"
        condition = f"({beyond} or ({same} and {condition}))" if condition else f"({beyond} or {same})"
    return condition


class Asked(NamedTuple):
    """What is asked of a table: its columns, the condition or "", how many rows, and whether from a later place."""

    selected: str
    where: str
    most: int
    is_later: bool


def say_grouped(asked: Asked, order: Order, index: str) -> str:
    """Return the query for rows in their order, by an index of what decides it.

    Of as many values as rows are asked for each has a row, but for the one at which the page before ended.
    """
    selected, where, most, is_later = asked
    table, key = escape_sqlite(order.table), escape_sqlite(order.identity[0])
    columns, named = [escape_sqlite(column) for column in order.columns], name_keys(order.keys[:-1])
    values = ", ".join(f"{column} as value_{place}" for place, column in enumerate(columns))
    keys = ", ".join(f"{key.sql} as key_{place}" for place, key in enumerate(order.keys[:-1]))
    of_group = [f"{column} is first_values.value_{place}" for place, column in enumerate(columns)]
    if is_later:
        same = " and ".join(f"first_values.{one.sql} = :after_{place}" for place, one in enumerate(named))
        of_group.append(f"(not ({same}) or {key} > :after_{len(named)})")
    chosen = f"where ({where})" if where else ""
    of_group = [f"({where})", *of_group] if where else of_group
    return f"""with all_values as (
  select {values}, {keys} from (select distinct {", ".join(columns)} from {table} {chosen}) as {table}
), first_values as materialized (
  select * from (
    select *, dense_rank() over (order by {say_order(named)}) as place from all_values
    {f"where {say_from(named)}" if is_later else ""}
  ) where place <= {most + 1}
)
select {selected} from first_values cross join {table} on {table}.{key} in (
  select {key} from {table} indexed by {escape_sqlite(index)}
  where {" and ".join(of_group)}
  order by {key} limit {most}
)
order by {say_order(named)}, {key} limit {most}"""
