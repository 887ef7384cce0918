"""SQLite's bundle is built again to the committed bytes, from pinned versions."""

import json
import shutil
import subprocess
from pathlib import Path

from conftest import ROOT, need


def test_the_bundle_is_built_to_the_committed_bytes(tmp_path: Path) -> None:
    npm = need("npm")
    tools = shutil.copytree(
        ROOT / "tools" / "archive", tmp_path / "tools", ignore=shutil.ignore_patterns("node_modules")
    )
    built = tmp_path / "built"
    built.mkdir()
    subprocess.run([npm, "ci", "--silent", "--ignore-scripts"], cwd=tools, check=True)
    subprocess.run([need("node"), "build_libraries.mjs", built], cwd=tools, check=True)
    for name in ("sqlite_libraries.js", "sqlite3.wasm"):
        assert (built / name).read_bytes() == (ROOT / "archiving" / "browser" / name).read_bytes(), name


def test_versions_are_pinned_and_the_lock_names_no_registry() -> None:
    package = json.loads((ROOT / "tools" / "archive" / "package.json").read_text("utf-8"))
    assert all(version[0].isdigit() for version in package["dependencies"].values())
    lock = (ROOT / "tools" / "archive" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
