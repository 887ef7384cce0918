"""The record for language models: a Model Context Protocol server at /mcp, and what it is in plain words at /llms.txt.

Four tools that read (model_context.yml), over streamable HTTP, each request whole in itself, so that any worker
can answer it. By hand, since the protocol's handful of methods is less than what would serve them: datasette-mcp cannot
tell the limits of the data or what a column means and keeps sessions in one process, and the official server under it
takes two seconds at each start and 37 MB in each worker. datasette-llms-txt lists tables before limits, and addresses
that are not promised. Any Origin may ask: the data is public, there is nothing to change and nobody to be logged in.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils import InvalidSql, sqlite3, validate_sql_select
from datasette.utils.asgi import Request, Response
from exports.descriptors import NAME
from exports.json_values import finite
from exports.site_words import WORDS
from lookups.yaml_files import read_yaml
from markupsafe import Markup

from service.reconciliation import Reconciler, load_reconciler
from service.reconciliation_queries import LONGEST_NAME, BadQuery, read_query
from service.request_body import CutOff, TooLong, read_request
from service.rpc_messages import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    NO_METHOD,
    Answer,
    RpcError,
    read_arguments,
    read_message,
    tell_error,
    tell_result,
)

HERE = Path(__file__).parent
TOLD = WORDS.translate(read_yaml(HERE / "model_context.yml"))
MOST_REPORTS = 100  # of an agency in one answer; each says in of_all how many there are
REPORTS = WORDS.sql((HERE.parent / "pages" / "sql" / "reports.sql").read_text(encoding="utf-8"))
TOOLS = {tool["name"]: tool for tool in TOLD["tools"]}
READ_ONLY = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
VERSIONS = ("2025-11-25", "2025-06-18")  # of the protocol, the newest first; none has batches
MOST_BYTES = 100_000  # of a request
MOST_CHARACTERS = 100_000  # of rows in an answer
# What SQLite, Datasette and the limits on queries refuse.
REFUSALS = (
    InvalidSql,
    QueryInterrupted,
    sqlite3.DatabaseError,
    sqlite3.Warning,
    MemoryError,
    OverflowError,
    UnicodeError,
)


def tell_limits(datasette: Datasette) -> list[str]:
    """Return what a model must know before it reads a number; another dataset has its own notice and limits."""
    own = datasette.plugin_config("site")
    if not own:
        return [*TOLD["limits"], *TOLD["of_this_record"]]
    return [*filter(None, [own["notice"]]), *TOLD["limits"], *own["limits"]]


class WrongVersion(RpcError):
    """A request of a version of the protocol that is not spoken here."""


class ToolError(Exception):
    """A tool was called as it should be but could not answer; the model reads why."""


async def list_tables(datasette: Datasette) -> Answer:
    """Return each table and view with its description and the meaning of its columns."""
    tables = datasette.metadata("databases")[WORDS.database]["tables"]
    return {
        name: {
            "title": table["title"],
            "about": table.get("description") or Markup(table["description_html"]).striptags(),
            "columns": table["columns"],
        }
        for name, table in tables.items()
        if not table.get("hidden")
    }


async def query(datasette: Datasette, sql: str) -> Answer:
    """Return the columns and rows of one SELECT, cut where they are too long, and whether they were."""
    try:
        validate_sql_select(sql)
        results = await datasette.get_database(WORDS.database).execute(sql, truncate=True)
    except REFUSALS as error:
        reason = "it ran longer than a second" if isinstance(error, QueryInterrupted) else str(error)
        raise ToolError(f"the query was refused: {reason or 'it needs more memory than this service allows'}") from None
    rows, left = [], MOST_CHARACTERS
    for row in results.rows:
        left -= len(json.dumps(list(row), default=repr))
        if left < 0:
            break
        rows.append([value.hex() if isinstance(value, bytes) else finite(value) for value in row])
    cut = results.truncated or left < 0
    return {"columns": [column[0] for column in results.description], "rows": rows, "truncated": cut}


async def find_reconciler(datasette: Datasette) -> Reconciler:
    """Return the reconciler of the served database; others are answered while it is made."""
    return await asyncio.to_thread(load_reconciler, Path(datasette.get_database(WORDS.database).path))


async def search_agencies(datasette: Datasette, name: str, country: str = "") -> Answer:
    """Return the ten agencies that answer best to a name, each with what is reported of use first."""
    reconciler = await find_reconciler(datasette)
    properties = [{"pid": "country", "v": country}] if country else []
    try:
        asked = read_query({"query": name, "limit": 10, "properties": properties}, "name", reconciler.vocabulary)
    except BadQuery as error:
        raise ToolError(str(error)) from None
    if asked.is_too_long():
        raise ToolError(f"a name may have {LONGEST_NAME} characters")
    found = await asyncio.to_thread(reconciler.find_candidates, asked)
    agencies = [
        {
            "id": one.agency.id,
            "name": one.agency.name,
            "what": one.agency.describe(),
            "score": one.score,
            "found_because": one.reason,
        }
        for one in found
    ]
    return {"agencies": agencies, "mind": tell_limits(datasette)[0]}


async def get_agency(datasette: Datasette, id: str) -> Answer:  # noqa: A002 - the argument's name in the tool
    """Return an agency in words, with the reports that name it, the first MOST_REPORTS by date."""
    agency = (await find_reconciler(datasette)).agencies.get(id)
    if agency is None:
        raise ToolError(f"no agency has the id {id[:100]!r}; search_agencies finds ids by name")
    reports = await datasette.get_database(WORDS.database).execute(
        REPORTS, {"by": "agency", "id": id, "most": MOST_REPORTS}
    )
    told = {column: agency.say(column) for column in agency.values}
    return {"agency": told, "reports": [dict(row) for row in reports.rows], "mind": tell_limits(datasette)}


CALLS: dict[str, Callable[..., Awaitable[Answer]]] = {
    "list_tables": list_tables,
    "query": query,
    "search_agencies": search_agencies,
    "get_agency": get_agency,
}


async def call_tool(datasette: Datasette, parameters: Answer) -> Answer:
    """Return a tool's answer as text; raises RpcError for a tool or an argument that is not there."""
    name = parameters.get("name")
    if not isinstance(name, str) or name not in TOOLS:
        raise RpcError(INVALID_PARAMS, f"no tool of this name; the tools are {', '.join(TOOLS)}")
    given = read_arguments(TOOLS[name], parameters.get("arguments"))
    try:
        answer = await CALLS[name](datasette, **given)
    except ToolError as error:
        return {"content": [{"type": "text", "text": str(error)}], "isError": True}
    return {"content": [{"type": "text", "text": json.dumps(answer, ensure_ascii=False)}], "isError": False}


