"""raw/*.xlsx -> build/*.csv: each cell as text, nothing guessed, nothing left out."""

import csv
import io
import sys
import zipfile
from pathlib import Path

import openpyxl
from csvkit.utilities.in2csv import In2CSV
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet
from problems import Problem, Problems, exit_with

FILE = "reported_use.xlsx"
SHEETS = {
    "Reports": (
        "No",
        "Agency (as printed)",
        "Country (as printed)",
        "Searches (as printed)",
        "Figure from",
        "Response",
        "Response given to",
        "Response, in our words",
        "Licence",
        "Use",
        "Listing",
        "Source",
        "Note",
    ),
    "Sources": ("Source", "Publisher", "Title", "URL", "Copy read", "Published"),
}
Table = list[list[str]]


def main(raw: Path, build: Path) -> None:
    """Write one CSV file for each sheet, or none where any sheet has a problem."""
    tables = extract_workbook(raw / FILE)
    build.mkdir(parents=True, exist_ok=True)
    for sheet, table in tables.items():
        with (build / f"{sheet.lower()}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)


def extract_workbook(path: Path) -> dict[str, Table]:
    """Return each sheet's rows, headings first; raise Problems with all that is wrong."""
    problems = find_hidden_faults(path)
    tables = {}
    for sheet, columns in SHEETS.items():
        if any(problem.sheet == sheet and not problem.row for problem in problems):
            continue
        tables[sheet] = drop_empty_edges(read_sheet(path, sheet))
        problems += check_headings(path, sheet, columns, tables[sheet])
    if problems:
        raise Problems(problems)
    return tables


def find_hidden_faults(path: Path) -> list[Problem]:
    """Return what reading values alone would not show: no such sheet, formulas, broken cells."""
    file = name_file(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException):
        advice = "not an Excel workbook; put back the .xlsx file"
        raise Problems([Problem(file, advice=advice)]) from None
    problems = []
    for sheet in SHEETS:
        if sheet in book.sheetnames:
            problems += find_uncounted_cells(file, book[sheet])
        else:
            advice = "missing sheet; add it or restore its name"
            problems.append(Problem(file, sheet, advice=advice))
    book.close()
    return problems


def find_uncounted_cells(file: str, sheet: Worksheet) -> list[Problem]:
    """Return one problem for each cell whose text is a program's result and not a value."""
    advice = "a formula or an error, not a value; type what should stand here"
    headings: list[str] = []
    problems = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        headings = headings or [str(cell.value) for cell in row]
        for heading, cell in zip(headings, row, strict=False):
            if cell.data_type in ("f", "e"):
                problems.append(Problem(file, sheet.title, number, heading, str(cell.value), advice))
    return problems


def read_sheet(path: Path, sheet: str) -> Table:
    """Return all rows of a sheet as text, the heading row included, blank cells as ''."""
    output = io.StringIO()
    options = ["--no-inference", "--blanks", "--no-header-row", "--sheet", sheet, str(path)]
    In2CSV(options, output).run()
    return list(csv.reader(io.StringIO(output.getvalue())))[1:]


def drop_empty_edges(table: Table) -> Table:
    """Return the table without the empty rows and columns after its last value."""
    while table and not any(table[-1]):
        table = table[:-1]
    width = max((index + 1 for row in table for index, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in table]


def check_headings(path: Path, sheet: str, columns: tuple[str, ...], table: Table) -> list[Problem]:
    """Return one problem for each column that is missing, unknown or there twice."""
    found = table[0] if table else []
    file = name_file(path)
    problems = []
    for column in columns:
        if column not in found:
            advice = "missing column; add it or restore the heading"
            problems.append(Problem(file, sheet, 1, column, advice=advice))
        elif found.count(column) > 1:
            problems.append(Problem(file, sheet, 1, column, advice="column there twice; keep one"))
    for heading in found:
        if heading and heading not in columns:
            advice = "unknown column; remove it or correct the heading"
            problems.append(Problem(file, sheet, 1, heading, advice=advice))
    return problems + find_values_without_heading(file, sheet, table)


def find_values_without_heading(file: str, sheet: str, table: Table) -> list[Problem]:
    """Return one problem for each value in a column that has no heading; it names the letter."""
    advice = "a value under no heading; remove it or give its column a heading"
    return [
        Problem(file, sheet, number, get_column_letter(index + 1), value, advice)
        for number, row in enumerate(table, start=1)
        for index, value in enumerate(row)
        if value and not table[0][index]
    ]


def name_file(path: Path) -> str:
    """Return the name a reader knows the file by: folder and file."""
    return f"{path.parent.name}/{path.name}"


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except Problems as error:
        exit_with(error.problems)
