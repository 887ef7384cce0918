"""What a look at a folder's spreadsheet tells: the sheet, its headings, which column is what, which rows are totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cleaning.figure_columns import empty_marks
from cleaning.odd_texts import is_like_total, tidy
from dataset.problems import name_file
from dataset.tables import EVERY_ROW
from spreadsheets.workbooks import open_sheet

from drafting.columns import Columns
from drafting.earlier import Earlier
from drafting.notes import find_notes
from drafting.parts import Table, find_table
from drafting.recognise import Choice, Recogniser
from drafting.sheet import as_table
from drafting.totals import find_totals


class Passed(NamedTuple):
    """A row that is no data: the heading over what tells so, its text, and why."""

    heading: str
    text: str
    reason: str


NEVER_EMPTY = (*EVERY_ROW, "region", "locality", "link")


@dataclass
class Look:
    """A spreadsheet as it is understood so far."""

    table: Table
    numbers: list[int]  # the sheet's own number of each row under the headings
    columns: Columns
    choice: Choice
    named_totals: dict[int, str]  # by the sheet's own number of a row: what an earlier mapping.yml says of it
    no_data: dict[int, Passed]  # by the place of a row (from 0): a total or a note that was found
    kept: list[bool]  # whether each row is one of the table
    given: dict[str, list[str]]  # the field that the names of sheets or files give, with its text in each row

    @property
    def path(self) -> Path:
        """Return the file, of several the first."""
        return self.table.parts[0].path

    @property
    def sheet(self) -> str:
        """Return the sheet, of several the first."""
        return self.table.parts[0].sheet

    @property
    def header_row(self) -> int:
        """Return the row of the headings."""
        return self.table.parts[0].header_row

    @property
    def file(self) -> str:
        """Return the name a reader knows the file by."""
        return name_file(self.path)

    @property
    def other_sheets(self) -> dict[str, int]:
        """Return the other sheets with their numbers of rows."""
        return self.table.other_sheets or {}

    @property
    def skipped(self) -> list[int]:
        """Return the rows that are no data, by the sheet's own numbers."""
        return sorted({*self.named_totals, *(self.numbers[place] for place in self.no_data)})

    def cells(self, name: str) -> list[str]:
        """Return the cells of a field in the rows that are no totals; a constant stands in each."""
        if name in self.given:
            cells = self.given[name]
        elif name in self.choice.columns:
            cells = self.columns.cells(self.choice.columns[name])
        else:
            cells = [self.choice.constants.get(name, "")] * len(self.numbers)
        return [cell for cell, kept in zip(cells, self.kept, strict=True) if kept]

    def is_decided(self, name: str) -> bool:
        """Return whether a field has a column or a text for all rows."""
        in_column = name in self.choice.columns or (name == "searches" and self.choice.periods)
        return bool(in_column or self.choice.constants.get(name) or name in self.given)

    def empty(self) -> list[str]:
        """Return the texts in columns that are read which often stand for an empty cell."""
        ours = [heading for name, heading in self.choice.columns.items() if name not in NEVER_EMPTY]
        named = [*ours, *self.choice.periods.values()]
        texts = {text for heading in named for text in self.columns.cells(heading)}
        return sorted(texts & empty_marks())

    def footnotes(self) -> list[str]:
        """Return the marks behind figures."""
        headings = [self.choice.columns.get("searches", ""), *self.choice.periods.values()]
        return sorted({mark for heading in headings if heading for mark in self.columns.footnotes(heading)})


def look(folder: Path, workbook: str, said: dict[str, str], earlier: Earlier | None) -> Look:
    """Return what a folder's spreadsheet is, as a person said, as an earlier mapping.yml says, or as it seems."""
    table = find_table(folder, workbook, said, earlier)
    main = table.parts[0]
    rows = [cells for part in table.parts for _, cells in part.rows]
    # A row on top as wide as all: the cells of each row stand under the headings.
    cells = as_table([(0, dict(enumerate(main.headings))), *((0, one) for one in rows)])[1:]
    headings = earlier.headings(open_sheet(main.path, main.sheet, [], "")) if earlier else main.headings
    columns = Columns(headings, cells)
    given = {table.gives: [part.text for part in table.parts for _ in part.rows]} if table.gives else {}
    recogniser = Recogniser(columns, said, name_file(main.path), {*given})
    choice = earlier.choice() if earlier else recogniser.recognise()
    numbers = [number for part in table.parts for number, _ in part.rows]
    totals = earlier.totals() if earlier else {}
    found = {} if earlier else find_no_data(table, columns, choice)
    chosen = earlier.chooses(columns) if earlier else [True] * len(numbers)
    kept = [chosen[place] and place not in found and numbers[place] not in totals for place in range(len(numbers))]
    return Look(table, numbers, columns, choice, totals, found, kept, given)


def find_no_data(table: Table, columns: Columns, choice: Choice) -> dict[int, Passed]:
    """Return the rows that are notes or totals, by their places (from 0), found in each part by itself."""
    heading = choice.columns.get("agency", "")
    if not heading:
        return {}
    by_period = [*choice.periods.values()]
    counted = choice.columns.get("searches") or next(iter([*by_period, *choice.seen.get("searches", [])]), "")
    figures, column = columns.cells(counted), columns.figure_column(counted)
    place = columns.headings.index(heading)
    found: dict[int, Passed] = {}
    start = 0
    for part in table.parts:
        end = start + len(part.rows)
        notes = find_notes(columns.rows[start:end], [number for number, _ in part.rows], place)
        for row, (at, reason) in notes.items():
            found[start + row] = Passed(columns.headings[at], tidy(columns.rows[start + row][at]), reason)
        if choice.rows == "report":  # rows of accounts have no totals
            labels = [find_label(cells, place) for cells in columns.rows[start:end]]
            shown = ["" if start + row in found else text for row, (_, text) in enumerate(labels)]
            for row, reason in find_totals(shown, figures[start:end], column).items():
                found[start + row] = Passed(columns.headings[labels[row][0]], labels[row][1], reason)
        start = end
    return found


def find_label(cells: Sequence[str], agency: int) -> tuple[int, str]:
    """Return the column and text that say what a row is: its agency, or where it has none a word for a total."""
    texts = {place: tidy(cell) for place, cell in enumerate(cells)}
    if texts.get(agency):
        return agency, texts[agency]
    return next(((place, text) for place, text in texts.items() if is_like_total(text)), (agency, ""))
