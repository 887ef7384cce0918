"""The figures of one column: what a cell alone leaves open, its decimal mark and its years, the others decide.

A text of digits alone is read here; words around it are read by quantities.py, as in a newspaper.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from math import ceil, floor

from lookups.tables import LOOKUPS, read_table

from cleaning.figure_words import NO_BREAK_SPACE_IN_NUMBER, UnreadableQuantity
from cleaning.odd_texts import tidy
from cleaning.quantities import Quantity, QuantityReader

NUMBER = r"[0-9]+(?:[.,'’ \u00a0\u202f\u2009][0-9]+)*"
BARE = re.compile(NUMBER)
FOOTNOTE = re.compile(rf"{NUMBER}\s*([*†‡§#]+|\[\w{{1,3}}\]|\(\w\)|[a-jl-z])")
# Marks that can only part decimals: 1,5 and 1.2345 and 0.125 and 1.234,5, but neither 1.234 nor 1.234,567.
DECIMAL = re.compile(r"(?:0|[0-9]+(?=[.,](?:[0-9]{1,2}|[0-9]{4,})$))([.,])[0-9]+|"
                     r"[0-9]{1,3}(?:,[0-9]{3})+(\.)(?![0-9]{3}$)[0-9]+|"
                     r"[0-9]{1,3}(?:\.[0-9]{3})+(,)(?![0-9]{3}$)[0-9]+")  # fmt: skip
THOUSANDS = re.compile(r"[0-9]{1,3}(?:([.,'’ \u00a0\u202f\u2009])[0-9]{3})(?:\1[0-9]{3})*")
# A number, alone or among words, whose mark may part thousands.
GROUPED = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}([.,])[0-9]{3}(?:\1[0-9]{3})*(?![.,]?[0-9])")
# So much of a column must be numbers without words, for a bare 2020 in it to be a count and no year.
COUNTS = 0.8
LARGEST = 999_999_999


class FigureColumn:
    """Reads the figures of one column by what all of its texts say of it."""

    def __init__(
        self,
        quantities: QuantityReader,
        empty: Iterable[str] = (),
        footnotes: Iterable[str] = (),
        settled: bool = False,
    ) -> None:
        """Take the marks that mapping.yml names; settled texts are written by this program, in the English way."""
        self.quantities, self.settled = quantities, settled
        self.empty, self.footnotes = frozenset(empty), sorted(footnotes, key=len, reverse=True)
        self.decimals = {"."} if settled else set[str]()
        self.thousands: set[str] = set()
        self.bare = self.worded = 0

    def add(self, texts: Iterable[str]) -> None:
        """Look at distinct texts of the column."""
        for printed in texts:
            text = self.without_footnotes(tidy(printed))
            if not text or self.is_empty(printed):
                continue
            self.thousands.update(GROUPED.findall(text))
            number = scaled_number(text) or text
            if BARE.fullmatch(number):
                self.bare += 1
                if found := DECIMAL.fullmatch(number):
                    self.decimals.update(filter(None, found.groups()))
            else:
                self.worded += 1

    @property
    def counts(self) -> bool:
        """Return whether the column is one of counts, in which 2020 is no year."""
        return self.settled or self.bare >= COUNTS * (self.bare + self.worded)

    def is_empty(self, printed: str) -> bool:
        """Return whether mapping.yml says that a text stands for an empty cell, or whether it is one."""
        text = tidy(printed)
        return not text or text in self.empty

    def without_footnotes(self, text: str) -> str:
        """Return a text without the footnote marks of mapping.yml at its end."""
        for mark in self.footnotes:
            if text.endswith(mark) and text != mark:
                return self.without_footnotes(text.removesuffix(mark).rstrip())
        return text

    def read(self, printed: str) -> Quantity:
        """Return what a text says; raise UnreadableQuantity where it has no single certain reading."""
        text = self.without_footnotes(tidy(printed))
        if not self.decimals and len(self.thousands) > 1 and GROUPED.search(text):
            raise UnreadableQuantity(
                f"{text!r}: this column has . and , before three digits, so one may part decimals;"
                " type the numbers without a mark"
            )
        if BARE.fullmatch(text) and (quantity := self.read_number(text)):
            return quantity
        if "." in self.decimals and re.search(r"[0-9]\.[0-9]{3}(?![0-9])", text):
            raise UnreadableQuantity(f"{text!r}: in this column . parts decimals; type the number without a mark")
        if "," in self.decimals and re.search(r"[0-9],[0-9]{3}(?![0-9])", text):
            raise UnreadableQuantity(f"{text!r}: in this column , parts decimals; type the number without a mark")
        try:
            return self.read_scaled(text) or self.quantities.read(text)
        except UnreadableQuantity as error:
            raise UnreadableQuantity(f"{error}{self.advise(text)}") from None

    def read_number(self, text: str) -> Quantity | None:
        """Return a number without words; None where quantities.py has to read it."""
        if text.isdecimal():
            return exactly(int(text)) if self.counts and is_written_out(text) and int(text) <= LARGEST else None
        number = self.value_of(text)
        return None if number is None else exactly(number)

    def value_of(self, text: str) -> Decimal | None:
        """Return the value of a number with marks, None where they part thousands; raise UnreadableQuantity."""
        found = DECIMAL.fullmatch(text)
        marks = {mark for mark in text if mark in ".,"}
        if len(self.decimals) > 1 and marks:
            raise UnreadableQuantity(f"{text!r}: this column parts decimals by . and by ,; correct one of them")
        decimal = next(iter(self.decimals), "")
        if not found and not (decimal in marks and text.count(decimal) == 1):
            return None  # thousands, in one of the usual ways
        mark = next(filter(None, found.groups())) if found else decimal
        whole, _, part = text.rpartition(mark)
        if not part.isdecimal() or not (whole.isdecimal() or THOUSANDS.fullmatch(whole)):
            raise UnreadableQuantity(f"{text!r} is no number of digits, thousands and decimals")
        number = Decimal(re.sub("[^0-9]", "", whole) + "." + part)
        if number > LARGEST:
            raise UnreadableQuantity(f"{text!r} is not below a thousand million")
        return number

    def read_scaled(self, text: str) -> Quantity | None:
        """Return "2.5k" or "more than 1 million": rounded by who wrote it, so never exact; None where it is neither."""
        written_out, places = scales().subn(lambda found: str(self.scale(*found.groups())), text)
        if not places:
            return None
        if len(re.findall(NUMBER, text)) > places:
            raise UnreadableQuantity(f"{text!r}: a number in it may stand for thousands or millions; write both out")
        quantity = exactly(int(written_out)) if written_out.isdecimal() else self.quantities.read(written_out)
        if quantity.minimum is not None and quantity.minimum == quantity.maximum:
            return Quantity(None, None, quantity.minimum, f"about {quantity.minimum:,}")
        return quantity

    def scale(self, number: str, word: str) -> int:
        """Return a number times what its word stands for; raise UnreadableQuantity where that is no whole number."""
        number = NO_BREAK_SPACE_IN_NUMBER.sub("'", number)
        value = Decimal(number) if number.isdecimal() else self.value_of(number)
        if value is None:
            raise UnreadableQuantity(f"{number!r} before {word!r} may have decimals or thousands; write it out")
        product = value * factors()[word.casefold()]
        if product != product.to_integral_value() or product > LARGEST:
            raise UnreadableQuantity(f"'{number} {word}' is not one whole number below a thousand million")
        return int(product)

    def advise(self, text: str) -> str:
        """Return what mapping.yml could say of a text that cannot be read, "" where nothing."""
        if text in empty_marks():
            return f"; if it stands for an empty cell, write `empty: [{quote(text)}]` under reports in mapping.yml"
        if mark := footnote_of(text):
            return f"; if {mark} is a footnote mark, write `footnotes: [{quote(mark)}]` under reports in mapping.yml"
        return ""


def exactly(number: Decimal | int) -> Quantity:
    """Return a number as a quantity: of 1.5, 1 and 2 are the whole numbers that surely hold it."""
    if number == int(number):
        return Quantity(int(number), int(number), None, f"{int(number):,}")
    return Quantity(floor(number), ceil(number), None, f"{Decimal(number).normalize():,f}")


def is_written_out(text: str) -> bool:
    """Return whether digits are written as a number is: in ASCII, without a leading zero."""
    return text.isascii() and (text[0] != "0" or text == "0")


def scaled_number(text: str) -> str:
    """Return the number of "2.5k", "" where a text is not of this form."""
    found = scales().fullmatch(text)
    return found.group(1) if found else ""


def footnote_of(text: str) -> str:
    """Return what stands behind a number like the mark of a footnote, "" where nothing does."""
    found = FOOTNOTE.fullmatch(text)
    return found.group(1) if found else ""


def quote(mark: str) -> str:
    """Return a text as YAML takes it in a list."""
    return mark if mark.isalnum() else '"' + mark.replace("\\", "\\\\").replace('"', '\\"') + '"'


@cache
def factors() -> dict[str, int]:
    """Return what each word after a number multiplies it by."""
    return {row["word"].casefold(): int(row["factor"]) for row in read_table(LOOKUPS / "scale_words.csv")}


@cache
def scales() -> re.Pattern[str]:
    """Return a pattern for a number and such a word."""
    words = "|".join(sorted(map(re.escape, factors()), key=len, reverse=True))
    return re.compile(rf"({NUMBER})\s*({words})\b\.?", re.IGNORECASE)


@cache
def empty_marks() -> frozenset[str]:
    """Return the texts that often stand for an empty cell; mapping.yml says whether they do."""
    return frozenset(row["mark"] for row in read_table(LOOKUPS / "empty_marks.csv"))
