"""Charts as numbers: where bars, intervals and columns stand, in percent of their width or height.

The site's templates/_charts.html draws them. Nothing here is rounded to look better than it is: an end that is not
known stays None, and is drawn open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10

MONTHS = 12
TICK_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Interval:
    """A number of searches as drawn on a log scale: each end and the estimate in percent, None where not known."""

    low: float | None = None
    high: float | None = None
    about: float | None = None

    @property
    def shape(self) -> str:
        """Return how it is drawn: point, closed, open_high, open_low, about, or none."""
        if self.low is not None and self.high is not None:
            return "point" if self.low == self.high else "closed"
        if self.low is not None:
            return "open_high"
        if self.high is not None:
            return "open_low"
        return "none" if self.about is None else "about"


def percent(part: float, whole: float) -> float:
    """Return the part in percent of the whole; 0 where there is no whole."""
    return round(100 * part / whole, 3) if whole else 0.0


def top_decade(values: Iterable[int | None]) -> int:
    """Return the power of ten above every value, 10 at least, so that an open end has room to be open."""
    greatest = max((value for value in values if value), default=1)
    return int(10 ** (floor(log10(greatest)) + 1))


def decades(top: int) -> list[int]:
    """Return the powers of ten from 1 to the top: the marks of a log scale."""
    return [10**exponent for exponent in range(len(str(top)))]


def log_percent(value: int | None, top: int) -> float | None:
    """Return where a value stands on a log scale from 1 to the top; 0, which has no logarithm, stands at its start."""
    return None if value is None else percent(log10(max(value, 1)), log10(top))


def draw_interval(low: int | None, high: int | None, about: int | None, top: int) -> Interval:
    """Return the interval on the log scale that ends at the top."""
    return Interval(log_percent(low, top), log_percent(high, top), log_percent(about, top))


def excludes(chosen: tuple[int | None, int | None], low: int | None, high: int | None) -> bool:
    """Return whether two intervals, open where an end is None, have no number in common."""
    ends = [(chosen[0], high), (low, chosen[1])]
    return any(left is not None and right is not None and left > right for left, right in ends)


def draw_bar(parts: Sequence[int], most: int) -> list[tuple[float, float]]:
    """Return start and width of each part of a bar, one after the other; the longest bar fills the width."""
    starts = [sum(parts[:place]) for place in range(len(parts))]
    return [(percent(start, most), percent(part, most)) for start, part in zip(starts, parts, strict=True)]


def round_ticks(most: int) -> list[int]:
    """Return round marks from 0 to the greatest count or just past it, at most five above zero."""
    steps = (step * 10**exponent for exponent in range(len(str(most)) + 1) for step in TICK_STEPS)
    step = next(step for step in steps if most <= step * 5)
    return list(range(0, most + step, step))


def all_months(dates: Iterable[str]) -> list[str]:
    """Return every month (2020-01) of the years from the first date to the last."""
    years = sorted({int(date[:4]) for date in dates})
    if not years:
        return []
    return [f"{year}-{month:02}" for year in range(years[0], years[-1] + 1) for month in range(1, MONTHS + 1)]
