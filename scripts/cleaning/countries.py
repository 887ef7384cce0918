"""Which country a printed name means: the one reading of build, draft, search and API."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.core import get_global
from dataset.problems import Problem, Problems
from lookups.tables import LOOKUPS, Row, read_table

LANGUAGES = ("en", "fr", "de", "nl", "it", "da", "nb", "sv", "fi", "es", "pt")
LOOKUP = "scripts/lookups/countries.csv"
INTERNATIONAL = "XX"  # this project's own code, for agencies of several countries
REMEMBERED = 1 << 14  # names of countries, regions and towns that are folded again and again
# CLDR lists these two-letter codes among the territories; they are no countries.
NOT_COUNTRIES = {"EZ", "QO", "UN", "XA", "XB", "ZZ"}
# A letter with a full stop is part of an abbreviation: "U.S.A." is "USA".
ABBREVIATED = re.compile(r"\b(\w)\.(?=\W|\w\b|$)")


class UnknownCountry(ValueError):
    """A printed country that neither CLDR nor the lookups know."""


class CountryReader:
    """Reads printed country names: CLDR's names first, then our own lookup, then as people write them."""

    def __init__(self, lookup: Path) -> None:
        """Load the lookup of a folder's own words (columns as_printed, country, reason); raise Problems."""
        self.lookup = {row["as_printed"]: row for row in read_names(lookup, "as_printed")}
        self.used: set[str] = set()

    def read(self, printed: str) -> tuple[str, str]:
        """Return the ISO 3166-1 code (XX: international) and why; raise UnknownCountry."""
        if code := cldr_codes().get(printed.casefold()):
            return code, "" if printed == label_of(code) else "the country's name in another language"
        if row := self.lookup.get(printed):
            self.used.add(printed)
            return row["country"], row["reason"]
        if code := read_code(printed):
            row = everyday_names().get(fold_country(printed))
            return code, row["reason"] if row else "the country's name or code, written in another way"
        raise UnknownCountry(printed)

    def problems(self) -> list[Problem]:
        """Return a problem for each line of the lookup that no row has printed."""
        advice = "matches no report; delete the line"
        return [
            Problem(LOOKUP, "", row, "as_printed", printed, advice)
            for row, printed in enumerate(self.lookup, start=2)
            if printed not in self.used
        ]


def read_code(printed: str) -> str:
    """Return the ISO 3166-1 code of a country's name or code, however it is written; "" where it is none."""
    return cldr_codes().get(printed.casefold()) or folded_codes().get(fold_country(printed), "")


@lru_cache(REMEMBERED)
def fold_country(name: str) -> str:
    """Return a name as it is compared: small plain letters, "and" for "&", no accents, quotes, brackets or "the"."""
    text = unicodedata.normalize("NFKD", ABBREVIATED.sub(r"\1", name).replace("&", " and ")).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    words = re.findall(r"\w+", re.sub("['’‘ʼ`´]", "", text))
    return " ".join(word for word in words if word != "the") or " ".join(words)


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
def known_codes() -> set[str]:
    """Return the codes that stand for a country, and INTERNATIONAL."""
    return {*cldr_codes().values(), INTERNATIONAL}


@cache
def folded_codes() -> dict[str, str]:
    """Return code by folded name: the everyday ones, the ISO codes of three letters, and CLDR's before both."""
    codes = {name: row["country"] for name, row in everyday_names().items()}
    for code, meant in get_global("territory_aliases").items():
        # Of a country that became several, none is meant.
        if len(code) == 3 and code.isalpha() and len(meant) == 1 and meant[0] not in NOT_COUNTRIES:
            codes[code.lower()] = meant[0]
    # A code of two letters is read as it stands alone: "S.A." is a company or a country, "sa" in a column is a code.
    return codes | {fold_country(name): code for name, code in cldr_codes().items() if len(name) > 2}


@cache
def everyday_names() -> dict[str, Row]:
    """Return the lines of lookups/everyday_countries.csv by their folded names; raise Problems."""
    return {fold_country(row["name"]): row for row in read_names(LOOKUPS / "everyday_countries.csv", "name")}


def read_names(path: Path, column: str) -> list[Row]:
    """Return the lines of a lookup of countries; raise Problems where one has no name (column) or no known code."""
    file, rows, problems = f"scripts/lookups/{path.name}", read_table(path), []
    for number, row in enumerate(rows, start=2):
        if row["country"] not in known_codes():
            advice = "write the two letters of the country's code in ISO 3166-1, such as NZ"
            problems.append(Problem(file, "", number, "country", row["country"], advice))
        if not row[column].strip():
            problems.append(Problem(file, "", number, column, "", "write the country's name, or delete the line"))
    if problems:
        raise Problems(problems)
    return rows


@cache
def label_of(code: str) -> str:
    """Return the English name of an ISO 3166-1 code, or of INTERNATIONAL."""
    return "International" if code == INTERNATIONAL else Locale("en").territories[code]
