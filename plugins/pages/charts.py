"""Charts of the agencies: `/charts` takes the filters of the table of agencies and draws just those rows.

Where things stand is reckoned in service/chart_rows.py and scales.py; templates/_charts.html draws it as SVG.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.filters import Filters
from datasette.utils.asgi import BadRequest, Request, Response
from exports.site_words import WORDS

from service.address_forms import find_bad_value
from service.chart_rows import (
    AGENCIES,
    MOST_IN_A_LINK,
    Pairs,
    Row,
    draw_agencies,
    draw_counts,
    draw_coverage,
    draw_figures_of,
    draw_reports,
    with_pairs,
)
from service.chosen_rows import choose_rows

DATABASE, TABLE = WORDS.database, "agencies"
CHARTS = Path(__file__).parent / "sql" / "charts"
QUERIES = {path.stem: WORDS.sql(path.read_text("utf-8")) for path in CHARTS.glob("*.sql")}
# Parameters of the table that choose rows; the others only say how it shows them.
CHOOSING = ("_search", "_searchmode", "_through", "_where")
MOST_INTERVALS = 80  # agencies in the chart of searches; the table has them all


class Chosen(NamedTuple):
    """The agencies that a page is about: their condition in SQL, and the parameters that say it in an address."""

    where: str
    values: Mapping[str, Any]
    pairs: Pairs
    filters: Filters | None = None
    extra: Row | None = None


def choosing_pairs(request: Request) -> Pairs:
    """Return the parameters of an address that choose rows, in its order."""
    return [
        (name, value)
        for name in request.args
        if "__" in name or not name.startswith("_") or name.startswith(CHOOSING)
        for value in request.args.getlist(name)
    ]


async def choose_agencies(datasette: Datasette, request: Request) -> Chosen:
    """Return the agencies that the address asks for, by the same code as their table; raises BadRequest as it does."""
    pairs = choosing_pairs(request)
    if reason := find_bad_value(pairs):
        raise BadRequest(reason)
    rows = await choose_rows(datasette, request, DATABASE, TABLE)
    return Chosen(rows.where, rows.params, pairs, rows.filters, rows.extra)


async def fetch(datasette: Datasette, name: str, chosen: Chosen, **values: int) -> list[Row]:
    """Return the rows of plugins/pages/sql/charts/NAME.sql over the chosen agencies."""
    sql = f"with chosen as (select * from {TABLE} {chosen.where})\n{QUERIES[name]}"
    results = await datasette.get_database(DATABASE).execute(sql, {**chosen.values, **values})
    return [WORDS.row(row) for row in results.rows]


async def fetch_reports(datasette: Datasette, chosen: Chosen) -> list[Row]:
    """Return the reports on the chosen agencies by month; none where a list is too long to count them in time."""
    try:
        return await fetch(datasette, "reports", chosen, most=MOST_IN_A_LINK)
    except QueryInterrupted:
        return []


async def draw_figures_and_totals(datasette: Datasette, chosen: Chosen) -> Row:
    """Return the charts of the chosen agencies that a country's page shows, and what they come to."""
    figures = await fetch(datasette, "figures", chosen, most=MOST_INTERVALS)
    return {
        "sums": (await fetch(datasette, "sums", chosen))[0],
        "figures": draw_agencies(figures[:MOST_INTERVALS]),
        "coverage": draw_coverage(await fetch(datasette, "coverage", chosen)),
    }


async def draw_all(datasette: Datasette, chosen: Chosen) -> Row:
    """Return every chart of the chosen agencies."""
    return await draw_figures_and_totals(datasette, chosen) | {
        "responses": draw_counts(await fetch(datasette, "responses", chosen), chosen.pairs, "response"),
        "countries": draw_counts(await fetch(datasette, "countries", chosen), chosen.pairs, "country"),
        "reports": draw_reports(await fetch_reports(datasette, chosen), chosen.pairs),
    }


async def show_charts(datasette: Datasette, request: Request) -> Response:
    """Return the page of charts of the agencies that its address asks for."""
    chosen = await choose_agencies(datasette, request)
    table = with_pairs(AGENCIES, chosen.pairs)
    page = {"charts": await draw_all(datasette, chosen), "chosen": chosen, "table": table}
    return Response.html(await datasette.render_template("charts.html", page, request=request))


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Callable[..., Any]]:
    """Give the other pages the charts that they show."""

    async def country_charts(country: str) -> Row:
        chosen = Chosen("where country = :country", {"country": country}, [("country", country)])
        return await draw_figures_and_totals(datasette, chosen)

    async def published_charts() -> list[Row]:
        return draw_coverage(await fetch(datasette, "coverage", Chosen("where false", {}, [])))

    def charts_link() -> str:
        return with_pairs("/charts", choosing_pairs(request) if request else [])

    return {
        "country_charts": country_charts,
        "published_charts": published_charts,
        "draw_figures_of": draw_figures_of,
        "charts_link": charts_link,
    }


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Return the address of the page."""
    return [(r"^/charts$", show_charts)]
