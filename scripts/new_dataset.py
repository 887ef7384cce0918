"""Looks at the spreadsheet in a folder and writes a first mapping.yml, agencies.csv, aliases.csv and site.yml.

Columns are recognised by their headings and by what is in them; names are grouped by likeness, with a suggested agency
and a score, for a person to accept: the build refuses every line that still has a question mark. Columns with people in
them are left out, and so are the names that read like a person's. A file that is there is never written over.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml
from cleaning.countries import CountryReader, UnknownCountry
from cleaning.figure_words import UnreadableQuantity
from cleaning.quantities import QuantityReader
from cleaning.registers import COLUMNS
from dataset.problems import Problem, Problems, exit_with, mask, mask_file, name_file
from drafting.name_groups import group_names
from extract import tidy_heading
from lookups.tables import LOOKUPS, Table, read_table, write_table
from personal_data.detect import Detector
from publishing.accounts import SUMMED
from rapidfuzz import fuzz
from spreadsheets.sheets import Cells, UnreadableFile, Watch
from spreadsheets.workbooks import KNOWN, is_known, list_sheets, open_sheet
from text_unidecode import unidecode

MADE = ("mapping.yml", "agencies.csv", "aliases.csv", "site.yml")
# From this likeness (rapidfuzz, of 100) to a known word on, a heading is taken for it.
LIKE = 90
# So much of a column must be read as what it is taken for; so much of one with people leaves it out.
READ, PEOPLE = 0.8, 0.02
UNDECIDED = "?"
HEAD = "# A first draft: the build refuses what still has a question mark; see docs/own-spreadsheet.md.\n"
NumberedRows = list[tuple[int, Cells]]


def find_spreadsheet(folder: Path) -> Path:
    """Return the one spreadsheet of a folder; raise Problems where there is none or more."""
    # A README.txt beside the spreadsheet is none.
    found = [path for path in sorted(folder.glob("*")) if is_known(path) and path.suffix != ".txt"]
    found = [path for path in found if path.name not in MADE]
    if len(found) != 1:
        advice = f"{len(found)} spreadsheets are there ({KNOWN}); leave one, or name it: ARGS='--workbook NAME'"
        raise Problems([Problem(name_file(folder / "."), advice=advice)])
    return found[0]


def read_sheet(path: Path) -> tuple[str, NumberedRows]:
    """Return the name of the sheet with the most rows ("" for a text file), and these, by the build's own reader."""
    sheets: dict[str, NumberedRows] = {"": []}
    try:
        sheets |= {name: [*open_sheet(path, name, [], "").rows(Watch())] for name in list_sheets(path)}
    except UnreadableFile as error:
        raise Problems([Problem(name_file(path), advice=str(error))]) from None
    name = max(sheets, key=lambda name: sum(map(bool, dict(sheets[name]).values())))
    return name, [(number, cells) for number, cells in sheets[name] if cells]


def find_headings(file: str, rows: NumberedRows) -> int:
    """Return which of the rows (from 0) has the headings: the first as wide as the table that holds no text twice."""
    width = max((len(cells) for _, cells in rows[:50]), default=0)
    for index, (_, cells) in enumerate(rows[:-1][:50]):
        if len(cells) >= 0.8 * width and len(set(cells.values())) == len(cells):
            return index
    raise Problems([Problem(file, advice="no row of headings with rows under it was found; write mapping.yml by hand")])


def as_table(rows: NumberedRows) -> Table:
    """Return the cells of rows as texts in the order of the columns."""
    width = max((place + 1 for _, cells in rows for place in cells), default=0)
    return [[cells.get(place, "") for place in range(width)] for _, cells in rows]


