"""Whether SQL may give another answer the next time, though the database stays as it is."""

import re
from functools import lru_cache

# Words of a statement, names in any quotes, what is passed over, and a quotation mark that nothing closes.
TOKEN = re.compile(
    r"""(?P<passed>\s+|--[^\n]*|/\*.*?(?:\*/|$))|(?P<text>'(?:[^']|'')*')|"(?P<double>(?:[^"]|"")*)"|`(?P<back>[^`]*)`"""
    r"""|\[(?P<square>[^\]]*)\]|(?P<word>[^\W\d]\w*)|(?P<open>\()|(?P<broken>['"`\[])|.""",
    re.DOTALL,
)
NAMES = ("double", "back", "square", "word")
MOMENTS = {"current_date", "current_time", "current_timestamp"}
FUNCTIONS = {
    "random", "randomblob", "date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff",
    "changes", "total_changes", "last_insert_rowid",
}  # fmt: skip


@lru_cache(maxsize=512)
def is_unstable(sql: str) -> bool:
    """Return whether a statement, or a part of one, calls a function of time or chance, or cannot be read for sure."""
    before = ""
    for token in TOKEN.finditer(sql):
        if token["passed"]:
            continue
        if token["broken"] or (token["word"] or "").lower() in MOMENTS:
            return True
        if token["open"] and before in FUNCTIONS:
            return True
        before = next((token[kind].lower() for kind in NAMES if token[kind]), "")
    return False
