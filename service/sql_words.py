"""The words of a statement as SQLite reads them: names, texts, comments, each with its place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

Schema = Mapping[str, Sequence[str]]  # the columns of each table
WORD = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<text>'(?:[^']|'')*'?)
      | (?P<quoted>"[^"]*"?|\[[^\]]*\]?|`[^`]*`?)
      | (?P<name>[^\W\d][\w$]*)
      | (?P<number>\d[\w.]*)
      | (?P<parameter>[:@$]\w+)
      | (?P<other>\S)""",
    re.VERBOSE | re.DOTALL,
)
KEYWORDS = [
    "select", "distinct", "from", "where", "group", "by", "having", "order", "limit", "offset", "join", "left", "inner",
    "outer", "cross", "on", "using", "as", "and", "or", "not", "in", "like", "glob", "between", "is", "null", "case",
    "when", "then", "else", "end", "union", "all", "intersect", "except", "with", "recursive", "over", "partition",
    "rows", "range", "exists", "cast", "asc", "desc", "collate", "nocase", "values", "filter", "window",
]  # fmt: skip


class Word(NamedTuple):
    """A word of a statement: what it is (a group of WORD), itself, and where it starts and ends in characters."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """Return the name in lower case, without quotes; empty where it is none."""
        if self.kind not in ("name", "quoted"):
            return ""
        return self.text.strip('"[]`').lower()


def split_words(sql: str) -> list[Word]:
    """Return the words of a statement without its comments."""
    found = ((match.lastgroup or "", match[0], match.start(), match.end()) for match in WORD.finditer(sql))
    return [Word(*each) for each in found if each[0] != "comment"]


def find_sources(words: Sequence[Word], schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield each table that a statement takes rows from, with the name it goes by there."""
    known = {name.lower(): name for name in schema}
    for place, word in enumerate(words):
        before = words[place - 1].text.lower() if place else ""
        if word.name in known and before in ("from", "join", ","):
            rest = [later for later in words[place + 1 : place + 3] if later.text.lower() != "as"]
            alias = rest[0].name if rest and rest[0].name not in KEYWORDS else ""
            yield known[word.name], alias or word.name
