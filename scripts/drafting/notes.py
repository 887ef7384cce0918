"""Rows under or among the data that are none of it: notes, sources, headings of a part, with nothing beside them."""

import re
from collections.abc import Sequence
from statistics import median

from lookups.tables import Table

from drafting.columns import has_agency_word

# What a note begins with: a word and what it says, a number or a sign of a footnote.
NOTE = re.compile(
    r"(?:(?:foot)?notes?|sources?|anmerkung(?:en)?|remarques?)\s*\d*\s*(?:[:.–-]|$)"
    r"|(?:quellen?|fuentes?|fontes?|bron|n\.?b\.?|caveats?|lecture|champ|stand|(?:last )?updated)\s*[:–]"
    r"|end of (?:table|worksheet)|[*†‡§¹²³]|\[[\w ]{1,8}\]|\(?\d{1,2}[.)]\s",
    re.IGNORECASE,
)
LONG = 8  # words: no agency has such a name
MOST = 0.8  # so many of the names must have a word of agencies for one without it to be the heading of a part


def find_notes(rows: Table, numbers: Sequence[int], agency: int) -> dict[int, tuple[int, str]]:
    """Return the places (from 0) of rows that are no data, each with the column of its text and why it is none.

    Agency is the column of the names.
    """
    filled = [[place for place, cell in enumerate(row) if cell.strip()] for row in rows]
    if median([len(cells) for cells in filled] or [0]) < 2:
        return {}
    last = max(place for place, cells in enumerate(filled) if len(cells) > 1)
    named = [row[agency] for row, cells in zip(rows, filled, strict=True) if len(cells) > 1 and agency in cells]
    all_named = sum(map(has_agency_word, named)) > MOST * len(named)
    found = {}
    apart = False
    for place, cells in enumerate(filled):
        # A blank row parts what stands under the table from its last rows.
        apart = place > last and (apart or numbers[place] > numbers[place - 1] + 1)
        text = rows[place][cells[0]].strip() if len(cells) == 1 else ""
        heads_part = text and cells[0] == agency and all_named and not has_agency_word(text)
        if text[:1].isdecimal() and not is_note(text):
            continue  # a figure alone may belong to the row above
        if text and (apart or is_note(text) or heads_part):
            found[place] = cells[0], "a note or a heading, nothing stands beside it"
    return found


def is_note(text: str) -> bool:
    """Return whether a text reads like a note rather than a name."""
    return NOTE.match(text) is not None or len(text.split()) > LONG
