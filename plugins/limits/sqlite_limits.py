"""What a query may do on the published database: read, within limits of size, and nothing that tells of the machine."""

import sqlite3
from typing import Any
from weakref import ref

from datasette import hookimpl

MEGABYTE = 1024 * 1024
ANSWER_BYTES = 8 * MEGABYTE  # of text in one answer: 1,000 rows of the longest kind here are below 2 MB
SORT_BYTES = 64 * MEGABYTE  # SQLite's own memory in the whole process, caches and sorting together
TRIMMED_CHARACTERS = 20

LIMITS = {
    # The longest value: SQLite looks at its clock between steps only, so each step has to stay short.
    sqlite3.SQLITE_LIMIT_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 60,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
# These load code, write to the server's log, or tell an address, a version or how SQLite was compiled. format and
# printf count to their width, however wide, within one step, where no clock is looked at.
DENIED_FUNCTIONS = {
    "format",
    "printf",
    "fts3_tokenizer",
    "fts5_source_id",
    "load_extension",
    "rtreecheck",
    "rtreedepth",
    "rtreenode",
    "sqlite_compileoption_get",
    "sqlite_compileoption_used",
    "sqlite_log",
    "sqlite_source_id",
    "sqlite_version",
}
# Tables of SQLite's own that show other readers' queries, or how the file is laid out.
DENIED_TABLES = {"dbstat", "sqlite_dbpage", "sqlite_stmt"}
# What Datasette and the search index ask; any other pragma answers nothing, so no query sees the file's path.
ALLOWED_PRAGMAS = {
    "data_version",
    "foreign_key_list",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "page_count",
    "page_size",
    "schema_version",
    "table_info",
    "table_list",
    "table_xinfo",
}


def authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Return SQLite's verdict on one action of a statement."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() in DENIED_FUNCTIONS else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if (first or "").lower() in ALLOWED_PRAGMAS else sqlite3.SQLITE_IGNORE
    if action == sqlite3.SQLITE_READ and (first or "").lower() in DENIED_TABLES:
        return sqlite3.SQLITE_DENY
    if (action, first) == (sqlite3.SQLITE_UPDATE, "sqlite_master"):
        return sqlite3.SQLITE_IGNORE  # SQLite asks this of itself when it opens the search index; nothing is written
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY


class AnswerBudget:
    """Makes the rows of a connection and stops an answer that grows past ANSWER_BYTES."""

    def __init__(self) -> None:
        self.cursor: ref[sqlite3.Cursor] | None = None
        self.bytes_left = ANSWER_BYTES

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        """Return the row; raises OperationalError when the answer is too long."""
        if self.cursor is None or self.cursor() is not cursor:
            self.cursor, self.bytes_left = ref(cursor), ANSWER_BYTES
        self.bytes_left -= sum(len(value) for value in values if isinstance(value, str | bytes))
        if self.bytes_left < 0:
            raise sqlite3.OperationalError(f"The answer is over {ANSWER_BYTES // MEGABYTE} MB; ask for fewer rows")
        return sqlite3.Row(cursor, values)


def limit_trim(connection: sqlite3.Connection, name: str, strip: Any) -> None:  # noqa: ANN401 - str.strip and its kin
    """Replace a trim of SQLite's, whose single step takes seconds when both arguments are long."""

    def trim(text: Any, characters: Any) -> str | None:  # noqa: ANN401 - whatever a query hands in
        if text is None or characters is None:
            return None
        if len(str(characters)) > TRIMMED_CHARACTERS:
            raise ValueError
        trimmed: str = strip(str(text), str(characters))
        return trimmed

    connection.create_function(name, 2, trim, deterministic=True)


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
    for name, strip in (("trim", str.strip), ("ltrim", str.lstrip), ("rtrim", str.rstrip)):
        limit_trim(conn, name, strip)
    conn.row_factory = AnswerBudget()
    conn.set_authorizer(authorize)
