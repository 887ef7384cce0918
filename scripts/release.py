"""Gives the data a version: in CITATION.cff, in the log of changes and as a heading of CHANGELOG.md.

usage: release.py VERSION     (three numbers, such as 1.0.0; make release VERSION=1.0.0)

Refuses where anything is not committed, clearview.db is not what raw/ and scripts/ build, or the log of changes lacks
it.
"""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import record_changes
from check_committed import file_sha256
from dataset.problems import Problem, exit_with

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG, CITATION = ROOT / "CHANGELOG.md", ROOT / "CITATION.cff"
UNRELEASED = "## Unreleased\n"
VERSION = re.compile(r"\d+\.\d+\.\d+")


def find_obstacles(version: str, log: list[record_changes.Release]) -> list[Problem]:
    """Return everything that stands in the way of a release."""
    found = []
    if not VERSION.fullmatch(version):
        found.append(Problem("release", value=version, advice="is no version; write three numbers, such as 1.0.0"))
    elif numbers(version) <= max((numbers(one["version"]) for one in log if "version" in one), default=(0,)):
        found.append(Problem("release", value=version, advice="is not after the last version in static/changes.json"))
    if changed := record_changes.git("status", "--porcelain").decode().splitlines():
        advice = f"not committed ({len(changed)} in all); commit it first"
        found.append(Problem(changed[0][3:], advice=advice))
    command = [sys.executable, str(ROOT / "scripts" / "check_committed.py")]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode:
        found.append(Problem("clearview.db", advice=(built.stdout or built.stderr).strip()))
    if not log or log[-1]["content"] != record_changes.read_state(record_changes.DATABASE, "").content:
        found.append(
            Problem("static/changes.json", advice="lacks clearview.db as it is; run `make changes`, commit it")
        )
    elif "version" in log[-1]:
        found.append(Problem("static/changes.json", advice=f"nothing changed since version {log[-1]['version']}"))
    if not CHANGELOG.read_text("utf-8").partition(UNRELEASED)[2].partition("\n## ")[0].strip():
        found.append(Problem("CHANGELOG.md", advice="says nothing under Unreleased; write what changed"))
    return found


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers, in which it is compared."""
    return tuple(map(int, version.split(".")))


def write_version(version: str, date: str, log: list[record_changes.Release]) -> None:
    """Write the version and its day (YYYY-MM-DD) wherever they stand."""
    log[-1]["version"] = version
    record_changes.write_log(log)
    citation = CITATION.read_text("utf-8")
    citation = re.sub(r"^version: .*$", f"version: {version}", citation, flags=re.MULTILINE)
    citation = re.sub(r"^date-released: .*$", f"date-released: {date}", citation, flags=re.MULTILINE)
    CITATION.write_text(citation, "utf-8")
    heading = (
        f"{UNRELEASED}\n## {version}, {date}\n\nsha256 of `clearview.db`: `{file_sha256(record_changes.DATABASE)}`\n"
    )
    CHANGELOG.write_text(CHANGELOG.read_text("utf-8").replace(UNRELEASED, heading, 1), "utf-8")


def main() -> None:
    """Release the data, or print everything that stands in the way and exit 1."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    version, log = sys.argv[1], record_changes.read_log()
    if obstacles := find_obstacles(version, log):
        exit_with(obstacles)
    write_version(version, datetime.now(UTC).date().isoformat(), log)
    print(
        f"Version {version} is written to CITATION.cff, CHANGELOG.md and static/changes.json. Look at git diff, then:"
    )
    print(f'git commit -am "Release {version}" && git tag v{version}')


if __name__ == "__main__":
    main()
