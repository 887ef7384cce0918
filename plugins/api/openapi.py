"""/openapi.json: the promised addresses, described from the running database, metadata.yml and openapi.yml.

What a table has (columns, keys, labels, search, places) is read from the database it is served from, what a column
means from metadata.yml; openapi.yml holds what is true of all of them.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Response
from exports.data_dictionary import read_citation

from service.api_descriptions import (
    DATABASE,
    PROMISE,
    Json,
    describe_address,
    describe_components,
    describe_query,
    describe_row,
    describe_sql,
    describe_table,
)
from service.api_tables import read_table

FEED = "/changes.atom"
DOCUMENT: Json = {}


def list_kinds(datasette: Datasette) -> list[Json]:
    """Return the kinds of addresses; the feed is of our own releases, and no other dataset has one."""
    if not datasette.plugin_config("site"):
        return list(PROMISE["kinds"])
    kinds: list[Json] = json.loads(json.dumps(PROMISE["kinds"]))
    for kind in kinds:
        kind["examples"] = [example for example in kind["examples"] if example != FEED]
        kind["addresses"] = [address for address in kind.get("addresses", ()) if address["path"] != FEED]
    return kinds


async def build_document(datasette: Datasette) -> Json:
    """Return the whole description, as OpenAPI 3.1."""
    names = [
        name for name, about in datasette.metadata("databases")[DATABASE]["tables"].items() if not about.get("hidden")
    ]
    tables = [await read_table(datasette, name) for name in names]
    queries = [{"name": name, **query} for name, query in (await datasette.get_canned_queries(DATABASE, None)).items()]
    members: dict[str, tuple[Callable[..., Json], list[Any]]] = {
        "tables": (describe_table, tables),
        "rows": (describe_row, [table for table in tables if table.keys]),
        "queries": (describe_query, queries),
        "sql": (describe_sql, [DATABASE]),
    }
    paths: Json = {}
    for kind in list_kinds(datasette):
        describe_one, served = members.get(kind["of"]) or (describe_address, kind["addresses"])
        for member in served:
            paths |= describe_one(kind, member)
    tags = [{"name": kind["name"], "description": kind["description"], "x-path": kind.get("path"),
             "x-examples": kind["examples"]} for kind in list_kinds(datasette)]  # fmt: skip
    info = PROMISE["info"]
    if own := datasette.plugin_config("site"):
        licence = {"name": datasette.metadata("license"), "url": datasette.metadata("license_url")}
        summary = f"{own['notice']} {own['description']}".strip()
        info = info | {"title": datasette.metadata("title"), "summary": summary, "license": licence}
    else:
        info = info | {"version": str(read_citation()["version"])}
    return {
        "openapi": "3.1.0", "info": info, "servers": [{"url": "/"}], "tags": tags, "paths": paths,
        "components": describe_components(tables),
    }  # fmt: skip


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Build the description once, when the database is there; an undescribed column stops the start."""

    async def build() -> None:
        DOCUMENT.update(await build_document(datasette))

    return build


async def serve_document() -> Response:
    """Return the description."""
    return Response.json(DOCUMENT)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return its address."""
    return [(r"^/openapi\.json$", serve_document)]


@hookimpl
def extra_template_vars() -> dict[str, Json]:
    """Give the page /api the description it shows."""
    return {"openapi": DOCUMENT}
