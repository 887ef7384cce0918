"""The one figure of several reports, by the rules of docs/method.md: the best origin's, its intervals intersected."""

from dataclasses import dataclass
from math import inf
from typing import Any

from cleaning.quantities import describe_interval

Report = dict[str, Any]
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
