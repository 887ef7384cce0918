"""What the tables say of each other: report numbers, cited sources, claimed bodies."""

from collections.abc import Iterator
from pathlib import Path

from printed import Printed
from problems import Problem, name_file
from tables import read_table


def check_references(reports: Printed, sources: Printed, register: Path, claimed: set[str]) -> list[Problem]:
    """Return every reference between the tables that leads nowhere; claimed holds the ids that reports name."""
    return [
        *check_numbers(reports),
        *check_sources(reports, sources),
        *check_register(register, claimed),
    ]


def check_numbers(reports: Printed) -> Iterator[Problem]:
    """Yield the report numbers that stand twice."""
    seen: dict[str, int] = {}
    for row, report in reports.rows.items():
        number = report["no"].strip()
        if number in seen:
            advice = f"stands in row {seen[number]} too; give each report its own number"
            yield reports.problem(row, "no", number, advice)
        seen.setdefault(number, row)


def check_sources(reports: Printed, sources: Printed) -> Iterator[Problem]:
    """Yield references to sources that are not listed, sources that stand twice and sources that nobody cites."""
    listed: dict[str, int] = {}
    cited = {report["source"].strip() for report in reports.rows.values()}
    for row, source in sources.rows.items():
        name = source["id"].strip()
        if name in listed:
            advice = f"stands in row {listed[name]} too; give each source its own id"
            yield sources.problem(row, "id", name, advice)
        elif name not in cited:
            yield sources.problem(row, "id", name, "no report cites it; cite it or delete the row")
        listed.setdefault(name, row)
    for row, report in reports.rows.items():
        if (name := report["source"].strip()) not in listed:
            advice = f"is not in {sources.place}; add it there or correct the reference"
            yield reports.problem(row, "source", name or "(empty)", advice)


def check_register(register: Path, claimed: set[str]) -> Iterator[Problem]:
    """Yield the bodies that no report names."""
    advice = "no report names this body; delete the row or correct the aliases"
    for row, agency in enumerate(read_table(register), start=2):
        if agency["id"] not in claimed:
            yield Problem(name_file(register), "", row, "id", agency["id"], advice)
