"""Invented lists in the shapes of real ones: from the file to the served site, with few decisions of a person."""

import io
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import pandas as pd
import pytest
from conftest import ROOT, serve
from drafts import make, run

from build import build

ANSWERS = {"use_status": "Reported", "listing": "Other reporting", "figure_from": "Other reporting",
           "publisher": "A paper", "url": "https://example.org/list"}  # fmt: skip
MOST_DECISIONS = 10
STATES = ("Ohio", "Texas", "Maine", "Illinois", "Utah", "Iowa")
TOWNS = ("Springfield", "Salem", "Clinton", "Franklin", "Madison", "Dover")
SITE = """\
title: An invented list
description: Made up.
keeper: nobody
licence: CC0-1.0
licence_url: https://creativecommons.org/publicdomain/zero/1.0/
"""
Rows = Sequence[Sequence[object]]


def roster() -> Rows:
    """Return 18,000 police departments with their states and cameras."""
    rows = [[f"{TOWNS[number % 6]} Police Department {number // 36}", STATES[number // 6 % 6], number % 97 + 1]
            for number in range(18_000)]  # fmt: skip
    return [["Agency name", "State", "Cameras"], *rows]


def towns_by_year() -> Rows:
    """Return French towns with a column of cameras for each year."""
    return [["Ville", "2019", "2020"], *([town, place + 3, place + 8] for place, town in enumerate(("Bourg", "Dole")))]


def authorities_by_year() -> Rows:
    """Return German authorities with a row for each year."""
    return [["Behörde", "Jahr", "Kameras"],
            *([f"Polizei {town}", year, year - 2000 + place]
              for place, town in enumerate(("Kassel", "Jena")) for year in (2020, 2021))]  # fmt: skip


SHAPES = {
    "roster": (roster, "xlsx", {"country": "USA", "figure": "Cameras"}),
    "French towns by year": (towns_by_year, "ods", {"country": "France"}),
    "German authorities by year": (authorities_by_year, "csv", {"country": "Germany", "figure": "Kameras"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_a_list_is_served_after_few_decisions_with_the_sums_of_pandas(name: str, tmp_path: Path) -> None:
    rows, kind, own = SHAPES[name][0](), SHAPES[name][1], SHAPES[name][2]
    folder, answers = make(tmp_path / name, rows, kind), {**ANSWERS, **own}
    run(folder, **answers)
    mapping = folder / "mapping.yml"
    mapping.write_text("measure: {one: camera, many: cameras}\n" + mapping.read_text("utf-8"), "utf-8")
    print(f"{name}: {len(answers) + 1} decisions: {', '.join([*answers, 'measure'])}")
    assert len(answers) + 1 <= MOST_DECISIONS
    (folder / "site.yml").write_text(SITE, "utf-8")
    steps, words = tmp_path / "steps", tmp_path / "metadata.yml"
    build(folder, steps, [], [], "a_list")
    database = (steps / "clearview.db").rename(steps / "a_list.db")
    script = ROOT / "scripts" / "site_metadata.py"
    subprocess.run([sys.executable, script, folder, words, database], check=True)
    frame = pd.DataFrame(rows[1:], columns=list(rows[0]))
    counted = [column for column in frame.columns if column.isdecimal() or column in ("Cameras", "Kameras")]
    total = int(frame[counted].to_numpy().sum())
    with sqlite3.connect(database) as db:
        assert db.execute("select sum(cameras_min) from reports").fetchone() == (total,)
    with serve(database, tmp_path / "server.log", tmp_path / "exports", words) as url:
        page = httpx.get(f"{url}/", trust_env=False)
        table = httpx.get(f"{url}/a_list/reports.csv", trust_env=False)
    assert (page.status_code, table.status_code) == (200, 200)
    assert "An invented list" in page.text
    assert pd.read_csv(io.StringIO(table.text))["cameras_min"].sum() == total
