"""Rows that are no agency but the total of others: found by their words, or by their sum."""

from collections.abc import Sequence
from itertools import accumulate

from cleaning.figure_columns import FigureColumn
from cleaning.figure_words import UnreadableQuantity
from cleaning.odd_texts import is_like_total

from drafting.columns import has_agency_word

FEWEST = 3  # so many figures must add up for a sum to be no chance
FEWEST_UNDER = 6  # so many rows must stand under sub-totals, and so many sub-totals one after another
FEWEST_HEADS = 2
Values = Sequence[int | None]


def find_totals(names: Sequence[str], figures: Sequence[str], column: FigureColumn) -> dict[int, str]:
    """Return the places (from 0) of the rows that are totals, each with why it is taken for one."""
    values = [read_value(column, text) for text in figures]
    found = dict.fromkeys(find_heads(names, values), "a total, it is the sum of the rows below it")
    start = 0
    for place, name in enumerate(names):
        if is_like_total(name):
            found[place] = "a total, by its words"
        elif place in found:
            continue
        elif name and not has_agency_word(name) and is_sum(values[place], values, start, place, found):
            found[place] = "a total, it is the sum of the rows above it"
        if place in found:
            start = place + 1
    return found


def is_sum(value: int | None, values: Values, start: int, end: int, found: dict[int, str]) -> bool:
    """Return whether a value is the sum of those since the last total, or of all that are no total."""
    if not value:
        return False
    since = [one for place, one in enumerate(values[start:end], start) if one and place not in found]
    before = [one for place, one in enumerate(values[:end]) if one and place not in found]
    return any(len(part) >= FEWEST and sum(part) == value for part in (since, before))


def find_heads(names: Sequence[str], values: Values) -> list[int]:
    """Return the places of sub-totals that stand above their rows, block after block, and of totals above them all.

    Three figures add up by chance in any long list: only blocks that lead from the top of the table to its end, or to a
    total, are taken for such.
    """
    for start in range(min(FEWEST, len(values))):
        heads, end = follow_blocks(names, values, start)
        sums = {*accumulate(values[place] or 0 for place in heads)}
        is_whole = end == len(values) or is_like_total(names[end]) or values[end] in sums
        above = all(values[place] in sums or is_like_total(names[place]) for place in range(start))
        rows = end - start - len(heads)
        if len(heads) >= FEWEST_HEADS and rows >= FEWEST_UNDER and is_whole and above:
            return [*range(start), *heads]
    return []


def follow_blocks(names: Sequence[str], values: Values, start: int) -> tuple[list[int], int]:
    """Return the heads of blocks that follow each other from a place on, and the place after the last."""
    heads = []
    while end := end_of_block(names, values, start):
        heads.append(start)
        start = end
    return heads, start


def end_of_block(names: Sequence[str], values: Values, head: int) -> int:
    """Return the place after the rows that a sub-total above them is the sum of; 0 where it is none."""
    value = values[head] if head < len(values) else None
    if not value or has_agency_word(names[head]) or is_like_total(names[head]):
        return 0
    whole = rows = 0
    for place in range(head + 1, len(values)):
        whole, rows = whole + (values[place] or 0), rows + bool(values[place])
        if whole > value:
            return 0
        if whole == value and rows > 1:
            end = place + 1
            while end < len(values) and not values[end]:
                end += 1  # rows without a figure are of the block above
            return end
    return 0


def read_value(column: FigureColumn, text: str) -> int | None:
    """Return an exact figure, None where there is none."""
    if column.is_empty(text):
        return None
    try:
        quantity = column.read(text)
    except UnreadableQuantity:
        return None
    return quantity.minimum if quantity.minimum == quantity.maximum else None
