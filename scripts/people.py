"""People stay out: every cell is searched before anything is written, and found personal data stops the build.

mapping.yml may choose for a field to drop such cells or to redact them; both are logged without what was found.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from countries import cldr_codes
from mapping import FILE, Mapping
from personal_data import Detector, Finding, plain
from problems import Problem, Problems, name_file
from tables import read_table

Table = list[list[str]]
# Columns whose digits are no telephone numbers unless written like one; columns with the addresses of pages.
FIGURES = {"no", "searches", "published"}
PAGES = {"url", "copy_url"}
# So many distinct texts are kept with what they hold; the memory of a build stays bounded.
REMEMBERED = 100_000
ADVICE = (
    "holds {what}; write `{field}: drop` or `{field}: redact` under personal_data in mapping.yml,"
    " or list the words under not_persons if they name no person"
)
DONE = {"drop": "dropped", "redact": "redacted"}
REASON = "personal data is not published"
# What the log of changes calls a field that is read into several columns.
LOGGED = {"agency": "agency_as_printed", "country": "country_as_printed", "searches": "searches_as_printed"}


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
        """Load the words that a person has reviewed: bodies of the register, and not_persons.csv."""
        self.mapping, self.folder = mapping, folder
        self.listed = folder / mapping.not_persons if mapping.not_persons else None
        bodies = read_table(folder / mapping.agencies) if (folder / mapping.agencies).is_file() else []
        self.phrases = [row["phrase"] for row in read_table(self.listed)] if self.listed else []
        names = [row.get(column, "") for row in bodies for column in ("name", "native_name")]
        self.detector = Detector([*self.phrases, *names])
        self.find = lru_cache(REMEMBERED)(self.search)
        self.problems: list[Problem] = []
        self.removed: Table = []

    def screen(self, name: str, table: Table) -> Table:
        """Return a table (headings first) with its personal data dropped or redacted as mapping.yml says."""
        part = self.mapping.reports if name == "reports" else self.mapping.sources
        file = name_file(self.folder / (self.mapping.workbook if part.columns else FILE))
        fields = [*part.headings] if part.columns else table[0]
        columns = [
            Column(file, part.sheet, field, heading, part.personal_data.get(field, ""))
            for field, heading in zip(fields, table[0], strict=True)
        ]
        regions = fields.index("country") if "country" in fields else None
        rows = [table[0]]
        for number, row in enumerate(table[1:], start=part.header_rows[-1] + 1):
            region = "" if regions is None else cldr_codes().get(row[regions].strip().casefold(), "")
            rows.append([self.screen_cell(*cell, number, region) for cell in zip(columns, row, strict=True)])
        return rows

    def screen_cell(self, column: Column, text: str, row: int, region: str) -> str:
        """Return a cell's text without personal data; note what was done, or the problem where nothing is chosen."""
        found = self.find(text, "" if column.field in FIGURES else region, column.field in PAGES) if text else []
        if not found:
            return text
        what = " and ".join(dict.fromkeys(f"{'an' if one.kind[0] == 'e' else 'a'} {one.kind}" for one in found))
        if not column.choice:
            advice = ADVICE.format(what=what, field=column.field)
            self.problems.append(Problem(column.file, column.sheet, row, column.heading, "", advice))
            return ""
        after = self.detector.redact(text, found).strip() if column.choice == "redact" else ""
        field, done = LOGGED.get(column.field, column.field), DONE[column.choice]
        place = (column.file, column.sheet, str(row), column.heading, field)
        self.removed.append([*place, done, f"[text with {what}]", after, REASON])
        return after

    def search(self, text: str, region: str, page: bool) -> list[Finding]:
        """Return what a text holds; of a page's address, e-mail alone."""
        found = self.detector.find(text, region)
        return [one for one in found if one.kind == "e-mail address"] if page else found

    def unused_phrases(self) -> list[Problem]:
        """Return a problem for each reviewed phrase that kept nothing in this run from being found."""
        advice = "no cell needs it; delete the line or correct the words"
        return [
            Problem(name_file(self.listed), "", line, "phrase", "", advice)
            for line, phrase in enumerate(self.phrases, start=2)
            if self.listed and plain(phrase) not in self.detector.used
        ]


def screen_tables(folder: Path, mapping: Mapping, tables: dict[str, Table]) -> tuple[dict[str, Table], Table]:
    """Return the tables without personal data and the log of what was taken out; raise Problems with every place."""
    screen = Screen(folder, mapping)
    screened = {name: screen.screen(name, table) for name, table in tables.items()}
    if problems := [*screen.problems, *screen.unused_phrases()]:
        raise Problems(problems)
    return screened, screen.removed
