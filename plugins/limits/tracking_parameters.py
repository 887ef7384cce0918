"""Links shared on social networks carry parameters of theirs; they are taken off, since here each one is a filter.

A search box sent off empty is taken off a page too: it asks for all rows, and not for the ones that match nothing.
From pages that take no parameters all are taken off, so that no made-up one asks for a page that no cache holds.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl
from datasette.utils.asgi import asgi_send_redirect
from exports.site_words import WORDS

TRACKING = ("utm_", "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid")
# Home, the pages of words, and the pages of rows.
WITHOUT_PARAMETERS = re.compile(rf"^/(about|api|downloads|{WORDS.database}/[a-z_]+/[^/.]+)?$")
EMPTY_BOX = ("_search", "")
Application = Callable[..., Awaitable[None]]


def without_tracking(query: str, is_page: bool) -> str | None:
    """Return the query string without what follows a reader or, on a page, asks nothing; None where it has neither."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [pair for pair in pairs if not pair[0].startswith(TRACKING) and not (is_page and pair == EMPTY_BOX)]
    return None if len(kept) == len(pairs) else urlencode(kept)


@hookimpl
def asgi_wrapper() -> Callable[[Application], Application]:
    """Return a wrapper that redirects to the same page without those parameters."""

    def wrap(application: Application) -> Application:
        async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            is_page = "." not in scope.get("path", "").rpartition("/")[2]
            query = without_tracking(scope.get("query_string", b"").decode("latin-1"), is_page)
            if scope.get("query_string") and WITHOUT_PARAMETERS.match(scope["path"]):
                query = ""
            if query is None or scope.get("method") == "POST":  # a redirect would lose what is sent
                await application(scope, receive, send)
                return
            path = "/" + (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").split("?")[0].lstrip("/\\")
            await asgi_send_redirect(send, path + (f"?{query}" if query else ""))

        return answer

    return wrap
