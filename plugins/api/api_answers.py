"""How programs are answered: CORS for reading, faults told in JSON, CSV without a page's end."""

import json
import re
import sys
import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

import datasette.handle_exception
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.handle_exception import handle_exception as show_fault
from datasette.utils import sqlite3
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from service.address_forms import find_bad_value
from service.answer_headers import FOR_SCRIPTS_OF_OTHERS

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

API_PATH = re.compile(r"\.(json|csv|geojson|ndjson|atom)$|^/reconcile(/|$)")
TABLE_CSV = re.compile(r"^/[^/]+/[^/]+\.csv$")
OF_SQL = ("start", "end", "line", "column", "hint", "did_you_mean")  # what is known of a fault in SQL
# What Datasette raises over a row's address with too few or too many parts.
WRONG_KEY = (IndexError, sqlite3.ProgrammingError)
# What SQLite and its limits raise past Datasette's own checks: the request was at fault, not the server.
REFUSED_BY_SQLITE = (MemoryError, OverflowError, UnicodeError, sqlite3.DatabaseError)
KEPT_HEADERS = (b"retry-after", b"vary", b"allow")
READING = {"GET", "HEAD", "OPTIONS"}
HEADERS_OF_FAULTS = {405: ((b"allow", b"GET, HEAD, OPTIONS"),)}
CORS_HEADERS = [(name.encode(), value.encode()) for name, value in FOR_SCRIPTS_OF_OTHERS.items()]
TOO_LONG = "the query ran longer than this service allows: ask for fewer rows, or take the whole files at /downloads"
WHAT_TO_DO = {
    400: "Correct what the error names; /api says which parameters there are.",
    403: "This service is for reading only; /api lists what it answers.",
    404: "Check the spelling of the address; /api lists what there is.",
    405: "Ask with GET; this service is for reading only.",
    429: "Wait as many seconds as the header Retry-After says, then ask again.",
}
ON_SERVER_FAULT = "Ask again later; if it goes on, report the address with what it should have given."


def error_body(status: int, reason: str, title: str | None = None, helping: dict[str, Any] | None = None) -> bytes:
    """Return the JSON of a fault: status, reason and what to do; helping: more that is known of it."""
    what_to_do = WHAT_TO_DO.get(status, WHAT_TO_DO[400] if status < 500 else ON_SERVER_FAULT)
    title = title or HTTPStatus(status).phrase
    fault = {"ok": False, "status": status, "title": title, "error": reason, "what_to_do": what_to_do}
    fault |= helping or {}
    return json.dumps(fault, ensure_ascii=False).encode()


def explain(status: int, body: bytes) -> bytes:
    """Return the JSON of a fault that Datasette sent as an answer, with its reason."""
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    helping = {name: told[name] for name in OF_SQL if name in told}
    return error_body(status, str(told.get("error") or HTTPStatus(status).phrase), told.get("title"), helping)


def as_refusal(exception: Exception) -> tuple[int, str]:
    """Return status and reason of what stopped an answer; 500 only where the request was not the cause."""
    if isinstance(exception, QueryInterrupted):
        return 400, TOO_LONG
    if isinstance(exception, Base400):
        reason = str(exception)
        # Datasette takes the first part of any address for a database's name.
        return exception.status, "there is nothing at this address" if reason == "Database not found" else reason
    if isinstance(exception, DatasetteError):
        # Datasette leaves its default of 500 on refusals such as "Cannot sort table by".
        reason = TOO_LONG if exception.message_is_html else exception.message
        return 400 if exception.status == HTTPStatus.INTERNAL_SERVER_ERROR else exception.status, reason
    if isinstance(exception, REFUSED_BY_SQLITE):
        return 400, f"the query was refused: {str(exception) or 'it needs more memory than this service allows'}"
    return 500, "the service failed"


def find_fault(scope: Scope) -> tuple[int, str] | None:
    """Return status and reason where a request to the API cannot be answered at all; else None."""
    if scope["method"] not in READING and not scope["path"].startswith("/reconcile"):
        return 405, f"{scope['method']} is not understood here"
    for part in (scope.get("raw_path") or b"", scope["query_string"]):
        plain = unquote_to_bytes(part.replace(b"+", b" "))
        if b"\0" in plain:
            return 400, "the address holds a null byte"
        try:
            plain.decode("utf-8")
        except UnicodeDecodeError:
            return 400, "the address is not UTF-8"
    reason = find_bad_value(parse_qsl(scope["query_string"].decode("utf-8"), keep_blank_values=True))
    return (400, reason) if reason else None


