"""The order in which a request asks for the rows of a table, and where its page begins."""

from typing import Any, NamedTuple

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import escape_sqlite, tilde_decode, urlsafe_components
from datasette.utils.asgi import BadRequest, Request

from service.row_orders import Category, Column, Key, order_category, order_figures, order_values, say_after


class Order(NamedTuple):
    """The order of a table's rows: what Datasette would write, what stands in its place, and the table's keys.

    Columns are those that decide it; none where the rows are in order of their keys.
    """

    table: str
    written: str
    keys: list[Key]
    identity: list[str]
    columns: list[str]


async def find_category(datasette: Datasette, database: Database, table: str, column: str) -> Category | None:
    """Return the table that a column's values are keys of, if there is one."""
    for key in await database.foreign_keys_for_table(table):
        if key["column"] == column:
            other, own = key["other_table"], key["other_column"]
            is_place = "sort" in await database.table_columns(other)
            label = datasette.table_metadata(database.name, other).get("label_column") or own
            return Category(other, own, "sort" if is_place else label, is_place)
    return None


def find_figures(datasette: Datasette, database: Database, table: str, name: str) -> list[str]:
    """Return the columns of the numbers that a column puts in words, as metadata.yml says; none for another column."""
    figures = datasette.table_metadata(database.name, table).get("plugins", {}).get("pages", {}).get("figures", {})
    return list(figures.get(name, ()))


async def order_column(
    datasette: Datasette, database: Database, table: str, name: str, *, descending: bool
) -> list[Key]:
    """Return the order by one column."""
    if figures := find_figures(datasette, database, table, name):
        return order_figures(figures, descending)
    if category := await find_category(datasette, database, table, name):
        return order_category(table, name, category, descending)
    if name == "rowid":
        return [Key("rowid", descending)]
    details = {detail.name: detail for detail in await database.table_column_details(table)}
    own, required = escape_sqlite(name), bool(details[name].notnull or details[name].is_pk)
    values = f"select distinct {own} from {escape_sqlite(table)} limit -1"  # so that each is looked at once
    other = f"select 1 from ({values}) where {own} glob '*[^ -~]*' limit 1"
    is_ascii = not (await database.execute(other)).rows
    return order_values(Column(name, details[name].type, required, is_ascii), descending)


async def find_order(datasette: Datasette, request: Request) -> Order | None:
    """Return the order of the rows asked for; None for what is no table, and for an order that Datasette refuses."""
    database = datasette.get_database(route=tilde_decode(request.url_vars["database"]))
    table = tilde_decode(request.url_vars["table"])
    if not await database.table_exists(table):
        return None
    columns = await database.table_columns(table)
    identity = await database.primary_keys(table) or ["rowid"]
    last = [Key(escape_sqlite(key)) for key in identity]
    sort, descending = request.args.get("_sort"), request.args.get("_sort_desc")
    if not sort and not descending:
        about = datasette.table_metadata(database.name, table)
        sort, descending = about.get("sort"), about.get("sort_desc")
    name = sort or descending
    if not name:
        return Order(table, ", ".join(key.sql for key in last), last, identity, [])
    if (sort and descending) or name not in {*columns, *identity}:
        return None
    written = escape_sqlite(name) + (" desc" if descending else "")
    if [name] == identity:
        return Order(table, written, [Key(escape_sqlite(name), bool(descending))], identity, [])
    keys = await order_column(datasette, database, table, name, descending=bool(descending))
    deciding = find_figures(datasette, database, table, name) or [name]
    return Order(table, written, [*keys, *last], identity, deciding)


async def find_place(database: Database, order: Order, token: str) -> tuple[str, dict[str, Any]]:
    """Return the condition that keeps the rows after the one a token names; raises BadRequest where there is none."""
    values = urlsafe_components(token)[-len(order.identity) :]
    terms = ", ".join(f"{key.sql} as after_{place}" for place, key in enumerate(order.keys))
    named = " and ".join(f"{escape_sqlite(key)} = :key_{place}" for place, key in enumerate(order.identity))
    sql = f"select {terms} from {escape_sqlite(order.table)} where {named}"
    found = await database.execute(sql, {f"key_{place}": value for place, value in enumerate(values)})
    if len(values) != len(order.identity) or not found.rows:
        raise BadRequest("_next names no row of this table; begin again with its first page")
    return say_after(order.keys, dict(found.rows[0]))
