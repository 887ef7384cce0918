"""Dates and periods of one column: what a cell alone leaves open, whether 3/5 is in March, the others decide."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from babel import Locale

from cleaning.countries import LANGUAGES
from cleaning.odd_texts import tidy

ISO = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d)(?:[T ][\d:.]+Z?)?)?)?")
NUMBERS = re.compile(r"(\d\d?)([./-])(\d\d?)\2((?:19|20)\d\d|\d\d)(?: [\d:]+)?")
MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?[ -]*(\d\d?)(?:st|nd|rd|th)?,? +((?:19|20)\d\d)")
DAY_FIRST = re.compile(r"(\d\d?)(?:st|nd|rd|th|\.|er)?(?: de| of)?[ -]+([^\W\d_]+)\.?(?: de|,)?[ -]+((?:19|20)?\d\d)")
MONTH = re.compile(r"([^\W\d_]+)\.?(?: de|,)?[ -]*((?:19|20)\d\d)|((?:19|20)\d\d)[ -]+([^\W\d_]+)\.?")
MONTH_NUMBER = re.compile(r"(\d\d?)/((?:19|20)\d\d)")
QUARTER = re.compile(r"(?:(20\d\d|19\d\d)[ -/]*[QT]([1-4])|[QT]([1-4])[ -/]*(20\d\d|19\d\d))", re.IGNORECASE)
SPAN = re.compile(r"(?:FY ?)?((?:19|20)\d\d) ?([-/–]) ?((?:19|20)?\d\d)", re.IGNORECASE)
YEAR = re.compile(r"(?:FY ?)?((?:19|20)\d\d)(?:\.0)?", re.IGNORECASE)


class UnreadableDate(ValueError):
    """A text that is no date or period, or that may be two."""


class DateColumn:
    """Reads the dates, or the periods, of one column."""

    def __init__(self, order: str = "") -> None:
        """Take what mapping.yml says of 3/5/2020: day first, month first, or nothing."""
        self.order = order
        self.seen = {"day first": False, "month first": False}
        self.fiscal: set[bool] = set()  # of 2010-11: whether others are surely years of account, or surely months

    def add(self, texts: Iterable[str]) -> None:
        """Look at distinct texts of the column."""
        for text in map(tidy, texts):
            if (found := NUMBERS.fullmatch(text)) and found[2] != ".":
                self.seen["day first"] |= int(found[1]) > 12
                self.seen["month first"] |= int(found[3]) > 12
            elif (span := SPAN.fullmatch(text)) and len(span[3]) == 2 and span[2] == "-":
                if not is_next(span[1], span[3]):
                    self.fiscal.add(False)
                elif int(span[3]) > 12:
                    self.fiscal.add(True)

    def read(self, printed: str) -> str:
        """Return a date as YYYY, YYYY-MM or YYYY-MM-DD; raise UnreadableDate."""
        text = tidy(printed)
        if found := YEAR.fullmatch(text):
            return found[1]
        if found := ISO.fullmatch(text):
            return self.checked(*found.groups())
        if found := NUMBERS.fullmatch(text):
            first, second = (found[1], found[3]) if self.is_day_first(text, found) else (found[3], found[1])
            return self.checked(in_full(found[4]), second, first)
        for pattern, places in ((DAY_FIRST, (3, 2, 1)), (MONTH_FIRST, (3, 1, 2))):
            if (found := pattern.fullmatch(text)) and (month := months().get(found[places[1]].casefold())):
                return self.checked(in_full(found[places[0]]), str(month), found[places[2]])
        if found := MONTH.fullmatch(text):
            year, name = found[2] or found[3], found[1] or found[4]
            if month := months().get(name.casefold()):
                return self.checked(year, str(month))
        if found := MONTH_NUMBER.fullmatch(text):
            return self.checked(found[2], found[1])
        raise UnreadableDate("is no date that can be read; write it as YYYY-MM-DD, YYYY-MM or YYYY")

    def is_day_first(self, text: str, found: re.Match[str]) -> bool:
        """Return whether the day stands before the month; raise UnreadableDate where nothing says so."""
        if found[2] == ".":
            return True
        shown = [order for order, is_shown in self.seen.items() if is_shown]
        if self.order:
            return self.order == "day first"
        if len(shown) != 1 and int(found[1]) != int(found[3]):
            raise UnreadableDate(
                f"{text!r} may begin with the day or with the month; write `dates: day first` or `dates: month first`"
                " under reports in mapping.yml"
            )
        return shown == ["day first"]

    def checked(self, year: str, month: str | None = None, day: str | None = None) -> str:
        """Return a date that is in the calendar; raise UnreadableDate."""
        try:
            whole = date(int(year), int(month or 1), int(day or 1)).isoformat()
        except ValueError:
            raise UnreadableDate("is no day of the calendar; correct the cell") from None
        return whole if day else whole[:7] if month else whole[:4]

    def read_period(self, printed: str) -> str:
        """Return a period as YYYY, YYYY/YY (a year of account), YYYY–YYYY, YYYY-Qn or a date; raise UnreadableDate."""
        text = tidy(printed)
        if found := QUARTER.fullmatch(text):
            return f"{found[1] or found[4]}-Q{found[2] or found[3]}"
        if found := SPAN.fullmatch(text):
            first, mark, last = found.groups()
            if len(last) == 4 and int(last) > int(first):
                return f"{first}/{last[2:]}" if is_next(first, last[2:]) else f"{first}–{last}"
            if is_next(first, last) and (mark != "-" or int(last) > 12 or self.fiscal == {True}):
                return f"{first}/{last}"
            if is_next(first, last) and self.fiscal != {False}:
                raise UnreadableDate(f"{text!r} may be a month or a year of account; write {first}/{last} for the year")
        try:
            return self.read(text)
        except UnreadableDate as error:
            if "may begin" in str(error):
                raise
            raise UnreadableDate(
                "is no period that can be read; write a year (2020), a year of account (2020/21), a quarter (2020 Q1)"
                " or a month (2020-03)"
            ) from None


def is_next(first: str, last: str) -> bool:
    """Return whether two digits are those of the year after."""
    return (int(first) + 1) % 100 == int(last)


def in_full(year: str) -> str:
    """Return a year in four digits; of two, those to 68 are of this century."""
    return year if len(year) == 4 else f"{20 if int(year) <= 68 else 19}{year}"


def period_order(period: str) -> tuple[str, str]:
    """Return a sort key for periods: by their end, of one end the longest last."""
    if "Q" in period:
        end = f"{period[:4]}-{int(period[-1]) * 3:02d}-99"
    elif "/" in period:  # it ends within the next year
        end = f"{int(period[:4]) + 1}-06"
    else:
        end = period.rpartition("–")[2]
    return (end + "-99-99"[len(end) - 4 :] if len(end) < 10 else end), period


@cache
def months() -> dict[str, int]:
    """Return the number of each month by its names and abbreviations in all languages, in small letters."""
    found: dict[str, int] = {}
    for language in LANGUAGES:
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(language).months[form][width].items():
                    found.setdefault(name.casefold().rstrip("."), number)
    return found | {"sept": 9}
