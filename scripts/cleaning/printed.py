"""The extracted tables with each cell under the name of its field, and the place in the spreadsheet it came from."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from pathlib import Path

from dataset.mapping import FILE, Mapping, ReportFields, SourceFields
from dataset.problems import Problem, name_file
from lookups.tables import Row, read_table
from spreadsheets.sheets import BATCH, Rows
from tqdm import tqdm

from cleaning.odd_texts import tidy


@dataclass(frozen=True)
class Place:
    """Where a table stands: its file, sheet, and the heading of each field that has a column."""

    file: str
    sheet: str
    headings: dict[str, str]
    summed: bool = False  # its rows are sums of accounts, and stand in no row of the file

    def problem(self, row: int, field: str, value: str, advice: str) -> Problem:
        """Return a problem with one cell, or with the text of the mapping that stands for all rows."""
        if field in self.headings:
            return Problem(self.file, self.sheet, 0 if self.summed else row, self.headings[field], value, advice)
        return Problem(self.file, self.sheet, 0, field, value, advice)

    def __str__(self) -> str:
        """Return what a reader calls the table."""
        return f"sheet {self.sheet}" if self.sheet else self.file


@dataclass(frozen=True)
class Batch:
    """Some reports, by column: the sheet's row of each, and for each field its text in each report."""

    rows: Sequence[int]
    columns: dict[str, Sequence[str]]


class Reports:
    """The extracted reports, read in batches: a million of them need no more memory than ten thousand."""

    def __init__(self, mapping: Mapping, folder: Path, build: Path) -> None:
        """Take the folder's mapping; BUILD_DIR/reports.csv holds the columns it names."""
        table = mapping.reports
        by_account = table.rows == "account"
        self.place = Place(name_file(folder / mapping.workbook), table.sheet, table.headings, by_account)
        self.path = build / "reports.csv"
        self.first_row = table.header_rows[-1] + 1
        self.empty = table.empty
        self.fixed = dict.fromkeys(ReportFields.model_fields, "") | table.constants.model_dump(exclude_none=True)

    def __iter__(self) -> Iterator[Batch]:
        """Yield the reports in batches."""
        bar = tqdm(unit=" reports", delay=2, disable=None)
        fields = [*self.place.headings]
        with self.path.open(newline="", encoding="utf-8") as file, bar:
            lines = csv.reader(file)
            next(lines)
            first = self.first_row
            while part := list(islice(lines, BATCH)):
                if batch := self.batch(fields, Rows(range(first, first + len(part)), list(zip(*part, strict=True)))):
                    yield batch
                first += len(part)
                bar.update(len(part))

    def batch(self, fields: Sequence[str], rows: Rows) -> Batch | None:
        """Return rows as reports: one without any value is none, one without a No has its row's number."""
        numbers, cells = rows
        filled = list(map(any, zip(*cells, strict=True)))
        if not all(filled):
            numbers, cells = list(compress(numbers, filled)), [list(compress(texts, filled)) for texts in cells]
        columns = dict(zip(fields, cells, strict=True))
        for field, text in self.fixed.items():
            if field not in columns:
                columns[field] = list(map(str, numbers)) if field == "no" else [text] * len(numbers)
        if "figure_from" not in fields:
            # Where there is no figure, it comes from nowhere.
            origins = {
                text: self.fixed["figure_from"] if self.is_given(text) else "" for text in {*columns["searches"]}
            }
            columns["figure_from"] = list(map(origins.__getitem__, columns["searches"]))
        return Batch(numbers, columns) if numbers else None

    def is_given(self, text: str) -> bool:
        """Return whether a cell holds something, and no text that mapping.yml takes for an empty cell."""
        return bool(tidy(text)) and tidy(text) not in self.empty


def read_sources(mapping: Mapping, folder: Path, build: Path) -> tuple[Place, dict[int, Row]]:
    """Return the sources by row, from their sheet or from the list in the mapping, and where they stand."""
    table = mapping.sources
    fields = list(SourceFields.model_fields)
    headings = table.headings if table.columns else {field: field for field in fields}
    first = table.header_rows[-1] + 1 if table.columns else 1
    rows = {
        number: dict.fromkeys(fields, "") | {field: cells[heading] for field, heading in headings.items()}
        for number, cells in enumerate(read_table(build / "sources.csv"), start=first)
        if any(cells.values())
    }
    name = mapping.workbook if table.columns else FILE
    return Place(name_file(folder / name), table.sheet, headings), rows