class Look:
    """What a look at the columns of a spreadsheet tells."""

    def __init__(self, headings: Sequence[str], rows: Table) -> None:
        """Take the headings and the rows under them."""
        self.headings, self.rows = headings, rows
        self.countries = CountryReader(LOOKUPS / "countries.csv")
        self.quantities = QuantityReader.from_folder(LOOKUPS)
        self.detector = Detector()
        self.words: dict[str, list[str]] = defaultdict(list)
        for row in read_table(LOOKUPS / "heading_words.csv"):
            self.words[row["field"]].append(row["word"])
        self.people = [heading for place, heading in enumerate(headings) if heading and self.has_people(place)]
        self.fields = self.recognise()
        if self.people:
            # Rows with people in them are accounts; what is remarked of one account is not of the agency.
            self.fields = {field: heading for field, heading in self.fields.items() if field in SUMMED}

    def texts(self, place: int) -> list[str]:
        """Return the distinct texts of a column."""
        return sorted({row[place].strip() for row in self.rows if place < len(row) and row[place].strip()})

    def has_people(self, place: int) -> bool:
        """Return whether a column holds people in more than a few of its cells; of agencies, in most of them."""
        texts = self.texts(place)[:500]
        most = 0.5 if self.likeness(self.headings[place], "agency") >= LIKE else PEOPLE
        return sum(bool(self.detector.find(text)) for text in texts) > most * len(texts)

    def likeness(self, heading: str, field: str) -> float:
        """Return how like a heading is to the words for a field, of 100."""
        return max(fuzz.ratio(heading.casefold(), word) for word in self.words[field])

    def share(self, place: int, field: str) -> float:
        """Return how much of a column can be read as countries or as figures."""
        texts = self.texts(place)[:500]
        readable = sum(self.code_of(text) != "" if field == "country" else self.is_figure(text) for text in texts)
        return readable / len(texts) if texts else 0.0

    def code_of(self, text: str) -> str:
        """Return the code of a printed country, "" where it is none."""
        try:
            return self.countries.read(text)[0]
        except UnknownCountry:
            return ""

    def is_figure(self, text: str) -> bool:
        """Return whether a text can be read as a figure."""
        try:
            self.quantities.read(text)
        except UnreadableQuantity:
            return False
        return True

    def recognise(self) -> dict[str, str]:
        """Return each field that was recognised with the heading of its column: by its words, then by its content."""
        free = {heading: place for place, heading in enumerate(self.headings) if heading and heading not in self.people}
        found: dict[str, str] = {}
        for field in self.words:
            likeness = {heading: self.likeness(heading, field) for heading in free}
            heading = max(likeness, key=likeness.__getitem__, default="")
            if heading and likeness[heading] >= LIKE and self.is_read_as(free[heading], field):
                found[field] = heading
                del free[heading]
        for field in ("country", "searches"):
            if field not in found:
                readable = [heading for heading, place in free.items() if self.share(place, field) >= READ]
                found.update((field, heading) for heading in readable[:1])
                free = {heading: place for heading, place in free.items() if heading not in found.values()}
        return found

    def is_read_as(self, place: int, field: str) -> bool:
        """Return whether a column holds what its heading says, as far as that can be told."""
        return field not in ("country", "searches") or self.share(place, field) >= READ

    def column(self, field: str) -> list[str]:
        """Return the cells of a field, one for each row, "" where it has no column."""
        if field not in self.fields:
            return [""] * len(self.rows)
        place = self.headings.index(self.fields[field])
        return [row[place].strip() if place < len(row) else "" for row in self.rows]


def count_names(look: Look) -> tuple[Counter[tuple[str, str]], int]:
    """Return how often each name stands in each country's code, and how many cells were left out as persons."""
    names: Counter[tuple[str, str]] = Counter()
    persons = 0
    for name, country in zip(look.column("agency"), look.column("country"), strict=True):
        names[name, look.code_of(country) if country else ""] += bool(name)
    for name, code in [*names]:
        if look.detector.find(name):
            persons += names.pop((name, code))
    return +names, persons


def make_id(code: str, name: str) -> str:
    """Return the id that an agency of this name would have."""
    slug = re.sub(r"[^a-z0-9]+", "-", unidecode(name).casefold().replace("'", "")).strip("-")
    return f"{code.lower() or UNDECIDED}-{slug}"


def draft_tables(look: Look) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]], int]:
    """Return the lines of agencies.csv and aliases.csv, and the number of cells left out as persons."""
    names, persons = count_names(look)
    agencies: dict[str, tuple[str, ...]] = {}
    aliases: list[tuple[str, ...]] = []
    for name, code, agency, score in group_names(names):
        key = make_id(code, agency)
        agencies.setdefault(key, (key, agency, "", code or UNDECIDED, UNDECIDED, "", "", ""))
        reason = "" if name == agency else f"suggested: {score:.0f} of 100 like “{agency}”"
        aliases.append((name, code or UNDECIDED, "", UNDECIDED + key, reason))
    return sorted(agencies.values()), sorted(aliases), persons


