"""What spreadsheets do to data: small files, each with what it must give or the words it must be refused with.

usage: corpus.py FOLDER     (writes every case as a folder that `make db RAW=` takes)
"""

import datetime
import gzip
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import xlwt

HEADINGS = ["Agency", "Country", "Searches"]
GOOD: list[list[Any]] = [["York Police", "Canada", "11-50"], ["York Police", "United Kingdom", "more than 120"]]
AGENCIES = """id,name,native_name,country,agency_type,locality,region,geonameid
ca-york,York Regional Police,,CA,municipal_police,,,
gb-york,North Yorkshire Police,,GB,regional_police,,,
"""
ALIASES = """name_as_printed,country,report_no,agency,reason
York Police,CA,,ca-york,
York Police,GB,,gb-york,
"""
MAPPING = """workbook: {workbook}
reports:
  sheet: Reports
  rows: report
  columns: {{agency: Agency, country: Country, searches: {searches}}}
  constants: {{figure_from: Other reporting, use_status: Reported, listing: Other reporting, source: S1}}
{options}sources:
  rows: [{{id: S1, publisher: A newspaper, url: "https://example.org/"}}]
register: agencies.csv
aliases: aliases.csv
"""
Odd = Literal["", "merged", "merged title", "error", "hidden row", "hidden column", "hidden sheet", "no date"]
Reading = tuple[str, int | None, int | None]
READ: list[Reading] = [("ca-york", 11, 50), ("gb-york", 121, None)]


@dataclass
class Case:
    """One file: its rows (headings first), how it is written, and what it gives."""

    rows: list[list[Any]]
    gives: list[Reading] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    options: str = ""
    searches: str = "Searches"
    aliases: str = ""
    formats: tuple[str, ...] = ("xlsx", "xls", "ods", "csv", "tsv", "csv.gz", "xlsx.gz")
    odd: Odd = ""
    encoding: str = "utf-8"


def write_xlsx(path: Path, case: Case) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Reports"
    for row in case.rows:
        sheet.append(row)
    if case.odd == "error":
        sheet["C2"] = "#DIV/0!"
    elif case.odd == "no date":
        sheet["C2"].number_format = "MMM-YY"
    elif case.odd in MERGED:
        top, bottom, right = MERGED[case.odd]
        sheet.merge_cells(None, top + 1, 1, bottom + 1, right + 1)
    sheet.row_dimensions[2].hidden = case.odd == "hidden row"
    sheet.column_dimensions["C"].hidden = case.odd == "hidden column"
    if case.odd == "hidden sheet":
        book.create_sheet("Other")
        sheet.sheet_state = "hidden"
    book.save(path)


def write_xls(path: Path, case: Case) -> None:
    book = xlwt.Workbook()
    sheet, other = book.add_sheet("Reports"), book.add_sheet("Other")
    other.write(0, 0, "Nothing")
    dates = xlwt.easyxf(num_format_str="MMM-YY")
    for number, row in enumerate(case.rows):
        for column, value in enumerate(row):
            top, bottom, right = MERGED.get(case.odd, (-1, -1, -1))
            if top <= number <= bottom and column <= right:
                if (number, column) == (top, 0):
                    sheet.write_merge(top, bottom, 0, right, value)
            elif isinstance(value, datetime.date) or (case.odd == "no date" and (number, column) == (1, 2)):
                sheet.write(number, column, value, dates)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write(number, column, xlwt.Formula(value[1:]))
            elif case.odd == "error" and (number, column) == (1, 2):
                sheet.row(number).set_cell_error(column, "#DIV/0!")
            elif value is not None:
                sheet.write(number, column, value)
    sheet.row(1).hidden = case.odd == "hidden row"
    sheet.col(2).hidden = case.odd == "hidden column"
    sheet.visibility = int(case.odd == "hidden sheet")
    book.save(path)


