"""The examples of docs/api.md, each run as printed, at the address of the site that is tested."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PATIENCE, ROOT, need

PRINTED = "http://127.0.0.1:8001"
EXAMPLES = re.findall(
    r"^```(python|sh|js|r)\n(.*?)^```", (ROOT / "docs" / "api.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
# How a language is run, and the words that an example of it is known by.
RUN: dict[str, Callable[[str], list[str]]] = {
    "python": lambda code: [sys.executable, "-c", code],
    "sh": lambda code: [need("bash"), "-euo", "pipefail", "-c", code],
    "js": lambda code: [need("node"), "--input-type=module", "--eval", code],
    "r": lambda code: [need("Rscript"), "-e", code],
}
PROGRAMS = (
    "import httpx",
    "import pandas",
    "import duckdb",
    "sqlite-utils",
    "await fetch",
    "library(jsonlite)",
    "curl -G",
)


def run(language: str, code: str, site: str, folder: Path) -> str:
    """Return what an example prints; fail if it fails."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "NO_PROXY": "127.0.0.1",
    }  # fmt: skip
    command = RUN[language](code.replace(PRINTED, site))
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_program_has_its_example() -> None:
    for words in PROGRAMS:
        assert any(words in code for _, code in EXAMPLES), words
    assert all(PRINTED in code for _, code in EXAMPLES)


@pytest.mark.parametrize(
    ("language", "code"), EXAMPLES, ids=[f"{name}: {code[:25].strip()}" for name, code in EXAMPLES]
)
def test_example_runs_as_printed_and_gives_what_the_database_holds(
    site: str, tmp_path: Path, language: str, code: str
) -> None:
    printed = run(language, code, site, tmp_path)
    if "/cite." in code:
        assert "@misc" in printed or "@dataset" in printed, printed
        assert '"title"' in printed
        return
    db = sqlite3.connect(ROOT / "clearview.db")
    in_table = "reports" if "reports.csv" in code and "pandas" in code else "agencies"
    (canadian,) = db.execute(f"select count(*) from {in_table} where country = 'CA'").fetchone()
    db.close()
    assert re.search(rf"\b{canadian}\b", printed), printed
    assert "CA" in printed or "Canada" in printed
