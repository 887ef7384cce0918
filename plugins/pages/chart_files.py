"""A chart to take along: /charts/KIND.svg and .png, with all that it needs inside the picture, and its numbers as .csv.

They take the filters of the chart's page.
"""

import csv
import io
from asyncio import to_thread
from collections.abc import Awaitable, Callable

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from exports.data_dictionary import read_citation
from exports.formulas import defuse

from service.chart_rows import with_pairs
from service.charts import TITLES, csv_cells
from service.chosen_agencies import DRAWN, choose_agencies
from service.dates import say_date
from service.filter_words import say_selection
from service.picture import Foot, draw_picture
from service.png import draw_png

LIMITS = "A listing is not an accusation. Figures and responses are as reported. Not stated does not mean zero."
TIMES = 2  # pixels of a PNG for each of the SVG, for screens of today and for print
MOST_SELECTION = 240  # characters; what is longer is told by the address
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


def write_foot(datasette: Datasette, address: str) -> Foot:
    """Return what stands under a picture."""
    words = datasette.plugin_config("site")
    if words:
        return Foot(
            " ".join(filter(None, [words.get("notice", ""), LIMITS])),
            f"Source: {datasette.metadata('title')}, {address}",
        )
    release = read_citation()
    dated = f"version {release['version']}, {say_date(str(release['date-released']))}"
    return Foot(LIMITS, f"Source: {datasette.metadata('title')}, {dated}, {address}")


async def serve_file(datasette: Datasette, request: Request) -> Response:
    """Return a chart as a file."""
    kind, ending = request.url_vars["kind"], request.url_vars["ending"]
    chosen = await choose_agencies(datasette, request)
    chart = await DRAWN[kind](datasette, chosen)
    headers = {"content-disposition": f'inline; filename="{kind}.{ending}"'}
    if ending == "csv":
        written = io.StringIO(newline="")
        csv.writer(written).writerows([[defuse(cell) for cell in row] for row in csv_cells(chart)])
        return Response(written.getvalue(), headers=headers, content_type=MEDIA_TYPES["csv"])
    selection = chart.of or await say_selection(datasette, request, chosen.filters)
    selection = selection if len(selection) <= MOST_SELECTION else f"{selection[: MOST_SELECTION - 1]}…"
    address = datasette.absolute_url(request, with_pairs(f"/charts/{kind}", chosen.pairs))
    svg = draw_picture(chart, selection, write_foot(datasette, address))
    body = svg if ending == "svg" else await to_thread(draw_png, svg, TIMES)
    return Response(body, headers=headers, content_type=MEDIA_TYPES[ending])


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the addresses of the files."""
    return [(rf"^/charts/(?P<kind>{'|'.join(TITLES)})\.(?P<ending>svg|png|csv)$", serve_file)]
