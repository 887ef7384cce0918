"""Figures of a column: built from small folders in each format, and read beside the others of the column."""

import sqlite3
from pathlib import Path

import pytest
from check import check
from cleaning.figure_columns import FigureColumn, UnreadableQuantity
from cleaning.quantities import QuantityReader
from dataset.problems import Problems
from folders import FORMATS, copy_folder
from lookups.tables import LOOKUPS

from build import build

QUANTITIES = QuantityReader.from_folder(LOOKUPS)
Row = tuple[object, ...]
FIGURES = "select name, searches, searches_min, searches_max, searches_band, searches_basis from agencies order by id"


def column(*texts: str, **said: tuple[str, ...]) -> FigureColumn:
    """Return a column of these texts, with what mapping.yml says."""
    made = FigureColumn(QUANTITIES, **said)
    made.add(texts)
    return made


def build_folder(name: str, kind: str, tmp_path: Path, **edits: str) -> list[Row]:
    """Return what the built database of a folder says of its agencies; edits are put into mapping.yml."""
    folder = copy_folder(name, kind, tmp_path)
    mapping = folder / "mapping.yml"
    text = mapping.read_text("utf-8")
    for key, value in edits.items():
        text = text.replace("  columns:", f"  {key}: {value}\n  columns:", 1)
    mapping.write_text(text, "utf-8")
    build(folder, tmp_path / "steps", [], [])
    assert check(tmp_path / "steps" / "clearview.db", None) == []
    with sqlite3.connect(tmp_path / "steps" / "clearview.db") as db:
        return db.execute(FIGURES).fetchall()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ["blank_figure", "blank_figure_account"])
def test_a_blank_figure_is_not_stated_and_comes_from_nowhere(name: str, kind: str, tmp_path: Path) -> None:
    assert build_folder(name, kind, tmp_path) == [
        ("Alpha Police", "5", 5, 5, "1-5", "other_reporting"),
        ("Beta Police", "not stated", None, None, "not_stated", "not_stated"),
    ]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ["year_like_figure_report", "year_like_figure_account"])
def test_in_a_column_of_counts_a_figure_like_a_year_is_one(name: str, kind: str, tmp_path: Path) -> None:
    figures = [row[1:4] for row in build_folder(name, kind, tmp_path)]
    assert figures == [("2,020", 2020, 2020), ("1,950", 1950, 1950)]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_whole_number_with_a_decimal_part_is_one(kind: str, tmp_path: Path) -> None:
    assert [row[1:4] for row in build_folder("float_text", kind, tmp_path)] == [("5", 5, 5), ("12", 12, 12)]


@pytest.mark.parametrize("kind", FORMATS)
def test_marks_of_empty_cells_are_empty_where_the_mapping_says_so(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Problems) as found:
        build_folder("na_marks", kind, tmp_path)
    lines = "\n".join(map(str, found.value.problems))
    assert "'NA': 'NA'" in lines
    assert "write `empty: [NA]` under reports in mapping.yml" in lines
    assert 'write `empty: ["[z]"]`' in lines


@pytest.mark.parametrize("kind", FORMATS)
def test_marks_that_the_mapping_names_are_logged_as_left_out(kind: str, tmp_path: Path) -> None:
    marks = '[NA, "-", Unknown, N/A, "*", "[z]"]'
    assert [row[:4] for row in build_folder("na_marks", kind, tmp_path, empty=marks)] == [
        ("Alpha Police", "not stated", None, None),
        ("Beta Police", "12", 12, 12),
    ]
    with sqlite3.connect(tmp_path / "steps" / "clearview.db") as db:
        sql = "select before, kind, reason from cleaning_log where column = 'Searches' and coalesce(after, '') = ''"
        told = {row for row in db.execute(sql) if row[0] != "12"}
    reason = "mapping.yml says that it stands for an empty cell"
    assert told == {(mark, "dropped", reason) for mark in ("NA", "-", "Unknown", "N/A", "*", "[z]")}


