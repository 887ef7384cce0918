"""An agency's figures period by period, where its reports have one: two years are no contradiction."""

from collections import defaultdict
from dataclasses import replace

from cleaning.dates import period_order

from database.figures import Figure, Report, resolve_figure

Series = list[tuple[str, Figure]]


def resolve_series(reports: list[Report], origins: dict[str, int]) -> Series:
    """Return the figure of each period, the first period first; reports without a period are of the period ""."""
    by_period: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        by_period[report.get("period") or ""].append(report)
    order = sorted(by_period, key=lambda period: period_order(period) if period else ("", ""))
    return [(period, resolve_figure(by_period[period], origins)) for period in order]


def latest(series: Series) -> tuple[str, Figure]:
    """Return the latest period with a figure, and that figure; a contradiction in any period is one of the agency."""
    stated = [(period, figure) for period, figure in series if figure.origin != "not_stated"]
    period, figure = stated[-1] if stated else ("", series[-1][1])
    return period, replace(figure, conflict=any(figure.conflict for _, figure in series))


def say_series(series: Series) -> str | None:
    """Return the figures of all periods in words: "2019: 5; 2020: 9"; None where no report has a period."""
    told = [f"{period or 'no period'}: {figure.text}" for period, figure in series]
    return "; ".join(told) if any(period for period, _ in series) else None
