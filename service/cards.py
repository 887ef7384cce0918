"""The card of a page as SVG: its title and a sentence on it, in the looks of static/card.png."""

from html import escape
from textwrap import wrap

WIDTH, HEIGHT, MARGIN = 1200, 630, 80  # pixels
GROUND, PAPER, BRAND, RULE = "#16324a", "#f7f4ec", "#b9c7d3", "#f0a35e"
LETTER = 0.5  # the mean width of a letter, of its height
SERIF, SANS = "'Source Serif 4'", "'Source Sans 3'"
FOOT = "A listing is not an accusation. Every figure with its source."
SIZES = (60, 48, 38)  # of a title: the first in which it has two lines at most


def break_lines(words: str, size: int) -> list[str]:
    """Return a text in lines that fit the card."""
    return wrap(words, int((WIDTH - 2 * MARGIN) / (size * LETTER)))


def write_lines(found: list[str], y: float, size: int, family: str, colour: str = PAPER) -> str:
    """Return lines of words, the first at a height."""
    looks = f'font-size="{size}" font-family="{family}" font-weight="{600 if family == SERIF else 400}" fill="{colour}"'
    lines = enumerate(found)
    return "".join(
        f'<text x="{MARGIN}" y="{y + place * size * 1.25:g}" {looks}>{escape(line)}</text>' for place, line in lines
    )


def write_card(title: str, sentence: str, brand: str) -> str:
    """Return the card; a title is made smaller until it fits, and never cut: it ends with the word on use."""
    size = next((one for one in SIZES if len(break_lines(title, one)) <= 2), SIZES[-1])
    said = break_lines(sentence, 32)
    shown = said if len(said) <= 4 else [*said[:3], f"{said[3].rsplit(' ', 1)[0]} …"]
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>',
        write_lines([brand], 110, 34, SERIF, BRAND),
        write_lines(break_lines(title, size), 200, size, SERIF),
        write_lines(shown, 350, 32, SANS),
        f'<rect x="{MARGIN}" y="536" width="{WIDTH - 2 * MARGIN}" height="4" fill="{RULE}"/>',
        write_lines([FOOT], 582, 30, SANS),
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{"".join(parts)}</svg>'
