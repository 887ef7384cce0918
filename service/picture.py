"""A chart as one SVG file to take along: title, marks, legend, limits, source and date are all inside the picture.

Its parts are in picture_parts.py; where they stand is reckoned in scales.py, in percent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from service.chart_rows import Row
from service.charts import Chart
from service.picture_parts import (
    BAR,
    INK,
    LEFT,
    LETTER,
    LINE,
    LINES,
    MARGIN,
    MUTED,
    PAPER,
    ROW,
    WARN,
    WIDTH,
    arrow,
    at,
    bar,
    draw_interval,
    lines,
    mark,
    text,
)
from service.scales import Interval

# By the shape of an interval: one as a key of the legend, in percent of a narrow scale, and what it means.
SHAPE_KEYS = {
    "closed": (Interval(low=0, high=8), "somewhere between"),
    "open_high": (Interval(low=92), "or more: no upper limit known"),
    "open_low": (Interval(high=8), "or fewer: no lower limit known"),
    "about": (Interval(about=0), "an estimate, not a limit"),
}
AGENCYS_OWN = 'fill="#a2551a" fill-opacity=".16"'


@dataclass(frozen=True)
class Foot:
    """What stands under a picture: the limits, and where it comes from."""

    limits: str
    source: str


def draw_marks(chart: Chart, row: Row, y: float) -> str:
    """Return what is drawn of a row."""
    if chart.shape == "intervals":
        return draw_interval(row["drawn"], row["origin"], y)
    if chart.shape == "counts":
        return "".join(bar(first, wide, y, full=place == 0) for place, (first, wide) in enumerate(row["bar"]))
    ends = arrow(at(101.5), y, BAR) if row["open"] else ""
    return bar(0, 100, y, full=False) + bar(0, row["share"], y, full=True) + ends


def name_row(row: Row, y: float) -> str:
    """Return the name of a row with its note, in one line or two, and its value."""
    note = f" ({row['note'].lower()})" if row.get("note") else ""
    room = LEFT - 24 - MARGIN - len(row["value"]) * 15 * LETTER
    size = 15 if len(row["label"] + note) * 15 * LETTER < room else 13
    found = wrap(row["label"] + note, max(16, int(room / (size * LETTER))))
    shown = found[:2] if len(found) <= 2 else [found[0], f"{found[1][:-1]}…"]
    first = y + 5 - (len(shown) - 1) * 7
    names = [text(MARGIN, first + place * 14, one, size) for place, one in enumerate(shown)]
    return "".join(names) + text(LEFT - 14, y + 5, row["value"], 15, MUTED, text_anchor="end")


def draw_shown(shown: Interval | None, top: float, high: float) -> str:
    """Return the figure shown of an agency, behind those of its reports."""
    if shown is None or shown.shape == "none":
        return ""
    ends = [at(end) for end in (shown.low, shown.high, shown.about) if end is not None]
    low, wide = at(shown.low or 0), at(100 if shown.high is None else shown.high)
    field = (
        f'<rect x="{low:g}" y="{top:g}" width="{wide - low:g}" height="{high:g}" fill="#a2551a" fill-opacity=".16"/>'
    )
    edges = [f'<line x1="{x:g}" x2="{x:g}" y1="{top:g}" y2="{top + high:g}" stroke="#a2551a"/>' for x in ends]
    return (field if shown.shape != "about" else "") + "".join(edges)


def draw_rows(chart: Chart, y: float) -> tuple[float, str]:
    """Return where the rows end, and the rows below the marks of their scale."""
    rows, marks = chart.drawn["rows"], chart.drawn.get("marks", [])
    high = len(rows) * ROW
    drawn = [draw_shown(chart.drawn.get("shown"), y + LINE, high)]
    for place, one in enumerate(marks):
        x, anchor = at(one["at"]), "start" if place == 0 else "end" if place == len(marks) - 1 else "middle"
        drawn.append(f'<line x1="{x:g}" x2="{x:g}" y1="{y + LINE:g}" y2="{y + LINE + high:g}" stroke="{LINES}"/>')
        drawn.append(text(x, y + 13, str(one.get("label") or f"{one['value']:,}"), 13, MUTED, text_anchor=anchor))
    for place, row in enumerate(rows):
        middle = y + LINE + place * ROW + ROW / 2
        drawn += [name_row(row, middle), draw_marks(chart, row, middle)]
    return y + LINE + high + 8, "".join(drawn)


def draw_months(chart: Chart, y: float) -> tuple[float, str]:
    """Return where the columns end, and a column for each month over the years."""
    high, left, wide = 240, MARGIN, WIDTH - 2 * MARGIN
    foot = y + 16 + high
    drawn = []
    for one in chart.drawn["marks"]:
        level_y = foot - high * one["at"] / 100
        drawn.append(f'<line x1="{left}" x2="{left + wide}" y1="{level_y:g}" y2="{level_y:g}" stroke="{LINES}"/>')
        count = f"{one['value']:,}" + (" reports" if one is chart.drawn["marks"][-1] else "")
        drawn.append(text(left + wide, level_y - 4, count, 13, MUTED, text_anchor="end"))
    for one in chart.drawn["columns"]:
        x, tall = left + wide * one["at"] / 100, high * one["height"] / 100
        size = f'width="{wide * chart.drawn["width"] / 100:.2f}" height="{tall:.2f}"'
        drawn.append(f'<rect x="{x:.2f}" y="{foot - tall:.2f}" {size} fill="{BAR}"/>')
    for place, one in enumerate(chart.drawn["events"]):
        x, words_y = left + wide * one["at"] / 100, y + 12 + place * 22
        drawn.append(
            f'<line x1="{x:.2f}" x2="{x:.2f}" y1="{words_y - 10}" y2="{foot}" stroke="{MUTED}" stroke-dasharray="3 3"/>'
        )
        drawn.append(text(x + 5, words_y, one["says"], 13, INK, stroke=PAPER, stroke_width="4", paint_order="stroke"))
    years = chart.drawn["years"]
    for place, one in enumerate(years):
        x = left + wide * place / len(years)
        drawn.append(f'<line x1="{x:.2f}" x2="{x:.2f}" y1="{foot}" y2="{foot + 36}" stroke="{LINES}"/>')
        drawn.append(text(x + 5, foot + 16, one["year"], 13, INK, font_weight="600"))
        drawn.append(text(x + 5, foot + 32, f"{one['reports']:,}", 13, MUTED))
    return foot + 48, "".join(drawn)


def list_legend(chart: Chart) -> Iterable[tuple[str, str]]:
    """Yield each key of the chart (drawn about 0, 0) with its words."""
    box = f'<rect x="-8" y="-6" width="16" height="12" fill="{{}}" stroke="{BAR}" stroke-width="1.25"/>'
    if chart.shape == "counts":
        yield box.format(BAR), "use reported"
        yield box.format(PAPER), "no use reported, or claimed only by the vendor; not counted as users"
    elif chart.shape == "coverage":
        yield box.format(BAR), "documented here"
        yield box.format(PAPER), "published in 2021, but not in any report we found"
        if any(row["open"] for row in chart.drawn["rows"]):
            yield arrow(3, 0, BAR), "the published figure is itself a minimum"
    elif chart.shape == "intervals":
        for origin, label in chart.drawn["origins"].items():
            yield mark(0, 0, origin), label + (", never used" if origin == "doubtful" else "")
        shapes = {row["drawn"].shape for row in chart.drawn["rows"]}
        for shape, (key, words) in SHAPE_KEYS.items():
            if shape in shapes:
                shift = at(92) if shape == "open_high" else LEFT
                yield f'<g transform="translate({-shift:g} 0)">{draw_interval(key, "", 0)}</g>', words
        if chart.drawn.get("shown") and chart.drawn["shown"].shape != "none":
            yield f'<rect x="-8" y="-6" width="16" height="12" {AGENCYS_OWN}/>', "the figure shown for the agency"


def draw_legend(chart: Chart, y: float) -> tuple[float, str]:
    """Return where the legend ends, and its keys one after another."""
    x, drawn = float(MARGIN), []
    for key, words in list_legend(chart):
        beside = 52 if "<g" in key else 20  # a whole interval, or one mark
        wide = beside + 24 + len(words) * 13 * LETTER
        if x + wide > WIDTH - MARGIN and x > MARGIN:
            x, y = float(MARGIN), y + LINE
        drawn.append(f'<g transform="translate({x + 8:g} {y - 4:g})">{key}</g>{text(x + beside, y, words, 13, MUTED)}')
        x += wide
    return y + (LINE if drawn else 0), "".join(drawn)


def draw_picture(chart: Chart, selection: str, foot: Foot) -> str:
    """Return the chart as SVG."""
    parts: list[str] = []

    def add(drawn: tuple[float, str]) -> float:
        parts.append(drawn[1])
        return drawn[0]

    y = 50.0
    parts.append(text(MARGIN, y, chart.title, 26, INK, font_weight="600"))
    y = add(lines(y + 28, selection, 15, WARN)) if selection else y + 24
    y = add(lines(y + 4, chart.says, 15, MUTED)) + 8
    if chart.drawn["rows"]:
        y = add((draw_months if chart.shape == "months" else draw_rows)(chart, y))
        y = add(draw_legend(chart, y + 14)) + 8
    parts.append(f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y:g}" y2="{y:g}" stroke="{LINES}"/>')
    y = add(lines(y + 22, foot.limits, 13))
    y = add(lines(y, foot.source, 13, MUTED))
    said = escape(chart.title + (f" ({selection})" if selection else ""))
    words = (
        f'<title id="title">{said}</title><desc id="desc">{escape(f"{chart.alt} {foot.limits} {foot.source}")}</desc>'
    )
    high = round(y + 6)
    size = f'width="{WIDTH}" height="{high}" viewBox="0 0 {WIDTH} {high}"'
    begins = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">'
    ground = f'<rect width="{WIDTH}" height="{high}" fill="{PAPER}"/>'
    return f"{begins}{words}{ground}{''.join(parts)}</svg>\n"
