"""Takes requests in turns, so that one reader who asks for much makes nobody else wait for it.

nginx names the reader in X-Client; without that header (make serve) nothing is done. A process answers few requests at
once, one of each reader. The reader whose requests took least lately goes first (least attained service), so whoever
asks for little hardly waits, however many others there are; what a reader took weighs half after HALF_LIFE. A newcomer
stands for what newcomers needed lately: two hundred new ones do not each go before a reader who is known to ask for
little. In a crowd the last newcomer goes first (adaptive LIFO: those who came before will have given up by their turn),
and each statement of a reader's own is given HURRIED.
"""

import asyncio
import json
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from datasette import hookimpl

from service.statement_limits import HURRY, CutOffError

App = Callable[[Any, Any, Any], Awaitable[None]]
HALF_LIFE = 30.0  # seconds
NEW = 0.1  # weight of the last newcomer in what newcomers need
CROWD = 12  # requests that wait
HURRIED, CUT = 15.0, 5.0  # milliseconds of a statement in a crowd; seconds it counts for where it was cut off
READERS_KEPT = 10_000
WAITING_KEPT = 40  # requests of one reader
PAGES, SQL = 20.0, 3.0  # seconds that a request waits for its turn
OWN_SQL = re.compile(rb"(^|&)(sql|_where)=")
TOO_MUCH = {
    "ok": False,
    "status": 429,
    "error": "too many requests at once",
    "what_to_do": "wait a few seconds and ask one after another",
}


@dataclass
class Turn:
    """One request that waits; begins tells how long its statements may take (milliseconds, None: as always)."""

    client: str
    came: float
    is_sql: bool
    begins: asyncio.Future[float | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Line:
    """Those who wait for one process."""

    def __init__(self, at_once: int, pages_at_once: int) -> None:
        self.at_once, self.pages_at_once = at_once, pages_at_once
        self.running: Counter[str] = Counter()
        self.pages: set[str] = set()  # readers for whom something else than SQL is under way
        self.waiting: list[Turn] = []
        self.taken: OrderedDict[str, tuple[float, float]] = OrderedDict()  # seconds, and when they were counted
        self.first = 0.0  # seconds that a newcomer's first request takes

    def taken_lately(self, client: str) -> float:
        """Return what a reader's requests took (seconds); what is long ago weighs little."""
        if client not in self.taken:
            return self.first
        seconds, counted = self.taken[client]
        return float(seconds * 0.5 ** ((time.monotonic() - counted) / HALF_LIFE))

    def call_next(self) -> None:
        """Have those begin whose turn it is."""
        while self.running.total() < self.at_once:
            able = [turn for turn in self.waiting if not self.running[turn.client]]
            able = [turn for turn in able if turn.is_sql or len(self.pages) < self.pages_at_once]
            if not able:
                return
            order = -1 if len(self.waiting) >= CROWD else 1
            turn = min(able, key=lambda turn: (self.taken_lately(turn.client), order * turn.came))
            client = turn.client
            self.waiting.remove(turn)
            self.running[client] += 1
            self.pages |= set() if turn.is_sql else {client}
            turn.begins.set_result(HURRIED if len(self.waiting) >= CROWD else None)

    async def begin(self, client: str, is_sql: bool) -> float | None:
        """Return when a request may begin: how long its statements may take; raises TimeoutError without a turn."""
        if sum(turn.client == client for turn in self.waiting) >= WAITING_KEPT:
            raise TimeoutError
        turn = Turn(client, time.monotonic(), is_sql)
        self.waiting.append(turn)
        self.call_next()
        try:
            return await asyncio.wait_for(asyncio.shield(turn.begins), SQL if is_sql else PAGES)
        except TimeoutError:
            if turn.begins.done():
                return turn.begins.result()
            self.waiting.remove(turn)
            raise

    def end(self, client: str, seconds: float, counted: float) -> None:
        """Count what a request took, and have the next begin."""
        self.running[client] -= 1
        self.pages.discard(client)
        self.running += Counter()  # without those who have none
        if client not in self.taken:
            self.first += NEW * (seconds - self.first)
            self.taken[client] = 0.0, 0.0
        self.taken[client] = self.taken_lately(client) + counted, time.monotonic()
        self.taken.move_to_end(client)
        if len(self.taken) > READERS_KEPT:
            self.taken.popitem(last=False)  # who was here longest ago
        self.call_next()


async def refuse(send: Any) -> None:  # noqa: ANN401 - ASGI's own types
    """Answer that there was no turn."""
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 429, "headers": [*headers, (b"retry-after", b"5")]})
    await send({"type": "http.response.body", "body": json.dumps(TOO_MUCH).encode()})


@hookimpl(hookwrapper=True)
def asgi_wrapper(datasette: Any) -> Generator[None, Any, None]:  # noqa: ANN401 - untyped there
    """Put the turns around all other wrappers. A process with one thread is one for pages (deploy/keeper.py)."""
    outcome = yield
    threads = datasette.setting("num_sql_threads")
    line = Line(2, 2) if threads == 1 else Line(threads, 1)  # pages that take long leave room for SQL

    async def take_turn(app: App, scope: Any, receive: Any, send: Any, client: str) -> None:  # noqa: ANN401
        try:
            is_sql = scope["path"] == "/mcp" or OWN_SQL.search(scope["query_string"]) is not None
            HURRY.set(await line.begin(client, is_sql))
        except TimeoutError:
            await refuse(send)
            return
        began, penalty = time.monotonic(), 0.0
        try:
            await app(scope, receive, send)
        except CutOffError:
            penalty = CUT
            await refuse(send)
        finally:
            seconds = time.monotonic() - began
            line.end(client, seconds, max(seconds, penalty))

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            client = dict(scope["headers"]).get(b"x-client", b"").decode() if scope["type"] == "http" else ""
            if not client or scope["path"].startswith("/-/"):
                await app(scope, receive, send)
            else:
                await take_turn(app, scope, receive, send, client)

        return answer

    outcome.force_result([*outcome.get_result(), wrap])
