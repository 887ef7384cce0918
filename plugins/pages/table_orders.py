"""Rows of a table in an order that makes sense, on pages, in JSON and in files alike (service/row_orders.py).

Datasette orders by the bytes of a column and begins a later page behind a value of it, so that numbers in words,
capitals, accents and cells without a value stand where nobody looks for them. Here its query for the rows is given
the order meant, and a page begins behind the row that ended the one before. Texts are filtered as they are ordered.
"""

import copy
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database, Results
from datasette.filters import Filters
from datasette.utils import MultiParams, escape_sqlite, sqlite3, tilde_decode, urlsafe_components
from datasette.utils.asgi import BadRequest, Request
from datasette.views.table import TableView

from service.row_orders import (
    Category,
    Column,
    Key,
    order_category,
    order_figures,
    order_values,
    say_after,
    say_order,
)
from service.search_entries import plain

LONGEST_TEXT = 33_000  # characters, of which a cell of a workbook holds fewer
Answer = Any  # of Datasette: data, template, names of templates
GetData = Callable[..., Awaitable[Answer]]


class Order(NamedTuple):
    """The order of a table's rows: what Datasette would write, what stands in its place, and the table's keys."""

    table: str
    written: str
    keys: list[Key]
    identity: list[str]


class Whole(Request):  # type: ignore[misc]
    """A request for the first page: the place where a later one begins is put into its query here."""

    @property
    def args(self) -> MultiParams:
        """The parameters without _next; the address is still the one asked for."""
        given = super().args
        return MultiParams({name: given.getlist(name) for name in given if name != "_next"})


class OrderedDatabase:
    """A database that puts one order into the one query for a page of rows."""

    def __init__(self, database: Database, order: Order, after: tuple[str, dict[str, Any]] | None) -> None:
        self.database, self.order, self.after = database, order, after
        self.asked: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the database has
        """Return what the database itself has."""
        return getattr(self.database, name)

    async def execute(self, sql: str, params: Any = None, truncate: bool = False, **options: Any) -> Results:  # noqa: ANN401
        """Return the rows; those of the page, which alone are asked with truncate, in their order."""
        if truncate:
            sql, params = self.put_order(sql, dict(params or {}))
            self.asked = {"sql": sql, "params": params}
        return await self.database.execute(sql, params, truncate, **options)

    def put_order(self, sql: str, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the query with the order meant, from the row where the page begins."""
        written = f"order by {self.order.written} limit "
        head, found, limit = sql.rpartition(written)
        if not found:
            raise RuntimeError(f"Datasette asks for rows in another way than it did: {sql}")
        if self.after:
            condition, values = self.after
            table = f" from {escape_sqlite(self.order.table)} "
            selected, _, where = head.partition(table)
            where = f"where ({where.strip().removeprefix('where ')}) and {condition} " if where.strip() else (
                f"where {condition} ")  # fmt: skip
            head, params = f"{selected}{table}{where}", params | values
        return f"{head}order by {say_order(self.order.keys)} limit {limit}", params


class OrderedDatasette:
    """A Datasette whose one database is an OrderedDatabase."""

    def __init__(self, datasette: Datasette, database: OrderedDatabase) -> None:
        self.datasette, self.database = datasette, database

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever Datasette has
        """Return what Datasette itself has."""
        return getattr(self.datasette, name)

    def get_database(self, *_: Any, **__: Any) -> OrderedDatabase:  # noqa: ANN401
        """Return the database; only the table's own is asked for here."""
        return self.database


async def find_category(datasette: Datasette, database: Database, table: str, column: str) -> Category | None:
    """Return the table that a column's values are keys of, if there is one."""
    for key in await database.foreign_keys_for_table(table):
        if key["column"] == column:
            other, own = key["other_table"], key["other_column"]
            is_place = "sort" in await database.table_columns(other)
            label = datasette.table_metadata(database.name, other).get("label_column") or own
            return Category(other, own, "sort" if is_place else label, is_place)
    return None


async def order_column(
    datasette: Datasette, database: Database, table: str, name: str, *, descending: bool
) -> list[Key]:
    """Return the order by one column; metadata.yml says which columns hold the numbers that another puts in words."""
    figures = datasette.table_metadata(database.name, table).get("plugins", {}).get("pages", {}).get("figures", {})
    if name in figures:
        return order_figures(figures[name], descending)
    if category := await find_category(datasette, database, table, name):
        return order_category(table, name, category, descending)
    if name == "rowid":
        return [Key("rowid", descending)]
    details = {detail.name: detail for detail in await database.table_column_details(table)}
    detail = details[name]
    return order_values(Column(name, detail.type, bool(detail.notnull or detail.is_pk)), descending)


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
        return Order(table, ", ".join(key.sql for key in last), last, identity)
    if (sort and descending) or name not in {*columns, *identity}:
        return None
    written = escape_sqlite(name) + (" desc" if descending else "")
    if [name] == identity:
        return Order(table, written, [Key(escape_sqlite(name), bool(descending))], identity)
    keys = await order_column(datasette, database, table, name, descending=bool(descending))
    return Order(table, written, [*keys, *last], identity)


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


def in_order(get_data: GetData) -> GetData:
    """Return TableView.data with the rows in the order meant."""

    async def data(
        self: TableView,
        request: Request,
        default_labels: bool = False,
        _next: str | None = None,
        _size: str | int | None = None,
    ) -> Answer:
        order = await find_order(self.ds, request)
        if order is None:
            return await get_data(self, request, default_labels=default_labels, _next=_next, _size=_size)
        database = self.ds.get_database(route=tilde_decode(request.url_vars["database"]))
        token = _next or request.args.get("_next")
        ordered = OrderedDatabase(database, order, await find_place(database, order, token) if token else None)
        view = copy.copy(self)
        view.ds = OrderedDatasette(self.ds, ordered)
        first = Whole(request.scope, request.receive)
        answer = await get_data(view, first, default_labels=default_labels, _size=_size)
        if isinstance(answer, tuple):
            answer[0]["query"] = ordered.asked
        return answer

    return data


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


for key in ("contains", "startswith", "endswith"):
    Filters._filters_by_key[key].sql_template = "plain({c}) like plain(:{p})"


@hookimpl
def startup() -> None:
    """Put the ordered version in place; Datasette has no hook here."""
    TableView.data = in_order(TableView.data)
