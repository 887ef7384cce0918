"""The body of a request, whole and within a limit."""

from collections.abc import Awaitable, Callable
from typing import Any


class TooLong(Exception):
    """A body that is longer than the service reads."""


class CutOff(Exception):
    """A request whose sender went away before it was whole; nobody waits for its answer."""


async def read_request(receive: Callable[[], Awaitable[dict[str, Any]]], most: int) -> bytes:
    """Return the body; raises TooLong beyond so many bytes, and CutOff where its end never came."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CutOff
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise TooLong
    return bytes(body)
