"""Reports as printed -> claims, with a log of every cell that was changed.

usage: clean.py RAW_DIR BUILD_DIR     (reads BUILD_DIR/reports.csv, sources.csv; writes claims.csv, issues.csv)
"""

import sys
from pathlib import Path
from typing import NamedTuple

from countries import CountryReader, UnknownCountry
from figure_words import UnreadableQuantity
from names import AliasTable, UnknownName
from problems import Problem, Problems, exit_with
from quantities import QuantityReader
from references import check_references
from registers import check_registers, find_missing_columns
from tables import Row, read_table, write_table

LOOKUPS = Path(__file__).parent / "lookups"
FILE, SHEET = "raw/reported_use.xlsx", "Reports"

# Spreadsheet heading -> the columns of a claim that are read from it.
FIELDS = {
    "No": ("no",),
    "Agency (as printed)": ("agency_as_printed", "agency"),
    "Country (as printed)": ("country_as_printed", "country"),
    "Searches (as printed)": ("searches_as_printed", "searches", "searches_min", "searches_max", "searches_about"),
    "Figure from": ("figure_from",),
    "Response": ("response",),
    "Response given to": ("response_given_to",),
    "Response, in our words": ("response_detail",),
    "Licence": ("licence",),
    "Use": ("use_status",),
    "Listing": ("listing",),
    "Source": ("source",),
    "Note": ("note",),
}
CATEGORIES = ("Figure from", "Response", "Response given to", "Licence", "Use", "Listing")
CLAIM_COLUMNS = (
    "no", "agency", "country", "agency_as_printed", "country_as_printed", "searches_as_printed", "searches",
    "searches_min", "searches_max", "searches_about", "figure_from", "response", "response_given_to",
    "response_detail", "licence", "use_status", "listing", "source", "note", "row",
)  # fmt: skip
ISSUE_COLUMNS = ("file", "sheet", "row", "column", "field", "kind", "before", "after", "reason")


class Reading(NamedTuple):
    """What one field of a claim became, and why; value "" means nothing is known."""

    field: str
    value: str
    kind: str
    reason: str = ""


class Cleaner:
    """Reads the cells of reports; each distinct printed value is read once."""

    def __init__(self, raw: Path) -> None:
        """Load the lookups and the register."""
        self.countries = CountryReader(LOOKUPS / "countries.csv")
        self.quantities = QuantityReader.from_folder(LOOKUPS)
        self.agencies = read_table(raw / "agencies.csv")
        self.aliases = AliasTable(raw / "aliases.csv", {row["id"] for row in self.agencies})
        self.categories = {
            (row["column"], row["as_printed"]): row["id"] for row in read_table(LOOKUPS / "categories.csv")
        }
        self.known: dict[tuple[str, str, str], list[Reading]] = {}

    def read_report(self, row: int, report: Row) -> tuple[list[Reading], list[Problem]]:
        """Return the readings of a report's cells, and a problem for each cell that can't be read."""
        readings: list[Reading] = []
        problems: list[Problem] = []
        country = ""
        for heading in sorted(FIELDS, key=lambda name: name != "Country (as printed)"):
            try:
                found = self.read_cell(heading, report[heading], country, report["No"])
            except ValueError as error:
                problems.append(Problem(FILE, SHEET, row, heading, report[heading], str(error)))
                continue
            if heading == "Country (as printed)":
                country = found[-1].value
            readings += found
        return readings, problems

    def read_cell(self, heading: str, printed: str, country: str, report_no: str) -> list[Reading]:
        """Return the readings of one cell, from memory where its reading depends on nothing else."""
        name = heading == "Agency (as printed)"
        if name and self.aliases.is_for_one_report(printed.strip(), country):
            return self.read_name(printed, country, report_no)
        key = (heading, printed, country if name else "")
        if key not in self.known:
            self.known[key] = self.read_name(printed, country) if name else self.read_value(heading, printed)
        return self.known[key]

    def read_value(self, heading: str, printed: str) -> list[Reading]:
        """Return the readings of a cell that is no name; raise ValueError with what to do."""
        if heading in CATEGORIES:
            return self.read_category(FIELDS[heading][0], printed)
        if heading == "Country (as printed)":
            return self.read_country(printed)
        if heading == "Searches (as printed)":
            return self.read_figure(printed)
        if heading == "No" and not printed.strip().isdecimal():
            raise ValueError("is no whole number; give the report its number")
        return [Reading(FIELDS[heading][0], printed.strip(), "trimmed")]

    def read_category(self, field: str, printed: str) -> list[Reading]:
        """Return the id of a category."""
        if (known := self.categories.get((field, printed.strip()))) is None:
            raise ValueError("unknown category; correct the cell or add it to scripts/lookups/categories.csv")
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
                f"unknown name in {country}; add it to raw/aliases.csv with the body's id, or none for an unnamed group"
            ) from None
        return [*readings, Reading("agency", agency, "resolved" if agency else "dropped", reason)]

    def read_figure(self, printed: str) -> list[Reading]:
        """Return the figure as printed, as a reader sees it, and its interval or estimate."""
        fields = FIELDS["Searches (as printed)"]
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


def log_changes(row: int, report: Row, readings: list[Reading]) -> list[tuple[object, ...]]:
    """Return an issue for each field whose value is not the cell as printed."""
    printed = {field: (heading, report[heading]) for heading, fields in FIELDS.items() for field in fields}
    issues: list[tuple[object, ...]] = []
    for field, value, kind, reason in readings:
        heading, before = printed[field]
        if value != before:
            issues.append((FILE, SHEET, row, heading, field, kind, before, value, reason))
    return issues


def clean(raw: Path, build: Path) -> tuple[int, int]:
    """Write claims.csv and issues.csv; return their row counts; raise Problems with every fault of the run."""
    if missing := find_missing_columns(raw):
        raise Problems(missing)
    reports, sources = read_table(build / "reports.csv"), read_table(build / "sources.csv")
    cleaner = Cleaner(raw)
    claims: list[list[str]] = []
    issues: list[tuple[object, ...]] = []
    problems: list[Problem] = []
    for row, report in enumerate(reports, start=2):
        readings, faults = cleaner.read_report(row, report)
        problems += faults
        if not faults:
            values = {"row": str(row)} | {reading.field: reading.value for reading in readings}
            claims.append([values[column] for column in CLAIM_COLUMNS])
            issues += log_changes(row, report, readings)
    claimed = {claim[1] for claim in claims}
    problems += check_registers(raw, {source["Source"].strip() for source in sources})
    problems += check_references(reports, sources, cleaner.agencies, claimed)
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
