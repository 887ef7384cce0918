"""What one statement may cost and what it may read, on a connection to the published database.

A statement is interrupted at its limit of time, but only where it jumps, so what it does between two jumps has to be
short. Each function has a price, what one call takes at worst with values of the longest length allowed, and a
statement of a reader's may name functions for so much; a function without a price is refused.
"""

import json
import marshal
import sqlite3
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any
from weakref import ref

from markupsafe import escape

MEGABYTE = 1024 * 1024
ANSWER_BYTES = 8 * MEGABYTE  # of one answer as it is written out: 1,000 rows of the longest kind here are below 2 MB
LONGEST_VALUE = 100_000
# Of a statement that asks the search index: it compares each word asked with each other word in one step.
LONGEST_IN_SEARCH = 4_000
MOST_MILLISECONDS = 400.0  # of all functions that a statement names, at worst
CELL_BYTES = 24  # of what stands around a value: <td></td>, or quotation marks, a colon and a comma
LONGEST_CHARACTER = 12  # bytes, written out: two \\uXXXX

# Whether what is asked holds SQL of the reader's own.
READERS_SQL: ContextVar[bool] = ContextVar("readers_sql", default=False)


# What a statement of a reader's may take (milliseconds of the processor) while many wait; None where few do.
HURRY: ContextVar[float | None] = ContextVar("hurry", default=None)


class CutOffError(BaseException):
    """A statement went past HURRY. No Exception, so that nobody makes a page of it: there is no time for one."""


# At worst, in milliseconds of one call (make fuzz-sql calls each with the longest values).
PRICES = {
    0.3: """
        abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce concat concat_ws
        convert_units cos cosh count cume_dist current_date current_time current_timestamp degrees dense_rank escape_fts
        exp first_value floor group_concat hex highlight if ifnull iif instr json_array json_array_length
        json_error_position json_extract json_group_array json_group_object json_object json_quote json_type json_valid
        lag last_insert_rowid last_value lead length likelihood likely ln log log10 log2 lower match max median min mod
        nth_value ntile nullif octet_length percent_rank percentile percentile_cont percentile_disc pi pow power quote
        radians random randomblob rank round row_number sign sin sinh snippet soundex sqrt string_agg substr substring
        subtype sum tan tanh total total_changes trunc typeof unhex unicode unlikely upper zeroblob -> ->>
    """,
    2.0: """
        date datetime json json_insert json_remove json_replace json_set julianday replace strftime time timediff
        unixepoch
    """,
    10.0: "ltrim plain rtrim trim",
    15.0: "like",
    32.0: "glob",
}
PRICE = {name: price for price, names in PRICES.items() for name in names.split()}

READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
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


def written_bytes(value: Any) -> int:  # noqa: ANN401 - whatever a query gives
    """Return how long a value is at most when written out as JSON, HTML or CSV."""
    if isinstance(value, bytes):
        return CELL_BYTES + len(value) * 4 // 3 + CELL_BYTES
    if not isinstance(value, str):
        return CELL_BYTES + CELL_BYTES
    as_html = len(escape(value)) * (2 if value.lstrip()[:4].lower() == "http" else 1)  # a link shows its own address
    return CELL_BYTES + max(len(json.dumps(value)), as_html)


class AnswerSize:
    """How long the rows of one answer are at most when written out; it is measured only when it might matter."""

    def __init__(self, names: Iterable[str]) -> None:
        """Begin with no rows; where rows are objects each has the names of the columns."""
        self.names = sum(map(written_bytes, names))
        self.measured = self.guessed = 0
        self.rows: list[tuple[Any, ...]] = []  # not yet measured

    def is_over(self, values: tuple[Any, ...], *, is_readers: bool) -> bool:
        """Return whether the answer is over its limit with this row."""
        if not is_readers:  # what the site asks for itself has no hostile texts or headings: one quick measure does
            self.measured += len(marshal.dumps(values))
            return self.measured > ANSWER_BYTES
        characters = sum(len(value) for value in values if isinstance(value, str | bytes))
        self.rows.append(values)
        self.guessed += self.names + 2 * CELL_BYTES * len(values) + LONGEST_CHARACTER * characters
        if self.measured + self.guessed > ANSWER_BYTES:
            self.measured += sum(self.names + sum(map(written_bytes, row)) for row in self.rows)
            self.rows, self.guessed = [], 0
        return self.measured > ANSWER_BYTES


class StatementLimits:
    """Watches over the statements of one connection: as its authorizer, and as the maker of its rows."""

    def __init__(self) -> None:
        """Take what comes for the site's own."""
        self.is_readers, self.cost = False, 0.0
        self.cursor: ref[sqlite3.Cursor] | None = None
        self.size = AnswerSize(())

    def begin(self, connection: sqlite3.Connection, *, is_readers: bool, searches: bool) -> None:
        """Begin a statement; one of a reader's that searches has a limit of its own on the length of values."""
        self.is_readers, self.cost = is_readers, 0.0
        longest = LONGEST_IN_SEARCH if is_readers and searches else LONGEST_VALUE
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)

    def authorize(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        """Return SQLite's verdict on one action of a statement."""
        if action == sqlite3.SQLITE_FUNCTION:
            return self.afford((second or "").lower())
        if action == sqlite3.SQLITE_PRAGMA:
            return sqlite3.SQLITE_OK if (first or "").lower() in ALLOWED_PRAGMAS else sqlite3.SQLITE_IGNORE
        if action == sqlite3.SQLITE_READ and (first or "").lower() in DENIED_TABLES:
            return sqlite3.SQLITE_DENY
        if (action, first) == (sqlite3.SQLITE_UPDATE, "sqlite_master"):
            return sqlite3.SQLITE_IGNORE  # SQLite's own question as it opens the search index; nothing is written
        return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY

    def afford(self, function: str) -> int:
        """Return SQLite's verdict on a function: known, and within what the statement may cost."""
        if function not in PRICE:
            return sqlite3.SQLITE_DENY
        self.cost += PRICE[function]
        return sqlite3.SQLITE_DENY if self.is_readers and self.cost > MOST_MILLISECONDS else sqlite3.SQLITE_OK

    def __call__(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        """Return the row; raises OperationalError when the answer is too long."""
        if self.cursor is None or self.cursor() is not cursor:
            self.cursor, self.size = ref(cursor), AnswerSize(column[0] for column in cursor.description)
        if self.size.is_over(values, is_readers=self.is_readers):
            raise sqlite3.OperationalError(f"The result is over {ANSWER_BYTES // MEGABYTE} MB; ask for fewer rows")
        return sqlite3.Row(cursor, values)
