"""Rows of an .xlsx sheet that hold plain cells only, read many at a time: one expression finds all cells of a row.

What is more than a plain cell (a formula, an error, a date, a hidden row) openpyxl reads.
"""

import re
from collections.abc import Callable, Sequence

from spreadsheets.sheets import Rows

# Possessive quantifiers: no part of a cell has a second reading, so that nothing is tried again.
CELL = rb'(?:<c r="%s[0-9]++"([^<>]*+><v>[^<]*+)</v></c>|<c r="%s[0-9]++"[^<>]*+(?<=/)>)?+'
PASSED_OVER = rb'(?:<c r="%s[0-9]++"[^<>]*+(?:(?<=/)>|>(?:[^<]++|<(?!/c>))*+</c>))?+'
ROW = rb'<row r="([0-9]++)"[^>]*+>%s</row>'


class NotPlain(ValueError):
    """A piece of a sheet that holds more than plain cells."""


class PlainRows:
    """Reads pieces of a sheet."""

    def __init__(
        self, letters: Sequence[bytes], places: Sequence[int], left_out: frozenset[int], read: Callable[[bytes], str]
    ) -> None:
        """Take the columns' letters, the places to read and to pass over, and what reads a cell's XML, or raises."""
        order = sorted(places)
        cells = [CELL % (name, name) if place in places else PASSED_OVER % name for place, name in enumerate(letters)
                 if place in places or place in left_out]  # fmt: skip
        self.row = re.compile(ROW % b"".join(cells), re.DOTALL)
        self.order = [order.index(place) for place in places]
        self.texts = Texts(read)

    def read(self, piece: bytes) -> Rows:
        """Return the rows of a piece; raise NotPlain."""
        found = self.row.findall(piece)
        if len(found) != piece.count(b"</row>") or b'hidden="' in piece:
            raise NotPlain
        numbers, *columns = zip(*found, strict=True)
        texts = [self.texts.read_column(column) for column in columns]
        return Rows(list(map(int, numbers)), [texts[place] for place in self.order])


class Texts(dict[bytes, str]):
    """The text of each cell's attributes and value."""

    def __init__(self, read: Callable[[bytes], str]) -> None:
        """Take what reads a cell's XML, or raises NotPlain."""
        super().__init__({b"": ""})
        self.read = read
        self.numbers: set[bytes] = set()  # what stands before a whole number, where that is its own text

    def __missing__(self, cell: bytes) -> str:
        """Return the text of a cell that was not seen before; raise NotPlain."""
        head, _, digits = cell.partition(b"<v>")
        if head in self.numbers and digits.isdigit():
            return digits.decode()
        text = self.read(b"<c" + cell + b"</v></c>")
        if digits.isdigit() and b" t=" not in head and text == digits.decode():
            self.numbers.add(head)
        elif b' t="s"' in head:  # other values are too many to keep
            self[cell] = text
        return text

    def read_column(self, cells: Sequence[bytes]) -> list[str]:
        """Return the texts of a column; raise NotPlain."""
        head = cells[-1].partition(b"<v>")[0]
        if head in self.numbers:
            # A column of whole numbers alike is cut apart at once.
            before, *numbers = b"".join(cells).split(head + b"<v>")
            if not before and len(numbers) == len(cells) and all(map(bytes.isdigit, numbers)):
                return b" ".join(numbers).decode().split(" ")
        return list(map(self.__getitem__, cells))
