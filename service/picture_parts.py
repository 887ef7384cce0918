"""The parts of a picture as SVG: lines of words, marks, intervals, bars. All numbers are pixels, if not said otherwise.

Widths of words are estimated: whoever opens the file may have another font.
"""

from html import escape
from textwrap import wrap

from service.scales import Interval

WIDTH, MARGIN = 900, 28  # pixels, as all numbers here
LEFT, RIGHT = 500, 860  # marks stand between; names and values before them
ROW, LINE = 30, 20
LETTER = 0.47  # the mean width of a letter, of its height
INK, MUTED, LINES, PAPER = "#1c2127", "#59616b", "#d9d4c7", "#fcfbf8"
BAR, WARN = "#2f6f95", "#7a3d00"
COLOURS = {
    "buzzfeed_2021": BAR, "client_list_2020": "#a2551a", "regulator": "#5b4a9c", "own_count": "#23704a",
    "other_reporting": "#8a3b6b", "doubtful": MUTED, "sum": BAR,
}  # fmt: skip
SHAPES = {
    "buzzfeed_2021": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "client_list_2020": "M-4.5-4.5h9v9h-9z",
    "regulator": "M0-6L5.5 4.5h-11z",
    "own_count": "M0-6.5L6.5 0L0 6.5L-6.5 0z",
    "other_reporting": "M0 6L5.5-4.5h-11z",
    "doubtful": "M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5",
}


def text(x: float, y: float, words: str, size: int = 15, fill: str = INK, **more: str) -> str:
    """Return a line of words."""
    family = "'Source Serif 4', Georgia, serif" if size > LINE else "'Source Sans 3', Arial, sans-serif"
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    looks = f'font-size="{size}" font-family="{family}" fill="{fill}"{extra}'
    return f'<text x="{x:g}" y="{y:g}" {looks}>{escape(words)}</text>'


def lines(y: float, words: str, size: int = 15, fill: str = INK) -> tuple[float, str]:
    """Return where a paragraph ends, and the paragraph from one margin to the other."""
    found = wrap(words, int((WIDTH - 2 * MARGIN) / (size * LETTER)), break_long_words=True)
    drawn = [text(MARGIN, y + place * size * 1.35, one, size, fill) for place, one in enumerate(found)]
    return y + len(found) * size * 1.35, "".join(drawn)


def at(percent: float) -> float:
    """Return where a percentage of the scale stands."""
    return round(LEFT + (RIGHT - LEFT) * percent / 100, 2)


def mark(x: float, y: float, origin: str, *, hollow: bool = False) -> str:
    """Return the mark of an origin."""
    colour = COLOURS.get(origin, BAR)
    fill = PAPER if hollow or origin == "doubtful" else colour
    shape = SHAPES.get(origin, SHAPES["buzzfeed_2021"])
    return f'<path transform="translate({x:g} {y:g})" d="{shape}" fill="{fill}" stroke="{colour}" stroke-width="1.5"/>'


def level(first: float, last: float, y: float, colour: str, *, is_open: bool) -> str:
    """Return the line between two ends of an interval; dashed where an end is open."""
    looks = 'stroke-width="2" stroke-dasharray="2 5"' if is_open else 'stroke-width="5" stroke-opacity=".55"'
    return f'<line x1="{first:g}" x2="{last:g}" y1="{y:g}" y2="{y:g}" stroke="{colour}" {looks}/>'


def arrow(x: float, y: float, colour: str, *, turned: bool = False) -> str:
    """Return the arrow of an open end."""
    path = "M7-5L0 0L7 5" if turned else "M-7-5L0 0L-7 5"
    return f'<path transform="translate({x:g} {y:g})" d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def draw_interval(drawn: Interval, origin: str, y: float) -> str:
    """Return an interval, closed or open, a point or an estimate."""
    colour = COLOURS.get(origin, BAR)
    low, high, about = (None if end is None else at(end) for end in (drawn.low, drawn.high, drawn.about))
    if low is not None and high is not None:
        span = "" if low == high else level(low, high, y, colour, is_open=False) + mark(high, y, origin)
        return span + mark(low, y, origin)
    if low is not None:
        return level(low, RIGHT, y, colour, is_open=True) + arrow(RIGHT, y, colour) + mark(low, y, origin)
    if high is not None:
        return level(LEFT, high, y, colour, is_open=True) + arrow(LEFT, y, colour, turned=True) + mark(high, y, origin)
    if about is not None:
        return mark(about, y, origin, hollow=True) + text(about + 10, y + 4, "about", 12, colour)
    return text(LEFT + 8, y + 5, "no number can be read", 13, MUTED)


def bar(first: float, wide: float, y: float, *, full: bool, high: float = 15) -> str:
    """Return a part of a bar, from a percentage on, so many percent wide."""
    looks = f'fill="{BAR}"' if full else f'fill="{PAPER}" stroke="{BAR}" stroke-width="1.25"'
    x, width = at(first), round((RIGHT - LEFT) * wide / 100, 2)
    return f'<rect x="{x:g}" y="{y - high / 2:g}" width="{width:g}" height="{high:g}" {looks}/>' if wide else ""
