"""SQL that calls every function of SQLite's by its name: with small arguments and with the longest that are allowed."""

import sqlite3
from collections.abc import Iterable, Iterator

# Texts of about the longest length allowed, each built within the statement: how many times what, with what between.
LONG = {
    "object": (16_000, "'\"a\":1'", "','", "'{'", "'}'"),
    "removals": (10_000, "'\"b\":null'", "','", "'{'", "'}'"),
    "list": (49_000, "'1'", "','", "'['", "']'"),
    "nested": (1_900, "'['", "''", "''", "''"),
    "same": (99_000, "'a'", "''", "''", "''"),
    "nearly": (45_000, "'a'", "''", "''", "'b'"),
    "quotes": (49_000, "char(34)", "''", "''", "''"),
    "moments": (6_000, "'%J'", "''", "''", "''"),
    "digits": (90_000, "'9'", "''", "''", "''"),
    "blanks": (90_000, "' '", "''", "''", "''"),
}
PATTERN = "'%" + "a" * 90 + "b'"
CLASSES = "'*" + "[a-z]" * 18 + "b'"
ONE = ["list", "object", "nested", "same", "quotes", "digits"]
# First and second arguments; the others are like the second.
TWO = [
    ("object", "removals"), ("same", "nearly"), ("blanks", "blanks"), ("list", "'$[48000]'"),
    ("moments", "'2020-01-01'"), (PATTERN, "same"), (CLASSES, "same"), ("same", "'a'"),
    ("'now'", "digits"), ("99999", "99999"),
]  # fmt: skip
SMALL = ["'a'", "1", "'2020-01-01'", "null", "'{\"a\":[1]}'"]
MANY = 7  # arguments of a function that takes any number
IN_A_ROW = 95  # calls in one row, below SQLITE_LIMIT_COLUMN
STATEMENT = 9_000  # characters, below SQLITE_LIMIT_SQL_LENGTH


def list_functions(names: Iterable[str]) -> list[tuple[str, int, bool]]:
    """Return each function with its number of arguments and whether it is one of windows."""
    db = sqlite3.connect(":memory:")
    try:
        found = db.execute("select distinct name, narg, type = 'w' from pragma_function_list order by 1, 2").fetchall()
    finally:
        db.close()
    wanted = set(names)
    known = [(name, arguments, bool(window)) for name, arguments, window in found if not wanted or name in wanted]
    counts = [(name, n, window) for name, given, window in known for n in ((1, MANY) if given < 0 else (given,))]
    return sorted(set(counts))


def long_text(name: str) -> str:
    """Return the part of a with that builds a long text."""
    times, what, between, before, after = LONG[name]
    built = f"{before}||group_concat({what},{between})||{after}"
    return f"long_{name}(x) as materialized (select {built} from (select i from k limit {times}))"


def call(name: str, arguments: list[str], *, window: bool) -> str:
    """Return the call; -> and ->> stand between their arguments."""
    if name.startswith("-"):
        return f"{arguments[0]} {name} {arguments[-1]}"
    return f'"{name}"({",".join(arguments)})' + (" over ()" if window else "")


def ask_long(name: str, arguments: list[str], *, window: bool) -> Iterator[str]:
    """Yield statements with these arguments: many times in one row, and for each row of a table."""
    texts = dict.fromkeys(argument for argument in arguments if argument in LONG)
    given = [f"long_{argument}.x" if argument in LONG else argument for argument in arguments]
    tables = ", ".join(f"long_{text}" for text in texts)
    with_texts = ", ".join(
        ["with recursive k(i) as (select 1 union all select i + 1 from k where i < 99000)", *map(long_text, texts)]
    )
    called = f"length({call(name, given, window=window)})"
    in_a_row = min(IN_A_ROW, (STATEMENT - len(with_texts)) // (len(called) + 2))
    yield f"{with_texts} select {', '.join([called] * in_a_row)} from {tables or 'reports'} limit 1"
    yield (
        f"{with_texts} select sum({called}) from {', '.join(filter(None, [tables, 'reports']))}"
        if not window
        else (f"{with_texts} select {called} from {', '.join(filter(None, [tables, 'reports']))}")
    )


def call_every_function(names: Iterable[str] = ()) -> Iterator[str]:
    """Yield statements that call each function, or those of the names."""
    for name, count, window in list_functions(names):
        for over in {False, window}:
            small = [SMALL[place % len(SMALL)] for place in range(count)]
            yield f"select {call(name, small, window=over)} from reports a, reports b"
            choices = (
                [[first] for first in ONE]
                if count == 1
                else [[first, *[second] * (count - 1)] for first, second in TWO]
            )
            for arguments in choices if count else [[]]:
                yield from ask_long(name, arguments, window=over)
