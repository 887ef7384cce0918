"""make new-dataset: what a first look recognises, and that nothing of it is accepted by itself."""

import csv
import gzip
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import run_make
from corpus import Case, write_ods, write_text, write_xls, write_xlsx
from running import run_script
from small_folder import write_workbook

ROOT = Path(__file__).resolve().parents[2]
ROWS: list[tuple[object, ...]] = [
    ("Printed by the office", None, None, None, None),
    ("Organisation", "Pays", "Nombre", "User", "E-mail"),
    ("Alpha Town Police Department", "Danimarca", "11-50", "Tobias Wrenfield", "t.wrenfield@alpha.example"),
    ("Alpha Town PD", "Denmark", "more than 120", "Sylvie Thibodeau", "s@alpha.example"),
    ("Beta Fylke Politi", "Norge", 7, "Jörg Zinnhobler", "j@beta.example"),
    ("Det. J. Smith", "Norge", 9, "Ingrid Halloway", "i@beta.example"),
]


WRITERS: dict[str, Callable[[Path, Case], None]] = {
    "xlsx": write_xlsx, "xls": write_xls, "ods": write_ods, "csv": write_text, "tsv": write_text,
    "xlsx.gz": write_xlsx, "csv.gz": write_text, "ods.gz": write_ods,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "leak"
    made.mkdir()
    write_workbook(made / "leak.xlsx", ROWS, "Accounts")
    return made


def draft(folder: Path) -> subprocess.CompletedProcess[str]:
    return run_script("new_dataset", folder)


def test_columns_countries_and_figures_are_recognised_and_people_left_out(folder: Path) -> None:
    run = run_make(ROOT, "new-dataset", f"RAW={folder}")
    assert run.returncode == 0, run.stderr
    mapping = yaml.safe_load((folder / "mapping.yml").read_text("utf-8"))
    assert mapping["workbook"] == "leak.xlsx"
    reports = mapping["reports"]
    assert (reports["sheet"], reports["header_row"], reports["rows"]) == ("Accounts", 2, "account")
    assert reports["columns"] == {"agency": "Organisation", "country": "Pays", "searches": "Nombre"}
    assert reports["left_out"] == ["User", "E-mail"]
    written = run.stdout + "".join(path.read_text("utf-8") for path in folder.iterdir() if path.suffix != ".xlsx")
    assert not any(word in written for word in ("Wrenfield", "Thibodeau", "Smith", "@"))


def test_a_person_in_a_heading_or_in_a_name_of_sheet_or_file_is_not_repeated(tmp_path: Path) -> None:
    rows = [("Organisation", "Danimarca by Tobias Wrenfield", "Nombre"), *(row[:3] for row in ROWS[2:5])]
    folder = tmp_path / "of_Tobias_Wrenfield"
    folder.mkdir()
    write_workbook(folder / "list_of_Tobias_Wrenfield.xlsx", rows, "Tobias Wrenfield")
    run = draft(folder)
    assert "country: column 'Danimarca by [name removed]'" in run.stdout
    assert "sheet [name removed]: 3 rows under the headings in row 1" in run.stdout
    assert "Wrenfield" not in run.stdout + run.stderr


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_spreadsheet_is_drafted_alike(kind: str, tmp_path: Path) -> None:
    plain = tmp_path / "leak" / f"leak.{kind.removesuffix('.gz')}"
    plain.parent.mkdir()
    WRITERS[kind](plain, Case([list(row) for row in ROWS]))
    if kind.endswith(".gz"):
        (plain.parent / f"leak.{kind}").write_bytes(gzip.compress(plain.read_bytes()))
        plain.unlink()
    run = draft(plain.parent)
    assert run.returncode == 0, run.stderr
    mapping = yaml.safe_load((plain.parent / "mapping.yml").read_text("utf-8"))
    assert mapping["workbook"] == f"leak.{kind}"
    reports = mapping["reports"]
    assert reports.get("sheet", "") == ("" if kind[:3] in ("csv", "tsv") else "Reports")
    assert reports["header_row"] == 2
    assert reports["columns"] == {"agency": "Organisation", "country": "Pays", "searches": "Nombre"}
    assert "Beta Fylke Politi,NO,,no-beta-fylke-politi," in (plain.parent / "aliases.csv").read_text("utf-8")


def test_a_text_in_another_encoding_with_semicolons_is_read_as_the_build_reads_it(tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    lines = ["Organisation;Pays;Recherches", "Police de Québec, sûreté générale;Canada;7", "Police de Lévis;Canada;9"]
    (tmp_path / "leak" / "leak.csv").write_bytes("\n".join(lines).encode("cp1252"))
    run = draft(tmp_path / "leak")
    assert run.returncode == 0, run.stderr
    assert "leak/leak.csv: not UTF-8; read as Windows-1252" in run.stderr
    aliases = (tmp_path / "leak" / "aliases.csv").read_text("utf-8")
    assert '"Police de Québec, sûreté générale",CA,,ca-police-de-quebec-surete-generale,' in aliases


def test_other_kinds_that_the_build_reads_are_drafted_too(tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    rows = [{"agency": name, "country": "Norge", "searches": "7"} for name in ("Beta Politi", "Gamma Politi")]
    (tmp_path / "leak" / "leak.json").write_text(json.dumps(rows), "utf-8")
    (tmp_path / "leak" / "README.txt").write_text("Not a table.\n", "utf-8")
    run = draft(tmp_path / "leak")
    assert run.returncode == 0, run.stderr
    assert "leak/leak.json: 2 rows under the headings in row 1" in run.stdout


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv", "csv.gz", "json"])
def test_a_spoiled_spreadsheet_is_told_and_nothing_written(kind: str, tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / f"leak.{kind}").write_bytes(b"\x00\x01\xff not what it says")
    run = draft(tmp_path / "leak")
    assert run.returncode != 0
    assert f"leak/leak.{kind}: " in run.stderr
    assert "Traceback" not in run.stderr
    assert [path.name for path in (tmp_path / "leak").iterdir()] == [f"leak.{kind}"]


def test_names_are_suggested_with_a_score_and_refused_until_accepted(folder: Path) -> None:
    write_workbook(folder / "leak.xlsx", ROWS[1:], "Accounts")
    draft(folder)
    with (folder / "aliases.csv").open(encoding="utf-8") as file:
        aliases = {
            row["name_as_printed"]: (row["country"], row["agency"], row["reason"]) for row in csv.DictReader(file)
        }
    assert aliases == {
        "Alpha Town PD": ("DK", "dk-alpha-town-pd", ""),
        "Alpha Town Police Department": ("DK", "?dk-alpha-town-pd", "another spelling of “Alpha Town PD”"),
        "Beta Fylke Politi": ("NO", "no-beta-fylke-politi", ""),
    }
    assert "mapping.yml: column 'sources.rows.0.url': '?': is still the ? of the draft" in build(folder).stderr
    decide(folder)
    run = build(folder)
    assert run.returncode != 0
    assert "is a suggestion; take away the ? to accept it" in run.stderr or "holds a name" in run.stderr
    assert "Smith" not in run.stderr


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    return run_script("build", folder, folder.parent / "steps")


def decide(folder: Path) -> None:
    """Write what belongs in place of the question marks of mapping.yml, from the choices that it names."""
    path = folder / "mapping.yml"
    text = path.read_text("utf-8")
    choices = dict(line[2:].split(": ", 1) for line in text.splitlines() if line.startswith("# ") and " | " in line)
    for field in ("use_status", "listing", "figure_from"):
        text = text.replace(f"{field}: '?'", f'{field}: "{choices[field].split(" | ")[0]}"')
    path.write_text(
        text.replace("publisher: '?'", "publisher: N").replace("url: '?'", "url: 'https://n.example/'"), "utf-8"
    )


def test_an_accepted_draft_builds(folder: Path) -> None:
    write_workbook(folder / "leak.xlsx", ROWS[1:-1], "Accounts")
    draft(folder)
    decide(folder)
    aliases = folder / "aliases.csv"
    aliases.write_text(aliases.read_text("utf-8").replace(",?", ","), "utf-8")
    run = build(folder)
    assert run.returncode == 0, run.stderr
    told = run_script("site_metadata", folder, folder / "metadata.yml")
    assert "site.yml: column 'keeper': '?': is still the ? of the draft" in told.stderr


def test_of_many_problems_alike_some_are_told_and_the_others_counted(folder: Path) -> None:
    names = [(f"{chr(65 + number // 26)}{chr(97 + number % 26)}xo Politi", "Norge", 7) for number in range(60)]
    write_workbook(folder / "leak.xlsx", [ROWS[1][:3], *names], "Accounts")
    draft(folder)
    decide(folder)
    aliases = folder / "aliases.csv"
    aliases.write_text(aliases.read_text("utf-8").replace(",no-", ",?no-"), "utf-8")
    run = build(folder)
    assert run.stderr.count("is a suggestion; take away the ?") == 50
    assert re.search(r"aliases.csv: column 'name_as_printed': \d+ more of these", run.stderr)


def test_a_file_that_is_there_is_not_written_over(folder: Path) -> None:
    (folder / "aliases.csv").write_text("mine\n", "utf-8")
    run = draft(folder)
    assert run.returncode != 0
    assert "leak/aliases.csv: is there; move it away first" in run.stderr
    assert (folder / "aliases.csv").read_text("utf-8") == "mine\n"
    assert not (folder / "mapping.yml").exists()


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    run = draft(tmp_path / "leak")
    assert "0 spreadsheets are there (xlsx, xls, xlsb, ods, csv, tsv" in run.stderr


def test_help_says_what_it_does() -> None:
    command = [sys.executable, ROOT / "scripts" / "new_dataset.py", "--help"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "never written over" in " ".join(run.stdout.split())


def test_the_command_it_tells_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "une liste d'été"
    folder.mkdir()
    write_workbook(folder / "leak.xlsx", ROWS, "Accounts")
    told = draft(folder).stdout.rpartition("then: ")[2]
    assert shlex.split(told) == ["make", "db", f"RAW={folder}"]
