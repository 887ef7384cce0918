"""Reports as printed -> claims, with a log of every cell that was changed.

usage: clean.py RAW_DIR BUILD_DIR     (reads BUILD_DIR/reports.csv, sources.csv; writes claims.csv, issues.csv)
"""

import sys
from pathlib import Path
from typing import NamedTuple

from countries import CountryReader, UnknownCountry
from figure_words import UnreadableQuantity
from mapping import Mapping, read_mapping
from names import AliasTable, UnknownName
from printed import Printed, read_reports, read_sources
from problems import Problem, Problems, exit_with, name_file
from quantities import QuantityReader
from references import check_references
from registers import check_registers, find_missing_columns
from tables import ISSUE_COLUMNS, Row, read_table, write_table

LOOKUPS = Path(__file__).parent / "lookups"

# Field of a report -> the columns of a claim that are read from it.
FIELDS = {
    "no": ("no",),
    "agency": ("agency_as_printed", "agency"),
    "country": ("country_as_printed", "country"),
    "searches": ("searches_as_printed", "searches", "searches_min", "searches_max", "searches_about"),
    "figure_from": ("figure_from",),
    "response": ("response",),
    "response_given_to": ("response_given_to",),
    "response_detail": ("response_detail",),
    "licence": ("licence",),
    "use_status": ("use_status",),
    "listing": ("listing",),
    "source": ("source",),
    "note": ("note",),
}
CATEGORIES = ("figure_from", "response", "response_given_to", "licence", "use_status", "listing")
CLAIM_COLUMNS = (
    "no", "agency", "country", "agency_as_printed", "country_as_printed", "searches_as_printed", "searches",
    "searches_min", "searches_max", "searches_about", "figure_from", "response", "response_given_to",
    "response_detail", "licence", "use_status", "listing", "source", "note", "row",
)  # fmt: skip


class Reading(NamedTuple):
    """What one field of a claim became, and why; value "" means nothing is known."""

    field: str
    value: str
    kind: str
    reason: str = ""


class Cleaner:
    """Reads the cells of reports; each distinct printed value is read once."""

    def __init__(self, folder: Path, mapping: Mapping) -> None:
        """Load the lookups, and the folder's register, aliases and categories."""
        self.countries = CountryReader(LOOKUPS / "countries.csv")
        self.quantities = QuantityReader.from_folder(LOOKUPS)
        agencies = read_table(folder / mapping.agencies)
        self.aliases = AliasTable(folder / mapping.aliases, {row["id"] for row in agencies})
        path = folder / mapping.categories if mapping.categories else LOOKUPS / "categories.csv"
        self.categories_file = name_file(path)
        self.categories = {(row["column"], row["as_printed"]): row["id"] for row in read_table(path)}
        self.known: dict[tuple[str, str, str], list[Reading]] = {}

    def read_report(self, report: Row) -> tuple[list[Reading], dict[str, str]]:
        """Return the readings of a report's cells, and what to do about each field that can't be read."""
        readings: list[Reading] = []
        faults: dict[str, str] = {}
        country = ""
        for field in sorted(FIELDS, key=lambda name: name != "country"):
            try:
                found = self.read_cell(field, report[field], country, report["no"])
            except ValueError as error:
                faults[field] = str(error)
                continue
            if field == "country":
                country = found[-1].value
            readings += found
        return readings, faults

    def read_cell(self, field: str, printed: str, country: str, report_no: str) -> list[Reading]:
        """Return the readings of one cell, from memory where its reading depends on nothing else."""
        name = field == "agency"
        if name and self.aliases.is_for_one_report(printed.strip(), country):
            return self.read_name(printed, country, report_no)
        key = (field, printed, country if name else "")
        if key not in self.known:
            self.known[key] = self.read_name(printed, country) if name else self.read_value(field, printed)
        return self.known[key]

    def read_value(self, field: str, printed: str) -> list[Reading]:
        """Return the readings of a cell that is no name; raise ValueError with what to do."""
        if field in CATEGORIES:
            return self.read_category(field, printed)
        if field == "country":
            return self.read_country(printed)
        if field == "searches":
            return self.read_figure(printed)
        if field == "no" and not printed.strip().isdecimal():
            raise ValueError("is no whole number; give the report its number")
        return [Reading(field, printed.strip(), "trimmed")]

    def read_category(self, field: str, printed: str) -> list[Reading]:
        """Return the id of a category."""
        if (known := self.categories.get((field, printed.strip()))) is None:
            raise ValueError(f"unknown category; correct the cell or add it to {self.categories_file}")
        return [Reading(field, known, "mapped" if printed.strip() else "not stated")]

    def read_country(self, printed: str) -> list[Reading]:
        """Return the country as printed and its code."""
        try:
            code, reason = self.countries.read(printed.strip())
        except UnknownCountry:
            raise ValueError("unknown country; correct the cell or add it to scripts/lookups/countries.csv") from None
        return [
            Reading("country_as_printed", printed, ""),
            Reading("country", code, "translated" if reason else "mapped", reason),
        ]

    def read_name(self, printed: str, country: str, report_no: str = "") -> list[Reading]:
        """Return the body's name as printed and its id; an unnamed group or an empty cell has none."""
        readings = [Reading("agency_as_printed", printed, "")]
        if not printed.strip() or not country:
            return [*readings, Reading("agency", "", "")]
        try:
            agency, reason = self.aliases.read(printed.strip(), country, report_no)
        except UnknownName:
            raise ValueError(
                f"unknown name in {country}; add it to {name_file(self.aliases.path)} with the body's id,"
                " or none for an unnamed group"
            ) from None
        return [*readings, Reading("agency", agency, "resolved" if agency else "dropped", reason)]

    def read_figure(self, printed: str) -> list[Reading]:
        """Return the figure as printed, as a reader sees it, and its interval or estimate."""
        fields = FIELDS["searches"]
        if not printed.strip():
            return [Reading(field, "", "") for field in fields]
        try:
            quantity = self.quantities.read(printed.strip())
        except UnreadableQuantity as error:
            raise ValueError(f"{error}; correct the cell or add the word to the data file named") from None
        numbers = (quantity.minimum, quantity.maximum, quantity.about)
        values = [printed, quantity.text, *("" if number is None else str(number) for number in numbers)]
        reason = "" if any(values[2:]) else "no number: the words give none, or give several for different things"
        kind = "parsed" if any(values[2:]) else "dropped"
        return [Reading(field, value, kind, reason) for field, value in zip(fields, values, strict=True)]


