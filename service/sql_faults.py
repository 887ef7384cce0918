"""What a reader is told when SQLite refuses a statement: where the fault is, and which name was probably meant."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from service.sql_place import find_refused_word
from service.sql_words import KEYWORDS, Schema, Word, find_sources, split_words

ALIKE = 0.6  # of 1; below, another name is no help
MOST_SUGGESTIONS = 3
# What other databases call what SQLite has under another name.
ELSEWHERE = {
    "len": "length", "char_length": "length", "left": "substr", "right": "substr", "mid": "substr",
    "charindex": "instr", "position": "instr", "strpos": "instr", "isnull": "ifnull", "nvl": "coalesce",
    "to_char": "strftime", "date_format": "strftime", "date_trunc": "strftime", "year": "strftime",
    "month": "strftime", "now": "date", "string_agg": "group_concat", "listagg": "group_concat",
    "array_agg": "json_group_array", "ucase": "upper", "lcase": "lower", "greatest": "max", "least": "min",
    "regexp_replace": "replace", "if": "iif", "ceiling": "ceil",
}  # fmt: skip


@dataclass(frozen=True)
class Suggestion:
    """A name that was probably meant, and the statement with it."""

    name: str
    sql: str


@dataclass(frozen=True)
class Fault:
    """A refusal with what helps. start and end count characters from 0; both None where no place is known."""

    error: str
    start: int | None = None
    end: int | None = None
    line: int | None = None
    column: int | None = None
    hint: str = ""
    did_you_mean: tuple[Suggestion, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what a program is told beside the error: only what is known."""
        return {name: value for name, value in asdict(self).items() if name != "error" and value not in (None, "", ())}


@dataclass(frozen=True)
class Asked:
    """A refused statement, and what there is to ask."""

    sql: str
    schema: Schema
    functions: Collection[str]

    @property
    def words(self) -> list[Word]:
        """Return the words of the statement."""
        return split_words(self.sql)

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Return the tables it takes rows from, with the names they go by."""
        return list(find_sources(self.words, self.schema))


def rank_names(wrong: str, names: Iterable[str]) -> list[str]:
    """Return the names most like a wrong one, the likeliest first."""
    known = sorted({name for name in names if name.lower() != wrong.lower()})
    found = process.extract(
        wrong.lower(), known, scorer=OSA.normalized_similarity, processor=str.lower, score_cutoff=ALIKE, limit=None
    )
    longer = [name for name in known if len(wrong) > MOST_SUGGESTIONS and wrong.lower() in name.lower()]
    return list(dict.fromkeys([*(name for name, *_ in found), *longer]))[:MOST_SUGGESTIONS]


def replace_words(sql: str, wrong: Iterable[Word], right: str) -> str:
    """Return the statement with another name in these places."""
    for word in sorted(wrong, key=lambda each: each.start, reverse=True):
        sql = sql[: word.start] + right + sql[word.end :]
    return sql


def describe(error: str, asked: Asked, places: list[Word], names: Iterable[str] = (), hint: str = "") -> Fault:
    """Return the fault at the first of these places, with the statement as each of the names would make it."""
    meant = tuple(Suggestion(name, replace_words(asked.sql, places, name)) for name in names)
    if not places:
        return Fault(error, hint=hint)
    start, end = places[0].start, places[0].end
    line = asked.sql.count("\n", 0, start) + 1
    return Fault(error, start, end, line, start - asked.sql.rfind("\n", 0, start), hint, meant)


def named(asked: Asked, name: str, *, called: bool = False) -> list[Word]:
    """Return the places of a name in a statement; called: only where a bracket follows."""
    words = asked.words
    after = [*(word.text for word in words[1:]), ""]
    return [
        word
        for word, following in zip(words, after, strict=True)
        if word.name == name.lower() and (not called or following == "(")
    ]


def explain_table(error: str, asked: Asked, name: str) -> Fault:
    """Return the fault of a table that is not there."""
    name = name.removeprefix("main.")
    return describe(error, asked, named(asked, name), rank_names(name, asked.schema))


def explain_column(error: str, asked: Asked, name: str) -> Fault:
    """Return the fault of a column that is not there, or that is another table's."""
    qualifier, _, column = name.rpartition(".")
    tables = [table for table, alias in asked.sources if qualifier.lower() in ("", alias, table.lower())]
    if qualifier and not tables:
        going_by = [alias for _, alias in asked.sources]
        return describe(error, asked, named(asked, qualifier), rank_names(qualifier, going_by) or going_by[:1])
    names = rank_names(column, (each for table in tables for each in asked.schema[table]))
    elsewhere = [table for table, columns in asked.schema.items() if column.lower() in columns and table not in tables]
    hint = f"{column} is a column of {', '.join(elsewhere)}: join that table." if elsewhere else ""
    return describe(error, asked, named(asked, column), names, hint)


