"""A sheet of an .xlsx file, by openpyxl: any cell that it knows, with what the sheet shows of it."""

import io
import re
import warnings
import zipfile
from collections.abc import Generator, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import Element, iterparse

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE, is_timedelta_format
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import COL_TAG, FORMULA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser

from spreadsheets.sheets import (
    DAMAGED_WORKBOOK,
    Cells,
    MissingSheet,
    Oddity,
    SheetReader,
    UnreadableFile,
    Watch,
    open_file,
    unify_line_ends,
    write_date,
    write_number,
)  # fmt: skip
from spreadsheets.shown import NotCertain, is_date_format, is_mark, show_number, show_text

warnings.filterwarnings("ignore", module="openpyxl")  # of charts, extensions and headers, which are not read
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
# Built-in formats that some languages show as dates.
LOCAL_DATES = {*range(27, 37), *range(50, 59)}
STRICT = b"http://purl.oclc.org/ooxml/"
NAMES = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/": b"http://schemas.openxmlformats.org/officeDocument/2006/",
}
TRUE = ("1", "true")
RAISED = ("superscript", "subscript")


class Look(NamedTuple):
    """How a style shows a cell."""

    code: str
    struck: bool
    raised: bool


class Parser(WorkSheetParser):
    """openpyxl's own parser of cells; it reads nothing of a sheet but what is used, and tells formulas from values."""

    def parse(self) -> Generator[tuple[int, list[dict[str, Any]]], None, None]:
        """Yield each row; keep columns, merged cells and what is hidden."""
        self.merged: list[str] = []
        elements: Iterator[tuple[str, Any]] = iterparse(self.source)
        for _, element in elements:
            if element.tag == COL_TAG:
                self.parse_column_dimensions(element)
            elif element.tag == MERGE_TAG:
                self.merged = [found.get("ref", "") for found in element]
            elif element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """Return a cell with its value, and whether a formula has made it."""
        cell = super().parse_cell(element)
        return {**cell, "formula": element.find(FORMULA_TAG) is not None}


class LibrarySheet(SheetReader):
    """A sheet of an Excel workbook."""

    def __init__(self, path: Path, sheet: str) -> None:
        """Find the sheet; raise MissingSheet or UnreadableFile."""
        try:
            self.reader = ExcelReader(as_transitional(open_file(path)), read_only=True, data_only=True, rich_text=True)
            self.reader.read_manifest()
            self.reader.read_workbook()
            found = {one.name: (one, link) for one, link in self.reader.parser.find_sheets()}
        except Exception:
            raise UnreadableFile("not an Excel workbook; put back the .xlsx file") from None
        if sheet not in found:
            raise MissingSheet(list(found))
        self.hidden, self.member = found[sheet][0].state != "visible", found[sheet][1].target
        self.look = cache(self.find_look)

    def find_look(self, style: int) -> Look:
        """Return how a style shows a cell."""
        book: Any = self.reader.wb
        used = book._cell_styles[style]
        font = book._fonts[used.fontId]
        return Look(self.code_of(used.numFmtId), bool(font.strike), font.vertAlign in RAISED)

    def code_of(self, number: int) -> str:
        """Return the code of a number format."""
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return "yyyy-mm-dd" if number in LOCAL_DATES else BUILTIN_FORMATS.get(number, "General")
        book: Any = self.reader.wb
        return str(book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE])

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row; keep in watch what is odd."""
        try:
            if not self.reader.shared_strings:
                self.reader.read_strings()
                apply_stylesheet(self.reader.archive, self.reader.wb)
            with self.reader.archive.open(self.member) as file:
                yield from self.read_rows(file, watch)
        except Exception as error:
            # What openpyxl raises is of any kind, and what is raised into this from outside is none of its faults.
            raise UnreadableFile(DAMAGED_WORKBOOK) from error

    def read_rows(self, file: IO[bytes], watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the rows of the sheet."""
        book: Any = self.reader.wb
        codes = [self.look(style).code for style in range(len(book._cell_styles))]
        dates = {style for style, code in enumerate(codes) if is_date_format(code)}
        spans = {style for style in dates if is_timedelta_format(codes[style])}
        parser = Parser(file, self.reader.shared_strings, True, book.epoch, dates, spans, rich_text=True)
        if self.hidden:
            watch.oddities.append(Oddity("hidden sheet", 0, -1))
        for number, found in parser.parse():
            cells = self.read_cells(number, found, watch)
            if cells and parser.row_dimensions.pop(str(number), {}).get("hidden") in TRUE:
                watch.oddities.append(Oddity("hidden row", number, -1))
            yield number, cells
        for column in parser.column_dimensions.values():
            if column.get("hidden") in TRUE:
                for place in range(int(column["min"]) - 1, min(int(column["max"]), 16384)):
                    watch.tell("hidden column", 0, place)
        for reference in parser.merged:
            watch.oddities.append(read_merged(reference))

    def read_cells(self, row: int, found: list[dict[str, Any]], watch: Watch) -> Cells:
        """Return the texts of a row by column."""
        cells: Cells = {}
        for cell in found:
            column, value = cell["column"] - 1, cell["value"]
            if cell["row"] != row:
                raise ValueError("a cell of another row")
            if value is None and not cell["formula"]:
                continue
            if watch.wanted is not None and column not in watch.wanted:
                if column not in watch.left_out and str(value or ""):
                    watch.tell("beside", row, column)
                continue
            if text := self.read_cell(row, column, cell, watch):
                cells[column] = text
        return cells

    def read_cell(self, row: int, column: int, cell: dict[str, Any], watch: Watch) -> str:
        """Return the text of a cell as it is shown; keep in watch what is odd about it."""
        value, look = cell["value"], self.look(cell["style_id"])
        if cell["formula"]:
            watch.tell("formula", row, column)
        elif cell["data_type"] == "e":
            watch.tell("error", row, column, str(value))
        if value is None or value == "":
            return ""
        stored = write_value(value)
        tell_fonts(row, column, value, look, watch)
        try:
            if isinstance(value, int | float) and not isinstance(value, bool):
                text = show_number(value, look.code)
            else:
                text = show_text(stored, look.code) if isinstance(value, str) else stored
        except NotCertain as shown:
            watch.tell("format", row, column, str(shown))
            return stored
        if text == stored and isinstance(value, float) and not value.is_integer():
            watch.tell("fraction", row, column, text)
        elif text != stored:
            watch.stored[row, column] = stored
        return text


