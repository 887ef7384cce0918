"""Rows of a table in an order that makes sense, on pages, in JSON and in files alike (service/row_orders.py).

Datasette orders by the bytes of a column and begins a later page behind a value of it, so that numbers in words,
capitals, accents and cells without a value stand where nobody looks for them. Here its query for the rows is given
the order meant, and a page begins behind the row that ended the one before.
"""

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import datasette.views.table
from datasette import hookimpl
from datasette.database import Database
from datasette.utils import CustomRow, escape_sqlite, tilde_decode
from datasette.utils.asgi import Request
from datasette.views.table import TableView

from service.grouped_order import Asked, are_few, find_index, say_grouped
from service.other_database import OtherDatabase, Whole
from service.row_orders import say_order
from service.table_order import Order, find_order, find_place

Answer = Any  # of Datasette: data, template, names of templates
GetData = Callable[..., Awaitable[Answer]]


class OrderedDatabase(OtherDatabase):
    """A database that puts one order into the one query for a page of rows."""

    def __init__(
        self, database: Database, order: Order, after: tuple[str, dict[str, Any]] | None, *, is_own: bool
    ) -> None:
        """Take the place where the page begins, and whether the condition is the reader's own SQL."""
        super().__init__(database)
        self.order, self.after, self.is_own = order, after, is_own

    async def change(self, sql: str, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return the query with the order meant, from the row where the page begins."""
        head, found, limit = sql.rpartition(f"order by {self.order.written} limit ")
        if not found:
            raise RuntimeError(f"Datasette asks for rows in another way than it did: {sql}")
        selected, table, where = head.partition(f" from {escape_sqlite(self.order.table)} ")
        where = where.strip().removeprefix("where ")
        condition, values = self.after or ("", {})
        index = "" if self.is_own else await find_index(self.database, self.order)
        if index and not await are_few(self.database, self.order, where, params):
            asked = Asked(selected.removeprefix("select "), where, int(limit), bool(self.after))
            return say_grouped(asked, self.order, index), params | values
        if condition:
            where = f"({where}) and {condition}" if where else condition
        where = f"where {where} " if where else ""
        return f"{selected}{table}{where}order by {say_order(self.order.keys)} limit {limit}", params | values


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
        after = await find_place(database, order, token) if token else None
        ordered = OrderedDatabase(database, order, after, is_own="_where" in request.args)
        answer = await get_data(ordered.seen_by(self), Whole.of(request), default_labels=default_labels, _size=_size)
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
