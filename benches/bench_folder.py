"""A made-up folder of any number of reports in the shape of raw/, for measuring; nothing in it is data."""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from dataset.mapping import read_mapping
from lookups.tables import Row, read_table, write_table
from spreadsheets.sheets import Watch
from spreadsheets.xlsx import XlsxSheet

RAW = Path(__file__).resolve().parent.parent / "raw"
COPIES = 29  # times our 74 agencies: 2,146, as many as a leak of this kind has held
WORKBOOK = "reports.xlsx"
NAME, DETAIL, NOTE = 1, 7, 12
Table = list[list[str]]


def make_folder(folder: Path, count: int, distinct: bool = False, formatted: bool = False) -> None:
    """Write a folder of count reports: ours repeated, on up to 2,146 agencies; distinct makes each note its own.

    Formatted gives the numbers a format, for which openpyxl has to read the sheet.
    """
    folder.mkdir(parents=True)
    mapping = read_mapping(RAW)
    shutil.copy(RAW / mapping.not_persons, folder)
    # The workbooks that share the headings said for all, as one.
    files = [RAW / delivery.file for delivery in mapping.deliveries if delivery.sources is None]
    words, tables = (RAW / "mapping.yml").read_text("utf-8").partition("\nreports:\n")[::2]
    assert "deliveries:" in words
    (folder / "mapping.yml").write_text(f"workbook: {WORKBOOK}\nreports:\n{tables}", "utf-8")
    reports, sources = (join_rows([read_rows(path, sheet) for path in files]) for sheet in ("Reports", "Sources"))
    length = len(reports) - 1
    copies = max(1, min(COPIES, count // length))
    with xlsxwriter.Workbook(folder / WORKBOOK) as book:
        lines = repeat_reports(reports, count, copies, distinct)
        write_sheet(book, "Reports", lines, "0.00" if formatted else "General")
        write_sheet(book, "Sources", iter(sources))
    agencies, aliases = read_table(RAW / "agencies.csv"), read_table(RAW / "aliases.csv")
    write_rows(folder / "agencies.csv", [mark(row, copy, "id", "name") for copy in range(copies) for row in agencies])
    write_rows(folder / "aliases.csv", list(repeat_aliases(aliases, count, copies, length)))


def join_rows(tables: list[Table]) -> Table:
    """Return the rows of several tables under the headings of the first."""
    return [tables[0][0], *(row for table in tables for row in table[1:])]


def read_rows(path: Path, sheet: str) -> Table:
    """Return the rows of a sheet as texts."""
    rows = [cells for _, cells in XlsxSheet(path, sheet).rows(Watch())]
    width = max(map(max, rows)) + 1
    return [[cells.get(place, "") for place in range(width)] for cells in rows]


def write_sheet(book: xlsxwriter.Workbook, name: str, rows: Iterator[list[str]], code: str = "General") -> None:
    """Write a sheet of texts, but for the reports' own numbers."""
    page, look = book.add_worksheet(name), book.add_format({"num_format": code})
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            if text and text.isdecimal() and place == 0:
                page.write_number(number, place, int(text), look)
            elif text:
                page.write_string(number, place, text)


def repeat_reports(reports: Table, count: int, copies: int, distinct: bool) -> Iterator[list[str]]:
    """Yield the headings and count reports, each with a number of its own."""
    yield reports[0]
    for number in range(count):
        turn, place = divmod(number, len(reports) - 1)
        row = [str(number + 1), *reports[place + 1][1:]]
        if row[NAME] and turn % copies:
            row[NAME] += f" {turn % copies}"
        for column in (DETAIL, NOTE) if distinct else ():
            if row[column]:
                row[column] += f" (the {number + 1}th)"  # "(14036)" alone can be dialled in the Netherlands
        yield row


def repeat_aliases(aliases: list[Row], count: int, copies: int, length: int) -> Iterator[Row]:
    """Yield the aliases of each copy of the agencies; those of one report, for each time it stands in the sheet."""
    for alias in aliases:
        if not alias["report_no"]:
            yield from (mark(alias, copy, "name_as_printed", "agency") for copy in range(copies))
            continue
        for number in range(int(alias["report_no"]), count + 1, length):
            row = mark(alias, (number - 1) // length % copies, "name_as_printed", "agency")
            yield row | {"report_no": str(number)}


def mark(row: Row, copy: int, *columns: str) -> Row:
    """Return a row with the number of a copy at the end of some columns; the first copy has none."""
    if not copy:
        return row
    marks = {"id": f"-{copy}", "agency": f"-{copy}"}
    return row | {column: row[column] + marks.get(column, f" {copy}") for column in columns if row[column] != "none"}


def write_rows(path: Path, rows: list[Row]) -> None:
    """Write rows as CSV."""
    write_table(path, list(rows[0]), [list(row.values()) for row in rows])


def main() -> None:
    """Write one folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("--distinct", action="store_true", help="give every note words of its own")
    parser.add_argument("--formatted", action="store_true", help="give the numbers a format")
    given = parser.parse_args()
    make_folder(given.folder, given.rows, given.distinct, given.formatted)


if __name__ == "__main__":
    main()
