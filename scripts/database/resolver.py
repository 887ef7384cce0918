"""One row per agency out of its reports: the figure, the response, the listing, by the rules of docs/method.md."""

from dataclasses import dataclass
from math import inf
from typing import Any

from cleaning.quantities import describe_interval

Report = dict[str, Any]
Labels = dict[str, list[dict[str, Any]]]

BUZZFEED_2021 = "BuzzFeed News, 2021"
NEVER_USED = {"doubtful", "not_stated"}


@dataclass(frozen=True)
class Figure:
    """The searches of one agency: interval or estimate, where it comes from, whether reports contradict it."""

    text: str = "not stated"
    minimum: int | None = None
    maximum: int | None = None
    about: int | None = None
    origin: str = "not_stated"
    conflict: bool = False


def rank(labels: Labels, table: str) -> dict[str, int]:
    """Return the place of each id on its ladder: the strongest first, as the label table is sorted."""
    return {row["id"]: int(row["sort"]) for row in labels[table]}


def strongest(values: list[str], ladder: dict[str, int]) -> str:
    """Return the value highest on the ladder; "not_stated" where there is none."""
    return min(values, key=ladder.__getitem__, default="not_stated")


def interval(report: Report) -> tuple[float, float] | None:
    """Return a report's bounds, open ends as infinity; None where it has no bound."""
    if report["searches_min"] is None and report["searches_max"] is None:
        return None
    low = report["searches_min"] if report["searches_min"] is not None else 0
    high = report["searches_max"] if report["searches_max"] is not None else inf
    return low, high


def meet(bounds: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the intersection of intervals (empty when its low is above its high)."""
    return max(low for low, _ in bounds), min(high for _, high in bounds)


def resolve_figure(reports: list[Report], origins: dict[str, int]) -> Figure:
    """Return the figure of an agency: the best origin that gives one, its intervals intersected."""
    usable = [report for report in reports if report["figure_from"] not in NEVER_USED]
    bounded = [report for report in usable if interval(report)]
    estimated = [report for report in usable if report["searches_about"] is not None]
    if not bounded and not estimated:
        return unread_figure(usable, origins)
    origin = strongest([report["figure_from"] for report in bounded + estimated], origins)
    estimates = [report for report in estimated if report["figure_from"] == origin]
    own = [report for report in bounded if report["figure_from"] == origin and not is_rounded(report, estimates)]
    if not own:
        return resolve_estimate(estimates, origin)
    return resolve_interval(own, [report for report in bounded if report["figure_from"] != origin], origin)


def is_rounded(report: Report, estimated: list[Report]) -> bool:
    """Return whether an exact figure is one that its origin gives as an estimate elsewhere: it is no more precise."""
    low, high = report["searches_min"], report["searches_max"]
    return low == high and any(low == other["searches_about"] for other in estimated)


def unread_figure(usable: list[Report], origins: dict[str, int]) -> Figure:
    """Return a figure without a number: the words as printed by the best origin, if any."""
    worded = [report for report in usable if report["searches"]]
    if not worded:
        return Figure()
    best = min(worded, key=lambda report: origins[report["figure_from"]])
    return Figure(text=best["searches"], origin=best["figure_from"])


def resolve_estimate(estimated: list[Report], origin: str) -> Figure:
    """Return the estimate of an origin; two different ones are a conflict and give no number."""
    values = sorted({report["searches_about"] for report in estimated})
    if len(values) > 1:
        return Figure(text=" or ".join(f"about {value:,}" for value in values), origin=origin, conflict=True)
    return Figure(text=estimated[0]["searches"], about=values[0], origin=origin)


def resolve_interval(own: list[Report], others: list[Report], origin: str) -> Figure:
    """Return the intersection of an origin's intervals; what excludes it sets the conflict."""
    low, high = meet([bounds for report in own if (bounds := interval(report))])
    if low > high:
        return Figure(
            text=" or ".join(dict.fromkeys(report["searches"] for report in own)), origin=origin, conflict=True
        )
    bounds_of_others = [bounds for report in others if (bounds := interval(report))]
    conflict = any(max(low, other[0]) > min(high, other[1]) for other in bounds_of_others)
    minimum = int(low) if any(report["searches_min"] is not None for report in own) else None
    maximum = None if high == inf else int(high)
    return Figure(reader_text(own, minimum, maximum), minimum, maximum, None, origin, conflict)


def reader_text(own: list[Report], minimum: int | None, maximum: int | None) -> str:
    """Return the words of a report that says just this interval, so that "more than 120" stays; else the interval's."""
    for report in own:
        if (report["searches_min"], report["searches_max"]) == (minimum, maximum):
            return str(report["searches"])
    return describe_interval(minimum, maximum, None)


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

    def __init__(self, labels: Labels, published: dict[str, str | None]) -> None:
        """Take the label tables, and each source's date (None where unknown)."""
        self.published = published
        self.bands = labels["search_bands"]
        tables = ("figure_origins", "use_statuses", "listings", "responses", "licences")
        self.ladders = {table: rank(labels, table) for table in tables}

    def resolve(self, reports: list[Report]) -> dict[str, Any]:
        """Return an agency's columns from its reports, in their order; reports that are alike may stand once."""
        figure = resolve_figure(reports, self.ladders["figure_origins"])
        responses_2021 = [report["response"] for report in reports if report["response_given_to"] == BUZZFEED_2021]
        dates = [date for report in reports if (date := self.published[report["source"]])]
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
        }

    def strongest(self, table: str, values: list[str]) -> str:
        """Return the value highest on a label table's ladder."""
        return strongest(values, self.ladders[table])