def explain_function(error: str, asked: Asked, name: str) -> Fault:
    """Return the fault of a function that is not there."""
    other = ELSEWHERE.get(name.lower())
    names = [other] if other in asked.functions else rank_names(name, asked.functions)
    return describe(error, asked, named(asked, name, called=True), [each for each in names if each])


def explain_ambiguous(error: str, asked: Asked, name: str) -> Fault:
    """Return the fault of a column that several tables have, or of a table that is named twice."""
    table = name.rpartition(".")[0]
    if table:
        hint = f"{table} is named twice: give one another name, as in {table} as other."
        return describe(error, asked, named(asked, table)[:1], hint=hint)
    having = [alias for table, alias in asked.sources if name.lower() in asked.schema[table]]
    words = asked.words
    alone = [word for place, word in enumerate(words) if word.name == name.lower() and words[place - 1].text != "."]
    return describe(error, asked, alone, [f"{alias}.{name}" for alias in having])


def explain_syntax(error: str, asked: Asked, text: str) -> Fault:
    """Return the fault of a word where another was due; a misspelt keyword before it is the likelier cause."""
    place = find_refused_word(asked.sql, text)
    words = asked.words
    at = next((number for number, word in enumerate(words) if word.start == place), None)
    if at is None:
        return Fault(error)
    for word in (words[at], words[at - 1]) if at else (words[at],):
        if word.kind == "name" and word.name not in KEYWORDS and (meant := rank_names(word.name, KEYWORDS)):
            return describe(error, asked, [word], meant[:1])
    return describe(error, asked, [words[at]])


def explain_end(error: str, asked: Asked, _: str) -> Fault:
    """Return the fault of a statement that stops too early."""
    texts = [word.text for word in asked.words]
    missing = texts.count("(") - texts.count(")")
    hint = f"{missing} opened bracket{'s are' if missing > 1 else ' is'} not closed." if missing > 0 else ""
    return describe(error, asked, asked.words[-1:], hint=hint)


def explain_token(error: str, asked: Asked, text: str) -> Fault:
    """Return the fault of a character that SQL has no use for, or of a quote that is never closed."""
    start = asked.sql.find(text)
    if start < 0:
        return Fault(error)
    hint = "The quote that opens here is never closed." if text[0] in "'\"`[" else ""
    return describe(error, asked, [Word("other", text, start, start + len(text))], hint=hint)


def explain_arguments(error: str, asked: Asked, name: str) -> Fault:
    """Return the fault of a function called with too few or too many values."""
    return describe(error, asked, named(asked, name, called=True))


def explain_statement(error: str, asked: Asked, _: str) -> Fault:
    """Return the fault of a statement that does not read, or whose first word is misspelt."""
    first = asked.words[:1]
    meant = rank_names(first[0].text, ("select", "with", "explain")) if first else []
    return describe(error, asked, first, meant[:1], "" if meant else "Begin with select or with: this is read-only.")


KINDS: list[tuple[re.Pattern[str], Callable[[str, Asked, str], Fault]]] = [
    (re.compile(r"no such table: (.+)"), explain_table),
    (re.compile(r"no such column: (.+)"), explain_column),
    (re.compile(r"no such function: (.+)"), explain_function),
    (re.compile(r"ambiguous column name: (.+)"), explain_ambiguous),
    (re.compile(r'near "(.+)": syntax error', re.DOTALL), explain_syntax),
    (re.compile(r"(incomplete input)"), explain_end),
    (re.compile(r'unrecognized token: "(.+)"', re.DOTALL), explain_token),
    (re.compile(r"wrong number of arguments to function (\w+)\(\)"), explain_arguments),
    (re.compile(r"(Statement must be a SELECT)"), explain_statement),
]


def explain_fault(error: str, asked: Asked) -> Fault:
    """Return SQLite's refusal of a statement with what helps; the words of the refusal stay as they are."""
    for pattern, explain in KINDS:
        if found := pattern.fullmatch(error):
            return explain(error, asked, found[1])
    return Fault(error)
