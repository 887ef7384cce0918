"""Columns of figures that are headed by a year each: "2019", "2020"; or "Cameras 2019", "Cameras 2020"."""

import re
from collections import defaultdict
from collections.abc import Iterable

from cleaning.dates import DateColumn, UnreadableDate

# A year, a year of account, a quarter or a month among other words.
PERIOD = re.compile(
    r"(?<![\w/-])(?:FY ?)?(?:19|20)\d\d(?:[-/–](?:(?:19|20)?\d\d))?(?: ?Q[1-4])?(?![\w/-])|Q[1-4] (?:19|20)\d\d",
    re.IGNORECASE,
)


def find_period(text: str) -> tuple[str, str]:
    """Return the one period that a text names, and the text without it; two empty texts where it names none."""
    found = PERIOD.findall(text.replace("_", " "))
    if len(found) != 1:
        return "", ""
    try:
        return DateColumn().read_period(found[0]), " ".join(text.replace("_", " ").replace(found[0], "#").split())
    except UnreadableDate:
        return "", ""


def group_by_period(headings: Iterable[str]) -> list[dict[str, str]]:
    """Return the groups of two headings and more that differ in their period alone: heading by period."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for heading in headings:
        period, rest = find_period(heading)
        if period:
            groups[rest.casefold()].setdefault(period, heading)
    return [group for group in groups.values() if len(group) > 1]
