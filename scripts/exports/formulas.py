"""Texts that a spreadsheet program would run as a formula."""

# A cell that begins like this is run; a quotation mark before it keeps it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def defuse(value: object) -> object:
    """Return the value, with a ' before a text that a spreadsheet program would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
