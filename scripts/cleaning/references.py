"""What the tables say of each other: report numbers, cited sources, claimed agencies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dataset.deliveries import Place, name_places
from dataset.problems import Problem, name_file
from lookups.tables import read_table

from cleaning.links import NoLink, split_links
from cleaning.printed import Batch, Reports, Source
from cleaning.readings import WHO


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
        self.sources.update(cited for text in set(batch.columns["source"]) for cited in list_cited(text))


def list_cited(text: str) -> list[str]:
    """Return the sources that a report cites: one by its id, or several links."""
    try:
        return split_links(text) if "://" in text or "www." in text else [text.strip()]
    except NoLink:
        return [text.strip()]


def check_references(reports: Reports, mentioned: Mentioned, sources: list[Source], register: Path) -> list[Problem]:
    """Return every reference between the tables that leads nowhere."""
    listed = {source.cells["id"].strip() for source in sources}
    return [
        *(check_numbers(reports) if mentioned.number_twice else ()),
        *check_sources(sources, mentioned.sources),
        *(check_citations(reports, sources, listed) if mentioned.sources - listed else ()),
        *check_register(register, mentioned.agencies),
    ]


def check_numbers(reports: Reports) -> Iterator[Problem]:
    """Yield the report numbers that stand twice."""
    seen: dict[str, tuple[Place, int]] = {}
    for batch in reports:
        for row, text in zip(batch.rows, batch.columns["no"], strict=True):
            number = text.strip()
            if number in seen:
                place, first = seen[number]
                advice = f"stands in {place.row_seen_from(batch.place, first)} too; give each report its own number"
                yield batch.place.problem(row, "no", number, advice)
            seen.setdefault(number, (batch.place, row))


def check_sources(sources: list[Source], cited: set[str]) -> Iterator[Problem]:
    """Yield the sources that stand twice and those that nobody cites."""
    listed: dict[str, Source] = {}
    for source in sources:
        name = source.cells["id"].strip()
        if name in listed:
            first = listed[name].place.row_seen_from(source.place, listed[name].row)
            advice = f"stands in {first} too; give each source its own id"
            if source.place.headings["id"] == source.place.headings["url"]:
                advice = f"has another publisher or title in {first}; make them the same"
            yield source.place.problem(source.row, "id", name, advice)
        elif name not in cited:
            yield source.place.problem(source.row, "id", name, "no report cites it; cite it or delete the row")
        listed.setdefault(name, source)


def check_citations(reports: Reports, sources: list[Source], listed: set[str]) -> Iterator[Problem]:
    """Yield the reports that cite a source that is not listed."""
    where = name_places(source.place for source in sources)
    for batch in reports:
        for row, text in zip(batch.rows, batch.columns["source"], strict=True):
            for name in list_cited(text):
                if name not in listed:
                    advice = f"is not in {where}; add it there or correct the reference"
                    yield batch.place.problem(row, "source", name or "(empty)", advice)


def check_repeated(
    reports: Reports, sources: list[Source], agency_of: Callable[[tuple[str, ...], str], str]
) -> list[Problem]:
    """Return each report that another delivery has too: the same page, agency, figure and period.

    agency_of gives the id of an agency from its cells of WHO and its report's number, "" for an unnamed group. Sheets
    or files of one table are one delivery.
    """
    page_of = {source.cells["id"].strip(): source.cells["url"].strip() for source in sources}
    seen: dict[tuple[str, ...], tuple[Batch, int]] = {}
    found = []
    for batch in reports if len({one.table for one in reports.deliveries}) > 1 else ():
        fields = (*WHO, "no", "source", "searches", "period", "date")
        for index, cells in enumerate(zip(*map(batch.columns.__getitem__, fields), strict=True)):
            name, country, _, _, number, source, *figure = (cell.strip() for cell in cells)
            agency = agency_of(cells[:4], cells[4]) or f"{country}: {name}"
            first, place = seen.setdefault((page_of.get(source, source), agency, *figure), (batch, index))
            if first.delivery != batch.delivery:
                twin = f"report {first.columns['no'][place].strip()} of {first.place.file}"
                advice = f"repeats {twin}: the same source, agency and figure; delete the row"
                found.append(batch.place.problem(batch.rows[index], "no", number, advice))
    return found


def check_register(register: Path, claimed: set[str]) -> Iterator[Problem]:
    """Yield the agencies that no report names."""
    advice = "no report names this agency; delete the row or correct the aliases"
    for row, agency in enumerate(read_table(register), start=2):
        if agency["id"] not in claimed:
            yield Problem(name_file(register), "", row, "id", agency["id"], advice)
