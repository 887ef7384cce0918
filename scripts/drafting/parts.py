"""The spreadsheets of a folder: one table, or several sheets or files of one, each with its name's own meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaning.countries import read_code
from cleaning.regions import known_regions, read_region
from dataset.problems import Problem, Problems, name_file
from spreadsheets.workbooks import KNOWN

from drafting.earlier import Earlier
from drafting.periods import find_period
from drafting.sheet import NumberedRows, as_table, find_headings, list_spreadsheets, read_sheets, tidy_headings


@dataclass
class Part:
    """A sheet with the headings of the table, and what its name says of its rows."""

    path: Path
    sheet: str
    header_row: int
    headings: list[str]
    rows: NumberedRows  # under the headings
    text: str = ""


@dataclass
class Table:
    """The parts of a table, and the other sheets with their numbers of rows."""

    parts: list[Part]
    by: str = ""  # "files" or "sheets" where there are several
    gives: str = ""  # the field that their names give
    other_sheets: dict[str, int] | None = None


def find_table(folder: Path, workbook: str, said: dict[str, str], earlier: Earlier | None) -> Table:
    """Return the table of a folder: what an earlier mapping lists, or what has the same headings; raise Problems."""
    if earlier:
        parts = [
            read_part(folder / file, sheet, earlier.header_rows[-1], text) for file, sheet, text in earlier.parts()
        ]
        return Table(parts, earlier.by, earlier.gives)
    wanted = int(said.get("header_row") or 0)
    paths = [folder / workbook] if workbook else list_spreadsheets(folder)
    if len(paths) == 1:
        return find_sheets(paths[0], said.get("sheet", ""), wanted)
    try:
        parts = [find_sheets(path, said.get("sheet", ""), wanted).parts[0] for path in paths]
    except Problems:
        parts = []
    if not parts or len({tuple(part.headings) for part in parts}) > 1:
        advice = f"{len(paths)} spreadsheets are there ({KNOWN}); leave one, or name it: ARGS='--workbook NAME'"
        raise Problems([Problem(name_file(folder / "."), advice=advice)])
    return name_parts(Table(parts, "files"), [part.path.stem for part in parts])


def read_part(path: Path, sheet: str, wanted: int, text: str) -> Part:
    """Return one sheet of a file with its headings in a row; raise Problems."""
    sheets = read_sheets(path, sheet)
    name = sheet or max(sheets, key=lambda one: len(sheets[one]))
    return as_part(path, name, sheets[name], wanted, text)


def as_part(path: Path, sheet: str, rows: NumberedRows, wanted: int, text: str = "") -> Part:
    """Return rows as the part of a table; raise Problems where no row has headings."""
    start = find_headings(name_file(path), rows, wanted)
    return Part(path, sheet, rows[start][0], tidy_headings(as_table(rows[start:])[0]), rows[start + 1 :], text)


def find_sheets(path: Path, sheet: str, wanted: int) -> Table:
    """Return the largest sheet of a file, with those that have the same headings in the same row."""
    sheets = read_sheets(path, sheet)
    largest = max(sheets, key=lambda name: len(sheets[name]))
    main = as_part(path, largest, sheets[largest], wanted)
    parts = []
    for name, rows in sheets.items():
        try:
            part = main if name == largest else as_part(path, name, rows, main.header_row)
        except Problems:
            continue
        if part.headings == main.headings:
            parts.append(part)
    taken = {part.sheet for part in parts}
    others = {name: len(rows) for name, rows in sheets.items() if name not in taken and rows}
    table = Table(parts, "sheets" if len(parts) > 1 else "", other_sheets=others)
    return name_parts(table, [part.sheet for part in parts]) if len(parts) > 1 else table


def name_parts(table: Table, names: Sequence[str]) -> Table:
    """Return the table with what the names of its parts say: a period, a country or a region each, or nothing."""
    headings = table.parts[0].headings
    periods = [find_period(name)[0] for name in names]
    countries = [name if len(name) > 3 and read_code(name) else "" for name in names]
    texts, gives = names, ""
    if all(periods) and len(set(periods)) == len(names):
        texts, gives = periods, "period"
    elif all(countries) and not any(heading.casefold() == "country" for heading in headings):
        texts, gives = countries, "country"
    elif any(all((code, read_region(code, name)) in named_regions() for name in names) for code in region_countries()):
        texts, gives = names, "region"
    for part, text in zip(table.parts, texts if gives else [""] * len(names), strict=True):
        part.text = text
    table.gives = gives
    return table


def region_countries() -> set[str]:
    """Return the countries whose regions are known."""
    return {country for country, _ in known_regions()}


def named_regions() -> set[tuple[str, str]]:
    """Return the known regions, each with its country."""
    return {(country, name) for (country, _), name in known_regions().items()}
