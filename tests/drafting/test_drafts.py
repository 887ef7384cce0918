"""What a draft takes for what: small folders of one fault each, and lists in the shapes of public ones."""

from pathlib import Path

import pytest
from dataset.problems import Problems
from drafts import make, mapping, run, run_copy, table
from folders import FORMATS

AGENCY = ["Alpha Police", "Beta Police", "Gamma Police", "Delta Police"]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_column_of_agencies_is_found_under_agency_name(kind: str, tmp_path: Path) -> None:
    folder, told = run_copy("agency_heading", kind, tmp_path)
    columns = {"agency": "agency_name", "country": "country", "searches": "searches"}
    assert mapping(folder)["columns"] == columns
    assert "agency: column 'agency_name'" in told
    assert len(table(folder / "agencies.csv")) == 2


@pytest.mark.parametrize("kind", FORMATS)
def test_a_column_of_ids_is_no_figure(kind: str, tmp_path: Path) -> None:
    folder, _ = run_copy("id_for_searches", kind, tmp_path)
    assert mapping(folder)["columns"]["searches"] == "searches_in_the_last_30_days"
    assert mapping(folder)["left_out"] == ["id"]


@pytest.mark.parametrize("kind", FORMATS)
def test_na_under_another_heading_is_no_namibia(kind: str, tmp_path: Path) -> None:
    folder, told = run_copy("na_is_namibia", kind, tmp_path)
    assert "country" not in mapping(folder)["columns"]
    assert mapping(folder)["constants"]["country"] == "?"
    assert "country: no column was found" in told
    assert not (folder / "agencies.csv").exists()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_corrected_mapping_is_read_again_and_the_missing_is_drafted(kind: str, tmp_path: Path) -> None:
    folder, _ = run_copy("na_is_namibia", kind, tmp_path)
    text = (folder / "mapping.yml").read_text("utf-8").replace("country: '?'", "country: France")
    (folder / "mapping.yml").write_text(text + "# my own remark\n", "utf-8")
    assert "Written: agencies.csv, aliases.csv" in run(folder)
    assert [row["id"] for row in table(folder / "agencies.csv")] == ["fr-alpha-police", "fr-beta-police"]
    assert (folder / "mapping.yml").read_text("utf-8") == text + "# my own remark\n"
    assert "nothing, all is there" in run(folder)


@pytest.mark.parametrize("kind", FORMATS)
def test_marks_of_empty_cells_are_proposed(kind: str, tmp_path: Path) -> None:
    folder, _ = run_copy("na_marks", kind, tmp_path / "copy")
    assert "Written: nothing" in run(folder)
    (folder / "mapping.yml").unlink()
    run(folder)
    assert set(mapping(folder)["empty"]) == {"NA", "-", "Unknown", "N/A", "*", "[z]"}
    assert mapping(folder)["columns"]["searches"] == "Searches"


@pytest.mark.parametrize("kind", FORMATS)
def test_counties_alerts_and_agencies_are_no_persons(kind: str, tmp_path: Path) -> None:
    folder, told = run_copy("people_false_alarm", kind, tmp_path)
    assert mapping(folder)["rows"] == "report"
    assert "no column of people was found" in told
    assert not (folder / "not_persons.csv").exists()
    assert mapping(folder)["columns"] == {"agency": "Agency", "country": "Country"}


@pytest.mark.parametrize("kind", FORMATS)
def test_totals_are_named_and_skipped(kind: str, tmp_path: Path) -> None:
    folder, told = run_copy("total_as_body", kind, tmp_path)
    assert mapping(folder)["skip_rows"] == [4, 5]
    assert "row 4 'Total England and Wales' is taken for a total" in told
    assert [row["name"] for row in table(folder / "agencies.csv")] == ["North Force", "South Force"]


@pytest.mark.parametrize("kind", FORMATS)
def test_names_that_differ_in_a_word_that_tells_are_never_joined(kind: str, tmp_path: Path) -> None:
    folder, _ = run_copy("wrong_suggestions", kind, tmp_path)
    assert len(table(folder / "agencies.csv")) == 10
    lines = table(folder / "aliases.csv")
    assert not [line for line in lines if line["agency"].startswith("?")]
    remarks = {line["name_as_printed"]: line["reason"] for line in lines if line["reason"]}
    like = "? like “Marin County Sheriff's Office”; if it is the same, write the id of that one"
    assert remarks == {"Marion County Sheriff's Office": like}


