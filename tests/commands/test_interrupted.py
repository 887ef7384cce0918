"""A build that is killed at any moment leaves the old database whole, and the next run succeeds."""

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import run_make
from small_folder import AGENCIES, HEADINGS, make_folder, write_workbook

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Return a dataset under a name of its own; take away afterwards what make built of it."""
    made = make_folder(tmp_path / f"interrupted-{os.getpid()}", rows_of(1))
    yield made
    shutil.rmtree(ROOT / "build" / made.name, ignore_errors=True)


def rows_of(version: int) -> list[tuple[object, ...]]:
    """Return enough reports for a build to be caught anywhere, with a figure that tells the version."""
    return [(number, agency, "NZ", version, f"Version {version}, row {number}.")
            for number, agency in enumerate([*AGENCIES] * 600, start=1)]  # fmt: skip


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.slow
def test_20_kills_leave_the_old_database_and_the_next_run_succeeds(folder: Path) -> None:
    database = ROOT / "build" / folder.name / "clearview.db"
    started = time.monotonic()
    first = run_make(ROOT, "db", f"RAW={folder}")
    assert first.returncode == 0, first.stderr
    whole = time.monotonic() - started
    chance = random.Random(9)
    caught = 0
    for kill in range(KILLS):
        old = sha256(database)
        write_workbook(folder / "list.xlsx", [HEADINGS, *rows_of(kill + 2)])
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        build = subprocess.Popen(
            ["make", "db", f"RAW={folder}"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # Moments over the whole of a build, none of them twice.
        moment = whole * (kill + chance.random()) / KILLS * 0.95
        time.sleep(moment)
        if build.poll() is None:
            caught += 1
            os.killpg(build.pid, signal.SIGKILL)
        else:
            whole = min(whole, moment)  # the first build was slower than those that follow
        build.wait()
        db = sqlite3.connect(database)
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        versions = db.execute("select distinct searches_min from reports").fetchall()
        db.close()
        # Killed after its last step, a build has put the new database in place, whole.
        assert sha256(database) == old or versions == [(kill + 2,)]
    assert caught >= KILLS // 2
    last = run_make(ROOT, "db", f"RAW={folder}")
    assert last.returncode == 0, last.stderr
    db = sqlite3.connect(database)
    assert db.execute("select distinct searches_min from reports").fetchall() == [(KILLS + 1,)]
    db.close()
