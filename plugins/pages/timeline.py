"""The page /timeline: of everything, of a country (?country=CA) or of an agency (?agency=xx-europol).

What stands on it is chosen in service/timeline.py. An agency's has the regulatory actions of its country.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import BadRequest, NotFound, Request, Response
from exports.site_words import WORDS

from service.timeline import Point, group_by_year, tell_actions, tell_reports, tell_responses

SQL = Path(__file__).parent / "sql"
REPORTS, COUNT, ACTIONS, SCOPE = (
    WORDS.sql((SQL / f"timeline_{name}.sql").read_text(encoding="utf-8"))
    for name in ("reports", "count", "actions", "scope")
)
KINDS = {"report": "Report", "response": "Response", "action": "Regulatory action"}
MOST = 1_000  # points on a page
MOST_READ = 10_000  # reports, the first by date, that points are made of

Row = dict[str, Any]


async def fetch(datasette: Datasette, sql: str, values: dict[str, str | int]) -> list[Row]:
    """Return the rows of a query."""
    return [dict(row) for row in (await datasette.get_database(WORDS.database).execute(sql, values)).rows]


async def find_points(datasette: Datasette, agency: str, country: str, of: str) -> list[Point]:
    """Return all points of an agency, a country or all; the regulatory actions are those of the country `of`."""
    reports = await fetch(datasette, REPORTS, {"agency": agency, "country": country, "most": MOST_READ})
    actions = await fetch(datasette, ACTIONS, {"country": of})
    return [*tell_reports(reports), *tell_responses(reports), *tell_actions(actions)]


async def show_timeline(datasette: Datasette, request: Request) -> Response:
    """Return the page; raises BadRequest for another parameter and NotFound for an agency or country not here."""
    names = set(request.args)
    is_part = bool(names & {"agency", "country"})
    is_repeated = any(len(request.args.getlist(name)) > 1 for name in names)
    if names - {"agency", "country", "kind"} or {"agency", "country"} <= names or is_repeated:
        raise BadRequest("a timeline takes one agency or one country, and one kind; no other parameter")
    agency, country, kind = (request.args.get(name, "") for name in ("agency", "country", "kind"))
    if kind and kind not in KINDS:
        raise BadRequest(f"kind is one of {', '.join(KINDS)}")
    found = await fetch(datasette, SCOPE, {"agency": agency, "country": country}) if is_part else []
    if is_part and not found:
        raise NotFound(f"No {'agency' if 'agency' in names else 'country'} has this identifier")
    scope = found[0] if found else None
    points = await find_points(datasette, agency, country, scope["country"] if scope else "")
    counts = {name: sum(point.kind == name for point in points) for name in KINDS}
    (of_all,) = await fetch(datasette, COUNT, {"agency": agency, "country": country})
    shown = sorted((one for one in points if kind in ("", one.kind)), key=lambda point: point.place)
    page = {
        "scope": scope,
        "chosen": "agency" if agency else "country" if country else "",
        "kind": kind,
        "kinds": KINDS,
        "counts": counts,
        "count": len(shown),
        "years": group_by_year(shown[:MOST]),
        "most": MOST,
        "reports": of_all["reports"],
        "most_read": MOST_READ,
    }
    return Response.html(await datasette.render_template("timeline.html", page, request=request))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the address of the page."""
    return [(r"^/timeline$", show_timeline)]