@pytest.mark.parametrize("kind", FORMATS)
def test_one_name_in_two_states_is_two_agencies(kind: str, tmp_path: Path) -> None:
    folder, _ = run_copy("same_name_two_states", kind, tmp_path)
    assert mapping(folder)["columns"]["region"] == "State"
    found = [(row["id"], row["region"]) for row in table(folder / "agencies.csv")]
    stem = "us-springfield-police-department"
    assert found == [(f"{stem}-illinois", "Illinois"), (f"{stem}-ohio", "Ohio")]


@pytest.mark.parametrize(
    "heading",
    ["agency_name", "AgencyName", "LEA", "Police force", "Station name", "Organisation", "Entity", "Customer", "Ville",
     "Commune", "Órgão", "Entidad", "Behörde", "Law Enforcement Agency", "Name of agency", "DEPARTMENT",
     "Police Department Name", "Who"],
)  # fmt: skip
def test_the_column_of_agencies_has_many_headings(heading: str, tmp_path: Path) -> None:
    rows = [["id", "Agency type", heading, "Street"], *([n, "x", name, "Main St"] for n, name in enumerate(AGENCY))]
    folder = make(tmp_path / "list", rows)
    run(folder, country="France")
    assert mapping(folder)["columns"]["agency"] == heading


def test_towns_are_found_by_their_heading_and_not_the_departement(tmp_path: Path) -> None:
    rows = [
        ["Département", "Ville", "Caméras"],
        ["Ain", "Bourg", "12"],
        ["Ain", "Oyonnax", "7"],
        ["Aude", "Narbonne", "9"],
    ]
    folder = make(tmp_path / "list", rows)
    run(folder, country="France")
    assert mapping(folder)["columns"] == {"agency": "Ville", "region": "Département"}
    assert "# searches: columns of numbers that may be meant; there are: 'Caméras'" in (
        (folder / "mapping.yml").read_text("utf-8")
    )


