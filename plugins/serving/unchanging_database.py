"""The published database never changes while it is served: what was once asked of it about itself stays true.

Datasette asks again for every page what the columns, keys and labels are and how often each value occurs. Here such
answers are kept, within a limit of memory. The rows that a reader asks for are read each time.
"""

import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import lru_cache
from traceback import clear_frames
from typing import Any

from cachetools import LRUCache
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted, Results
from datasette.utils import escape_sqlite

from service.statement_clock import CLOCK, processor_clock
from service.statement_limits import HURRY, READERS_SQL, CutOffError, StatementLimits
from service.unstable_sql import is_unstable

KEPT_BYTES = 16 * 1024 * 1024  # of all answers together, in one process
TABLES_KEPT = 200  # names, of which a stranger may make up any number
LONGEST_KEPT = 256 * 1024
VALUE_BYTES = 100  # a value and its place in a row, beside its text
# The rows of a table's page as Datasette asks for them. It puts the key behind the order on later pages only, so that
# of rows alike in the order some were lost between the first page and the second, and some came twice.
NAME = r"(?:[\w*]+|\[[^]]+\])"
PAGE_OF_ROWS = re.compile(
    rf"select {NAME}(?:, {NAME})* from (\w+|\[[^]]+\]) (where .* )?"
    r"order by (\w+|\[[^]]+\])( desc)?(?P<limit> limit \d+)",
    re.DOTALL,
)


# Whether the statement about to be executed asks the search index, whose tables all have this in their name.
SEARCH_INDEX = "_fts"
SEARCHES: ContextVar[bool] = ContextVar("searches", default=False)


def measure(answer: Any) -> int:  # noqa: ANN401 - whatever Datasette makes of a database
    """Return about how many bytes an answer takes."""
    rows = answer.rows if isinstance(answer, Results) else answer if isinstance(answer, list) else [answer]
    values = [value for row in rows for value in (row if hasattr(row, "__len__") else [row])]
    return VALUE_BYTES * (5 + len(values)) + sum(len(value) for value in values if isinstance(value, str | bytes))


class UnchangingDatabase(Database):  # type: ignore[misc]
    """A database whose answers about itself are kept."""

    def __init__(self, datasette: Datasette, path: str) -> None:
        """Open the file as one that nobody writes to."""
        super().__init__(datasette, path=path, is_mutable=False)
        self.kept: LRUCache[tuple[Any, ...], Any] = LRUCache(KEPT_BYTES, getsizeof=measure)

    async def keep(self, key: tuple[Any, ...], ask: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401
        """Return what was answered before, or ask and keep the answer; a list is handed out as a copy."""
        if key in self.kept:
            answer = self.kept[key]
        else:
            answer = await ask()
            if measure(answer) <= LONGEST_KEPT:
                self.kept[key] = answer
        return list(answer) if isinstance(answer, list) else answer

    async def execute(
        self,
        sql: str,
        params: Any = None,  # noqa: ANN401
        truncate: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> Results:
        """Return the rows; those of a page or a reader's SQL (truncate) are always read anew."""
        ask = super().execute
        SEARCHES.set(SEARCH_INDEX in sql.lower())
        if truncate and "log_sql_errors" not in options:  # from a table's page, not a reader's own SQL
            sql = await self.order_by_key_too(sql)
        options["log_sql_errors"] = False  # a reader's own words do not belong in the log
        if truncate or is_unstable(sql):
            try:
                return await ask(sql, params, truncate, **options)
            except QueryInterrupted:
                if READERS_SQL.get() and HURRY.get():
                    raise CutOffError from None
                raise
        return await self.keep((sql, repr(params)), lambda: ask(sql, params, truncate, **options))

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401
        """Return what the function makes of a connection, on which its statement begins anew."""
        is_readers, searches, hurry = READERS_SQL.get(), SEARCHES.get(), HURRY.get()

        def begin_and_run(connection: sqlite3.Connection) -> Any:  # noqa: ANN401
            limits = connection.row_factory
            if isinstance(limits, StatementLimits):
                limits.begin(connection, is_readers=is_readers, searches=searches)
            try:
                if not (is_readers and hurry):
                    return fn(connection)
                with CLOCK.limit(connection, hurry, processor_clock()):  # what others on the machine do is not in it
                    return fn(connection)
            except Exception as error:
                # A statement left half-read by its error keeps the connection interrupted for whoever asks next.
                clear_frames(error.__traceback__)
                raise

        return await super().execute_fn(begin_and_run)

    async def order_by_key_too(self, sql: str) -> str:
        """Return the query for a table's page with its key behind the order."""
        page = PAGE_OF_ROWS.fullmatch(sql)
        keys = [escape_sqlite(key) for key in await self.primary_keys(page[1].strip("[]"))] if page else []
        if page is None or page[3] in keys:
            return sql
        return sql[: page.start("limit")] + "".join(f", {key}" for key in keys) + page["limit"]


def keep_answers(name: str) -> Callable[..., Awaitable[Any]]:
    """Return the method of Database that asks about a table, keeping its answers."""

    async def ask_once(self: UnchangingDatabase, *about: str) -> Any:  # noqa: ANN401
        return await self.keep((name, *about), lambda: getattr(Database, name)(self, *about))

    return ask_once


for name in (
    "table_columns", "table_column_details", "primary_keys", "fts_table", "label_column_for_table",
    "foreign_keys_for_table", "get_all_foreign_keys", "hidden_table_names",
):  # fmt: skip
    setattr(UnchangingDatabase, name, keep_answers(name))


async def find_nothing_new() -> None:
    """Stand for Datasette's look at the schemas before each page: they are those of the start."""


@hookimpl
def startup(datasette: Datasette) -> Callable[[], Awaitable[None]]:
    """Put each published file in the place of Datasette's own view of it; where all are such, look at schemas once."""

    async def replace() -> None:
        for name, database in datasette.databases.items():
            if database.path and not database.is_mutable:
                datasette.remove_database(name)
                datasette.add_database(UnchangingDatabase(datasette, database.path), name=name, route=database.route)
        if all(not database.is_mutable for name, database in datasette.databases.items() if name != "_internal"):
            await datasette.refresh_schemas()
            datasette.refresh_schemas = find_nothing_new
        # Read from a copy of all metadata for each page, though those don't change either.
        datasette._table_permission_allows = lru_cache(TABLES_KEPT)(datasette._table_permission_allows)

    return replace
