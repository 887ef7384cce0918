"""The notebook runs as it stands, in Python and in R, and says what the data say; its file is that of the guide."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import PATIENCE, ROOT, need
from nbclient import NotebookClient

GUIDE, NOTEBOOK = ROOT / "docs" / "notebook.md", ROOT / "docs" / "notebook.ipynb"
USED = "select count(*) from agencies where use_status = 'reported'"


def ask(sql: str) -> int:
    return int(sqlite3.connect(ROOT / "clearview.db").execute(sql).fetchone()[0])


def test_the_notebook_is_the_guides(tmp_path: Path) -> None:
    script = ROOT / "tools" / "notebook.py"
    subprocess.run([sys.executable, script, GUIDE, tmp_path / "made.ipynb"], check=True)
    assert (tmp_path / "made.ipynb").read_text("utf-8") == NOTEBOOK.read_text("utf-8")
    nbformat.validate(nbformat.read(NOTEBOOK, as_version=4))


def test_the_notebook_runs_in_python(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARVIEW_SITE", site)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3").execute()
    given = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    printed = "".join(output.text for output in given if output.output_type == "stream")
    assert f"{ask('select count(*) from agencies')} agencies" in printed
    assert sum(map(int, re.findall(r"^[A-Z].*?\s(\d+)$", printed, re.MULTILINE))) == ask(USED)
    assert "@misc{clearview-in-the-open-charts-responses" in printed
    (picture,) = [output.data["image/svg+xml"] for output in given if output.output_type == "execute_result"]
    assert "How they responded" in picture
    assert "A listing is not an accusation" in picture


def test_the_guide_runs_in_r(site: str, tmp_path: Path) -> None:
    rscript = need("Rscript")
    code = tmp_path / "notebook.R"
    code.write_text(str(re.findall(r"```r\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)[0]), encoding="utf-8")
    environment = os.environ | {"CLEARVIEW_SITE": site, "no_proxy": "127.0.0.1"}
    done = subprocess.run([rscript, code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{ask('select count(*) from agencies')} agencies" in done.stdout
    assert "TRUE" in done.stdout
    assert "How they responded (use_status: reported)" in done.stdout
