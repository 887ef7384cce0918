"""Where in a statement SQLite found the word that it names: its messages tell the word, not which one of several."""

import re
import sqlite3
from bisect import bisect_left

# No SQL has this character, so that what stands before it is read, and never compiled or run.
STOP = " @"


def refuses(sql: str, text: str) -> bool:
    """Return whether SQLite refuses this start of a statement because of the word."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(sql + STOP)
    except sqlite3.Error as error:
        return str(error) == f'near "{text}": syntax error'
    finally:
        connection.close()
    return False


def find_refused_word(sql: str, text: str) -> int | None:
    """Return where the refused word starts; None where it is not found.

    Once refused, a start of the statement stays refused however much follows, so halving finds the first such place.
    """
    starts = [match.start() for match in re.finditer(re.escape(text), sql)]
    at = bisect_left(starts, True, key=lambda start: refuses(sql[: start + len(text)], text))
    return starts[at] if at < len(starts) else None
