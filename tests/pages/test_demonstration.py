"""The made-up demonstration: from spreadsheet to served site, with the guide's commands as printed."""

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import run_make, wait_until_up
from openapi_spec_validator import validate
from serving import find_free_port

pytestmark = pytest.mark.slow  # 6,000 accounts take as long to build as a hundred tests
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "made_up_states"
NOTICE = "Everything on this site is made up. No agency, place or figure here is real."
SITE = "/made_up_states"
PAGES = (
    "/", "/about", "/charts", "/downloads", "/api", "/search?q=bram", SITE, f"{SITE}/agencies",
    f"{SITE}/agencies?country=US", f"{SITE}/countries", f"{SITE}/countries/US", f"{SITE}/reports",
    f"{SITE}/sources", f"{SITE}/sources/D1", f"{SITE}/left_out", f"{SITE}/cleaning_log", "/no-such-page",
    f"{SITE}?sql=select+1", f"{SITE}/agencies_by_country",
)  # fmt: skip


def read_commands() -> list[list[str]]:
    """Return the commands of the guide's section on the demonstration."""
    guide = (ROOT / "docs" / "own-spreadsheet.md").read_text("utf-8")
    section = guide.split("A demonstration with")[1].split("\n## ")[0]
    commands = re.findall(r"^make .*made_up_states.*$", section, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in commands]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build and serve the demonstration as the guide says, on a free port; yield the site's address."""
    build, serve = read_commands()
    assert (build[:2], serve[:2]) == (["make", "db"], ["make", "serve"])
    built = run_make(ROOT, *build[1:])
    assert built.returncode == 0, built.stdout + built.stderr
    port, log = find_free_port(), tmp_path_factory.mktemp("demonstration") / "server.log"
    words = [*serve, f"PORT={port}"]
    with log.open("wb") as output:
        server = subprocess.Popen(words, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(f"{url}/made_up_states.json", server, log)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # make and the server that it started
        server.wait(timeout=240)


def test_the_committed_folder_is_what_the_script_makes(tmp_path: Path) -> None:
    script = ROOT / "examples" / "make_made_up_states.py"
    subprocess.run([sys.executable, script, tmp_path / "made_up_states"], check=True)
    for made in (tmp_path / "made_up_states").iterdir():
        if made.suffix != ".xlsx":
            assert made.read_bytes() == (FOLDER / made.name).read_bytes(), made.name
    assert {path.name for path in FOLDER.iterdir()} == {path.name for path in (tmp_path / "made_up_states").iterdir()}


def test_6000_accounts_become_the_agencies_that_the_profile_publishes(demonstration: str) -> None:
    assert demonstration
    db = sqlite3.connect(ROOT / "build" / "made_up_states" / "made_up_states.db")
    agencies, left_out = (
        db.execute(f"select count(*) from {table}").fetchone()[0] for table in ("agencies", "left_out")
    )
    assert agencies + left_out == 1803
    assert (agencies, left_out) == (1430, 373)
    assert db.execute("select count(*) from reports").fetchone() == (agencies,)
    bands = {row[0] for row in db.execute("select distinct searches from agencies")}
    assert bands <= {"1–5", "6–10", "11–50", "51–100", "101–500", "501–1,000", "1,001–5,000", "at least 5,001"}
    assert {row[0] for row in db.execute("select distinct accounts from agencies")} == {"1–5", "6–10"}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_it_is_made_up(path: str, demonstration: str) -> None:
    answer = httpx.get(demonstration + path, trust_env=False)
    assert answer.status_code == (404 if path == "/no-such-page" else 200)
    assert NOTICE in answer.text
    assert "Made-up states" in answer.text.split("</title>")[0]
    assert "Clearview in the open" not in answer.text
    assert "BuzzFeed News published" not in answer.text


def test_no_account_holder_is_in_any_answer(demonstration: str) -> None:
    for path in (
        "/made_up_states.db",
        "/made_up_states/reports.csv?_size=max",
        "/made_up_states/cleaning_log.csv?_size=max",
    ):
        answer = httpx.get(demonstration + path, trust_env=False)
        assert answer.status_code == 200
        assert not re.search(rb"Invented Person|person\d+@", answer.content)


def ask(demonstration: str, path: str) -> httpx.Response:
    return httpx.get(demonstration + path, trust_env=False)


def test_what_the_dataset_has_not_is_not_shown(demonstration: str) -> None:
    agency = ask(demonstration, "/made_up_states/agencies.json?_shape=array&_size=1").json()[0]["id"]
    for path in (
        "/",
        "/search",
        "/made_up_states",
        "/made_up_states/countries/US",
        f"/made_up_states/agencies/{agency}",
    ):
        text = ask(demonstration, path).text
        assert "Regulators" not in text, path
        assert not re.search(
            r'href="/(?:changes|made_up_states/(?:coverage|regulatory_actions|published_totals))"', text
        ), path
    assert [ask(demonstration, path).status_code for path in ("/changes", "/changes.atom")] == [404, 404]
    assert "/changes<" not in ask(demonstration, "/sitemap.xml").text


def test_programs_are_told_that_it_is_made_up(demonstration: str) -> None:
    initialize = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}
    accepted = {"accept": "application/json, text/event-stream"}
    model = httpx.post(f"{demonstration}/mcp", json=initialize, headers=accepted, trust_env=False)
    for answer in (model, ask(demonstration, "/llms.txt"), ask(demonstration, "/openapi.json")):
        assert answer.status_code == 200
        assert NOTICE in answer.text
        assert "Clearview in the open" not in answer.text
        assert "Which police forces and government agencies outside" not in answer.text
    assert ask(demonstration, "/reconcile").json()["name"] == "Made-up states"


def test_the_description_of_the_api_gives_no_example_of_a_table_without_rows(demonstration: str) -> None:
    document = httpx.get(f"{demonstration}/openapi.json", trust_env=False).json()
    validate(document)
    examples = [
        parameter.get("example", "none")
        for operations in document["paths"].values()
        for parameter in operations["get"]["parameters"] if parameter.get("in") == "path"
    ]  # fmt: skip
    assert examples
    assert "" not in examples
