"""make db RAW=folder: a database of its own, only what changed done again, faults told, ours untouched."""

import os
import re
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest
from conftest import PATIENCE, run_make
from corpus import CASES, make_folder
from dataset.problems import Problems

from build import build

ROOT = Path(__file__).resolve().parents[2]
CASE = CASES["two agencies with one name in different places"]


def steps_run(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the names of the steps that a build told of."""
    return re.findall(r"^(\w+)\.py: ", done.stdout, re.MULTILINE)


@pytest.mark.slow
def test_build_redo_what_changed_and_keep_the_old_database(project: Path, tmp_path: Path) -> None:
    leak = make_folder(tmp_path / "leak", CASE, "ods")
    before = (project / "clearview.db").read_bytes()
    first = run_make(project, "db", f"RAW={leak}")
    assert first.returncode == 0, first.stderr
    assert steps_run(first) == ["extract", "clean", "build_db"]
    database = project / "build" / "leak" / "leak.db"
    with sqlite3.connect(database) as db:
        found = db.execute("select id, searches, report_count from agencies order by id").fetchall()
    assert found == [("ca-york", "11–50", 1), ("gb-york", "more than 120", 1)]
    assert run_make(project, "db", f"RAW={leak}").stdout == "build/leak/leak.db is up to date\n"
    os.utime(project / "requirements.txt")
    assert steps_run(run_make(project, "db", f"RAW={leak}")) == []
    os.utime(leak / "aliases.csv")
    assert steps_run(run_make(project, "db", f"RAW={leak}")) == ["clean", "build_db"]
    os.utime(project / "scripts/database/schema.sql")
    assert steps_run(run_make(project, "db", f"RAW={leak}")) == ["build_db"]
    os.utime(project / "scripts/spreadsheets/sheets.py")
    assert steps_run(run_make(project, "db", f"RAW={leak}")) == ["extract", "clean", "build_db"]
    (leak / "profile.yml").write_text("counts: exact\n")
    (leak / "mapping.yml").write_text((leak / "mapping.yml").read_text() + "profile: profile.yml\n")
    assert steps_run(run_make(project, "db", f"RAW={leak}")) == ["extract", "clean", "build_db"]
    (leak / "profile.yml").write_text("counts: ranges\n")
    assert steps_run(run_make(project, "db", f"RAW={leak}")) == ["extract", "clean", "build_db"]
    with sqlite3.connect(database) as db:
        assert db.execute("select searches from agencies where id = 'gb-york'").fetchall() == [("at least 101",)]
    good = database.read_bytes()
    (leak / "use.ods").write_bytes(b"spoiled")
    failed = run_make(project, "db", f"RAW={leak}")
    assert failed.returncode != 0
    assert "leak/use.ods: is a text and not an OpenDocument workbook" in failed.stderr
    assert database.read_bytes() == good
    assert (project / "clearview.db").read_bytes() == before


def test_names_with_blanks_colons_quotes_and_accents_are_built(project: Path, tmp_path: Path) -> None:
    leak = make_folder(tmp_path / "a: b's été", CASE, "csv")
    (leak / "use.csv").rename(leak / "liste: été 1.csv")
    mapping = (leak / "mapping.yml").read_text("utf-8")
    (leak / "mapping.yml").write_text(mapping.replace("use.csv", '"liste: été 1.csv"'), "utf-8")
    first = run_make(project, "db", f"RAW={leak}")
    assert (first.returncode, first.stderr) == (0, "")
    assert steps_run(first) == ["extract", "clean", "build_db"]
    assert run_make(project, "db", f"RAW={leak}").stdout == "build/a__b_s_été/a_b_s_t.db is up to date\n"
    os.utime(leak / "liste: été 1.csv")
    assert steps_run(run_make(project, "db", f"RAW={leak}")) == ["extract", "clean", "build_db"]


def test_what_a_kill_or_a_missing_file_left_is_made_again(tmp_path: Path) -> None:
    leak, steps = make_folder(tmp_path / "leak", CASE, "csv"), tmp_path / "steps"
    build(leak, steps, [], [])
    whole = (steps / "clearview.db").read_bytes()
    for made in ("reports.csv", "readings.csv"):
        (steps / made).unlink()
        build(leak, steps, [], [])
        assert (steps / "clearview.db").read_bytes() == whole
    assert not [*steps.glob("*part*")]
    (leak / "use.csv").unlink()
    with pytest.raises(Problems):
        build(leak, steps, [], [])


def test_list_that_the_mapping_names_must_be_there(tmp_path: Path) -> None:
    leak = make_folder(tmp_path / "leak", CASE, "csv")
    (leak / "mapping.yml").write_text((leak / "mapping.yml").read_text() + "not_persons: words.csv\n")
    with pytest.raises(Problems) as found:
        build(leak, tmp_path / "steps", [], [])
    assert [str(problem) for problem in found.value.problems] == ["leak/words.csv: missing file; put it back"]


@pytest.mark.slow
def test_two_folders_of_one_name_are_not_mixed_up(project: Path, tmp_path: Path) -> None:
    for parent in ("one", "two"):
        leak = make_folder(tmp_path / parent / "leak", CASE, "csv")
        done = run_make(project, "db", f"RAW={leak}")
        assert "extract" in steps_run(done), done.stderr


def start_make(project: Path, folder: Path) -> subprocess.Popen[str]:
    words = ["make", "db", f"RAW={folder}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.Popen(
        words, cwd=project, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def test_of_two_builds_at_once_the_second_waits_and_has_nothing_left_to_do(project: Path, tmp_path: Path) -> None:
    leak = make_folder(tmp_path / "leak", CASE, "xlsx")
    builds = [start_make(project, leak) for _ in range(2)]
    told = [build.communicate(timeout=PATIENCE) for build in builds]
    assert [build.returncode for build in builds] == [0, 0], told
    assert sorted("Another make builds from this folder" in errors for _, errors in told) == [False, True]
    assert sorted(output.count("build_db.py: ") for output, _ in told) == [0, 1]


def test_a_killed_build_leaves_no_lock_behind(project: Path, tmp_path: Path) -> None:
    leak = make_folder(tmp_path / "leak", CASE, "xlsx")
    killed = start_make(project, leak)
    assert killed.stdout is not None
    assert "extract.py" in killed.stdout.readline()
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    done = run_make(project, "db", f"RAW={leak}")
    assert done.returncode == 0, done.stderr
    assert "Another make" not in done.stderr


def test_folder_without_a_mapping_is_told_what_it_lacks(project: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run_make(project, "db", f"RAW={tmp_path / 'empty'}")
    assert "empty/mapping.yml: missing file; put it back, or draft one with make new-dataset" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("rows", [20_500])
def test_log_of_many_reports_is_a_view_with_the_same_columns(rows: int, tmp_path: Path) -> None:
    python = ROOT / ".venv/bin/python"
    folder, steps = tmp_path / "large", tmp_path / "steps"
    subprocess.run(
        [python, ROOT / "benches/bench_folder.py", folder, str(rows)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "scripts")},
        check=True,
    )
    for script in ("extract", "clean", "build_db"):
        done = subprocess.run([python, ROOT / f"scripts/{script}.py", folder, steps], check=True, capture_output=True)
        assert done.stderr == b""
    own = sqlite3.connect(ROOT / "clearview.db")
    with sqlite3.connect(steps / "clearview.db") as db:
        assert db.execute("select type from sqlite_master where name = 'cleaning_log'").fetchone() == ("view",)
        assert db.execute("select count(*) from reports").fetchone() == (rows,)
        sql = "select * from cleaning_log where row = ? and file like ? order by file, sheet, row, field"
        for row in (2, 296):
            large = db.execute(sql, [row, "%/reports.xlsx"]).fetchall()
            # The made-up reports begin with those of our first delivery, whose corrections they do not have.
            small = own.execute(sql, [row, "%/reported_use.xlsx"]).fetchall()
            assert [issue[1:] for issue in large] == [issue[1:] for issue in small] != []
    own.close()
