"""What a file is by its first bytes, whatever its name says: an .xls is at times a web page, or a text."""

import io
import re
import zipfile
import zlib
from pathlib import Path

from spreadsheets.sheets import UnreadableFile, open_file

START = 4096
COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # of a file of the Office programs before 2007
RENAME = "rename it to .{0}, in mapping.yml too"
SAVE = "open it in a spreadsheet program and save it as .xlsx"
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
BOOKS = {"xlsx": "an Excel workbook", "ods": "an OpenDocument workbook", "xls": "an Excel workbook of before 2007"}
TABLE = "put its table into a workbook"
# How the first letters begin, in small ones: what the file is, and what it is called.
TEXTS = tuple((re.compile(beginning, re.DOTALL), kind, told) for beginning, kind, told in (
    (rb"%pdf", "pdf", "is a PDF"),
    (rb"mime-version:|.*multipart/related", "mht", "is a web archive"),
    (rb"(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|meta|style|title|body|table|div)\b|.*<html", "html",
     "is a web page (HTML) and no workbook"),
    (rb"<\?xml.*office:spreadsheet", "xml", "is an XML spreadsheet of Excel 2003"),
    (rb"\{\\rtf", "rtf", f"is a text document (RTF); {TABLE}"),
    (rb"\[\s*[\[{]|\{\s*\"", "json", f"is JSON; {TABLE}"),
))  # fmt: skip


def check_contents(path: Path, kind: str) -> None:
    """Raise UnreadableFile where a file is something else than the kind (xlsx, xls, ods, csv) that its name says."""
    try:
        with open_file(path) as file:
            start = file.read(START)
    except (OSError, EOFError):
        return  # its own reader says so
    found, advice = name_contents(path, start)
    if found in BOOKS and found != kind:
        raise UnreadableFile(f"is {BOOKS[found]}; {RENAME.format(found)}")
    if advice and kind != found:
        raise UnreadableFile(advice)
    if found == "text" and kind in BOOKS:
        raise UnreadableFile(f"is a text and not {BOOKS[kind]}; put the workbook back, or {RENAME.format('csv')}")


def name_contents(path: Path, start: bytes) -> tuple[str, str]:
    """Return what a file is ("" where that isn't known), and what to do where it can't be read as that."""
    text = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")[:1000].lower()
    if start.startswith(b"PK\x03\x04"):
        return name_package(path)
    if start.startswith(COMPOUND):
        return name_compound(open_file(path).read())
    if start.startswith(b"\x1f\x8b"):
        return "gz", "is packed (gzip); add .gz to its name, in mapping.yml too"
    for beginning, kind, told in TEXTS:
        if beginning.match(text):
            return kind, f"{told}; {SAVE}"
    if start and re.fullmatch(rb"[^\x00-\x08\x0e-\x1f]*", start.replace(b"\0", b"") if is_wide(start) else start):
        return "text", ""
    return "", ""


def is_wide(start: bytes) -> bool:
    """Return whether bytes are a text of two bytes a character."""
    return start.startswith((b"\xff\xfe", b"\xfe\xff")) or start.count(b"\0") * 2 >= len(start) - 1 > 2


def name_package(path: Path) -> tuple[str, str]:
    """Return what a zip file is, by what it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(open_file(path).read())) as package:
            names = package.namelist()
            if "mimetype" in names:
                kind = package.read("mimetype").strip()
                if b"manifest:encryption-data" in package.read("META-INF/manifest.xml"):
                    return "encrypted", f"is encrypted; {SAVE}, without a password"
                return ("ods", "") if kind == OPEN_DOCUMENT else ("other", f"is {kind.decode('ascii', 'replace')}")
            if any(name.endswith("workbook.bin") for name in names):
                return "xlsb", ""
            if any(name.startswith("word/") for name in names):
                return "docx", f"is a Word document; put its table into a workbook, {SAVE}"
            kinds = {"[Content_Types].xml": "xlsx", "content.xml": "ods"}
            return next(((kinds[name], "") for name in kinds if name in names), ("zip", "is a zip archive; unpack it"))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, LookupError, RuntimeError, ValueError):
        return "", ""


def name_compound(content: bytes) -> tuple[str, str]:
    """Return what a file of the older Office programs is, by the names in it."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "encrypted", f"is encrypted; {SAVE}, without a password"
    if "WordDocument".encode("utf-16-le") in content:
        return "doc", f"is a Word document; put its table into a workbook, {SAVE}"
    return "xls", ""
