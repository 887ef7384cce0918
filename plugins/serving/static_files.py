"""Addresses of static files that carry a hash of them all (`/static-1a2b3c4d5e6f/site.css`), to be kept for ever.

The hash stands in the first part of the path, so that files which name each other relatively stay under it.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from exports.file_hashes import hash_files
from jinja2 import Environment

App = Callable[[Any, Any, Any], Awaitable[None]]
FOLDER = Path(__file__).resolve().parents[2] / "static"
HASHED = re.compile(r"^/static-([0-9a-f]{12})/")
VERSION = hash_files(FOLDER)


def with_hash(url: str) -> str:
    """Return the address of a static file with the hash in it; any other address as it is."""
    return f"/static-{VERSION}/{url.removeprefix('/static/')}" if url.startswith("/static/") else url


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Give the templates the filter `hashed`."""
    env.filters["hashed"] = with_hash


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Return a wrapper that serves the hashed addresses from the plain ones."""

    def wrap(app: App) -> App:
        async def serve(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            found = HASHED.match(scope.get("path", ""))
            if found is None:
                await app(scope, receive, send)
                return

            async def send_lasting(message: Any) -> None:  # noqa: ANN401
                if message["type"] == "http.response.start" and message["status"] == 200 and found[1] == VERSION:
                    lasting = (b"cache-control", b"public, max-age=31536000, immutable")
                    message = {**message, "headers": [*message["headers"], lasting]}
                await send(message)

            path = HASHED.sub("/static/", scope["path"])
            await app({**scope, "path": path, "raw_path": path.encode()}, receive, send_lasting)

        return serve

    return wrap
