"""What a query may do on the published database: read, within limits of time and size, and tell nothing of the machine.

What a statement may cost is in service/statement_limits.py.
"""

import math
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from datasette import database as database_module
from datasette import hookimpl

from service.sql_functions import put_functions
from service.statement_clock import CLOCK
from service.statement_limits import LONGEST_VALUE, MEGABYTE, READERS_SQL, StatementLimits

SORT_BYTES = 64 * MEGABYTE  # SQLite's own memory in the whole process, caches and sorting together
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 60,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
OWN_WORDS = {"sql", "_where"}  # parameters whose value becomes part of a statement

App = Callable[[Any, Any, Any], Awaitable[None]]


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:  # noqa: ANN401 - untyped there
    """Put the limits on each connection to a file that is served as unchanging."""
    served = datasette.databases.get(database)
    if served is None or served.is_mutable or served.is_memory:
        return
    conn.execute(f"pragma hard_heap_limit = {SORT_BYTES}")
    conn.execute("pragma temp_store = memory")
    conn.execute("pragma query_only = on")
    for category, limit in LIMITS.items():
        conn.setlimit(category, limit)
    put_functions(conn)
    limits = StatementLimits()
    conn.row_factory = limits
    conn.set_authorizer(limits.authorize)


@hookimpl(trylast=True)
def startup(datasette: Any) -> Callable[[], Awaitable[None]]:  # noqa: ANN401 - untyped there
    """Put the clock in the place of Datasette's, which is looked at each 1,000 steps only; the start has no limit.

    What the site asks itself as it starts takes longer on a busy machine, where a limit would end the process.
    Datasette calls the hooks of all plugins before it waits for what they returned, and for what this one did last.
    """
    database_module.sqlite_timelimit = CLOCK.limit
    datasette.sql_time_limit_ms = math.inf

    async def limit_readers() -> None:
        datasette.sql_time_limit_ms = datasette.setting("sql_time_limit_ms")

    return limit_readers


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Return a wrapper that marks what is asked with SQL of the reader's own."""

    def wrap(app: App) -> App:
        async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own types
            if scope["type"] == "http":
                pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
                READERS_SQL.set(scope["path"].startswith("/mcp") or bool(OWN_WORDS & {name for name, _ in pairs}))
            await app(scope, receive, send)

        return answer

    return wrap
