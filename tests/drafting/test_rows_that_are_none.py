"""Rows under the headings that are no data: notes, headings of a part, sub-totals above their rows."""

from pathlib import Path

import pytest
from drafts import Rows, make, mapping, run, table

AGENCY = ["Alpha Police", "Beta Police", "Gamma Police", "Delta Police"]
HEAD = ["Force", "Area", "Searches"]


def names(folder: Path) -> list[str]:
    return [row["name"] for row in table(folder / "agencies.csv")]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_notes_under_the_rows_are_no_agencies(kind: str, tmp_path: Path) -> None:
    rows: Rows = [HEAD, *([name, "North", 7] for name in AGENCY), ["Source: answers of the forces", None, None],
                  [None, None, None], ["Prepared in 2024", None, None], [None, "* revised", None]]  # fmt: skip
    folder = make(tmp_path / "list", rows, kind)
    told = run(folder, country="UK")
    assert mapping(folder)["skip_rows"] == [6, 8, 9]
    assert names(folder) == sorted(AGENCY)
    assert "row 6 'Source: answers of the forces' is taken for a note or a heading, nothing stands beside it" in told


def test_an_agency_without_anything_beside_it_stays(tmp_path: Path) -> None:
    rows: Rows = [["Town", "Cameras"], ["Dole", "4"], ["Bron", ""], ["Bourg", "5"], ["Nantua", ""]]
    folder = make(tmp_path / "list", rows)
    run(folder, country="France", agency="Town")
    assert "skip_rows" not in mapping(folder)
    assert names(folder) == ["Bourg", "Bron", "Dole", "Nantua"]


def test_a_figure_alone_stays_to_be_asked_about(tmp_path: Path) -> None:
    rows: Rows = [HEAD, *([name, "North", "7"] for name in AGENCY), ["", "", "12"]]
    folder = make(tmp_path / "list", rows)
    run(folder, country="UK")
    assert "skip_rows" not in mapping(folder)


def test_headings_of_parts_are_no_agencies(tmp_path: Path) -> None:
    rows: Rows = [HEAD, ["NORTH", "", ""], *([name, "x", "7"] for name in AGENCY), ["SOUTH", "", ""],
                  *([f"New {name}", "x", "3"] for name in AGENCY)]  # fmt: skip
    folder = make(tmp_path / "list", rows)
    run(folder, country="UK")
    assert mapping(folder)["skip_rows"] == [2, 7]
    assert len(names(folder)) == 8


def test_a_total_beside_the_names_is_found(tmp_path: Path) -> None:
    rows: Rows = [["Code", "Area", "Force", "Searches"], *(["E1", "North", name, "7"] for name in AGENCY),
                  ["E2", "North total", "", "28"]]  # fmt: skip
    folder = make(tmp_path / "list", rows)
    run(folder, country="UK")
    assert mapping(folder)["skip_rows"] == [6]


@pytest.mark.parametrize("whole", [0, 1])
def test_sub_totals_above_their_rows_are_found(whole: int, tmp_path: Path) -> None:
    """With the sum of all below them, or above."""
    rows = [["North", "60"], ["Durham", "10"], ["Tyne", "20"], ["Cleave", "30"], ["Dee", "[z]"],
            ["South", "37"], ["Kent", "11"], ["Sussex", "19"], ["Dorset", "7"]]  # fmt: skip
    rows.insert(0 if whole else len(rows), ["England", "97"])
    folder = make(tmp_path / "list", [["Force", "Searches"], *rows])
    told = run(folder, country="UK")
    assert mapping(folder)["skip_rows"] == ([2, 3, 8] if whole else [2, 7, 11])
    assert "is taken for a total, it is the sum of the rows below it: skipped" in told


def test_figures_that_add_up_by_chance_are_no_sub_totals(tmp_path: Path) -> None:
    figures = [9, 4, 5, 3, 1, 2, 8, 7, 30, 1]
    rows = [[f"Town{chr(65 + place)}", str(figure)] for place, figure in enumerate(figures)]
    folder = make(tmp_path / "list", [["Town", "Searches"], *rows])
    run(folder, country="UK", agency="Town")
    assert "skip_rows" not in mapping(folder)
