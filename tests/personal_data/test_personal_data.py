"""People stay out: what the detector finds and misses, and that no planted person gets into any file."""

import csv
import random
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from agency_names import SEEN, UNSEEN, agency_names
from conftest import serve
from faker import Faker
from lookups.geonames import all_towns
from lookups.tables import LOOKUPS, read_table
from outputs import read_cells, read_site
from personal_data.detect import Detector, plain
from running import run_script

# Where persons stand in such lists, beside agencies and places.
BESIDE = (
    "{}", "{}, Springfield Police Department", "Toronto Police: {}", "Police Officer {}",
    "Sheriff {} of Lincoln County", "Account of {}", "City of Boston, {}", "{} (Robbery Unit)",
    "Signed up by {} in March", "Polizia Locale di Milano, {}",
)  # fmt: skip
LANGUAGES = ("en_US", "en_GB", "fr_FR", "de_DE", "es_ES", "it_IT", "pt_BR", "nl_NL", "sv_SE", "pl_PL")
ROOT = Path(__file__).resolve().parents[2]


def measure(path: Path) -> dict[str, tuple[int, int]]:
    """Return, for each kind of a labelled file, how many lines are found in full and how many there are."""
    detector = Detector()
    counts: dict[str, tuple[int, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = plain(row["text"])
            spans = [text[one.start : one.end] for one in detector.find(text, row["region"])]
            wanted = [plain(words) for words in row["found"].split("|") if words]
            right = all(any(words in span for span in spans) for words in wanted) if wanted else not spans
            found, lines = counts.get(row["kind"], (0, 0))
            counts[row["kind"]] = found + right, lines + 1
    return counts


def test_what_is_found_on_the_set_that_the_rules_were_written_with() -> None:
    # Missed: a surname alone, names that no list knows, inflected Slavic names, the scripts of China, Japan and Korea.
    assert measure(ROOT / "tests" / "personal_data" / "personal_data.csv") == {
        "name": (62, 70), "e-mail": (10, 10), "phone": (18, 18), "": (57, 57),
    }  # fmt: skip


def test_what_is_found_on_a_set_that_was_written_afterwards() -> None:
    assert measure(ROOT / "tests" / "personal_data" / "personal_data_unseen.csv") == {
        "name": (32, 39), "e-mail": (4, 4), "phone": (7, 7), "": (23, 23),
    }  # fmt: skip


def test_what_is_found_on_a_set_that_was_written_before_places_were_told_from_persons() -> None:
    # Before: 37 of 45 names, and 14 false alarms among 43 places and agencies.
    assert measure(ROOT / "tests" / "personal_data" / "personal_data_third.csv") == {"name": (37, 45), "": (40, 43)}


def test_the_towns_are_those_of_geonames() -> None:
    listed = [row["name"] for row in read_table(LOOKUPS / "town_names.csv")]
    assert {*listed} == {town["name"] for town in all_towns().values() if " " in town["name"]}, "run make town-names"
    assert len(listed) == len({*listed})


@pytest.mark.parametrize(
    ("patterns", "counties"),
    [pytest.param(SEEN, "{} Sheriff's Office", marks=pytest.mark.slow), (UNSEEN, "{} District Attorney, {}")],
)
def test_of_20000_names_of_agencies_hardly_one_in_a_thousand_is_a_false_alarm(
    patterns: tuple[tuple[str, str], ...], counties: str
) -> None:
    names, detector = agency_names(patterns, counties), Detector()
    assert len(names) > 20_000
    assert sum(bool(detector.find(name)) for name in names) < len(names) / 1000


def test_of_3000_persons_named_beside_agencies_almost_all_are_found() -> None:
    detector, found, said = Detector(), 0, 0
    for language in LANGUAGES:
        maker = Faker(language)
        maker.seed_instance(7)
        for number in range(300):
            surname = maker.last_name()
            text = BESIDE[number % len(BESIDE)].format(f"{maker.first_name()} {surname}")
            said += 1
            found += any(surname in text[one.start : one.end] for one in detector.find(text))
    assert found / said > 0.96


def build(raw: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build as make does; return the run, with all that it said in stdout."""
    run = run_script("build", raw, folder)
    run.stdout += run.stderr
    return run


def write_cells(raw: Path, cells: dict[tuple[int, str], str]) -> None:
    """Write texts into the sheet Reports, by row and heading; a new heading makes a column."""
    path = raw / "reported_use.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Reports"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for (row, heading), text in cells.items():
        if heading not in columns:
            columns[heading] = sheet.max_column + 1
            sheet.cell(1, columns[heading], heading)
        sheet.cell(row, columns[heading], text)
    book.save(path)


def edit_mapping(raw: Path, old: str, new: str) -> None:
    path = raw / "mapping.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


PLANTED = {
    (7, "Note"): ("Ask jane.roe@police.example", "an e-mail address"),
    (8, "Note"): ("Ring (416) 555-0123", "a phone number"),
    (9, "Note"): ("Tried by Tobias Wrenfield", "a name"),
    (10, "Agency (as printed)"): ("Det. J. Smith", "a name"),
    (11, "Licence"): ("Tobias Wrenfield", "a name"),
    (12, "Searches (as printed)"): ("12 by t.wrenfield@police.example", "an e-mail address"),
}


def test_personal_data_stops_the_build_with_its_place_alone(workbook_copy: Path, tmp_path: Path) -> None:
    write_cells(workbook_copy, {place: text for place, (text, _) in PLANTED.items()})
    run = build(workbook_copy, tmp_path / "build")
    assert run.returncode == 1
    for (row, heading), (_, what) in PLANTED.items():
        assert f"reported_use.xlsx: sheet Reports, row {row}, column '{heading}': holds {what}; write" in run.stdout
    assert not any(word in run.stdout for word in ("Wrenfield", "jane", "0123", "Smith", "@"))
    assert not (tmp_path / "build").exists()


def test_an_unknown_value_is_told_without_the_person_in_it(workbook_copy: Path, tmp_path: Path) -> None:
    write_cells(workbook_copy, {(1, "Ran by Tobias Wrenfield"): "Ran by Tobias Wrenfield"})
    run = build(workbook_copy, tmp_path / "build")
    assert run.returncode == 1
    assert "column 'Ran by [name removed]'" in run.stdout
    assert "Wrenfield" not in run.stdout


def test_a_garbled_person_is_found_and_told_in_no_form(workbook_copy: Path, tmp_path: Path) -> None:
    write_cells(
        workbook_copy, {(7, "Note"): "Tried by JÃ¶rg Wrenfield", (8, "Agency (as printed)"): "JÃ¶rg Zinnhobler"}
    )
    run = build(workbook_copy, tmp_path / "build")
    assert "row 7, column 'Note': holds a name" in run.stdout
    assert "row 8, column 'Agency (as printed)': holds a name" in run.stdout
    assert not any(word in run.stdout for word in ("Wrenfield", "Zinnhobler", "rg"))
    assert not (tmp_path / "build").exists()


def test_a_person_in_a_hand_kept_table_is_not_repeated(workbook_copy: Path, tmp_path: Path) -> None:
    aliases = workbook_copy / "aliases.csv"
    aliases.write_text(f"{aliases.read_text('utf-8')}Someone,CA,,Tobias Wrenfield,\n", "utf-8")
    run = build(workbook_copy, tmp_path / "build")
    assert "agency '[name removed]' is not in agencies.csv" in run.stdout
    assert "Wrenfield" not in run.stdout


def test_a_sheet_or_file_named_after_a_person_is_refused(workbook_copy: Path, tmp_path: Path) -> None:
    (workbook_copy / "reported_use.xlsx").rename(workbook_copy / "use_of_Tobias_Wrenfield.xlsx")
    edit_mapping(workbook_copy, "file: reported_use.xlsx", "file: use_of_Tobias_Wrenfield.xlsx")
    run = build(workbook_copy, tmp_path / "build")
    assert "the file is named after a person or an address; rename it" in run.stdout
    assert "Wrenfield" not in run.stdout
    assert not (tmp_path / "build").exists()


def test_a_folder_named_after_a_person_is_refused(workbook_copy: Path, tmp_path: Path) -> None:
    run = build(workbook_copy.rename(tmp_path / "Tobias_Wrenfield"), tmp_path / "build")
    _, *told = run.stdout.splitlines()  # the first line repeats the words of the command
    assert "sheet Reports: the folder is named after a person or an address; rename it" in "\n".join(told)
    assert "Wrenfield" not in "\n".join(told)
    assert not (tmp_path / "build").exists()


def test_redacted_and_dropped_cells_are_logged_without_what_was_in_them(workbook_copy: Path, tmp_path: Path) -> None:
    cells = {(7, "Note"): "Tried by Tobias Wrenfield twice", (8, "Response, in our words"): "Ask jane@police.example"}
    write_cells(workbook_copy, cells)
    edit_mapping(
        workbook_copy, "  rows: report\n", "  rows: report\n  personal_data: {note: redact, response_detail: drop}\n"
    )
    run = build(workbook_copy, tmp_path / "build")
    assert run.returncode == 0, run.stdout
    with (tmp_path / "build" / "removed.csv").open(encoding="utf-8") as file:
        logged = [(row["row"], row["field"], row["kind"], row["before"], row["after"]) for row in csv.DictReader(file)]
    assert logged == [
        ("7", "note", "redacted", "[text with a name]", "Tried by [name removed] twice"),
        ("8", "response_detail", "dropped", "[text with an e-mail address]", ""),
    ]


def test_a_reviewed_phrase_that_nothing_needs_is_told(workbook_copy: Path, tmp_path: Path) -> None:
    with (workbook_copy / "not_persons.csv").open("a", encoding="utf-8") as file:
        file.write("Arma Virumque,A song\n")
    run = build(workbook_copy, tmp_path / "build")
    assert "not_persons.csv: row 3, column 'phrase': no cell needs it" in run.stdout


def plant(count: int) -> list[str]:
    """Return so many made-up addresses, numbers and names, each unlike any text of the workbook."""
    chance = random.Random(6)
    syllables = ["bor", "quen", "zel", "mar", "tiv", "osk", "rund", "ley", "hav", "dorn"]
    given = ["Tobias", "Ingrid", "Matteo", "Sylvie", "Jörg", "Anneke", "Päivi", "Thiago", "Göran", "Maura"]
    made = []
    for number in range(count):
        surname = "".join(chance.sample(syllables, 3)).capitalize()
        line = f"{number:04d}"
        kinds = [
            f"{surname.lower()}{line}@mail.example",
            f"(416) 555-{line}",
            f"+49 30 23125{line[1:]}",
            f"{chance.choice(given)} {surname}",
            f"Det. {surname}",
            f"J. {surname}",
        ]
        made.append(kinds[number % len(kinds)])
    return made


def plant_all(raw: Path, planted: list[str]) -> list[str]:
    """Write made-up persons into free-text and other columns; return the headings of the columns that are new."""
    free = ["Note", "Response, in our words"]
    unmapped = ["Account holder", "Account e-mail"]
    cells = {
        (2 + number % 295, [*free, *unmapped][number % 4]): f"Seen: {text}." for number, text in enumerate(planted)
    }
    # A cell that was planted over keeps the last; plant again what was lost in columns of its own.
    lost = set(planted) - {text[6:-1] for text in cells.values()}
    cells |= {(2 + number % 295, f"Extra {number // 295}"): text for number, text in enumerate(sorted(lost))}
    write_cells(raw, cells)
    return sorted({heading for _, heading in cells} - set(free))


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["drop", "redact"])
def test_of_500_planted_persons_no_byte_is_written(choice: str, workbook_copy: Path, tmp_path: Path) -> None:
    planted = plant(500)
    extra = plant_all(workbook_copy, planted)
    choices = f"personal_data: {{note: {choice}, response_detail: {choice}}}"
    edit_mapping(workbook_copy, "  rows: report\n", f"  rows: report\n  left_out: [{', '.join(extra)}]\n  {choices}\n")
    run = build(workbook_copy, tmp_path / "build")
    assert run.returncode == 0, run.stdout
    export = [sys.executable, ROOT / "scripts" / "export.py", tmp_path / "build" / "clearview.db", tmp_path / "exports"]
    exported = subprocess.run(export, capture_output=True, text=True, check=True)
    with serve(tmp_path / "build" / "clearview.db", tmp_path / "server.log", tmp_path / "exports") as url:
        pages = read_site(url, follow=False)
    assert "Ontario" in pages["/clearview/agencies.csv"]
    files = [path for path in tmp_path.rglob("*") if path.is_file() and workbook_copy not in path.parents]
    assert {"clearview.db", "reports.csv", "removed.csv"} <= {path.name for path in files}
    assert {"clearview.xlsx", "reports.parquet", "server.log"} <= {path.name for path in files}
    told = [run.stdout, exported.stdout, *pages.values(), *(cell for path in files for cell in read_cells(path))]
    written = "\n".join(told)
    assert "seen:" in written.lower() or choice == "drop"
    assert [text for text in planted if key_of(text) in written] == []


def test_of_500_planted_persons_nothing_is_told_by_the_build_that_they_stop(
    workbook_copy: Path, tmp_path: Path
) -> None:
    planted = plant(500)
    extra = plant_all(workbook_copy, planted)
    edit_mapping(workbook_copy, "  rows: report\n", f"  rows: report\n  left_out: [{', '.join(extra)}]\n")
    run = build(workbook_copy, tmp_path / "build")
    assert run.returncode == 1
    told = re.findall(r"row \d+(?: \((\d+) rows: [^)]*\))?, column '([^']+)'", run.stdout)
    rows = {heading: sum(int(count or 1) for count, name in told if name == heading) for _, heading in told}
    assert rows == {"Note": 125, "Response, in our words": 125}, run.stdout
    assert [text for text in planted if key_of(text) in run.stdout] == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and workbook_copy not in path.parents]


def key_of(text: str) -> str:
    """Return the part of a planted text that would give the person away: the surname, the number, the address."""
    return text.rsplit(" ", 1)[-1]
