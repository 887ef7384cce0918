"""Parts of whole files: `Range: bytes=0-99` on the database and on `/exports/` is answered with just these bytes.

Programs that read a part of a Parquet file or go on with a download that broke off ask so. One range at a time; what
asks for several, or for none that can be understood, gets the whole file, as HTTP has it.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette

App = Callable[[Any, Any, Any], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
RANGE = re.compile(rb"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")
ACCEPTED = (b"accept-ranges", b"bytes")
CHUNK = 256 * 1024  # bytes


def find_file(datasette: Datasette, path: str) -> Path | None:
    """Return the whole file that an address stands for; None where it stands for none."""
    for name, database in datasette.databases.items():
        if path == f"/{database.route or name}.db" and database.path and not database.is_mutable:
            return Path(database.path)
    for mount, folder in datasette.static_mounts:
        if mount == "exports" and path.startswith("/exports/"):
            root = Path(folder).resolve()
            file = (root / path.removeprefix("/exports/")).resolve()
            return file if root in file.parents and file.is_file() else None
    return None


def pick(asked: bytes, length: int) -> tuple[int, int] | None:
    """Return the first and last byte that a Range asks for, the first at or past the end where there are none of these.

    None stands for a range that is not understood.
    """
    found = RANGE.fullmatch(asked)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:  # so many from the end
        return (max(length - int(found[2]), 0), length - 1) if int(found[2]) else (length, length)
    first, last = int(found[1]), min(int(found[2] or length), length - 1)
    return None if found[2] and int(found[2]) < first else (first, last)


async def read_start(app: App, scope: Any, receive: Any) -> dict[str, Any]:  # noqa: ANN401 - ASGI's own types
    """Return how the whole answer begins; it is stopped before it has read the file."""
    start: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    async def take(message: dict[str, Any]) -> None:
        if not start.done():
            start.set_result(message)
        await asyncio.Event().wait()

    task: asyncio.Future[Any] = asyncio.ensure_future(app(scope, receive, take))
    both: set[asyncio.Future[Any]] = {task, start}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    await asyncio.wait({task})
    return start.result()


async def send_part(file: Path, first: int, last: int, send: Any) -> None:  # noqa: ANN401 - ASGI's own type
    """Send these bytes of a file."""
    with file.open("rb") as opened:
        opened.seek(first)
        left = last - first + 1
        while left:
            chunk = await asyncio.to_thread(opened.read, min(left, CHUNK))
            left = left - len(chunk) if chunk else 0
            await send({"type": "http.response.body", "body": chunk, "more_body": bool(left)})


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Return a wrapper that says of whole files that parts can be had, and gives them."""

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            file = find_file(datasette, scope["path"]) if scope["type"] == "http" else None
            if file is None:
                await app(scope, receive, send)
                return

            async def send_on(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                    message = {**message, "headers": [*message["headers"], ACCEPTED]}
                await send(message)

            asked = dict(scope["headers"])
            length = file.stat().st_size
            part = pick(asked.get(b"range", b""), length) if scope["method"] == "GET" else None
            if part is None:
                await app(scope, receive, send_on)
                return
            start = await read_start(app, scope, receive)
            etag = {name.lower(): value for name, value in start["headers"]}.get(b"etag", b"")
            condition = asked.get(b"if-range")
            # A weak validator does not say that the bytes are the same.
            is_other = condition is not None and (condition != etag or etag.startswith(b"W/"))
            if start["status"] != HTTPStatus.OK or is_other:
                await app(scope, receive, send_on)
                return
            await send_range(file, part, length, start, send)

        return answer

    return wrap


async def send_range(file: Path, part: tuple[int, int], length: int, start: dict[str, Any], send: Any) -> None:  # noqa: ANN401
    """Send a part with the headers of the whole; 416 where the file ends before it."""
    first, last = part
    is_there = first < length
    told: Headers = [
        ACCEPTED,
        (b"content-length", b"%d" % (last - first + 1 if is_there else 0)),
        (b"content-range", b"bytes %d-%d/%d" % (first, last, length) if is_there else b"bytes */%d" % length),
    ]
    kept = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
    status = HTTPStatus.PARTIAL_CONTENT if is_there else HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    await send({"type": "http.response.start", "status": status, "headers": [*kept, *told]})
    if is_there:
        await send_part(file, first, last, send)
    else:
        await send({"type": "http.response.body", "body": b""})
