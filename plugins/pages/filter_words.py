"""Gives the templates the filters in force as words (service/filter_words.py), and the files of just these rows."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.filters import Filters
from datasette.utils.asgi import Request

from service.facet_values import Pairs
from service.filter_words import Row, read_pairs, replace_pair, say_filters, write_address

# What a file of all rows has no use for: a page of them, and how the page shows them.
SHOWN = ("_size", "_all", "_nofacet", "_facet", "_facet_size", "_facet_array", "_facet_date", "_nocount", "_stream")
FORMS = {"csv": "CSV", "json": "JSON", "ndjson": "NDJSON", "geojson": "GeoJSON"}
# What makes a file of each form whole; CSV is so by itself.
WHOLE: dict[str, Pairs] = {
    "csv": [], "json": [("_shape", "array"), ("_stream", "on")], "ndjson": [("_stream", "on")],
    "geojson": [("_stream", "on")],
}  # fmt: skip


def list_files(request: Request, forms: Iterable[str], *, labels: bool) -> list[Row]:
    """Return the files of all rows that the filters keep, whatever page is shown."""
    kept = [pair for pair in read_pairs(request) if pair[0] not in (*SHOWN, "_labels", "_shape", "_dl")]
    labelled = [*kept, ("_labels", "on")] if labels else kept
    return [
        {"called": called, "url": write_address(f"{request.path}.{form}", [*labelled, *WHOLE[form]])}
        for form, called in FORMS.items()
        if form in forms
    ]


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Callable[..., Any]]:
    """Give the templates the filters in words, and the files."""

    async def chips(table: str, filters: Filters, headings: dict[str, str]) -> list[Row]:
        return await say_filters(datasette, request, table, filters, headings)

    async def conditions() -> list[Row]:
        pairs = [pair for pair in read_pairs(request) if pair[0] == "_where"]
        return [{"text": pair[1], "remove": replace_pair(request, pair, [])} for pair in pairs]

    said: dict[str, Callable[..., Awaitable[list[Row]]]] = {"chips": chips, "conditions": conditions}
    return {**said, "files_of_rows": lambda forms, labels: list_files(request, forms, labels=labels)}
