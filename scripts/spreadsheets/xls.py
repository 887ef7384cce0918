"""A sheet of an old .xls file (at most 65,536 rows)."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import xlrd
from xlrd.compdoc import SIGNATURE, CompDoc
from xlrd.xldate import xldate_as_datetime

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
from spreadsheets.shown import NotCertain, is_mark, show_number, show_text

# The kinds of records of a workbook that tell where a sheet begins, where a part begins and ends, and a formula.
SHEET, BEGIN, END, FORMULA = 0x85, 0x809, 0x0A, (0x06, 0x206, 0x406)
# What xlrd and our own reading raise where a cell holds what it can't, such as a date beyond the year 9999.
DAMAGED = (LookupError, ArithmeticError, ValueError, struct.error, xlrd.XLRDError)


class XlsSheet(SheetReader):
    """A sheet of an Excel workbook of before 2007."""

    def __init__(self, path: Path, sheet: str) -> None:
        """Find the sheet; raise MissingSheet or UnreadableFile."""
        self.path = path
        try:
            content = open_file(path).read()
            with Path("/dev/null").open("w") as silence:
                self.book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=silence)
                names = self.book.sheet_names()
                file = CompDoc(content, logfile=silence) if content.startswith(SIGNATURE) else None
            self.formulas = find_formulas(file, names.index(sheet)) if file and sheet in names else set()
        except Exception:
            raise UnreadableFile("not an Excel workbook; put back the .xls file") from None
        if sheet not in names:
            raise MissingSheet(names)
        self.sheet = self.book.sheet_by_name(sheet)

    def workbook(self) -> IO[bytes]:
        """Return the file for a second reader."""
        return open_file(self.path)

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row; keep in watch what is odd."""
        try:
            yield from self.read_rows(watch)
        except DAMAGED:
            raise UnreadableFile(DAMAGED_WORKBOOK) from None

    def read_rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the rows of the one sheet."""
        sheet = self.sheet
        if sheet.visibility:
            watch.oddities.append(Oddity("hidden sheet", 0, -1))
        for place, info in sheet.colinfo_map.items():
            if info.hidden:
                watch.tell("hidden column", 0, place)
        for top, bottom, first, last in sheet.merged_cells:
            watch.oddities.append(Oddity("merged", top + 1, first, "", bottom, last - 1))
        for row in range(sheet.nrows):
            cells = self.read_cells(row, watch)
            if cells and row in sheet.rowinfo_map and sheet.rowinfo_map[row].hidden:
                watch.oddities.append(Oddity("hidden row", row + 1, -1))
            yield row + 1, cells

    def read_cells(self, row: int, watch: Watch) -> Cells:
        """Return the texts of a row by column."""
        cells: Cells = {}
        for column, cell in enumerate(self.sheet.row(row)):
            text = self.read_cell(cell)
            if not text and (row, column) not in self.formulas:
                continue
            if watch.wanted is not None and column not in watch.wanted:
                if text and column not in watch.left_out:
                    watch.tell("beside", row + 1, column)
                continue
            if (row, column) in self.formulas:
                watch.tell("formula", row + 1, column)
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                watch.tell("error", row + 1, column, text)
            if text and (shown := self.show(row, column, text, watch)):
                cells[column] = shown
        return cells

    def show(self, row: int, column: int, stored: str, watch: Watch) -> str:
        """Return the text of a cell as it is shown; keep in watch what is odd about it."""
        cell = self.sheet.cell(row, column)
        for part, font in self.list_runs(row, column, stored):
            if font.struck_out and part.strip():
                watch.tell("struck", row + 1, column, part)
            if font.escapement and is_mark(part):
                watch.tell("raised", row + 1, column, part)
        code = self.book.format_map[self.book.xf_list[cell.xf_index].format_key].format_str
        try:
            text = show_text(stored, code) if cell.ctype == xlrd.XL_CELL_TEXT else stored
            if cell.ctype == xlrd.XL_CELL_NUMBER:
                text = show_number(cell.value, code)
        except NotCertain as shown:
            watch.tell("format", row + 1, column, str(shown))
            return stored
        if text != stored:
            watch.stored[row + 1, column] = stored
        elif cell.ctype == xlrd.XL_CELL_NUMBER and "." in text:
            watch.tell("fraction", row + 1, column, text)
        return text

    def list_runs(self, row: int, column: int, text: str) -> Iterator[tuple[str, xlrd.formatting.Font]]:
        """Yield the parts of a text that look alike, each with its font."""
        own = self.book.xf_list[self.sheet.cell_xf_index(row, column)].font_index
        runs = [(0, own), *self.sheet.rich_text_runlist_map.get((row, column), ())]
        for (start, font), (end, _) in zip(runs, [*runs[1:], (len(text), 0)], strict=True):
            yield text[start:end], self.book.font_list[font]

    def read_cell(self, cell: xlrd.sheet.Cell) -> str:
        """Return the text of a cell of any type."""
        if cell.ctype == xlrd.XL_CELL_NUMBER:
            return write_number(cell.value)[0]
        if cell.ctype == xlrd.XL_CELL_DATE:
            return write_date(xldate_as_datetime(cell.value, self.book.datemode))
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return str(bool(cell.value))
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "an error"))
        return unify_line_ends(str(cell.value))


def find_formulas(file: CompDoc, place: int) -> set[tuple[int, int]]:
    """Return row and column (from 0) of a sheet's formulas, from the records of the file: xlrd keeps results alone."""
    book = next(found for name in ("Workbook", "Book") if (found := file.locate_named_stream(name))[0])
    sheets = [data for kind, data in read_records(*book[:2]) if kind == SHEET]
    (start,) = struct.unpack_from("<I", sheets[place])
    records = read_records(book[0], book[1] + start)
    return {struct.unpack_from("<HH", data) for kind, data in records if kind in FORMULA}


def read_records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of the records of the part that begins at a place, those of the parts within it too."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        depth += (kind == BEGIN) - (kind == END)
        if not depth:
            return
