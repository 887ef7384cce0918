"""Spreadsheets that nobody thought of: read right or refused by name, never a traceback or a half-written database.

FILES=2000 makes as many of them; `make fuzz-build` and `make test-slow` do.
"""

import datetime
import os
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from shutil import copytree
from unittest.mock import patch

import corpus
import extract
import pytest
from dataset.problems import Problems
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from small_folder import AGENCIES, HEADINGS, make_folder, name_file, write_workbook
from spreadsheets import plain_sheet, xlsx
from xlsxwriter import Workbook

from build import build

pytestmark = pytest.mark.slow

# Texts of figures with what they must become: minimum, maximum, estimate.
FIGURES: dict[object, tuple[int | None, int | None, int | None]] = {
    "": (None, None, None),
    "11-50": (11, 50, None),
    "1,234": (1234, 1234, None),
    "1 234": (1234, 1234, None),
    "more than 120": (121, None, None),
    "tra le 101 e le 500": (101, 500, None),
    "noin 120": (None, None, 120),
    "at least 10": (10, None, None),
    "twelve": (12, 12, None),
    "78 keer": (78, 78, None),
    "fewer than 5": (None, 4, None),
    7: (7, 7, None),
    120.0: (120, 120, None),
}
COUNTRIES = ("New Zealand", "NZ", "Nuova Zelanda", " New Zealand ")
# What a spreadsheet can hold that no rule reads; a row with one of these must stop the build.
JUNK = st.one_of(
    st.sampled_from(
        [
            "#REF!",
            "=1+1",
            True,
            3.7,
            -4,
            "1.2.3",
            "11-50-90",
            "n/a",
            "\u200b",
            "?",
            "1e5",
            "½",
            "١٢",
            "10%",
            "x" * 32_767,
        ]
    ),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12
    ),
    st.datetimes().map(lambda moment: moment.replace(tzinfo=None, microsecond=0)),
)
ROW = st.tuples(st.sampled_from([*AGENCIES]), st.sampled_from(COUNTRIES), st.sampled_from([*FIGURES]))
DAMAGE = st.sampled_from(
    ["none"] * 6
    + ["shuffle", "blank row", "blank column", "left out", "rename", "twice", "no heading", "beside", "junk"]
    + ["cut", "flip"]
)
HARMLESS = ("none", "shuffle", "blank row", "blank column", "left out")
# How a table is written; "shared" is an .xlsx file that keeps its texts once, as Excel does: openpyxl has them inline.
KIND = st.sampled_from(["shared", "shared", "xlsx", "xls", "ods", "csv"])


def spoil(table: list[list[object]], damage: str, data: st.DataObject) -> list[list[object]]:
    """Return the table with one kind of damage."""
    if damage == "shuffle":
        order = data.draw(st.permutations(range(len(HEADINGS))))
        return [[row[place] for place in order] for row in table]
    if damage == "blank row":
        place = data.draw(st.integers(1, len(table)))
        return [*table[:place], [None] * len(HEADINGS), *table[place:]]
    if damage == "blank column":
        return [[None, *row] for row in table]
    column = data.draw(st.integers(0, len(HEADINGS) - 1))
    if damage == "left out":
        cells = ["Officer", *(data.draw(st.none() | JUNK) for _ in table[1:])]
        return [[*row[:column], cell, *row[column:]] for row, cell in zip(table, cells, strict=True)]
    if damage == "rename":
        table[0][column] = data.draw(st.text(st.characters(categories=["L"]), max_size=8))
    elif damage == "twice":
        table = [[*row, row[column]] for row in table]
    elif damage == "no heading":
        table[0][column] = None
    elif damage == "beside":
        table[-1] = [*table[-1], data.draw(JUNK)]
    elif damage == "junk":
        table[data.draw(st.integers(1, len(table) - 1))][column] = data.draw(JUNK)
    return table


def write_table(path: Path, kind: str, table: list[list[object]], styled: bool) -> None:
    """Write a table as the sheet Reports; where nothing stands a cell may have a style all the same."""
    if kind == "shared":
        with Workbook(path, {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False}) as book:
            sheet, look = book.add_worksheet("Reports"), book.add_format({"bold": True}) if styled else None
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell, None if isinstance(cell, datetime.datetime) else look)
    elif kind == "xlsx":
        write_workbook(path, table, "Reports")
    else:
        # xlwt takes only what it can calculate for a formula.
        texts = [cell for row in table for cell in row if isinstance(cell, str) and cell.startswith("=")]
        assume(kind != "xls" or set(texts) <= {"=1+1"})
        if kind == "csv":
            table = [[int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in row]
                     for row in table]  # fmt: skip
        corpus.WRITERS[path.suffix](path, corpus.Case(table))


