"""Rows that are no agency but the total of others: found by their words, or by their sum."""

from collections.abc import Sequence

from cleaning.figure_columns import FigureColumn
from cleaning.figure_words import UnreadableQuantity
from cleaning.odd_texts import is_like_total

from drafting.columns import has_agency_word

FEWEST = 3  # so many figures must add up for a sum to be no chance


def find_totals(names: Sequence[str], figures: Sequence[str], column: FigureColumn) -> dict[int, str]:
    """Return the places (from 0) of the rows that are totals, each with why it is taken for one."""
    values = [read_value(column, text) for text in figures]
    found: dict[int, str] = {}
    start = 0
    for place, name in enumerate(names):
        if is_like_total(name):
            found[place] = "by its words"
        elif name and not has_agency_word(name) and is_sum(values[place], values, start, place, found):
            found[place] = "it is the sum of the rows above it"
        if place in found:
            start = place + 1
    return found


def is_sum(value: int | None, values: Sequence[int | None], start: int, end: int, found: dict[int, str]) -> bool:
    """Return whether a value is the sum of those since the last total, or of all that are no total."""
    if not value:
        return False
    since = [one for one in values[start:end] if one]
    before = [one for place, one in enumerate(values[:end]) if one and place not in found]
    return any(len(part) >= FEWEST and sum(part) == value for part in (since, before))


def read_value(column: FigureColumn, text: str) -> int | None:
    """Return an exact figure, None where there is none."""
    if column.is_empty(text):
        return None
    try:
        quantity = column.read(text)
    except UnreadableQuantity:
        return None
    return quantity.minimum if quantity.minimum == quantity.maximum else None
