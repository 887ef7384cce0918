"""A sheet of an .ods file, streamed."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from spreadsheets.sheets import (
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

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
COVERED, CELL = f"{TABLE}covered-table-cell", f"{TABLE}table-cell"
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
        self.hidden_styles: set[str] = set()
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

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row; keep in watch what is odd."""
        try:
            yield from self.read_rows(watch)
        except DAMAGED:
            raise UnreadableFile("a damaged workbook; open it in a spreadsheet program and save it again") from None

    def read_rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the rows of the one sheet."""
        row, column, inside = 1, 0, False
        with zipfile.ZipFile(open_file(self.path)).open("content.xml") as file:
            for moment, found in ElementTree.iterparse(file, ("start", "end")):
                if found.tag == f"{TABLE}table":
                    inside = moment == "start" and found.get(f"{TABLE}name") == self.sheet
                    if inside and found.get(f"{TABLE}style-name", "") in self.hidden_styles:
                        watch.oddities.append(Oddity("hidden sheet", 0, -1))
                elif moment == "start":
                    continue
                elif found.tag == f"{STYLE}style":
                    self.note_style(found)
                elif found.tag == f"{TABLE}table-column" and inside:
                    column = read_column(column, found, watch)
                elif found.tag == f"{TABLE}table-row":
                    yield from self.read_row(row, found, watch) if inside else ()
                    row += int(found.get(f"{TABLE}number-rows-repeated", 1)) if inside else 0
                    found.clear()

    def read_row(self, row: int, found: Element, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield a row as often as it is repeated, if it holds something."""
        cells = self.read_cells(row, found, watch)
        if cells:
            if found.get(f"{TABLE}visibility", "visible") != "visible":
                watch.oddities.append(Oddity("hidden row", row, -1))
            for number in range(row, row + min(int(found.get(f"{TABLE}number-rows-repeated", 1)), MOST_REPEATED)):
                yield number, cells

    def note_style(self, style: Element) -> None:
        """Keep the name of a style that hides a sheet."""
        for properties in style.iter(f"{STYLE}table-properties"):
            if properties.get(f"{TABLE}display") == "false":
                self.hidden_styles.add(style.get(f"{STYLE}name", ""))

    def read_cells(self, row: int, found: Element, watch: Watch) -> Cells:
        """Return the texts of a row by column."""
        cells: Cells = {}
        column = 0
        for cell in found:
            if cell.tag not in (CELL, COVERED):
                continue
            repeated = int(cell.get(f"{TABLE}number-columns-repeated", 1))
            text = read_cell(cell)
            for place in range(column, column + repeated) if text or len(cell.attrib) > 1 else ():
                if watch.wanted is not None and place not in watch.wanted:
                    if text and place not in watch.left_out:
                        watch.tell("beside", row, place)
                    continue
                tell_oddity(row, place, cell, text, watch)
                if text:
                    cells[place] = text
            column += repeated
        return cells


def read_column(column: int, found: Element, watch: Watch) -> int:
    """Keep in watch that columns are hidden; return the place of the next."""
    repeated = int(found.get(f"{TABLE}number-columns-repeated", 1))
    if found.get(f"{TABLE}visibility", "visible") != "visible":
        for place in range(column, column + min(repeated, 16384)):
            watch.tell("hidden column", 0, place)
    return column + repeated


def read_cell(cell: Element) -> str:
    """Return the text of a cell of any type."""
    kind = cell.get(f"{OFFICE}value-type", "")
    if kind in ("float", "percentage", "currency"):
        return write_number(float(cell.get(f"{OFFICE}value", "0")))[0]
    if kind == "date":
        return cell.get(f"{OFFICE}date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value", "").capitalize()
    return unify_line_ends("\n".join(read_paragraph(part) for part in cell.findall(f"{TEXT}p")))


def read_paragraph(part: Element) -> str:
    """Return the text of a paragraph; runs of blanks, tabs and line ends are elements of their own."""
    marks = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
    text = part.text or ""
    for child in part:
        if child.tag == f"{TEXT}s":
            text += " " * int(child.get(f"{TEXT}c", 1))
        else:
            text += marks.get(child.tag) or read_paragraph(child)
        text += child.tail or ""
    return text


def tell_oddity(row: int, column: int, cell: Element, text: str, watch: Watch) -> None:
    """Keep in watch that a cell is a formula, an error, a fraction or a merged one."""
    down = int(cell.get(f"{TABLE}number-rows-spanned", 1))
    across = int(cell.get(f"{TABLE}number-columns-spanned", 1))
    if cell.get(f"{TABLE}formula"):
        watch.tell("formula", row, column)
    elif cell.get("{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type") == "error":
        watch.tell("error", row, column, text)
    elif cell.get(f"{OFFICE}value-type") in ("float", "percentage", "currency") and "." in text:
        watch.tell("fraction", row, column, text)
    if down > 1 or across > 1:
        watch.oddities.append(Oddity("merged", row, column, "", row + down - 1, column + across - 1))
