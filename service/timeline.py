"""What happened when: reports, the responses they gave first, and regulatory actions, in order of date.

A date is that of a report or a decision. A response is dated by the first report that gives it: reports seldom say when
it was given. A day, month or year stands as the source has it; a month stands before its days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Point:
    """One point of a timeline: its date (None where there is none), kind and words, its row, and whom it names."""

    date: str | None
    kind: str
    text: str
    table: str
    key: str
    agencies: tuple[Row, ...] = ()

    @property
    def place(self) -> tuple[bool, str, str]:
        """Return what points are sorted by; those without a date come last."""
        return self.date is None, self.date or "", self.kind


def name_agency(row: Row) -> Row:
    """Return what a page needs to name an agency: id, name, and the word on its use."""
    names = {"id": "agency", "name": "agency_name", "use": "agency_use", "use_label": "agency_use_label"}
    return {key: row[column] for key, column in names.items()}


def tell_reports(reports: Iterable[Row]) -> list[Point]:
    """Return a point for each source of the reports: it leads to the one report, or to the page of several."""
    points = []
    ordered = sorted(reports, key=lambda row: (row["source"], row["no"]))
    for source, found in groupby(ordered, lambda row: row["source"]):
        rows = list(found)
        agencies = {row["agency"]: name_agency(row) for row in rows if row["agency"]}
        table, key = ("reports", str(rows[0]["no"])) if len(rows) == 1 else ("sources", source)
        text = rows[0]["publisher"] + (f": {rows[0]['title']}" if rows[0]["title"] else "")
        points.append(Point(rows[0]["published"], "report", text, table, key, tuple(agencies.values())))
    return points


def tell_responses(reports: Iterable[Row]) -> list[Point]:
    """Return a point for each response of each agency, at the first dated report that gives it."""
    given = [row for row in reports if row["agency"] and row["response"] != "not_stated"]
    first: dict[tuple[str, str], Row] = {}
    for row in sorted(given, key=lambda row: (row["published"] is None, row["published"] or "", row["no"])):
        first.setdefault((row["agency"], row["response"]), row)
    return [
        Point(row["published"], "response", row["response_label"], "reports", str(row["no"]), (name_agency(row),))
        for row in first.values()
    ]


def tell_actions(actions: Iterable[Row]) -> list[Point]:
    """Return a point for each action of a regulator or court."""
    return [
        Point(row["date"], "action", f"{row['regulator']}: {row['action']}", "regulatory_actions", row["id"])
        for row in actions
    ]


def group_by_year(points: Iterable[Point]) -> list[tuple[str, list[Point]]]:
    """Return the points in order of date under the year of each; those without a date last, under ""."""
    ordered = sorted(points, key=lambda point: point.place)
    return [(year, list(found)) for year, found in groupby(ordered, lambda point: (point.date or "")[:4])]
