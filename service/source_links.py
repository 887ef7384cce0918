"""Links to the words on a source's page: text fragments of the URL, and an archived copy near the report's date.

A fragment names nothing that is not in the report's own row: the printed name and the printed figure. Browsers that
know it scroll to the words and mark them; others open the page as ever. (Scroll To Text Fragment, WICG.)
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

ARCHIVE = "https://web.archive.org/web/"
# A quotation that leaves words out: the page has its ends, with other words between.
LEFT_OUT = re.compile(r"\s*(?:…|\.\.\.|\[(?:…|\.\.\.)\])\s*")
PRINTED = ("agency_as_printed", "searches_as_printed")


def encode(words: str) -> str:
    """Return words as a part of a text directive, in which "-", "," and "&" have a meaning of their own."""
    return quote(words, safe="").replace("-", "%2D")


def as_directive(printed: str) -> str:
    """Return the directive that finds a printed text, "" where it has no word."""
    parts = [part for part in LEFT_OUT.split(" ".join(printed.split())) if re.search(r"\w", part)]
    ends = parts if len(parts) < 2 else [parts[0], parts[-1]]
    return f"text={','.join(map(encode, ends))}" if ends else ""


def link_to_words(url: str, report: Mapping[str, str | None]) -> str:
    """Return the address of a page at the words of a report; the plain address where the report has none."""
    texts = dict.fromkeys(report.get(column) or "" for column in PRINTED)
    directives = "&".join(filter(None, map(as_directive, texts)))
    if not directives:
        return url
    return f"{url}{'' if '#' in url else '#'}:~:{directives}"


def link_to_archive(url: str, published: str | None) -> str:
    """Return the address of the Wayback Machine for a page: near a date (year, month or day), else all it has."""
    return f"{ARCHIVE}{published.replace('-', '') if published else '*'}/{url}"
