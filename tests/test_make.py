"""What make says to somebody whose machine lacks something, and that its help is whole."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import run_make

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def bare_clone(tmp_path: Path) -> Path:
    """Return a folder with no environment and just what making one starts from."""
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def write_python(folder: Path, script: str) -> Path:
    """Return a program that answers as another machine's python3 would."""
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_help_names_every_target() -> None:
    told = run_make(ROOT).stdout
    targets = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert len(targets) > 10
    assert [target for target in targets if f"make {target} " not in told] == ["new-venv"]


def test_old_python_is_named(bare_clone: Path) -> None:
    old = 'case "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac'
    result = run_make(bare_clone, ".venv/requirements.txt", f"PYTHON={write_python(bare_clone, old)}")
    assert "Python 3.11 or newer is needed" in result.stdout
    assert "Python 3.9.2" in result.stdout
    assert (result.returncode, (bare_clone / ".venv").exists()) == (2, False)


def test_missing_venv_module_is_named(bare_clone: Path) -> None:
    without_venv = 'case "$2" in *ensurepip*) exit 1;; esac'
    result = run_make(bare_clone, ".venv/requirements.txt", f"PYTHON={write_python(bare_clone, without_venv)}")
    assert "apt install python3-venv" in result.stdout
    assert (result.returncode, (bare_clone / ".venv").exists()) == (2, False)