def say_choices() -> str:
    """Return what may stand in place of the question marks, as comments."""
    choices: dict[str, list[str]] = {}
    for row in read_table(LOOKUPS / "categories.csv"):
        if row["column"] in ("use_status", "listing", "figure_from") and row["as_printed"]:
            choices.setdefault(row["column"], []).append(row["as_printed"])
    choices["agency_type in agencies.csv"] = [row["id"] for row in read_table(LOOKUPS / "agency_types.csv")]
    return "".join(f"# {field}: {' | '.join(words)}\n" for field, words in choices.items())


def draft_mapping(path: Path, sheet: str, row: int, look: Look) -> str:
    """Return the text of a first mapping.yml."""
    left_out = [heading for heading in look.headings if heading and heading not in look.fields.values()]
    by_account = bool(look.people)
    constants = {"use_status": UNDECIDED, "listing": UNDECIDED, "source": "S1"}
    constants |= dict.fromkeys({"agency", "country"} - look.fields.keys(), UNDECIDED)
    constants |= {"figure_from": UNDECIDED} if "searches" in look.fields else {}
    reports = {
        **({"sheet": sheet} if sheet else {}),
        "header_row": row,
        "rows": "account" if by_account else "report",
        "left_out": left_out,
        "columns": look.fields,
        "constants": constants,
    }
    words = {
        "workbook": path.name,
        "reports": reports,
        "sources": {"rows": [{"id": "S1", "publisher": UNDECIDED, "url": UNDECIDED}]},
        "register": "agencies.csv",
        "aliases": "aliases.csv",
    }
    return HEAD + say_choices() + yaml.safe_dump(words, sort_keys=False, allow_unicode=True)


def say_headings(headings: list[str]) -> str:
    """Return headings for a message, without what looks like a person's name in them."""
    return ", ".join(f"'{mask(heading)}'" for heading in headings)


def draft(folder: Path, workbook: str) -> Iterable[str]:
    """Write the drafts; yield what was seen, line by line; raise Problems where a file is there already."""
    if there := [name for name in MADE if (folder / name).exists()]:
        raise Problems([Problem(name_file(folder / name), advice="is there; move it away first") for name in there])
    path = folder / workbook if workbook else find_spreadsheet(folder)
    sheet, rows = read_sheet(path)
    start = find_headings(name_file(path), rows)
    row, table = rows[start][0], as_table(rows[start:])
    look = Look([tidy_heading(cell) for cell in table[0]], table[1:])
    where = mask_file(name_file(path)) + (f", sheet {mask(sheet)}" if sheet else "")
    yield f"{where}: {len(look.rows):,} rows under the headings in row {row}"
    for field, heading in look.fields.items():
        yield f"  {field}: column {say_headings([heading])}"
    yield (
        f"  people are in {say_headings(look.people)}: left out, and a row is taken for one account"
        if look.people
        else ("  no column of people was found: a row is taken for one report")
    )
    others = [heading for heading in look.headings if heading and heading not in [*look.fields.values(), *look.people]]
    if others:
        yield f"  not recognised, so left out: {say_headings(others)}"
    agencies, aliases, persons = draft_tables(look)
    if persons:
        yield f"  {persons:,} cells of the column of agencies read like a person; their names are in no draft"
    write_table(folder / "agencies.csv", COLUMNS["agencies.csv"], agencies)
    write_table(folder / "aliases.csv", COLUMNS["aliases.csv"], aliases)
    (folder / "mapping.yml").write_text(draft_mapping(path, sheet, row, look), "utf-8")
    site = dict.fromkeys(("title", "description", "keeper", "licence", "licence_url"), UNDECIDED)
    (folder / "site.yml").write_text(yaml.safe_dump(site, sort_keys=False), "utf-8")
    yield f"{len(aliases):,} names, suggested as {len(agencies):,} agencies"
    yield f"Look through {', '.join(MADE)}: write what belongs in place of each ?, take away the ? before each id that"
    yield f"is right (mapping.yml begins with what may stand there); then: make db RAW={mask_file(str(folder))}"


def main() -> None:
    """Draft a dataset, or print every problem and exit 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder with the spreadsheet")
    parser.add_argument("--workbook", default="", help="its name, where the folder has more than one")
    given = parser.parse_args()
    try:
        for line in draft(given.folder, given.workbook):
            print(line)
    except Problems as found:
        exit_with(found.problems)


if __name__ == "__main__":
    main()
