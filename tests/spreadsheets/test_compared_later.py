"""The second reader compares a large sheet while its rows are cleaned and loaded; no database is there before."""

from collections.abc import Callable
from pathlib import Path

import extract
import pytest
from cleaning import printed
from dataset.problems import Problems
from small_folder import AGENCIES, HEADINGS, make_folder
from spreadsheets import plain_sheet, xlsx
from spreadsheets.sheets import Later
from xlsxwriter import Workbook

from build import build

ROWS = [(number, agency, "New Zealand", "11-50", "a note") for number, agency in enumerate([*AGENCIES] * 8, start=1)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a workbook of plain cells, which our own reader reads in parts, in another process."""
    monkeypatch.setattr(xlsx, "LARGE", 0)
    monkeypatch.setattr(plain_sheet, "FIRST", 500)
    monkeypatch.setattr(plain_sheet, "CHUNK", 500)
    monkeypatch.setattr(plain_sheet, "SLICE", 1)
    monkeypatch.setattr(extract, "LITTLE", 0)
    made = make_folder(tmp_path / "list", ROWS)
    with Workbook(made / "list.xlsx") as book:  # openpyxl writes its texts in a form that openpyxl has to read
        sheet = book.add_worksheet("Data")
        for number, cells in enumerate([HEADINGS, *ROWS]):
            sheet.write_row(number, 0, cells)
    return made


def misread(wrong: str) -> Callable[[bytes], str]:
    """Return our reader of texts with a fault: it takes one text for another."""
    right = plain_sheet.read_text
    return lambda raw: right(raw.replace(b"11-50", wrong.encode()))  # type: ignore[return-value]


def read_steps(said: str) -> list[str]:
    return [line.partition(".py:")[0] for line in said.splitlines() if ".py: " in line]


def test_a_fault_of_one_reader_becomes_no_figure(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tmp_path / "steps"
    with monkeypatch.context() as faulty:
        faulty.setattr(plain_sheet, "read_text", misread("11-500"))
        with pytest.raises(Problems) as refused:
            build(folder, steps, [], [])
    (problem,) = refused.value.problems
    assert "sheet Data, row 2 (24 rows" in str(problem)
    assert "'11-500 | 11-50': two readers read this differently" in str(problem)
    assert not (steps / "clearview.db").exists()
    assert not (steps / "compared.txt").exists()
    build(folder, steps, [], [])
    assert (steps / "clearview.db").exists()


def test_what_nobody_compared_is_read_again(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = tmp_path / "steps"
    build(folder, steps, [], [])
    made = (steps / "clearview.db").read_bytes()
    assert read_steps(capsys.readouterr().out) == ["extract", "clean", "build_db"]
    build(folder, steps, [], [])
    assert read_steps(capsys.readouterr().out) == ["build_db"]
    (steps / "compared.txt").unlink()  # as where the build was killed before the second reader was through
    build(folder, steps, [], [])
    assert read_steps(capsys.readouterr().out) == ["extract", "clean", "build_db"]
    assert (steps / "clearview.db").read_bytes() == made


def test_a_fault_of_a_name_is_told_and_the_sheet_not_read_again(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps, aliases = tmp_path / "steps", folder / "aliases.csv"
    whole = aliases.read_text("utf-8")
    aliases.write_text(whole.replace("Gamma State Patrol", "Gamma Patrol"), "utf-8")
    with pytest.raises(Problems):
        build(folder, steps, [], [])
    aliases.write_text(whole, "utf-8")
    capsys.readouterr()
    build(folder, steps, [], [])
    assert read_steps(capsys.readouterr().out) == ["clean", "build_db"]


@pytest.mark.parametrize("few", [0, len(ROWS)])
def test_reports_that_are_kept_and_those_read_again_are_the_same(
    few: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, tmp_path / "one", [], [])
    monkeypatch.setattr(printed, "FEW", few)
    build(folder, tmp_path / "other", [], [])
    assert (tmp_path / "one" / "clearview.db").read_bytes() == (tmp_path / "other" / "clearview.db").read_bytes()


def test_of_more_comparisons_than_may_wait_the_first_is_made() -> None:
    made: list[int] = []
    later = Later(2)
    for number in range(4):
        later.add(lambda number=number: not made.append(number) and number != 1)  # type: ignore[misc]
    assert made == [0, 1]
    assert not later.alike
    assert not later.settle()
    assert made == [0, 1, 2, 3]
