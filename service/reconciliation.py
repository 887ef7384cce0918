"""Which of our agencies a row of somebody's own table means, and how sure that is.

    reconciler = load_reconciler(Path("clearview.db"))
    reconciler.find_candidates(query)  # [Candidate(Agency("ca-toronto-police-service", ...), score=98.0, ...)]

The score is that of the search (service/matching.py): 100 for the agency's own name, native name, abbreviation or id,
98 for a name as printed in a report, up to 95 for what comes near. Each property of the row that contradicts the agency
halves it. A property contradicts only where its value is one that we know of another agency: “Law enforcement” says
nothing against a “National police”, “Belgium” does against an agency in Canada.

A match is certain only where the row gives one of the agency's names and says where it is, in a property or in the
name itself: AFP, Metropolitan Police and Ministry of Defence are agencies of several countries, most of them not here.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from heapq import heappop, heappush
from pathlib import Path
from threading import Lock

from cleaning.countries import cldr_codes, read_code

from service.agencies import Agency, read_agencies
from service.matching import load_matcher
from service.reconciliation_queries import Query, Vocabulary
from service.search_entries import fold, read_meanings, read_words

EVERY_BODY = "agency"  # the type that all of them have; the others are the ids of agency_types
NAMED = 98.0  # the lowest score of a name, a native name or a printed name
NEAR = 92.0  # a second candidate from here on makes the first one doubtful
WITHOUT_A_NAME = 50.0
CONTRADICTED = 0.5
PLACES = ("country", "country_name", "region", "locality")
SAYS_NOTHING = {"XX", "not_stated"}  # codes that agree with anything: international, and what no report says

Words = tuple[str, ...]


@dataclass
class Candidate:
    """An agency that a row may mean, how well its name fits (0 to 100), why, and what each property says to it."""

    agency: Agency
    name_score: float
    explain: Callable[[], str]
    agreement: dict[str, bool] = field(default_factory=dict)
    match: bool = False

    @property
    def reason(self) -> str:
        """Say why it was found; this is asked only of the few that are told."""
        return self.explain()

    @property
    def score(self) -> float:
        """How well name and properties fit together (0 to 100)."""
        return float(self.name_score * CONTRADICTED ** list(self.agreement.values()).count(False))


@dataclass(frozen=True)
class Asked:
    """A property that a query gives: its values as comparable words, and whether some agency has such a value."""

    column: str
    words: set[Words]
    is_known: bool


class Reconciler:
    """The agencies of a database, ready to be matched with names and properties."""

    def __init__(self, database: Path) -> None:
        """Read every agency, the labels of codes, and which values each column knows."""
        self.matcher = load_matcher(database)
        self.words = read_words()
        db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        db.row_factory = sqlite3.Row
        try:
            self.types = {EVERY_BODY: "Agency"} | dict(db.execute("select id, label from agency_types order by sort"))
            self.agencies = read_agencies(db)
        finally:
            db.close()
        self.columns = [column for column in next(iter(self.agencies.values())).values if column != "id"]
        self.own: dict[tuple[str, str], set[Words]] = {}  # by agency and column
        self.known: dict[str, set[Words]] = defaultdict(set)
        read = cache(self.read)  # many agencies have the same country, kind and labels
        for agency in self.agencies.values():
            for column in self.columns:
                self.own[agency.id, column] = read_agency(agency, column, read)
                self.known[column].update(self.own[agency.id, column])

    @property
    def vocabulary(self) -> Vocabulary:
        """The types and properties that a query may name."""
        return Vocabulary(self.types, self.columns)

    def read(self, column: str, text: str) -> Words:
        """Return a value as comparable words; a country, however it is written, as its code."""
        if column in PLACES[:2] and (code := read_code(text)):
            return (code,)
        return tuple(sorted({meaning for meaning in read_meanings(text, self.words) if meaning}))

    def ask_property(self, column: str, texts: tuple[str, ...]) -> Asked:
        """Return a property that a query gives, with whether some agency has such a value."""
        words = {words for text in texts if (words := self.read(column, text))}
        known = any(agree(one, value) for one in words for value in self.known[column])
        if column in PLACES[:2]:
            known = known or any(one[0] in cldr_codes().values() for one in words)
        return Asked(column, words, known)

    def compare(self, agency: Agency, asked: Asked) -> bool | None:
        """Return whether the agency has a value that is asked; None where that cannot be said."""
        own = self.own[agency.id, asked.column]
        if any(agree(words, value) for words in asked.words for value in own):
            return True
        return False if own and asked.is_known and agency.values[asked.column] not in SAYS_NOTHING else None

    def find_candidates(self, query: Query) -> list[Candidate]:
        """Return the agencies that the query may mean, the best first; only the first can be a match."""
        if query.is_too_long():
            return []
        properties = [self.ask_property(column, texts) for column, texts in query.properties]
        named = [one for one in self.find_by_name(query, properties) if self.has_type(one.agency, query)]
        found = self.judge(named, properties, max(query.limit, 2))
        found.sort(key=lambda one: (-one.score, one.agency.name, one.agency.id))
        if found:
            found[0].match = self.is_certain(query, found)
        return found[: query.limit]

    def judge(self, named: list[Candidate], properties: list[Asked], wanted: int) -> list[Candidate]:
        """Return the candidates compared with the properties; those whose name is too far off to be wanted are not."""
        judged: list[Candidate] = []
        best: list[float] = []  # the best scores so far, the lowest of them first
        for candidate in sorted(named, key=lambda one: -one.name_score):
            if len(best) == wanted and candidate.name_score < best[0]:
                break
            for asked in properties:
                agrees = self.compare(candidate.agency, asked)
                if agrees is not None:
                    candidate.agreement[asked.column] = agrees
            judged.append(candidate)
            heappush(best, candidate.score)
            if len(best) > wanted:
                heappop(best)
        return judged

    def find_by_name(self, query: Query, properties: list[Asked]) -> list[Candidate]:
        """Return the agencies found by name or id; without a name those that all the properties agree with."""
        if query.text.strip() in self.agencies:
            return [Candidate(self.agencies[query.text.strip()], 100, lambda: "matched the id")]
        if query.text.strip():
            found = self.matcher.match(query.text, limit=len(self.agencies))
            return [Candidate(self.agencies[match.id], match.score, match.explain) for match in found]
        return [
            Candidate(agency, WITHOUT_A_NAME, lambda: "matched the properties")
            for agency in self.agencies.values()
            if properties and all(self.compare(agency, asked) for asked in properties)
        ]

    def find_beginning(self, prefix: str) -> list[Agency]:
        """Return the agencies that a person may be typing the name or id of, the likeliest first."""
        named = [candidate.agency for candidate in self.find_by_name(Query(prefix, frozenset(), "any", 1, ()), [])]
        begun = [agency for agency in self.agencies.values() if begins(agency, prefix)]
        return list({agency.id: agency for agency in [*named, *begun]}.values())

    def has_type(self, agency: Agency, query: Query) -> bool:
        """Return whether an agency is of the types wanted."""
        own = self.types_of(agency).keys()
        if not query.types or query.strictness == "should":
            return True
        return query.types <= own if query.strictness == "all" else bool(query.types & own)

    def is_certain(self, query: Query, found: list[Candidate]) -> bool:
        """Return whether the first candidate is meant: named exactly, in its place, with no other agency near it."""
        first, others = found[0], found[1:]
        if first.score < NAMED or (others and others[0].score >= NEAR):
            return False
        if query.text.strip() == first.agency.id or first.agency.values["country"] == "XX":
            return True
        placed = any(first.agreement.get(column) for column in PLACES)
        return placed or self.names_its_place(query.text, first.agency)

    def names_its_place(self, text: str, agency: Agency) -> bool:
        """Return whether a name holds the agency's town, region or country, and more than that alone."""
        index = self.matcher.indexes["agency"]
        words = set(index.read(text))
        entry = next(entry for entry in index.entries if entry.id == agency.id)
        places = {word for name in entry.names if name.label in ("place", "country") for word in index.read(name.text)}
        return bool(words & places) and bool(words - places)

    def types_of(self, agency: Agency) -> dict[str, str]:
        """Return the types of an agency, by id: the one of all agencies, and its own."""
        return {one: self.types[one] for one in (EVERY_BODY, str(agency.values["agency_type"]))}


def read_agency(agency: Agency, column: str, read: Callable[[str, str], Words]) -> set[Words]:
    """Return the ways in which an agency's value of a column can be written."""
    texts = {str(agency.values[column] or ""), agency.labels.get(column, "")}
    return {words for text in texts if text not in SAYS_NOTHING and (words := read(column, text))}


def agree(asked: Words, value: Words) -> bool:
    """Return whether one says all that the other says, as “police” and “Municipal police” do."""
    return set(asked) <= set(value) or set(value) <= set(asked)


def begins(agency: Agency, prefix: str) -> bool:
    """Return whether the agency's id, or a word of its name, begins with the prefix."""
    start = " ".join(fold(prefix))
    return agency.id.startswith(prefix.lower()) or f" {start}" in f" {' '.join(fold(agency.name))}"


ONE_AT_A_TIME = Lock()


def load_reconciler(database: Path) -> Reconciler:
    """Return the reconciler for a database file, made once a process; whoever asks while it is made waits for it."""
    with ONE_AT_A_TIME:
        return make_reconciler(database)


make_reconciler = lru_cache(maxsize=2)(Reconciler)
