"""Reports and readings -> the rows of reports and of the cleaning log, ten thousand at a time and by column."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path

from cleaning.facet_values import write_list
from cleaning.links import split_links
from cleaning.printed import Batch
from cleaning.readings import ADDED, FIELDS, TEXTS, Printed, Reading, read_readings
from dataset.deliveries import Delivery
from dataset.facets import NOT_STATED, FacetColumn

REPORT_COLUMNS = (
    "no", "agency", "country", "agency_as_printed", "country_as_printed", "searches_as_printed", "searches",
    "searches_min", "searches_max", "searches_about", "figure_from", "response", "response_given_to",
    "response_detail", "licence", "use_status", "listing", "source", "note", "row", "published", "file", "sheet",
)  # fmt: skip
# The columns that a table of reports has beside, by the field that mapping.yml gives a text for.
ADDED_COLUMNS = {field: FIELDS[field][: 2 if field == "period" else 1] for field in ADDED}
NUMBERS = {"no", "searches_min", "searches_max", "searches_about"}
Value = str | int | None
Column = Sequence[Value]
Further = tuple[Value, str]  # the number of a report, and a link beside its first


def report_columns(in_use: Collection[str], facets: Iterable[FacetColumn] = ()) -> tuple[str, ...]:
    """Return the columns of reports for the fields that a mapping gives texts for, and for its facets."""
    added = (column for field in ADDED if field in in_use for column in ADDED_COLUMNS[field])
    return (*REPORT_COLUMNS, *added, *(facet.name for facet in facets))


class Joiner:
    """The readings by number; joins them to reports."""

    def __init__(
        self, build: Path, published: dict[str, str | None], in_use: Collection[str], facets: Sequence[FacetColumn]
    ) -> None:
        """Load BUILD_DIR/readings.csv; published is each source's date, in_use the fields that the mapping gives."""
        self.published, self.columns = published, report_columns(in_use, facets)
        self.fields = FIELDS | {facet.name: (facet.name,) for facet in facets}
        self.needed = {*self.columns, "date"}
        self.unused = set(ADDED) - set(in_use)
        self.numbers: dict[str, dict[str, int]] = {field: {} for field in self.fields}
        self.names: dict[tuple[Value, ...], int] = {}
        self.names_in_report: dict[tuple[Value, ...], int] = {}
        self.several_links: dict[int, list[str]] = {}  # by the number of their reading, those beside the first
        # The values of each column by the reading's number; 0 is the number of no reading.
        self.values: dict[str, dict[int, Value]] = {
            column: {0: None} for columns in FIELDS.values() for column in columns
        }
        # A table without a column for a facet states none of its values.
        self.values |= {facet.name: {0: write_list([NOT_STATED]) if facet.several else NOT_STATED} for facet in facets}
        self.changes: list[tuple[int, Printed, Reading]] = []
        for number, (printed, readings) in enumerate(read_readings(build), start=1):
            self.add(number, printed, readings)

    def add(self, number: int, printed: Printed, readings: list[Reading]) -> None:
        """Keep the readings of one text under a number."""
        who = (printed.text, printed.country, printed.region, printed.locality)
        if printed.report_no:
            self.names_in_report[*who, printed.report_no] = number
        elif printed.field == "agency":
            self.names[who] = number
        else:
            self.numbers[printed.field][printed.text] = number
        if printed.field == "source" and readings[0].kind == "parsed":
            self.several_links[number] = split_links(printed.text)[1:]
        for reading in readings:
            self.values[reading.column][number] = as_value(reading.column, reading.value)
            if reading.value != printed.text:
                self.changes.append((number, printed, reading))

    def log(self) -> Iterator[tuple[object, ...]]:
        """Yield the rows of the table readings: what changed."""
        for number, printed, (column, value, kind, reason) in self.changes:
            yield number, printed.field, column, kind, printed.text, value, reason or None

    def join(self, batch: Batch) -> tuple[list[Column], list[Column], list[Further]]:
        """Return the columns of a batch's reports, the numbers of its readings (as in FIELDS), and further links."""
        count = len(batch.rows)
        none = [0] * count
        numbers = {field: self.find_numbers(field, batch) or none for field in self.fields}
        numbers["agency"] = self.find_names(batch, [self.values["country"][number] for number in numbers["country"]])
        values: dict[str, Column] = {
            "file": [batch.place.file] * count, "sheet": [batch.place.sheet] * count, "row": batch.rows,
        }  # fmt: skip
        for field, columns in self.fields.items():
            for column in (column for column in columns if column in self.needed):
                if field in TEXTS:
                    values[column] = self.keep_texts(column, batch.columns[field], numbers[field])
                elif numbers[field] is none:
                    values[column] = [self.values[column][0]] * count
                else:
                    values[column] = list(map(self.values[column].__getitem__, numbers[field]))
        published = map(self.published.__getitem__, map(str, values["source"]))
        values["published"] = [own or said for own, said in zip(values["date"], published, strict=True)]
        citing = zip(values["no"], numbers["source"], strict=True) if self.several_links else ()
        further = [(no, link) for no, number in citing for link in self.several_links.get(number, ())]
        read_by: list[Column] = [
            [batch.place_number] * count,
            batch.rows,
            *(numbers[field] for field in self.fields),
        ]
        return [values[column] for column in self.columns], read_by, further

    def find_numbers(self, field: str, batch: Batch) -> list[int] | None:
        """Return the number of the reading of each text of a field, None where none has any."""
        known = self.numbers[field]
        if field in self.unused or field not in batch.columns or not known:
            return None
        if field in TEXTS:
            return list(map(known.get, batch.columns[field], repeat(0)))
        return list(map(known.__getitem__, batch.columns[field]))

    def find_names(self, batch: Batch, countries: list[Value]) -> list[int]:
        """Return the number of each name's reading in its place; of a few names, in its report."""
        columns = batch.columns
        who = [*zip(columns["agency"], countries, columns["region"], columns["locality"], strict=True)]
        found = list(map(self.names.get, who, repeat(0)))
        if 0 in found:
            for index, number in enumerate(found):
                if not number:
                    found[index] = self.names_in_report[*who[index], columns["no"][index]]
        return found

    def keep_texts(self, column: str, texts: Iterable[str], numbers: list[int]) -> list[Value]:
        """Return the texts of a column, with the reading of those that have one."""
        known = self.values[column]
        pairs = zip(texts, numbers, strict=True)
        if column == "no":
            return [known[number] if number else int(text) for text, number in pairs]
        if not any(numbers):
            return [text or None for text in texts]
        return [known[number] if number else (text or None) for text, number in pairs]


def log_places(deliveries: Iterable[Delivery]) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield the rows of the table log_places: where each field of a report stands in each delivery.

    What the reports of a row share is told with its first period alone.
    """
    for delivery in deliveries:
        for one in delivery.by_period():
            place = one.reports_place
            for field, heading in place.headings.items():
                if one.column_set <= 1 or field == "searches":
                    yield one.place_number, field, place.file, place.sheet, heading


def as_value(column: str, text: str) -> Value:
    """Return what the database holds for a cleaned text."""
    return None if text == "" else int(text) if column in NUMBERS else text
