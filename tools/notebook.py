"""The Python part of docs/notebook.md as a notebook: its words and its code, cell by cell, without results.

usage: notebook.py GUIDE.md NOTEBOOK.ipynb
"""

import json
import re
import sys
from pathlib import Path
from typing import Any


def read_cells(guide: str) -> list[dict[str, Any]]:
    """Return the cells: the guide's first words, then words and code of the part on Python."""
    head, _, rest = guide.partition("## Python\n")
    cells = [("markdown", head)]
    for words, code in re.findall(r"(.*?)```python\n(.*?)```\n", rest.partition("\n## ")[0], re.DOTALL):
        cells += [("markdown", words), ("code", code)]
    return [
        {
            "cell_type": kind,
            "id": f"cell-{place}",
            "metadata": {},
            "source": text.strip().splitlines(keepends=True),
            **({"outputs": [], "execution_count": None} if kind == "code" else {}),
        }
        for place, (kind, text) in enumerate(cells)
    ]


def make_notebook(guide: str) -> str:
    """Return the notebook as a file."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": read_cells(guide), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the notebook."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Path(sys.argv[2]).write_text(make_notebook(Path(sys.argv[1]).read_text("utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
