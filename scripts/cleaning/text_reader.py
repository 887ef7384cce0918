"""What a printed text of a report means; what the other cells of its column decide, each table's column decides."""

from collections.abc import Iterable
from pathlib import Path

from dataset.facets import FacetColumn, by_column
from dataset.tables import EVERY_ROW, Reports
from lookups.tables import LOOKUPS

from cleaning.categories import advise_category, read_categories
from cleaning.countries import CountryReader, UnknownCountry
from cleaning.dates import DateColumn
from cleaning.facet_values import read_values
from cleaning.faults import advise_name
from cleaning.figure_columns import FigureColumn
from cleaning.figure_words import UnreadableQuantity
from cleaning.links import SEVERAL, split_links
from cleaning.names import AliasTable, UnknownName
from cleaning.odd_texts import check_encoding, is_date, tidy
from cleaning.quantities import QuantityReader
from cleaning.readings import FIELDS, TEXTS, Printed, Reading

EMPTIED = "mapping.yml says that it stands for an empty cell"
# What one text of these means, the others of its column may decide.
BY_COLUMN = ("searches", "date", "period")


class TableColumns:
    """What mapping.yml says of the columns of one table, and what their texts say of each other."""

    def __init__(self, reports: Reports, by_link: bool, facets: Iterable[FacetColumn] = ()) -> None:
        """Take the table's part of the mapping, whether its sources are links, and the facets of all tables."""
        self.facets = by_column(reports.facets)
        self.of_several = {facet.name for facet in facets if facet.several}
        self.empty, self.without_link = frozenset(reports.empty), reports.constants.source or ""
        self.by_link = by_link
        marks = (reports.empty, reports.footnotes, reports.rows == "account")
        self.figures = FigureColumn(QuantityReader.from_folder(LOOKUPS), *marks)
        self.dates, self.periods = DateColumn(reports.dates), DateColumn(reports.dates)

    def add(self, field: str, texts: Iterable[str]) -> None:
        """Look at distinct texts of a field that is in BY_COLUMN."""
        if field == "searches":
            self.figures.add(texts)
        else:
            (self.dates if field == "date" else self.periods).add(texts)

    def is_emptied(self, field: str, text: str) -> bool:
        """Return whether mapping.yml says that a text of this field stands for an empty cell."""
        return field not in EVERY_ROW and tidy(text) in self.empty

    def is_links(self, field: str, text: str) -> bool:
        """Return whether a text must hold links."""
        return self.by_link and field == "source" and text not in ("", self.without_link)


class TextReader:
    """Reads single texts by the lookups and the folder's own tables."""

    def __init__(self, folder: Path, categories: str, aliases: AliasTable) -> None:
        """Load the lookups; categories names the folder's own file, "" where it has none."""
        self.countries = CountryReader(LOOKUPS / "countries.csv")
        self.aliases = aliases
        self.categories = read_categories(folder, categories)
        self.advise_category = advise_category(folder, categories)
        self.unknown: set[Printed] = set()  # names that aliases.csv lacks

    def read(self, printed: Printed, columns: TableColumns) -> list[Reading]:
        """Return the readings of a text; raise ValueError with what to do."""
        field, text = printed.field, printed.text
        check_encoding(text)
        if field == "agency":
            return self.read_name(printed)
        if field == "country":
            return self.read_country(text)
        if columns.is_emptied(field, text):
            empty = self.read(Printed(field, ""), columns)
            return [reading._replace(kind="dropped", reason=EMPTIED) for reading in empty]
        if field == "searches":
            return read_figure(text, columns.figures)
        if field in ("date", "period"):
            return read_date(field, text, columns)
        if field in columns.facets:
            return read_values(field, text, columns.facets[field], several=field in columns.of_several)
        if field not in TEXTS:
            return self.read_category(field, text)
        if field == "no" and not text.strip().isdecimal():
            raise ValueError("is no whole number; give the report its number")
        if columns.is_links(field, text) and len(links := split_links(text)) > 1:
            return [Reading(field, links[0], "parsed", SEVERAL)]
        return [Reading(column, text.strip(), "trimmed") for column in FIELDS[field]]

    def read_category(self, field: str, printed: str) -> list[Reading]:
        """Return the id of a category."""
        if field == "figure_from" and not tidy(printed):
            return [Reading(field, "not_stated", "not stated")]
        if (known := self.categories.get((field, tidy(printed)))) is None:
            raise ValueError(f"unknown category; {self.say_known(field)}; correct the cell or {self.advise_category}")
        return [Reading(field, known, "mapped" if tidy(printed) else "not stated")]

    def say_known(self, field: str) -> str:
        """Return the texts that are known for a category."""
        return "known are: " + " | ".join(text for column, text in self.categories if column == field and text)

    def read_country(self, printed: str) -> list[Reading]:
        """Return the country as printed and its code."""
        try:
            code, reason = self.countries.read(tidy(printed))
        except UnknownCountry:
            advice = "correct the cell or add it to scripts/lookups/everyday_countries.csv"
            raise ValueError(f"unknown country; {advice}") from None
        return [
            Reading("country_as_printed", printed, ""),
            Reading("country", code, "translated" if reason else "mapped", reason),
        ]

    def read_name(self, printed: Printed) -> list[Reading]:
        """Return the agency's name as printed and its id; an unnamed group or an empty cell has none."""
        readings = [Reading("agency_as_printed", printed.text, "")]
        if not tidy(printed.text):
            return [*readings, Reading("agency", "", "")]
        place = (tidy(printed.region), tidy(printed.locality))
        try:
            agency, reason = self.aliases.read(tidy(printed.text), printed.country, printed.report_no, *place)
        except UnknownName:
            self.unknown.add(printed)
            raise ValueError(advise_name(printed, self.aliases.path)) from None
        return [*readings, Reading("agency", agency, "resolved" if agency else "dropped", reason)]


def read_figure(printed: str, figures: FigureColumn) -> list[Reading]:
    """Return the figure as printed, as a reader sees it, and its interval or estimate; raise ValueError."""
    columns = FIELDS["searches"]
    if not tidy(printed):
        return [Reading(column, "", "") for column in columns]
    if is_date(printed):
        raise ValueError("a date, perhaps made of a range such as 11-50 by a program; type the figure as a text")
    try:
        quantity = figures.read(printed)
    except UnreadableQuantity as error:
        raise ValueError(f"{error}; correct the cell or add the word to the data file named") from None
    numbers = (quantity.minimum, quantity.maximum, quantity.about)
    values = [printed, quantity.text, *("" if number is None else str(number) for number in numbers)]
    reason = "" if any(values[2:]) else "no number: the words give none, or give several for different things"
    kind = "parsed" if any(values[2:]) else "dropped"
    return [Reading(column, value, kind, reason) for column, value in zip(columns, values, strict=True)]


def read_date(field: str, printed: str, columns: TableColumns) -> list[Reading]:
    """Return a date or a period as printed, and as it is sorted; raise ValueError."""
    if not tidy(printed):
        return [Reading(column, "", "") for column in FIELDS[field]]
    value = columns.dates.read(printed) if field == "date" else columns.periods.read_period(printed)
    return [Reading(FIELDS[field][0], printed, ""), Reading(FIELDS[field][1], value, "parsed")]
