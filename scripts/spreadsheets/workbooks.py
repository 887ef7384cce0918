"""Which reader reads a file: a library for workbooks, our own for text tables, csvkit for what else it knows."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from spreadsheets.contents import check_contents
from spreadsheets.csv import CsvSheet
from spreadsheets.ods import OdsSheet
from spreadsheets.second import ONLY_SECOND, SecondSheet
from spreadsheets.sheets import Cells, MissingSheet, SheetReader, UnreadableFile, Watch
from spreadsheets.xlsx import XlsxSheet

BOOKS = (".xlsx", ".xlsm", ".ods", ".xls", ".xlsb")
TEXTS = (".csv", ".tsv", ".txt")
OTHERS = {".dbf": "dbf", ".json": "json", ".ndjson": "ndjson", ".geojson": "geojson"}
KNOWN = f"xlsx, xls, xlsb, ods, csv, tsv, each of them packed (.gz) too, {', '.join(OTHERS.values())}"


def open_sheet(path: Path, sheet: str, headings: list[str], encoding: str, alone: bool = False) -> SheetReader:
    """Return a reader of a sheet; raise UnreadableFile or MissingSheet. A text is cut where most headings are found.

    Alone says that the second reader may stand in for the first, where that can't read the file.
    """
    reader = choose_reader(path, sheet, headings, encoding, alone)
    reader.size = reader.size or path.stat().st_size
    return reader


def choose_reader(path: Path, sheet: str, headings: list[str], encoding: str, alone: bool) -> SheetReader:
    """Return the reader of a file of this kind, by its name."""
    name = path.name.lower().removesuffix(".gz")
    kind = next((end for end in (*BOOKS, *TEXTS) if name.endswith(end)), "")
    if kind in TEXTS:
        check_contents(path, "csv")
        return CsvSheet(path, headings, encoding)
    if kind:
        check_contents(path, {".xlsm": "xlsx"}.get(kind, kind[1:]))
        return open_book(path, sheet, kind, alone)
    if path.suffix.lower() in OTHERS:
        return OtherSheet(path, OTHERS[path.suffix.lower()])
    raise UnreadableFile(f"an unknown kind of file; known are {KNOWN}")


def open_book(path: Path, sheet: str, kind: str, alone: bool) -> SheetReader:
    """Return a reader of a sheet of a workbook; the second reader where the first can't and that is accepted."""
    try:
        if kind == ".ods":
            return OdsSheet(path, sheet)
        if kind == ".xls":
            from spreadsheets.xls import XlsSheet  # noqa: PLC0415 (xlrd only where it is needed)

            return XlsSheet(path, sheet)
        if kind == ".xlsb":
            raise UnreadableFile("not an Excel workbook; put back the .xlsb file")
        return XlsxSheet(path, sheet)
    except UnreadableFile as error:
        try:
            second = SecondSheet(path, sheet)
        except UnreadableFile:
            raise error from None
        if not alone:
            raise UnreadableFile(ONLY_SECOND) from None
        return second


def is_known(path: Path) -> bool:
    """Return whether a file is of a kind that can be read, by its name."""
    name = path.name.lower()
    return name.removesuffix(".gz").endswith((*BOOKS, *TEXTS)) or name.endswith((*OTHERS,))


def list_sheets(path: Path) -> list[str]:
    """Return the names of a workbook's sheets, "" alone for a file that has none; raise UnreadableFile."""
    try:
        open_sheet(path, "", [], "utf-8")
    except MissingSheet as missing:
        return missing.names
    return [""]


class OtherSheet(SheetReader):
    """A table that csvkit reads; it says nothing of formulas or hidden rows, which these formats have not."""

    def __init__(self, path: Path, kind: str) -> None:
        """Take a file and csvkit's name of its format."""
        self.path, self.kind = path, kind

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number of each row and its cells with a text."""
        from csvkit.utilities.in2csv import In2CSV  # noqa: PLC0415 (half a second that other formats need not wait)

        output = io.StringIO()
        try:
            In2CSV(["--format", self.kind, "--no-inference", "--blanks", str(self.path)], output).run()
        except (Exception, SystemExit):
            raise UnreadableFile(f"can't be read as {self.kind}; put the file back, whole") from None
        for number, line in enumerate(csv.reader(io.StringIO(output.getvalue())), start=1):
            wanted = watch.wanted
            yield number, {i: text for i, text in enumerate(line) if text and (wanted is None or i in wanted)}
