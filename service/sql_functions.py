"""Functions of SQLite's whose single step takes seconds where both texts are long, made anew to take a millisecond."""

import math
import sqlite3
from collections.abc import Callable
from typing import Any

from service.statement_limits import LONGEST_VALUE

TRIMMED_CHARACTERS = 20

Value = str | bytes | int | float | None


def as_text(value: Value) -> str:
    """Return a value as SQLite reads it where it needs a text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if not isinstance(value, float):
        return str(value)
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    digits, e, exponent = f"{value:.15g}".partition("e")
    return (digits if "." in digits else f"{digits}.0") + e + exponent


def find_place(text: Value, part: Value) -> int | None:
    """Return where the part first stands in the text, from 1, or 0; in bytes where both are blobs."""
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return as_text(text).find(as_text(part)) + 1


def replace(text: Value, part: Value, new: Value) -> Value:
    """Return the text with each occurrence of a part that is not empty made new; OverflowError where it is too long."""
    if text is None or part is None:
        return None
    old = as_text(part)
    if not old:
        return as_text(text) if isinstance(text, bytes) else text
    if new is None:
        return None
    whole, put = as_text(text), as_text(new)
    if len(whole) + whole.count(old) * (len(put) - len(old)) > LONGEST_VALUE:
        raise OverflowError
    return whole.replace(old, put)


def limit_trim(strip: Callable[[str, str], str]) -> Callable[[Value, Value], str | None]:
    """Return a trim that takes few characters to trim; raises ValueError on more."""

    def trim(text: Value, characters: Value) -> str | None:
        if text is None or characters is None:
            return None
        if len(as_text(characters)) > TRIMMED_CHARACTERS:
            raise ValueError
        return strip(as_text(text), as_text(characters))

    return trim


FUNCTIONS: list[tuple[str, int, Callable[..., Any]]] = [
    ("instr", 2, find_place),
    ("replace", 3, replace),
    ("trim", 2, limit_trim(str.strip)),
    ("ltrim", 2, limit_trim(str.lstrip)),
    ("rtrim", 2, limit_trim(str.rstrip)),
]


def put_functions(connection: sqlite3.Connection) -> None:
    """Put these functions in the place of SQLite's own."""
    for name, arguments, function in FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=True)
