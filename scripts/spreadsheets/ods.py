"""A sheet of an .ods file, streamed, with what the sheet shows: each cell holds that beside its value.

A parser of XML and not a library of the format reads it: odfpy and ezodf have had no release for years, odfdo holds
all of a sheet in memory, and none of them looks at what is hidden. The second reader is a library.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from spreadsheets.ods_styles import NOTE, TABLE, TEXT, Styles, read_runs
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
    write_number,
)  # fmt: skip
from spreadsheets.shown import NotCertain, as_shown, is_mark

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
COVERED, CELL = f"{TABLE}covered-table-cell", f"{TABLE}table-cell"
NUMBERS = ("float", "percentage", "currency")
BETWEEN = re.compile(rb"(</?table:[^>]*>)\s+(?=<)")
NARROW = re.compile(r"(?:-?[0-9.,]+E[-+]?[0-9]+|#+)?")
MOST_REPEATED = 1_048_576  # rows of a sheet
DAMAGED = (
    OSError, EOFError, KeyError, ArithmeticError, ValueError, RuntimeError, ElementTree.ParseError, zipfile.BadZipFile,
    zlib.error,
)  # fmt: skip


class OdsSheet(SheetReader):
    """A sheet of an OpenDocument workbook."""

    def __init__(self, path: Path, sheet: str) -> None:
        """Find the sheet; raise MissingSheet or UnreadableFile."""
        self.path, self.sheet = path, sheet
        self.styles = Styles()
        try:
            names = [table.get(f"{TABLE}name", "") for table in self.parts(f"{TABLE}table", "start")]
            if sheet not in names:
                raise MissingSheet(names)
        except MissingSheet:
            raise
        except DAMAGED:
            raise UnreadableFile("not an OpenDocument workbook; put back the .ods file") from None

    def parts(self, tag: str, moment: Literal["start", "end"]) -> Iterator[Element]:
        """Yield the elements of a tag."""
        with zipfile.ZipFile(open_file(self.path)).open("content.xml") as file:
            for _, found in ElementTree.iterparse(file, (moment,)):
                if found.tag == tag:
                    yield found

    def workbook(self) -> IO[bytes]:
        """Return the file for a second reader, without the white space between cells that it stumbles over."""
        packed = io.BytesIO()
        try:
            with zipfile.ZipFile(open_file(self.path)) as book, zipfile.ZipFile(packed, "w") as copy:
                for name in book.namelist():
                    content = book.read(name)
                    copy.writestr(name, BETWEEN.sub(rb"\1", content) if name == "content.xml" else content)
        except DAMAGED:
            raise UnreadableFile(DAMAGED_WORKBOOK) from None
        packed.seek(0)
        return packed

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row; keep in watch what is odd."""
        try:
            yield from self.read_rows(watch)
        except DAMAGED:
            raise UnreadableFile(DAMAGED_WORKBOOK) from None

    def read_rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the rows of the one sheet."""
        row, column, inside = 1, 0, False
        book = zipfile.ZipFile(open_file(self.path))
        if "styles.xml" in book.namelist():
            self.styles.add_all(ElementTree.fromstring(book.read("styles.xml")))
        with book.open("content.xml") as file:
            for moment, found in ElementTree.iterparse(file, ("start", "end")):
                if found.tag == f"{TABLE}table":
                    inside = moment == "start" and found.get(f"{TABLE}name") == self.sheet
                    if inside and found.get(f"{TABLE}style-name", "") in self.styles.hidden:
                        watch.oddities.append(Oddity("hidden sheet", 0, -1))
                elif moment == "start":
                    continue
                elif found.tag == f"{OFFICE}automatic-styles":
                    self.styles.add_all(found)
                elif found.tag == f"{TABLE}table-column" and inside:
                    column = self.read_column(column, found, watch)
                elif found.tag == f"{TABLE}table-row":
                    yield from self.read_row(row, found, watch) if inside else ()
                    row += int(found.get(f"{TABLE}number-rows-repeated", 1)) if inside else 0
                    found.clear()

    def read_column(self, column: int, found: Element, watch: Watch) -> int:
        """Keep a column's style, and in watch that it is hidden; return the place of the next."""
        repeated = int(found.get(f"{TABLE}number-columns-repeated", 1))
        for place in range(column, column + min(repeated, 16384)):
            self.styles.of_columns[place] = found.get(f"{TABLE}default-cell-style-name", "")
            if found.get(f"{TABLE}visibility", "visible") != "visible":
                watch.tell("hidden column", 0, place)
        return column + repeated

    def read_row(self, row: int, found: Element, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield a row as often as it is repeated, if it holds something."""
        cells = self.read_cells(row, found, watch)
        if cells:
            if found.get(f"{TABLE}visibility", "visible") != "visible":
                watch.oddities.append(Oddity("hidden row", row, -1))
            stored = {column: text for (number, column), text in watch.stored.items() if number == row}
            for number in range(row, row + min(int(found.get(f"{TABLE}number-rows-repeated", 1)), MOST_REPEATED)):
                watch.stored.update({(number, column): text for column, text in stored.items()})
                yield number, cells

    def read_cells(self, row: int, found: Element, watch: Watch) -> Cells:
        """Return the texts of a row by column."""
        cells: Cells = {}
        column = 0
        for cell in found:
            if cell.tag not in (CELL, COVERED):
                continue
            repeated = int(cell.get(f"{TABLE}number-columns-repeated", 1))
            stored = read_value(cell)
            for place in range(column, column + repeated) if stored or len(cell.attrib) > 1 else ():
                if watch.wanted is not None and place not in watch.wanted:
                    if stored and place not in watch.left_out:
                        watch.tell("beside", row, place)
                    continue
                tell_oddity(row, place, cell, stored, watch)
                if text := self.show(row, place, cell, stored, watch):
                    cells[place] = text
            column += repeated
        return cells

    def show(self, row: int, column: int, cell: Element, stored: str, watch: Watch) -> str:
        """Return the text of a cell as it is shown; keep in watch what is odd about it."""
        style = cell.get(f"{TABLE}style-name") or self.styles.of_columns.get(column, "")
        if not stored:
            return ""
        self.tell_fonts(row, column, cell, style, watch)
        if cell.get(f"{OFFICE}value-type") not in NUMBERS:
            if cell.get(f"{OFFICE}string-value", stored) != stored:
                watch.stored[row, column] = cell.get(f"{OFFICE}string-value", "")
            return stored
        try:
            shown = read_parts(list_parts(cell))
            if style not in self.styles.formatted and NARROW.fullmatch(shown.strip()):
                shown = stored  # some programs write no text beside a number, or one cut to a column's width
            elif not list_parts(cell):
                raise NotCertain("a number format")
            text = as_shown(shown, float(stored), certain=True)
        except NotCertain as doubt:
            watch.tell("format", row, column, str(doubt))
            return stored
        if text != stored:
            watch.stored[row, column] = stored
        elif "." in text:
            watch.tell("fraction", row, column, text)
        return text

    def tell_fonts(self, row: int, column: int, cell: Element, style: str, watch: Watch) -> None:
        """Keep in watch that a cell is struck through, or has raised characters, as a whole or in part."""
        for text, name in read_runs(list_parts(cell), style):
            if name in self.styles.struck and text.strip():
                watch.tell("struck", row, column, text)
            if name in self.styles.raised and (name == NOTE or is_mark(text)):
                watch.tell("raised", row, column, text)


def list_parts(cell: Element) -> list[Element]:
    """Return the paragraphs of a cell."""
    return cell.findall(f"{TEXT}p")


def read_parts(parts: list[Element]) -> str:
    """Return the text of paragraphs."""
    return unify_line_ends("\n".join("".join(text for text, _ in read_runs([part], "")) for part in parts))


def read_value(cell: Element) -> str:
    """Return what a cell of any type holds, as text."""
    kind = cell.get(f"{OFFICE}value-type") or cell.get(f"{CALCEXT}value-type", "")
    if kind in NUMBERS:
        return write_number(float(cell.get(f"{OFFICE}value", "0")))[0]
    if kind == "date":
        return cell.get(f"{OFFICE}date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value", "").capitalize()
    parts = list_parts(cell)
    return read_parts(parts) if parts else unify_line_ends(cell.get(f"{OFFICE}string-value", ""))


def tell_oddity(row: int, column: int, cell: Element, text: str, watch: Watch) -> None:
    """Keep in watch that a cell is a formula, an error or a merged one."""
    down = int(cell.get(f"{TABLE}number-rows-spanned", 1))
    across = int(cell.get(f"{TABLE}number-columns-spanned", 1))
    if cell.get(f"{TABLE}formula"):
        watch.tell("formula", row, column)
    elif cell.get(f"{CALCEXT}value-type") == "error":
        watch.tell("error", row, column, text)
    if down > 1 or across > 1:
        watch.oddities.append(Oddity("merged", row, column, "", row + down - 1, column + across - 1))
