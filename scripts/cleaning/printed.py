"""The extracted tables with each cell under the name of its field, and the place in the spreadsheet it came from."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from pathlib import Path
from typing import NamedTuple

from dataset.deliveries import Delivery, Place, list_deliveries
from dataset.mapping import Mapping
from dataset.tables import OF_LINKS, ReportFields, SourceFields, base_field
from lookups.tables import Row, read_table
from spreadsheets.sheets import BATCH, Rows
from tqdm import tqdm

from cleaning.links import COLUMNS as LINK_COLUMNS
from cleaning.links import as_address, host_of, join_cells, merge_told
from cleaning.odd_texts import tidy

NO_SOURCE = dict.fromkeys(SourceFields.model_fields, "")


@dataclass(frozen=True)
class Batch:
    """Some reports of a delivery, by column: the sheet's row of each, and for each field its text in each report."""

    delivery: int  # the number of its table; 1 is the first
    place: Place
    place_number: int
    rows: Sequence[int]
    columns: dict[str, Sequence[str]]


class Reports:
    """The extracted reports, read in batches: a million of them need no more memory than ten thousand."""

    def __init__(self, mapping: Mapping, folder: Path, build: Path) -> None:
        """Take the folder's mapping; BUILD_DIR/reports.csv holds the columns it names, of the first delivery."""
        self.deliveries = list_deliveries(folder, mapping)
        self.paths = [build / delivery.step("reports") for delivery in self.deliveries]

    def __iter__(self) -> Iterator[Batch]:
        """Yield the reports in batches, delivery after delivery."""
        bar = tqdm(unit=" reports", delay=2, disable=None)
        with bar:
            for delivery, path in zip(self.deliveries, self.paths, strict=True):
                fields, first = [*delivery.reports.headings], first_row(delivery)
                with path.open(newline="", encoding="utf-8") as file:
                    lines = csv.reader(file)
                    next(lines)
                    while part := list(islice(lines, BATCH)):
                        rows = Rows(range(first, first + len(part)), list(zip(*part, strict=True)))
                        yield from as_batches(delivery, fields, rows)
                        first += len(part)
                        bar.update(len(part))


def first_row(delivery: Delivery) -> int:
    """Return the row of the sheet that the first line of the extracted reports stands in."""
    return delivery.reports.header_rows[-1] + 1


def constants_of(delivery: Delivery) -> dict[str, str]:
    """Return the text of each field that no column gives, "" where the mapping gives none either."""
    fixed = delivery.reports.constants.model_dump(exclude_none=True)
    return dict.fromkeys(ReportFields.model_fields, "") | fixed


def as_batches(delivery: Delivery, fields: Sequence[str], rows: Rows) -> Iterator[Batch]:
    """Yield rows as reports, those of each period by themselves; one without any value is none."""
    numbers, cells = rows
    filled = list(map(any, zip(*cells, strict=True)))
    if not all(filled):
        numbers, cells = list(compress(numbers, filled)), [list(compress(texts, filled)) for texts in cells]
    received = dict(zip(fields, cells, strict=True))
    for one in delivery.by_period() if numbers else ():
        period = one.reports.constants.period
        columns = {field: received[field] for field in fields if field == base_field(field)}
        if one.column_set:
            columns["searches"] = received[f"searches {period}"]
        fill_columns(one, received, columns, numbers)
        yield Batch(one.table, one.reports_place, one.place_number, numbers, columns)


def fill_columns(
    delivery: Delivery, received: dict[str, Sequence[str]], columns: dict[str, Sequence[str]], numbers: Sequence[int]
) -> None:
    """Add what no column gives; a report without a No has its row's number, followed by its period's if it has one."""
    after, period = delivery.numbers_after, delivery.period_digits
    constants = constants_of(delivery)
    if delivery.sources.by_link:
        links = [received[field] for field in received if base_field(field) == "source"]
        columns["source"] = join_cells(links, constants["source"])
    with_origin = "figure_from" in columns
    for field, text in constants.items():
        if field not in columns:
            columns[field] = [f"{row + after}{period}" if field == "no" else text for row in numbers]
    if not with_origin:
        # Where there is no figure, it comes from nowhere.
        empty = {"", *delivery.reports.empty}
        origins = {text: "" if tidy(text) in empty else constants["figure_from"] for text in {*columns["searches"]}}
        columns["figure_from"] = list(map(origins.__getitem__, columns["searches"]))


class Source(NamedTuple):
    """A source as it was extracted, and where it stands."""

    place: Place
    row: int
    cells: Row


def read_sources(mapping: Mapping, folder: Path, build: Path) -> list[Source]:
    """Return the sources of all deliveries: of a sheet, a file of its own, a list in the mapping, or links of rows."""
    found, linked = list[Source](), list[Source]()
    for delivery in list_deliveries(folder, mapping):
        table, place = delivery.sources, delivery.sources_place
        first = table.header_rows[-1] + 1 if table.columns else 1
        for row, cells in enumerate(read_table(build / delivery.step("sources")), start=first):
            if any(cells.values()):
                known = {field: cells[heading] for field, heading in place.headings.items()}
                found.append(Source(place, row, NO_SOURCE | known))
        if table.by_link:
            linked += [
                Source(delivery.links_place, int(row), NO_SOURCE | told | {"url": as_address(told["id"])})
                for *cells, row in (line.values() for line in read_table(build / delivery.step("links")))
                if (told := dict(zip(LINK_COLUMNS, cells, strict=False)))
            ]
    return [name_publisher(source) for source in [*found, *merge_links(linked)]]


def merge_links(linked: list[Source]) -> Iterator[Source]:
    """Yield each link once, with what any row tells of it; one that is told of in different ways, once for each."""
    by_link: dict[str, list[Source]] = defaultdict(list)
    for source in linked:
        by_link[source.cells["id"]].append(source)
    for sources in by_link.values():
        told = merge_told([source.cells[field] for field in OF_LINKS] for source in sources)
        first = iter(sources)
        for texts in told:
            source = next(first)
            yield source._replace(cells=source.cells | dict(zip(OF_LINKS, texts, strict=True)))


def name_publisher(source: Source) -> Source:
    """Return a source with the host of its address as publisher, where none is named."""
    if source.cells["publisher"].strip() or not source.cells["url"].strip():
        return source
    return source._replace(cells=source.cells | {"publisher": host_of(source.cells["url"].strip())})
