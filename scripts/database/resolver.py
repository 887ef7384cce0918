"""One row per agency out of its reports: the figure, the response, the listing, by the rules of docs/method.md."""

from math import inf
from typing import Any

from database.figures import Figure, Report, strongest
from database.series import latest, resolve_series, say_series

Labels = dict[str, list[dict[str, Any]]]

BUZZFEED_2021 = "BuzzFeed News, 2021"


def rank(labels: Labels, table: str) -> dict[str, int]:
    """Return the place of each id on its ladder: the strongest first, as the label table is sorted."""
    return {row["id"]: int(row["sort"]) for row in labels[table]}


def search_band(figure: Figure, bands: list[dict[str, Any]]) -> str:
    """Return the narrowest band that surely holds the figure; open ends go to an "or more" band."""
    if figure.conflict and figure.minimum is None and figure.maximum is None and figure.about is None:
        return "conflict"
    if figure.minimum is None:
        return "not_stated" if figure.about is None and figure.maximum is None else "estimate"
    low, high = figure.minimum, inf if figure.maximum is None else figure.maximum
    closed = [band for band in bands if band["maximum"]]
    for band in closed:
        if int(band["minimum"]) <= low and high <= int(band["maximum"]):
            return str(band["id"])
    opened = [band for band in bands if band["minimum"] and not band["maximum"] and int(band["minimum"]) <= low]
    return str(max(opened, key=lambda band: int(band["minimum"]))["id"]) if opened else "estimate"


def end_of(date: str) -> str:
    """Return a sort key for the end of a year, month or day: by the end of 2021-08-25 the agency had been named."""
    return date + "-99-99"[len(date) - 4 :] if len(date) < 10 else date


class Resolver:
    """Resolves agencies by the ladders of the label tables."""

    def __init__(self, labels: Labels) -> None:
        """Take the label tables."""
        self.bands = labels["search_bands"]
        tables = ("figure_origins", "use_statuses", "listings", "responses", "licences")
        self.ladders = {table: rank(labels, table) for table in tables}

    def resolve(self, reports: list[Report], *, with_periods: bool = False) -> dict[str, Any]:
        """Return an agency's columns from its reports, in their order; reports that are alike may stand once."""
        series = resolve_series(reports, self.ladders["figure_origins"])
        period, figure = latest(series)
        responses_2021 = [report["response"] for report in reports if report["response_given_to"] == BUZZFEED_2021]
        dates = [date for report in reports if (date := report["published"])]
        of_periods = {"period": period or None, "series": say_series(series)} if with_periods else {}
        return {
            "use_status": self.strongest("use_statuses", [report["use_status"] for report in reports]),
            "listing": self.strongest("listings", [report["listing"] for report in reports]),
            "searches": figure.text,
            "searches_min": figure.minimum,
            "searches_max": figure.maximum,
            "searches_about": figure.about,
            "searches_band": search_band(figure, self.bands),
            "searches_basis": figure.origin,
            "figures_conflict": int(figure.conflict),
            "response": self.strongest("responses", [report["response"] for report in reports]),
            "response_2021": self.strongest("responses", responses_2021),
            "licence": self.strongest("licences", [report["licence"] for report in reports]),
            "source_count": len({report["source"] for report in reports}),
            "first_reported": min(dates, key=end_of, default=None),
            "last_reported": max(dates, default=None),
            **of_periods,
        }

    def strongest(self, table: str, values: list[str]) -> str:
        """Return the value highest on a label table's ladder."""
        return strongest(values, self.ladders[table])
