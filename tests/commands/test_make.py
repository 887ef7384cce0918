"""What make says to somebody whose machine lacks something, and that its help is whole."""

import ast
import re
import shutil
import sys
from pathlib import Path

import pytest
from conftest import run_make

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare_clone(tmp_path: Path) -> Path:
    """Return a folder with no environment and just what making one starts from."""
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def write_python(folder: Path, difference: str) -> Path:
    """Return a python3 as another machine may have it: this one, but for one line run first."""
    path = folder / "python3"
    code = f"import sys; {difference}; exec(sys.argv[1])"
    path.write_text(f'#!/bin/sh\n[ "$1" = -c ] || exit 1\nexec {sys.executable} -c "{code}" "$2"\n')
    path.chmod(0o755)
    return path


def test_help_names_every_target() -> None:
    told = run_make(ROOT).stdout
    targets = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert len(targets) > 10
    assert [target for target in targets if f"make {target} " not in told] == ["new-venv"]


def run_modules(script: str) -> set[str]:
    """Return the scripts that a script runs: itself, and by imports all others."""
    found: set[str] = set()
    ahead = [script]
    while ahead:
        name = ahead.pop()
        path = ROOT / "scripts" / f"{name.replace('.', '/')}.py"
        if str(path.relative_to(ROOT)) in found or not path.exists():
            continue
        found.add(str(path.relative_to(ROOT)))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                ahead += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                ahead += [alias.name for alias in node.names]
    return found


@pytest.mark.parametrize(
    "script", ["extract", "clean", "build_db", "build", "check", "export", "write_parquet", "site_metadata"]
)
def test_a_step_is_run_again_after_a_change_of_any_of_its_modules(script: str) -> None:
    told = run_make(ROOT, f"--eval=show: ; @echo $({script.upper()})", "show").stdout.split()
    assert run_modules(script) <= set(told)
    assert all((ROOT / path).is_file() for path in told)


def test_old_python_is_refused(bare_clone: Path) -> None:
    python = write_python(bare_clone, "sys.version_info = (3, 10, 9)")
    result = run_make(bare_clone, ".venv/requirements.txt", f"PYTHON={python}")
    assert "Python 3.11 or newer is needed" in result.stderr
    assert (result.returncode, (bare_clone / ".venv").exists()) == (2, False)


def test_missing_venv_module_is_named(bare_clone: Path) -> None:
    python = write_python(bare_clone, "sys.modules['ensurepip'] = None")
    result = run_make(bare_clone, ".venv/requirements.txt", f"PYTHON={python}")
    assert "apt install python3-venv" in result.stderr
    assert (result.returncode, (bare_clone / ".venv").exists()) == (2, False)
