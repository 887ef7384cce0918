"""Which reader reads a file: our own for workbooks and text tables, csvkit for what else it knows."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from mapping import Sheet
from read_csv import CsvSheet
from read_ods import OdsSheet
from read_xlsx import XlsxSheet
from sheets import Cells, SheetReader, UnreadableFile, Watch

TEXTS = (".csv", ".tsv", ".txt")
OTHERS = {".dbf": "dbf", ".json": "json", ".ndjson": "ndjson", ".geojson": "geojson"}


def open_sheet(path: Path, table: Sheet, encoding: str) -> SheetReader:
    """Return a reader of the table's sheet; raise UnreadableFile or MissingSheet."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".xlsx", ".xlsm")):
        return XlsxSheet(path, table.sheet)
    if name.endswith(".ods"):
        return OdsSheet(path, table.sheet)
    if name.endswith(".xls"):
        from read_xls import XlsSheet  # noqa: PLC0415 (xlrd only where it is needed)

        return XlsSheet(path, table.sheet)
    if name.endswith(TEXTS):
        return CsvSheet(path, [*table.headings.values()], encoding)
    if path.suffix.lower() in OTHERS:
        return OtherSheet(path, OTHERS[path.suffix.lower()])
    known = f"xlsx, xls, ods, csv, tsv, each of them packed (.gz) too, {', '.join(OTHERS.values())}"
    raise UnreadableFile(f"an unknown kind of file; known are {known}")


class OtherSheet:
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
