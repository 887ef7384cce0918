"""One JSON line on the error channel for each answer, where CLEARVIEW_LOG is json.

It tells what was asked and how it went, not who asked: no address, no header, and nothing of the query string, in which
a reader may have searched for somebody.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import datasette.handle_exception
from datasette import hookimpl

App = Callable[[Any, Any, Any], Awaitable[None]]

# With it, a fault's line would hold every variable at hand, the reader's query among them.
datasette.handle_exception.rich = None


def tell(scope: dict[str, Any], status: int, sent: int, seconds: float) -> None:
    """Write one line."""
    line = {
        "time": time.strftime("%FT%TZ", time.gmtime()),
        "level": "error" if status >= 500 else "warning" if status >= 400 else "info",
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "bytes": sent,
        "seconds": round(seconds, 4),
        "worker": os.getpid(),
    }
    with suppress(OSError):  # a full disk takes no line, and readers get their answer
        print(json.dumps(line), file=sys.stderr, flush=True)


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Return the wrapper that writes the lines; without CLEARVIEW_LOG one that does nothing."""
    if os.environ.get("CLEARVIEW_LOG") != "json":
        return lambda app: app
    logging.getLogger("uvicorn.access").addFilter(lambda _: False)  # its lines carry addresses and queries

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began, status, sent = time.perf_counter(), 500, 0

            async def count(message: dict[str, Any]) -> None:
                nonlocal status, sent
                status = message.get("status", status)
                sent += len(message.get("body", b""))
                await send(message)

            try:
                await app(scope, receive, count)
            finally:
                tell(scope, status, sent, time.perf_counter() - began)

        return answer

    return wrap
