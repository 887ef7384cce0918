"""The log of releases, made from the git history in a clone of its own, and the feed and page that show it."""

import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest
from conftest import ROOT, need, run_make

TIMMINS = "ca-timmins-police-service"
ME = ["-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"]


def git(folder: Path, *words: str) -> None:
    """Run git in a folder; fail with its own words."""
    done = subprocess.run([need("git"), *ME, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def commit(clone: Path) -> None:
    """Commit all that changed in the clone."""
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "A change")


def clone_into(folder: Path, *options: str) -> Path:
    """Return a clone of this repository, with the working tree as it is here and this environment."""
    source = f"file://{ROOT}" if options else str(ROOT)  # of a folder, git takes the files themselves: no depth
    git(folder, "clone", "--quiet", *options, source, "clone")
    clone = folder / "clone"
    changed = subprocess.run(
        [need("git"), "ls-files", "--modified", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in changed:
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            (clone / name).write_bytes((ROOT / name).read_bytes())
    (clone / ".venv").symlink_to(ROOT / ".venv")
    return clone


def make(clone: Path, target: str) -> str:
    """Return what make printed; fail if it did."""
    done = run_make(clone, target)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def move_timmins(clone: Path) -> None:
    """Change one row of raw/: the province of an agency."""
    path = clone / "raw" / "agencies.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    next(row for row in rows if row["id"] == TIMMINS)["region"] = "Elsewhere"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_log(clone: Path) -> list[dict[str, Any]]:
    """Return the releases that the clone's log holds."""
    log: list[dict[str, Any]] = json.loads((clone / "static" / "changes.json").read_text("utf-8"))
    return log


def give_version(clone: Path, **values: str) -> None:
    """Write a version into the last entry of the log, as a release does."""
    log = read_log(clone)
    log[-1] |= {"version": "99.0.0"} | values
    (clone / "static" / "changes.json").write_text(json.dumps(log, indent=1, ensure_ascii=False) + "\n", "utf-8")


def prepare_release(clone: Path) -> None:
    """Make of the clone's last release one that has no version yet, with something to say in the changelog."""
    log = read_log(clone)
    log[-1].pop("version", None)
    (clone / "static" / "changes.json").write_text(json.dumps(log, indent=1, ensure_ascii=False) + "\n", "utf-8")
    changelog = clone / "CHANGELOG.md"
    words = changelog.read_text("utf-8").replace("## Unreleased\n", "## Unreleased\n\nA word on it.\n", 1)
    changelog.write_text(words, "utf-8")
    commit(clone)


def ask_clone(clone: Path, path: str) -> str:
    """Return the answer of the clone's own site."""
    command = ["scripts/serve.sh", "--get", path]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLEARVIEW_")}
    done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_changed_row_becomes_an_entry(tmp_path: Path) -> None:
    clone = clone_into(tmp_path)
    give_version(clone)
    commit(clone)
    before = read_log(clone)
    move_timmins(clone)
    make(clone, "db")
    assert run_make(clone, "check-committed").returncode != 0, "a log that lacks the release must not pass"
    commit(clone)
    assert f"{len(before) + 1} releases, 1 of them new" in make(clone, "changes")

    log = read_log(clone)
    assert log[:-1] == before
    tables = log[-1]["tables"]
    assert set(tables["agencies"]) == {"rows", "changed"}
    assert list(tables["agencies"]["changed"]) == [TIMMINS]
    assert "region" in tables["agencies"]["changed"][TIMMINS]
    assert "Elsewhere" not in json.dumps(log), "the log holds no values"

    written = (clone / "static" / "changes.json").read_bytes()
    make(clone, "changes")
    commit(clone)
    make(clone, "changes")
    assert (clone / "static" / "changes.json").read_bytes() == written
    assert "ends with clearview.db as it is" in make(clone, "check-committed")

    feed = feedparser.parse(ask_clone(clone, "/changes.atom"))
    assert not feed.bozo
    assert feed.entries[0].title.startswith("Agencies: 1 row changed")
    assert f"/clearview/agencies/{TIMMINS}" in feed.entries[0].content[0].value
    assert "Agencies: 1 row changed" in ask_clone(clone, "/changes")


@pytest.mark.slow
def test_rows_added_and_removed_are_named_before_the_commit_and_without_history(tmp_path: Path) -> None:
    clone = clone_into(tmp_path, "--depth", "1")
    give_version(clone)
    assert ", 0 of them new" in make(clone, "changes")
    actions = clone / "raw" / "regulatory_actions.csv"
    lines = actions.read_text("utf-8").splitlines(keepends=True)
    actions.write_text("".join(lines[:-1]) + lines[-1].replace(lines[-1].split(",")[0], "xx-new-act", 1), "utf-8")
    make(clone, "db")
    make(clone, "changes")
    found = read_log(clone)[-1]["tables"]["regulatory_actions"]
    assert (found["added"], found["removed"]) == (["xx-new-act"], [lines[-1].split(",")[0]])


@pytest.mark.slow
def test_a_log_that_the_history_does_not_know_is_not_thrown_away(tmp_path: Path) -> None:
    clone = clone_into(tmp_path)
    give_version(clone, content="0" * 64)
    written = (clone / "static" / "changes.json").read_text("utf-8")
    done = run_make(clone, "changes")
    assert (done.returncode != 0, "fetch the whole history" in done.stderr) == (True, True)
    assert (clone / "static" / "changes.json").read_text("utf-8") == written


@pytest.mark.slow
def test_until_a_release_has_a_version_its_entry_is_drawn_up_anew(tmp_path: Path) -> None:
    clone = clone_into(tmp_path)
    prepare_release(clone)
    before = read_log(clone)
    move_timmins(clone)
    make(clone, "db")
    make(clone, "changes")
    log = read_log(clone)
    assert (len(log), log[:-1]) == (len(before), before[:-1])
    assert "region" in log[-1]["tables"]["agencies"]["changed"][TIMMINS]
    assert len(log[-1]["tables"]["reports"]["added"]) == 21


@pytest.mark.slow
def test_release_writes_the_version_once_everything_is_committed_and_built(tmp_path: Path) -> None:
    clone = clone_into(tmp_path)
    prepare_release(clone)
    refused = run_make(clone, "release", "VERSION=0.1.0")
    assert "is not after the last version" in refused.stderr
    (clone / "raw" / "README.md").write_text("Something else\n", "utf-8")
    refused = run_make(clone, "release", "VERSION=99.0.0")
    assert (refused.returncode != 0, "raw/README.md: not committed (1 in all)" in refused.stderr) == (True, True)
    git(clone, "checkout", "--quiet", "raw/README.md")
    move_timmins(clone)
    commit(clone)
    refused = subprocess.run(
        [clone / ".venv/bin/python", clone / "scripts/release.py", "99.0.0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "clearview.db: the rebuilt database has other rows than the record" in refused.stderr
    make(clone, "db")
    commit(clone)
    assert "static/changes.json: lacks clearview.db as it is" in run_make(clone, "release", "VERSION=99.0.0").stderr
    make(clone, "changes")
    commit(clone)
    assert "changes.json" not in git_status(clone)
    done = run_make(clone, "release", "VERSION=99.0.0")
    assert done.returncode == 0, done.stderr
    assert read_log(clone)[-1]["version"] == "99.0.0"
    assert "\nversion: 99.0.0\n" in (clone / "CITATION.cff").read_text("utf-8")
    heading = (clone / "CHANGELOG.md").read_text("utf-8").split("## Unreleased\n\n## 99.0.0, ")[1]
    recorded = json.loads((clone / "clearview.db.sha256.json").read_text("utf-8"))["file"]
    assert recorded in heading[:200]
    assert "Version 99.0.0. " in ask_clone(clone, "/changes.atom")
    commit(clone)
    again = run_make(clone, "release", "VERSION=99.1.0").stderr
    assert ("nothing changed since version 99.0.0" in again, "says nothing under Unreleased" in again) == (True, True)


def git_status(clone: Path) -> str:
    """Return what git says is not committed."""
    done = subprocess.run([need("git"), "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    return done.stdout


def test_both_releases_are_shown_with_where_they_came_from(site: str) -> None:
    page = httpx.get(f"{site}/changes", trust_env=False).text
    feed = httpx.get(f"{site}/changes.atom", trust_env=False).text
    for words in (
        "21 reports came with raw/reported_use_2026-11-28.xlsx",
        "74 cells of raw/reported_use.xlsx corrected",
    ):
        assert words in page
        assert words in feed
    assert page.count("<section") == feed.count("<entry>") >= 2


@pytest.fixture
def feed(site: str) -> Any:  # noqa: ANN401 - feedparser has no types
    """Return the served feed, parsed; fail where it is not well made."""
    answer = httpx.get(f"{site}/changes.atom", trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    parsed = feedparser.parse(answer.content)
    assert (parsed.bozo, parsed.version) == (False, "atom10")
    return parsed


def test_the_feed_has_what_atom_requires(site: str, feed: Any) -> None:  # noqa: ANN401
    log = read_log(ROOT)
    assert all(feed.feed[name] for name in ("id", "title", "updated", "author"))
    assert feed.feed.updated == log[-1]["date"]
    links = {link.rel: link.href for link in feed.feed.links}
    assert links == {"self": f"{site}/changes.atom", "alternate": f"{site}/changes"}
    assert [(entry.id, entry.updated) for entry in feed.entries] == [(one["id"], one["date"]) for one in reversed(log)]
    assert len({entry.id for entry in feed.entries}) == len(log) >= 1
    for entry in feed.entries:
        assert all(entry[name] for name in ("id", "title", "updated", "content"))
        address = next(link.href for link in entry.links if link.rel == "alternate")
        assert f'id="{address.split("#")[1]}"' in httpx.get(address, trust_env=False).text
    assert feed.entries[-1].title.startswith("First release. Agencies: 69 rows")


def test_pages_lead_to_the_feed_and_to_the_changes(site: str) -> None:
    page = httpx.get(site, trust_env=False).text
    assert '<link rel="alternate" type="application/atom+xml" title="Changes to the data" href="/changes.atom">' in page
    assert '<a href="/changes">' in page
    assert '<a href="/changes.atom">' in httpx.get(f"{site}/changes", trust_env=False).text
