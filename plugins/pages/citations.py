"""Cite: the panel of a page, and `/cite.txt`, `.bib`, `.ris` and `.json` with the address of a page as `of`.

The forms are written in service/citations.py; here it is found what a page is called.
"""

import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_decode
from datasette.utils.asgi import BadRequest, NotFound, Request, Response
from exports.data_dictionary import read_citation
from exports.site_words import WORDS

from service.charts import TITLES
from service.citations import FORMATS, Citation, as_words, make_citation, tidy_address

DATABASE = WORDS.database
ROW_TITLE = WORDS.sql((Path(__file__).parent / "sql" / "cited_row.sql").read_text(encoding="utf-8"))
ROW = re.compile(rf"/{DATABASE}/(agencies|countries|sources|reports|regulatory_actions)/([^/.]+)")
CHART = re.compile(rf"/charts/({'|'.join(TITLES)})")
QUESTION = re.compile(rf"/{DATABASE}/([a-z_]+)")
CAN_BE_CITED = (
    "the address here of an agency, country, report, source, regulatory action, question, chart, comparison or timeline"
)
WITH_PANEL = ("chart.html", "charts.html", "compare.html", "query.html", "table.html", "timeline.html", "index.html")
SCRIPT = {"url": "/static/copy_link.js", "module": True}
read_once = cache(read_citation)  # it takes longer than the rest of a page


async def find_title(datasette: Datasette, address: str) -> str | None:
    """Return what the page at an address of this site is called in a citation; None where it is none to be cited."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    chosen = f" ({', '.join(f'{name}: {value}' for name, value in pairs)})" if pairs else ""
    if row := ROW.fullmatch(parts.path):
        values = {"table": row[1], "key": tilde_decode(row[2])}
        found = (await datasette.get_database(DATABASE).execute(ROW_TITLE, values)).first()
        return str(found["title"]) if found else None
    if parts.path == f"/{DATABASE}":
        return "Result of a question in SQL" if dict(pairs).get("sql") else None
    if parts.path == "/timeline":
        return f"Timeline{chosen}"
    if parts.path == "/charts" and not parts.fragment:
        return f"Charts{chosen}"
    if parts.path == "/charts" and parts.fragment in TITLES:
        return f"{TITLES[parts.fragment]}{chosen}"
    if chart := CHART.fullmatch(parts.path):
        return f"{TITLES[chart[1]]}{chosen}"
    if parts.path == "/compare" and pairs:
        return f"Comparison{chosen}"
    question = QUESTION.fullmatch(parts.path)
    query = await datasette.get_canned_query(DATABASE, question[1], None) if question else None
    return f"{query.get('title') or query['name']}{chosen}" if query else None


async def cite(datasette: Datasette, request: Request, address: str) -> Citation | None:
    """Return the citation of the page at an address of this site; None where it is none to be cited."""
    if datasette.plugin_config("site"):
        return None  # version and date are those of our own data
    title = await find_title(datasette, address)
    return make_citation(title, datasette.absolute_url(request, address), read_once()) if title else None


async def serve_citation(datasette: Datasette, request: Request) -> Response:
    """Return the citation of the page in `of`; raises BadRequest where that is no page to be cited."""
    ending = request.url_vars["ending"]
    media_type, _, write = FORMATS[ending]
    if datasette.plugin_config("site"):
        raise NotFound("These are citations of another dataset.")
    if set(request.args) != {"of"} or len(request.args.getlist("of")) != 1:
        raise BadRequest(f"one parameter is needed, of: {CAN_BE_CITED}")
    try:
        address = tidy_address(request.args["of"])
    except ValueError:
        raise BadRequest(f"of is not {CAN_BE_CITED}") from None
    cited = await cite(datasette, request, address)
    if cited is None:
        raise NotFound(f"Nothing to cite at this address: of is {CAN_BE_CITED}")
    headers = {} if ending == "txt" else {"content-disposition": f'attachment; filename="{cited.key}.{ending}"'}
    if {"sql", "_where"} & set(dict(parse_qsl(urlsplit(address).query))):
        headers["cache-control"] = "private, no-store"  # a reader's own question
    return Response(write(cited), headers=headers, content_type=f"{media_type}; charset=utf-8")


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Callable[..., Awaitable[Any]]]:
    """Give the templates the panel's words and links for the page, or for another that it has a part of."""

    async def cite_page(other: str = "") -> dict[str, Any] | None:
        if request is None:
            return None
        query = f"?{request.query_string}" if request.query_string else ""
        address = tidy_address(other or request.path + query)
        cited = await cite(datasette, request, address)
        of = quote(address, safe="/")
        links = [{"href": f"/cite.{ending}?of={of}", "name": name} for ending, (_, name, _) in FORMATS.items()]
        return {"words": as_words(cited), "url": cited.url, "links": links, "title": cited.title} if cited else None

    return {"cite_page": cite_page}


@hookimpl
def extra_js_urls(template: str, request: Request | None) -> list[dict[str, object]]:
    """Return the script of the panel's buttons, for the pages that may have one."""
    cited = template in WITH_PANEL or template.startswith("row")
    return [SCRIPT] if request and cited else []


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the address of a citation in each form."""
    return [(rf"^/cite\.(?P<ending>{'|'.join(FORMATS)})$", serve_citation)]
