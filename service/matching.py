"""Which agencies, sources and regulatory actions a reader means, whatever accents, case, word order, typing errors.

    matcher = load_matcher(Path("clearview.db"))
    matcher.match("Tornto polise", country="CA", limit=3)  # [Match(id="ca-toronto-police-service", ...)]

A score is 0 to 100; 100 only where the query is one of the entry's own names, abbreviations or printed names.
How: each word of the query is looked up among the words of the names (as it is, as a word's start, or with one or two
typing errors, measured by rapidfuzz). Rare words count more than common ones, and an entry must match at least
COVERED of the query's weight, so that "Berlin police" does not find every police force.
"""

import re
from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from service.search_entries import REGION_CODE, Entry, Name, fold, plain, read_entries, read_meanings, read_words

COVERED = 0.6
WORD_START, ONE_ERROR, TWO_ERRORS = 0.95, 0.9, 0.8
NOT_EXACT = 95.0  # the best score of an entry that the query does not name exactly
OWN_NAME = 0.9  # names of this weight or more are the entry's own, not its place or country


@dataclass(frozen=True)
class Match:
    """One entry that matches a query: its score (0 to 100) and, for the reader, why it was found."""

    id: str
    kind: str
    title: str
    score: float
    reason: str
    country: str
    agency_type: str


class Index:
    """The words of all entries of one kind, and which names hold them."""

    def __init__(self, entries: list[Entry], words: dict[str, str]) -> None:
        """Take the entries and the words with their common meaning ("" for a word without weight)."""
        self.entries, self.words = entries, words
        self.folded = [[fold(name.text) for name in entry.names] for entry in entries]
        self.phrases = [[self.read(name.text) for name in entry.names] for entry in entries]
        self.region_codes = {
            name.text.lower() for entry in entries for name in entry.names if name.label.startswith(REGION_CODE)
        }
        self.holders: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for place, phrases in enumerate(self.phrases):
            for number, phrase in enumerate(phrases):
                # A word that carries no meaning is found where nothing else is asked for: "Clearview AI".
                idle = [word for word in self.folded[place][number] if self.words.get(word) == ""]
                for word in (*phrase, *idle):
                    self.holders[word].add((place, number))
        known = {word for word, meaning in words.items() if meaning in self.holders and " " not in word}
        self.vocabulary = sorted({*self.holders, *known})

    def read(self, text: str) -> list[str]:
        """Return the words of a text in their common meaning, without those that carry none unless all are such."""
        return [meaning for meaning in read_meanings(text, self.words) if meaning] or fold(text)

    def read_query(self, query: str) -> list[str]:
        """Return the words of a query; what is written in capitals, as "ON" for Ontario, is no word such as "on"."""
        capitals = [] if query.isupper() else re.findall(r"\b[A-Z]{2,3}\b", query)
        codes = [code.lower() for code in capitals if self.words.get(code.lower()) == ""]
        return [*self.read(query), *(code for code in codes if code in self.region_codes)]

    def weight(self, word: str) -> float:
        """Return how telling a word is: more for a word that fewer entries have, most for an unknown one."""
        held_by = len({place for place, _ in self.holders.get(word, ())})
        return log(1 + len(self.entries) / (held_by or 0.5))

    def find_words(self, word: str) -> dict[str, float]:
        """Return the known words that a typed word can mean, with the quality of each reading (0 to 1)."""
        if word in self.holders:
            return {word: 1.0} | self.starting_with(word)
        found = self.starting_with(word)
        errors = 0 if len(word) < 4 else 1 if len(word) < 6 else 2
        near = process.extract(word, self.vocabulary, scorer=OSA.distance, score_cutoff=errors, limit=None)
        for known, distance, _ in near if errors else ():
            # Two errors in a short word make another word ("banana" and "Canada"), unless its start is right.
            if distance < 2 or len(word) > 7 or known[:1] == word[:1]:
                meaning = self.words.get(known, known)
                found[meaning] = max(found.get(meaning, 0), ONE_ERROR if distance < 2 else TWO_ERRORS)
        return found

    def starting_with(self, word: str) -> dict[str, float]:
        """Return the known words that begin with a typed word of three letters or more."""
        if len(word) < 3:
            return {}
        first, last = bisect(self.vocabulary, word), bisect(self.vocabulary, word + "~")
        return {self.words.get(known, known): WORD_START for known in self.vocabulary[first:last]}

    def search(self, query: str) -> list["Hit"]:
        """Return every entry that matches the query, in no order."""
        words = list(dict.fromkeys(self.read_query(query)))  # a word said 75 times says no more, and costs no more
        read = [self.find_words(word) for word in words]
        weights = [self.weigh(word, readings) for word, readings in zip(words, read, strict=True)]
        rows: dict[int, dict[int, list[float]]] = defaultdict(dict)
        for column, readings in enumerate(read):
            for (place, number), value in self.find_holders(readings).items():
                rows[place].setdefault(number, [0.0] * len(words))[column] = value * weights[column]
        enough = COVERED * sum(weights)
        found = [
            self.judge(fold(query), words, place, names, sum(weights))
            for place, names in rows.items()
            if sum(map(max, zip(*names.values(), strict=True))) >= enough
        ]
        return found or self.search_run_together(words)

    def find_holders(self, readings: dict[str, float]) -> dict[tuple[int, int], float]:
        """Return the entry and name that hold a reading of a word, with quality times the name's weight."""
        holders: dict[tuple[int, int], float] = {}
        for word, quality in readings.items():
            for place, number in self.holders.get(word, ()):
                value = quality * self.entries[place].names[number].weight
                holders[place, number] = max(value, holders.get((place, number), 0))
        return holders

    def weigh(self, word: str, readings: dict[str, float]) -> float:
        """Return the weight of a typed word: that of its best reading, the commonest of equals."""
        if not readings:
            return self.weight(word)
        best = max(readings.values())
        return min(self.weight(known) for known, quality in readings.items() if quality == best)

    def judge(
        self, plain: list[str], words: list[str], place: int, names: dict[int, list[float]], whole: float
    ) -> "Hit":
        """Return an entry with its score; names holds, for each name hit, the weight it carries of each word."""
        entry, typed = self.entries[place], " ".join(words)
        likeness = {number: fuzz.token_sort_ratio(typed, " ".join(self.phrases[place][number])) for number in names}
        own = {number for number in names if entry.names[number].weight >= OWN_NAME}
        exact = [number for number in own if self.folded[place][number] == plain]
        if exact:
            best = max(exact, key=lambda number: entry.names[number].weight)
            return Hit(100 * entry.names[best].weight, entry, [entry.names[best]])
        covered = sum(map(max, zip(*names.values(), strict=True))) / whole
        score = min(NOT_EXACT, 75 * covered + max((likeness[number] for number in own), default=0) / 4)
        ordered = sorted(names, key=lambda number: (-round(sum(names[number]), 6), -likeness[number], number))
        return Hit(round(score, 1), entry, [entry.names[number] for number in choose_names(ordered, names)])

    def search_run_together(self, words: list[str]) -> list["Hit"]:
        """Return what matches when blanks are left out or put in: "scotlandyard", "Inter pol"."""
        typed = "".join(words)
        found = []
        for place, entry in enumerate(self.entries if len(typed) > 6 else []):
            for name, phrase in zip(entry.names, self.phrases[place], strict=True):
                if name.weight >= OWN_NAME and OSA.distance(typed, "".join(phrase), score_cutoff=1) <= 1:
                    found.append(Hit(round(90 * name.weight, 1), entry, [name]))
                    break
        return found


