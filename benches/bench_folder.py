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
COPIES = 29  # times our 69 agencies: 2,001, as many as a leak of this kind has held
NAME, DETAIL, NOTE = 1, 7, 12
Table = list[list[str]]


def make_folder(folder: Path, count: int, distinct: bool = False, most: int = COPIES) -> None:
    """Write a folder of count reports: ours repeated, on agencies copied up to `most` times; distinct: own notes."""
    folder.mkdir(parents=True)
    mapping = read_mapping(RAW)
    for name in ("mapping.yml", mapping.not_persons):
        shutil.copy(RAW / name, folder)
    reports, sources = (read_rows(RAW / mapping.workbook, sheet) for sheet in ("Reports", "Sources"))
    length = len(reports) - 1
    copies = max(1, min(most, count // length))
    with xlsxwriter.Workbook(folder / mapping.workbook) as book:
        write_sheet(book, "Reports", repeat_reports(reports, count, copies, distinct))
        write_sheet(book, "Sources", iter(sources))
    agencies, aliases = read_table(RAW / "agencies.csv"), read_table(RAW / "aliases.csv")
    write_rows(folder / "agencies.csv", [mark(row, copy, "id", "name") for copy in range(copies) for row in agencies])
    write_rows(folder / "aliases.csv", list(repeat_aliases(aliases, count, copies, length)))


def read_rows(path: Path, sheet: str) -> Table:
    """Return the rows of a sheet as texts."""
    rows = [cells for _, cells in XlsxSheet(path, sheet).rows(Watch())]
    width = max(map(max, rows)) + 1
    return [[cells.get(place, "") for place in range(width)] for cells in rows]


def write_sheet(book: xlsxwriter.Workbook, name: str, rows: Iterator[list[str]]) -> None:
    """Write a sheet of texts, but for the reports' own numbers."""
    page = book.add_worksheet(name)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            if text and text.isdecimal() and place == 0:
                page.write_number(number, place, int(text))
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
    parser.add_argument("--copies", type=int, default=COPIES, help="times our 69 agencies")
    given = parser.parse_args()
    make_folder(given.folder, given.rows, given.distinct, given.copies)


if __name__ == "__main__":
    main()
