"""The hand-kept tables of raw/, held against what each of their columns may contain."""

from collections.abc import Callable, Iterator
from pathlib import Path

from countries import cldr_codes
from problems import Problem
from tables import Row, read_table

LOOKUPS = Path(__file__).parent / "lookups"
COLUMNS = {
    "agencies.csv": ("id", "name", "native_name", "country", "agency_type", "locality", "region", "geonameid"),
    "aliases.csv": ("name_as_printed", "country", "report_no", "agency", "reason"),
    "published_totals.csv": (
        "id", "scope", "country", "measure", "as_printed", "minimum", "maximum", "part_of", "source",
    ),
    "regulator_actions.csv": (
        "id", "country", "regulator", "date", "action", "amount", "currency", "summary", "publisher", "title", "url",
    ),
}  # fmt: skip
# Columns that may stand empty; every other one needs a value.
OPTIONAL = {
    "native_name", "locality", "region", "geonameid", "report_no", "reason", "minimum", "maximum", "part_of",
    "date", "amount", "currency",
}  # fmt: skip
NUMBERS = {"minimum", "maximum", "amount", "report_no", "geonameid"}


def find_missing_columns(raw: Path) -> list[Problem]:
    """Return a problem for each hand-kept table that is not there, lacks a column or has one too many."""
    found: list[Problem] = []
    for name, expected in COLUMNS.items():
        path = raw / name
        if not path.is_file():
            found.append(Problem(f"raw/{name}", advice="missing file; put it back"))
            continue
        heading = set(path.read_text("utf-8-sig").split("\n", 1)[0].strip().split(","))
        wrong = [(column, "missing column; add it or restore the heading") for column in set(expected) - heading]
        wrong += [(column, "unknown column; delete it or correct the heading") for column in heading - set(expected)]
        found += [Problem(f"raw/{name}", "", 1, column, "", advice) for column, advice in wrong]
    return found


def check_registers(raw: Path, source_ids: set[str]) -> list[Problem]:
    """Return every cell of the hand-kept tables that its column does not allow."""
    found: list[Problem] = []
    for name in COLUMNS:
        rows = read_table(raw / name)
        allowed = allowed_values(name, rows, source_ids)
        seen: dict[str, int] = {}
        for line, row in enumerate(rows, start=2):
            found += check_row(name, line, row, allowed)
            if name != "aliases.csv":
                found += check_id(name, line, row, seen)
    return found


def allowed_values(name: str, rows: list[Row], source_ids: set[str]) -> dict[str, tuple[Callable[[str], bool], str]]:
    """Return, for each column with a closed list of values, the test and what to do when it fails."""
    types = {row["id"] for row in read_table(LOOKUPS / "agency_types.csv")}
    ids = {row["id"] for row in rows} if name == "published_totals.csv" else set()
    known = {*cldr_codes().values(), "XX"}
    return {
        "country": (known.__contains__, "unknown country; write its ISO 3166-1 code, or XX for an international body"),
        "agency_type": (types.__contains__, "unknown type of body; correct it or add it to lookups/agency_types.csv"),
        "source": (source_ids.__contains__, "is not in sheet Sources; add it there or correct the reference"),
        "part_of": (ids.__contains__, "is the id of no total here; correct it"),
    }


def check_row(
    name: str, line: int, row: Row, allowed: dict[str, tuple[Callable[[str], bool], str]]
) -> Iterator[Problem]:
    """Yield the cells of one row that are empty, no whole number or not in their column's list."""
    for column, value in row.items():
        # A published total of the world has no country.
        optional = column in OPTIONAL or (column == "country" and row.get("scope") == "world")
        if not value:
            if not optional:
                yield Problem(f"raw/{name}", "", line, column, "", "is empty; fill it in")
        elif column in NUMBERS and not value.isdecimal():
            yield Problem(f"raw/{name}", "", line, column, value, "is no whole number; write digits alone")
        elif column in allowed and not allowed[column][0](value):
            yield Problem(f"raw/{name}", "", line, column, value, allowed[column][1])


def check_id(name: str, line: int, row: Row, seen: dict[str, int]) -> Iterator[Problem]:
    """Yield an id that stands twice, or that does not begin with its country's code."""
    value = row["id"]
    if value in seen:
        yield Problem(
            f"raw/{name}", "", line, "id", value, f"stands in row {seen[value]} too; give each row its own id"
        )
    elif name == "agencies.csv" and not value.startswith(row["country"].lower() + "-"):
        yield Problem(
            f"raw/{name}", "", line, "id", value, f"does not begin with {row['country'].lower()}-; correct it"
        )
    seen.setdefault(value, line)
