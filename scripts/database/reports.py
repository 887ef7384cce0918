"""Reports and readings -> the rows of reports and of the cleaning log, ten thousand at a time and by column."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path

from cleaning.printed import Batch
from cleaning.readings import FIELDS, TEXTS, Printed, Reading, read_readings
from dataset.deliveries import Delivery

REPORT_COLUMNS = (
    "no", "agency", "country", "agency_as_printed", "country_as_printed", "searches_as_printed", "searches",
    "searches_min", "searches_max", "searches_about", "figure_from", "response", "response_given_to",
    "response_detail", "licence", "use_status", "listing", "source", "note", "row", "published", "file", "sheet",
)  # fmt: skip
NUMBERS = {"no", "searches_min", "searches_max", "searches_about"}
Value = str | int | None
Column = Sequence[Value]


class Joiner:
    """The readings by number; joins them to reports."""

    def __init__(self, build: Path, published: dict[str, str | None]) -> None:
        """Load BUILD_DIR/readings.csv; published is each source's date."""
        self.published = published
        self.numbers: dict[str, dict[str, int]] = {field: {} for field in FIELDS}
        self.names: dict[tuple[str, Value], int] = {}
        self.names_in_report: dict[tuple[str, Value, str], int] = {}
        # The values of each column by the reading's number; 0 is the number of no reading.
        self.values: dict[str, dict[int, Value]] = {column: {} for columns in FIELDS.values() for column in columns}
        self.changes: list[tuple[int, Printed, Reading]] = []
        for number, (printed, readings) in enumerate(read_readings(build), start=1):
            self.add(number, printed, readings)

    def add(self, number: int, printed: Printed, readings: list[Reading]) -> None:
        """Keep the readings of one text under a number."""
        if printed.report_no:
            self.names_in_report[printed.text, printed.country, printed.report_no] = number
        elif printed.field == "agency":
            self.names[printed.text, printed.country] = number
        else:
            self.numbers[printed.field][printed.text] = number
        for reading in readings:
            self.values[reading.column][number] = as_value(reading.column, reading.value)
            if reading.value != printed.text:
                self.changes.append((number, printed, reading))

    def log(self) -> Iterator[tuple[object, ...]]:
        """Yield the rows of the table readings: what changed."""
        for number, printed, (column, value, kind, reason) in self.changes:
            yield number, printed.field, column, kind, printed.text, value, reason or None

    def join(self, batch: Batch) -> tuple[list[Column], list[Column]]:
        """Return the columns of a batch's reports and the numbers of its readings, in the order of FIELDS."""
        numbers = {field: list(map(self.numbers[field].get, batch.columns[field], repeat(0))) for field in FIELDS}
        numbers["agency"] = self.find_names(batch, [self.values["country"][number] for number in numbers["country"]])
        values: dict[str, Column] = {
            "file": [batch.place.file] * len(batch.rows), "sheet": [batch.place.sheet] * len(batch.rows),
            "row": batch.rows,
        }  # fmt: skip
        for field, columns in FIELDS.items():
            for column in columns:
                if field in TEXTS:
                    values[column] = self.keep_texts(column, batch.columns[field], numbers[field])
                else:
                    values[column] = list(map(self.values[column].__getitem__, numbers[field]))
        values["published"] = [self.published[str(source)] for source in values["source"]]
        return [values[column] for column in REPORT_COLUMNS], [
            [batch.delivery] * len(batch.rows),
            batch.rows,
            *(numbers[field] for field in FIELDS),
        ]

    def find_names(self, batch: Batch, countries: list[Value]) -> list[int]:
        """Return the number of each name's reading in its country; of a few names, in its report."""
        names = batch.columns["agency"]
        found = list(map(self.names.get, zip(names, countries, strict=True), repeat(0)))
        if 0 in found:
            for index, number in enumerate(found):
                if not number:
                    found[index] = self.names_in_report[names[index], countries[index], batch.columns["no"][index]]
        return found

    def keep_texts(self, column: str, texts: Iterable[str], numbers: list[int]) -> list[Value]:
        """Return the texts of a column, with the reading of those that have one."""
        known = self.values[column]
        pairs = zip(texts, numbers, strict=True)
        if column == "no":
            return [known[number] if number else int(text) for text, number in pairs]
        return [known[number] if number else (text or None) for text, number in pairs]


def log_places(deliveries: Iterable[Delivery]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table log_places: where each field of a report stands in each delivery."""
    for delivery in deliveries:
        place = delivery.reports_place
        for field, heading in place.headings.items():
            yield delivery.number, field, place.file, place.sheet, heading


def as_value(column: str, text: str) -> Value:
    """Return what the database holds for a cleaned text."""
    return None if text == "" else int(text) if column in NUMBERS else text
