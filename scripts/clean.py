"""Reports as printed -> what each distinct text in them means, each read once.

Reads BUILD_DIR/reports.csv and sources.csv, writes BUILD_DIR/readings.csv; build_db.py joins the two.
"""

import argparse
import gc
from collections import defaultdict
from collections.abc import Hashable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from cleaning.categories import advise_category, read_categories
from cleaning.countries import CountryReader, UnknownCountry
from cleaning.faults import advise_name, find_faulty_cells, write_unknown_names
from cleaning.figure_columns import FigureColumn
from cleaning.figure_words import UnreadableQuantity
from cleaning.names import AliasTable, UnknownName
from cleaning.odd_texts import check_encoding, is_date, is_total, tidy
from cleaning.printed import Batch, Reports, read_sources
from cleaning.quantities import QuantityReader
from cleaning.readings import FIELDS, TEXTS, Printed, Reading, write_readings
from cleaning.references import Mentioned, check_references, check_repeated
from cleaning.registers import check_registers, find_missing_columns
from dataset.mapping import EVERY_ROW, Mapping, read_mapping
from dataset.problems import Problems, exit_with
from lookups.tables import LOOKUPS, read_table

Text = TypeVar("Text", bound=Hashable)
EMPTIED = "mapping.yml says that it stands for an empty cell"
NO_AGENCY = Reading("agency", "", "")
# Only our own spreadsheet has to use every line of the lookup of countries.
OWN = Path(__file__).resolve().parent.parent / "raw"


class Cleaner:
    """Reads the distinct texts of reports."""

    def __init__(self, folder: Path, mapping: Mapping) -> None:
        """Load the lookups, and the folder's register, aliases and categories; raise Problems where one is spoiled."""
        if missing := find_missing_columns(folder, mapping):
            raise Problems(missing)
        self.countries = CountryReader(LOOKUPS / "countries.csv")
        marks = (mapping.reports.empty, mapping.reports.footnotes, mapping.reports.rows == "account")
        self.figures = FigureColumn(QuantityReader.from_folder(LOOKUPS), *marks)
        self.aliases = AliasTable(
            folder / mapping.aliases, {row["id"] for row in read_table(folder / mapping.agencies)}
        )
        self.categories = read_categories(folder, mapping.categories)
        self.advise_category = advise_category(folder, mapping.categories)
        self.readings: dict[Printed, list[Reading]] = {}
        self.faults: dict[Printed, str] = {}
        self.unknown: set[Printed] = set()  # names that aliases.csv lacks
        self.mentioned = Mentioned()
        self.seen: dict[str, set[Any]] = defaultdict(set)
        self.for_one_report: set[tuple[str, str]] = set()

    def read(self, batch: Batch) -> None:
        """Read what is new in a batch; a fault is kept with the text it is in."""
        self.mentioned.add(batch)
        for field in FIELDS:
            if field == "agency" or (field == "no" and all(map(str.isdecimal, batch.columns[field]))):
                continue
            # What one figure means, the others of its column may decide: they are read at the end.
            see = self.figures.add if field == "searches" else partial(self.read_texts, field)
            see(self.new(field, batch.columns[field]))
        self.read_names(batch)

    def read_texts(self, field: str, texts: Iterable[str]) -> None:
        """Read the texts of a field; of free text, what will change and what may be spoiled."""
        for text in texts:
            changes = field not in TEXTS or text != text.strip() or self.is_emptied(field, text)
            if changes or (field == "no" and not text.isdecimal()):
                self.keep(Printed(field, text))
            elif not text.isascii():
                self.check(Printed(field, text))

    def new(self, field: str, texts: Iterable[Text]) -> set[Text]:
        """Return the distinct texts that were not seen before; of numbers and free text, all of the batch."""
        new = set(texts)
        if field not in TEXTS:
            new -= self.seen[field]
            self.seen[field] |= new
        return new

    def finish(self) -> None:
        """Read the figures, now that all of them were seen."""
        for text in self.seen["searches"]:
            self.keep(Printed("searches", text))

    def is_emptied(self, field: str, text: str) -> bool:
        """Return whether mapping.yml says that a text of this field stands for an empty cell."""
        return field not in EVERY_ROW and tidy(text) in self.figures.empty

    def read_names(self, batch: Batch) -> None:
        """Read the names of a batch, each in its country; where an alias is for one report, in that report."""
        names = zip(batch.columns["agency"], batch.columns["country"], strict=True)
        for name, country in self.new("agency", names):
            code = self.code_of(country)
            if is_total(name):
                advice = "looks like a total, not an agency; name its row under skip_rows in mapping.yml"
                self.faults[Printed("agency", name, code or "")] = advice
            elif code is not None and self.aliases.is_for_one_report(tidy(name), code):
                self.for_one_report.add((name, country))
            elif code is not None:
                self.keep(Printed("agency", name, code))
        if self.for_one_report:
            by_report = zip(*(batch.columns[field] for field in ("agency", "country", "no")), strict=True)
            for name, country, number in by_report:
                if (name, country) in self.for_one_report:
                    self.keep(Printed("agency", name, self.code_of(country) or "", number))

    def code_of(self, country: str) -> str | None:
        """Return the code that a printed country was read as, None where it could not be."""
        known = self.readings.get(Printed("country", country))
        return known[-1].value if known else None

    def agency_of(self, name: str, country: str, number: str) -> str:
        """Return the id of the agency that a name was read as, "" for an unnamed group."""
        printed = Printed("agency", name, self.code_of(country) or "")
        return self.readings.get(printed, self.readings.get(printed._replace(report_no=number), [NO_AGENCY]))[-1].value

    def keep(self, printed: Printed) -> None:
        """Read a text that was not read before."""
        if printed in self.readings or printed in self.faults:
            return
        try:
            self.readings[printed] = self.read_text(printed)
        except ValueError as error:
            self.faults[printed] = str(error)

    def check(self, printed: Printed) -> None:
        """Keep a fault where a text was read in a wrong encoding."""
        try:
            check_encoding(printed.text)
        except ValueError as error:
            self.faults[printed] = str(error)

    def read_text(self, printed: Printed) -> list[Reading]:
        """Return the readings of a text; raise ValueError with what to do."""
        check_encoding(printed.text)
        if printed.field == "agency":
            return self.read_name(printed)
        if printed.field == "country":
            return self.read_country(printed.text)
        if self.is_emptied(printed.field, printed.text):
            empty = self.read_text(Printed(printed.field, ""))
            return [reading._replace(kind="dropped", reason=EMPTIED) for reading in empty]
        if printed.field == "searches":
            return self.read_figure(printed.text)
        if printed.field not in TEXTS:
            return self.read_category(printed.field, printed.text)
        if printed.field == "no" and not printed.text.strip().isdecimal():
            raise ValueError("is no whole number; give the report its number")
        return [Reading(printed.field, printed.text.strip(), "trimmed")]

    def read_category(self, field: str, printed: str) -> list[Reading]:
        """Return the id of a category."""
        if field == "figure_from" and not tidy(printed):
            return [Reading(field, "not_stated", "not stated")]
        if (known := self.categories.get((field, tidy(printed)))) is None:
            raise ValueError(f"unknown category; correct the cell or {self.advise_category}")
        return [Reading(field, known, "mapped" if tidy(printed) else "not stated")]

    def read_country(self, printed: str) -> list[Reading]:
        """Return the country as printed and its code."""
        try:
            code, reason = self.countries.read(tidy(printed))
        except UnknownCountry:
            raise ValueError("unknown country; correct the cell or add it to scripts/lookups/countries.csv") from None
        return [
            Reading("country_as_printed", printed, ""),
            Reading("country", code, "translated" if reason else "mapped", reason),
        ]

    def read_name(self, printed: Printed) -> list[Reading]:
        """Return the agency's name as printed and its id; an unnamed group or an empty cell has none."""
        readings = [Reading("agency_as_printed", printed.text, "")]
        if not tidy(printed.text):
            return [*readings, Reading("agency", "", "")]
        try:
            agency, reason = self.aliases.read(tidy(printed.text), printed.country, printed.report_no)
        except UnknownName:
            self.unknown.add(printed)
            raise ValueError(advise_name(printed, self.aliases.path)) from None
        return [*readings, Reading("agency", agency, "resolved" if agency else "dropped", reason)]

    def read_figure(self, printed: str) -> list[Reading]:
        """Return the figure as printed, as a reader sees it, and its interval or estimate."""
        columns = FIELDS["searches"]
        if not tidy(printed):
            return [Reading(column, "", "") for column in columns]
        if is_date(printed):
            raise ValueError("a date, perhaps made of a range such as 11-50 by a program; type the figure as a text")
        try:
            quantity = self.figures.read(printed)
        except UnreadableQuantity as error:
            raise ValueError(f"{error}; correct the cell or add the word to the data file named") from None
        numbers = (quantity.minimum, quantity.maximum, quantity.about)
        values = [printed, quantity.text, *("" if number is None else str(number) for number in numbers)]
        reason = "" if any(values[2:]) else "no number: the words give none, or give several for different things"
        kind = "parsed" if any(values[2:]) else "dropped"
        return [Reading(column, value, kind, reason) for column, value in zip(columns, values, strict=True)]


