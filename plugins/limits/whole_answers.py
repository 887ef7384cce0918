"""Sends the head of an answer with its first piece.

A process that ends between the two would leave a reader with half an answer; before, nginx asks another one.
"""

from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette import hookimpl

App = Callable[[Any, Any, Any], Awaitable[None]]


@hookimpl(hookwrapper=True)
def asgi_wrapper() -> Generator[None, Any, None]:
    """Put this around all other wrappers."""
    outcome = yield

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            kept: list[dict[str, Any]] = []

            async def hold(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    kept.append(message)
                    return
                if kept:
                    await send(kept.pop())
                await send(message)

            await app(scope, receive, hold if scope["type"] == "http" else send)

        return answer

    outcome.force_result([*outcome.get_result(), wrap])
