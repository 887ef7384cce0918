"""What a sheet shows of a value: its number format can add words, hide a zero or scale a figure away."""

import re
from functools import lru_cache

from xlfmt import format_value

from spreadsheets.sheets import write_number

# Formats that show a whole number as its digits, with or without marks between thousands.
PLAIN = {"", "General", "GENERAL", "0", "#", "#,##0", "@", "Standard"}
MARKS = re.compile(r"[\s,.'\u2019]")
FIGURE = re.compile(r"\d+(?:[.,'\u2019\s]\d+)*")
RAISED_LETTERS = re.compile(r"[^\W\d_]+")


class NotCertain(ValueError):
    """A cell that shows something else than it holds; the message is what it shows."""


@lru_cache(10_000)
def show_number(number: float, code: str) -> str:
    """Return the text that a number is shown as; raise NotCertain where that is another number."""
    if code in PLAIN:
        return write_number(number)[0]
    try:
        shown = str(format_value(number, code))
    except Exception:
        raise NotCertain(code) from None
    if shown.strip() in re.findall(r'"([^"]*)"', code):
        return shown.strip()  # words that stand for the number, such as "fewer than 5" for 3
    return as_shown(shown, number)


def show_text(text: str, code: str) -> str:
    """Return what a text format makes of a text; most leave it as it is."""
    if "@" not in code or code == "@" or (code.count(";") < 3 and code.replace("@", "").strip() == ""):
        return text
    return " ".join(str(format_value(text, code)).split())


def as_shown(shown: str, number: float, certain: bool = False) -> str:
    """Return a number as plain digits where it is shown as no more than these, else as shown; raise NotCertain.

    Certain says that the words come from the program that wrote the file: "fewer than 5" stands for a 3 then.
    """
    shown, plain = " ".join(shown.split()), write_number(number)[0]
    if shown == plain:
        return plain
    marks = MARKS.sub("", shown)
    if re.fullmatch(r"[-\u2212]?[0-9]+", marks):
        if not says(shown.lstrip("-\u2212"), abs(number)):
            raise NotCertain(shown)
        return shown if shown == marks and shown[0] == "0" and len(shown) > 1 else plain
    figure = FIGURE.search(shown)
    if figure is None:
        if not shown and number:
            raise NotCertain("nothing")
        return shown
    if certain and re.search(r"[^\W\d_]", shown):
        return shown
    if not any(says(figure[0], abs(value)) for value in ((number * 100,) if "%" in shown else (number,))):
        raise NotCertain(shown)
    return shown


def says(figure: str, number: float) -> bool:
    """Return whether digits, with whatever marks between them, are a number, perhaps rounded."""
    if float(MARKS.sub("", figure)) == number:
        return True
    whole, _, decimals = re.sub(r"[.,](?=[0-9]*$)", " . ", figure, count=1).partition(" . ")
    digits = MARKS.sub("", whole)
    return digits.isdecimal() and abs(float(f"{digits}.{decimals or 0}") - number) <= 0.5 * 10 ** -len(decimals) + 1e-9


def is_date_format(code: str) -> bool:
    """Return whether a number format shows a date or a time; what stands in quotes or brackets shows nothing."""
    plain = re.sub(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', "", code.split(";", maxsplit=1)[0])
    return bool(re.search("[dmyhs]", plain, re.IGNORECASE)) and "general" not in code.lower()


def is_mark(text: str) -> bool:
    """Return whether raised or lowered characters are a mark beside the text, as of a footnote; letters are none."""
    return bool(text.strip()) and not RAISED_LETTERS.fullmatch(text.strip())
