"""Rows as lines of CSV, by column: a column without a mark that CSV knows is not looked at cell by cell.

A test holds the lines equal to those of the csv module, which writes each text that has such a mark.
"""

import csv
import io
from collections.abc import Sequence

MARKS = ('"', ",", "\n", "\r")
REMEMBERED = 1 << 16  # texts; the memory of a build stays bounded


class CsvLines:
    """Writes rows as csv.writer does, with a plain end of line."""

    def __init__(self) -> None:
        """Begin without any text."""
        self.quoted = Quoted()

    def write(self, columns: Sequence[Sequence[str]]) -> str:
        """Return the lines of some rows, given by column."""
        if len(columns) == 1:  # a text that is alone in its row and empty has quotes
            return write_lines(*zip(*columns, strict=True))
        return "".join(f"{line}\n" for line in map(",".join, zip(*map(self.quote, columns), strict=True)))

    def quote(self, column: Sequence[str]) -> Sequence[str]:
        """Return a column with quotes where they are needed."""
        texts = "".join(column)
        return list(map(self.quoted.__getitem__, column)) if any(mark in texts for mark in MARKS) else column


class Quoted(dict[str, str]):
    """Each text as the csv module writes it beside another."""

    def __missing__(self, text: str) -> str:
        """Return a text that was not met before."""
        line = write_lines((text, ""))[: -len(",\n")]
        if len(self) < REMEMBERED:
            self[text] = line
        return line


def write_lines(*rows: Sequence[str]) -> str:
    """Return rows as the csv module writes them."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()
