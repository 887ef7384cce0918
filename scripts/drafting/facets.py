"""Columns of few texts that repeat, which rows may be counted and chosen by, and the marks between several values."""

from collections.abc import Iterable
from typing import Any

from dataset.facets import Facet, check_names

from drafting.columns import Columns

FEWEST, MOST = 2, 40  # distinct values of a facet
REPEATED = 2  # times that each of them stands in the column, on average
LONGEST = 60  # characters of a value
READ = 0.8  # so much of a column must be words
ALWAYS, OFTEN = (";", "|", "\n"), (",", "/")  # marks between values; those that stand in values too


def values_of(texts: Iterable[str], mark: str) -> list[str]:
    """Return the values of some cells, each as often as it stands there."""
    return [value for text in texts for part in (text.split(mark) if mark else [text]) if (value := part.strip())]


def find_mark(columns: Columns, heading: str) -> str:
    """Return the mark between the values of a column's cells, "" where there is none."""
    texts = columns.texts(heading)
    for mark in ALWAYS:
        if any(mark in text for text in texts):
            return mark
    # A mark that may be part of a value parts them where its parts stand elsewhere too.
    for mark in OFTEN:
        marked = [text for text in texts if mark in text]
        others = {*values_of((text for text in texts if mark not in text), "")}
        repeated = [text for text in marked if others & {*values_of([text], mark)}]
        if marked and 2 * len(repeated) > len(marked):
            return mark
    return ""


def may_be_facet(columns: Columns, heading: str) -> bool:
    """Return whether a column holds words of which few are different."""
    values = values_of(columns.cells(heading), find_mark(columns, heading))
    known = {*values}
    few = FEWEST <= len(known) <= MOST and len(values) >= REPEATED * len(known)
    return few and max(map(len, known)) <= LONGEST and columns.letters(heading) >= READ


def draft_facets(columns: Columns, headings: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the lines of mapping.yml for some columns as facets, by the names that they may have."""
    found: dict[str, dict[str, Any]] = {}
    for number, heading in enumerate(headings, start=1):
        name = next(name for name in (heading, f"own {heading}", f"facet {number}") if is_free(name, found))
        label = {} if name == heading else {"label": heading}
        mark = find_mark(columns, heading)
        found[name] = {"column": heading, **label, **({"split": mark} if mark else {})}
    return found


def is_free(name: str, others: Iterable[str]) -> bool:
    """Return whether a facet can have a name."""
    try:
        check_names({one: Facet(column=one) for one in (*others, name)})
    except ValueError:
        return False
    return not name.startswith("?")
