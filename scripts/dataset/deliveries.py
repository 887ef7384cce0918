"""The spreadsheets of a folder, each with where its tables stand, and those that its mapping does not list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dataset.mapping import FILE, ListedDelivery, Mapping, Reports, SourceFields, Sources
from dataset.problems import Problem, name_file

SPREADSHEETS = (".csv", ".ods", ".tsv", ".xls", ".xlsm", ".xlsx")


@dataclass(frozen=True)
class Place:
    """Where a table stands: its file, sheet, and the heading of each field that has a column."""

    file: str
    sheet: str
    headings: dict[str, str]
    summed: bool = False  # its rows are sums of accounts, and stand in no row of the file

    def problem(self, row: int, field: str, value: str, advice: str) -> Problem:
        """Return a problem with one cell, or with the text of the mapping that stands for all rows."""
        if field in self.headings:
            return Problem(self.file, self.sheet, 0 if self.summed else row, self.headings[field], value, advice)
        return Problem(self.file, self.sheet, 0, field, value, advice)

    def __str__(self) -> str:
        """Return what a reader calls the table."""
        return f"sheet {self.sheet}" if self.sheet else self.file

    def row_seen_from(self, other: "Place", row: int) -> str:
        """Return what a message on another place calls a row of this one."""
        elsewhere = "" if (self.file, self.sheet) == (other.file, other.sheet) else f" of {self.file}"
        return f"row {row}{elsewhere}"


@dataclass(frozen=True)
class Delivery:
    """A spreadsheet as received."""

    number: int  # 1 is the first
    folder: Path
    file: str
    encoding: str
    numbers_after: int
    reports: Reports
    sources: Sources

    @property
    def sources_path(self) -> Path:
        """Return the file that the sources are in; a list of sources is in the mapping itself."""
        return self.folder / ((self.sources.file or self.file) if self.sources.columns else FILE)

    @property
    def reports_place(self) -> Place:
        """Return where the reports stand."""
        table = self.reports
        return Place(name_file(self.folder / self.file), table.sheet, table.headings, table.rows == "account")

    @property
    def sources_place(self) -> Place:
        """Return where the sources stand."""
        fields = {field: field for field in SourceFields.model_fields}
        headings = self.sources.headings if self.sources.columns else fields
        return Place(name_file(self.sources_path), self.sources.sheet, headings)

    def step(self, table: str) -> str:
        """Return the name of the file that a table of this delivery is extracted to."""
        return f"{table}.csv" if self.number == 1 else f"{table}-{self.number}.csv"


def list_deliveries(folder: Path, mapping: Mapping) -> list[Delivery]:
    """Return the deliveries of a folder; a list of sources that the mapping gives for all is of the first."""
    found = []
    for number, one in enumerate(mapping.deliveries or [ListedDelivery(file=mapping.workbook)], start=1):
        listed_before = number > 1 and mapping.sources.rows is not None
        sources = one.sources or (Sources(rows=()) if listed_before else mapping.sources)
        encoding, reports = one.encoding or mapping.encoding, one.reports or mapping.reports
        found.append(Delivery(number, folder, one.file, encoding, one.numbers_after, reports, sources))
    return found


def list_files(folder: Path, mapping: Mapping) -> list[Path]:
    """Return the spreadsheets of all deliveries."""
    deliveries = list_deliveries(folder, mapping)
    own = [one.sources_path for one in deliveries if one.sources.file]
    return [*dict.fromkeys([*(folder / one.file for one in deliveries), *own])]


def find_unlisted(folder: Path, mapping: Mapping, known: Iterable[str]) -> Iterator[Problem]:
    """Yield the spreadsheets in a folder that nothing names; known are those that are no deliveries."""
    named = {mapping.agencies, mapping.aliases, mapping.categories, mapping.not_persons, *mapping.other_files, *known}
    listed = {path.name for path in list_files(folder, mapping)} | named
    for path in sorted(folder.iterdir()):
        passing = path.name.startswith((".", "~"))  # what office programs write beside an open file
        if path.suffix.lower() in SPREADSHEETS and path.name not in listed and not passing:
            advice = f"is in no line of {FILE}; list it under deliveries, or under other_files if it is none"
            yield Problem(name_file(path), advice=advice)


def name_places(places: Iterable[Place]) -> str:
    """Return what a reader calls these tables together."""
    return " or ".join(dict.fromkeys(map(str, places)))