def log_changes(reports: Printed, row: int, readings: list[Reading]) -> list[tuple[object, ...]]:
    """Return an issue for each field whose value is not the cell as printed."""
    printed = {column: field for field, columns in FIELDS.items() for column in columns}
    issues: list[tuple[object, ...]] = []
    for column, value, kind, reason in readings:
        field = printed[column]
        before = reports.rows[row][field]
        if value != before and field in reports.headings:
            place = (reports.file, reports.sheet, row, reports.headings[field], column)
            issues.append((*place, kind, before, value, reason))
    return issues


def clean(folder: Path, build: Path) -> tuple[int, int]:
    """Write claims.csv and issues.csv; return their row counts; raise Problems with every fault of the run."""
    mapping = read_mapping(folder)
    if missing := find_missing_columns(folder, mapping):
        raise Problems(missing)
    reports, sources = read_reports(mapping, folder, build), read_sources(mapping, folder, build)
    cleaner = Cleaner(folder, mapping)
    claims: list[list[str]] = []
    issues: list[tuple[object, ...]] = [tuple(row.values()) for row in read_table(build / "removed.csv")]
    problems: list[Problem] = []
    for row, report in reports.rows.items():
        readings, faults = cleaner.read_report(report)
        problems += [reports.problem(row, field, report[field], advice) for field, advice in faults.items()]
        if not faults:
            values = {"row": str(row)} | {reading.field: reading.value for reading in readings}
            claims.append([values[column] for column in CLAIM_COLUMNS])
            issues += log_changes(reports, row, readings)
    claimed = {claim[1] for claim in claims}
    problems += check_registers(folder, mapping, sources)
    problems += check_references(reports, sources, folder / mapping.agencies, claimed)
    problems += cleaner.aliases.problems() + cleaner.countries.problems()
    if problems:
        raise Problems(problems)
    write_table(build / "claims.csv", CLAIM_COLUMNS, claims)
    write_table(build / "issues.csv", ISSUE_COLUMNS, issues)
    return len(claims), len(issues)


def main() -> None:
    """Clean the build folder's reports, or print every problem and exit 1."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        claims, issues = clean(Path(sys.argv[1]), Path(sys.argv[2]))
    except Problems as found:
        exit_with(found.problems)
    print(f"{claims} reports cleaned, {issues} changed cells logged")


if __name__ == "__main__":
    main()