def write_ods(path: Path, case: Case) -> None:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    style = odf.style.Style(name="unseen", family="table")
    style.addElement(odf.style.TableProperties(display="false"))
    book.automaticstyles.addElement(style)
    hidden = {"stylename": style} if case.odd == "hidden sheet" else {}
    table = odf.table.Table(name="Reports", **hidden)
    for column in range(3):
        unseen = case.odd == "hidden column" and column == 2
        table.addElement(odf.table.TableColumn(visibility="collapse" if unseen else "visible"))
    top, bottom, right = MERGED.get(case.odd, (-1, -1, -1))
    for number, row in enumerate(case.rows):
        unseen = case.odd == "hidden row" and number == 1
        line = odf.table.TableRow(visibility="collapse" if unseen else "visible")
        for column, value in enumerate(row):
            if (number, column) == (top, 0):
                line.addElement(
                    make_ods_cell(value, numberrowsspanned=bottom - top + 1, numbercolumnsspanned=right + 1)
                )
            elif top <= number <= bottom and column <= right:
                line.addElement(odf.table.CoveredTableCell())
            elif case.odd == "error" and (number, column) == (1, 2):
                line.addElement(make_ods_error("#DIV/0!"))
            else:
                line.addElement(make_ods_cell(value))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.spreadsheet.addElement(odf.table.Table(name="Other"))
    book.save(path)


def make_ods_error(text: str) -> odf.element.Element:
    """Return an error as LibreOffice keeps one: a text with a mark of its own namespace."""
    cell = make_ods_cell(text)
    cell.setAttrNS("urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0", "value-type", "error")
    return cell


def make_ods_cell(value: object, **spans: int) -> odf.element.Element:
    if isinstance(value, datetime.date):
        return odf.table.TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, bool):
        return odf.table.TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, int | float):
        return odf.table.TableCell(valuetype="float", value=value)
    if isinstance(value, str) and value.startswith("="):
        return odf.table.TableCell(formula=f"of:{value}", valuetype="float", value=3)
    cell = odf.table.TableCell()
    if value is not None:
        cell = odf.table.TableCell(valuetype="string", **spans)
        cell.addElement(odf.text.P(text=value))
    return cell


def write_text(path: Path, case: Case) -> None:
    mark = "\t" if ".tsv" in path.name else ","
    lines = [mark.join('"' + str("" if cell is None else cell).replace('"', '""') + '"' for cell in row)
             for row in case.rows]  # fmt: skip
    path.write_bytes("\r\n".join([*lines, ""]).encode(case.encoding))


# What is merged, from 0: first row, last row, last column; the first column is 0.
MERGED: dict[str, tuple[int, int, int]] = {"merged": (1, 2, 0), "merged title": (0, 0, 2)}
WRITERS = {".xlsx": write_xlsx, ".xls": write_xls, ".ods": write_ods, ".csv": write_text, ".tsv": write_text}


def make_folder(folder: Path, case: Case, kind: str) -> Path:
    """Write a case in one format as a folder with its mapping, register and aliases; return the folder."""
    folder.mkdir(parents=True)
    plain = folder / f"use.{kind.removesuffix('.gz')}"
    WRITERS[plain.suffix](plain, case)
    if kind.endswith(".gz"):
        (folder / f"use.{kind}").write_bytes(gzip.compress(plain.read_bytes()))
        plain.unlink()
    (folder / "mapping.yml").write_text(
        MAPPING.format(workbook=f"use.{kind}", searches=case.searches, options=case.options), "utf-8"
    )
    (folder / "agencies.csv").write_text(AGENCIES, "utf-8")
    (folder / "aliases.csv").write_text(ALIASES + case.aliases, "utf-8")
    return folder


def with_figure(figure: object) -> list[list[Any]]:
    """Return the good table with another first figure."""
    return [HEADINGS, ["York Police", "Canada", figure], GOOD[1]]


TEXT = ("csv", "tsv", "csv.gz")
BOOKS = ("xlsx", "xls", "ods", "xlsx.gz", "xls.gz", "ods.gz")
DATE = ["row 2", "Searches", "a date, perhaps made of a range such as 11-50"]
TITLE: list[list[Any]] = [["Use of the program"], [None, None, "Searches"], ["Agency", "Country", "run"]]

