"""README and guides: short, with links that lead somewhere and commands that run as printed in a new clone."""

import os
import re
import shlex
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
import pytest
from conftest import PATIENCE, ROOT, wait_until_up
from serving import find_free_port
from small_folder import AGENCIES, make_folder

GUIDES = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
# Run elsewhere: what an operator types by tests/deploy, what takes a cluster by tests/large, the options of a draft by
# tests/drafting with lists that have such columns.
COMMANDS_OF = ("README.md", "CONTRIBUTING.md", "docs/own-spreadsheet.md", "docs/method.md")
MOST_WORDS = 1000


def commands(guide: str) -> list[list[str]]:
    """Return the make commands of a guide's blocks, split into words."""
    text = (ROOT / guide).read_text("utf-8")
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("make ")]
    return [shlex.split(line, comments=True) for line in lines if "ARGS=" not in line]


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").split()) <= MOST_WORDS


@pytest.mark.parametrize("guide", GUIDES)
def test_links_lead_to_files_and_headings_that_are_there(guide: str) -> None:
    text = (ROOT / guide).read_text("utf-8")
    assert not re.search(r"\]\(https?://(127\.0\.0\.1|localhost)", text), "a link that works on one machine only"
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        name, _, heading = link.partition("#")
        target = (ROOT / guide).parent / name if name else ROOT / guide
        assert target.exists(), link
        if heading:
            slugs = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", slug.lower()).replace(" ", "-") for slug in slugs}, link


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new clone with a folder my_list, beside an empty home."""
    folder = tmp_path_factory.mktemp("guides")
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / "clone")], check=True)
    (folder / "home").mkdir()
    (folder / "clone" / "my_list").mkdir()
    ready = make_folder(
        folder / "ready", [(number, name, "New Zealand", "5", "") for number, name in enumerate(AGENCIES, 1)]
    )
    shutil.copy(ready / "list.xlsx", folder / "clone" / "my_list")
    return folder / "clone"


def run(clone: Path, words: list[str]) -> None:
    """Run a command of a guide as printed; one that serves is stopped when it answers."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment |= {"HOME": str(clone.parent / "home"), "TESTS": "tests/commands/test_make.py"}
    log = clone.parent / "log"
    port = next((word[5:] for word in words if word.startswith("PORT=")), "")
    if words[1] in ("serve", "serve-public"):
        port = port or str(find_free_port())
        environment["PORT"] = port
    with log.open("wb") as output:
        process = subprocess.Popen(
            words, cwd=clone, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    if words[1] == "serve":
        try:
            wait_until_up(f"http://127.0.0.1:{port}/", process, log, minutes=10)
            assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code == httpx.codes.OK
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)
    else:
        assert process.wait() == 0, log.read_text()
    if words[1] == "new-dataset":
        for name in ("mapping.yml", "agencies.csv", "aliases.csv"):
            shutil.copy(clone.parent / "ready" / name, clone / "my_list")
        site = clone / "my_list" / "site.yml"
        text = site.read_text("utf-8").replace("licence_url: '?'", "licence_url: https://example.org/")
        site.write_text(text.replace("'?'", "Made up"), "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("guide", COMMANDS_OF)
def test_commands_run_as_printed_in_a_new_clone(clone: Path, guide: str) -> None:
    for words in commands(guide):
        run(clone, words)
