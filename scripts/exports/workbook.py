"""The whole database as one workbook: a sheet that says what it is, then a sheet for each table."""

import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from exports.data_dictionary import Table, as_plain_text, read_citation, read_metadata

Row = Sequence[object]
Rows = Sequence[Row]

# No cell is taken for a formula, a link or a number but what is one in the database.
AS_IT_IS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NO_TIME = datetime(1980, 1, 1)  # noqa: DTZ001 - the file format's earliest, so that equal data give equal bytes
LINE, WIDEST = 120, 60  # characters
MOST_ROWS = 100_000  # of a sheet: more take spreadsheet programs minutes to open, and gigabytes of memory to write
MOST_CHARACTERS = 32_767  # of a cell


def write_workbook(tables: list[Table], rows: Mapping[str, Rows], path: Path) -> None:
    """Write the workbook; a text longer than a cell may be is cut and says so.

    A table of more than MOST_ROWS, of which no rows are given, has no sheet, and the first sheet says so.
    """
    with Workbook(path, AS_IT_IS) as book:
        book.set_properties({"title": read_citation()["title"], "created": NO_TIME})
        bold = book.add_format({"bold": True})
        write_readme(book.add_worksheet("README"), tables, bold)
        for table in tables:
            if table.name not in rows:
                continue
            sheet = book.add_worksheet(table.name)
            write_cells(sheet, 0, [[column.name for column in table.columns]], bold)
            write_cells(sheet, 1, rows[table.name])
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, max(1, table.rows), len(table.columns) - 1)
            for place, column in enumerate(table.columns):
                longest = max((len(str(row[place] or "")) for row in rows[table.name]), default=0)
                sheet.set_column(place, place, min(WIDEST, max(len(column.name) + 3, longest)))


def write_readme(sheet: Worksheet, tables: list[Table], bold: Format) -> None:
    """Write what the data is and what it cannot tell, then every sheet and column with its meaning."""
    metadata, citation = read_metadata(), read_citation()
    words = as_plain_text(metadata["description_html"])
    licence = f"Licence: {metadata['license']}, {metadata['license_url']}"
    opening = [[line] for text in (words, licence, citation["message"]) for line in [*textwrap.wrap(text, LINE), ""]]
    sheets = [[table.name, f"{table.rows:,} rows", "", describe_sheet(table)] for table in tables]
    columns = [
        [table.name, column.name, column.type, column.description] for table in tables for column in table.columns
    ]
    at = 0
    for heading, lines in (
        ([citation["title"]], opening),
        (["Sheet", "Rows", "", "What a row is"], [*sheets, [""]]),
        (["Sheet", "Column", "Type", "What it means"], columns),
    ):
        write_cells(sheet, at, [heading], bold)
        write_cells(sheet, at + 1, lines)
        at += 1 + len(lines)
    for place, width in enumerate((20, 22, 9, LINE)):
        sheet.set_column(place, place, width)


def describe_sheet(table: Table) -> str:
    """Return what a row of a table is; of a table that is too long for a sheet, where it is."""
    if table.rows <= MOST_ROWS:
        return table.description
    return f"No sheet here, since it is too long for one: {table.name}.csv has all of it. {table.description}"


def write_cells(sheet: Worksheet, first: int, rows: Rows, look: Format | None = None) -> None:
    """Write rows from a row of the sheet on (the first is 0); nothing and an empty text leave a cell empty."""
    for number, row in enumerate(rows, first):
        for place, value in enumerate(row):
            if isinstance(value, str) and len(value) > MOST_CHARACTERS:
                sheet.write_string(number, place, cut(value), look)
            elif value not in (None, ""):
                sheet.write(number, place, value, look)


def cut(text: str) -> str:
    """Return as much of a text as a cell holds, and that it is cut: the other files have all of it."""
    note = f" … [cut to fit into a cell: {len(text):,} characters in all, which the other files have]"
    return text[: MOST_CHARACTERS - len(note)] + note