def test_where_nothing_is_found_it_says_what_it_looked_at(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", [["Key", "Label"], ["1", "Alpha"], ["2", "Beta"]])
    told = run(folder, country="France")
    assert "agency: no column was found; there are: 'Label'; --agency 'HEADING' takes one" in told
    assert mapping(folder)["constants"]["agency"] == "?"


def test_codes_of_states_are_no_countries(tmp_path: Path) -> None:
    rows = [["Agency", "State"], *([name, code] for name, code in zip(AGENCY, ["CA", "DE", "IL", "GA"], strict=True))]
    folder = make(tmp_path / "list", rows)
    run(folder)
    assert mapping(folder)["columns"] == {"agency": "Agency", "region": "State"}
    assert "'State' holds states of the United States: country may be United States" in (
        (folder / "mapping.yml").read_text("utf-8")
    )


def test_codes_under_a_heading_that_says_country_are_countries(tmp_path: Path) -> None:
    rows = [
        ["Agency", "Country code"],
        *([name, code] for name, code in zip(AGENCY, ["CA", "DE", "NA", "GA"], strict=True)),
    ]
    folder = make(tmp_path / "list", rows)
    run(folder)
    assert [row["country"] for row in table(folder / "agencies.csv")] == ["CA", "DE", "GA", "NA"]


def test_a_row_of_data_is_never_taken_for_headings(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", [[name, "France", "5"] for name in AGENCY])
    with pytest.raises(Problems) as found:
        run(folder)
    assert "no row of headings with rows under it was found" in str(found.value.problems[0])
    assert [path.name for path in folder.iterdir()] == ["list.csv"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "xls"])
def test_titles_above_the_headings_are_passed_over(kind: str, tmp_path: Path) -> None:
    rows: list[list[object]] = [["A list of 2024", None, None], ["Source: the office", None, None],
                                ["Agency", "Country", "2020"], *([name, "France", 7] for name in AGENCY)]  # fmt: skip
    folder = make(tmp_path / "list", rows, kind)
    run(folder)
    assert mapping(folder)["header_row"] == 3


def test_each_choice_is_an_option(tmp_path: Path) -> None:
    rows = [["Alpha", "Beta", "Gamma", "When", "Where", "Land A"],
            *([name, "x", "7", "2020", "https://a.example/", "Ohio"] for name in AGENCY)]  # fmt: skip
    folder = make(tmp_path / "list", rows)
    told = run(folder, agency="Beta", country="USA", region="land a", figure="Gamma", date="When", link="Where",
               header_row="1", use_status="Reported", publisher="The Paper")  # fmt: skip
    found = mapping(folder)
    columns = {"agency": "Beta", "region": "Land A", "searches": "Gamma", "date": "When", "source": "Where"}
    assert found["columns"] == columns
    assert (found["constants"]["country"], found["constants"]["use_status"]) == ("USA", "Reported")
    assert "link: column 'Where'" in told
    assert "publisher: The Paper" in (folder / "mapping.yml").read_text("utf-8")


def test_an_option_that_names_no_column_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", [["Agency", "Country"], *([name, "France"] for name in AGENCY)])
    with pytest.raises(Problems) as found:
        run(folder, agency="Agencyy", country="Atlantis")
    told = [str(problem) for problem in found.value.problems]
    assert "list/list.csv: 'Agencyy': --agency names no column; there are 'Agency', 'Country'" in told
    assert "list/list.csv: 'Atlantis': --country names no column and no country; there are 'Agency', 'Country'" in told


def test_another_sheet_is_taken_by_its_name(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", [["Agency", "Country"], *([name, "France"] for name in AGENCY)], "xlsx")
    with pytest.raises(Problems) as found:
        run(folder, sheet="Nowhere")
    assert "there is no such sheet; there are: Reports" in str(found.value.problems[0])


def test_an_option_beside_a_mapping_that_is_there_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", [["Agency", "Country"], *([name, "France"] for name in AGENCY)])
    run(folder)
    with pytest.raises(Problems) as found:
        run(folder, agency="Agency")
    assert "is there: write in it what --agency says, or move it away first" in str(found.value.problems[0])


def test_a_sub_total_is_found_by_its_sum(tmp_path: Path) -> None:
    figures = [11, 23, 35, 69, 8, 19, 41, 68]
    names = [
        "Alpha Police",
        "Beta Police",
        "Gamma Police",
        "North West",
        "Delta Police",
        "Eta Police",
        "Zeta Police",
        "Wales",
    ]
    rows = [["Force", "Searches"], *([name, str(figure)] for name, figure in zip(names, figures, strict=True))]
    folder = make(tmp_path / "list", rows)
    told = run(folder, country="UK")
    assert mapping(folder)["skip_rows"] == [5, 9]
    assert "row 5 'North West' is taken for a total, it is the sum of the rows above it: skipped" in told


def test_an_agency_whose_name_reads_like_a_person_is_asked_for(tmp_path: Path) -> None:
    names = [*AGENCY, "Police Fund Judy Wrenfield", "Det. J. Smith"]
    folder = make(tmp_path / "list", [["Agency", "Country"], *([name, "France"] for name in names)])
    told = run(folder)
    assert "1: cells of the column of agencies that name a person" in told
    assert "Smith" not in "".join(path.read_text("utf-8") for path in folder.glob("*.csv") if path.name != "list.csv")
    assert [row["phrase"] for row in table(folder / "not_persons.csv")] == ["?Police Fund Judy Wrenfield"]
    assert "not_persons: not_persons.csv" in (folder / "mapping.yml").read_text("utf-8")


def test_of_5000_names_only_the_doubtful_need_a_decision(tmp_path: Path) -> None:
    names = [f"{word}{number} Town Police Department" for number in range(2500) for word in ("Alph", "Bet")]
    folder = make(tmp_path / "list", [["Agency", "Country"], *([name, "USA"] for name in [*names, "Alph7 Town PD"])])
    run(folder)
    text = "".join((folder / name).read_text("utf-8") for name in ("agencies.csv", "aliases.csv"))
    assert text.count("?") == 1
    assert "Alph7 Town Police Department,US,,?us-alph7-town-pd" in text


def test_the_mark_of_a_footnote_is_printed_and_no_part_of_the_name(tmp_path: Path) -> None:
    rows = [["Agency", "As of", "Searches"], ["Alpha Police*", "2020-03-01", "5"], ["Beta Police †", "2020-03-02", "6"]]
    folder = make(tmp_path / "list", rows)
    run(folder, country="France")
    assert [line["name"] for line in table(folder / "agencies.csv")] == ["Alpha Police", "Beta Police"]
    assert [line["name_as_printed"] for line in table(folder / "aliases.csv")] == ["Alpha Police*", "Beta Police †"]
    assert mapping(folder)["columns"] == {"agency": "Agency", "date": "As of", "searches": "Searches"}
