"""A delimited text file, plain or packed with gzip, in any encoding: which one it is, is found and told."""

import csv
import gzip
import io
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, cast

import chardet
from dataset.problems import name_file

from spreadsheets.sheets import Cells, SheetReader, UnreadableFile, Watch

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\x00\x00": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SAMPLE = 1 << 20
DELIMITERS = (",", ";", "\t", "|")
DAMAGED = (OSError, EOFError, zlib.error)


class CsvSheet(SheetReader):
    """The one table of a text file."""

    def __init__(self, path: Path, headings: list[str], encoding: str = "") -> None:
        """Find the encoding, unless it is given, and the delimiter: most headings, else a table as wide as can be."""
        self.path = path
        self.encoding = encoding or self.find_encoding()
        csv.field_size_limit(sys.maxsize)
        find = (lambda mark: self.count_headings(mark, headings)) if headings else self.count_cells
        self.delimiter = max(DELIMITERS, key=find)

    def open(self) -> IO[bytes]:
        """Open the file, unpacked."""
        return cast(IO[bytes], gzip.open(self.path)) if self.path.suffix == ".gz" else self.path.open("rb")

    def find_encoding(self) -> str:
        """Return the file's encoding: by its mark, UTF-8 where it is that, else the likeliest, which is told."""
        try:
            with self.open() as file:
                start = file.read(SAMPLE)
                for mark, encoding in MARKS.items():
                    if start.startswith(mark):
                        return encoding
                file.seek(0)
                for line in io.TextIOWrapper(file, "utf-8", newline=""):
                    if "\0" in line:
                        raise UnreadableFile("is no text; save the table as a workbook or as UTF-8 text")
            return "utf-8"
        except UnicodeDecodeError as error:
            return self.guess_encoding(error)
        except DAMAGED:
            raise UnreadableFile("can't be read; put the file back, whole") from None

    def guess_encoding(self, error: UnicodeDecodeError) -> str:
        """Return the likeliest encoding of the lines that are not UTF-8, and say on the error channel which it is."""
        with self.open() as file:
            lines = [line for line in islice(file, 200_000) if not line.isascii()][:2000]
        found = chardet.detect(b"".join(lines))["encoding"]
        if found is None:
            raise UnreadableFile(f"is in no known encoding ({error.reason}); save it as UTF-8") from None
        advice = "if names look wrong, say which under `encoding` in mapping.yml"
        print(f"{name_file(self.path)}: not UTF-8; read as {found}; {advice}", file=sys.stderr)
        return found

    def lines(self, delimiter: str) -> Iterator[list[str]]:
        """Yield the records, with line feeds alone in their cells; raise UnreadableFile where there are none."""
        try:
            with self.open() as file, io.TextIOWrapper(file, self.encoding, newline=None) as text:
                yield from csv.reader(text, delimiter=delimiter, strict=True)
        except LookupError:
            raise UnreadableFile(f"there is no encoding {self.encoding!r}; correct it in mapping.yml") from None
        except UnicodeDecodeError as error:
            advice = f"is not all in {self.encoding} ({error.reason}); save it as UTF-8"
            raise UnreadableFile(advice) from None
        except csv.Error as error:
            raise UnreadableFile(f"is no table ({error}); save it again from a spreadsheet program") from None
        except DAMAGED:
            raise UnreadableFile("can't be read; put the file back, whole") from None

    def count_headings(self, delimiter: str, headings: list[str]) -> int:
        """Return how many headings stand in the first rows when they are cut at a delimiter."""
        try:
            return len({cell.strip() for line in islice(self.lines(delimiter), 20) for cell in line} & set(headings))
        except UnreadableFile:
            return -1

    def count_cells(self, delimiter: str) -> int:
        """Return how many cells the first rows of the most common width have when they are cut at a delimiter."""
        try:
            widths = Counter(len(line) for line in islice(self.lines(delimiter), 20) if len(line) > 1)
        except UnreadableFile:
            return -1
        return max((width * rows for width, rows in widths.items()), default=0)

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number of each record and its cells with a text; a number with a fraction stays a text."""
        wanted = watch.wanted
        columns = None if wanted is None else sorted(wanted)
        for number, line in enumerate(self.lines(self.delimiter), start=1):
            if columns is None:
                yield number, {place: cell for place, cell in enumerate(line) if cell}
                continue
            width = len(line)
            yield number, {place: line[place] for place in columns if place < width and line[place]}
            if width > len(columns):
                for place, cell in enumerate(line):
                    if cell and place not in watch.left_out and wanted is not None and place not in wanted:
                        watch.tell("beside", number, place)
