"""Takes requests in turns, so that one reader who asks for much makes nobody else wait for it.

nginx names the reader in X-Client; without that header (make serve) nothing is done. A process answers few requests at
once, one of each reader, and each reader has a clock: it goes on by what the reader's requests take, and stands nowhere
behind the clock of the process, which is that of the reader whose turn it was last. The one whose clock is furthest
behind goes first (start-time fair queueing), so whoever asks for less than a fair share hardly waits, however many
others there are. The clock of a newcomer begins ahead by what newcomers needed lately: two hundred new ones do not each
go before a reader who is known to ask for little. Where many wait, SQL of all but such readers is given HURRIED only.
"""

import asyncio
import json
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from datasette import hookimpl

from service.statement_limits import HURRY, CutOffError

App = Callable[[Any, Any, Any], Awaitable[None]]
NEW = 0.1  # weight of the last newcomer in what newcomers need
CROWD = 12  # requests that wait
HURRIED, CUT = 50.0, 5.0  # milliseconds of a statement in a crowd; seconds it counts for where it was cut off
READERS_KEPT = 10_000
WAITING_KEPT = 40  # requests of one reader
PATIENCE = {"pages": 20.0, "sql": 3.0}  # seconds that a request waits for its turn
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
    begins: asyncio.Future[float | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Line:
    """Those who wait for one process."""

    def __init__(self, at_once: int, patience: float) -> None:
        self.at_once, self.patience = at_once, patience
        self.running: Counter[str] = Counter()
        self.waiting: list[Turn] = []
        self.clock = 0.0  # seconds
        self.clocks: OrderedDict[str, float] = OrderedDict()
        self.newcomers: set[str] = set()
        self.first = 0.0  # seconds that a newcomer's first request takes

    def call_next(self) -> None:
        """Have those begin whose turn it is."""
        while self.running.total() < self.at_once:
            able = [turn for turn in self.waiting if not self.running[turn.client]]
            if not able:
                return
            turn = min(able, key=lambda turn: (max(self.clock, self.clocks[turn.client]), turn.came))
            client = turn.client
            self.waiting.remove(turn)
            self.running[client] += 1
            is_modest = client not in self.newcomers and self.clocks[client] <= self.clock
            self.clock = self.clocks[client] = max(self.clock, self.clocks[client])
            turn.begins.set_result(None if is_modest or len(self.waiting) < CROWD else HURRIED)

    async def begin(self, client: str) -> float | None:
        """Return when a request may begin: how long its statements may take; raises TimeoutError without a turn."""
        if sum(turn.client == client for turn in self.waiting) >= WAITING_KEPT:
            raise TimeoutError
        if client not in self.clocks:
            self.clocks[client] = self.clock + self.first
            self.newcomers.add(client)
        self.clocks.move_to_end(client)
        turn = Turn(client, time.monotonic())
        self.waiting.append(turn)
        self.call_next()
        try:
            return await asyncio.wait_for(asyncio.shield(turn.begins), self.patience)
        except TimeoutError:
            if turn.begins.done():
                return turn.begins.result()
            self.waiting.remove(turn)
            raise

    def end(self, client: str, seconds: float, counted: float) -> None:
        """Count what a request took, and have the next begin."""
        self.running[client] -= 1
        self.running += Counter()  # without those who have none
        if client in self.newcomers:
            self.newcomers.remove(client)
            self.first += NEW * (seconds - self.first)
        self.clocks[client] += counted
        if len(self.clocks) > READERS_KEPT:
            self.forget()
        self.call_next()

    def forget(self) -> None:
        """Forget the reader who was here longest ago, unless one of theirs is under way."""
        client = next(iter(self.clocks))
        if not self.running[client] and all(turn.client != client for turn in self.waiting):
            del self.clocks[client]
            self.newcomers.discard(client)


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
    line = Line(2, PATIENCE["pages"]) if threads == 1 else Line(threads, PATIENCE["sql"])

    async def take_turn(app: App, scope: Any, receive: Any, send: Any, client: str) -> None:  # noqa: ANN401
        try:
            HURRY.set(await line.begin(client))
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
