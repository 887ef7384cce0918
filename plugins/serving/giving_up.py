"""Has a process end itself where it is of no more use, so that another is started in its place (deploy/pool.py)."""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn

from datasette import hookimpl
from datasette.plugins import pm

SILENT = 20.0  # seconds without an answer after which a process gives itself up: a page may take some where all is busy
MEGABYTE = 1024 * 1024
PAGE = os.sysconf("SC_PAGE_SIZE")
App = Callable[[Any, Any, Any], Awaitable[None]]


def give_up(reason: str) -> NoReturn:
    """End this process at once."""
    print(f"process {os.getpid()} ended: {reason}", file=sys.stderr, flush=True)
    os._exit(1)


def look_after(loop: asyncio.AbstractEventLoop, most: int) -> None:
    """Ask this process every second how it is; give it up where no or a bad answer comes, or it is too large (MB)."""
    while not loop.is_closed():
        try:
            asked = asyncio.run_coroutine_threadsafe(pm.get_plugin("health.py").tell_alive(), loop)
            answer = asked.result(SILENT)
        except TimeoutError:
            give_up(f"no answer within {SILENT:.0f} s")
        if answer.status != HTTPStatus.OK:
            give_up(answer.body)
        if int(Path("/proc/self/statm").read_text().split()[1]) * PAGE > most * MEGABYTE:
            give_up(f"over {most} MB")
        time.sleep(1)


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Return a wrapper that begins to look when the process does, where one keeps it that starts another."""
    most = json.loads(os.environ.get("CLEARVIEW_POOL", "{}")).get("memory")

    def wrap(app: App) -> App:
        async def begin(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            if scope["type"] == "lifespan":
                threading.Thread(target=look_after, args=(asyncio.get_running_loop(), most), daemon=True).start()
            await app(scope, receive, send)

        return begin if most else app

    return wrap