def clean(folder: Path, build: Path, mapping: Mapping, cleaner: Cleaner | None = None) -> int:
    """Write readings.csv, of what the cleaner has read or of all reports; return the number of distinct texts.

    Raises Problems with every fault of the run.
    """
    reports = Reports(mapping, folder, build)
    if cleaner is None:
        cleaner = Cleaner(folder, mapping)
        for batch in reports:
            cleaner.read(batch)
    cleaner.finish()
    problems = find_faulty_cells(reports, cleaner.faults, cleaner.code_of)
    problems += write_unknown_names(build, cleaner.unknown, cleaner.aliases.path)
    sources = read_sources(mapping, folder, build)
    mentioned = cleaner.mentioned
    mentioned.agencies = {found[-1].value for printed, found in cleaner.readings.items() if printed.field == "agency"}
    problems += check_registers(folder, build, mapping, sources)
    if mapping.profile or mapping.reports.rows == "account":
        # What is left out or summed has its lines in the register and the aliases all the same.
        mentioned.sources |= {source.cells["id"].strip() for source in sources}
        mentioned.agencies |= {row["id"] for row in read_table(build / "left_out.csv")}
        cleaner.aliases.used.update(range(len(cleaner.aliases.rows)))
    problems += check_references(reports, mentioned, sources, folder / mapping.agencies)
    problems += cleaner.aliases.problems()
    if folder.resolve() == OWN:
        problems += cleaner.countries.problems()
    problems += check_repeated(reports, sources, cleaner.agency_of)
    if problems:
        raise Problems(problems)
    write_readings(build, cleaner.readings)
    return len(cleaner.readings)


def main() -> None:
    """Clean the build folder's reports, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", type=Path, help="the folder with mapping.yml")
    parser.add_argument("build", type=Path, help="the folder that extract.py wrote to")
    given = parser.parse_args()
    gc.disable()  # nothing here refers to itself; the collector would walk millions of texts again and again
    try:
        count = clean(given.raw, given.build, read_mapping(given.raw))
    except Problems as found:
        exit_with(found.problems)
    print(f"{count} distinct texts read")


if __name__ == "__main__":
    main()
