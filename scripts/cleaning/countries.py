"""Which country a printed name means, in the languages of the reports."""

from functools import cache
from pathlib import Path

from babel import Locale
from dataset.problems import Problem
from lookups.tables import read_table

LANGUAGES = ("en", "fr", "de", "nl", "it", "da", "nb", "sv", "fi", "es", "pt")
LOOKUP = "scripts/lookups/countries.csv"
# CLDR lists these two-letter codes among the territories; they are no countries.
NOT_COUNTRIES = {"EZ", "QO", "UN", "XA", "XB", "ZZ"}


class UnknownCountry(ValueError):
    """A printed country that neither CLDR nor the lookup knows."""


class CountryReader:
    """Reads printed country names: CLDR's names first, then the project's own lookup."""

    def __init__(self, lookup: Path) -> None:
        """Load CLDR's names and the lookup (columns as_printed, country, reason)."""
        self.lookup = {row["as_printed"]: row for row in read_table(lookup)}
        self.used: set[str] = set()

    def read(self, printed: str) -> tuple[str, str]:
        """Return the ISO 3166-1 code (XX: international) and why; raise UnknownCountry."""
        if code := cldr_codes().get(printed.casefold()):
            return code, "" if printed == label_of(code) else "the country's name in another language"
        if row := self.lookup.get(printed):
            self.used.add(printed)
            return row["country"], row["reason"]
        raise UnknownCountry(printed)

    def problems(self) -> list[Problem]:
        """Return a problem for each line of the lookup that no row has printed."""
        advice = "matches no report; delete the line"
        return [
            Problem(LOOKUP, "", row, "as_printed", printed, advice)
            for row, printed in enumerate(self.lookup, start=2)
            if printed not in self.used
        ]


@cache
def cldr_codes() -> dict[str, str]:
    """Return code by case-folded name in all languages, and by the code itself."""
    codes = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES:
                codes[name.casefold()] = code
                codes[code.casefold()] = code
    return codes


@cache
def label_of(code: str) -> str:
    """Return the English name of an ISO 3166-1 code; XX is this project's own, for international agencies."""
    return "International" if code == "XX" else Locale("en").territories[code]
