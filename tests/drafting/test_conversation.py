"""make new-dataset ARGS=--ask, on a terminal of its own."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from drafts import make, mapping

ROOT = Path(__file__).resolve().parents[2]
ROWS = [["Key", "Label", "Hits"], ["1", "Alpha", "2020"], ["2", "Beta", "7"], ["3", "Gamma", "9"]]


def converse(folder: Path, answers: list[str]) -> tuple[int, str]:
    """Run the command on a terminal with these answers; return its exit code and all that stood there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, str(ROOT / "scripts" / "new_dataset.py"), str(folder), "--ask"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    told = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        told += part
    os.close(ours)
    return process.wait(), told.decode()


def test_a_conversation_shows_asks_and_shows_again(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", ROWS)
    answers = ["", "2", "Switzerland", "-", "Hits", "1", "3", "5", "", "The Paper", "https://paper.example/", "A list",
               "Nobody", "CC0-1.0", "https://cc0.example/", "yes"]  # fmt: skip
    code, told = converse(folder, answers)
    assert code == 0, told
    assert "Which column names the agency?" in told
    assert told.count("Alpha") >= 2
    found = mapping(folder)
    assert found["columns"] == {"agency": "Label", "searches": "Hits"}
    assert found["constants"] == {
        "use_status": "Reported", "listing": "Other reporting", "source": "S1", "country": "Switzerland",
        "figure_from": "Other reporting",
    }  # fmt: skip
    written = "".join(path.read_text("utf-8") for path in folder.glob("*.yml"))
    assert "'?'" not in written
    assert "publisher: The Paper" in written


def test_a_conversation_that_is_ended_writes_nothing(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", ROWS)
    code, told = converse(folder, ["", "\x04"])
    assert code == 0
    assert "nothing was written" in told
    assert [path.name for path in folder.iterdir()] == ["list.csv"]


def test_an_answer_that_cannot_be_is_told_and_asked_again(tmp_path: Path) -> None:
    folder = make(tmp_path / "list", ROWS)
    answers = ["first", "99", "", "Nobody's column", "2", "Atlantis", "Switzerland", "-", "Hits", "hearsay", "reported",
               "9", "3", "", "cameras", "", "The Paper", "on paper", "https://paper.example/", "A list", "Nobody",
               "CC0-1.0", "", "yes"]  # fmt: skip
    code, told = converse(folder, answers)
    assert code == 0, told
    assert "'first': --header-row takes the number of a row, from 1" in told
    assert "row 99: holds no headings" in told
    assert "--agency names no column" in told
    assert "--country names no column and no country" in told
    assert "'hearsay': --use-status takes one of: Reported | Not reported" in told
    assert "'9': --listing takes one of: " in told
    assert "'cameras': --measure takes one and many" in told
    assert "'on paper': --url takes a link" in told
    found = mapping(folder)
    assert found["columns"] == {"agency": "Label", "searches": "Hits"}
    assert found["constants"]["use_status"] == "Reported"
    assert found["constants"]["listing"] == found["constants"]["figure_from"] == "Other reporting"
