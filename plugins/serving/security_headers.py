"""Headers that let a browser run, load and frame only this site's own files; and no page that tells of the server."""

import re
from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.answer_headers import FOR_BROWSERS

Headers = list[tuple[bytes, bytes]]
App = Callable[[Any, Any, Any], Awaitable[None]]

NOT_MODIFIED = 304
# Shown inside other people's pages: OpenRefine's, wherever it runs, and those of whoever embeds a map, a chart, a table
# or an agency. There is nothing on them to be tricked into pressing.
FRAMED = re.compile(r"/reconcile/preview|/embed/.*", re.DOTALL)
# A page that keeps itself apart from all others (cross-origin isolation) may frame what agrees to it.
AGREED: Headers = [
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
]
FIXED: Headers = [(name.encode(), value.encode()) for name, value in FOR_BROWSERS.items()]
# No inline script and no inline style, not even by hash. Leaflet moves the map through the CSSOM, which is no inline
# style; JSON-LD is data, which no policy on scripts concerns.
PAGE = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    b"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
FILE = b"default-src 'none'; frame-ancestors "
# Pages of Datasette that name its software, its files and its threads, or try permissions out.
HIDDEN = (
    r"^/-/(actor|allow-debug|auth-token|config|databases|logout|messages|patterns|permissions|plugins|settings|threads"
    r"|versions)(\.json)?$"
)


def seal(headers: Headers, path: str, status: int) -> Headers:
    """Return the headers of an answer with the site's own in place of any others of these names."""
    own = {name for name, _ in FIXED} | {b"content-security-policy", b"x-frame-options"}
    sealed = [pair for pair in headers if pair[0].lower() not in own] + FIXED
    framed = bool(FRAMED.fullmatch(path))
    sealed += AGREED if framed else [(b"x-frame-options", b"DENY")]
    if status != NOT_MODIFIED:  # a browser would put it in place of the stored page's own policy
        is_page = any(name.lower() == b"content-type" and kind.startswith(b"text/html") for name, kind in headers)
        sealed.append((b"content-security-policy", (PAGE if is_page else FILE) + (b"*" if framed else b"'none'")))
    return sealed


async def hide(request: Request) -> None:
    """Answer as if the page were not there."""
    raise NotFound(f"There is nothing at {request.path}")


@hookimpl
def startup() -> None:
    """Give the same headers to what uvicorn refuses by itself: a method or a request that it cannot read."""
    refuse = HttpToolsProtocol.send_400_response

    def refuse_sealed(self: HttpToolsProtocol, reason: str) -> None:
        others = self.server_state.default_headers
        self.server_state.default_headers = [*others, *seal([], "", 400), (b"cache-control", b"no-store")]
        refuse(self, reason)
        self.server_state.default_headers = others

    HttpToolsProtocol.send_400_response = refuse_sealed  # type: ignore[assignment,method-assign]


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[None]]]]:
    """Return the addresses that come before Datasette's own."""
    return [(HIDDEN, hide)]


@hookimpl(hookwrapper=True)
def asgi_wrapper() -> Generator[None, Any, None]:
    """Put the wrapper that adds the headers around all others, since each of them may answer by itself."""

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            async def send_sealed(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    sealed = seal(message.get("headers", []), scope["path"], message["status"])
                    message = {**message, "headers": sealed}
                await send(message)

            await app(scope, receive, send_sealed if scope["type"] == "http" else send)

        return answer

    wrappers = yield
    wrappers.force_result([*wrappers.get_result(), wrap])
