"""The releases of the data for readers (`/changes`) and feed readers (`/changes.atom`), from static/changes.json."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound, Request, Response
from jinja2 import Environment

Release = dict[str, Any]
LOG = Path(__file__).parents[2] / "static" / "changes.json"
RELEASES: list[Release] = json.loads(LOG.read_text("utf-8"))[::-1]  # newest first


def count_words(number: int, noun: str) -> str:
    """Return a number with its noun: 1 row, 1,200 rows."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def say_table(title: str, changes: dict[str, Any]) -> str:
    """Return what became of a table: Agencies: 1 row changed, 1 column added."""
    said = [
        f"{count_words(len(changes[what]), noun)} {verb}"
        for what, noun, verb in (
            ("added", "row", "added"),
            ("changed", "row", "changed"),
            ("removed", "row", "removed"),
            ("columns_added", "column", "added"),
            ("columns_removed", "column", "removed"),
        )
        if what in changes
    ]
    return f"{title}: {', '.join(said) or count_words(changes['rows'], 'row')}"


def say_key(key: str) -> str:
    """Return a row's key as it is in the table, from its address."""
    return ", ".join(tilde_decode(part) for part in key.split(","))


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Give the templates the words for a table's changes and for a key."""
    env.filters["say_key"] = say_key
    env.globals["say_table"] = say_table


@hookimpl
def extra_template_vars() -> dict[str, list[Release]]:
    """Give the page /changes its releases, newest first."""
    return {"releases": RELEASES}


async def serve_feed(datasette: Datasette, request: Request) -> Response:
    """Return the feed (RFC 4287): an entry for each release."""
    if datasette.plugin_config("site"):
        raise NotFound("These are the changes of another dataset.")
    feed = await datasette.render_template("changes.atom", {"releases": RELEASES}, request=request)
    return Response(feed, content_type="application/atom+xml; charset=utf-8")


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the address of the feed."""
    return [(r"^/changes\.atom$", serve_feed)]
