"""The hand-kept tables of a folder, held against what each of their columns may contain."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from dataset.deliveries import name_places
from dataset.mapping import Mapping
from dataset.problems import Problem, name_file
from lookups.tables import LOOKUPS, Row, read_table

from cleaning.countries import known_codes
from cleaning.printed import Source

COLUMNS = {
    "agencies.csv": ("id", "name", "native_name", "country", "agency_type", "locality", "region", "geonameid"),
    "aliases.csv": ("name_as_printed", "country", "report_no", "agency", "reason"),
    "categories.csv": ("column", "as_printed", "id"),
    "not_persons.csv": ("phrase", "reason"),
    "corrections.csv": ("file", "id", "column", "as_received", "corrected", "reason", "source_url"),
    "published_totals.csv": (
        "id", "scope", "country", "measure", "as_printed", "minimum", "maximum", "part_of", "source",
    ),
    "regulatory_actions.csv": (
        "id", "country", "regulator", "date", "action", "amount", "currency", "summary", "publisher", "title", "url",
    ),
}  # fmt: skip
# Columns that a table may lack: those of a list whose agencies are told apart by their places.
MAY_LACK = {"aliases.csv": ("region", "locality")}
NEEDED = ("agencies.csv", "aliases.csv", "categories.csv", "not_persons.csv")
# Columns that may stand empty; every other one needs a value.
OPTIONAL = {
    "native_name", "locality", "region", "geonameid", "report_no", "reason", "minimum", "maximum", "part_of",
    "date", "amount", "currency", "title", "as_received", "corrected", "source_url",
}  # fmt: skip
WITH_ID = ("agencies.csv", "published_totals.csv", "regulatory_actions.csv")
# Whose ids other programs put into addresses as they are, those that match names for instance. An id of the
# spreadsheet's own, a source's, may have any characters: the site encodes it.
IN_ADDRESSES = {"agencies.csv", "regulatory_actions.csv"}
ADDRESS_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NUMBERS = {"minimum", "maximum", "amount", "report_no", "geonameid"}


def list_tables(folder: Path, mapping: Mapping) -> dict[str, Path]:
    """Return the hand-kept tables of a folder by the name they have in raw/."""
    named = {"agencies.csv": mapping.agencies, "aliases.csv": mapping.aliases, "categories.csv": mapping.categories,
             "not_persons.csv": mapping.not_persons}  # fmt: skip
    return {name: folder / file for name in COLUMNS if (file := named.get(name, name))}


def find_missing_columns(folder: Path, mapping: Mapping) -> list[Problem]:
    """Return a problem for each hand-kept table that is not there, lacks a column or has one too many."""
    found: list[Problem] = []
    for name, path in list_tables(folder, mapping).items():
        if not path.is_file():
            if name in NEEDED:
                found.append(Problem(name_file(path), advice="missing file; put it back"))
            continue
        found += check_columns(path, COLUMNS[name], MAY_LACK.get(name, ()))
    return found


def alias_columns(lines: Iterable[Row]) -> tuple[str, ...]:
    """Return the columns of aliases.csv for some lines: with region and locality where a line has one."""
    columns = COLUMNS["aliases.csv"]
    places = [column for column in MAY_LACK["aliases.csv"] if any(line.get(column) for line in lines)]
    return (*columns[:2], *places, *columns[2:])


def check_columns(path: Path, expected: Iterable[str], optional: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield a problem for each column that a table lacks or has too many."""
    heading = set(path.read_text("utf-8-sig").split("\n", 1)[0].strip().split(","))
    wrong = [(column, "missing column; add it or restore the heading") for column in set(expected) - heading]
    wrong += [
        (column, "unknown column; delete it or correct the heading") for column in heading - {*expected, *optional}
    ]
    for column, advice in wrong:
        yield Problem(name_file(path), "", 1, column, "", advice)


def check_registers(folder: Path, build: Path, mapping: Mapping, sources: list[Source]) -> list[Problem]:
    """Return every cell of the hand-kept tables that its column does not allow."""
    found: list[Problem] = []
    source_ids = {source.cells["id"].strip() for source in sources}
    where = name_places(source.place for source in sources)
    for name, path in list_tables(folder, mapping).items():
        corrected = build / name if name == "regulatory_actions.csv" else path
        rows = read_table(corrected) if path.is_file() else []
        allowed = allowed_values(name, rows, where, source_ids)
        file, seen = name_file(path), dict[str, int]()
        for line, row in enumerate(rows, start=2):
            found += check_row(file, line, row, allowed)
            if name in WITH_ID:
                found += check_id(file, name, line, row, seen)
    return found


def allowed_values(
    name: str, rows: list[Row], where: str, source_ids: set[str]
) -> dict[str, tuple[Callable[[str], bool], str]]:
    """Return, for each column with a closed list of values, the test and what to do when it fails."""
    types = {row["id"] for row in read_table(LOOKUPS / "agency_types.csv")}
    ids = {row["id"] for row in rows} if name == "published_totals.csv" else set()
    return {
        "country": (
            known_codes().__contains__,
            "unknown country; write its ISO 3166-1 code, or XX for an international agency",
        ),
        "agency_type": (
            types.__contains__,
            "unknown type of agency; correct it or add it to scripts/lookups/agency_types.csv",
        ),
        "source": (source_ids.__contains__, f"is not in {where}; add it there or correct the reference"),
        "part_of": (ids.__contains__, "is the id of no total here; correct it"),
    }


def check_row(
    file: str, line: int, row: Row, allowed: dict[str, tuple[Callable[[str], bool], str]]
) -> Iterator[Problem]:
    """Yield the cells of one row that are empty, no whole number or not in their column's list."""
    for column, value in row.items():
        # A published total of the world has no country, and a category may stand for empty cells.
        optional = column in OPTIONAL or (column == "country" and row.get("scope") == "world")
        optional = optional or (column == "as_printed" and "column" in row)
        if not value:
            if not optional:
                yield Problem(file, "", line, column, "", "is empty; fill it in")
        elif column in NUMBERS and not value.isdecimal():
            yield Problem(file, "", line, column, value, "is no whole number; write digits alone")
        elif column in allowed and not allowed[column][0](value):
            yield Problem(file, "", line, column, value, allowed[column][1])


def check_id(file: str, name: str, line: int, row: Row, seen: dict[str, int]) -> Iterator[Problem]:
    """Yield an id that stands twice, does not begin with its country's code, or cannot stand in an address."""
    value = row["id"]
    if value in seen:
        yield Problem(file, "", line, "id", value, f"stands in row {seen[value]} too; give each row its own id")
    elif name == "agencies.csv" and not value.startswith(row["country"].lower() + "-"):
        yield Problem(file, "", line, "id", value, f"does not begin with {row['country'].lower()}-; correct it")
    elif name in IN_ADDRESSES and not ADDRESS_PART.fullmatch(value):
        yield Problem(file, "", line, "id", value, "stands in addresses; write small letters, digits and hyphens alone")
    seen.setdefault(value, line)