@pytest.mark.parametrize(
    ("texts", "printed", "read"),
    [
        (("5.0", "12.0"), "12.0", (12, 12, None, "12")),
        (("1,5", "3,25"), "1,5", (1, 2, None, "1.5")),
        (("3.5", "12.25", "2.345"), "2.345", (2, 3, None, "2.345")),
        (("3,5", "2.345"), "2.345", (2345, 2345, None, "2,345")),
        (("1,234.5", "2,345"), "2,345", (2345, 2345, None, "2,345")),
        (("1,234", "1.234", "2,5"), "1.234", (1234, 1234, None, "1,234")),
        (("1,5", "1.234,567"), "1.234,567", (1234, 1235, None, "1,234.567")),
        (("1.234", "2.345"), "2.345", (2345, 2345, None, "2,345")),
        (("1,234", "2,345"), "1,234", (1234, 1234, None, "1,234")),
        (("0.125", "2.345"), "0.125", (0, 1, None, "0.125")),
        (("2020", "2021", "15", "1999"), "1999", (1999, 1999, None, "1,999")),
        (("2020", "15", "7", "9", "more than 10"), "2020", (2020, 2020, None, "2,020")),
        (("0", "5"), "0", (0, 0, None, "0")),
        (("2.5k", "3"), "2.5k", (None, None, 2500, "about 2,500")),
        (("2,5k", "3"), "2,5k", (None, None, 2500, "about 2,500")),
        (("1 million",), "1 million", (None, None, 1000000, "about 1,000,000")),
        (("1.2 Mio.",), "1.2 Mio.", (None, None, 1200000, "about 1,200,000")),
        (("3 Tsd.",), "3 Tsd.", (None, None, 3000, "about 3,000")),
        (("more than 1 million",), "more than 1 million", (1000001, None, None, "more than 1,000,000")),
    ],
)  # fmt: skip
def test_a_figure_is_read_beside_the_others(texts: tuple[str, ...], printed: str, read: Row) -> None:
    quantity = column(*texts).read(printed)
    assert (quantity.minimum, quantity.maximum, quantity.about, quantity.text) == read


@pytest.mark.parametrize(
    ("texts", "printed", "told"),
    [
        (("2020", "more than 120", "tre", "11-50"), "2020", "may be a year"),
        (("1.5", "2,5"), "1.234", "parts decimals by . and by ,"),
        (("1.234k",), "1.234k", "may have decimals or thousands"),
        (("between 1 and 2 million",), "between 1 and 2 million", "write both out"),
        (("2.5", "more than 2.345"), "more than 2.345", "in this column . parts decimals"),
        (("05", "7"), "05", "is not one whole number"),
        (("5*", "7"), "5*", "write `footnotes: [\"*\"]` under reports"),
        (("1.2345678k",), "1.2345678k", "is not one whole number"),
        (("99999999999",), "99999999999", "below a thousand million"),
        (("-5", "7"), "-5", "-"),
        (("1.234", "1,234"), "1.234", "this column has . and , before three digits"),
        (("more than 1.234", "1,234"), "1,234", "this column has . and , before three digits"),
        (("1.234,567",), "1.234,567", "is not one whole number"),
        (("1.5",), "1.234,567", "is no number of digits, thousands and decimals"),
        (("1.5",), "1.234'567", "is no number of digits, thousands and decimals"),
    ],
)  # fmt: skip
def test_what_stays_doubtful_is_refused(texts: tuple[str, ...], printed: str, told: str) -> None:
    with pytest.raises(UnreadableQuantity) as found:
        column(*texts).read(printed)
    assert told in str(found.value)


def test_footnote_marks_that_the_mapping_names_are_no_part_of_a_figure() -> None:
    marked = column("5*", "7 [r]", "2020*", footnotes=("*", "[r]"))
    assert [marked.read(text).text for text in ("5*", "7 [r]", "2020*", "5 [r]*")] == ["5", "7", "2,020", "5"]
    with pytest.raises(UnreadableQuantity):
        marked.read("*")


def test_zero_and_figures_that_contradict_each_other_have_bands_of_their_own(tmp_path: Path) -> None:
    folder = copy_folder("blank_figure", "csv", tmp_path)
    rows = "Agency,Country,Searches\nAlpha Police,France,0\nBeta Police,France,5\nBeta Police,France,9\n"
    (folder / "list.csv").write_text(rows, "utf-8")
    build(folder, tmp_path / "steps", [], [])
    assert check(tmp_path / "steps" / "clearview.db", None) == []
    with sqlite3.connect(tmp_path / "steps" / "clearview.db") as db:
        found = db.execute("select searches, searches_band, figures_conflict from agencies order by id").fetchall()
        labels = dict(db.execute("select id, description from search_bands").fetchall())
    assert found == [("0", "0", 0), ("5 or 9", "conflict", 1)]
    assert labels["conflict"] == "Reports give figures that cannot all be right, so none is counted"
