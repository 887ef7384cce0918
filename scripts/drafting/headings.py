"""What a heading says that its column holds, by lookups/heading_words.csv, however its words are joined."""

import re
from collections import defaultdict
from functools import cache

from lookups.tables import LOOKUPS, read_table
from rapidfuzz import fuzz
from text_unidecode import unidecode

# How sure a heading makes it: it is one of the words, it is like one (rapidfuzz), it holds one among others.
EXACT, LIKE, HOLDS = 100, 90, 50
LONG = 6  # letters: shorter words are alike by chance
CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])")
ALIKE = 85  # a word in another language
COUNTING = {"number", "total", "count"}
HOW_MANY = {*COUNTING, "#", "no", "nr", "of"}
EVERYWHERE = {"name", "names", "of", "the", "full", "official", "reporting", "as", "printed"}
FIELDS = (
    "agency", "country", "region", "searches", "locality", "date", "period", "link", "publisher",
    "first_search", "no", "note", "response", "licence",
)  # fmt: skip


def plain(heading: str) -> str:
    """Return a heading in small plain letters with its words apart: "AgencyName" and "agency_name" are alike."""
    text = re.sub(r"[^\w#]|_", " ", unidecode(CAMEL.sub(" ", heading.replace("%", " percent "))))
    return " ".join(text.casefold().split())


@cache
def words_of(field: str) -> frozenset[str]:
    """Return the words for a field, plain."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in read_table(LOOKUPS / "heading_words.csv"):
        found[row["field"]].add(plain(row["word"]))
    return frozenset(found[field])


def score(heading: str, field: str) -> float:
    """Return how surely a heading says that its column holds a field, 0 to 100."""
    text = plain(heading)
    if {text, core(text)} & words_of(field):
        return EXACT
    like = max((fuzz.ratio(text, word) for word in words_of(field) if len(word) >= LONG), default=0.0)
    if like >= LIKE:
        return float(like)
    if field not in ("agency", "searches"):
        return 0.0
    held = [word for word in words_of(field) if f" {word} " in f" {text} " and len(word) > 2]
    others = set(text.split()).difference(*(word.split() for word in held))
    others -= COUNTING if field == "searches" else set()
    return HOLDS if held and others.isdisjoint(words_of("beside")) else 0.0


def score_counted(heading: str, words: list[str]) -> float:
    """Return how surely a heading says that its column counts what a person calls by these words, 0 to 100.

    "Number of cameras" counts them, "cameras per 1,000 people" and "type of cameras" do not; "Kameras" are cameras.
    """
    text = plain(heading)
    if text in words:
        return EXACT
    held = [word for word in words if f" {word} " in f" {text} "]
    held += [one for one in text.split() if len(one) >= LONG and any(fuzz.ratio(one, word) >= ALIKE for word in words)]
    others = set(text.split()).difference(COUNTING, *(word.split() for word in held))
    return HOLDS if held and others.isdisjoint(words_of("beside")) else 0.0


def core(text: str) -> str:
    """Return a plain heading without words that every heading may have: "name of agency" is "agency"."""
    return " ".join(word for word in text.split() if word not in EVERYWHERE)


def is_heading(text: str) -> bool:
    """Return whether a text is a heading that is known for sure."""
    return any(score(text, field) >= EXACT for field in FIELDS)


def is_year(text: str) -> bool:
    """Return whether a text is a year, which may head the figures of that year."""
    return re.fullmatch(r"(?:19|20)\d\d", text.strip()) is not None


def counts_nothing(heading: str) -> bool:
    """Return whether the numbers under a heading are ids, places, years or the like."""
    words = plain(heading).split()
    while len(words) > 1 and words[0] in HOW_MANY:
        words = words[1:]  # "number of cameras" are counted, an "ID number" is not
    return not words_of("no count").isdisjoint({plain(heading), *words})


def names_places(heading: str) -> bool:
    """Return whether a heading says that its column holds places."""
    places = {*words_of("place"), *words_of("region"), *words_of("country")}
    return not places.isdisjoint({plain(heading), *plain(heading).split()})
