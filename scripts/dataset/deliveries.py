"""The spreadsheets of a folder, each with where its tables stand, and those that its mapping does not list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from dataset.mapping import FILE, ListedDelivery, Mapping, Parts
from dataset.problems import Problem, name_file
from dataset.tables import OF_LINKS, ReportColumns, ReportFields, Reports, SourceFields, Sources

SPREADSHEETS = (".csv", ".ods", ".tsv", ".xls", ".xlsb", ".xlsm", ".xlsx")
APART = 1_000_000  # between the numbers of the reports of one table's sheets or files
PERIODS = 1_000  # of a delivery, at most; the places of its cells are told apart by them


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
    """A spreadsheet as received, or one sheet or file of several that are one table."""

    number: int  # 1 is the first
    folder: Path
    file: str
    encoding: str
    numbers_after: int
    reports: Reports
    sources: Sources
    table: int  # the number of the table that it is, or is a part of
    column_set: int = 0  # the number of the period whose column of figures is read, 0 where there is one for all

    @property
    def place_number(self) -> int:
        """Return a number for where the fields stand: the delivery's own, or one for each of its periods."""
        return self.number * PERIODS + self.column_set if self.column_set else self.number

    @property
    def period_digits(self) -> str:
        """Return what follows the number of a row in the number of its report, where each period has a column."""
        digits = "".join(filter(str.isdecimal, self.reports.constants.period or ""))
        return digits if self.column_set else ""

    def by_period(self) -> "list[Delivery]":
        """Return the delivery once for each period that has its own column of figures, or itself alone."""
        found = []
        for number, period in enumerate(self.reports.periods, start=1):
            columns = self.reports.columns.model_copy(update={"searches": self.reports.periods[period]})
            constants = self.reports.constants.model_copy(update={"period": period})
            one = self.reports.model_copy(update={"columns": columns, "constants": constants, "periods": {}})
            found.append(replace(self, reports=one, column_set=number))
        return found or [self]

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

    @property
    def links_place(self) -> Place:
        """Return where the links of the reports stand, as sources."""
        place = self.reports_place
        link = place.headings.get("source", "source")
        told = {field: place.headings[field] for field in OF_LINKS if field in place.headings}
        return replace(place, headings={"id": link, "url": link} | told)

    def step(self, table: str) -> str:
        """Return the name of the file that a table of this delivery is extracted to."""
        return f"{table}.csv" if self.number == 1 else f"{table}-{self.number}.csv"


def list_deliveries(folder: Path, mapping: Mapping) -> list[Delivery]:
    """Return the deliveries of a folder; a list of sources that the mapping gives for all is of the first."""
    found: list[Delivery] = []
    for table, one in enumerate(mapping.deliveries or [ListedDelivery(file=mapping.workbook)], start=1):
        encoding, reports = one.encoding or mapping.encoding, one.reports or mapping.reports
        for place, (file, sheet, text) in enumerate(list_parts(one)):
            sources = one.sources or mapping.sources
            if (place or (table > 1 and not one.sources)) and sources.rows is not None:
                sources = sources.model_copy(update={"rows": None if sources.links else ()})
            given = {one.name_gives: text} if one.name_gives else {}
            constants = reports.constants.model_copy(update=given)
            own = reports.model_copy(update={"constants": constants, "sheet": sheet or reports.sheet})
            after = one.numbers_after + (0 if "no" in reports.headings else place * APART)
            parts = join_links(own, sources)
            found.append(Delivery(len(found) + 1, folder, file, encoding, after, *parts, table))
    return found


def list_parts(one: ListedDelivery) -> list[tuple[str, str, str]]:
    """Return the file and sheet of each part of a table, and the text that its name gives."""
    files = name_parts(one.files, stem=True) if one.files else [(one.file, "")]
    sheets = name_parts(one.sheets) if one.sheets else [("", "")]
    return [(file, sheet, sheet_text or file_text) for (file, file_text), (sheet, sheet_text) in product(files, sheets)]


def name_parts(parts: Parts, *, stem: bool = False) -> list[tuple[str, str]]:
    """Return the names of parts, each with what it stands for: of a file that says nothing else, its name's stem."""
    if isinstance(parts, dict):
        return [*parts.items()]
    return [(name, Path(name).stem if stem else name) for name in parts]


def join_links(reports: Reports, sources: Sources) -> tuple[Reports, Sources]:
    """Return the tables with what tells of links among the columns of reports, where the links are in their rows."""
    if not sources.by_link or sources.columns is None:
        return reports, sources
    told = {field: getattr(sources.columns, field) for field in OF_LINKS}
    columns: ReportColumns = reports.columns.model_copy(update=told)
    return reports.model_copy(update={"columns": columns}), Sources(links="read")


def fields_in_use(deliveries: Iterable[Delivery]) -> set[str]:
    """Return the fields of reports that a column, a constant or a name of a sheet gives in any delivery."""
    found: set[str] = set()
    for delivery in deliveries:
        reports = delivery.reports
        found |= {*reports.columns.model_dump(exclude_none=True), *reports.constants.model_dump(exclude_none=True)}
        found |= {"searches", "period"} if reports.periods else set()
    return found & {*ReportFields.model_fields}


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