CASES = {
    "two agencies with one name in different places": Case([HEADINGS, *GOOD], READ),
    "one agency under many names": Case(
        [HEADINGS, *GOOD, ["YRP", "Canada", "78"]], [*READ, ("ca-york", 78, 78)],
        aliases="YRP,CA,,ca-york,Its initials\n"
    ),
    "range made a date by the program": Case(with_figure(datetime.date(1950, 11, 1)), refused=DATE, formats=BOOKS),
    "range made a date, saved as text": Case(with_figure("Nov-50"), refused=DATE),
    "range made a date, day first": Case(with_figure("10-Jun"), refused=DATE),
    "date beyond all calendars": Case(
        with_figure(100_000_000), refused=["a damaged workbook"], formats=("xls",), odd="no date"
    ),
    "date beyond all calendars, which openpyxl makes an error": Case(
        with_figure(100_000_000), refused=["row 2", "Searches", "#VALUE!"], formats=("xlsx",), odd="no date"
    ),
    "number beyond all numbers": Case(
        with_figure(float("inf")), refused=["a damaged workbook"], formats=("xls", "ods")
    ),
    "thousands, English": Case(with_figure("1,234"), [("ca-york", 1234, 1234), READ[1]]),
    "thousands, German": Case(with_figure("1.234"), [("ca-york", 1234, 1234), READ[1]]),
    "thousands, French": Case(with_figure("1\u202f234"), [("ca-york", 1234, 1234), READ[1]]),
    "thousands, Swiss": Case(with_figure("1'234"), [("ca-york", 1234, 1234), READ[1]]),
    "thousands in two ways": Case(with_figure("1.234,567"), refused=["row 2", "Searches"]),
    "thousands in two ways in one column": Case(
        [HEADINGS, ["York Police", "Canada", "1,234"], ["York Police", "United Kingdom", "more than 1.234"]],
        refused=["row 3", "Searches", "this column has . and , before three digits"],
    ),
    "a number, not a text": Case(with_figure(1234), [("ca-york", 1234, 1234), READ[1]]),
    "German thousands made a fraction": Case(
        with_figure(1.234), refused=["row 2", "Searches", "1.234", "with a fraction"], formats=BOOKS
    ),
    "merged cells": Case([HEADINGS, *GOOD], refused=["row 2", "Agency", "merged"], formats=BOOKS, odd="merged"),
    "merged title over the headings": Case(
        [["Use of the program", None, None], HEADINGS, *GOOD], READ, options="  header_row: 2\n", formats=BOOKS,
        odd="merged title",
    ),
    "several header rows": Case(
        [*TITLE, *GOOD], READ, options="  header_row: [2, 3]\n", searches="Searches / run",
    ),
    "totals row": Case([HEADINGS, *GOOD, ["Total", None, "171"]], refused=["row 4", "Total", "skip_rows"]),
    "totals row that is named": Case([HEADINGS, *GOOD, ["Total", None, "171"]], READ, options="  skip_rows: [4]\n"),
    "blank rows and columns": Case(
        [[], [None, *HEADINGS], [], [None, *GOOD[0]], [], [None, *GOOD[1]], []], READ,
        options="  header_row: 2\n",
    ),
    "value under no heading": Case(
        [HEADINGS, [*GOOD[0], None, "ask"], GOOD[1]], refused=["row 2, column 'E': a value under no heading"]
    ),
    "column without a heading that is left out": Case(
        [HEADINGS, [*GOOD[0], None, "ask"], [*GOOD[1], None, "again"]], READ, options='  left_out: ["column E"]\n'
    ),
    "values under no heading are told once": Case(
        [HEADINGS, [*GOOD[0], None, "ask"], [*GOOD[1], None, "again"]],
        refused=["row 2, column 'E': 2 values under no heading, first here", "`left_out: [column E]`"],
    ),
    "text that no cell of a workbook can hold": Case(
        with_figure("x" * 40_000), refused=["row 2, column 'Searches'", "32,767 characters"], formats=TEXT
    ),
    "one fault in two rows is told once": Case(
        [HEADINGS, *[["York Police", "Nowhere", "11-50"]] * 2], refused=["row 2 (2 rows: 2, 3), column 'Country'"]
    ),
    "hidden row": Case([HEADINGS, *GOOD], refused=["row 2", "hidden"], formats=BOOKS, odd="hidden row"),
    "hidden row that is meant": Case(
        [HEADINGS, *GOOD], READ, options="  hidden: read\n", formats=BOOKS, odd="hidden row"
    ),
    "hidden column": Case([HEADINGS, *GOOD], refused=["Searches", "hidden"], formats=BOOKS, odd="hidden column"),
    "hidden sheet": Case([HEADINGS, *GOOD], refused=["sheet is hidden"], formats=BOOKS, odd="hidden sheet"),
    "formula": Case(with_figure("=1+2"), refused=["row 2, column 'Searches': a formula"], formats=BOOKS),
    "formula in a column that is left out": Case(
        [[*HEADINGS, "Sum"], [*GOOD[0], "=1+2"], GOOD[1]], READ, options="  left_out: [Sum]\n", formats=BOOKS
    ),
    "error cell": Case(with_figure("x"), refused=["row 2", "#DIV/0!", "error"], formats=BOOKS, odd="error"),
    "error saved as text": Case(with_figure("#DIV/0!"), refused=["row 2", "Searches", "#DIV/0!"], formats=TEXT),
    "non-breaking and zero-width spaces": Case(
        [HEADINGS, ["\u200bYork\u00a0Police ", "Canada\u00a0", "11-50"], GOOD[1]], READ
    ),
    "line ends of other systems in cells": Case(
        [["Agency", "Country\r", "\r\nSearches"], ["York\rPolice", "Canada", "11-50"],
         ["York\r\nPolice", "United Kingdom", "more than\r120"]], READ
    ),
    "line end that only Excel writes so": Case(
        [HEADINGS, ["York_x000D_Police", "Canada", "11-50"], GOOD[1]], READ, formats=("xlsx",)
    ),
    "heading with a line end": Case([["Agency ", "Country\n", "\ufeffSearches"], *GOOD], READ),
    "mojibake": Case(
        [HEADINGS, ["PolÃ­cia de MontrÃ©al", "Canada", "11-50"], GOOD[1]], refused=["row 2", "Agency", "garbled"]
    ),
    "lost character": Case([HEADINGS, ["Montr\ufffdal", "Canada", "11-50"], GOOD[1]], refused=["row 2", "lost"]),
    "Windows' encoding": Case(
        [HEADINGS, ["Police de Québec à Lévis, sûreté générale", "Canada", "78"], *GOOD],
        [("ca-york", 78, 78), *READ],
        aliases='"Police de Québec à Lévis, sûreté générale",CA,,ca-york,\n', formats=TEXT, encoding="cp1252",
    ),
    "UTF-16": Case([HEADINGS, *GOOD], READ, formats=TEXT, encoding="utf-16"),
    "byte-order mark": Case([HEADINGS, *GOOD], READ, formats=TEXT, encoding="utf-8-sig"),
    "duplicate headings": Case(
        [[*HEADINGS, "Agency"], [*GOOD[0], "x"], GOOD[1]], refused=["row 1", "'Agency'", "there twice"]
    ),
    "unknown heading": Case(
        [[*HEADINGS, "Officer"], [*GOOD[0], "x"]], refused=["row 1", "'Officer'", "unknown column"]
    ),
    "heading that is left out": Case(
        [[*HEADINGS, "Officer"], [*GOOD[0], "x"], GOOD[1]], READ, options="  left_out: [Officer]\n"
    ),
}  # fmt: skip


def main() -> None:
    """Write every case in each of its formats."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, case in CASES.items():
        for kind in case.formats:
            make_folder(Path(sys.argv[1]) / f"{name}, {kind}".replace(" ", "-"), case, kind)


if __name__ == "__main__":
    main()