@dataclass(frozen=True)
class Hit:
    """An entry found, its score, and the names that together match the query."""

    score: float
    entry: Entry
    names: list[Name]

    def explain(self) -> str:
        """Return the reason a reader sees: matched the printed name “GRC” and the place “Ottawa”."""
        ordered = sorted(self.names, key=lambda name: (-name.weight, name.text))
        return "matched " + " and ".join(f"the {name.label} “{name.text}”" for name in ordered)


def choose_names(ordered: list[int], names: dict[int, list[float]]) -> list[int]:
    """Return the fewest names, the most telling first, that hold every word any of them holds."""
    chosen: list[int] = []
    held: set[int] = set()
    for number in ordered:
        columns = {column for column, value in enumerate(names[number]) if value}
        if not columns <= held:
            chosen.append(number)
            held |= columns
    return chosen


class Matcher:
    """Agencies, sources and regulatory actions, each with an index of its own."""

    def __init__(self, entries: list[Entry], words: dict[str, str]) -> None:
        """Take every entry; kinds are those the entries name (agency, source, regulatory action)."""
        kinds = sorted({entry.kind for entry in entries})
        self.indexes = {kind: Index([entry for entry in entries if entry.kind == kind], words) for kind in kinds}

    def match(
        self,
        query: str,
        country: str | None = None,
        agency_type: str | None = None,
        limit: int | None = 10,
        kind: str = "agency",
    ) -> list[Match]:
        """Return the entries of a kind that a query can mean, best first; country and agency_type are ids."""
        # Another dataset need not have entries of every kind: regulatory actions, say.
        if not re.search(r"\w", query) or kind not in self.indexes:
            return []
        found = [
            hit
            for hit in self.indexes[kind].search(query)
            if country in (None, hit.entry.country) and agency_type in (None, hit.entry.agency_type)
        ]
        found.sort(key=lambda hit: (-hit.score, plain(hit.entry.title), hit.entry.id))
        return [
            Match(
                hit.entry.id, kind, hit.entry.title, hit.score, hit.explain(), hit.entry.country, hit.entry.agency_type
            )
            for hit in found[:limit]
        ]


@lru_cache(maxsize=2)
def load_matcher(database: Path) -> Matcher:
    """Return the matcher for a database file, made once a process."""
    return Matcher(read_entries(database), read_words())
