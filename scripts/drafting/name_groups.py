"""Names grouped by likeness: which of them may be other spellings of one agency, for a person to decide.

Only names that are alike when abbreviations are spelt out are suggested as one. What is merely like another is an
agency of its own, with a remark; names that differ in a number, a state, a compass word or the kind of place have none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from lookups.tables import LOOKUPS, read_table
from rapidfuzz import fuzz, process
from text_unidecode import unidecode
from tqdm import tqdm

from drafting.columns import us_states

SPELT_OUT = {
    "pd": "police department", "so": "sheriffs office", "dept": "department", "univ": "university", "co": "county",
    "twp": "township", "st": "saint", "ft": "fort", "mt": "mount", "dpt": "department", "sheriff": "sheriffs",
}  # fmt: skip
OF_ANY = {"department", "office", "service", "agency", "city", "town", "district", "bureau", "division"}
FILLING = {"the", "of", "and", "de", "du", "la", "le", "der", "die"}
LIKE = 90  # from this likeness (rapidfuzz, of 100) of their rare words on, a name has a remark of the other


class Key(NamedTuple):
    """A printed name, the code of its country, its region and its town, "" where none is given."""

    name: str
    code: str
    region: str
    locality: str = ""


class Group(NamedTuple):
    """A name with the name it is taken to be another spelling of (itself for most), and the one that it is like."""

    key: Key
    agency: str
    like: str


def spell_out(name: str) -> str:
    """Return a name in plain small letters, its words in order, usual abbreviations spelt out."""
    words = re.sub(r"[^\w\s]", " ", re.sub(r"['’.]", "", unidecode(name)).casefold()).split()
    spelt = " ".join(SPELT_OUT.get(word, word) for word in words).split()
    return " ".join(sorted(word for word in spelt if word not in FILLING))


def group_names(names: Counter[Key]) -> Iterator[Group]:
    """Yield each name with the agency it belongs to, by country, region and town, the most printed first."""
    plain = {key.name: spell_out(key.name) for key in names}
    common = Counter(word for text in plain.values() for word in set(text.split()))
    often = {word for word, count in common.items() if count > max(5, len(plain) / 50)}
    by_place: dict[tuple[str, ...], list[Key]] = defaultdict(list)
    for key in sorted(names, key=lambda key: (-names[key], key)):
        by_place[key[1:]].append(key)
    with tqdm(total=len(names), unit=" names", delay=2, disable=None) as bar:
        for place in sorted(by_place):
            known: dict[str, str] = {}
            alike: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
            for key in by_place[place]:
                text = plain[key.name]
                yield Group(key, known.get(text, key.name), find_like(text, known, alike, often))
                known.setdefault(text, key.name)
                bar.update()


def find_like(text: str, known: dict[str, str], alike: dict[tuple[str, ...], dict[str, str]], often: set[str]) -> str:
    """Return the name that this one is like without being it, "" where there is none; keep this one to compare."""
    words = text.split()
    rare = " ".join(word for word in words if word not in often)
    # Only names that say the same of number, state, direction and kind, of place and of agency, are compared, by their
    # first letters.
    block = (*(word for word in words if is_telling(word) or (word in often and word not in OF_ANY)), rare[:2])
    others = alike[block] if rare else {}  # of common words alone, nothing tells one name from another
    best = process.extractOne(rare, others.keys(), scorer=fuzz.ratio, score_cutoff=LIKE) if others else None
    others.setdefault(rare, text)
    return known[others[best[0]]] if best and text not in known and others[best[0]] != text else ""


@cache
def is_telling(word: str) -> bool:
    """Return whether a word tells agencies apart that are otherwise alike."""
    return bool(re.search(r"\d", word)) or word in telling_words()


@cache
def telling_words() -> frozenset[str]:
    """Return numbers, compass words, kinds of place and states, in small letters."""
    words = {row["word"] for row in read_table(LOOKUPS / "telling_words.csv")}
    return frozenset(words | {word for state in us_states() for word in state.split()})
