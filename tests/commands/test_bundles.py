"""The bundles of the SQL page and of the archive are built again to the committed bytes, and the page's stay small."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, need

# Each folder of tools/ with what it builds, and where that is committed.
BUNDLES = {
    "workbench": (ROOT / "static" / "workbench", ("editor_libraries.js", "format_libraries.js", "LICENSES.txt")),
    "archive": (ROOT / "archiving" / "browser", ("sqlite_libraries.js", "sqlite3.wasm")),
}
MOST_BYTES = 250_000  # compressed, of all that a reader of the SQL page may load


@pytest.mark.slow
@pytest.mark.parametrize("name", BUNDLES)
def test_bundles_are_built_to_the_committed_bytes(name: str, tmp_path: Path) -> None:
    npm = need("npm")
    tools = shutil.copytree(ROOT / "tools" / name, tmp_path / "tools", ignore=shutil.ignore_patterns("node_modules"))
    built = tmp_path / "built"
    built.mkdir()
    subprocess.run([npm, "ci", "--silent", "--ignore-scripts"], cwd=tools, check=True)
    subprocess.run([need("node"), "build_libraries.mjs", built], cwd=tools, check=True)
    committed, files = BUNDLES[name]
    for file in files:
        assert (built / file).read_bytes() == (committed / file).read_bytes(), file


def test_all_scripts_of_the_page_together_are_small() -> None:
    scripts = (ROOT / "static" / "workbench").glob("*.js")
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < MOST_BYTES


@pytest.mark.parametrize("name", BUNDLES)
def test_versions_are_pinned_and_the_lock_names_no_registry(name: str) -> None:
    package = json.loads((ROOT / "tools" / name / "package.json").read_text("utf-8"))
    assert all(version[0].isdigit() for version in package["dependencies"].values())
    lock = (ROOT / "tools" / name / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
