"""Reading and writing the CSV tables that the scripts hand to each other; every cell is text."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

LOOKUPS = Path(__file__).parent  # the words that all rooms know, as CSV tables
Row = dict[str, str]
Table = list[list[str]]
# The log of changed cells, of which each script that changes some writes its own.
LOG_COLUMNS = ("file", "sheet", "row", "column", "field", "kind", "before", "after", "reason")


def read_table(path: Path) -> list[Row]:
    """Return the rows of a CSV file with a heading, as text; a short row has empty cells."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, restval=""))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write the rows, in the order of the columns, as UTF-8 CSV; None becomes an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
