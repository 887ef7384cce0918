"""raw/reported_use.xlsx to CSV, and what is said about a workbook that is not as it should be."""

import csv
import datetime
import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from running import run_script

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("reports", "sources")
Spoil = Callable[[Workbook], None]


def run_extract(raw: Path, build: Path) -> subprocess.CompletedProcess[str]:
    return run_script("extract", raw, build)


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def correct(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows of the real reports as raw/corrections.csv corrects them."""
    numbers, headings = [row[0] for row in rows], rows[0]
    with (ROOT / "raw" / "corrections.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["file"] == "reported_use.xlsx"]
    assert lines
    for line in lines:
        row, column = rows[numbers.index(line["id"])], headings.index(line["column"])
        assert row[column] == line["as_received"]
        row[column] = line["corrected"]
    return rows


def change_workbook(raw: Path, change: Spoil) -> None:
    path = raw / "reported_use.xlsx"
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def test_every_cell_of_the_real_workbook_arrives_as_text(tmp_path: Path) -> None:
    result = run_extract(ROOT / "raw", tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    book = openpyxl.load_workbook(ROOT / "raw" / "reported_use.xlsx")
    for name in TABLES:
        cells = book[name.capitalize()].iter_rows(values_only=True)
        expected = [["" if cell is None else str(cell) for cell in row] for row in cells]
        assert read_csv(tmp_path / f"{name}.csv") == (correct(expected) if name == "reports" else expected)


def test_same_workbook_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        run_extract(ROOT / "raw", tmp_path / folder)
    for name in TABLES:
        one, two = ((tmp_path / folder / f"{name}.csv").read_bytes() for folder in ("one", "two"))
        assert one == two


AS_PRINTED: list[tuple[object, str]] = [
    ("NA", "NA"),  # Namibia's code, not an empty cell
    ("None", "None"),
    ("n/a", "n/a"),
    (" two  blanks ", " two  blanks "),
    ("two\nlines", "two\nlines"),
    ("007", "007"),
    ("1,000", "1,000"),
    ("1e3", "1e3"),
    ("TRUE", "TRUE"),
    ("50%", "50%"),
    ("2021-08", "2021-08"),  # a month, never made a day
    ("=about 30", "=about 30"),  # typed as text, so no formula
    (120, "120"),  # a number typed in, not 120.0
    (datetime.date(2021, 8, 25), "2021-08-25"),
    (None, ""),
]


def test_cells_come_out_as_printed(workbook_copy: Path) -> None:
    def plant(book: Workbook) -> None:
        for row, (value, _) in enumerate(AS_PRINTED, start=2):
            cell = book["Reports"].cell(row, 13)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"

    change_workbook(workbook_copy, plant)
    result = run_extract(workbook_copy, workbook_copy)
    assert (result.returncode, result.stderr) == (0, "")
    rows = read_csv(workbook_copy / "reports.csv")[1 : len(AS_PRINTED) + 1]
    assert [row[12] for row in rows] == [text for _, text in AS_PRINTED]


def test_formatted_but_empty_cells_around_the_table_are_left_out(workbook_copy: Path) -> None:
    def plant(book: Workbook) -> None:
        book["Reports"]["P400"].number_format = "0.00"

    change_workbook(workbook_copy, plant)
    assert run_extract(workbook_copy, workbook_copy).returncode == 0
    rows = read_csv(workbook_copy / "reports.csv")
    assert (len(rows), {len(row) for row in rows}) == (296, {13})


def test_empty_row_keeps_the_numbers_of_the_rows_below(workbook_copy: Path) -> None:
    change_workbook(workbook_copy, lambda book: book["Reports"].insert_rows(5))
    assert run_extract(workbook_copy, workbook_copy).returncode == 0
    rows = read_csv(workbook_copy / "reports.csv")
    assert (set(rows[4]), rows[5][0]) == ({""}, "4")


def rename_sheet(book: Workbook) -> None:
    book["Sources"].title = "Quellen"


def rename_column(book: Workbook) -> None:
    book["Reports"]["J1"] = "Usage"


def repeat_column(book: Workbook) -> None:
    book["Sources"]["G1"] = "URL"


def write_beside_table(book: Workbook) -> None:
    book["Sources"]["H9"] = "ask the editor"


def plant_formula(book: Workbook) -> None:
    book["Reports"]["D7"] = "=SUM(A1:A3)"


def plant_error(book: Workbook) -> None:
    book["Sources"]["C3"] = "#REF!"


def empty_sheet(book: Workbook) -> None:
    book["Sources"].delete_rows(1, 200)


MISSING = "missing column; add it or restore the heading"
UNKNOWN = "unknown column; remove it or correct the heading"
BESIDE = (
    "a value under no heading; remove what stands there, give the column a heading, or write `left_out: [column H]`"
)
RESULT = "a formula or an error, not a value; type what should stand here"


@pytest.mark.parametrize(
    ("spoil", "lines"),
    [
        (rename_sheet, ["sheet Sources: missing sheet; add it or restore its name"]),
        (
            rename_column,
            [
                f"sheet Reports, row 1, column 'Usage': {UNKNOWN}",
                f"sheet Reports, row 1, column 'Use': {MISSING}",
            ],
        ),
        (repeat_column, ["sheet Sources, row 1, column 'URL': column there twice; keep one"]),
        (
            write_beside_table,
            [f"sheet Sources, row 9, column 'H': {BESIDE}"],
        ),
        (
            plant_formula,
            [f"sheet Reports, row 7, column 'Searches (as printed)': {RESULT}"],
        ),
        (plant_error, [f"sheet Sources, row 3, column 'Title': '#REF!': {RESULT}"]),
        (
            empty_sheet,
            [
                f"sheet Sources, row 1, column '{column}': {MISSING}"
                for column in ("Copy read", "Published", "Publisher", "Source", "Title", "URL")
            ],
        ),
    ],
)
def test_fault_is_told_in_one_line_and_nothing_is_written(workbook_copy: Path, spoil: Spoil, lines: list[str]) -> None:
    change_workbook(workbook_copy, spoil)
    result = run_extract(workbook_copy, workbook_copy / "build")
    *told, count = result.stderr.splitlines()
    own = [line for line in told if not line.startswith("raw/corrections.csv: ")]
    assert own == [f"raw/reported_use.xlsx: {line}" for line in lines]
    lost = "'Use': is no column that is read of raw/reported_use.xlsx; correct the line"
    assert [line.endswith(lost) for line in told if line not in own] == [True] * (spoil is rename_column)
    assert count.startswith(f"{len(told)} problem")
    assert result.returncode == 1
    assert not (workbook_copy / "build").exists()


def test_all_faults_are_told_in_one_run(workbook_copy: Path) -> None:
    def spoil(book: Workbook) -> None:
        rename_sheet(book)
        rename_column(book)
        plant_formula(book)

    change_workbook(workbook_copy, spoil)
    result = run_extract(workbook_copy, workbook_copy / "build")
    assert result.stderr.endswith("\n5 problems found, nothing was written.\n")
    assert len(result.stderr.splitlines()) == 6


@pytest.mark.parametrize("content", [b"", b"No,Agency\n1,x\n", b"PK\x03\x04 broken", None])
def test_file_that_is_no_workbook(workbook_copy: Path, content: bytes | None) -> None:
    path = workbook_copy / "reported_use.xlsx"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    result = run_extract(workbook_copy, workbook_copy / "build")
    advice = "not an Excel workbook; put back the .xlsx file"
    if content and content.isascii() and b"PK" not in content:
        advice = "is a text and not an Excel workbook; put the workbook back, or rename it to .csv, in mapping.yml too"
    assert result.stderr.splitlines()[0] == f"raw/reported_use.xlsx: {advice}"
    assert result.returncode == 1


def test_csvkit_reads_the_same_text(tmp_path: Path) -> None:
    run_extract(ROOT / "raw", tmp_path)
    for name in TABLES:
        command = [ROOT / ".venv/bin/in2csv", "--no-inference", "--blanks", "--sheet", name.capitalize()]
        done = subprocess.run([*command, ROOT / "raw/reported_use.xlsx"], capture_output=True, check=True)
        rows = list(csv.reader(io.StringIO(done.stdout.decode())))
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(correct(rows) if name == "reports" else rows)
        assert text.getvalue().encode() == (tmp_path / f"{name}.csv").read_bytes()
