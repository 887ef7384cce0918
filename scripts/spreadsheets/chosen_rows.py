"""The rows of a sheet that mapping.yml chooses by what stands in a column: only these, or all but these."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import compress

from dataset.problems import Problem
from dataset.tables import Sheet

from spreadsheets.sheets import Rows

Met = dict[str, set[str]]


class ChosenRows:
    """Chooses rows by the cells of columns that may be read for nothing else."""

    def __init__(self, table: Sheet, headings: list[str]) -> None:
        """Take what the mapping says of a table, and its headings by column."""
        self.table = table
        self.places = {heading: headings.index(heading) for heading in table.choosing if heading in headings}
        self.met: Met = defaultdict(set)  # by heading: the texts of all rows
        self.passed_over: set[int] = set()

    def beside(self, places: Sequence[int]) -> list[int]:
        """Return the columns to read beside those that are read anyway."""
        return [place for place in self.places.values() if place not in places]

    def keep(self, rows: Rows, places: Sequence[int]) -> list[bool]:
        """Return for each row whether it is chosen; the columns are those of places."""
        columns = rows.columns
        kept = [True] * len(rows.numbers)
        for heading, place in self.places.items():
            texts = [" ".join(text.split()) for text in columns[places.index(place)]]
            self.met[heading].update(texts)
            only, skip = self.table.only.get(heading), self.table.skip.get(heading, ())
            fits = [(only is None or text in only) and text not in skip for text in texts]
            kept = [one and other for one, other in zip(kept, fits, strict=True)]
        self.passed_over.update(number for number, one in zip(rows.numbers, kept, strict=True) if not one)
        return kept

    def missing(self, file: str) -> Iterator[Problem]:
        """Yield a problem for each heading that is not there."""
        for heading in self.table.choosing:
            if heading not in self.places:
                advice = "missing column, by which mapping.yml chooses rows; correct only or skip there"
                yield Problem(file, self.table.sheet, self.table.header_rows[-1], heading, advice=advice)


def never_met(file: str, parts: Sequence[ChosenRows]) -> Iterator[Problem]:
    """Yield a problem for each text that chooses rows and stands in none of a table's sheets and files."""
    table = parts[0].table
    for key, choice in (("only", table.only), ("skip", table.skip)):
        for heading, texts in choice.items():
            met = set[str]().union(*(part.met[heading] for part in parts))
            for text in texts:
                if text not in met and all(heading in part.places for part in parts):
                    advice = f"stands under {key} of mapping.yml, but in no row; correct it there"
                    yield Problem(file, table.sheet, 0, heading, text, advice)


def compress_rows(rows: Rows, kept: Sequence[bool], width: int) -> Rows | None:
    """Return the rows that are kept, with their first columns; None where there is none."""
    if all(kept):
        return Rows(rows.numbers, rows.columns[:width])
    if any(kept):
        columns = [list(compress(column, kept)) for column in rows.columns[:width]]
        return Rows(list(compress(rows.numbers, kept)), columns)
    return None
