"""One row per body out of its claims: the figure, the answer, the listing, by the rules in README.md."""

from dataclasses import dataclass
from math import inf
from typing import Any

from cleaning.quantities import describe_interval

Claim = dict[str, Any]
Labels = dict[str, list[dict[str, Any]]]

BUZZFEED_2021 = "BuzzFeed News, 2021"
NEVER_USED = {"doubtful", "not_stated"}


@dataclass(frozen=True)
class Figure:
    """The searches of one body: interval or estimate, where it comes from, whether reports contradict it."""

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


def interval(claim: Claim) -> tuple[float, float] | None:
    """Return a claim's bounds, open ends as infinity; None where it has no bound."""
    if claim["searches_min"] is None and claim["searches_max"] is None:
        return None
    low = claim["searches_min"] if claim["searches_min"] is not None else 0
    high = claim["searches_max"] if claim["searches_max"] is not None else inf
    return low, high


def meet(bounds: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the intersection of intervals (empty when its low is above its high)."""
    return max(low for low, _ in bounds), min(high for _, high in bounds)


def resolve_figure(claims: list[Claim], origins: dict[str, int]) -> Figure:
    """Return the figure of a body: the best origin that gives one, its intervals intersected."""
    usable = [claim for claim in claims if claim["figure_from"] not in NEVER_USED]
    bounded = [claim for claim in usable if interval(claim)]
    estimated = [claim for claim in usable if claim["searches_about"] is not None]
    if not bounded and not estimated:
        return unread_figure(usable, origins)
    origin = strongest([claim["figure_from"] for claim in bounded + estimated], origins)
    own = [claim for claim in bounded if claim["figure_from"] == origin]
    if not own:
        return resolve_estimate([claim for claim in estimated if claim["figure_from"] == origin], origin)
    return resolve_interval(own, [claim for claim in bounded if claim["figure_from"] != origin], origin)


def unread_figure(usable: list[Claim], origins: dict[str, int]) -> Figure:
    """Return a figure without a number: the words as printed by the best origin, if any."""
    worded = [claim for claim in usable if claim["searches"]]
    if not worded:
        return Figure()
    best = min(worded, key=lambda claim: origins[claim["figure_from"]])
    return Figure(text=best["searches"], origin=best["figure_from"])


def resolve_estimate(estimated: list[Claim], origin: str) -> Figure:
    """Return the estimate of an origin; two different ones are a conflict and give no number."""
    values = sorted({claim["searches_about"] for claim in estimated})
    if len(values) > 1:
        return Figure(text=" or ".join(f"about {value:,}" for value in values), origin=origin, conflict=True)
    return Figure(text=estimated[0]["searches"], about=values[0], origin=origin)


def resolve_interval(own: list[Claim], others: list[Claim], origin: str) -> Figure:
    """Return the intersection of an origin's intervals; what excludes it sets the conflict."""
    low, high = meet([bounds for claim in own if (bounds := interval(claim))])
    if low > high:
        return Figure(text=" or ".join(dict.fromkeys(claim["searches"] for claim in own)), origin=origin, conflict=True)
    bounds_of_others = [bounds for claim in others if (bounds := interval(claim))]
    conflict = any(max(low, other[0]) > min(high, other[1]) for other in bounds_of_others)
    minimum = int(low) if any(claim["searches_min"] is not None for claim in own) else None
    maximum = None if high == inf else int(high)
    return Figure(reader_text(own, minimum, maximum), minimum, maximum, None, origin, conflict)


def reader_text(own: list[Claim], minimum: int | None, maximum: int | None) -> str:
    """Return the words of a claim that says just this interval, so that "more than 120" stays; else the interval's."""
    for claim in own:
        if (claim["searches_min"], claim["searches_max"]) == (minimum, maximum):
            return str(claim["searches"])
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
    """Return a sort key for the end of a year, month or day: by the end of 2021-08-25 the body had been named."""
    return date + "-99-99"[len(date) - 4 :] if len(date) < 10 else date


class Resolver:
    """Resolves bodies by the ladders of the label tables."""

    def __init__(self, labels: Labels, published: dict[str, str | None]) -> None:
        """Take the label tables, and each source's date (None where unknown)."""
        self.published = published
        self.bands = labels["search_bands"]
        tables = ("figure_origins", "use_statuses", "listings", "responses", "licences")
        self.ladders = {table: rank(labels, table) for table in tables}

    def resolve(self, claims: list[Claim]) -> dict[str, Any]:
        """Return a body's columns from its claims, in the order of reports; claims that are alike may stand once."""
        figure = resolve_figure(claims, self.ladders["figure_origins"])
        answers_2021 = [claim["response"] for claim in claims if claim["response_given_to"] == BUZZFEED_2021]
        dates = [date for claim in claims if (date := self.published[claim["source"]])]
        return {
            "use_status": self.strongest("use_statuses", [claim["use_status"] for claim in claims]),
            "listing": self.strongest("listings", [claim["listing"] for claim in claims]),
            "searches": figure.text,
            "searches_min": figure.minimum,
            "searches_max": figure.maximum,
            "searches_about": figure.about,
            "searches_band": search_band(figure, self.bands),
            "searches_basis": figure.origin,
            "figures_conflict": int(figure.conflict),
            "response": self.strongest("responses", [claim["response"] for claim in claims]),
            "response_2021": self.strongest("responses", answers_2021),
            "licence": self.strongest("licences", [claim["licence"] for claim in claims]),
            "source_count": len({claim["source"] for claim in claims}),
            "first_reported": min(dates, key=end_of, default=None),
            "last_reported": max(dates, default=None),
        }

    def strongest(self, table: str, values: list[str]) -> str:
        """Return the value highest on a label table's ladder."""
        return strongest(values, self.ladders[table])
