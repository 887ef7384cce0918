"""The links in the cells of reports: each is a source, the same link the same one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from lookups.tables import Table
from spreadsheets.sheets import Rows

from cleaning.odd_texts import tidy

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
# What stands between links; a comma or semicolon may be part of one, but not before a blank or another link.
BETWEEN = re.compile(r"[\s,;|]+(?=(?:https?://|www\.))|[,;|]*\s+[,;|]*\s*", re.IGNORECASE)
COLUMNS = ("id", "publisher", "title", "row")
SEVERAL = "several links; the first stands here, the others in the table further_sources"


class NoLink(ValueError):
    """A text with words that are no link."""


def split_links(text: str) -> list[str]:
    """Return the links of a text, each once, in order; raise NoLink where something else stands there."""
    parts = [part for part in BETWEEN.split(tidy(text)) if part]
    links = [part.rstrip(",;|") for part in parts]
    if not links or not all(map(LINK.fullmatch, links)):
        raise NoLink(
            "holds something that is no link; write links alone (https://…), with blanks between them; of a word with a"
            " link behind it, the link is not read: write it in the cell"
        )
    return [*dict.fromkeys(links)]


def as_address(link: str) -> str:
    """Return the address that a link leads to: one that begins with www. has no protocol of its own."""
    return link if "://" in link else f"http://{link}"


def host_of(address: str) -> str:
    """Return the host of an address, without www: the publisher, where none is named."""
    return (urlsplit(as_address(address)).hostname or address).removeprefix("www.")


def join_cells(columns: Sequence[Sequence[str]], without: str) -> list[str]:
    """Return for each row the texts of its columns of links as one; without is the source of a row that has none."""
    rows = zip(*([text.strip() for text in column] for column in columns), strict=True)
    return [" ".join(filter(None, texts)) or without for texts in rows]


class LinkSources:
    """Gathers the sources that a delivery's rows link to."""

    def __init__(self) -> None:
        """Begin without any."""
        self.found: dict[tuple[str, str, str], int] = {}

    def add(self, fields: Sequence[str], rows: Rows, constants: Mapping[str, str]) -> None:
        """Keep the links of some rows, each with the row it first stands in; constants stand for columns not there."""
        columns = dict(zip(fields, rows.columns, strict=True))
        count = len(rows.numbers)
        links = join_cells([columns[field] for field in fields if field.partition(" ")[0] == "source"], "")
        told = [columns.get(field, [constants.get(field, "")] * count) for field in ("publisher", "title")]
        for number, text, publisher, title in zip(rows.numbers, links, *told, strict=True):
            try:
                found = split_links(text) if text else []
            except NoLink:  # clean.py tells it
                continue
            # What a row says of one page, it may not say of several.
            about = (publisher.strip(), title.strip()) if len(found) == 1 else ("", "")
            for link in found:
                self.found.setdefault((link, *about), number)

    def lines(self) -> Table:
        """Return a line for each link and what is told of it, in the order of COLUMNS."""
        return [[*source, str(row)] for source, row in self.found.items()]


def merge_told(told: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return what several rows tell of one link as one, where they do not differ; else each that does."""
    lines = [*dict.fromkeys(map(tuple, told))]
    columns = [[*dict.fromkeys(filter(None, texts))] for texts in zip(*lines, strict=True)]
    if all(len(texts) <= 1 for texts in columns):
        return [tuple(texts[0] if texts else "" for texts in columns)]
    return [line for line in lines if any(line)]
