"""The small folders of tests/folders/: one fault of a spreadsheet each, in every format that can hold it."""

import csv
import shutil
from pathlib import Path

from corpus import WRITERS, Case

FOLDERS = Path(__file__).resolve().parent / "folders"
FORMATS = ("csv", "tsv", "xlsx", "xls", "ods")


def copy_folder(name: str, kind: str, parent: Path) -> Path:
    """Return a copy of a folder whose list.csv is a file of another kind; whole numbers are numbers in a workbook."""
    folder = Path(shutil.copytree(FOLDERS / name, parent / name))
    for path in folder.glob("*list.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            rows = [[cell if kind in ("csv", "tsv") or not cell.isdecimal() else int(cell) for cell in row]
                    for row in csv.reader(file)]  # fmt: skip
        path.unlink()
        WRITERS[f".{kind}"](path.with_suffix(f".{kind}"), Case(rows))
    if (folder / "mapping.yml").exists():
        text = (folder / "mapping.yml").read_text("utf-8").replace("list.csv", f"list.{kind}")
        if kind not in ("csv", "tsv"):
            text = text.replace("  rows: report\n", "  sheet: Reports\n  rows: report\n")
            text = text.replace("  rows: account\n", "  sheet: Reports\n  rows: account\n")
        (folder / "mapping.yml").write_text(text, "utf-8")
    return folder
