"""What the readers of spreadsheets have in common: a sheet is rows of texts, and what is odd about it is told."""

import gzip
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Literal, NamedTuple, Protocol

Kind = Literal[
    "formula", "error", "fraction", "merged", "hidden row", "hidden column", "hidden sheet", "beside", "struck",
    "raised", "format", "differs", "long",
]  # fmt: skip
Cells = dict[int, str]
BATCH = 10_000
MOST_CHARACTERS = 32_767  # of a cell in a workbook; make export writes one


class Rows(NamedTuple):
    """Some rows of a sheet: the number of each, and their texts by column."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[str]]

    def lines(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Return the rows one by one, each with its number."""
        return zip(self.numbers, zip(*self.columns, strict=True), strict=True)


DAMAGED_WORKBOOK = "a damaged workbook; open it in a spreadsheet program and save it again"


class UnreadableFile(ValueError):
    """A file that is not what its name says, or that has no such sheet; the message says what to do."""


class MissingSheet(ValueError):
    """A workbook without the sheet that is asked for."""

    def __init__(self, names: list[str]) -> None:
        """Keep the names of the sheets that it has."""
        super().__init__("missing sheet")
        self.names = names


@dataclass(frozen=True)
class Oddity:
    """Something that a reader of values alone would not notice; row and column count from 1 and 0, -1 for all."""

    kind: Kind
    row: int
    column: int
    text: str = ""
    last_row: int = 0
    last_column: int = 0


@dataclass
class Later:
    """Comparisons with a second reader that are made after the rows were given, so that whoever wants these has them.

    Where more wait than most, the first is made at once.
    """

    most: int
    alike: bool = True
    waiting: deque[Callable[[], bool]] = field(default_factory=deque)

    def add(self, compare: Callable[[], bool]) -> None:
        """Put off a comparison, which says whether the two readers agree."""
        self.waiting.append(compare)
        if len(self.waiting) > self.most:
            self.alike &= self.waiting.popleft()()

    def settle(self) -> bool:
        """Make all comparisons that wait; return whether the two readers agreed in each so far."""
        while self.waiting:
            self.alike &= self.waiting.popleft()()
        return self.alike


@dataclass
class Watch:
    """Which columns are read, which are passed over on purpose, and what was odd so far."""

    wanted: frozenset[int] | None = None  # None: all of them
    left_out: frozenset[int] = frozenset()
    oddities: list[Oddity] = field(default_factory=list)
    stored: dict[tuple[int, int], str] = field(default_factory=dict)  # the value of a cell that shows more than this
    later: Later | None = None  # where comparisons may wait

    def tell(self, kind: Kind, row: int, column: int, text: str = "") -> None:
        """Keep an oddity, if it is in a column that is read."""
        if self.wanted is None or column in self.wanted or kind == "beside":
            self.oddities.append(Oddity(kind, row, column, text))


class SheetReader(Protocol):
    """A sheet of a file."""

    compared: int = 0  # rows to this one were held against a second reader already
    size: int = 0  # bytes of the file that are this sheet's, or all of it

    def rows(self, watch: Watch) -> Iterator[tuple[int, Cells]]:
        """Yield the number of each row and its cells with a text, by column; keep in watch what is odd."""

    def batches(self, places: Sequence[int], watch: Watch) -> Iterator[Rows]:
        """Yield the rows with the texts of some columns, many at a time; keep in watch what is odd."""
        rows = self.rows(watch)
        while batch := list(islice(rows, BATCH)):
            yield by_column(batch, places)

    def workbook(self) -> IO[bytes] | None:
        """Return the file for a second reader, None where there is no other reader of its kind."""
        return None


def by_column(rows: Sequence[tuple[int, Cells]], places: Sequence[int]) -> Rows:
    """Return the texts of some columns."""
    return Rows([number for number, _ in rows], [[cells.get(place, "") for _, cells in rows] for place in places])


def open_file(path: Path) -> IO[bytes]:
    """Open a workbook, unpacked where its name ends in .gz; the caller closes it by leaving it."""
    return io.BytesIO(gzip.decompress(path.read_bytes())) if path.suffix == ".gz" else path.open("rb")


def unify_line_ends(text: str) -> str:
    """Return a text with line feeds alone: csv writes a carriage return without quotes, and reads a new row there."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def write_number(number: float) -> tuple[str, bool]:
    """Return a number as text, and whether it is whole: 120.0 is 120."""
    return (str(int(number)), True) if number == int(number) else (repr(number), False)


def write_date(moment: date | datetime | time) -> str:
    """Return a date as YYYY-MM-DD, with its time unless that is midnight."""
    if isinstance(moment, datetime) and moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat()


def letters_of(column: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    letters = ""
    while column >= 0:
        letters = chr(65 + column % 26) + letters
        column = column // 26 - 1
    return letters
