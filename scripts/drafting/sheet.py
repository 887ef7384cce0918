"""The spreadsheet of a folder: which file, which sheet, which row has the headings, and its rows of texts."""

from pathlib import Path

from cleaning.countries import read_code
from cleaning.odd_texts import is_date
from dataset.problems import Problem, Problems, name_file
from lookups.tables import Table
from spreadsheets.sheets import Cells, MissingSheet, UnreadableFile, Watch
from spreadsheets.workbooks import KNOWN, is_known, list_sheets, open_sheet

from drafting.headings import is_heading, is_year

MADE = ("mapping.yml", "agencies.csv", "aliases.csv", "not_persons.csv", "site.yml")
LOOKED_AT = 50  # so many rows are looked at for the headings
WIDE = 0.8  # of the widest row: a title or a note is narrower
NumberedRows = list[tuple[int, Cells]]


def list_spreadsheets(folder: Path) -> list[Path]:
    """Return the spreadsheets of a folder; raise Problems where there is none."""
    # A README.txt beside the spreadsheet is none.
    found = [path for path in sorted(folder.glob("*")) if is_known(path) and path.suffix != ".txt"]
    found = [path for path in found if path.name not in MADE]
    if not found:
        advice = f"0 spreadsheets are there ({KNOWN}); leave one, or name it: ARGS='--workbook NAME'"
        raise Problems([Problem(name_file(folder / "."), advice=advice)])
    return found


def read_sheets(path: Path, wanted: str) -> dict[str, NumberedRows]:
    """Return the rows that hold something of each sheet ("" of a text file), or of the one wanted; raise Problems."""
    try:
        names = [wanted] if wanted else list_sheets(path)
        sheets = {name: [*open_sheet(path, name, [], "").rows(Watch())] for name in names}
    except UnreadableFile as error:
        raise Problems([Problem(name_file(path), advice=str(error))]) from None
    except MissingSheet as missing:
        advice = f"there is no such sheet; there are: {', '.join(missing.names)}"
        raise Problems([Problem(name_file(path), wanted, advice=advice)]) from None
    return {name: [(number, cells) for number, cells in rows if cells] for name, rows in sheets.items()}


def find_headings(file: str, rows: NumberedRows, wanted: int) -> int:
    """Return which of the rows (from 0) has the headings: the one wanted, or the first wide one that is no data."""
    if wanted:
        place = next((place for place, (number, _) in enumerate(rows) if number == wanted), -1)
        if place < 0 or place == len(rows) - 1:
            raise Problems([Problem(file, row=wanted, advice="holds no headings with rows under it; name another row")])
        return place
    width = max((len(cells) for _, cells in rows[:LOOKED_AT]), default=0)
    for place, (_, cells) in enumerate(rows[:-1][:LOOKED_AT]):
        if len(cells) >= WIDE * width and are_headings(cells, [below for _, below in rows[place + 1 :][:LOOKED_AT]]):
            return place
    advice = "no row of headings with rows under it was found; add one, or name it: ARGS='--header-row N'"
    raise Problems([Problem(file, advice=advice)])


def are_headings(cells: Cells, below: list[Cells]) -> bool:
    """Return whether a row has the headings of those below it, and is none of them."""
    if any(is_heading(text) for text in cells.values()):
        return True
    return len(set(cells.values())) == len(cells) and not any(
        is_data(text, [row[place] for row in below if place in row]) for place, text in cells.items()
    )


def is_data(text: str, below: list[str]) -> bool:
    """Return whether a cell holds a value and no heading: a number, date, link or country, or a word of those below."""
    text = text.strip()
    if text[:1].isdigit() and not is_year(text):
        return True
    if is_date(text) or "://" in text or "@" in text or (len(text) > 3 and read_code(text)):
        return True
    words = set(text.casefold().split())
    alike = sum(not words.isdisjoint(other.casefold().split()) for other in below)
    return alike > len(below) / 2


def as_table(rows: NumberedRows) -> Table:
    """Return the cells of rows as texts in the order of the columns."""
    width = max((place + 1 for _, cells in rows for place in cells), default=0)
    return [[cells.get(place, "") for place in range(width)] for _, cells in rows]


def tidy_headings(cells: list[str]) -> list[str]:
    """Return headings as extract.py reads them: in one line, without characters that nobody sees."""
    unseen = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
    return [" ".join(cell.translate(unseen).split()) for cell in cells]
