"""What a draft makes of answers and of columns with people in them."""

import sqlite3
from pathlib import Path

import pytest
import yaml
from dataset.problems import Problems
from drafts import make, mapping, run, table
from test_tables import ANSWERS

from build import build

AGENCY = ["Alpha Police", "Beta Police", "Gamma Police", "Delta Police"]
NAMES = [("Wrenfield", "Tobias"), ("Thibodeau", "Sylvie"), ("Zinnhobler", "Jörg"), ("Halloway", "Ingrid")]


def site(folder: Path) -> dict[str, str]:
    return dict(yaml.safe_load((folder / "site.yml").read_text("utf-8")))


def test_what_is_counted_names_the_column_of_figures(tmp_path: Path) -> None:
    rows = [["Agency", "Officers", "Searches", "Number of cameras"], *([name, "5", "6", "7"] for name in AGENCY)]
    folder = make(tmp_path / "list", rows)
    run(folder, country="France", measure="camera, cameras")
    assert mapping(folder)["columns"]["searches"] == "Number of cameras"
    words = yaml.safe_load((folder / "mapping.yml").read_text("utf-8"))
    assert words["measure"] == {"one": "camera", "many": "cameras"}


@pytest.mark.parametrize(
    ("heading", "measure"),
    [("Searches (total)", ""), ("Cámaras", "camera, cameras"), ("Anzahl Kameras", "camera, cameras")],
)
def test_a_total_and_a_word_of_another_language_are_figures(heading: str, measure: str, tmp_path: Path) -> None:
    rows = [["Agency", "Searches per 1,000", heading], *([name, "5", "7"] for name in AGENCY)]
    folder = make(tmp_path / "list", rows)
    run(folder, country="France", measure=measure)
    assert mapping(folder)["columns"]["searches"] == heading


@pytest.mark.parametrize(
    ("said", "told"),
    [("cameras", "takes one and many, with a comma"), ("report, reports", "is the name of another column")],
)
def test_a_measure_that_is_none_is_told(said: str, told: str, tmp_path: Path) -> None:
    folder = make(tmp_path / "list", [["Agency", "Cameras"], *([name, "7"] for name in AGENCY)])
    with pytest.raises(Problems) as found:
        run(folder, country="France", measure=said)
    assert told in str(found.value.problems[0])
    assert [path.name for path in folder.iterdir()] == ["list.csv"]


@pytest.mark.parametrize(
    ("option", "text", "told"),
    [
        ("use_status", "yes", "--use-status takes one of: Reported | Not reported | Vendor's claim only"),
        ("listing", "Agency's own count", "--listing takes one of: BuzzFeed News data, 2021 | Client list"),
        ("figure_from", "hearsay", "--figure-from takes one of: "),
        ("url", "the front page", "--url takes a link: https://…"),
        ("licence_url", "CC0", "--licence-url takes a link: https://…"),
        ("header_row", "first", "--header-row takes the number of a row, from 1"),
        ("header_row", "0", "--header-row takes the number of a row, from 1"),
    ],
)
def test_an_answer_that_the_build_would_refuse_is_told_before_anything_is_written(
    option: str, text: str, told: str, tmp_path: Path
) -> None:
    folder = make(tmp_path / "list", [["Agency", "Searches"], *([name, "7"] for name in AGENCY)])
    with pytest.raises(Problems) as found:
        run(folder, country="France", **{option: text})
    (problem,) = found.value.problems
    assert (problem.file, problem.value) == (f"--{option.replace('_', '-')}", text)
    assert problem.advice.startswith(told)
    assert [path.name for path in folder.iterdir()] == ["list.csv"]


