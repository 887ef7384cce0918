"""Columns that make new-dataset proposes as facets, and takes where it is told to; what it writes is built."""

import sqlite3
from pathlib import Path

import pytest
import yaml
from dataset.problems import Problems
from drafts import make, mapping, run
from test_conversation import converse

from build import build

HEAD = ["Agency", "Country", "Technology", "Maker", "Status", "Listing", "Remarks", "Code"]
ANSWERS = {
    "use_status": "Reported", "listing": "Other reporting", "publisher": "The Paper", "url": "https://paper.example/",
    "title": "A list", "keeper": "Nobody", "licence": "CC0-1.0", "licence_url": "https://cc0.example/",
}  # fmt: skip


def rows(count: int = 12) -> list[list[object]]:
    technologies = ["Drones; Cameras", "Cameras", "Face recognition; Drones"]
    makers = ["Acme, Inc.", "Beta / Acme, Inc.", "Beta"]
    return [HEAD, *(
        [f"{name} Police", "Canada", technologies[place % 3], makers[place % 3], ["Active", "Ended"][place % 2],
         ["Old", "New"][place % 2], f"Remark of {name}", f"{place % 3}"]
        for place, name in enumerate(f"{chr(65 + number)}lpha Town" for number in range(count))
    )]  # fmt: skip


def test_columns_of_few_values_are_proposed_as_lines_of_mapping_yml(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", rows())
    told = run(folder)
    few = "few values, so rows could be counted by them: 'Technology', 'Maker', 'Status', 'Listing'"
    assert f"{few}; --facet 'HEADING' takes one" in told
    assert "facets" not in mapping(folder)
    lines = (folder / "mapping.yml").read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("# facets: columns by which rows"))
    proposed = yaml.safe_load("\n".join(line.removeprefix("# ") for line in lines[place + 1 : place + 5]))
    assert proposed == {
        "Technology": {"column": "Technology", "split": ";"},
        "Maker": {"column": "Maker", "split": "/"},
        "Status": {"column": "Status"},
        "own Listing": {"column": "Listing", "label": "Listing"},
    }


def test_the_option_takes_facets_and_the_draft_is_built(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", rows())
    told = run(folder, facet="technology\nListing", **ANSWERS)
    assert "facets: 'Technology', 'Listing'" in told
    found = mapping(folder)
    assert found["facets"] == {
        "Technology": {"column": "Technology", "split": ";"}, "own Listing": {"column": "Listing", "label": "Listing"},
    }  # fmt: skip
    assert not {"Technology", "Listing"} & set(found["left_out"])
    build(folder, tmp_path / "steps", [], [])
    db = sqlite3.connect(tmp_path / "steps" / "clearview.db")
    assert db.execute("select technology, own_listing from reports order by no").fetchone() == (
        '["Drones", "Cameras"]', "Old",
    )  # fmt: skip
    assert "few values" not in run(folder)


def test_the_conversation_asks_for_facets(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", rows())
    answers = ["", "", "", "-", "-", "1, 3", "Reported", "Other reporting", "The Paper", "https://paper.example/",
               "A list", "Nobody", "CC0-1.0", "https://cc0.example/", "yes"]  # fmt: skip
    code, told = converse(folder, answers)
    assert code == 0, told
    assert "By which of these shall rows be counted and chosen too" in told
    assert [*mapping(folder)["facets"]] == ["Technology", "Status"]


def fault(folder: Path, facet: str) -> str:
    """Return the one fault that a draft with a facet has."""
    with pytest.raises(Problems) as found:
        run(folder, facet=facet)
    (problem,) = found.value.problems
    return str(problem)


def test_a_facet_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", rows(4))
    assert "'Colour': --facet names no column; there are 'Agency'" in fault(folder, "Technology\nColour")


def test_accounts_take_no_facets(tmp_path: Path) -> None:
    officers = ["Officer", *["Jane Doe", "John Smith", "Mary Jones"] * 2]
    people = [[*row, name] for row, name in zip(rows(6), officers, strict=True)]
    assert "are summed and have no facets" in fault(make(tmp_path / "other", people), "Technology")
    assert "few values" not in run(make(tmp_path / "list", people))
