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
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from babel.core import get_global
from cleaning.countries import cldr_codes
from lookups.tables import LOOKUPS, read_table

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


@dataclass(frozen=True)
class Agency:
    """An agency: its values by column, and the words for those that are codes."""

    id: str
    name: str
    values: dict[str, str | int | float | None]
    labels: dict[str, str]

    def say(self, column: str) -> str | int | float | None:
        """Return a column's value as a reader sees it; a country keeps its code, country_name is its word."""
        return self.values[column] if column == "country" else self.labels.get(column, self.values[column])

    def describe(self) -> str:
        """Return one line that says what is reported of it before anything else: a listing is not an accusation."""
        place = ", ".join(filter(None, (str(self.values["locality"] or ""), self.labels["country"])))
        return f"{self.labels['use_status']}. {self.labels['agency_type']}, {place}"


@dataclass
class Candidate:
    """An agency that a row may mean, how well its name fits (0 to 100), why, and what each property says to it."""

    agency: Agency
    name_score: float
    reason: str
    agreement: dict[str, bool] = field(default_factory=dict)
    match: bool = False

    @property
    def score(self) -> float:
        """How well name and properties fit together (0 to 100)."""
        return float(self.name_score * CONTRADICTED ** list(self.agreement.values()).count(False))


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
        self.known: dict[str, set[Words]] = defaultdict(set)
        for agency in self.agencies.values():
            for column in self.columns:
                self.known[column].update(self.read_agency(agency, column))

    @property
    def vocabulary(self) -> Vocabulary:
        """The types and properties that a query may name."""
        return Vocabulary(self.types, self.columns)

    def read(self, column: str, text: str) -> Words:
        """Return a value as comparable words; a country in any of the languages as its code."""
        if column in PLACES[:2] and (code := country_codes().get(" ".join(fold(text)))):
            return (code,)
        return tuple(sorted({meaning for meaning in read_meanings(text, self.words) if meaning}))

    def read_agency(self, agency: Agency, column: str) -> set[Words]:
        """Return the ways in which an agency's value of a column can be written."""
        texts = {str(agency.values[column] or ""), agency.labels.get(column, "")}
        return {words for text in texts if text not in SAYS_NOTHING and (words := self.read(column, text))}

    def compare(self, agency: Agency, column: str, texts: tuple[str, ...]) -> bool | None:
        """Return whether one of the texts is the agency's value; None where that cannot be said."""
        asked = {words for text in texts if (words := self.read(column, text))}
        own = self.read_agency(agency, column)
        if any(agree(words, value) for words in asked for value in own):
            return True
        foreign = any(agree(words, value) for words in asked for value in self.known[column])
        if column in PLACES[:2]:
            foreign = foreign or any(words[0] in country_codes().values() for words in asked)
        return False if own and foreign and agency.values[column] not in SAYS_NOTHING else None

    def find_candidates(self, query: Query) -> list[Candidate]:
        """Return the agencies that the query may mean, the best first; only the first can be a match."""
        found = [one for one in self.find_by_name(query) if self.has_type(one.agency, query)]
        for candidate in found:
            for column, texts in query.properties:
                agrees = self.compare(candidate.agency, column, texts)
                if agrees is not None:
                    candidate.agreement[column] = agrees
        found.sort(key=lambda one: (-one.score, one.agency.name, one.agency.id))
        if found:
            found[0].match = self.is_certain(query, found)
        return found[: query.limit]

    def find_by_name(self, query: Query) -> list[Candidate]:
        """Return the agencies found by name or id; without a name those that all the properties agree with."""
        if query.text.strip() in self.agencies:
            return [Candidate(self.agencies[query.text.strip()], 100, "matched the id")]
        if query.text.strip():
            found = self.matcher.match(query.text, limit=len(self.agencies))
            return [Candidate(self.agencies[match.id], match.score, match.reason) for match in found]
        return [
            Candidate(agency, WITHOUT_A_NAME, "matched the properties")
            for agency in self.agencies.values()
            if query.properties and all(self.compare(agency, *one) for one in query.properties)
        ]

    def find_beginning(self, prefix: str) -> list[Agency]:
        """Return the agencies that a person may be typing the name or id of, the likeliest first."""
        named = [candidate.agency for candidate in self.find_by_name(Query(prefix, frozenset(), "any", 1, ()))]
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


def agree(asked: Words, value: Words) -> bool:
    """Return whether one says all that the other says, as “police” and “Municipal police” do."""
    return set(asked) <= set(value) or set(value) <= set(asked)


def begins(agency: Agency, prefix: str) -> bool:
    """Return whether the agency's id, or a word of its name, begins with the prefix."""
    start = " ".join(fold(prefix))
    return agency.id.startswith(prefix.lower()) or f" {start}" in f" {' '.join(fold(agency.name))}"


def read_agencies(db: sqlite3.Connection) -> dict[str, Agency]:
    """Return every agency by its id, with the labels of its codes."""
    labels = {
        key["from"]: dict(db.execute(f"select id, label from [{key['table']}]").fetchall())
        for key in db.execute("pragma foreign_key_list(agencies)").fetchall()
    }
    agencies = {}
    for row in db.execute("select * from agencies order by id"):
        words = {column: found[row[column]] for column, found in labels.items()}
        agencies[row["id"]] = Agency(row["id"], row["name"], dict(row), words)
    return agencies


@cache
def country_codes() -> dict[str, str]:
    """Return the ISO 3166-1 code by folded name: in the languages of the reports, as a code, and as people say it."""
    codes = {code.lower(): replaced[0] for code, replaced in get_global("territory_aliases").items() if code.isalpha()}
    codes |= {" ".join(fold(name)): code for name, code in cldr_codes().items()}
    codes |= {" ".join(fold(row["name"])): row["country"] for row in read_table(LOOKUPS / "everyday_countries.csv")}
    return codes | {f"the {name}": code for name, code in codes.items()}


@lru_cache(maxsize=2)
def load_reconciler(database: Path) -> Reconciler:
    """Return the reconciler for a database file, made once a process."""
    return Reconciler(database)
