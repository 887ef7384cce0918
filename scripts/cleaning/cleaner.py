"""Reads the distinct texts of reports, each once, while the reports pass."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from dataset.deliveries import list_deliveries
from dataset.mapping import Mapping
from dataset.problems import Problems
from lookups.tables import read_table

from cleaning.names import AliasTable
from cleaning.odd_texts import check_encoding, is_total, tidy
from cleaning.printed import Batch
from cleaning.readings import FIELDS, TEXTS, WHO, Printed, Reading
from cleaning.references import Mentioned
from cleaning.registers import find_missing_columns
from cleaning.text_reader import BY_COLUMN, TableColumns, TextReader

Text = TypeVar("Text", bound=Hashable)
NO_AGENCY = Reading("agency", "", "")
TWO_WAYS = "means something else in {other} than in {own}, by what mapping.yml or the other cells of the columns say"


class Cleaner:
    """Reads the distinct texts of reports."""

    def __init__(self, folder: Path, mapping: Mapping) -> None:
        """Load the lookups, and the folder's register, aliases and categories; raise Problems where one is spoiled."""
        if missing := find_missing_columns(folder, mapping):
            raise Problems(missing)
        self.aliases = AliasTable(folder / mapping.aliases, read_table(folder / mapping.agencies))
        self.reader = TextReader(folder, mapping.categories, self.aliases)
        deliveries = list_deliveries(folder, mapping)
        self.columns = {
            one.table: TableColumns(one.reports, one.sources.by_link, mapping.facets) for one in deliveries[::-1]
        }
        self.files = {one.table: one.file for one in deliveries[::-1]}
        self.marks = frozenset[str]().union(*(one.empty for one in self.columns.values()))
        self.readings: dict[Printed, list[Reading]] = {}
        self.read_in: dict[Printed, int] = {}  # the table that a text was read in, where another may read it otherwise
        self.faults: dict[Printed, str] = {}
        self.mentioned = Mentioned()
        self.seen: dict[tuple[str, int], set[Any]] = defaultdict(set)
        self.for_one_report: set[tuple[str, ...]] = set()

    def read(self, batch: Batch) -> None:
        """Read what is new in a batch; a fault is kept with the text it is in."""
        self.mentioned.add(batch)
        # A column that is missing is told when all were read.
        for field in (*FIELDS, *(name for name in self.columns[batch.delivery].facets if name in batch.columns)):
            if field == "agency" or (field == "no" and all(map(str.isdecimal, batch.columns[field]))):
                continue
            new = self.new(field, batch.delivery, batch.columns[field])
            if field in BY_COLUMN:
                self.columns[batch.delivery].add(field, new)  # read at the end, when all of them were seen
            else:
                self.read_texts(field, new, batch.delivery)
        self.read_names(batch)

    def read_texts(self, field: str, texts: Iterable[str], table: int) -> None:
        """Read the texts of a field; of free text, what will change and what may be spoiled."""
        columns = self.columns[table]
        for text in texts:
            changes = field not in TEXTS or text != text.strip() or tidy(text) in self.marks
            if changes or (field == "no" and not text.isdecimal()) or columns.is_links(field, text):
                self.keep(Printed(field, text), table)
            elif not text.isascii():
                self.check(Printed(field, text))

    def new(self, field: str, table: int, texts: Iterable[Text]) -> set[Text]:
        """Return the distinct texts of a table not seen before; of numbers and free text, all of the batch."""
        new = set(texts)
        if field not in TEXTS:
            new -= self.seen[field, table]
            self.seen[field, table] |= new
        return new

    def finish(self) -> None:
        """Read the figures, dates and periods, now that all of them were seen."""
        for (field, table), texts in self.seen.items():
            for text in texts if field in BY_COLUMN else ():
                self.keep(Printed(field, text), table)

    def read_names(self, batch: Batch) -> None:
        """Read the names of a batch, each in its place; where an alias is for one report, in that report."""
        names = zip(*(batch.columns[field] for field in WHO), strict=True)
        for who in self.new("agency", 0, names):
            name, country, region, locality = who
            code = self.code_of(country)
            printed = Printed("agency", name, code or "", "", region, locality)
            if is_total(name):
                advice = "looks like a total, not an agency; name its row under skip_rows in mapping.yml"
                self.faults[printed] = advice
            elif code is not None and self.aliases.is_for_one_report(tidy(name), code):
                self.for_one_report.add(who)
            elif code is not None:
                self.keep(printed, batch.delivery)
        if self.for_one_report:
            by_report = zip(*(batch.columns[field] for field in (*WHO, "no")), strict=True)
            for *found, number in by_report:
                if tuple(found) in self.for_one_report:
                    name, country, region, locality = found
                    printed = Printed("agency", name, self.code_of(country) or "", number, region, locality)
                    self.keep(printed, batch.delivery)

    def code_of(self, country: str) -> str | None:
        """Return the code that a printed country was read as, None where it could not be."""
        known = self.readings.get(Printed("country", country))
        return known[-1].value if known else None

    def agency_of(self, who: tuple[str, ...], number: str) -> str:
        """Return the id of the agency that the cells of WHO were read as, "" for an unnamed group."""
        name, country, region, locality = who
        printed = Printed("agency", name, self.code_of(country) or "", "", region, locality)
        return self.readings.get(printed, self.readings.get(printed._replace(report_no=number), [NO_AGENCY]))[-1].value

    def keep(self, printed: Printed, table: int) -> None:
        """Read a text that was not read before; of several tables, hold the readings of each against the first."""
        several = len(self.columns) > 1 and printed.field not in ("agency", "country")
        if printed in self.faults or (printed in self.readings and not several):
            return
        try:
            readings = self.reader.read(printed, self.columns[table])
        except ValueError as error:
            self.faults[printed] = str(error)
            return
        if self.readings.setdefault(printed, readings) != readings:
            told = TWO_WAYS.format(other=self.files[table], own=self.files[self.read_in[printed]])
            self.faults[printed] = f"{told}; write what is meant in the cell, or say the same of both"
        self.read_in.setdefault(printed, table)

    def check(self, printed: Printed) -> None:
        """Keep a fault where a text was read in a wrong encoding."""
        try:
            check_encoding(printed.text)
        except ValueError as error:
            self.faults[printed] = str(error)