def tell_fonts(row: int, column: int, value: object, look: Look, watch: Watch) -> None:
    """Keep in watch that a cell is struck through, or has raised characters, as a whole or in part."""
    runs = [*list_runs(value, look)]
    if struck := [text for text, font in runs if font.struck and text.strip()]:
        watch.tell("struck", row, column, " ".join(struck))
    if raised := [text for text, font in runs if font.raised and is_mark(text)]:
        watch.tell("raised", row, column, " ".join(raised))


def list_runs(value: object, look: Look) -> Iterator[tuple[str, Look]]:
    """Yield the parts of a text that look alike; a part without a look of its own has that of its cell."""
    for part in value if isinstance(value, CellRichText) else (value,):
        if isinstance(part, TextBlock):
            raised = part.font.vertAlign in RAISED
            yield part.text, Look("", bool(part.font.strike), raised)
        else:
            yield write_value(part), look


def write_value(value: object) -> str:
    """Return a value as text, as it is stored."""
    if isinstance(value, bool | timedelta):
        return str(value)
    if isinstance(value, int | float):
        return str(value) if isinstance(value, int) else write_number(value)[0]
    if isinstance(value, date | datetime | time):
        return write_date(value)
    text = "".join(map(str, value)) if isinstance(value, CellRichText) else str(value)
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return unify_line_ends(text)


def read_merged(reference: str) -> Oddity:
    """Return where merged cells lie."""
    found = re.fullmatch(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)", reference)
    if not found:
        raise ValueError(reference)
    first, top, last, bottom = found.groups()
    return Oddity("merged", int(top), to_index(first), "", int(bottom), to_index(last))


def to_index(letters: str) -> int:
    """Return the place of a column from its letters: A is 0."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1


def as_transitional(file: IO[bytes]) -> IO[bytes]:
    """Return a workbook with the names of the usual form of the format where it has those of its strict form."""
    with zipfile.ZipFile(file) as book:
        if STRICT not in book.read("[Content_Types].xml") + b"".join(
            book.read(name) for name in book.namelist() if name.endswith((".rels", "workbook.xml"))
        ):
            file.seek(0)
            return file
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w") as changed:
            for name in book.namelist():
                content = book.read(name)
                for strict, usual in NAMES.items():
                    content = content.replace(strict, usual) if name.endswith((".xml", ".rels")) else content
                changed.writestr(name, content)
    return copy
