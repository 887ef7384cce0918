"""Drafts of a folder made in this process, as `make new-dataset` makes them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from corpus import WRITERS, Case
from folders import copy_folder
from new_dataset import OPTIONS, QUESTIONS, draft

Rows = Sequence[Sequence[object]]


def make(folder: Path, rows: Rows, kind: str = "csv") -> Path:
    """Return a new folder with a spreadsheet of these rows."""
    folder.mkdir(parents=True)
    WRITERS[f".{kind}"](folder / f"list.{kind}", Case([list(row) for row in rows]))
    return folder


def run(folder: Path, *, ask: bool = False, **said: str) -> str:
    """Draft a folder; return what was said."""
    options = dict.fromkeys([*OPTIONS, *QUESTIONS], "") | said
    return "\n".join(draft(folder, "", options, ask))


def run_copy(name: str, kind: str, parent: Path, **said: str) -> tuple[Path, str]:
    """Draft a copy of a small folder; return it and what was said."""
    folder = copy_folder(name, kind, parent)
    return folder, run(folder, **said)


def mapping(folder: Path) -> dict[str, Any]:
    """Return the reports of the drafted mapping.yml."""
    words = yaml.safe_load((folder / "mapping.yml").read_text("utf-8"))
    return dict(words["reports"])


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a drafted table."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
