"""Cells that say which column they are of: on a phone, and of a wide table on paper, a row stands as a card."""

import re
from collections.abc import Iterator
from itertools import count

from datasette import hookimpl
from jinja2 import Environment
from markupsafe import Markup

HEADING = re.compile(r'<th scope="col"[^>]*>(.*?)</th>', re.DOTALL)
NO_WORDS = re.compile(r"<span aria-hidden.*?</span>|<[^>]*>", re.DOTALL)
OPENED = re.compile(r"<(tr|td|th)\b")
WIDE = 9  # columns; from here on they have no room beside one another on upright paper


def label_cells(table: str) -> Markup:
    """Return a table's HTML with each cell of its body labelled with its column's heading."""
    head, body_begins, body = str(table).partition("<tbody>")  # no Markup: it would escape what is added
    labels = [NO_WORDS.sub("", heading).strip() for heading in HEADING.findall(head)]
    places: Iterator[int] = count()

    def label(opened: re.Match[str]) -> str:
        nonlocal places
        if opened[1] == "tr":
            places = count()
            return opened[0]
        return f'{opened[0]} data-label="{labels[next(places)]}"'

    look = "cards cards-wide" if len(labels) >= WIDE else "cards"
    return Markup(head.replace("<table", f'<table class="{look}"', 1) + body_begins + OPENED.sub(label, body))


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Give the templates this as a filter around a table."""
    env.filters["label_cells"] = label_cells
