"""What the tables say of each other: report numbers, cited sources, claimed bodies."""

from collections.abc import Iterator

from problems import Problem
from tables import Row

WORKBOOK = "raw/reported_use.xlsx"


def check_references(reports: list[Row], sources: list[Row], agencies: list[Row], claimed: set[str]) -> list[Problem]:
    """Return every reference between the tables that leads nowhere; claimed holds the ids that reports name."""
    return [
        *check_numbers(reports),
        *check_sources(reports, sources),
        *check_register(agencies, claimed),
    ]


def check_numbers(reports: list[Row]) -> Iterator[Problem]:
    """Yield the report numbers that stand twice."""
    seen: dict[str, int] = {}
    for row, report in enumerate(reports, start=2):
        number = report["No"].strip()
        if number in seen:
            advice = f"stands in row {seen[number]} too; give each report its own number"
            yield Problem(WORKBOOK, "Reports", row, "No", number, advice)
        seen.setdefault(number, row)


def check_sources(reports: list[Row], sources: list[Row]) -> Iterator[Problem]:
    """Yield references to sources that are not listed, sources that stand twice and sources that nobody cites."""
    listed: dict[str, int] = {}
    cited = {report["Source"].strip() for report in reports}
    for row, source in enumerate(sources, start=2):
        name = source["Source"].strip()
        if name in listed:
            advice = f"stands in row {listed[name]} too; give each source its own id"
            yield Problem(WORKBOOK, "Sources", row, "Source", name, advice)
        elif name not in cited:
            yield Problem(WORKBOOK, "Sources", row, "Source", name, "no report cites it; cite it or delete the row")
        listed.setdefault(name, row)
    for row, report in enumerate(reports, start=2):
        if (name := report["Source"].strip()) not in listed:
            advice = "is not in sheet Sources; add it there or correct the reference"
            yield Problem(WORKBOOK, "Reports", row, "Source", name or "(empty)", advice)


def check_register(agencies: list[Row], claimed: set[str]) -> Iterator[Problem]:
    """Yield the bodies that no report names."""
    advice = "no report names this body; delete the row or correct raw/aliases.csv"
    for row, agency in enumerate(agencies, start=2):
        if agency["id"] not in claimed:
            yield Problem("raw/agencies.csv", "", row, "id", agency["id"], advice)
