"""Every row of a table in one answer as JSON, NDJSON or GeoJSON: _stream=on, as for CSV.

The rows are read a page at a time and written as the page's own form writes them, so that no answer is held in memory.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.utils import await_me_maybe, call_with_supported_arguments
from datasette.utils.asgi import AsgiStream, AsgiWriter, BadRequest, Request, Response
from datasette.views.table import TableView

# What stands before and after the rows, and between two of them, in an answer of each form.
FRAMES = {
    "json": ("[", "]", ", "),
    "geojson": ('{"type": "FeatureCollection", "features": [', "]}", ", "),
    "ndjson": ("", "", ""),
}
ON = {"on", "true", "1"}
Get = Callable[[TableView, Request], Awaitable[Any]]


async def write_page(view: TableView, request: Request, data: dict[str, Any], form: str) -> Response:
    """Return the rows of a page in their form, as an answer of its own."""
    result = call_with_supported_arguments(
        view.ds.renderers[form][0],
        datasette=view.ds, columns=data["columns"], rows=data["rows"], sql=data["query"]["sql"], query_name=None,
        database=data["database"], table=data["table"], request=request, view_name=view.name, args=request.args,
        data=dict(data),
    )  # fmt: skip
    answer: Response = await await_me_maybe(result)
    return answer


def unframe(body: str, form: str) -> str:
    """Return the rows of an answer without what stands around them."""
    before, after, _ = FRAMES[form]
    if not (body.startswith(before) and body.endswith(after)):
        raise RuntimeError(f"the form {form} begins or ends in another way than it did")
    return body[len(before) : len(body) - len(after)]


async def answer_whole(view: TableView, request: Request, form: str) -> Response:
    """Return the answer with every row; a fault of the request is told before the first of them."""
    if form == "json" and request.args.get("_shape") != "array":
        raise BadRequest("_stream=on goes with _shape=array")
    if "_next" in request.args or "_nl" in request.args:
        raise BadRequest("_stream=on gives every row in one list; leave out _next and _nl")
    found = await view.data(request, _size="max")
    if not isinstance(found, tuple):
        return found  # a redirect, or the form of a page of its own
    if "table" not in found[0]:
        raise BadRequest("_stream=on is for tables; a question and SQL have 1,000 rows at most")
    first = await write_page(view, request, found[0], form)
    before, after, between = FRAMES[form]

    async def stream(writer: AsgiWriter) -> None:
        data, page = found[0], first
        await writer.write(before + unframe(page.body, form))
        while data["next"]:
            data = (await view.data(request, _next=data["next"], _size="max"))[0]
            page = await write_page(view, request, data, form)
            await writer.write(between + unframe(page.body, form))
        await writer.write(after)

    return AsgiStream(stream, content_type=first.content_type)


def in_whole(get: Get) -> Get:
    """Return TableView.get, which gives every row of a form where _stream=on asks for that."""

    async def get_or_stream(self: TableView, request: Request) -> Any:  # noqa: ANN401 - a Response or a stream
        form = request.url_vars.get("format")
        if form in FRAMES and request.args.get("_stream") in ON:
            answer = await answer_whole(self, request, form)
            return self.set_response_headers(answer, self.ds.setting("default_cache_ttl"))
        return await get(self, request)

    return get_or_stream


@hookimpl
def startup() -> None:
    """Put this in place; Datasette has no hook here."""
    TableView.get = in_whole(TableView.get)
