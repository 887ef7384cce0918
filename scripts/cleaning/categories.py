"""Which printed text means which category: those that all folders share, and a folder's own."""

from pathlib import Path

from dataset.problems import name_file
from lookups.tables import LOOKUPS, read_table

FILE = "categories.csv"


def read_categories(folder: Path, own: str) -> dict[tuple[str, str], str]:
    """Return the id of each category by field and printed text; own is the folder's file, "" where it has none."""
    tables = [LOOKUPS / FILE, *([folder / own] if own else [])]
    return {(row["column"], row["as_printed"]): row["id"] for path in tables for row in read_table(path)}


def advise_category(folder: Path, own: str) -> str:
    """Return where a person adds a category: always to the folder's own file."""
    told = f"add it to {name_file(folder / (own or FILE))} (column, as_printed, id)"
    return told if own else f"{told} and name that file in mapping.yml: `categories: {FILE}`"
