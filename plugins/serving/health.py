"""Whether this process lives (`/-/healthz`), whether it can answer readers (`/-/readyz`), and its numbers."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette import Response, hookimpl
from exports.site_words import WORDS
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from service.statement_clock import CLOCK

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where the workers of one site share their numbers
ANSWERS = Counter(f"{WORDS.database}_answers_total", "Answers by class of status", ["status"])
SECONDS = Histogram(f"{WORDS.database}_answer_seconds", "Time to the first byte of an answer (seconds)")
READY = Gauge(
    f"{WORDS.database}_ready", "Whether the database of the release answers (1 or 0)", multiprocess_mode="liveall"
)
MEMORY = Gauge(f"{WORDS.database}_worker_memory_bytes", "Resident memory of a worker", multiprocess_mode="liveall")
WEIGH_EVERY = 5.0  # seconds; the numbers of all workers are told by whichever is asked for them
PAGE = os.sysconf("SC_PAGE_SIZE")
NOT_STORED = {"Cache-Control": "no-store"}

App = Callable[[Any, Any, Any], Awaitable[None]]


async def tell_alive() -> Response:
    """Return 200 as long as the process answers and no statement goes on past twice its limit; else 503: replace it."""
    hanging = CLOCK.find_hanging()
    if hanging is not None:
        reason = f"a statement has run for {hanging:.1f} s and does not stop"
        return Response.json({"ok": False, "error": reason}, status=503, headers=NOT_STORED)
    return Response.json({"ok": True}, headers=NOT_STORED)


def ask_file(path: str) -> int:
    """Return how many agencies the file holds, read anew through a connection of its own; raises sqlite3.Error."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as db:
        found = db.execute("select count(*) from agencies_fts where agencies_fts match 'police'").fetchone()[0]
        agencies: int = db.execute("select count(name) from agencies").fetchone()[0]
    if not found:
        raise sqlite3.DatabaseError("the search finds nothing")
    return agencies


async def tell_ready(datasette: Any) -> Response:  # noqa: ANN401 - untyped there
    """Return 200 where the published file answers a query and a search, with its content hash; else 503 and why."""
    database = datasette.get_database(WORDS.database)
    try:
        agencies = await asyncio.to_thread(ask_file, database.path)
    except sqlite3.Error as error:
        READY.set(0)
        return Response.json({"ok": False, "error": str(error)}, status=503, headers=NOT_STORED)
    READY.set(agencies > 0)
    facts = {"ok": agencies > 0, "agencies": agencies, "database": database.hash}
    return Response.json(facts, status=200 if agencies else 503, headers=NOT_STORED)


def weigh() -> None:
    """Set this worker's memory among the numbers."""
    with open("/proc/self/statm") as statm:  # noqa: PTH123 - a line of the kernel's
        MEMORY.set(int(statm.read().split()[1]) * PAGE)


def forget_ended(folder: Path) -> None:
    """Remove what ended processes have told of themselves; what they have counted stays."""
    for process in {path.stem.rpartition("_")[2] for path in folder.glob("gauge_live*.db")}:
        if not Path("/proc", process).exists():
            mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]


async def tell_numbers(datasette: Any) -> Response:  # noqa: ANN401 - untyped there
    """Return the metrics of this worker, or of all workers of the site, in Prometheus's format."""
    weigh()
    await tell_ready(datasette)
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        forget_ended(Path(os.environ[FOLDER]))
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        text = generate_latest(registry)
    else:
        text = generate_latest()
    return Response(text, headers=NOT_STORED, content_type=CONTENT_TYPE_LATEST)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Return the addresses of the three pages."""
    return [(r"^/-/healthz$", tell_alive), (r"^/-/readyz$", tell_ready), (r"^/-/metrics$", tell_numbers)]


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Return the wrapper that counts answers and their time."""
    weighed = 0.0

    def wrap(app: App) -> App:
        async def count(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            nonlocal weighed
            began = time.perf_counter()
            if began - weighed > WEIGH_EVERY:
                weigh()
                weighed = began

            async def note(message: Any) -> None:  # noqa: ANN401
                if message["type"] == "http.response.start":
                    ANSWERS.labels(f"{message['status'] // 100}xx").inc()
                    SECONDS.observe(time.perf_counter() - began)
                await send(message)

            await app(scope, receive, note if scope["type"] == "http" else send)

        return count

    return wrap
