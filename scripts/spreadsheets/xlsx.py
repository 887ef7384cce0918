"""A sheet of an .xlsx file, streamed: a million rows need the memory of their distinct texts, and no more.

The sheet's XML is cut into rows and the rows into cells by one expression, several times faster than an XML parser in
Python. It knows the form that spreadsheet programs write; a cell in any other form is counted and refused. Pieces of
the sheet that hold nothing but plain cells, as almost all do, are read faster still, by plain_rows.py.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

from tqdm import tqdm

from spreadsheets.plain_rows import NotPlain, PlainRows
from spreadsheets.sheets import (
    Cells,
    Kind,
    MissingSheet,
    Oddity,
    Rows,
    SheetReader,
    UnreadableFile,
    Watch,
    by_column,
    letters_of,
    open_file,
    unify_line_ends,
    write_date,
    write_number,
)  # fmt: skip

CHUNK = 4 << 20
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Reference, style and type in any order, then a value, a plain inline text, or anything else (a formula, rich text).
CELL = re.compile(
    rb'<c(?: r="([A-Z]+)[0-9]+"| s="([0-9]+)"| t="([a-zA-Z]+)"| [a-z]+="[^"]*")*'
    rb'(?: ?/>| ?>(?:<v>([^<]*)</v></c>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>|(.*?)</c>))',
    re.DOTALL,
)
ROW = re.compile(rb"<row\b([^>]*)>")
ROW_NUMBER = re.compile(rb' r="([0-9]+)"')
TEXT = re.compile(rb"<(?:\w+:)?t(?: [^>]*)?>([^<]*)</(?:\w+:)?t>")
STRING = re.compile(rb"<si(?:/>|>(.*?)</si>)", re.DOTALL)
PHONETIC = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
VALUE = re.compile(rb"<v>([^<]*)</v>")
MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
COLUMN = re.compile(rb"<col\b([^>]*)/?>")
ESCAPED = re.compile("_x([0-9A-F]{4})_")
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
HIDDEN = re.compile(rb'hidden="(?:1|true)"')
# What zipfile, zlib, the XML parser and our own reading raise where bytes are missing or not what they were.
DAMAGED = (
    OSError, EOFError, LookupError, ArithmeticError, ValueError, RuntimeError, ElementTree.ParseError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
DAMAGE = "a damaged workbook; open it in a spreadsheet program and save it again"


class XlsxSheet(SheetReader):
    """A sheet of an Excel workbook."""

    def __init__(self, path: Path, sheet: str) -> None:
        """Find the sheet; raise MissingSheet or UnreadableFile."""
        try:
            self.zip = zipfile.ZipFile(open_file(path))
            book = ElementTree.fromstring(self.zip.read("xl/workbook.xml"))
            links = ElementTree.fromstring(self.zip.read("xl/_rels/workbook.xml.rels"))
        except DAMAGED:
            raise UnreadableFile("not an Excel workbook; put back the .xlsx file") from None
        sheets = {found.get("name"): found for found in book.iter(f"{MAIN}sheet")}
        if sheet not in sheets:
            raise MissingSheet([name for name in sheets if name])
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        if (target := targets.get(sheets[sheet].get(RELATION))) is None:
            raise UnreadableFile(DAMAGE)
        self.member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        self.hidden = sheets[sheet].get("state", "visible") != "visible"
        properties = book.find(f"{MAIN}workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    @cached_property
    def strings(self) -> list[str]:
        """Return the texts that cells share."""
        if "xl/sharedStrings.xml" not in self.zip.namelist():
            return []
        found: list[str] = []
        rest = b""
        with self.zip.open("xl/sharedStrings.xml") as file:
            while chunk := file.read(CHUNK):
                rest += chunk
                end = rest.rfind(b"</si>") + 5
                found += map(read_string, STRING.findall(rest[:end] if end > 4 else b""))
                rest = rest[end:] if end > 4 else rest
        return found

    @cached_property
    def date_styles(self) -> frozenset[bytes]:
        """Return the numbers of the styles that show a number as a date or a time."""
        if "xl/styles.xml" not in self.zip.namelist():
            return frozenset()
        styles = ElementTree.fromstring(self.zip.read("xl/styles.xml"))
        own = {found.get("numFmtId"): found.get("formatCode", "") for found in styles.iter(f"{MAIN}numFmt")}
        dates = {number for number, code in own.items() if is_date_format(code)} | {str(n) for n in DATE_FORMATS}
        formats = styles.find(f"{MAIN}cellXfs")
        used = [] if formats is None else [found.get("numFmtId") for found in formats]
        return frozenset(str(place).encode() for place, number in enumerate(used) if number in dates)

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row; keep in watch what is odd."""
        for piece in self.cut_pieces(watch):
            yield from self.read_piece(piece, watch)

    def batches(self, places: Sequence[int], watch: Watch) -> Iterator[Rows]:
        """Yield the rows with the texts of some columns, many at a time; keep in watch what is odd."""
        letters = [letters_of(place).encode() for place in range(max(watch.left_out, default=-1) + 1)]
        plain = PlainRows(letters, places, watch.left_out, self.read_plain)
        for piece in self.cut_pieces(watch):
            try:
                rows = plain.read(piece)
            except NotPlain:
                rows = by_column([*self.read_piece(piece, watch)], places)
            except DAMAGED:
                raise UnreadableFile(DAMAGE) from None
            self.row = rows.numbers[-1]
            yield rows

    def read_piece(self, piece: bytes, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row of a piece; a row without a number is the next one."""
        try:
            start = 0
            while (end := piece.find(b"</row>", start)) >= 0:
                part, start = piece[start:end], end + 6
                tag = ROW.match(part, max(part.rfind(b"<row "), part.rfind(b"<row>"), 0))
                if not tag:
                    raise KeyError("row")
                number = ROW_NUMBER.search(tag[1])
                self.row = int(number[1]) if number else self.row + 1
                cells = self.read_cells(self.row, part[tag.end() :], watch)
                if cells and b"hidden" in tag[1] and HIDDEN.search(tag[1]):
                    watch.oddities.append(Oddity("hidden row", self.row, -1))
                yield self.row, cells
        except DAMAGED:
            raise UnreadableFile(DAMAGE) from None

    def cut_pieces(self, watch: Watch) -> Iterator[bytes]:
        """Yield the sheet in pieces of whole rows; read what stands before and after the rows."""
        if self.hidden:
            watch.oddities.append(Oddity("hidden sheet", 0, -1))
        self.row = 0
        try:
            size = self.zip.getinfo(self.member).file_size
            bar = tqdm(total=size, unit="B", unit_scale=True, delay=2, disable=None)
            with self.zip.open(self.member) as file, bar:
                rest, inside = b"", False
                while chunk := file.read(CHUNK):
                    bar.update(len(chunk))
                    rest += chunk
                    if not inside and (start := rest.find(b"<sheetData")) >= 0:
                        read_hidden_columns(rest[:start], watch)
                        inside, rest = True, rest[start:]
                    if inside and (end := rest.rfind(b"</row>") + 6) > 5:
                        yield rest[:end]
                        rest = rest[end:]
                if not inside:
                    raise KeyError("sheetData")
                for first, top, last, bottom in MERGED.findall(rest):
                    merged = Oddity("merged", int(top), to_index(first), "", int(bottom), to_index(last))
                    watch.oddities.append(merged)
        except DAMAGED:
            raise UnreadableFile(DAMAGE) from None

    def read_cells(self, row: int, content: bytes, watch: Watch) -> Cells:
        """Return the texts of a row by column."""
        found = CELL.findall(content)
        if len(found) != content.count(b"<c ") + content.count(b"<c>"):
            raise KeyError("a cell in a form that is not known")
        wanted, left_out, cells = watch.wanted, watch.left_out, {}
        for letters, style, kind, value, inline, other in found:
            column = to_index(letters)
            if wanted is not None and column not in wanted:
                if column not in left_out and self.read_cell(style, kind, value, inline, other):
                    watch.tell("beside", row, column)
                continue
            text = self.read_cell(style, kind, value, inline, other)
            if odd := name_oddity(kind, text, other):
                watch.tell(odd, row, column, "" if odd == "formula" else text)
            if text:
                cells[column] = text
        return cells

    def read_plain(self, xml: bytes) -> str:
        """Return the text of one cell; raise NotPlain where it is odd."""
        cell = CELL.fullmatch(xml)
        if cell is None or cell[4] is None:
            raise NotPlain
        style, kind, value = (part or b"" for part in cell.group(2, 3, 4))
        text = self.read_cell(style, kind, value, b"", b"")
        if name_oddity(kind, text, b""):
            raise NotPlain
        return text

    def read_cell(self, style: bytes, kind: bytes, value: bytes, inline: bytes, other: bytes) -> str:
        """Return the text of a cell of any type."""
        if other and kind == b"inlineStr":
            return read_string(other)
        if other and (found := VALUE.search(other)):
            value = found[1]
        if inline:
            return read_text(inline)
        if not value:
            return ""
        if kind == b"s":
            return self.strings[int(value)]
        if kind == b"b":
            return "True" if value == b"1" else "False"
        if kind in (b"", b"n"):
            if style in self.date_styles:
                return self.read_date(float(value))
            return value.decode() if value.isdigit() else write_number(float(value))[0]
        return read_text(value)

    def read_date(self, serial: float) -> str:
        """Return the date that a number of days stands for; Excel counts a 29 February 1900 that never was."""
        start = date(1904, 1, 1) if self.from_1904 else date(1899, 12, 30 if serial >= 60 else 31)
        return write_date(datetime.combine(start, time()) + timedelta(seconds=round(serial * 86400)))


def name_oddity(kind: bytes, text: str, other: bytes) -> Kind | None:
    """Return what is odd about a cell: a formula, an error, a number with a fraction."""
    if other.startswith((b"<f>", b"<f ", b"<f/")):
        return "formula"
    if kind == b"e":
        return "error"
    return "fraction" if kind in (b"", b"n") and "." in text else None


def read_text(raw: bytes) -> str:
    """Return the text of an XML string: entities, line ends and Excel's own escapes resolved."""
    text = raw.decode()
    if "&" in text:
        text = unescape(text)
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return unify_line_ends(text)


def read_string(item: bytes) -> str:
    """Return the text of a shared or rich string, without its phonetic guide."""
    if b"<rPh" in item:
        item = PHONETIC.sub(b"", item)
    parts = TEXT.findall(item)
    return read_text(parts[0]) if len(parts) == 1 else "".join(map(read_text, parts))


def read_hidden_columns(head: bytes, watch: Watch) -> None:
    """Keep in watch the columns that are hidden."""
    for tag in COLUMN.findall(head):
        if HIDDEN.search(tag):
            first, last = (int(re.search(rb'%s="([0-9]+)"' % name, tag)[1]) for name in (b"min", b"max"))  # type: ignore[index]
            for column in range(first - 1, min(last, 16384)):
                watch.tell("hidden column", 0, column)


def is_date_format(code: str) -> bool:
    """Return whether a number format shows a date or a time; what stands in quotes or brackets shows nothing."""
    plain = re.sub(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', "", code.split(";", maxsplit=1)[0])
    return bool(re.search("[dmyhs]", plain, re.IGNORECASE)) and "General" not in code


@cache
def to_index(letters: bytes) -> int:
    """Return the place of a column from its letters: A is 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
