"""The styles of an .ods file, as far as they change what a cell says: struck through, raised, hidden, with words."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
MARKS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
NOTE = f"{TEXT}note-citation"  # the mark of a footnote, raised whatever its style; its text is at the foot of a page
UNSEEN = {f"{TEXT}ruby-text", f"{TEXT}note-body", "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}annotation"}


class Styles:
    """The names of the styles that matter."""

    def __init__(self) -> None:
        """Begin with none."""
        self.hidden: set[str] = set()
        self.struck: set[str] = set()
        self.raised: set[str] = {NOTE}
        self.formatted: set[str] = set()  # cells whose number format adds something, or scales
        self.words: set[str] = set()  # such number formats themselves
        self.of_columns: dict[int, str] = {}

    def add_all(self, part: Element) -> None:
        """Add the styles of a part of a file; one that rests on another is what that one is."""
        for style in part.iter():
            if style.tag.startswith(NUMBER) and style.tag.endswith("-style") and is_wordy(style):
                self.words.add(style.get(f"{STYLE}name", ""))
        for style in part.iter(f"{STYLE}style"):
            self.add(style.get(f"{STYLE}name", ""), style)

    def add(self, name: str, style: Element) -> None:
        """Add one style."""
        parent = style.get(f"{STYLE}parent-style-name")
        for kept in (self.struck, self.raised, self.formatted):
            if parent in kept:
                kept.add(name)
        if any(one.get(f"{TABLE}display") == "false" for one in style.iter(f"{STYLE}table-properties")):
            self.hidden.add(name)
        for one in style.iter(f"{STYLE}text-properties"):
            line = one.get(f"{STYLE}text-line-through-style") or one.get(f"{STYLE}text-line-through-type")
            if line:
                (self.struck.discard if line == "none" else self.struck.add)(name)
            if position := one.get(f"{STYLE}text-position"):
                (self.raised.discard if position.startswith("0%") else self.raised.add)(name)
        if style.get(f"{STYLE}data-style-name") in self.words:
            self.formatted.add(name)


def is_wordy(style: Element) -> bool:
    """Return whether a number format shows more than the digits of a number, or has conditions."""
    if style.tag in (f"{NUMBER}date-style", f"{NUMBER}time-style", f"{NUMBER}boolean-style"):
        return False
    return any(
        (part.tag == f"{NUMBER}text" and (part.text or "").strip()) or part.tag == f"{STYLE}map"
        or part.tag in (f"{NUMBER}scientific-number", f"{NUMBER}fraction", f"{NUMBER}currency-symbol")
        or part.get(f"{NUMBER}display-factor") for part in style.iter()
    ) or style.tag == f"{NUMBER}percentage-style"  # fmt: skip


def read_runs(parts: list[Element], style: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of paragraphs with the style of each; blanks, tabs and line ends are elements of their own."""
    for part in parts:
        yield part.text or "", style
        for child in part:
            if child.tag == f"{TEXT}s":
                yield " " * int(child.get(f"{TEXT}c", 1)), style
            elif child.tag in MARKS:
                yield MARKS[child.tag], style
            elif child.tag not in UNSEEN:
                yield from read_runs([child], NOTE if child.tag == NOTE else child.get(f"{TEXT}style-name") or style)
            yield child.tail or "", style
