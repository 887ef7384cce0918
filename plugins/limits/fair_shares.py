"""Takes requests in turns, so that one reader who asks for much makes nobody else wait for it.

nginx names the reader in X-Client; without that header (make serve) nothing is done. A process answers few requests at
once, one of each reader. Of those who wait, whoever has had least of the process lately goes first. One who comes for
the first time is taken to need what others needed the first time: else two hundred new ones would each go before a
reader who is known to ask for little. Where many wait, SQL of all but such readers is given HURRIED only.
"""

import asyncio
import json
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from datasette import hookimpl

from service.statement_limits import HURRY, Hurry

App = Callable[[Any, Any, Any], Awaitable[None]]
HALVED = 60.0  # seconds after which half of what a reader has had is forgotten
STEP = 0.05  # seconds of the process; readers who have had about the same go in the order of their coming
NEW = 0.1  # weight of the last newcomer in what newcomers need
CROWD = 12  # requests that wait
HURRIED, CUT = 50.0, 1.0  # milliseconds of a statement in a crowd; seconds it counts for where it was cut off
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
    """One request that waits."""

    client: str
    came: float
    begins: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Line:
    """Those who wait for one process."""

    def __init__(self, at_once: int, patience: float) -> None:
        self.at_once, self.patience = at_once, patience
        self.running: Counter[str] = Counter()
        self.waiting: list[Turn] = []
        self.had: OrderedDict[str, tuple[float, float]] = OrderedDict()  # seconds, and when they were counted
        self.first = 0.0  # seconds that a newcomer's first request takes

    def seconds_of(self, client: str) -> float:
        """Return how much of the process a reader has had lately (seconds)."""
        seconds, at = self.had.get(client, (0.0, 0.0))
        return seconds * math.exp2((at - time.monotonic()) / HALVED)

    def rank(self, client: str) -> int:
        """Return how far behind others a reader stands: 0 and up."""
        return int(math.log2(1 + (self.seconds_of(client) if client in self.had else self.first) / STEP))

    def hurry(self, client: str) -> Hurry | None:
        """Return the limit on a reader's statements where many wait, but for readers who are known to need little."""
        is_modest = client in self.had and not self.rank(client)
        return None if is_modest or len(self.waiting) < CROWD else Hurry(HURRIED)

    def call_next(self) -> None:
        """Have those begin whose turn it is."""
        while self.running.total() < self.at_once:
            able = [turn for turn in self.waiting if not self.running[turn.client]]
            if not able:
                return
            turn = min(able, key=lambda turn: (self.rank(turn.client), turn.came))
            self.waiting.remove(turn)
            self.running[turn.client] += 1
            turn.begins.set_result(None)

    async def begin(self, client: str) -> bool:
        """Return when a request may begin: True; False where its turn did not come."""
        if sum(turn.client == client for turn in self.waiting) >= WAITING_KEPT:
            return False
        turn = Turn(client, time.monotonic())
        self.waiting.append(turn)
        self.call_next()
        try:
            await asyncio.wait_for(asyncio.shield(turn.begins), self.patience)
        except TimeoutError:
            if turn in self.waiting:
                self.waiting.remove(turn)
                return False
        return True

    def end(self, client: str, seconds: float) -> None:
        """Count what a request took, and have the next begin."""
        self.running[client] -= 1
        self.running += Counter()  # without those who have none
        if client not in self.had:
            self.first += NEW * (seconds - self.first)
        self.had[client] = (self.seconds_of(client) + seconds, time.monotonic())
        self.had.move_to_end(client)
        if len(self.had) > READERS_KEPT:
            self.had.popitem(last=False)
        self.call_next()


async def refuse(send: Any) -> None:  # noqa: ANN401 - ASGI's own types
    """Answer that there was no turn."""
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 429, "headers": [*headers, (b"retry-after", b"5")]})
    await send({"type": "http.response.body", "body": json.dumps(TOO_MUCH).encode()})


@hookimpl(hookwrapper=True)
def asgi_wrapper(datasette: Any) -> Generator[None, Any, None]:  # noqa: ANN401 - untyped there
    """Put the turns around all other wrappers. A process with one thread is one for pages (deploy/workers.py)."""
    outcome = yield
    threads = datasette.setting("num_sql_threads")
    line = Line(2, PATIENCE["pages"]) if threads == 1 else Line(threads, PATIENCE["sql"])

    async def take_turn(app: App, scope: Any, receive: Any, send: Any, client: str) -> None:  # noqa: ANN401
        hurry, began, has_begun = line.hurry(client), time.monotonic(), False
        HURRY.set(hurry)

        async def send_unless_cut(message: Any) -> None:  # noqa: ANN401
            nonlocal has_begun
            if has_begun or not (hurry and hurry.has_cut):
                has_begun = True
                await send(message)

        try:
            await app(scope, receive, send_unless_cut)
        finally:
            line.end(client, CUT if hurry and hurry.has_cut else time.monotonic() - began)
        if not has_begun:
            await refuse(send)

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            client = dict(scope["headers"]).get(b"x-client", b"").decode() if scope["type"] == "http" else ""
            if not client or scope["path"].startswith("/-/"):
                await app(scope, receive, send)
            elif await line.begin(client):
                await take_turn(app, scope, receive, send, client)
            else:
                await refuse(send)

        return answer

    outcome.force_result([*outcome.get_result(), wrap])
