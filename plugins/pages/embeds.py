"""What may stand in a frame on other people's pages: /embed/map, table, chart/KIND and agency/ID.

These pages alone may be framed (security_headers.py). They take the filters of the table of agencies, open their links
in a tab of their own, and say what is wrong in the frame itself.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_decode
from datasette.utils.asgi import BadRequest, NotFound, Request, Response

from service.chart_rows import AGENCIES, with_pairs
from service.charts import TITLES
from service.chosen_agencies import DRAWN, Chosen, choose_agencies, choosing_pairs, fetch
from service.embeds import write_code
from service.filter_words import read_pairs, say_selection

MOST_ROWS = 100  # agencies in a frame; the table has them all
ASKED = {"_search", "country", "response"}  # what the reader of a small table fills in
Page = dict[str, Any]
Show = Callable[[Datasette, Request, Chosen], Awaitable[tuple[str, Page]]]


async def show_map(_: Datasette, __: Request, chosen: Chosen) -> tuple[str, Page]:
    """Return the template and the words of a map of the chosen agencies."""
    rows = with_pairs(f"{AGENCIES}.json", [*chosen.pairs, ("_labels", "on")])
    page = with_pairs(AGENCIES, chosen.pairs)
    return "embed_map.html", {"title": "Where the agencies are", "rows": rows, "page": page}


async def show_table(datasette: Datasette, request: Request, chosen: Chosen) -> tuple[str, Page]:
    """Return the template and the words of a table of the chosen agencies, with a search and two filters."""
    rows = await fetch(datasette, "listed", chosen, most=MOST_ROWS)
    choices = await fetch(datasette, "choices", Chosen("", {}, []))
    page = {
        "title": "Agencies named in reports",
        "rows": rows,
        "choices": choices,
        "asked": {name: request.args.get(name, "") for name in ASKED},
        "kept": [pair for pair in chosen.pairs if pair[0] not in ASKED],
        "page": with_pairs(AGENCIES, chosen.pairs),
    }
    return "embed_table.html", page


async def show_chart(datasette: Datasette, request: Request, chosen: Chosen) -> tuple[str, Page]:
    """Return the template and the words of one chart of the chosen agencies."""
    kind = request.url_vars["kind"]
    chart = await DRAWN[kind](datasette, chosen)
    page = with_pairs(f"/charts/{kind}", chosen.pairs)
    return "embed_chart.html", {"title": chart.title, "chart": chart, "page": page} | (
        {"selection": chart.of} if chart.of else {}
    )


async def show_agency(datasette: Datasette, request: Request, chosen: Chosen) -> tuple[str, Page]:
    """Return the template and the words of the card of one agency; raises NotFound where there is none."""
    if chosen.pairs:
        raise BadRequest("the card of an agency takes no parameters")
    key = request.url_vars["id"]
    asked = Chosen("where id = :id", {"id": tilde_decode(key)}, [])
    found = await fetch(datasette, "listed", asked, most=1)
    if not found:
        raise NotFound(f"No agency has the identifier {tilde_decode(key)}")
    return "embed_agency.html", {"title": found[0]["name"], "key": found[0]["id"], "page": f"{AGENCIES}/{key}"}


async def show_nothing(_: Datasette, request: Request, __: Chosen) -> tuple[str, Page]:
    """Raise NotFound: no other page may be framed."""
    raise NotFound(f"There is nothing at {request.path}")


def without_empty(request: Request) -> Request:
    """Return the request without what the reader of a small table left empty: that means all, not an empty cell."""
    kept = [pair for pair in read_pairs(request) if pair[1] or pair[0] not in ASKED]
    return Request({**request.scope, "query_string": urlencode(kept).encode()}, request.receive)


def in_frame(show: Show) -> Callable[[Datasette, Request], Awaitable[Response]]:
    """Return the view of a page in a frame, which says its own faults."""

    async def view(datasette: Datasette, request: Request) -> Response:
        status = 200
        request = without_empty(request)
        try:
            chosen = await choose_agencies(datasette, request)
            template, page = await show(datasette, request, chosen)
            page.setdefault("selection", await say_selection(datasette, request, chosen.filters))
        except (BadRequest, NotFound) as fault:
            status = 404 if isinstance(fault, NotFound) else 400
            template, page = "embed_fault.html", {"title": "Nothing to show", "fault": str(fault), "page": "/"}
        return Response.html(await datasette.render_template(template, page, request=request), status=status)

    return view


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Callable[..., Any]]:
    """Give the templates the code of a frame."""

    def embed_code(frame: str, title: str) -> str:
        return write_code(datasette.absolute_url(request, frame), title)

    def frame_of(page: Request, kind: str = "table") -> str:
        return with_pairs(f"/embed/{kind}", choosing_pairs(page))

    return {"embed_code": embed_code, "frame_of": frame_of}


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the addresses of the frames; whatever else begins like them is not there."""
    return [
        (r"^/embed/map$", in_frame(show_map)),
        (r"^/embed/table$", in_frame(show_table)),
        (rf"^/embed/chart/(?P<kind>{'|'.join(TITLES)})$", in_frame(show_chart)),
        (r"^/embed/agency/(?P<id>[^/]+)$", in_frame(show_agency)),
        (r"^/embed/.*$", in_frame(show_nothing)),
    ]
