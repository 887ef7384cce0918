"""Rows of a table in an order that makes sense, on pages, in JSON and in files alike (service/row_orders.py).

Datasette orders by the bytes of a column and begins a later page behind a value of it, so that numbers in words,
capitals, accents and cells without a value stand where nobody looks for them. Here its query for the rows is given
the order meant, and a page begins behind the row that ended the one before.
"""

import copy
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import datasette.views.table
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database, Results
from datasette.utils import CustomRow, MultiParams, escape_sqlite, tilde_decode
from datasette.utils.asgi import Request
from datasette.views.table import TableView

from service.row_orders import say_order
from service.table_order import Order, find_order, find_place

Answer = Any  # of Datasette: data, template, names of templates
GetData = Callable[..., Awaitable[Answer]]


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


class LabelledRow(CustomRow):  # type: ignore[misc]
    """A row with labels that lacks a column as a row without labels does: Datasette looks for an IndexError."""

    def __missing__(self, column: str) -> NoReturn:
        """Raise IndexError: the column that the rows are sorted by was not asked for."""
        raise IndexError(column)


@hookimpl
def startup() -> None:
    """Put the ordered version in place; Datasette has no hook here."""
    TableView.data = in_order(TableView.data)
    datasette.views.table.CustomRow = LabelledRow
