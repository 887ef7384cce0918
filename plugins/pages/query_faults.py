"""Faults of queries, rows and the database's own address that Datasette passes over: it would answer something else.

Datasette 0.65 answers SQL that fails with an empty CSV or without the reason, drops a parameter that the SQL has no use
for, and fails where rows are asked of a database without SQL.
"""

import re
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import InvalidSql, derive_named_parameters
from datasette.utils.asgi import BadRequest, NotFound, Request
from datasette.views.database import DatabaseView, QueryView
from datasette.views.row import RowView
from datasette.views.table import TableView
from exports.json_values import find_twice

from service.address_forms import find_bad_value
from service.sql_faults import Asked, Fault, explain_fault
from service.sql_schema import FUNCTIONS, list_columns

NOTHING = "select 1 where 0"
KNOWN = re.compile(
    "sql|_(shape|nl|json|json_infinity|size|stream|header|dl|ttl|timelimit|trace|nofacet|nocount|hide_sql|show_sql"
    "|extras)"
)
FORMS = {"json", "jsono", "csv", "geojson", "ndjson", "blob"}
Answer = Any  # of Datasette: data, template, names of templates and perhaps a status
GetData = Callable[..., Awaitable[Answer]]


class RefusedSql(BadRequest):  # type: ignore[misc]
    """SQL that SQLite refused, with what helps to put it right."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.error)
        self.helping = fault.as_json()


async def explain_sql(datasette: Datasette, error: object, sql: str) -> Fault:
    """Return the fault of a reader's SQL with what helps."""
    return explain_fault(str(error), Asked(sql, await list_columns(datasette), FUNCTIONS))


async def show_refusal(self: DatabaseView, request: Request, error: InvalidSql) -> Answer:
    """Return the page of a statement that Datasette would not even ask, with the reader's words kept in the box."""
    data, template, names, _ = await QueryView(self.ds).data(request, NOTHING, metadata={})
    refused = {"ok": False, "columns": [], "error": str(error), "query": {"sql": request.args["sql"], "params": {}}}
    return data | refused, template, names, HTTPStatus.BAD_REQUEST


def is_file(request: Request) -> bool:
    """Return whether a program asks, not a reader."""
    return bool(request.url_vars.get("format"))


def check_address(request: Request) -> None:
    """Refuse a form that there is none of, and a value that Datasette would fail on."""
    form = request.url_vars.get("format")
    if form and form not in FORMS:
        raise NotFound(f"no form .{form}; the forms are .json, .csv, .geojson and .ndjson")
    if reason := find_bad_value((name, value) for name in request.args for value in request.args.getlist(name)):
        raise BadRequest(reason)


def refuse_unknown(request: Request, named: Collection[str]) -> None:
    """Refuse a parameter that the answer would not depend on."""
    for name in request.args:
        if name not in named and not KNOWN.fullmatch(name):
            known = f"; the SQL names {', '.join(sorted(named))}" if named else ""
            raise BadRequest(f"no parameter {name!r} here{known}; /api lists the parameters")


def refuse_twice(columns: Collection[str]) -> None:
    """Refuse columns of one name where rows are objects, which would hold one value of them alone."""
    if twice := find_twice(columns):
        raise BadRequest(f"two columns are called {twice!r}; name them with AS, or ask for _shape=arrays")


def strict_query(get_data: GetData) -> GetData:
    """Return QueryView.data, refusing unknown parameters, with SQL that failed as a fault in every form."""

    async def data(self: QueryView, request: Request, sql: str, *args: Any, **kwargs: Any) -> Answer:  # noqa: ANN401
        check_address(request)
        if is_file(request):
            db = self.ds.get_database(route=request.url_vars["database"])
            if request.args.get("_shape") == "object":
                raise BadRequest("_shape=object is for tables; ask for array or objects")
            refuse_unknown(request, kwargs.get("named_parameters") or await derive_named_parameters(db, sql))
        answer = await get_data(self, request, sql, *args, **kwargs)
        if is_file(request) and answer[0].get("error"):
            raise RefusedSql(await explain_sql(self.ds, answer[0]["error"], sql))
        if request.url_vars["format"] == "json" and request.args.get("_shape", "arrays") != "arrays":
            refuse_twice(answer[0]["columns"])
        return answer

    return data


def strict_table(get_data: GetData) -> GetData:
    """Return TableView.data, refusing what it would fail on; the other parameters are checked in api_parameters.py."""

    async def data(self: TableView, request: Request, *args: Any, **kwargs: Any) -> Answer:  # noqa: ANN401
        check_address(request)
        return await get_data(self, request, *args, **kwargs)

    return data


def strict_database(get_data: GetData) -> GetData:
    """Return DatabaseView.data, refusing to give rows where no SQL asks for any."""

    async def data(self: DatabaseView, request: Request, *args: Any, **kwargs: Any) -> Answer:  # noqa: ANN401
        check_address(request)
        lists_tables = request.url_vars.get("format") == "json" and not {"sql", "_shape"} & set(request.args)
        if is_file(request) and not request.args.get("sql") and not lists_tables:
            raise BadRequest("sql is missing: ask with ?sql=select ...")
        try:
            return await get_data(self, request, *args, **kwargs)
        except InvalidSql as error:
            if is_file(request):
                raise RefusedSql(await explain_sql(self.ds, error, request.args["sql"])) from error
            return await show_refusal(self, request, error)

    return data


def strict_row(get_data: GetData) -> GetData:
    """Return RowView.data, refusing unknown parameters."""

    async def data(self: RowView, request: Request, *args: Any, **kwargs: Any) -> Answer:  # noqa: ANN401
        check_address(request)
        if is_file(request):
            refuse_unknown(request, ())
        return await get_data(self, request, *args, **kwargs)

    return data


STRICT = {QueryView: strict_query, TableView: strict_table, DatabaseView: strict_database, RowView: strict_row}


@hookimpl
def extra_template_vars(datasette: Datasette) -> dict[str, Callable[..., Awaitable[Fault]]]:
    """Give the pages of queries what helps where SQL was refused."""

    async def sql_fault(error: object, sql: str) -> Fault:
        return await explain_sql(datasette, error, sql)

    return {"sql_fault": sql_fault}


@hookimpl
def startup() -> None:
    """Put the strict versions in place; Datasette has no hook here."""
    for view, strict in STRICT.items():
        view.data = strict(view.data)
