"""Tables that many programs wrote: what each cell holds, and how the libraries of Python write it."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import odf.element
import openpyxl
import pandas
import xlsxwriter
import xlwt
from corpus import make_ods_cell
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableRow

DAY = datetime.date
Rows = list[list[Any]]
TABLES: dict[str, Rows] = {
    "texts": [["Agency", "Country", "Note"], ["Zürich “Police”", "Schweiz", " two  blanks "],
              ["Полиция & <b>", "日本", "a\nb"], ["'50", "=not", "50²"]],
    "numbers": [["No", "Searches", "Share"], [1, 11, 0.5], [2, 1234567, 0.25], [3, 0, -3], [4, 987654321, 100000]],
    "dates": [["Body", "Published", "Seen"], ["A", DAY(2020, 2, 27), True], ["B", DAY(1999, 12, 31), False],
              ["C", DAY(2024, 2, 29), True]],
    "gaps": [["A", None, "C"], [None, None, None], [None, "x", None], ["y", None, 5], [None, None, None], [7, 8, 9]],
    "figures as words": [["Agency", "Searches"], ["York", "more than 120"], ["Bath", "11-50"], ["Hull", "1,234"],
                         ["Kent", "NA"], ["Ayr", "1/2"]],
}  # fmt: skip


def text_of(value: object) -> str:
    """Return the text that a value must be read as."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, DAY) else "" if value is None else str(value)


def expected(table: str) -> dict[tuple[int, int], str]:
    """Return the texts of a table by row (from 1) and column (from 0)."""
    cells = {(r, c): text_of(value) for r, row in enumerate(TABLES[table], 1) for c, value in enumerate(row)}
    return {place: text for place, text in cells.items() if text}


def by_openpyxl(path: Path, rows: Rows) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "S"
    fill(sheet, rows)
    book.save(path)


def by_openpyxl_write_only(path: Path, rows: Rows) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("S")
    for row in rows:
        sheet.append([text_cell(sheet, value) for value in row])
    book.save(path)


def text_cell(sheet: object, value: object) -> openpyxl.cell.WriteOnlyCell:
    """Return a cell; a text is one even where it begins like a formula."""
    cell = openpyxl.cell.WriteOnlyCell(sheet, value)
    cell.data_type = "s" if isinstance(value, str) else cell.data_type
    return cell


def fill(sheet: openpyxl.worksheet.worksheet.Worksheet, rows: Rows) -> None:
    """Write rows cell by cell; a text is never a formula."""
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value is not None:
                cell = sheet.cell(r, c, value)
                cell.data_type = "s" if isinstance(value, str) else cell.data_type


def by_xlsxwriter(path: Path, rows: Rows, **options: object) -> None:
    settings = {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, **options}
    with xlsxwriter.Workbook(path, settings) as book:
        sheet = book.add_worksheet("S")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value)


def by_xlsxwriter_1904(path: Path, rows: Rows) -> None:
    by_xlsxwriter(path, rows, date_1904=True)


def by_xlsxwriter_in_lines(path: Path, rows: Rows) -> None:
    by_xlsxwriter(path, rows, constant_memory=True)


def by_xlwt(path: Path, rows: Rows) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet, dates = book.add_sheet("S"), xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value, dates) if isinstance(value, DAY) else sheet.write(r, c, value)
    book.save(path)


def by_odfpy(path: Path, rows: Rows) -> None:
    book, table = OpenDocumentSpreadsheet(), Table(name="S")
    for row in rows:
        line = TableRow()
        for value in row:
            line.addElement(make_cell(value))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(path)


def make_cell(value: object) -> odf.element.Element:
    """Return an .ods cell: here a text may begin like a formula, and truth is a type of its own."""
    if isinstance(value, bool):
        cell = make_ods_cell(None)
        cell.setAttribute("valuetype", "boolean")
        cell.setAttribute("booleanvalue", str(value).lower())
        return cell
    if isinstance(value, str) and value.startswith("="):
        cell = make_ods_cell("x")
        cell.firstChild.firstChild.data = value
        return cell
    return make_ods_cell(value)


def by_pandas(path: Path, rows: Rows, engine: str) -> None:
    frame = pandas.DataFrame(rows, dtype=object)
    options = {"options": {"strings_to_formulas": False}} if engine == "xlsxwriter" else {}
    with pandas.ExcelWriter(path, engine=engine, date_format="yyyy-mm-dd", engine_kwargs=options) as writer:  # type: ignore[call-overload]
        frame.to_excel(writer, sheet_name="S", header=False, index=False)


WRITERS: dict[str, tuple[str, Callable[[Path, Rows], None]]] = {
    "openpyxl": ("xlsx", by_openpyxl),
    "openpyxl, write only": ("xlsx", by_openpyxl_write_only),
    "XlsxWriter": ("xlsx", by_xlsxwriter),
    "XlsxWriter, dates from 1904": ("xlsx", by_xlsxwriter_1904),
    "XlsxWriter, texts in their cells": ("xlsx", by_xlsxwriter_in_lines),
    "xlwt": ("xls", by_xlwt),
    "odfpy": ("ods", by_odfpy),
    "pandas with odfpy": ("ods", lambda path, rows: by_pandas(path, rows, "odf")),
    "pandas with XlsxWriter": ("xlsx", lambda path, rows: by_pandas(path, rows, "xlsxwriter")),
}


def write_all(folder: Path) -> None:
    """Write each table as .xlsx and as .json, for other programs to take up: tools/books does."""
    for number, (_, rows) in enumerate(TABLES.items()):
        by_openpyxl(folder / f"{number}.xlsx", rows)
        (folder / f"{number}.json").write_text(json.dumps(rows, default=lambda day: {"day": day.isoformat()}))
