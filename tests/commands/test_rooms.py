"""The house: a room has its floor, and imports run downward. docs/architecture.md draws it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# From the lowest floor up. A room may import itself and what is lower; rooms of one floor do not know each other.
FLOORS = [
    {"lookups"},
    {"personal_data"},
    {"dataset"},
    {"spreadsheets", "exports"},
    {"cleaning"},
    {"publishing", "database", "drafting"},
    {"scripts", "service", "large"},
    {"plugins", "deploy", "archiving"},
    {"benches", "tools", "examples"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
COMMANDS = 14  # at the top of scripts/


def room_of(path: Path) -> str:
    """Return the room of a file: the folder under scripts/, or the folder at the top."""
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "scripts" and len(parts) > 2 else parts[0]


@cache
def files() -> list[Path]:
    """Return the project's Python files, tests apart."""
    folders = ("scripts", "service", "plugins", "deploy", "archiving", "benches", "tools", "examples")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "node_modules" not in path.parts]


def imported_rooms(path: Path) -> Iterator[str]:
    """Yield the rooms that a file imports from, those imported inside functions too."""
    here = {found.stem: room_of(found) for found in files() if found.parent in (path.parent, ROOT / "scripts")}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            first = name.partition(".")[0]
            yield from [first] if first in LEVEL else [here[first]] if first in here else []


@pytest.mark.parametrize("path", [str(path.relative_to(ROOT)) for path in files()])
def test_imports_run_downward(path: str) -> None:
    room = room_of(ROOT / path)
    above = [found for found in imported_rooms(ROOT / path) if found != room and LEVEL[found] >= LEVEL[room]]
    assert not above, f"{path} in {room} imports {above}"


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in files()} == set(LEVEL)


def test_the_top_of_scripts_holds_commands_of_the_makefile_alone() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = sorted(path.name for path in (ROOT / "scripts").glob("*.py"))
    assert len(commands) <= COMMANDS
    assert [name for name in commands if f"scripts/{name}" not in makefile and name[:-3] not in makefile] == []
