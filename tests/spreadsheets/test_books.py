"""Workbooks of many programs: ours reads each cell as it was written and as a second library has it, or refuses it."""

from pathlib import Path

import pytest
from books import TABLES, WRITERS, expected
from spreadsheets import xlsx
from spreadsheets.second import read_twice
from spreadsheets.sheets import Watch
from spreadsheets.workbooks import list_sheets, open_sheet

# Made by other programs, by tools/books/make_books.sh: program-number of the table.
MADE = sorted((Path(__file__).parent / "books").glob("*.*"))
# Where a program wrote something else than it was given, and what it shows now.
TRUTHS = {(2, 2): "TRUE", (3, 2): "FALSE", (4, 2): "TRUE"}
SERIALS = {(2, 1): "43888", (3, 1): "36525", (4, 1): "45351"}
OTHERWISE = {
    "libreoffice-2.ods": TRUTHS,
    "sheetjs-2.ods": SERIALS,
    "r_openxlsx-0.xlsx": {(2, 2): 'xml:space="preserve"> two  blanks ', (3, 0): "Полиция &amp; &lt;b&gt;"},
    "r_openxlsx-2.xlsx": TRUTHS | SERIALS,
}
# Where the two readers differ, so that a build stops: calamine takes these dates for numbers.
REFUSED = {"sheetjs-2.xls": 3}


def read(path: Path) -> tuple[dict[tuple[int, int], str], list[str]]:
    """Return the texts of a sheet by row and column, and where its two readers differ."""
    (name,) = list_sheets(path)[:1]
    sheet = open_sheet(path, name, [], "")
    places = list(range(4))
    watch = Watch(frozenset(places), frozenset(places))
    cells = {}
    for rows in read_twice(sheet, name, places, watch, alone=False):
        for number, texts in rows.lines():
            cells.update({(number, place): text for place, text in zip(places, texts, strict=True) if text})
    return cells, [str(odd) for odd in watch.oddities if odd.kind == "differs"]


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    programs = {path.name.partition("-")[0] for path in MADE} | set(WRITERS)
    assert len(MADE) + len(WRITERS) * len(TABLES) >= 60
    assert len(programs) >= 6


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("program", WRITERS)
@pytest.mark.parametrize("least", [xlsx.LARGE, 0], ids=["library", "our own"])
def test_workbook_of_a_library(
    program: str, table: str, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "LARGE", least)
    kind, write = WRITERS[program]
    path = tmp_path / f"book.{kind}"
    write(path, TABLES[table])
    assert read(path) == (expected(table), [])


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
@pytest.mark.parametrize("least", [xlsx.LARGE, 0], ids=["library", "our own"])
def test_workbook_of_another_program(path: Path, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "LARGE", least)
    table = [*TABLES][int(path.stem.partition("-")[2])]
    cells, differ = read(path)
    assert cells == expected(table) | OTHERWISE.get(path.name, {})
    assert len(differ) == REFUSED.get(path.name, 0)