def in_full(scope: Scope) -> dict[str, Any]:
    """Return the request so that a table's CSV holds every row, unless it asks for a page of them."""
    query = scope["query_string"]
    if not TABLE_CSV.match(scope["path"]) or re.search(rb"(^|&)(_size|_next|_stream)=", query):
        return scope
    return {**scope, "query_string": query + (b"&" if query else b"") + b"_stream=on"}


class NoTraceback:
    """Stands for Datasette's printing of each fault, its words and a reader's in it."""

    @staticmethod
    def print_exc() -> None:
        """Print nothing: tell_fault has told what there is to tell."""


datasette.handle_exception.traceback = NoTraceback


def tell_fault(exception: Exception) -> None:
    """Write where the service failed into the log, without the words of the fault: they can be a reader's."""
    places = "".join(traceback.format_tb(exception.__traceback__))
    sys.stderr.write(f"{places}{type(exception).__name__}\n")


@hookimpl(tryfirst=True)
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Response | Callable[[], Awaitable[Response]] | None:
    """Return a program's refusal as JSON; a reader's goes on to the error page, with its status put right."""
    status, reason = as_refusal(exception)
    if "pks" in (request.scope.get("url_route") or {}).get("kwargs", {}) and isinstance(exception, WRONG_KEY):
        status, reason = 404, "the address of a row has as many parts as the table's key"
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        tell_fault(exception)
    if isinstance(exception, DatasetteError):
        # Datasette's words on a slow query are a page with inline script.
        exception.status, exception.message, exception.message_is_html = status, reason, False
    if not API_PATH.search(request.path):
        if isinstance(exception, QueryInterrupted):
            # Datasette would show the statement, as a fault of its own.
            return show_fault(datasette, request, DatasetteError(reason, "This took too long", status=status))
        return Response.text(f"{reason}\n", status=status) if isinstance(exception, REFUSED_BY_SQLITE) else None
    body = error_body(status, reason, helping=getattr(exception, "helping", None))
    return Response(body, status=status, content_type="application/json; charset=utf-8")


@hookimpl(trylast=True)
def asgi_wrapper() -> Callable[[App], App]:
    """Return the wrapper that is the first to see a request and the last to see its answer."""

    def wrap(app: App) -> App:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            exchange = Exchange(send, bool(API_PATH.search(scope["path"])))
            if scope["method"] == "OPTIONS":
                await exchange.send_whole(204, b"")
            elif exchange.is_api and (fault := find_fault(scope)):
                await exchange.send_whole(fault[0], error_body(*fault), HEADERS_OF_FAULTS.get(fault[0], ()))
            else:
                await app(in_full(scope), receive, exchange.send)

        return answer

    return wrap


class Exchange:
    """One answer on its way out: headers for other sites' scripts, and faults turned into JSON."""

    def __init__(self, send: Send, is_api: bool) -> None:
        """Keep where the answer goes, and whether a program waits for it."""
        self.pass_on, self.is_api = send, is_api
        self.fault: dict[str, Any] | None = None
        self.body = b""

    async def send_whole(self, status: int, body: bytes, headers: tuple[Any, ...] = ()) -> None:
        """Send an answer of our own."""
        kind = [(b"content-type", b"application/json; charset=utf-8")] if body else []
        start = {"type": "http.response.start", "status": status, "headers": [*headers, *kind, *CORS_HEADERS]}
        await self.pass_on(start)
        await self.pass_on({"type": "http.response.body", "body": body})

    async def send(self, message: Message) -> None:
        """Pass a message of the answer on; hold back a fault until it is whole."""
        if message["type"] == "http.response.start":
            if self.is_api and message["status"] >= HTTPStatus.BAD_REQUEST:
                self.fault = message
                return
            own = [
                pair for pair in message["headers"] if pair[0].lower() != b"transfer-encoding"
            ]  # the server's to say
            message = {**message, "headers": [*own, *CORS_HEADERS]}
        if self.fault is None:
            await self.pass_on(message)
            return
        self.body += message.get("body", b"")
        if not message.get("more_body"):
            kept = tuple(pair for pair in self.fault["headers"] if pair[0].lower() in KEPT_HEADERS)
            status = self.fault["status"]
            await self.send_whole(status, explain(status, self.body), kept)
