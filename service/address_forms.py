"""Parameters that Datasette reads without looking, or whose fault it answers as its own."""

import json
import re
from collections.abc import Iterable

SWITCH = "|on|off|true|false|1|0"
FORMS = {
    "_timelimit": "[0-9]{1,9}",
    "_json_infinity": SWITCH,
    "_labels": SWITCH,
    "_shape": "arrays?|objects?|arrayfirst",
    "_facet_size": "[0-9]{1,9}|max",
}
LIST_FILTER = re.compile("__(not)?in$")


def is_list_of_values(text: str) -> bool:
    """Return whether the text is a JSON list that SQLite can compare with."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return all(isinstance(value, str) or (isinstance(value, int | float) and abs(value) < 2**63) for value in values)


def find_bad_value(pairs: Iterable[tuple[str, str]]) -> str | None:
    """Return why a parameter's value cannot be understood; None where all can."""
    for name, value in pairs:
        if name in FORMS and not re.fullmatch(FORMS[name], value):
            return f"{name} must match {FORMS[name]}"
        if LIST_FILTER.search(name) and value.startswith("[") and not is_list_of_values(value):
            return f"{name} takes a list such as a,b or a JSON list of texts and numbers"
    return None