def test_a_category_in_small_letters_is_written_as_the_build_knows_it(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", [["Agency", "Searches"], *([name, "7"] for name in AGENCY)])
    said = {"use_status": "reported", "listing": "buzzfeed news data,  2021", "figure_from": "other REPORTING"}
    run(folder, country="France", **said)
    constants = mapping(folder)["constants"]
    assert [constants[name] for name in said] == ["Reported", "BuzzFeed News data, 2021", "Other reporting"]


def test_of_two_columns_that_may_be_the_figure_none_is_taken(tmp_path: Path) -> None:
    headings = ["Agency", "Searches of cars", "Searches of faces"]
    folder = make(tmp_path / "list", [headings, *([name, "5", "6"] for name in AGENCY)])
    run(folder, country="France")
    assert "searches" not in mapping(folder)["columns"]


@pytest.mark.parametrize(
    ("heading", "measure"),
    [
        ("Searches (%)", ""),
        ("Searches per 1,000 people", ""),
        ("Cost of searches", ""),
        ("Cameras per km", "camera, cameras"),
    ],
)
def test_rates_and_costs_are_no_figures(heading: str, measure: str, tmp_path: Path) -> None:
    folder = make(tmp_path / "list", [["Agency", heading], *([name, "7"] for name in AGENCY)])
    run(folder, country="France", measure=measure)
    assert "searches" not in mapping(folder)["columns"]


def test_answers_that_follow_from_others_are_drafted(tmp_path: Path) -> None:
    folder = make(tmp_path / "police_uses", [["Agency", "Searches"], *([name, "7"] for name in AGENCY)])
    run(folder, country="France", listing="Other reporting", licence="cc-by-4.0")
    assert mapping(folder)["constants"]["figure_from"] == "Other reporting"
    assert site(folder)["licence_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (site(folder)["title"], site(folder)["keeper"]) == ("Police uses", "?")


def test_a_publisher_is_that_of_links_to_one_host_alone(tmp_path: Path) -> None:
    rows = [["Agency", "Link"], *([name, f"https://{name[:4]}.example/"] for name in AGENCY)]
    folder = make(tmp_path / "list", rows)
    run(folder, country="France", publisher="A paper")
    assert "publisher" not in mapping(folder)["constants"]


def test_prose_that_speaks_of_people_makes_no_accounts(tmp_path: Path) -> None:
    rows = [["Agency", "Summary"], *([agency, f"In 2021 Chief {first} {last} told the council of {agency} about it."]
                                     for agency, (last, first) in zip(AGENCY, NAMES, strict=True))]  # fmt: skip
    folder = make(tmp_path / "list", rows)
    told = run(folder, country="France")
    assert (mapping(folder)["rows"], mapping(folder)["left_out"]) == ("report", ["Summary"])
    assert "people are in 'Summary': left out, and a row is taken for one report" in told


def test_rows_of_persons_are_accounts_and_a_person_may_say_otherwise(tmp_path: Path) -> None:
    rows = [
        ["Last Name", "First Name", "Agency"],
        *([*name, agency] for agency, name in zip(AGENCY, NAMES, strict=True)),
    ]
    folder, other = make(tmp_path / "list", rows), make(tmp_path / "other", rows)
    run(folder, country="France")
    run(other, country="France", rows="report")
    assert (mapping(folder)["rows"], mapping(other)["rows"]) == ("account", "report")
    assert mapping(other)["left_out"] == mapping(folder)["left_out"] == ["Last Name", "First Name"]


def test_towns_that_read_like_persons_stay_and_unknown_ones_are_asked_for(tmp_path: Path) -> None:
    rows = [["Agency", "City", "State"], ["Alpha Police", "Prince George", "Ohio"],
            ["Beta Police", "SPRINGFIELD", "Ohio"], ["Gamma Police", "Judy Wrenfield", "Ohio"],
            *([f"Delta {town} Police", f"{town}ville", "Ohio"] for town in ("Zan", "Xor"))]  # fmt: skip
    folder = make(tmp_path / "list", rows)
    run(folder, country="USA", **ANSWERS)
    assert [row["phrase"] for row in table(folder / "not_persons.csv")] == ["?Judy Wrenfield"]
    places = {row["name"]: (row["locality"], row["geonameid"]) for row in table(folder / "agencies.csv")}
    assert places["Beta Police"] == ("Springfield", "4525353")
    path = folder / "not_persons.csv"
    path.write_text(path.read_text("utf-8").replace("?", ""), "utf-8")
    build(folder, tmp_path / "steps", [], [])
    with sqlite3.connect(tmp_path / "steps" / "clearview.db") as db:
        towns = db.execute("select locality_as_printed from reports order by no").fetchall()
    assert towns == [("Prince George",), ("SPRINGFIELD",), ("Judy Wrenfield",), ("Zanville",), ("Xorville",)]


def test_agencies_of_several_kinds_in_one_town_have_no_remark(tmp_path: Path) -> None:
    kinds = ("Police Department", "Fire Department", "Marshal's Office", "Housing Authority")
    names = [f"{letter}{letter.lower()}xo {kind}" for letter in "ABCDEFGHIJKLMNOP" for kind in kinds]
    folder = make(tmp_path / "list", [["Agency", "State"], *([name, "Ohio"] for name in names)])
    run(folder, country="USA")
    assert not [row for row in table(folder / "aliases.csv") if row["reason"]]
