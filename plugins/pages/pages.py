"""What the page templates need: rows of the queries in sql/, dates as words, keys in addresses, the sitemap."""

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_encode
from datasette.utils.asgi import Request, Response
from exports.data_dictionary import read_citation
from exports.site_words import WORDS
from jinja2 import Environment

from service.chart_rows import say_total
from service.dates import say_date
from service.source_links import link_to_archive, link_to_words

DATABASE = WORDS.database
SQL = Path(__file__).parent / "sql"
QUERIES = {path.stem: WORDS.sql(path.read_text(encoding="utf-8")) for path in SQL.glob("*.sql")}
Row = dict[str, Any]
MOST_SHOWN = 100  # agencies or reports on the page of a country, a source, an agency; their table has them all
MOST_COUNTED = 20_000  # reports of one source that its page looks through
WEB_ADDRESS = re.compile(r"https?://[^/\s]", re.IGNORECASE)


def without_host(url: str) -> str:
    """Return the address without scheme and host, so that a page never carries the name it was asked by."""
    _, found, rest = str(url).partition("://")
    return rest[rest.find("/") :] if found and "/" in rest else url


def without_columns(url: str) -> str:
    """Return the address of rows without the page's word for all columns, which a file has anyway and refuses."""
    path, _, query = url.partition("?")
    kept = "&".join(pair for pair in query.split("&") if not pair.startswith("_all="))
    return f"{path}?{kept}" if kept else path


async def fetch_rows(datasette: Datasette, name: str, values: Mapping[str, str | int]) -> list[Row]:
    """Return the rows of plugins/pages/sql/NAME.sql with these values."""
    results = await datasette.get_database(DATABASE).execute(QUERIES[name], values)
    return [WORDS.row(row) for row in results.rows]


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give every template, the error pages included, the filters it may use and the words of the site."""
    version = str(read_citation()["version"])  # of our own data

    def site() -> dict[str, Any]:
        words = datasette.plugin_config("site") or {}
        defaults = {"description": "", "limits": [], "notice": "", "regulatory_actions": True, "totals": True}
        return defaults | words | {"title": datasette.metadata("title"), "own": not words, "version": version}

    env.globals["site"] = site
    env.globals["most_shown"] = MOST_SHOWN
    env.globals["most_counted"] = MOST_COUNTED
    env.filters["date"] = say_date
    env.filters["without_host"] = without_host
    env.filters["without_columns"] = without_columns
    env.filters["number"] = "{:,}".format
    env.globals["say_total"] = say_total
    env.filters["key"] = lambda key: tilde_encode(str(key))  # of a row, as its address has it
    env.tests["web_address"] = lambda url: bool(WEB_ADDRESS.match(str(url)))
    env.filters["at_words"] = link_to_words
    env.filters["in_archive"] = link_to_archive


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request) -> dict[str, Callable[..., Awaitable[Any]]]:
    """Give the templates of the pages their functions."""

    async def ask(name: str, **values: str | int) -> list[Row]:
        return await fetch_rows(datasette, name, values)

    async def questions() -> list[Row]:
        return list((await datasette.get_canned_queries(DATABASE, request.actor)).values())

    async def marked_agencies() -> dict[str, str]:
        rows = await fetch_rows(datasette, "marked_agencies", {})
        return {row[key]: row["use_label"] for row in rows for key in ("id", "name")}

    async def table_help() -> dict[str, Row]:
        metadata = datasette.metadata("databases")[DATABASE]
        return dict(metadata["tables"])

    async def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, path))

    return {
        "ask": ask,
        "questions": questions,
        "marked_agencies": marked_agencies,
        "table_help": table_help,
        "absolute": absolute,
    }


async def robots(datasette: Datasette, request: Request) -> Response:
    """Return robots.txt: every page may be read, and where their list is."""
    sitemap = datasette.absolute_url(request, "/sitemap.xml")
    return Response.text(f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n")


async def sitemap(datasette: Datasette, request: Request) -> Response:
    """Return the list of the pages written for readers."""
    rows = await fetch_rows(datasette, "sitemap", {})
    paths = [row["path"] if row["key"] is None else f"{row['path']}/{tilde_encode(str(row['key']))}" for row in rows]
    if datasette.plugin_config("site"):
        paths.remove("/changes")  # our own releases
    paths += [f"/{DATABASE}/{quote(name)}" for name in await datasette.get_canned_queries(DATABASE, request.actor)]
    addresses = "".join(
        f"<url><loc>{escape(datasette.absolute_url(request, path))}</loc></url>\n" for path in sorted(paths)
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{addresses}</urlset>\n'
    )
    return Response(body, content_type="application/xml; charset=utf-8")


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Return the addresses served here that are not tables."""
    return [(r"^/robots\.txt$", robots), (r"^/sitemap\.xml$", sitemap)]
