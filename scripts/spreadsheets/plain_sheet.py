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
from functools import cached_property, partial
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

from tqdm import tqdm

from spreadsheets.plain_rows import NotPlain, PlainRows
from spreadsheets.second import Unread, compare
from spreadsheets.sheets import Cells, Rows, Watch, letters_of, open_file, unify_line_ends
from spreadsheets.shown import PLAIN

FIRST = 1 << 20  # bytes of the first part, so that whoever waits for rows can begin; each next one is twice as large
CHUNK = 4 << 20
SLICE = 4 << 20  # bytes of rows that the second reader is given at once, or twice the shared texts if these are more
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
QUOTES = {"&quot;": '"', "&apos;": "'"}
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, STRINGS, PART = "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/part.xml"
# The formats with a number of their own (ECMA-376, 18.8.30) that are plain.
BUILT_IN = {0: "General", 1: "0", 3: "#,##0", 49: "@"}
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
        """Find the sheet; raise NotPlain where the workbook has few bytes, or the sheet is hidden or oddly packed."""
        try:
            self.zip = zipfile.ZipFile(open_file(path))
            book = ElementTree.fromstring(self.zip.read(BOOK))
            links = ElementTree.fromstring(self.zip.read(LINKS))
            (found,) = [one for one in book.iter(f"{MAIN}sheet") if one.get("name") == sheet]
            (target,) = [link.get("Target", "") for link in links if link.get("Id") == found.get(RELATION)]
            self.member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            large = sum(part.file_size for part in self.zip.infolist() if part.filename.endswith(".xml")) >= least
            self.part = self.zip.getinfo(self.member)
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
        codes = BUILT_IN | {
            int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in styles.iter(f"{MAIN}numFmt")
        }
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
        """Yield the rows with the texts of some columns, held against a second reader; raise NotPlain."""
        letters = [letters_of(place).encode() for place in range(max(watch.left_out, default=-1) + 1)]
        plain = PlainRows(letters, places, watch.left_out, self.read_xml)
        for pieces in self.cut_parts():
            read = [plain.read(piece) for piece in pieces]
            if watch.later:
                watch.later.add(partial(self.agrees, pieces, read, places))
            else:
                self.compare(pieces, read, places, watch)
            yield from read

    def compare(self, pieces: list[bytes], read: list[Rows], places: Sequence[int], watch: Watch) -> None:
        """Keep in watch where the second reader differs in some rows; raise NotPlain where it can't read them."""
        try:
            compare(read, places, self.pack(pieces), "S", watch)
        except Unread:
            raise NotPlain from None

    def agrees(self, pieces: list[bytes], read: list[Rows], places: Sequence[int]) -> bool:
        """Return whether the second reader has the same in some rows."""
        watch = Watch()
        try:
            self.compare(pieces, read, places, watch)
        except NotPlain:
            return False
        return not watch.oddities

    def cut_parts(self) -> Iterator[list[bytes]]:
        """Yield the sheet in parts for the second reader, which reads the shared texts with each; raise NotPlain."""
        pieces: list[bytes] = []
        least = FIRST
        for piece in self.cut_pieces():
            pieces.append(piece)
            if sum(map(len, pieces)) >= max(least, 2 * len(self.shared)):
                yield pieces
                pieces, least = [], min(SLICE, 2 * least)
        if pieces:
            yield pieces

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
        bar = tqdm(total=self.part.file_size, unit="B", unit_scale=True, delay=2, disable=None)
        with self.zip.open(self.member) as file, bar:
            rest, inside, size = b"", False, min(FIRST, CHUNK)
            while chunk := file.read(size):
                size = min(CHUNK, 2 * size)
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
