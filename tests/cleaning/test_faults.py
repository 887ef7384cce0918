"""What cannot be read is told once for each distinct text, and names that are missing are written to a file."""

import csv
import sqlite3
from pathlib import Path

import pytest
from cleaning.names import AliasTable, UnknownName
from dataset.problems import Problems
from folders import FORMATS, copy_folder

from build import build


def told(folder: Path, steps: Path) -> list[str]:
    """Return the lines of a build that is refused."""
    with pytest.raises(Problems) as found:
        build(folder, steps, [], [])
    return [str(problem) for problem in found.value.problems]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_category_is_told_once_with_its_rows_and_the_folders_own_file(kind: str, tmp_path: Path) -> None:
    folder = copy_folder("category_words", kind, tmp_path)
    lines = [line for line in told(folder, tmp_path / "steps") if "Decision" in line]
    repeated = "row 3 (2 rows: 3, 4), column 'Decision': 'disclosed in part': unknown category"
    assert [line for line in lines if repeated in line]
    assert len(lines) == 2
    assert all("add it to category_words/categories.csv" in line for line in lines)
    own = "column,as_printed,id\nresponse,all disclosed,admitted\nresponse,disclosed in part,admitted\n"
    (folder / "categories.csv").write_text(own, "utf-8")
    mapping = folder / "mapping.yml"
    mapping.write_text(mapping.read_text("utf-8") + "categories: categories.csv\n", "utf-8")
    build(folder, tmp_path / "steps", [], [])


@pytest.mark.parametrize("kind", FORMATS)
def test_names_that_are_missing_are_written_in_the_form_of_the_aliases(kind: str, tmp_path: Path) -> None:
    folder = copy_folder("country_names_build", kind, tmp_path)
    lines = told(folder, tmp_path / "steps")
    assert not [line for line in lines if "unknown country" in line]
    with (tmp_path / "steps" / "unknown_names.csv").open(newline="", encoding="utf-8") as file:
        names = [(row["name_as_printed"], row["country"], row["agency"]) for row in csv.DictReader(file)]
    assert names == [
        ("Alpha Police", "US", "?"), ("Beta Police", "NL", "?"), ("Delta Police", "TR", "?"),
        ("Eta Police", "CZ", "?"), ("Gamma Police", "GB", "?"), ("Theta Police", "GB", "?"),
        ("Zeta Police", "HK", "?"),
    ]  # fmt: skip
    assert [line for line in lines if "lacks 7 names" in line and "unknown_names.csv has them in its form" in line]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_country_that_reads_like_a_person_is_built(kind: str, tmp_path: Path) -> None:
    build(copy_folder("country_like_person", kind, tmp_path), tmp_path / "steps", [], [])
    with sqlite3.connect(tmp_path / "steps" / "clearview.db") as db:
        assert db.execute("select country, country_as_printed from reports").fetchall() == [("CR", "Costa Rica")] * 2


def test_what_a_person_has_reviewed_is_not_masked(tmp_path: Path) -> None:
    folder = copy_folder("category_words", "csv", tmp_path)
    register = (folder / "agencies.csv").read_text("utf-8").replace("Alpha Police", "Judy Smith Centre")
    (folder / "agencies.csv").write_text(register, "utf-8")
    table = (folder / "list.csv").read_text("utf-8").replace("all disclosed", "Judy Smith Centre")
    (folder / "list.csv").write_text(table, "utf-8")
    assert [line for line in told(folder, tmp_path / "steps") if "'Judy Smith Centre': unknown category" in line]


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("Montre\u0301al Police", "Montr\u00e9al Police"),
        ("King’s Guard", "King's Guard"),
        ("Fish & Game Police", "Fish and Game Police"),
        ("Parks  and Police", "Parks & Police"),
    ],
)
def test_a_name_is_found_however_its_letters_and_signs_are_written(printed: str, listed: str, tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_text(
        f"name_as_printed,country,report_no,agency,reason\n{listed},CA,,ca-a,\n", "utf-8"
    )
    table = AliasTable(tmp_path / "aliases.csv", [{"id": "ca-a", "region": ""}])
    assert table.read(printed, "CA") == ("ca-a", "")
    assert table.problems() == []
    with pytest.raises(UnknownName):
        table.read(printed, "US")
