"""raw/*.xlsx -> build/*.csv: each cell as text, nothing guessed, nothing left out."""

import csv
import io
import sys
import zipfile
from pathlib import Path

import openpyxl
from csvkit.utilities.in2csv import In2CSV
from mapping import Mapping, Sheet, SourceFields, read_mapping
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet
from people import screen_tables
from problems import Problem, Problems, exit_with, name_file
from tables import ISSUE_COLUMNS

Table = list[list[str]]


def main(raw: Path, build: Path) -> None:
    """Write one CSV file for each table, or none where any of them has a problem."""
    mapping = read_mapping(raw)
    tables, removed = screen_tables(raw, mapping, extract_workbook(raw / mapping.workbook, mapping))
    build.mkdir(parents=True, exist_ok=True)
    for name, table in (tables | {"removed": [[*ISSUE_COLUMNS], *removed]}).items():
        with (build / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)


def extract_workbook(path: Path, mapping: Mapping) -> dict[str, Table]:
    """Return the mapped columns of each table, headings first; raise Problems with all that is wrong."""
    wanted: dict[str, Sheet] = {"reports": mapping.reports}
    tables = {}
    if mapping.sources.columns:
        wanted["sources"] = mapping.sources
    else:
        tables["sources"] = list_sources(mapping.sources.rows)
    problems = find_hidden_faults(path, [table.sheet for table in wanted.values()])
    for name, table in wanted.items():
        if any(problem.sheet == table.sheet and not problem.row for problem in problems):
            continue
        rows = drop_empty_edges(read_sheet(path, table.sheet))
        problems += check_headings(path, table, rows)
        tables[name] = pick_columns(table, rows)
    if problems:
        raise Problems(problems)
    return tables


def list_sources(sources: tuple[SourceFields, ...]) -> Table:
    """Return the sources that the mapping itself lists, as a table."""
    fields = list(SourceFields.model_fields)
    return [fields, *([getattr(source, field) or "" for field in fields] for source in sources)]


def pick_columns(table: Sheet, rows: Table) -> Table:
    """Return the headings and the rows under them, mapped columns alone; a skipped row stays as an empty one."""
    found = rows[table.header_rows[-1] - 1] if len(rows) >= table.header_rows[-1] else []
    places = [found.index(heading) for heading in table.headings.values() if heading in found]
    below = enumerate(rows[table.header_rows[-1] :], start=table.header_rows[-1] + 1)
    empty = [""] * len(found)
    kept = [found, *(empty if number in table.skip_rows else row for number, row in below)]
    return [[row[place] for place in places] for row in kept]


def find_hidden_faults(path: Path, sheets: list[str]) -> list[Problem]:
    """Return what reading values alone would not show: no such sheet, formulas, broken cells."""
    file = name_file(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException):
        advice = "not an Excel workbook; put back the .xlsx file"
        raise Problems([Problem(file, advice=advice)]) from None
    problems = []
    for sheet in sheets:
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


def check_headings(path: Path, table: Sheet, rows: Table) -> list[Problem]:
    """Return one problem for each column that is missing, unknown or there twice."""
    row = table.header_rows[-1]
    found = rows[row - 1] if len(rows) >= row else []
    file, columns = name_file(path), [*table.headings.values()]
    problems = []
    for column in columns:
        if column not in found:
            advice = "missing column; add it or restore the heading"
            problems.append(Problem(file, table.sheet, row, column, advice=advice))
        elif found.count(column) > 1:
            problems.append(Problem(file, table.sheet, row, column, advice="column there twice; keep one"))
    for heading in found:
        if heading and heading not in [*columns, *table.left_out]:
            advice = "unknown column; remove it or correct the heading"
            problems.append(Problem(file, table.sheet, row, heading, advice=advice))
    return problems + find_values_without_heading(file, table.sheet, rows)


def find_values_without_heading(file: str, sheet: str, table: Table) -> list[Problem]:
    """Return one problem for each value in a column that has no heading; it names the letter."""
    advice = "a value under no heading; remove it or give its column a heading"
    return [
        Problem(file, sheet, number, get_column_letter(index + 1), value, advice)
        for number, row in enumerate(table, start=1)
        for index, value in enumerate(row)
        if value and not table[0][index]
    ]


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except Problems as error:
        exit_with(error.problems)
