"""What a request may be before anything is asked of the database: its method, and how long its parts are."""

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from datasette import hookimpl
from exports.site_words import WORDS

App = Callable[[Any, Any, Any], Awaitable[None]]
METHODS = {"GET", "HEAD", "OPTIONS", "POST"}
READ_ONLY = re.compile(rf"^/($|{WORDS.database}|static)")  # where Datasette fails on POST instead of refusing it
ADDRESS_BYTES = 16_000  # a query of 10,000 characters fits, where not each of them is encoded
HEADER_BYTES = 16_000
PARAMETERS = 100
FACETS = 10  # of a reader's own; each may take facet_time_limit_ms


def find_fault(scope: dict[str, Any]) -> tuple[HTTPStatus, str] | None:
    """Return status and reason of a request that is not answered; else None."""
    if scope["method"] not in METHODS or (scope["method"] == "POST" and READ_ONLY.match(scope["path"])):
        return HTTPStatus.METHOD_NOT_ALLOWED, f"{scope['method']} is not understood here"
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > ADDRESS_BYTES:
        return HTTPStatus.REQUEST_URI_TOO_LONG, f"the address is longer than {ADDRESS_BYTES:,} bytes"
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_BYTES:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"the headers are longer than {HEADER_BYTES:,} bytes"
    if scope["query_string"].count(b"&") >= PARAMETERS:
        return HTTPStatus.BAD_REQUEST, f"there are more than {PARAMETERS} parameters"
    names = Counter(name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    if sum(count for name, count in names.items() if name.startswith("_facet") and name != "_facet_size") > FACETS:
        return HTTPStatus.BAD_REQUEST, f"there are more than {FACETS} facets"
    return None


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Return a wrapper that refuses such requests."""

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            fault = find_fault(scope) if scope["type"] == "http" else None
            if fault is None:
                await app(scope, receive, send)
                return
            status, reason = fault
            body = json.dumps({"ok": False, "status": status, "error": reason}).encode()
            headers = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]
            headers += [(b"allow", b"GET, HEAD, OPTIONS")] if status == HTTPStatus.METHOD_NOT_ALLOWED else []
            await send({"type": "http.response.start", "status": int(status), "headers": headers})
            await send({"type": "http.response.body", "body": body})

        return answer

    return wrap
