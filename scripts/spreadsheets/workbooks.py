"""Which reader reads a file: our own for workbooks and text tables, csvkit for what else it knows."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from spreadsheets.csv import CsvSheet
from spreadsheets.ods import OdsSheet
from spreadsheets.sheets import Cells, MissingSheet, SheetReader, UnreadableFile, Watch
from spreadsheets.xlsx import XlsxSheet

BOOKS = (".xlsx", ".xlsm", ".ods", ".xls")
TEXTS = (".csv", ".tsv", ".txt")
OTHERS = {".dbf": "dbf", ".json": "json", ".ndjson": "ndjson", ".geojson": "geojson"}
KNOWN = f"xlsx, xls, ods, csv, tsv, each of them packed (.gz) too, {', '.join(OTHERS.values())}"


def open_sheet(path: Path, sheet: str, headings: list[str], encoding: str) -> SheetReader:
    """Return a reader of a sheet; raise UnreadableFile or MissingSheet. A text is cut where most headings are found."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".xlsx", ".xlsm")):
        return XlsxSheet(path, sheet)
    if name.endswith(".ods"):
        return OdsSheet(path, sheet)
    if name.endswith(".xls"):
        from spreadsheets.xls import XlsSheet  # noqa: PLC0415 (xlrd only where it is needed)

        return XlsSheet(path, sheet)
    if name.endswith(TEXTS):
        return CsvSheet(path, headings, encoding)
    if path.suffix.lower() in OTHERS:
        return OtherSheet(path, OTHERS[path.suffix.lower()])
    raise UnreadableFile(f"an unknown kind of file; known are {KNOWN}")


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
