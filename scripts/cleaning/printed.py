"""The extracted tables with each cell under the name of its field, and the place in the spreadsheet it came from."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from pathlib import Path
from typing import NamedTuple

from dataset.deliveries import Delivery, Place, list_deliveries
from dataset.mapping import Mapping, ReportFields, SourceFields
from lookups.tables import Row, read_table
from spreadsheets.sheets import BATCH, Rows
from tqdm import tqdm

from cleaning.odd_texts import tidy


@dataclass(frozen=True)
class Batch:
    """Some reports of a delivery, by column: the sheet's row of each, and for each field its text in each report."""

    delivery: int  # its number; 1 is the first
    place: Place
    rows: Sequence[int]
    columns: dict[str, Sequence[str]]


class Reports:
    """The extracted reports, read in batches: a million of them need no more memory than ten thousand."""

    def __init__(self, mapping: Mapping, folder: Path, build: Path) -> None:
        """Take the folder's mapping; BUILD_DIR/reports.csv holds the columns it names, of the first delivery."""
        self.deliveries, self.build = list_deliveries(folder, mapping), build

    def __iter__(self) -> Iterator[Batch]:
        """Yield the reports in batches, delivery after delivery."""
        bar = tqdm(unit=" reports", delay=2, disable=None)
        with bar:
            for delivery in self.deliveries:
                fields, first = [*delivery.reports.headings], first_row(delivery)
                with (self.build / delivery.step("reports")).open(newline="", encoding="utf-8") as file:
                    lines = csv.reader(file)
                    next(lines)
                    while part := list(islice(lines, BATCH)):
                        rows = Rows(range(first, first + len(part)), list(zip(*part, strict=True)))
                        if batch := as_batch(delivery, fields, rows):
                            yield batch
                        first += len(part)
                        bar.update(len(part))


def first_row(delivery: Delivery) -> int:
    """Return the row of the sheet that the first line of the extracted reports stands in."""
    return delivery.reports.header_rows[-1] + 1


def constants_of(delivery: Delivery) -> dict[str, str]:
    """Return the text of each field that no column gives, "" where the mapping gives none either."""
    fixed = delivery.reports.constants.model_dump(exclude_none=True)
    return dict.fromkeys(ReportFields.model_fields, "") | fixed


def as_batch(delivery: Delivery, fields: Sequence[str], rows: Rows) -> Batch | None:
    """Return rows as reports: one without any value is none, one without a No has its row's number."""
    numbers, cells = rows
    filled = list(map(any, zip(*cells, strict=True)))
    if not all(filled):
        numbers, cells = list(compress(numbers, filled)), [list(compress(texts, filled)) for texts in cells]
    columns = dict(zip(fields, cells, strict=True))
    for field, text in constants_of(delivery).items():
        if field not in columns:
            own_number = field == "no"
            columns[field] = [str(row + delivery.numbers_after) if own_number else text for row in numbers]
    if "figure_from" not in fields:
        # Where there is no figure, it comes from nowhere.
        origin, empty = constants_of(delivery)["figure_from"], {"", *delivery.reports.empty}
        origins = {text: "" if tidy(text) in empty else origin for text in {*columns["searches"]}}
        columns["figure_from"] = list(map(origins.__getitem__, columns["searches"]))
    return Batch(delivery.number, delivery.reports_place, numbers, columns) if numbers else None


class Source(NamedTuple):
    """A source as it was extracted, and where it stands."""

    place: Place
    row: int
    cells: Row


def read_sources(mapping: Mapping, folder: Path, build: Path) -> list[Source]:
    """Return the sources of all deliveries, each from its sheet, its own file or the list in the mapping."""
    found = []
    for delivery in list_deliveries(folder, mapping):
        table, place = delivery.sources, delivery.sources_place
        first = table.header_rows[-1] + 1 if table.columns else 1
        for row, cells in enumerate(read_table(build / delivery.step("sources")), start=first):
            if any(cells.values()):
                known = {field: cells[heading] for field, heading in place.headings.items()}
                found.append(Source(place, row, dict.fromkeys(SourceFields.model_fields, "") | known))
    return found
