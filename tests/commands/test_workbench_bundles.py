"""The bundles of the SQL page are built again to the committed bytes, from pinned versions, and stay small."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

from conftest import ROOT, need

BUNDLES = ("editor_libraries.js", "format_libraries.js")
MOST_BYTES = 250_000  # compressed, of all that a reader of the SQL page may load


def test_bundles_are_built_to_the_committed_bytes(tmp_path: Path) -> None:
    npm = need("npm")
    tools = shutil.copytree(
        ROOT / "tools" / "workbench", tmp_path / "tools", ignore=shutil.ignore_patterns("node_modules")
    )
    built = tmp_path / "built"
    built.mkdir()
    subprocess.run([npm, "ci", "--silent", "--ignore-scripts"], cwd=tools, check=True)
    subprocess.run([need("node"), "build_libraries.mjs", built], cwd=tools, check=True)
    for name in (*BUNDLES, "LICENSES.txt"):
        assert (built / name).read_bytes() == (ROOT / "static" / "workbench" / name).read_bytes(), name


def test_all_scripts_of_the_page_together_are_small() -> None:
    scripts = (ROOT / "static" / "workbench").glob("*.js")
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < MOST_BYTES


def test_versions_are_pinned_and_the_lock_names_no_registry() -> None:
    package = json.loads((ROOT / "tools" / "workbench" / "package.json").read_text("utf-8"))
    assert all(version[0].isdigit() for version in package["dependencies"].values())
    lock = (ROOT / "tools" / "workbench" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
