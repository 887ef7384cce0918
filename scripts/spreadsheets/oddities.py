"""What spreadsheets do to data, told in lines that say where and what to do: formulas, merged cells, hidden rows."""

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from dataset.problems import Problem
from dataset.tables import Sheet, base_field

from spreadsheets.sheets import MOST_CHARACTERS, Oddity, letters_of

COUNTS = ("no", "searches")  # fields in which a number with a fraction is no value
ADVICE = {
    "formula": "a formula or an error, not a value; type what should stand here",
    "error": "a formula or an error, not a value; type what should stand here",
    "fraction": "a number with a fraction where only whole ones can be; type the figure as a text, as printed",
    "struck": "struck-through text; delete it, or take the line away if it holds",
    "raised": "raised or lowered characters, as of a footnote; delete them, or type the text as it is meant",
    "format": "this is shown, and another number is stored; type what should stand here, in a plain number format",
    "differs": "two readers read this differently, and one may be wrong; type the cell again and save the file",
    "long": f"more than the {MOST_CHARACTERS:,} characters that a cell of a workbook can hold; shorten it",
}
HIDDEN = "hidden; show it, or write `hidden: read` in mapping.yml if it is meant to be read"


@dataclass
class TableRead:
    """A table that was read: its place, its headings by column, and the column of each field."""

    file: str
    table: Sheet
    found: list[str]
    places: dict[str, int]
    passed_over: Set[int] = frozenset()  # rows that only and skip of mapping.yml leave out

    @cached_property
    def skipped(self) -> frozenset[int]:
        """Return the rows that are none of the table: the headings, what stands above them, and those left out."""
        return frozenset(range(self.table.header_rows[-1] + 1)) | self.table.skip_rows | self.passed_over

    def problem(self, row: int, column: int, text: str, advice: str) -> Problem:
        """Return a problem with a cell, a row or a column (-1: none)."""
        heading = "" if column < 0 else heading_of(self.found, column)
        return Problem(self.file, self.table.sheet, row, heading, text, advice)

    def explain(self, oddities: list[Oddity]) -> list[Problem]:
        """Return a problem for each oddity that makes the table's values doubtful."""
        counts = {place for field, place in self.places.items() if base_field(field) in COUNTS}
        problems: list[Problem] = [*self.explain_beside(oddities)]
        for odd in oddities:
            if odd.kind == "merged":
                problems += self.explain_merged(odd)
            elif odd.kind == "fraction" and odd.column not in counts:
                continue
            elif odd.kind in ADVICE and (odd.row not in self.skipped or self.is_heading(odd)):
                problems.append(self.problem(odd.row, odd.column, odd.text, ADVICE[odd.kind]))
        return problems if self.table.hidden else [*problems, *self.explain_hidden(oddities)]

    def is_heading(self, odd: Oddity) -> bool:
        """Return whether a doubt about what stands in a heading is one about all of its column."""
        return odd.kind in ("differs", "struck") and odd.row in self.table.header_rows

    def explain_beside(self, oddities: list[Oddity]) -> Iterator[Problem]:
        """Yield one problem for each column without a heading that holds values."""
        rows: dict[int, list[int]] = defaultdict(list)
        for odd in oddities:
            if odd.kind == "beside":
                rows[odd.column].append(odd.row)
        for column, found in rows.items():
            name = name_unheaded(column)
            values = (
                f"{len(found):,} values under no heading, first here" if len(found) > 1 else "a value under no heading"
            )
            advice = f"{values}; remove what stands there, give the column a heading, or write `left_out: [{name}]`"
            yield self.problem(min(found), column, "", advice)

    def explain_merged(self, odd: Oddity) -> Iterator[Problem]:
        """Yield a problem where merged cells lie in the columns and rows that are read."""
        rows = [row for row in range(odd.row, odd.last_row + 1) if row not in self.skipped]
        columns = [column for column in range(odd.column, odd.last_column + 1) if column in self.places.values()]
        if rows and columns:
            advice = f"merged with other cells, to row {odd.last_row}; unmerge them and fill in each"
            yield self.problem(rows[0], columns[0], "", advice)

    def explain_hidden(self, oddities: list[Oddity]) -> Iterator[Problem]:
        """Yield a problem for a hidden sheet, for each hidden column, and for the first of all hidden rows."""
        rows = sorted(odd.row for odd in oddities if odd.kind == "hidden row" and odd.row not in self.skipped)
        if rows:
            others = f", as are {len(rows) - 1} more" if len(rows) > 1 else ""
            yield self.problem(rows[0], -1, "", f"this row is {HIDDEN}{others}")
        for odd in oddities:
            if odd.kind == "hidden sheet":
                yield self.problem(0, -1, "", f"the sheet is {HIDDEN}")
            elif odd.kind == "hidden column":
                yield self.problem(0, odd.column, "", f"the column is {HIDDEN}")


def heading_of(found: list[str], column: int) -> str:
    """Return a column's heading, or its letters where it has none."""
    return (found[column] if column < len(found) else "") or letters_of(column)


def name_unheaded(column: int) -> str:
    """Return what mapping.yml calls a column without a heading."""
    return f"column {letters_of(column)}"
