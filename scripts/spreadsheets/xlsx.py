"""A sheet of an .xlsx file, by openpyxl, or as far as it is large and holds plain cells alone by our own reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from spreadsheets.plain_rows import NotPlain
from spreadsheets.plain_sheet import HANDED_OVER, PlainSheet
from spreadsheets.sheets import Cells, Rows, SheetReader, Watch, open_file

if TYPE_CHECKING:
    from spreadsheets.xlsx_library import LibrarySheet

LARGE = 2 << 20  # bytes of a workbook's XML from which on openpyxl takes seconds


class XlsxSheet(SheetReader):
    """A sheet of an Excel workbook."""

    def __init__(self, path: Path, sheet: str) -> None:
        """Find the sheet; raise MissingSheet or UnreadableFile."""
        self.path, self.sheet = path, sheet
        try:
            self.plain: PlainSheet | None = PlainSheet(path, sheet, LARGE)
            self.size = self.plain.part.compress_size
        except NotPlain:
            self.plain = None
            self.library  # noqa: B018 (raises where there is no such sheet)

    @cached_property
    def library(self) -> LibrarySheet:
        """Return the library's reader of the sheet."""
        from spreadsheets.xlsx_library import LibrarySheet  # noqa: PLC0415 (a large book is often read without it)

        return LibrarySheet(self.path, self.sheet)

    def workbook(self) -> IO[bytes]:
        """Return the file for a second reader."""
        return open_file(self.path)

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number and the cells of each row; keep in watch what is odd."""
        done = 0
        if self.plain:
            try:
                for done, cells in self.plain.rows():
                    yield done, cells
                return
            except HANDED_OVER:
                pass
        yield from (row for row in self.library.rows(watch) if row[0] > done)

    def batches(self, places: Sequence[int], watch: Watch) -> Iterator[Rows]:
        """Yield the rows with the texts of some columns, many at a time; keep in watch what is odd."""
        if self.plain:
            try:
                for rows in self.plain.batches(places, watch):
                    self.compared = rows.numbers[-1]
                    yield rows
                return
            except HANDED_OVER:
                pass
        for rows in self.library.batches(places, watch):
            later = [index for index, number in enumerate(rows.numbers) if number > self.compared]
            if len(later) == len(rows.numbers):
                yield rows
            elif later:
                start = later[0]
                yield Rows(rows.numbers[start:], [column[start:] for column in rows.columns])
