"""What a client of the reconciliation service asks, read strictly from its JSON.

The form is that of the W3C Reconciliation Service API 0.2: a batch is a JSON object of queries by the client's own
keys. What does not fit it is a BadQuery that names the key and the fault, never a query passed over.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

MOST_QUERIES = 1_000  # in one request, and so the most agencies in one request for values
MOST_WORDS = 12_000  # of all names and values in one request; 1,000 names with five properties have about 10,000
LONGEST_NAME = 300  # characters
MOST_CANDIDATES = 50
USUAL_CANDIDATES = 5
MOST_PROPERTIES = 40  # of a query, and values of a property
FIELDS = {"query", "type", "type_strict", "limit", "properties"}
STRICTNESS = ("any", "all", "should")


class BadQuery(ValueError):
    """A request that does not fit the specification, or names what is not there."""


class TooMany(BadQuery):
    """A request that asks for more than one request may."""


@dataclass(frozen=True)
class Query:
    """One name to match, with what else its row says: types wanted and properties with their values as text."""

    text: str
    types: frozenset[str]
    strictness: str
    limit: int
    properties: tuple[tuple[str, tuple[str, ...]], ...]

    def texts(self) -> list[str]:
        """Return the name and every value of a property."""
        return [self.text, *(value for _, values in self.properties for value in values)]

    def is_too_long(self) -> bool:
        """Return whether a text is longer than any that is known here, so that nothing can answer to it."""
        return any(len(text) > LONGEST_NAME for text in self.texts())

    def count_words(self) -> int:
        """Return how many words are to be looked up, each value as one at least."""
        return 0 if self.is_too_long() else sum(max(1, len(text.split())) for text in self.texts())


@dataclass(frozen=True)
class Vocabulary:
    """The ids of types and properties that a query may name."""

    types: Collection[str]
    properties: Collection[str]


def demand(holds: bool, fault: str) -> None:
    """Raise BadQuery with the fault unless the condition holds."""
    if not holds:
        raise BadQuery(fault)


def show(value: object) -> str:
    """Return a value of the client's for an error message: short and in plain letters."""
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def read_json(text: str, name: str) -> dict[str, Any]:
    """Return the JSON object in a field of the request; raise BadQuery where it is none."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # half a character cannot be sent back
    except UnicodeEncodeError:
        raise BadQuery(f"{name} holds half of a surrogate pair") from None
    except RecursionError:
        raise BadQuery(f"{name} is nested too deeply") from None
    except ValueError as error:
        raise BadQuery(f"{name} is not JSON: {error}") from None
    demand(isinstance(value, dict), f"{name} must be a JSON object, not {show(value)}")
    return dict(value)


def read_batch(text: str, known: Vocabulary) -> dict[str, Query]:
    """Return the queries of a batch by the client's keys."""
    batch = read_json(text, "queries")
    if len(batch) > MOST_QUERIES:
        raise TooMany(f"{len(batch):,} queries in one request; send {MOST_QUERIES:,} at most, as batchSize says")
    queries = {key: read_query(query, f"query {show(key)}", known) for key, query in batch.items()}
    words = sum(query.count_words() for query in queries.values())
    if words > MOST_WORDS:
        raise TooMany(
            f"{words:,} words in names and values in one request; send {MOST_WORDS:,} at most, in more requests"
        )
    return queries


def read_query(asked: object, where: str, known: Vocabulary) -> Query:
    """Return one query; where names it in a fault."""
    if not isinstance(asked, dict):
        raise BadQuery(f"{where} must be an object with the name in “query”, not {show(asked)}")
    for field in asked:
        demand(field in FIELDS, f"{where} has a field {show(field)}; the fields are {', '.join(sorted(FIELDS))}")
    text = asked.get("query", "")
    demand(isinstance(text, str), f"{where}: “query” must be a text, not {show(text)}")
    properties = read_properties(asked.get("properties", []), where, known)
    demand("query" in asked or bool(properties), f"{where} has neither “query” nor “properties”")
    limit = asked.get("limit", USUAL_CANDIDATES)
    demand(type(limit) is int and limit > 0, f"{where}: “limit” must be a whole number, 1 or more")
    strictness = asked.get("type_strict", "any")
    demand(strictness in STRICTNESS, f"{where}: “type_strict” must be one of {', '.join(STRICTNESS)}")
    return Query(
        text, read_types(asked.get("type", []), where, known), strictness, min(limit, MOST_CANDIDATES), properties
    )


def read_types(asked: object, where: str, known: Vocabulary) -> frozenset[str]:
    """Return the types wanted: none, one id, or a list of ids."""
    types = asked if isinstance(asked, list) else [asked]
    for wanted in types:
        demand(
            isinstance(wanted, str) and wanted in known.types,
            f"{where}: no type {show(wanted)}; the types are {', '.join(known.types)}",
        )
    return frozenset(types)


def read_properties(asked: object, where: str, known: Vocabulary) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each property with its values as text; empty values are left out, since they say nothing."""
    if not isinstance(asked, list) or len(asked) > MOST_PROPERTIES:
        raise BadQuery(f"{where}: “properties” must be a list of {MOST_PROPERTIES} at most, not {show(asked)}")
    read = []
    for one in asked:
        if not isinstance(one, dict) or not {"pid", "v"} <= one.keys():
            raise BadQuery(f"{where}: a property must be an object with “pid” and “v”, not {show(one)}")
        check_property(one["pid"], where, known)
        values = one["v"] if isinstance(one["v"], list) else [one["v"]]
        demand(len(values) <= MOST_PROPERTIES, f"{where}: a property may have {MOST_PROPERTIES} values")
        texts = tuple(text for value in values if (text := read_value(value, where)))
        read.append((one["pid"], texts))
    return tuple(read)


def check_property(pid: object, where: str, known: Vocabulary) -> None:
    """Raise BadQuery unless this is the id of a property."""
    demand(
        isinstance(pid, str) and pid in known.properties,
        f"{where}: no property {show(pid)}; the properties are {', '.join(known.properties)}",
    )


def read_value(value: object, where: str) -> str:
    """Return a property's value as text; a reconciled cell gives its name, else its id."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("id")
        demand(isinstance(value, str), f"{where}: a value that is an object must have “id” or “name”")
    demand(value is None or isinstance(value, str | int | float), f"{where}: {show(value)} is no value of a property")
    text = "" if value is None else str(value)
    return text.strip()


def read_extension(text: str, known: Vocabulary) -> tuple[list[str], list[str]]:
    """Return the ids of the agencies whose values are wanted, and the ids of the properties."""
    asked = read_json(text, "extend")
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise BadQuery(f"extend: “ids” must be a list of texts, not {show(ids)}")
    if len(ids) > MOST_QUERIES:
        raise TooMany(f"{len(ids):,} ids in one request; send {MOST_QUERIES:,} at most")
    if not isinstance(properties, list) or not all(isinstance(one, dict) for one in properties):
        raise BadQuery(f"extend: “properties” must be a list of objects with “id”, not {show(properties)}")
    wanted = [one.get("id") for one in properties]
    for pid in wanted:
        check_property(pid, "extend", known)
    return ids, list(dict.fromkeys(wanted))
