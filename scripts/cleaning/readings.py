"""What each distinct printed text was read as: the table that cleaning writes and the database is joined from."""

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

# Field of a report -> the columns of a report that are read from it.
FIELDS = {
    "no": ("no",),
    "agency": ("agency_as_printed", "agency"),
    "country": ("country_as_printed", "country"),
    "searches": ("searches_as_printed", "searches", "searches_min", "searches_max", "searches_about"),
    "figure_from": ("figure_from",),
    "response": ("response",),
    "response_given_to": ("response_given_to",),
    "response_detail": ("response_detail",),
    "licence": ("licence",),
    "use_status": ("use_status",),
    "listing": ("listing",),
    "source": ("source",),
    "note": ("note",),
    "region": ("region_as_printed",),
    "locality": ("locality_as_printed",),
    "date": ("date_as_printed", "date"),
    "period": ("period_as_printed", "period"),
}
# Those that a table of reports has columns of only where mapping.yml gives them.
ADDED = ("region", "locality", "date", "period")
# Texts that stay as they are but for blanks around them; of these only the changed ones have a reading.
TEXTS = ("no", "response_detail", "source", "note", "region", "locality")
WHO = ("agency", "country", "region", "locality")  # the fields that together say which agency is meant
FILE = "readings.csv"
HEADING = ("field", "printed", "country", "report_no", "region", "locality", "column", "value", "kind", "reason")


class Reading(NamedTuple):
    """What one column of a report became, and why; value "" means nothing is known."""

    column: str
    value: str
    kind: str
    reason: str = ""


class Printed(NamedTuple):
    """A text as printed; a name is read in its country (a code), region and town, a few of them in one report alone."""

    field: str
    text: str
    country: str = ""
    report_no: str = ""
    region: str = ""
    locality: str = ""


def write_readings(build: Path, readings: dict[Printed, list[Reading]]) -> None:
    """Write BUILD_DIR/readings.csv, a line for each column that a printed text gives."""
    build.mkdir(parents=True, exist_ok=True)
    part = build / f"{FILE}.part"
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADING)
        writer.writerows((*printed, *reading) for printed in sorted(readings) for reading in readings[printed])
    part.replace(build / FILE)  # a run that is killed leaves no half of it


def read_readings(build: Path) -> Iterator[tuple[Printed, list[Reading]]]:
    """Yield each printed text of BUILD_DIR/readings.csv with its readings."""
    with (build / FILE).open(newline="", encoding="utf-8") as file:
        lines: Iterable[list[str]] = csv.reader(file)
        next(iter(lines))
        for printed, group in groupby(lines, key=lambda line: line[: len(Printed._fields)]):
            yield Printed(*printed), [Reading(*line[len(Printed._fields) :]) for line in group]
