"""A large sheet of an .xlsx file that holds plain cells alone, streamed: a million rows need the memory of their texts.

It knows the one form that spreadsheet programs write such cells in, and raises NotPlain at the first thing that is
anything else; openpyxl then reads the sheet from there. Each part of the sheet is given to the second reader too, as a
small workbook of its own, since that reader holds a whole sheet in memory.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

from openpyxl.styles.numbers import BUILTIN_FORMATS
from tqdm import tqdm

from spreadsheets.plain_rows import NotPlain, PlainRows
from spreadsheets.second import Unread, compare
from spreadsheets.sheets import Cells, Rows, Watch, letters_of, open_file, unify_line_ends
from spreadsheets.shown import PLAIN

CHUNK = 4 << 20
SLICE = 4 << 20  # bytes of rows that the second reader is given at once, or twice the shared texts if these are more
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
QUOTES = {"&quot;": '"', "&apos;": "'"}
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, STRINGS, PART = "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/part.xml"
# A plain shared text, or one in another form.
STRING = re.compile(rb'<si>(?:<t(?: xml:space="preserve")?>([^<]*)</t>|(.*?))</si>|<si ?/>', re.DOTALL)
CELL = re.compile(rb'<c r="([A-Z]+)[0-9]+"([^<>]*)(?:><v>([^<]*)</v></c>|/>)')
HEAD = re.compile(rb'(?: s="([0-9]+)"| t="(s|n|str)")*')
ROW = re.compile(rb'<row r="([0-9]+)"([^<>]*)(?:/>|>(.*?)</row>)', re.DOTALL)
# NotPlain, and what zipfile, zlib and the XML parser raise where bytes are missing: openpyxl says what is wrong.
HANDED_OVER = (
    OSError, EOFError, LookupError, ArithmeticError, ValueError, RuntimeError, ElementTree.ParseError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
# What a workbook of one sheet consists of beside its rows, shared texts and styles.
SPACE = "http://schemas.openxmlformats.org"
KINDS = f"{SPACE}/officeDocument/2006/relationships"
LINK = f'<Relationship Id="{{0}}" Type="{KINDS}/{{1}}" Target="{{2}}"/>'
LIST = f'<Relationships xmlns="{SPACE}/package/2006/relationships">{{0}}</Relationships>'
SMALL = {
    "[Content_Types].xml": f'<Types xmlns="{SPACE}/package/2006/content-types"/>',
    "_rels/.rels": LIST.format(LINK.format("r1", "officeDocument", BOOK)),
    LINKS: LIST.format(
        LINK.format("r1", "worksheet", "worksheets/part.xml") + LINK.format("r2", "sharedStrings", "sharedStrings.xml")
        + LINK.format("r3", "styles", "styles.xml")
    ),
    BOOK: f'<workbook xmlns="{MAIN[1:-1]}" xmlns:r="{KINDS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    "</workbook>",
}  # fmt: skip


class PlainSheet:
    """A sheet that may be plain."""

    def __init__(self, path: Path, sheet: str, least: int) -> None:
        """Find the sheet; raise NotPlain where it is less than so many bytes, hidden, or in an unusual package."""
        try:
            self.zip = zipfile.ZipFile(open_file(path))
            book = ElementTree.fromstring(self.zip.read(BOOK))
            links = ElementTree.fromstring(self.zip.read(LINKS))
            (found,) = [one for one in book.iter(f"{MAIN}sheet") if one.get("name") == sheet]
            (target,) = [link.get("Target", "") for link in links if link.get("Id") == found.get(RELATION)]
            self.member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            large = self.zip.getinfo(self.member).file_size >= least
        except HANDED_OVER:
            raise NotPlain from None
        if (
            not large
            or found.get("state", "visible") != "visible"
            or book.find(f"{MAIN}workbookPr[@date1904]") is not None
        ):
            raise NotPlain
        self.row = 0

    @cached_property
    def shared(self) -> bytes:
        """Return the part of the workbook with the texts that cells share."""
        return self.zip.read(STRINGS) if STRINGS in self.zip.namelist() else b""

    @cached_property
    def strings(self) -> list[str | None]:
        """Return the texts that cells share, None for those in another form than the plain one; raise NotPlain."""
        start, end = self.shared.find(b"<si"), self.shared.rfind(b"</sst>")
        items = self.shared[start:end] if start >= 0 else b""
        found = [read_text(match[1] or b"") if match[2] is None else None for match in STRING.finditer(items)]
        if len(found) != items.count(b"<si") or b"<![CDATA[" in items or b"<!--" in items:
            raise NotPlain
        return found

    @cached_property
    def styles(self) -> frozenset[bytes]:
        """Return the numbers of the styles that show a cell as it is stored."""
        if STYLES not in self.zip.namelist():
            return frozenset([b"", b"0"])
        styles = ElementTree.fromstring(self.zip.read(STYLES))
        fonts = [not any(font.find(f"{MAIN}{tag}") is not None for tag in ("strike", "vertAlign"))
                 for font in styles.iterfind(f"{MAIN}fonts/{MAIN}font")]  # fmt: skip
        codes = {number: code for number, code in BUILTIN_FORMATS.items() if code in PLAIN}
        codes |= {int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in styles.iter(f"{MAIN}numFmt")}
        used = [*styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
        kept = [place for place, one in enumerate(used)
                if codes.get(int(one.get("numFmtId", 0))) in PLAIN and fonts[int(one.get("fontId", 0))]]  # fmt: skip
        return frozenset([*(str(place).encode() for place in kept), *([b""] if 0 in kept or not used else [])])

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row; raise NotPlain."""
        for piece in self.cut_pieces():
            start = 0
            while row := ROW.match(piece, start):
                start = row.end()
                yield int(row[1]), self.read_row(row)
            if piece[start:].strip():
                raise NotPlain

    def read_row(self, row: re.Match[bytes]) -> Cells:
        """Return the texts of a row by column; raise NotPlain."""
        cells, content = CELL.findall(row[3] or b""), row[3] or b""
        if b"hidden" in row[2] or len(cells) != content.count(b"<c"):
            raise NotPlain
        texts = {to_index(letters): self.read_cell(head, value) for letters, head, value in cells}
        return {place: text for place, text in texts.items() if text}

    def batches(self, places: Sequence[int], watch: Watch) -> Iterator[Rows]:
        """Yield the rows with the texts of some columns, compared with the second reader's; raise NotPlain."""
        letters = [letters_of(place).encode() for place in range(max(watch.left_out, default=-1) + 1)]
        plain = PlainRows(letters, places, watch.left_out, self.read_xml)
        slices: list[bytes] = []
        read: list[Rows] = []
        for piece in self.cut_pieces():
            read.append(plain.read(piece))
            slices.append(piece)
            if sum(map(len, slices)) >= max(SLICE, 2 * len(self.shared)):
                yield from self.compare(slices, read, places, watch)
                slices, read = [], []
        if read:
            yield from self.compare(slices, read, places, watch)

    def compare(self, slices: list[bytes], read: list[Rows], places: Sequence[int], watch: Watch) -> list[Rows]:
        """Return some rows after the second reader has read them too; raise NotPlain where it can't."""
        try:
            compare(read, places, self.pack(slices), "S", watch)
        except Unread:
            raise NotPlain from None
        return read

    def pack(self, slices: list[bytes]) -> io.BytesIO:
        """Return a workbook that holds some rows of the sheet, and the shared texts and styles as they are."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as book:
            for name, content in SMALL.items():
                book.writestr(name, content)
            book.writestr(STRINGS, self.shared)
            if STYLES in self.zip.namelist():
                book.writestr(STYLES, self.zip.read(STYLES))
            head = f'<worksheet xmlns="{MAIN[1:-1]}"><sheetData>'.encode()
            book.writestr(PART, b"".join([head, *slices, b"</sheetData></worksheet>"]))
        packed.seek(0)
        return packed

    def cut_pieces(self) -> Iterator[bytes]:
        """Yield the sheet in pieces of whole rows; read what stands before and after the rows; raise NotPlain."""
        bar = tqdm(total=self.zip.getinfo(self.member).file_size, unit="B", unit_scale=True, delay=2, disable=None)
        with self.zip.open(self.member) as file, bar:
            rest, inside = b"", False
            while chunk := file.read(CHUNK):
                bar.update(len(chunk))
                rest += chunk
                if not inside and (start := rest.find(b"<sheetData>")) >= 0:
                    if b"hidden=" in rest[:start] or b"zeroHeight" in rest[:start]:
                        raise NotPlain
                    inside, rest = True, rest[start + 11 :]
                if inside and (end := rest.rfind(b"</row>") + 6) > 5:
                    yield rest[:end]
                    rest = rest[end:]
        if not inside or not rest.lstrip().startswith(b"</sheetData>") or b"<mergeCell" in rest:
            raise NotPlain

    def read_xml(self, xml: bytes) -> str:
        """Return the text of one cell; raise NotPlain where it is odd."""
        head, _, value = xml.removesuffix(b"</v></c>").removeprefix(b"<c").partition(b"><v>")
        return self.read_cell(head, value)

    def read_cell(self, head: bytes, value: bytes) -> str:
        """Return the text of a cell of any plain type; raise NotPlain."""
        found = HEAD.fullmatch(head)
        if found is None or (found[1] or b"") not in self.styles:
            raise NotPlain
        if not value:
            return ""
        if found[2] == b"s":
            text = self.strings[int(value)] if value.isdigit() and int(value) < len(self.strings) else None
            if text is None:
                raise NotPlain
            return text
        if found[2] == b"str" or not value.isdigit():
            raise NotPlain
        return str(int(value))


def read_text(raw: bytes) -> str | None:
    """Return the text of an XML string, None where characters are written by their number or in Excel's own way."""
    text = raw.decode()
    if "_x" in text or "&#" in text:
        return None
    return unify_line_ends(unescape(text, QUOTES)) if "&" in text else unify_line_ends(text)


def to_index(letters: bytes) -> int:
    """Return the place of a column from its letters: A is 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
