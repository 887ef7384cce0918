"""What can be searched for and by which names: agencies, sources, regulatory actions, in several languages."""

import re
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from cleaning.countries import everyday_names
from dataset.words import OURS
from exports.site_words import WORDS
from lookups.tables import LOOKUPS, read_table
from text_unidecode import unidecode

# The languages of the reports, in which a country may be asked for.
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "sl", "uk")
# An agency's own name counts more than where it is.
OF_OURS = "Everything here is about Clearview AI"  # why a word of our record alone carries no meaning
REGION_CODE = "abbreviation of "  # how the label of a name that stands for a state or province begins
NAME, PRINTED, PLACE, COUNTRY = 1.0, 0.98, 0.8, 0.75


@dataclass(frozen=True)
class Name:
    """One way to call an entry: the text, what it is (“printed name”), and how much it counts (0 to 1)."""

    text: str
    label: str
    weight: float


@dataclass(frozen=True)
class Entry:
    """An agency, source or regulatory action that can be found, with all its names."""

    id: str
    kind: str
    title: str
    country: str
    agency_type: str
    names: tuple[Name, ...]


def plain(text: str) -> str:
    """Return a text in small Latin letters without accents; however they were encoded."""
    return text.lower() if text.isascii() else str(unidecode(text)).lower()


def fold(text: str) -> list[str]:
    """Return the words of a text in plain letters, "R.C.M.P." as one."""
    words = plain(text).replace("'s ", " ").replace("'", " ")
    return re.findall(r"[a-z0-9]+", re.sub(r"\b(\w)\.(?=\w\b)", r"\1", words))


def read_meanings(text: str, words: dict[str, str]) -> list[str]:
    """Return the words of a text in their common meaning, those that carry none as ""; two words may have one."""
    plain_words = fold(text)
    meanings: list[str] = []
    while plain_words:
        pair = " ".join(plain_words[:2])
        taken = 2 if pair in words else 1
        word = " ".join(plain_words[:taken])
        meanings.append(words.get(word, word))
        del plain_words[:taken]
    return meanings


def read_words() -> dict[str, str]:
    """Return folded words, or two of them, with the word they stand for, "" for what carries no meaning."""
    rows = read_table(LOOKUPS / "search_words.csv")
    return {row["word"]: row["means"] for row in rows if WORDS == OURS or row["reason"] != OF_OURS}


def read_abbreviations() -> dict[str, list[Name]]:
    """Return the abbreviations of each agency by its id, and of each regulator by its name."""
    found = defaultdict(list)
    for row in read_table(LOOKUPS / "abbreviations.csv"):
        found[row["stands_for"]].append(Name(row["abbreviation"], "abbreviation", NAME))
    return found


def read_regions() -> dict[tuple[str, str], list[Name]]:
    """Return the abbreviations of states and provinces by country and folded name."""
    found = defaultdict(list)
    for row in read_table(LOOKUPS / "regions.csv"):
        key = row["country"], " ".join(fold(row["region"]))
        found[key].append(Name(row["abbreviation"], f"{REGION_CODE}{row['region']}", PLACE))
    return found


def read_entries(database: Path) -> list[Entry]:
    """Return everything that can be found in a database file."""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        return [*read_agencies(db), *read_sources(db), *read_acts(db)]
    finally:
        db.close()


def read_agencies(db: sqlite3.Connection) -> list[Entry]:
    """Return the agencies: by name, native name, printed names, abbreviations, place and country."""
    abbreviations, regions = read_abbreviations(), read_regions()
    entries = []
    for row in db.execute("select * from agencies order by id"):
        # "police" alone is printed of one agency and may mean any.
        printed = [alias for alias in row["aliases"].split("; ") if fold(alias) not in ([], ["police"])]
        names = [
            Name(row["name"], "name", NAME),
            *(Name(part, "native name", NAME) for part in (row["native_name"] or "").split(" / ") if part),
            *abbreviations.get(row["id"], ()),
            *(Name(alias, "printed name", PRINTED) for alias in printed),
            *(Name(place, "place", PLACE) for place in dict.fromkeys((row["locality"], row["region"])) if place),
            *regions.get((row["country"], " ".join(fold(row["region"] or ""))), ()),
            *country_names(row["country"], row["country_name"]),
        ]
        entries.append(Entry(row["id"], "agency", row["name"], row["country"], row["agency_type"], tuple(names)))
    return entries


@cache
def country_names(code: str, label: str) -> list[Name]:
    """Return a country's name in English, in the languages of the reports, and as people write it."""
    translated = [Locale(language).territories.get(code) for language in LANGUAGES]
    # Who looks for Northern Ireland does not mean the United Kingdom, whose name in full holds it.
    rows = [row for row in everyday_names().values() if row["country"] == code]
    everyday = [row["name"] for row in rows if row["reason"] in ("Everyday name", "Short form")]
    return [Name(text, "country", COUNTRY) for text in dict.fromkeys([label, *translated, *everyday]) if text]


def read_sources(db: sqlite3.Connection) -> list[Entry]:
    """Return the sources: by title, publisher and number."""
    entries = []
    for row in db.execute("select id, publisher, title, url from sources order by id"):
        names = [Name(row["publisher"], "publisher", NAME), Name(row["id"], "number", NAME)]
        if row["title"]:
            names.insert(0, Name(row["title"], "title", NAME))
        entries.append(Entry(row["id"], "source", row["title"] or row["url"], "", "", tuple(names)))
    return entries


def read_acts(db: sqlite3.Connection) -> list[Entry]:
    """Return the actions of regulators and courts: by regulator, its abbreviation, action, title and country."""
    abbreviations = read_abbreviations()
    rows = db.execute("""
        select regulatory_actions.*, countries.label as country_name
        from regulatory_actions join countries on countries.id = regulatory_actions.country
        order by regulatory_actions.id
    """)
    entries = []
    for row in rows:
        names = [
            Name(row["regulator"], "regulator", NAME),
            Name(row["action"], "action", NAME),
            *([Name(row["title"], "title", PRINTED)] if row["title"] else []),
            *abbreviations.get(row["regulator"], ()),
            *country_names(row["country"], row["country_name"]),
        ]
        entries.append(
            Entry(
                row["id"], "regulatory_action", f"{row['regulator']}: {row['action']}", row["country"], "", tuple(names)
            )
        )
    return entries
