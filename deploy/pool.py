"""Processes that answer from one release on one socket, kept by uvicorn: it replaces one that ended or is silent.

usage: serve.sh starts it where CLEARVIEW_WITH names it, with options of Datasette. CLEARVIEW_POOL says in JSON the
socket that was opened for it (fd), how many processes (workers), when one is too large (memory, in MB; see
plugins/serving/giving_up.py), and how far it gives way to others (nice).
"""

import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

STOPPED = 8  # seconds without a sign of life after which uvicorn ends it
POOL: dict[str, int] = json.loads(os.environ["CLEARVIEW_POOL"])
App = Callable[[Any, Any, Any], Awaitable[None]]


def make_app() -> App:
    """Return the site as `datasette serve` would serve it; where none can be made, end as uvicorn understands it."""
    from datasette.cli import check_databases, serve  # noqa: PLC0415 - a second that the keeping process need not take

    try:
        options = serve.make_context("datasette serve", json.loads(os.environ["CLEARVIEW_OPTIONS"])).params
        datasette = serve.callback(**options, return_instance=True)
    except Exception:
        traceback.print_exc()
        sys.exit(STARTUP_FAILURE)
    site: list[App] = []

    async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
        if scope["type"] == "lifespan":  # an error here tells uvicorn that no other try will help
            await datasette.invoke_startup()
            await check_databases(datasette)
            site.append(datasette.app())
            os.nice(POOL["nice"])
        await site[0](scope, receive, send)

    return answer


def main() -> None:
    """Keep the processes until told to stop; end where they cannot start."""
    os.environ["CLEARVIEW_OPTIONS"] = json.dumps(sys.argv[1:])
    config = uvicorn.Config(
        "pool:make_app", factory=True, fd=POOL["fd"], workers=POOL["workers"], lifespan="on", log_level="info",
        timeout_graceful_shutdown=15, timeout_worker_healthcheck=STOPPED,
    )  # fmt: skip
    Multiprocess(config, [config.bind_socket()]).run()


if __name__ == "__main__":
    main()
