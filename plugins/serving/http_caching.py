"""ETag and 304: an answer changes only when the database, the site's own files or its software change.

The validators are weak, since pages carry the time their queries took and compression changes the bytes. No
Last-Modified is sent: nothing here knows when a page last changed, only whether it did.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from functools import cache
from http import HTTPStatus
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from datasette import hookimpl
from datasette.app import Datasette
from exports.data_dictionary import CITATION
from lookups.tables import LOOKUPS

import service
from service.unstable_sql import is_unstable

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

READERS_SQL = {"sql", "_where"}  # parameters with SQL of the reader's own
# Pages about the server itself, and static files (these carry a validator of their own).
WITHOUT_ETAG = re.compile(r"^/(-|static)/")


@cache
def list_software() -> list[str]:
    """Return the installed packages with their versions; read once, which takes as long as all files of the site."""
    return sorted(f"{found.metadata['Name']} {found.version}" for found in distributions())


def content_version(datasette: Datasette) -> str:
    """Return a hash of all that an answer depends on: databases, templates, plugins, metadata, settings, software."""
    folders = [datasette.template_dir, datasette.plugins_dir, *(folder for _, folder in datasette.static_mounts)]
    paths = [Path(db.path) for db in datasette.databases.values() if db.path and not db.is_mutable]
    paths += [path for folder in folders if folder for path in sorted(Path(folder).rglob("*.*")) if path.is_file()]
    # What plugins import from scripts/ and service/, the words that search knows, and the words on the whole.
    paths += [*sorted(LOOKUPS.parent.rglob("*.py")), *sorted(Path(service.__path__[0]).rglob("*.*"))]
    paths += [*sorted(LOOKUPS.glob("*.csv")), CITATION]
    digest = hashlib.sha256()
    for path in paths:
        if "__pycache__" not in path.parts:
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    state = [list_software(), sqlite3.sqlite_version, datasette.metadata(), datasette.settings_dict()]
    digest.update(json.dumps(state, sort_keys=True, default=str).encode())
    return digest.hexdigest()[:32]


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the request's headers, the last of each name."""
    return dict(scope["headers"])


def find_sql(scope: Scope) -> list[str]:
    """Return the SQL of the reader's own in an address: each part, and the parts as they come to stand together."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    parts = [value for name, value in pairs if name in READERS_SQL]
    return [*parts, " and ".join(parts)] if parts else []


def etag_for(scope: Scope, version: str) -> bytes | None:
    """Return the validator of this address; None where the answer is not fixed by the content alone."""
    query = scope["query_string"]
    headers = headers_of(scope)
    unstable = any(map(is_unstable, find_sql(scope))) or b"_ttl=" in query or b"_trace=" in query
    personal = b"cookie" in headers or b"authorization" in headers
    if scope["method"] not in ("GET", "HEAD") or unstable or personal or WITHOUT_ETAG.match(scope["path"]):
        return None
    address = scope.get("raw_path") or scope["path"].encode()
    return b'W/"%s"' % hashlib.sha256(b"\n".join((version.encode(), address, query))).hexdigest()[:32].encode()


def is_known(etag: bytes, scope: Scope) -> bool:
    """Return whether the client's If-None-Match names this validator (compared weakly, as it asks for no bytes)."""
    asked = headers_of(scope).get(b"if-none-match", b"")
    return etag.removeprefix(b"W/") in {part.strip().removeprefix(b"W/") for part in asked.split(b",")}


def asks_for_any(scope: Scope) -> bool:
    """Return whether the client wants the answer only where there is none (If-None-Match: *)."""
    return headers_of(scope).get(b"if-none-match", b"").strip() == b"*"


def without_content(send: Send) -> Send:
    """Return a way out on which an answer that there is becomes a 304."""
    is_there = False

    async def send_on(message: Message) -> None:
        nonlocal is_there
        if message["type"] == "http.response.start":
            is_there = message["status"] == HTTPStatus.OK
            if is_there:
                kept = [pair for pair in message["headers"] if pair[0].lower() in (b"etag", b"cache-control", b"vary")]
                message = {**message, "status": HTTPStatus.NOT_MODIFIED, "headers": kept}
        elif is_there:
            if message.get("more_body"):
                return
            message = {"type": "http.response.body", "body": b""}
        await send(message)

    return send_on


# First, so that what is wrapped around it (CORS) is on its 304 answers too.
@hookimpl(tryfirst=True)
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Return a wrapper that says of each whole answer how long it holds, and answers 304 where the client has it."""
    version = content_version(datasette)
    ttl = datasette.setting("default_cache_ttl")
    # Datasette gives this validator too, but knows it again neither weakened by a compressing proxy nor in a list.
    whole_files = {
        f"/{db.route or db.name}.db": f'"{db.hash}"'.encode() for db in datasette.databases.values() if db.hash
    }
    cache_control = f"max-age={ttl}".encode() if ttl else b"no-cache"

    def wrap(app: App) -> App:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            etag = None
            if scope["type"] == "http":
                etag = whole_files.get(scope["path"]) or etag_for(scope, version)
            sql = find_sql(scope) if scope["type"] == "http" else []
            if etag is None:
                # What will be another answer the next time is kept by nobody.
                await app(scope, receive, (lambda message: send(control(message, b"no-store"))) if sql else send)
                return
            kept = b"private, " + cache_control if sql else cache_control  # SQL is one reader's own question
            if is_known(etag, scope):
                headers = [
                    (b"etag", etag), (b"cache-control", kept), (b"vary", b"Cookie, Authorization"),
                ]  # fmt: skip
                await send({"type": "http.response.start", "status": 304, "headers": headers})
                await send({"type": "http.response.body", "body": b""})
                return
            if asks_for_any(scope):
                send = without_content(send)
            await app(scope, receive, lambda message: send(validate(message, etag, kept, replaces=bool(sql))))

        return answer

    return wrap


def control(message: Message, cache_control: bytes) -> Message:
    """Return the message; with this Cache-Control in the place of Datasette's if it begins a whole answer."""
    if message["type"] != "http.response.start" or message["status"] != HTTPStatus.OK:
        return message
    others = [pair for pair in message["headers"] if pair[0].lower() != b"cache-control"]
    return {**message, "headers": [*others, (b"cache-control", cache_control)]}


def validate(message: Message, etag: bytes, cache_control: bytes, *, replaces: bool) -> Message:
    """Return the message; with both headers, unless its own stay, if it begins a whole answer that sets no cookie."""
    if message["type"] != "http.response.start" or message["status"] != HTTPStatus.OK:
        return message
    if replaces:
        message = control(message, cache_control)
    headers = list(message["headers"])
    names = {name.lower() for name, _ in headers}
    if b"set-cookie" in names:
        return message
    ours = [(b"etag", etag), (b"cache-control", cache_control)]
    return {**message, "headers": headers + [(name, value) for name, value in ours if name not in names]}
