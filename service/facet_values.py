"""The values that an address asks for of one column, and the address with one more or one fewer.

One value is asked for as country=CA, several as country__in=CA,GB (in JSON where a value has a comma), and cells
without a value as country__isblank=1.
"""

import json
from collections.abc import Iterable, Sequence

Pairs = list[tuple[str, str]]

PLACE = {"_next"}  # where a page of another list began


def split_values(text: str) -> list[str]:
    """Return the values of a filter __in or __notin, as Datasette reads them."""
    if text.startswith("["):
        return [str(value) for value in json.loads(text)]
    return [value.strip() for value in text.split(",")]


def join_values(values: Sequence[str]) -> str:
    """Return values as one text that is read as these again."""
    is_plain = all(value and value == value.strip() and "," not in value for value in values)
    if is_plain and not values[0].startswith("["):
        return ",".join(values)
    return json.dumps(values, ensure_ascii=False)


def name_filters(column: str) -> set[str]:
    """Return the parameters by which an address chooses values of a column."""
    bare = set() if column.startswith("_") else {column}
    return bare | {f"{column}__{operator}" for operator in ("exact", "in", "isblank")}


def choose_values(column: str, values: Sequence[str]) -> Pairs:
    """Return the parameters that ask for these values."""
    if len(values) > 1:
        return [(f"{column}__in", join_values(values))]
    return [(f"{column}__exact" if column.startswith("_") else column, value) for value in values]


def chosen_values(pairs: Iterable[tuple[str, str]], column: str) -> list[str]:
    """Return the values that an address chooses of a column; those in all of its filters where there are several."""
    asked = [
        split_values(value) if name == f"{column}__in" else [value]
        for name, value in pairs
        if name in name_filters(column) - {f"{column}__isblank"}
    ]
    return [value for value in dict.fromkeys(asked[0]) if all(value in one for one in asked)] if asked else []


def without_column(pairs: Iterable[tuple[str, str]], column: str) -> Pairs:
    """Return the parameters without those that choose values of a column, from the first page on."""
    return [pair for pair in pairs if pair[0] not in name_filters(column) | PLACE]


def toggle_value(pairs: Sequence[tuple[str, str]], column: str, value: str) -> Pairs:
    """Return the parameters with a value chosen too, or without it where it was."""
    chosen = chosen_values(pairs, column)
    kept = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
    return [*without_column(pairs, column), *choose_values(column, kept)]


def toggle_empty(pairs: Sequence[tuple[str, str]], column: str) -> Pairs:
    """Return the parameters that choose the cells without a value alone, or without that choice."""
    asked = (f"{column}__isblank", "1")
    return without_column(pairs, column) + ([] if asked in pairs else [asked])
