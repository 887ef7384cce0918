"""A mapping.yml that is there already: what a person has decided in it, read although it may not be finished."""

from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from dataset.deliveries import list_parts
from dataset.mapping import FILE, ListedDelivery
from dataset.problems import Problem, Problems, name_file
from dataset.settings import TextLoader
from spreadsheets.sheets import SheetReader, Watch

from drafting.columns import Columns
from drafting.recognise import Choice


class Earlier:
    """The decided parts of a mapping.yml."""

    def __init__(self, words: dict[str, Any]) -> None:
        """Take the file as YAML reads it."""
        self.workbook = str(words.get("workbook", ""))
        listed = words.get("deliveries") or []
        self.delivery: dict[str, Any] = listed[0] if listed else {"file": self.workbook}
        self.listed = ListedDelivery.model_validate(self.delivery)
        self.gives = str(self.delivery.get("name_gives", ""))
        self.by = next((by for by in ("files", "sheets") if by in self.delivery), "")
        self.reports: dict[str, Any] = words["reports"]
        rows = self.reports.get("header_row", "1")
        self.header_rows = [int(row) for row in (rows if isinstance(rows, list) else [rows])]

    def parts(self) -> list[tuple[str, str, str]]:
        """Return the file, the sheet and the text of each part of the first delivery."""
        sheet = self.reports.get("sheet", "")
        return [(file, own or sheet, text) for file, own, text in list_parts(self.listed)]

    def chooses(self, columns: Columns) -> list[bool]:
        """Return whether each row is one that only and skip choose."""
        kept = [True] * len(columns.rows)
        for key, wanted in (("only", True), ("skip", False)):
            for heading, said in (self.reports.get(key) or {}).items():
                texts = {said} if isinstance(said, str) else {*said}
                cells = columns.cells(heading)
                kept = [one and (cell in texts) is wanted for one, cell in zip(kept, cells, strict=True)]
        return kept

    def said(self) -> dict[str, str]:
        """Return the sheet and the row of the headings as a person would say them."""
        return {"sheet": self.reports.get("sheet", ""), "header_row": str(self.header_rows[-1])}

    def choice(self) -> Choice:
        """Return the columns and constants without those that still have a ?."""
        columns, constants = (decided(self.reports.get(part) or {}) for part in ("columns", "constants"))
        # Links may stand in several columns; the registers need none of them.
        texts = {name: heading for name, heading in columns.items() if isinstance(heading, str)}
        periods, rows = dict(self.reports.get("periods") or {}), self.reports.get("rows", "report")
        facets = [str(facet["column"]) for facet in (self.reports.get("facets") or {}).values()]
        return Choice(texts, constants, periods=periods, rows=rows, facets=facets)

    def totals(self) -> dict[int, str]:
        """Return the rows that are none of the table."""
        return {int(row): "named in mapping.yml" for row in self.reports.get("skip_rows") or ()}

    def headings(self, sheet: SheetReader) -> list[str]:
        """Return the headings as the build reads them; of several rows, a text above stands for those to its right."""
        rows = dict(islice(((number, cells) for number, cells in sheet.rows(Watch())), self.header_rows[-1]))
        width = max((place + 1 for row in self.header_rows for place in rows.get(row, {})), default=0)
        levels = []
        for row in self.header_rows:
            texts = [" ".join(rows.get(row, {}).get(place, "").split()) for place in range(width)]
            if row != self.header_rows[-1]:
                texts = [next((text for text in texts[place::-1] if text), "") for place in range(width)]
            levels.append(texts)
        return [" / ".join(dict.fromkeys(filter(None, texts))) for texts in zip(*levels, strict=True)]


def decided(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts that are no ? of a draft."""
    return {name: text for name, text in texts.items() if text and not str(text).startswith("?")}


def read_earlier(folder: Path) -> Earlier | None:
    """Return what a folder's mapping.yml says, None where there is none; raise Problems where it cannot be read."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        words = yaml.load(path.read_text("utf-8-sig"), TextLoader)
        return Earlier(words)
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError):
        advice = "cannot be read; mend it, or move it away to draft it anew"
        raise Problems([Problem(name_file(path), advice=advice)]) from None
