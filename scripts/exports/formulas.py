"""Texts that a spreadsheet program would run as a formula."""

import re

# What begins a formula, the full-width forms too, and what a program passes over before it.
BEGINS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
PASSED_OVER = "\\s\\x00-\\x1f\\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
# At a cell's beginning, or where a program that splits at another character, as in most of Europe, begins a cell.
FORMULA = re.compile(f"(^|[;\\t\\r\\n])(?=[{PASSED_OVER}]*[{BEGINS}])")
# The same in whole rows of CSV.
IN_ROWS = re.compile(f'(^|[,";\\t\\r\\n])[{PASSED_OVER}]*[{BEGINS}]|(^|[,"\\n])[\\t\\r]')
BLANK_STARTS = ("\t", "\r")


def defuse(value: object) -> object:
    """Return the value, with a ' before each part of a text that a spreadsheet program would run as a formula."""
    if not isinstance(value, str):
        return value
    return ("'" if value.startswith(BLANK_STARTS) and not FORMULA.match(value) else "") + FORMULA.sub(r"\1'", value)
