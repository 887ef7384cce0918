"""A delimited text file, plain or packed with gzip, in any encoding: which one it is, is found and told."""

import csv
import gzip
import io
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, cast

from dataset.problems import mask, name_file

from spreadsheets.encodings import find_mark, guess_encoding
from spreadsheets.sheets import Cells, SheetReader, UnreadableFile, Watch

# The first line that tells Excel the delimiter; no program shows it as a row.
TOLD = re.compile('"?sep=(.)"?\n?', re.IGNORECASE)
NULL = "line {0} holds a null byte, which no text has; save the table as a workbook, or again as UTF-8 text"
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
        self.told = self.find_told()
        find = (lambda mark: self.count_headings(mark, headings)) if headings else self.count_cells
        self.delimiter = self.told or max(DELIMITERS, key=find)

    def open(self) -> IO[bytes]:
        """Open the file, unpacked."""
        return cast(IO[bytes], gzip.open(self.path)) if self.path.suffix == ".gz" else self.path.open("rb")

    def find_told(self) -> str:
        """Return the delimiter that the first line tells, "" where it tells none."""
        try:
            with self.open() as file, io.TextIOWrapper(file, self.encoding, newline=None) as text:
                found = TOLD.fullmatch(text.readline(20))
                return found[1] if found else ""
        except (*DAMAGED, LookupError, ValueError):
            return ""

    def find_encoding(self) -> str:
        """Return the file's encoding; say on the error channel which it is where it had to be guessed."""
        try:
            with self.open() as file:
                if mark := find_mark(file.read(SAMPLE)):
                    return mark
                file.seek(0)
                for number, line in enumerate(io.TextIOWrapper(file, "utf-8", newline=""), start=1):
                    if "\0" in line:
                        raise UnreadableFile(NULL.format(number))
            return "utf-8"
        except UnicodeDecodeError as error:
            return self.guess_encoding(error)
        except DAMAGED:
            raise UnreadableFile("can't be read; put the file back, whole") from None

    def guess_encoding(self, error: UnicodeDecodeError) -> str:
        """Return the likeliest encoding of the lines that are not UTF-8, and say which it is."""
        with self.open() as file:
            lines = list(islice(file, 200_000))
        for number, line in enumerate(lines, start=1):
            if b"\0" in line:
                raise UnreadableFile(NULL.format(number)) from None
        found, words = guess_encoding([line for line in lines if not line.isascii()][:2000])
        if not found:
            advice = "save it as UTF-8, or say which one under `encoding` in mapping.yml"
            raise UnreadableFile(f"is in no encoding that can be told ({error.reason}); {advice}") from None
        shown = f", as in {mask(words)}" if words else ""
        advice = "if names look wrong, say which under `encoding` in mapping.yml"
        print(f"{name_file(self.path)}: not UTF-8; read as {found}{shown}; {advice}", file=sys.stderr)
        return found

    def lines(self, delimiter: str) -> Iterator[list[str]]:
        """Yield the records, with line feeds alone in their cells; raise UnreadableFile where there are none."""
        try:
            with self.open() as file, io.TextIOWrapper(file, self.encoding, newline=None) as text:
                if self.told:
                    next(text)
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
