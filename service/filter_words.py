"""The filters in force as words, each with the address of the page without it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.app import Datasette
from datasette.filters import Filters
from datasette.utils.asgi import Request
from exports.site_words import WORDS

from service.facet_values import PLACE, Pairs, choose_values, join_values, split_values

DATABASE = WORDS.database
MOST_CHIPS = 8  # values of one filter that are named one by one
NEGATED = {"not", "notin"}
ONE_OF = {"exact", "in", *NEGATED}
EMPTY = {"isnull": "empty", "isblank": "empty", "notnull": "not empty", "notblank": "not empty"}
Row = dict[str, Any]


def read_pairs(request: Request) -> Pairs:
    """Return the parameters of an address, in its order."""
    return parse_qsl(request.query_string, keep_blank_values=True)


def write_address(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the address of the first page with these parameters."""
    kept = [pair for pair in pairs if pair[0] not in PLACE]
    return path + (f"?{urlencode(kept)}" if kept else "")


def replace_pair(request: Request, pair: tuple[str, str], new: Pairs) -> str:
    """Return the address of the first page with a parameter replaced by others."""
    return write_address(
        request.path, [one for given in read_pairs(request) for one in (new if given == pair else [given])]
    )


def with_values(key: str, values: list[str]) -> Pairs:
    """Return the parameters that say of these values what a filter said of more; none where none is left."""
    column, _, lookup = key.rpartition("__")
    if not values:
        return []
    if lookup in NEGATED:
        return [(f"{column}__notin", join_values(values)) if len(values) > 1 else (f"{column}__not", values[0])]
    return choose_values(column or key, values)


async def say_values(
    datasette: Datasette, request: Request, table: str, pair: tuple[str, str], heading: str
) -> list[Row]:
    """Return a chip for each value of a filter that names values: Country: Canada, or United Kingdom."""
    key, text = pair
    column, _, lookup = key.rpartition("__") if "__" in key else (key, "", "exact")
    values = list(dict.fromkeys(split_values(text) if lookup in ("in", "notin") else [text]))
    labels = await datasette.expand_foreign_keys(DATABASE, table, column, values)
    negation = "not " if lookup in NEGATED else ""
    if len(values) > MOST_CHIPS:
        said = f"{heading}: {negation}one of {len(values):,}"
        return [{"text": said, "remove": replace_pair(request, pair, [])}]
    chips = []
    for place, value in enumerate(values):
        label = labels.get((column, value), value) or "empty text"
        said = f"{heading}: {negation}{label}" if place == 0 else f"{'nor' if negation else 'or'} {label}"
        rest = [other for other in values if other != value]
        chips.append({"text": said, "remove": replace_pair(request, pair, with_values(key, rest))})
    return chips


async def say_filters(
    datasette: Datasette, request: Request, table: str, filters: Filters, headings: dict[str, str]
) -> list[Row]:
    """Return each filter now in force as words, with the address of the first page without it."""
    said = []
    for name, value in read_pairs(request):
        if name.startswith("_search") and name != "_searchmode" and value:
            said.append({"text": f"Search: “{value}”", "remove": replace_pair(request, (name, value), [])})
    for key, value in filters.pairs:
        column, _, lookup = key.rpartition("__") if "__" in key else (key, "", "exact")
        heading = headings.get(column, column.replace("_", " ").capitalize())
        if lookup in ONE_OF:
            said += await say_values(datasette, request, table, (key, value), heading)
            continue
        known = filters._filters_by_key.get(lookup)
        words = known.human_clause(heading, value) if known else f"{key}: {value}"
        text = f"{heading}: {EMPTY[lookup]}" if lookup in EMPTY else str(words)
        said.append({"text": text, "remove": replace_pair(request, (key, value), [])})
    return said


def name_columns(datasette: Datasette, table: str) -> dict[str, str]:
    """Return what the site calls the columns of a table that it shows first."""
    columns: dict[str, str] = datasette.metadata("databases")[DATABASE]["tables"][table]["plugins"]["pages"]["columns"]
    return columns


async def say_selection(datasette: Datasette, request: Request, filters: Filters | None) -> str:
    """Return the agencies that an address chooses in words; "" for all of them."""
    if filters is None:
        return ""
    said = await say_filters(datasette, request, "agencies", filters, name_columns(datasette, "agencies"))
    conditions = [value for name, value in read_pairs(request) if name == "_where"]
    return ", ".join([*(chip["text"] for chip in said), *conditions])