def pack_again(path: Path) -> None:
    """Take the time of writing out of a workbook, so that the same case has the same bytes."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as book:
        members = {name: book.read(name) for name in book.namelist() if name not in ("docProps/core.xml", "meta.xml")}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in members.items():
            book.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def damage_bytes(path: Path, damage: str, data: st.DataObject) -> None:
    """Cut the file off or flip one of its bytes."""
    pack_again(path)
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    if damage == "cut":
        content = content[:place]
    else:
        content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(content))


def try_build(folder: Path, out: Path) -> bool:
    """Build as the Makefile does; return whether a database was made, False where the input was refused by name."""
    told: list[str] = []
    try:
        build(folder, out, [], [])
    except Problems as refused:
        told = [str(problem) for problem in refused.problems] or ["nothing was told"]
    assert all(line.startswith("list/") for line in told), told
    return not told


def read_figures(path: Path) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    rows = db.execute(
        "select no, agency, searches_min, searches_max, searches_about from reports order by no"
    ).fetchall()
    db.close()
    return rows


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose workbook is to be written over."""
    return make_folder(tmp_path_factory.mktemp("fuzz") / "list", [])


@settings(
    max_examples=int(os.environ.get("FILES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    rows=st.lists(ROW, min_size=1, max_size=4), damage=DAMAGE, kind=KIND, styled=st.booleans(),
    chunk=st.sampled_from([plain_sheet.CHUNK, 300]), large=st.sampled_from([0, xlsx.LARGE]),
    apart=st.sampled_from([0, *[extract.LITTLE] * 7]), data=st.data(),
)  # fmt: skip
def test_a_spreadsheet_is_read_right_or_refused(
    ready: Path,
    rows: list[tuple[str, str, object]],
    damage: str,
    kind: str,
    styled: bool,
    chunk: int,
    large: int,
    apart: int,
    data: st.DataObject,
) -> None:
    # Each agency has a row, as the register demands.
    rows = [*rows, *((agency, "NZ", "11-50") for agency in AGENCIES if agency not in {row[0] for row in rows})]
    table: list[list[object]] = [[*HEADINGS]]
    table += [[number, agency, country, figure, ""] for number, (agency, country, figure) in enumerate(rows, start=1)]
    expected = [
        (number, AGENCIES[agency], *FIGURES[figure]) for number, (agency, _, figure) in enumerate(rows, start=1)
    ]
    with tempfile.TemporaryDirectory() as temporary:
        folder, out = copytree(ready, Path(temporary) / "list"), Path(temporary) / "build"
        out.mkdir()
        old = b"the database of an earlier run"
        (out / "clearview.db").write_bytes(old)
        workbook = name_file(folder, f"list.{'xlsx' if kind == 'shared' else kind}")
        if damage == "left out":
            mapping = (folder / "mapping.yml").read_text("utf-8")
            told = mapping.replace("sheet: Reports", "sheet: Reports\n  left_out: [Officer]")
            (folder / "mapping.yml").write_text(told, "utf-8")
        write_table(workbook, kind, spoil(table, damage, data), styled)
        if damage in ("cut", "flip"):
            damage_bytes(workbook, damage, data)
        with (
            patch.object(plain_sheet, "CHUNK", chunk),
            patch.object(xlsx, "LARGE", large),
            patch.object(extract, "LITTLE", apart),  # a second process takes longer than the build of such a list
        ):
            built = try_build(folder, out)
        if not built:
            assert damage not in HARMLESS
            assert (out / "clearview.db").read_bytes() == old
            return
        found = read_figures(out / "clearview.db")
        if damage == "junk":
            # One cell is other than expected; no other row is, and a new figure is the number that stands there.
            assert len(found) == len(expected)
            for row in set(found) - set(expected):
                assert len(set(expected) - set(found)) == 1
                printed = {str(cell).strip() for line in table[1:] for cell in line}
                assert row[2] is None or row[2:] in FIGURES.values() or {str(row[2]), f"{row[2]:,}"} & printed
        elif damage not in ("cut", "flip") or zipfile.is_zipfile(workbook):  # other files tell no damaged byte
            assert found == expected
