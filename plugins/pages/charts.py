"""Charts of the agencies: `/charts` takes the filters of the table of agencies and draws just those rows.

Each chart has a page of its own, `/charts/searches`, with the same filters; chart_files.py serves it as a picture and
its numbers as CSV.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from service.chart_rows import AGENCIES, Pairs, Row, with_pairs
from service.charts import TITLES, Chart, chart_coverage, chart_figures
from service.chosen_agencies import (
    DRAWN,
    Chosen,
    choose_agencies,
    choosing_pairs,
    draw_coverage,
    draw_searches,
    fetch,
    fetch_total,
)

TOGETHER = ("responses", "countries", "searches", "reports", "coverage")


def chart_address(kind: str, pairs: Pairs) -> dict[str, str]:
    """Return the addresses of a chart: its page, its files, and what may stand in other people's pages."""
    path = f"/charts/{kind}"
    files = {ending: with_pairs(f"{path}.{ending}", pairs) for ending in ("svg", "png", "csv")}
    return {"page": with_pairs(path, pairs), "embed": with_pairs(f"/embed/chart/{kind}", pairs), **files}


async def show_charts(datasette: Datasette, request: Request) -> Response:
    """Return the page of charts of the agencies that its address asks for."""
    chosen = await choose_agencies(datasette, request)
    total = await fetch_total(datasette, chosen)
    charts = [await DRAWN[kind](datasette, chosen) for kind in TOGETHER] if total["agencies"] else []
    page = {"charts": charts, "total": total, "chosen": chosen, "table": with_pairs(AGENCIES, chosen.pairs)}
    return Response.html(await datasette.render_template("charts.html", page, request=request))


async def show_chart(datasette: Datasette, request: Request) -> Response:
    """Return the page of one chart."""
    chosen = await choose_agencies(datasette, request)
    chart = await DRAWN[request.url_vars["kind"]](datasette, chosen)
    page = {"chart": chart, "chosen": chosen, "table": with_pairs(AGENCIES, chosen.pairs)}
    return Response.html(await datasette.render_template("chart.html", page, request=request))


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Callable[..., Any]]:
    """Give the other pages the charts that they show."""

    async def country_charts(country: str) -> Row:
        chosen = Chosen("where country = :country", {"country": country}, [("country", country)])
        totals = [row for row in await fetch(datasette, "coverage", chosen) if row["country"]]
        return {"searches": await draw_searches(datasette, chosen), "coverage": chart_coverage(totals)}

    async def published_chart() -> Chart:
        return await draw_coverage(datasette, Chosen("where false", {}, []))

    def charts_link() -> str:
        return with_pairs("/charts", choosing_pairs(request) if request else [])

    return {
        "country_charts": country_charts,
        "published_chart": published_chart,
        "chart_figures": chart_figures,
        "chart_address": chart_address,
        "charts_link": charts_link,
    }


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Return the addresses of the pages."""
    return [(r"^/charts$", show_charts), (rf"^/charts/(?P<kind>{'|'.join(TITLES)})$", show_chart)]