async def initialize(datasette: Datasette, parameters: Answer) -> Answer:
    """Return what this server is and can do, with the limits of the data first."""
    own = datasette.plugin_config("site")
    about = own["description"] if own else TOLD["about"]
    wanted = parameters.get("protocolVersion")
    return {
        "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": NAME, "title": datasette.metadata("title"), "version": "1"},
        "instructions": "\n".join([*tell_limits(datasette), f"{about} {TOLD['instructions']}"]),
    }


def check_version(request: Request) -> None:
    """Raise WrongVersion where the header names a version of the protocol that is not spoken here."""
    version = request.headers.get("mcp-protocol-version", VERSIONS[0])
    if version not in VERSIONS:
        raise WrongVersion(INVALID_REQUEST, f"this server speaks the versions {', '.join(VERSIONS)} of the protocol")


async def answer_method(datasette: Datasette, method: str, parameters: Answer) -> Answer:
    """Return the result of a method; raises RpcError for one that is not there."""
    if method == "initialize":
        return await initialize(datasette, parameters)
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [{**tool, "annotations": READ_ONLY} for tool in TOOLS.values()]}
    if method == "tools/call":
        return await call_tool(datasette, parameters)
    raise RpcError(NO_METHOD, "this server knows initialize, ping, tools/list and tools/call")


async def serve_models(datasette: Datasette, request: Request) -> Response:
    """Return the answer to one message of the protocol."""
    if request.method != "POST":
        told = "This is a Model Context Protocol server: POST one JSON-RPC message. How to add it: /api#models\n"
        return Response.text(told, status=405, headers={"Allow": "POST, OPTIONS"})
    message = None
    try:
        message = read_message(await read_request(request.receive, MOST_BYTES))
        check_version(request)
        if message.request is None:
            return Response("", status=202)
        result = await answer_method(datasette, message.method, message.parameters)
        return Response.json(tell_result(message.request, result), default=str)
    except TooLong:
        error = RpcError(INVALID_REQUEST, f"a message may have {MOST_BYTES:,} bytes")
        return Response.json(tell_error(None, error), status=400)
    except WrongVersion as error:
        return Response.json(tell_error(message and message.request, error), status=400)
    except RpcError as error:
        return Response.json(tell_error(message and message.request, error), status=200 if message else 400)
    except CutOff:
        return Response("", status=400)


async def tell_models(datasette: Datasette, request: Request) -> Response:
    """Return llms.txt: what the site is, the limits first, its tables and its promised addresses."""
    text = await datasette.render_template("llms.txt", {"limits": tell_limits(datasette)}, request=request)
    return Response.text(text)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the two addresses."""
    return [(r"^/mcp/?$", serve_models), (r"^/llms\.txt$", tell_models)]


@hookimpl
def skip_csrf(scope: dict[str, Any]) -> bool:
    """Return whether a message from another site may be read: none changes anything."""
    return bool(scope["path"].rstrip("/") == "/mcp")
