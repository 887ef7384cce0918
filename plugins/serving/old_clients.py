"""Answers in one piece for clients of HTTP/1.0: they know no chunks, in which uvicorn sends what has no length."""

from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette import hookimpl

App = Callable[[Any, Any, Any], Awaitable[None]]


@hookimpl(hookwrapper=True)
def asgi_wrapper() -> Generator[None, Any, None]:
    """Put this wrapper around all others: what they send is what has to have a length."""
    outcome = yield
    outcome.force_result([*outcome.get_result(), send_whole])


def send_whole(app: App) -> App:
    """Return the application; its answers to such clients are gathered and sent with their length."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
        if scope.get("http_version") != "1.0":
            await app(scope, receive, send)
            return
        start: dict[str, Any] = {}
        body = bytearray()

        async def gather(message: dict[str, Any]) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
                length = (b"content-length", b"%d" % len(body))
                has_length = len(headers) < len(start["headers"]) and not body  # of an answer to HEAD
                await send(start if has_length else {**start, "headers": [*headers, length]})
                await send({"type": "http.response.body", "body": bytes(body)})

        await app(scope, receive, gather)

    return answer
