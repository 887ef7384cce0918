"""The rules of a profile, those that BuzzFeed News set itself: which agencies are published, counts as ranges alone.

Both are applied before anything is written: neither build/ nor what is made from it holds an exact count.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from cleaning.countries import CountryReader, UnknownCountry, label_of
from cleaning.figure_columns import FigureColumn
from cleaning.figure_words import UnreadableQuantity
from cleaning.names import AliasTable, UnknownName
from cleaning.odd_texts import tidy
from cleaning.quantities import Quantity, QuantityReader, describe_interval
from dataset.facets import by_column
from dataset.mapping import Mapping
from dataset.problems import Problem, name_file
from dataset.settings import Strict, read_settings
from lookups.tables import LOOKUPS, Row, read_table

LEFT_OUT_COLUMNS = ("id", "name", "country", "agency_type", "reason")
TEXTS = ("note", "response_detail", "title")
DIGITS = re.compile(r"\d+(?:[.,' \u00a0\u202f]\d{3})*(?![\d-])")
MARK = "[figure removed]"
RANGED = "counts are published as ranges"
Line = tuple[int, list[str]]


class Profile(Strict):
    """A folder's profile.yml; what is not named leaves nothing out."""

    searches_by: date | None = None  # an agency without a search on or before this day is left out
    outside: tuple[str, ...] = ()  # agencies in these countries (ISO 3166-1) are left out
    agency_types: tuple[str, ...] = ()  # agencies of any other type are left out
    unconfirmed: str = ""  # agency, reason: agencies whose existence nobody confirmed
    counts: Literal["exact", "ranges"] = "exact"


def read_profile(folder: Path, mapping: Mapping) -> Profile | None:
    """Return the folder's profile, None where its mapping names none; raise Problems with all that is wrong."""
    if not mapping.profile:
        return None
    return read_settings(folder / mapping.profile, Profile)


def to_range(quantity: Quantity) -> str:
    """Return the range that surely holds a quantity, in words that quantities.py reads; "" where none can."""
    bands = [row for row in read_table(LOOKUPS / "search_bands.csv") if int(row["minimum"] or 0)]
    low, high = quantity.minimum, quantity.maximum
    if quantity.about is not None or high == 0 or (low is None and high is None):
        return ""
    if low is not None:
        low = max((int(band["minimum"]) for band in bands if int(band["minimum"]) <= low), default=None)
    if high is not None:
        high = min((top for band in bands if (top := int(band["maximum"] or 0)) >= high > 0), default=None)
    return "" if low is None and high is None else describe_interval(low, high, None)


