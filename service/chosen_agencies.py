"""The agencies that an address asks for, as their table reads it, and the charts of just those."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from datasette.app import Datasette
from datasette.filters import Filters
from datasette.utils.asgi import BadRequest, Request
from exports.site_words import WORDS

from service.address_forms import find_bad_value
from service.chart_rows import MOST_IN_A_LINK, Pairs, Row
from service.charts import (
    Chart,
    chart_counts,
    chart_coverage,
    chart_figures,
    chart_reports,
    chart_searches,
    chart_sums,
)
from service.chosen_rows import choose_rows

DATABASE, TABLE = WORDS.database, "agencies"
ASKED = Path(__file__).parent / "chart_queries"
QUERIES = {path.stem: WORDS.sql(path.read_text("utf-8")) for path in ASKED.glob("*.sql")}
# Parameters of the table that choose rows; the others only say how it shows them.
CHOOSING = ("_search", "_searchmode", "_through", "_where")
MOST_INTERVALS = 80  # agencies in the chart of searches, reports in that of an agency; their tables have them all


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
    """Return the rows of service/chart_queries/NAME.sql over the chosen agencies."""
    sql = f"with chosen as (select * from {TABLE} {chosen.where})\n{QUERIES[name]}"
    results = await datasette.get_database(DATABASE).execute(sql, {**chosen.values, **values})
    return [WORDS.row(row) for row in results.rows]


async def fetch_total(datasette: Datasette, chosen: Chosen) -> Row:
    """Return what the chosen agencies come to."""
    return (await fetch(datasette, "total", chosen))[0]


async def draw_responses(datasette: Datasette, chosen: Chosen) -> Chart:
    """Return the chosen agencies by response."""
    return chart_counts("responses", await fetch(datasette, "responses", chosen), chosen.pairs)


async def draw_countries(datasette: Datasette, chosen: Chosen) -> Chart:
    """Return the chosen agencies by country."""
    return chart_counts("countries", await fetch(datasette, "countries", chosen), chosen.pairs)


async def draw_searches(datasette: Datasette, chosen: Chosen) -> Chart:
    """Return the searches of the chosen agencies."""
    rows = await fetch(datasette, "figures", chosen, most=MOST_INTERVALS)
    return chart_searches(rows, await fetch_total(datasette, chosen), MOST_INTERVALS)


async def draw_reports(datasette: Datasette, chosen: Chosen) -> Chart:
    """Return the reports on the chosen agencies by month."""
    return chart_reports(await fetch(datasette, "reports", chosen, most=MOST_IN_A_LINK), chosen.pairs)


async def draw_coverage(datasette: Datasette, chosen: Chosen) -> Chart:
    """Return the published totals of all and of the countries of the chosen agencies."""
    return chart_coverage(await fetch(datasette, "coverage", chosen))


async def draw_sums(datasette: Datasette, chosen: Chosen) -> Chart:
    """Return the known minimums of the countries of the chosen agencies."""
    return chart_sums(await fetch(datasette, "sums", chosen))


async def draw_reported(datasette: Datasette, chosen: Chosen) -> Chart:
    """Return the figures of the reports on the one chosen agency; raises BadRequest where it is not one."""
    total = await fetch_total(datasette, chosen)
    if total["agencies"] != 1:
        raise BadRequest(f"this chart is of one agency, such as ?id=kripos; {total['agencies']:,} are chosen")
    agency = (await fetch(datasette, "agency", chosen))[0]
    return chart_figures(await fetch(datasette, "reported", chosen, most=MOST_INTERVALS), agency)


DRAWN: dict[str, Callable[[Datasette, Chosen], Awaitable[Chart]]] = {
    "responses": draw_responses,
    "countries": draw_countries,
    "searches": draw_searches,
    "reports": draw_reports,
    "coverage": draw_coverage,
    "sums": draw_sums,
    "figures": draw_reported,
}
