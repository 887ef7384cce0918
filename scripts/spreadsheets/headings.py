"""The headings of a table: read from one row or several, and held against those that mapping.yml names."""

from itertools import islice

from dataset.problems import Problem
from dataset.tables import Sheet

from spreadsheets.oddities import name_unheaded
from spreadsheets.sheets import SheetReader, Watch

MOST_COLUMNS = 16_384  # of a sheet


def list_headed(found: list[str]) -> list[int]:
    """Return the places of the columns that have a heading."""
    return [place for place, text in enumerate(found) if text]


def list_unread(table: Sheet) -> list[int]:
    """Return the places of the columns without a heading that mapping.yml leaves out by their letters."""
    if not any(text.startswith("column ") for text in table.left_out):
        return []
    return [place for place in range(MOST_COLUMNS) if name_unheaded(place) in table.left_out]


def read_headings(sheet: SheetReader, table: Sheet) -> list[str]:
    """Return the headings by column; of several rows, a text above stands for the columns to its right as well."""
    last = table.header_rows[-1]
    rows = dict(row for row in islice(sheet.rows(Watch()), last) if row[0] in table.header_rows)
    width = max((place + 1 for cells in rows.values() for place in cells), default=0)
    levels = []
    for number in table.header_rows:
        texts = [tidy_heading(rows.get(number, {}).get(place, "")) for place in range(width)]
        if number != last:
            texts = [next((text for text in texts[place::-1] if text), "") for place in range(width)]
        levels.append(texts)
    return [" / ".join(dict.fromkeys(text for text in texts if text)) for texts in zip(*levels, strict=True)]


def tidy_heading(text: str) -> str:
    """Return a heading in one line, without characters that nobody sees."""
    return " ".join(text.translate(dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))).split())


def check_headings(file: str, table: Sheet, found: list[str]) -> list[Problem]:
    """Return one problem for each column that is missing, unknown or there twice."""
    row, columns = table.header_rows[-1], [*table.headings.values()]
    problems = []
    for column in columns:
        if column not in found:
            advice = "missing column; add it or restore the heading"
            problems.append(Problem(file, table.sheet, row, column, advice=advice))
        elif found.count(column) > 1:
            problems.append(Problem(file, table.sheet, row, column, advice="column there twice; keep one"))
    for heading in found:
        if heading and heading not in [*columns, *table.left_out, *table.choosing]:
            advice = "unknown column; remove it or correct the heading"
            problems.append(Problem(file, table.sheet, row, heading, advice=advice))
    return problems
