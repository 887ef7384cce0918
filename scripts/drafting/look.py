"""What a look at a folder's spreadsheet tells: the sheet, its headings, which column is what, which rows are totals."""

from dataclasses import dataclass, field
from pathlib import Path

from cleaning.figure_columns import empty_marks
from dataset.tables import EVERY_ROW
from dataset.problems import name_file
from spreadsheets.workbooks import open_sheet

from drafting.columns import Columns
from drafting.earlier import Earlier
from drafting.recognise import Choice, Recogniser
from drafting.sheet import as_table, find_headings, find_spreadsheet, read_sheets
from drafting.totals import find_totals


@dataclass
class Look:
    """A spreadsheet as it is understood so far."""

    path: Path
    sheet: str
    header_row: int
    numbers: list[int]  # the sheet's own number of each row under the headings
    columns: Columns
    choice: Choice
    totals: dict[int, str]  # by the sheet's own number of a row: why it is taken for a total
    other_sheets: dict[str, int] = field(default_factory=dict)  # with their numbers of rows

    @property
    def file(self) -> str:
        """Return the name a reader knows the file by."""
        return name_file(self.path)

    def cells(self, name: str) -> list[str]:
        """Return the cells of a field in the rows that are no totals; a constant stands in each."""
        if name in self.choice.columns:
            cells = self.columns.cells(self.choice.columns[name])
        else:
            cells = [self.choice.constants.get(name, "")] * len(self.numbers)
        return [cell for cell, number in zip(cells, self.numbers, strict=True) if number not in self.totals]

    def is_decided(self, name: str) -> bool:
        """Return whether a field has a column or a text for all rows."""
        return name in self.choice.columns or bool(self.choice.constants.get(name))

    def empty(self) -> list[str]:
        """Return the texts in columns that are read which often stand for an empty cell."""
        named = [heading for name, heading in self.choice.columns.items() if name not in (*EVERY_ROW, "region")]
        texts = {text for heading in named for text in self.columns.cells(heading)}
        return sorted(texts & empty_marks())

    def footnotes(self) -> list[str]:
        """Return the marks behind figures."""
        heading = self.choice.columns.get("searches", "")
        return self.columns.footnotes(heading) if heading else []


def look(folder: Path, workbook: str, said: dict[str, str], earlier: Earlier | None) -> Look:
    """Return what a folder's spreadsheet is, as a person said, as an earlier mapping.yml says, or as it seems."""
    path = folder / workbook if workbook else find_spreadsheet(folder)
    sheets = read_sheets(path, said.get("sheet", ""))
    sheet = max(sheets, key=lambda name: len(sheets[name]))
    start = find_headings(name_file(path), sheets[sheet], int(said.get("header_row") or 0))
    row = sheets[sheet][start][0]
    below = sheets[sheet][start + 1 :]
    table = as_table(sheets[sheet][start:])
    headings = earlier.headings(open_sheet(path, sheet, [], "")) if earlier else tidy_headings(table[0])
    columns = Columns(headings, table[1:])
    choice = earlier.choice() if earlier else Recogniser(columns, said, name_file(path)).recognise()
    numbers = [number for number, _ in below]
    totals = earlier.totals() if earlier else totals_of(columns, choice, numbers)
    others = {name: len(rows) for name, rows in sheets.items() if name != sheet and rows}
    return Look(path, sheet, row, numbers, columns, choice, totals, others)


def tidy_headings(cells: list[str]) -> list[str]:
    """Return headings as extract.py reads them: in one line, without characters that nobody sees."""
    unseen = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
    return [" ".join(cell.translate(unseen).split()) for cell in cells]


def totals_of(columns: Columns, choice: Choice, numbers: list[int]) -> dict[int, str]:
    """Return the rows that are totals, by their own numbers; rows of accounts have none."""
    if "agency" not in choice.columns or columns.people:
        return {}
    figures = choice.columns.get("searches") or next(iter(choice.seen.get("searches", [])), "")
    cells = columns.cells(figures)
    found = find_totals(columns.cells(choice.columns["agency"]), cells, columns.figure_column(figures))
    return {numbers[place]: reason for place, reason in found.items()}
