"""The rows of a table that an address asks for, by the same code as the table's own page."""

from typing import Any, NamedTuple

from datasette.app import Datasette
from datasette.filters import Filters
from datasette.plugins import pm
from datasette.utils import await_me_maybe
from datasette.utils.asgi import Request


class ChosenRows(NamedTuple):
    """A condition in SQL with its parameters, and what a page says of it."""

    clauses: list[str]
    params: dict[str, Any]
    filters: Filters
    extra: dict[str, Any]

    @property
    def where(self) -> str:
        """The condition as a clause; empty where every row is asked for."""
        return f"where {' and '.join(self.clauses)}" if self.clauses else ""


async def choose_rows(datasette: Datasette, request: Request, database: str, table: str) -> ChosenRows:
    """Return the rows that a request's parameters choose; raises BadRequest as the table's page does."""
    args = request.args
    pairs = [(name, value) for name in args if "__" in name or name[:1] != "_" for value in args.getlist(name)]
    filters = Filters(sorted(pairs))
    clauses, params = filters.build_where_clauses(table)
    extra: dict[str, Any] = {}
    for hook in pm.hook.filters_from_request(request=request, database=database, table=table, datasette=datasette):
        if found := await await_me_maybe(hook):
            clauses += found.where_clauses
            params |= found.params
            extra |= found.extra_context
    return ChosenRows(clauses, params, filters, extra)
