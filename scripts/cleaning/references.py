"""What the tables say of each other: report numbers, cited sources, claimed agencies."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dataset.problems import Problem, name_file
from lookups.tables import Row, read_table

from cleaning.printed import Batch, Place, Reports


@dataclass
class Mentioned:
    """What the reports speak of, gathered while they are read."""

    numbers: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)
    number_twice: bool = False

    def add(self, batch: Batch) -> None:
        """Gather the numbers and sources of some reports."""
        before = len(self.numbers)
        self.numbers.update(map(str.strip, batch.columns["no"]))
        self.number_twice |= len(self.numbers) - before < len(batch.rows)
        self.sources.update(map(str.strip, set(batch.columns["source"])))


def check_references(
    reports: Reports, mentioned: Mentioned, place: Place, sources: dict[int, Row], register: Path
) -> list[Problem]:
    """Return every reference between the tables that leads nowhere."""
    listed = {source["id"].strip() for source in sources.values()}
    return [
        *(check_numbers(reports) if mentioned.number_twice else ()),
        *check_sources(place, sources, mentioned.sources),
        *(check_citations(reports, place, listed) if mentioned.sources - listed else ()),
        *check_register(register, mentioned.agencies),
    ]


def check_numbers(reports: Reports) -> Iterator[Problem]:
    """Yield the report numbers that stand twice."""
    seen: dict[str, int] = {}
    for batch in reports:
        for row, text in zip(batch.rows, batch.columns["no"], strict=True):
            number = text.strip()
            if number in seen:
                advice = f"stands in row {seen[number]} too; give each report its own number"
                yield reports.place.problem(row, "no", number, advice)
            seen.setdefault(number, row)


def check_sources(place: Place, sources: dict[int, Row], cited: set[str]) -> Iterator[Problem]:
    """Yield the sources that stand twice and those that nobody cites."""
    listed: dict[str, int] = {}
    for row, source in sources.items():
        name = source["id"].strip()
        if name in listed:
            advice = f"stands in row {listed[name]} too; give each source its own id"
            yield place.problem(row, "id", name, advice)
        elif name not in cited:
            yield place.problem(row, "id", name, "no report cites it; cite it or delete the row")
        listed.setdefault(name, row)


def check_citations(reports: Reports, place: Place, listed: set[str]) -> Iterator[Problem]:
    """Yield the reports that cite a source that is not listed."""
    advice = f"is not in {place}; add it there or correct the reference"
    for batch in reports:
        for row, text in zip(batch.rows, batch.columns["source"], strict=True):
            if (name := text.strip()) not in listed:
                yield reports.place.problem(row, "source", name or "(empty)", advice)


def check_register(register: Path, claimed: set[str]) -> Iterator[Problem]:
    """Yield the agencies that no report names."""
    advice = "no report names this agency; delete the row or correct the aliases"
    for row, agency in enumerate(read_table(register), start=2):
        if agency["id"] not in claimed:
            yield Problem(name_file(register), "", row, "id", agency["id"], advice)