class Rules:
    """Holds the rules of one folder's profile against its reports."""

    def __init__(self, profile: Profile, folder: Path, mapping: Mapping) -> None:
        """Load the register, the aliases and the list of unconfirmed agencies."""
        self.profile, self.folder, self.mapping = profile, folder, mapping
        self.register = {row["id"]: row for row in read_table(folder / mapping.agencies)}
        self.aliases = AliasTable(folder / mapping.aliases, [*self.register.values()])
        self.countries = CountryReader(LOOKUPS / "countries.csv")
        self.quantities = QuantityReader.from_folder(LOOKUPS)
        marks = (mapping.reports.empty, mapping.reports.footnotes)
        self.figures = FigureColumn(self.quantities, *marks)
        self.settled = FigureColumn(self.quantities, *marks, settled=True)
        rows = read_table(folder / profile.unconfirmed) if profile.unconfirmed else []
        self.unconfirmed = {row["agency"]: row["reason"] for row in rows}
        self.ranges: dict[str, tuple[str, set[int]]] = {}
        self.fixed = mapping.reports.constants.model_dump(exclude_none=True)
        self.counts = counts_in_words()
        self.problems: list[Problem] = []

    def agency_of(self, report: Row) -> str | None:
        """Return the id of a report's agency, "" where it names none, None where it is unknown: clean.py tells."""
        try:
            code, _ = self.countries.read(report["country"].strip())
            place = (tidy(report.get("region", "")), tidy(report.get("locality", "")))
            agency = self.aliases.read(report["agency"].strip(), code, report.get("no", ""), *place)[0]
            return agency if not agency or agency in self.register else None
        except (UnknownCountry, UnknownName):
            return None

    def reason_of(self, agency: Row) -> str:
        """Return why an agency is left out whatever its searches, "" where it is not."""
        profile = self.profile
        if agency["country"] in profile.outside:
            return f"in {label_of(agency['country'])}, which this list leaves out"
        if profile.agency_types and agency["agency_type"] not in profile.agency_types:
            return "not a public agency of the types that this list names"
        if agency["id"] in self.unconfirmed:
            return f"existence not confirmed: {self.unconfirmed[agency['id']]}"
        return ""

    def searched_in_time(self, row: int, report: Row) -> bool:
        """Return whether a report tells of a search on or before the cut-off date."""
        if self.profile.searches_by is None:
            return True
        quantity = self.read_figure(report.get("searches", ""))
        if quantity is None or not quantity.minimum:
            return quantity is None
        try:
            return date.fromisoformat(report["first_search"].strip()[:10]) <= self.profile.searches_by
        except (KeyError, ValueError):
            advice = "is no date (YYYY-MM-DD); the profile's searches_by needs a column first_search in mapping.yml"
            heading = self.mapping.reports.headings.get("first_search", "first_search")
            self.problems.append(self.problem(row, heading, advice))
            return False

    def problem(self, row: int, heading: str, advice: str) -> Problem:
        """Return a problem with one cell of the reports."""
        return Problem(
            name_file(self.folder / self.mapping.workbook), self.mapping.reports.sheet, row, heading, "", advice
        )

    def read_figure(self, printed: str) -> Quantity | None:
        """Return a printed figure; None for one that can't be read, which clean.py will tell."""
        try:
            return Quantity(None, None, None, "") if self.figures.is_empty(printed) else self.figures.read(printed)
        except UnreadableQuantity:
            return None

    def settle_figure(self, printed: str) -> str:
        """Return a figure so that it says alone what it says in its column."""
        figure = self.read_figure(printed)
        try:
            alone = figure is None or self.figures.is_empty(printed) or self.settled.read(printed) == figure
        except UnreadableQuantity:
            alone = False
        return printed if alone or figure is None else figure.text

    def range_of(self, printed: str) -> tuple[str, set[int]]:
        """Return a figure's range as text, and the numbers that it hides."""
        if printed not in self.ranges:
            quantity = self.read_figure(printed)
            bounds = (quantity.minimum, quantity.maximum, quantity.about) if quantity else ()
            self.ranges[printed] = (to_range(quantity) if quantity else printed, {bound for bound in bounds if bound})
        return self.ranges[printed]

    def hide_numbers(self, text: str, hidden: set[int]) -> str:
        """Return a free text with a mark for each count in it: the report's own figure, or any number of searches."""

        def replace(match: re.Match[str]) -> str:
            return MARK if int(re.sub(r"\D", "", match.group())) in hidden else match.group()

        return DIGITS.sub(replace, self.counts.sub(MARK, text))


def counts_in_words() -> re.Pattern[str]:
    """Return a pattern for a number in digits or words before a word for what is counted: "forty-three searches"."""
    words = {re.escape(row["word"]) for row in read_table(LOOKUPS / "number_words.csv")}
    things = {re.escape(row["phrase"]) for row in read_table(LOOKUPS / "counted_things.csv")}
    number = rf"(?:{DIGITS.pattern}|(?:{'|'.join(sorted(words, key=len, reverse=True))})\b)"
    separator = r"(?:[\s-]|\sand\s|\sto\s)+"
    return re.compile(
        rf"\b{number}(?:{separator}{number})*(?=\s+(?:[^\W\d]+\s+)?(?:{'|'.join(sorted(things))})\b)", re.IGNORECASE
    )


def apply_rules(rules: Rules, fields: list[str], lines: list[Line]) -> tuple[list[Line], list[Row]]:
    """Return the reports that are published, and the agencies left out, each with the reason."""
    reports = {row: rules.fixed | dict(zip(fields, cells, strict=True)) for row, cells in lines}
    agencies = {row: rules.agency_of(report) for row, report in reports.items()}
    in_time = {row for row in agencies if rules.searched_in_time(row, reports[row])}
    named = {key for key in agencies.values() if key}
    reasons = {key: rules.reason_of(rules.register[key]) for key in sorted(named)}
    searched = {agencies[row] for row in in_time}
    for key in reasons.keys() - searched:
        reasons[key] = reasons[key] or f"no search on or before {rules.profile.searches_by}"
    kept = []
    for row, cells in lines:
        agency = agencies[row]
        if agency is None or (row in in_time and not reasons.get(agency, "")):
            kept.append((row, cells))
    return kept, [rules.register[key] | {"reason": reason} for key, reason in reasons.items() if reason]


def hide_counts(rules: Rules, fields: list[str], lines: list[Line]) -> Iterator[tuple[int, str, str]]:
    """Change the figures of the reports to ranges, in place; yield row, field and new text of each that changed."""
    free = {*TEXTS, *by_column(rules.mapping.reports.facets)}
    for row, cells in lines:
        printed = dict(zip(fields, cells, strict=True)).get("searches", "")
        ranged, hidden = rules.range_of(printed) if printed.strip() else (printed, set())
        for column, field in enumerate(fields):
            new = rules.hide_numbers(cells[column], hidden) if field in free else cells[column]
            new = ranged if field == "searches" else new
            if new != cells[column]:
                cells[column] = new
                yield row, field, new
