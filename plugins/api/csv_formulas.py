"""CSV that no spreadsheet program runs: what it would take for a formula, in cells and headings, gets a ' before it.

No text in the data begins that way; a link with SQL in it could make one up and send it from this site's address.
"""

import csv
import io
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from datasette import hookimpl
from exports.formulas import IN_ROWS, defuse
from exports.site_words import WORDS

App = Callable[[Any, Any, Any], Awaitable[None]]
QUERIES = re.compile(rf"^/{WORDS.database}\b.*\.csv$")  # whole files are defused when they are made
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")


def defuse_rows(body: bytes) -> bytes:
    """Return whole rows of CSV with their formulas defused; numbers stay numbers."""
    text = body.decode("utf-8")
    if not IN_ROWS.search(text):
        return body
    rows = csv.reader(io.StringIO(text, newline=""))
    defused = io.StringIO(newline="")
    csv.writer(defused).writerows([cell if NUMBER.fullmatch(cell) else defuse(cell) for cell in row] for row in rows)
    return defused.getvalue().encode("utf-8")


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Return a wrapper around CSV; Datasette sends it a row at a time."""

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            is_csv = False

            async def send_defused(message: dict[str, Any]) -> None:
                nonlocal is_csv
                if message["type"] == "http.response.start":
                    is_csv = message["status"] == HTTPStatus.OK
                elif is_csv and message.get("body"):
                    message = {**message, "body": defuse_rows(message["body"])}
                await send(message)

            await app(scope, receive, send_defused if QUERIES.match(scope.get("path", "")) else send)

        return answer

    return wrap
