"""People stay out: every cell is searched before anything is written, and found personal data stops the build.

mapping.yml may choose for a field to drop such cells or to redact them; both are logged without what was found.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from cleaning.corrections import LOGGED
from cleaning.countries import read_code
from cleaning.regions import is_known_place
from dataset.deliveries import Delivery
from dataset.mapping import Mapping
from dataset.problems import Problem, allow, name_file
from dataset.tables import Reports, Sheet, Sources, base_field
from lookups.tables import Table, read_table
from personal_data.detect import Detector, Finding, has_digits, plain
from spreadsheets.sheets import Rows

# Columns whose digits are no telephone numbers unless written like one; columns with the addresses of pages.
FIGURES = {"no", "searches", "published", "date", "period"}
PAGES = {"url", "copy_url"}
PLACES = {"locality", "region"}  # in which "Prince George" is a town
# So many distinct texts are kept with what they hold; the memory of a build stays bounded.
REMEMBERED = 100_000
FEWEST_DIGITS = 7
ADVICE = (
    "holds {what}; write `{field}: drop` or `{field}: redact` under personal_data in mapping.yml,"
    " or list the words under not_persons if they name no person"
)
DONE = {"drop": "dropped", "redact": "redacted"}
REASON = "personal data is not published"


class Column(NamedTuple):
    """Where a column stands, the field it is read into, and what mapping.yml chooses for its personal data."""

    file: str
    sheet: str
    field: str
    heading: str
    choice: str


class Screen:
    """Takes personal data out of the tables of one folder, or tells where it stands."""

    def __init__(self, folder: Path, mapping: Mapping) -> None:
        """Load the words that a person has reviewed: agencies of the register, and not_persons.csv."""
        self.mapping, self.folder = mapping, folder
        self.listed = folder / mapping.not_persons if mapping.not_persons else None
        agencies = read_table(folder / mapping.agencies) if (folder / mapping.agencies).is_file() else []
        self.phrases = (
            [row["phrase"] for row in read_table(self.listed)] if self.listed and self.listed.is_file() else []
        )
        names = [row.get(column, "") for row in agencies for column in ("name", "native_name")]
        self.detector = Detector([*self.phrases, *names])
        allow([*self.phrases, *names])
        self.find = lru_cache(REMEMBERED)(self.search)
        self.other_problems: list[Problem] = []
        self.told: dict[tuple[Column, str, str], list[int]] = {}
        self.removed: Table = []
        self.harmless: dict[Column, set[str]] = defaultdict(set)

    def screen_names(self, file: str, table: Sheet) -> Iterator[Problem]:
        """Yield a problem for a folder, file, sheet or column named after a person: the log of changes tells them."""
        path = Path(file.replace("_", " "))
        named = {"folder": path.parent.name, "file": path.stem, "sheet": table.sheet}
        named |= {f"column of {field}": heading for field, heading in table.headings.items()}
        for what, text in named.items():
            if self.detector.find(text):
                yield Problem(file, table.sheet, advice=f"the {what} is named after a person or an address; rename it")

    def screen(self, delivery: Delivery, name: str, fields: list[str], batches: Iterable[Rows]) -> Iterator[Rows]:
        """Yield the rows of a table with its personal data dropped or redacted as mapping.yml says."""
        by_reports = name == "reports"
        part: Reports | Sources = delivery.reports if by_reports else delivery.sources
        place = delivery.reports_place if by_reports else delivery.sources_place
        self.other_problems += self.screen_names(place.file, part) if part.columns else ()
        columns = [
            Column(place.file, place.sheet, field, place.headings[field], part.personal_data.get(base_field(field), ""))
            for field in fields
        ]
        for numbers, cells in batches:
            countries = cells[fields.index("country")] if "country" in fields else [""] * len(numbers)
            screened = [
                self.screen_column(column, texts, numbers, countries)
                for column, texts in zip(columns, cells, strict=True)
            ]
            yield Rows(numbers, screened)

    def screen_column(
        self, column: Column, texts: Sequence[str], numbers: Sequence[int], countries: Sequence[str]
    ) -> Sequence[str]:
        """Return one column of some rows, screened; texts that hold nothing in any country are looked at once."""
        if len(texts[0]) < FEWEST_DIGITS and "".join(texts).isdecimal() and max(map(len, texts)) < FEWEST_DIGITS:
            return texts  # a column of small numbers, all of them different
        new = set(texts) - self.harmless[column]
        doubtful = {text for text in new if is_dialled(column, text) or self.search_cell(column, text, "")}
        if len(self.harmless[column]) < REMEMBERED:
            self.harmless[column] |= new - doubtful
        if not doubtful:
            return texts
        return [
            self.screen_cell(column, text, row, region_of(country)) if text in doubtful else text
            for text, row, country in zip(texts, numbers, countries, strict=True)
        ]

    def search_cell(self, column: Column, text: str, region: str) -> list[Finding]:
        """Return what a cell holds; a few digits alone are no telephone number."""
        if text.isdecimal() and len(text) < FEWEST_DIGITS:
            return []
        if not text:
            return []
        found = self.find(text, "" if base_field(column.field) in FIGURES else region, is_page(column, text))
        if found and base_field(column.field) in PLACES and is_known_place(plain(text)):
            return [one for one in found if one.kind != "name"]
        return found

    def screen_cell(self, column: Column, text: str, row: int, region: str) -> str:
        """Return a cell's text without personal data; note what was done, or the problem where nothing is chosen."""
        found = self.search_cell(column, text, region)
        if not found:
            return text
        what = " and ".join(dict.fromkeys(f"{'an' if one.kind[0] == 'e' else 'a'} {one.kind}" for one in found))
        if not column.choice:
            self.told.setdefault((column, text, what), []).append(row)
            return ""
        after = self.detector.redact(text, found).strip() if column.choice == "redact" else ""
        field, done = LOGGED.get(base_field(column.field), base_field(column.field)), DONE[column.choice]
        place = (column.file, column.sheet, str(row), column.heading, field)
        self.removed.append([*place, done, f"[text with {what}]", after, REASON])
        return after

    def search(self, text: str, region: str, page: bool) -> list[Finding]:
        """Return what a text holds; of a page's address, e-mail alone."""
        found = self.detector.find(text, region)
        return [one for one in found if one.kind == "e-mail address"] if page else found

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with the tables, a line for each distinct text that holds personal data."""
        found = [
            Problem(column.file, column.sheet, rows[0], column.heading, "", advise(column, what), tuple(rows))
            for (column, _, what), rows in self.told.items()
        ]
        return [*self.other_problems, *found, *self.undecided()]

    def undecided(self) -> Iterator[Problem]:
        """Yield a problem for each phrase of not_persons.csv that a draft proposed and nobody has looked at."""
        advice = "is a suggestion; take away the ? if it names no person, or delete the line"
        for line, phrase in enumerate(self.phrases, start=2):
            if self.listed and phrase.startswith("?"):
                yield Problem(name_file(self.listed), "", line, "phrase", phrase, advice)

    def unused_phrases(self) -> list[Problem]:
        """Return a problem for each reviewed phrase that kept nothing in this run from being found."""
        advice = "no cell needs it; delete the line or correct the words"
        return [
            Problem(name_file(self.listed), "", line, "phrase", "", advice)
            for line, phrase in enumerate(self.phrases, start=2)
            if self.listed and plain(phrase) not in self.detector.used
        ]


def advise(column: Column, what: str) -> str:
    """Return what to do with a cell that holds personal data."""
    return ADVICE.format(what=what, field=base_field(column.field))


def is_dialled(column: Column, text: str) -> bool:
    """Return whether it is the country that says which digits of a text are a telephone number."""
    return base_field(column.field) not in FIGURES and not is_page(column, text) and has_digits(text)


def is_page(column: Column, text: str) -> bool:
    """Return whether a text is the address of a page, whose digits and words are no telephone number and no name."""
    return column.field in PAGES or (base_field(column.field) == "source" and "://" in text)


@cache
def region_of(country: str) -> str:
    """Return the code of a printed country, "" where it is not known."""
    return read_code(country.strip())
