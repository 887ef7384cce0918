"""The words that printed figures are made of: how text is cut into them, and the lookup files that hold them."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

TOKENS = re.compile(r"[0-9](?:[0-9.,' ]*[0-9])?|[^\W\d_]+(?:-[^\W\d_]+)*'?|\S")
WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}|[1-9][0-9]{0,2}([.,' ])[0-9]{3}(?:\1[0-9]{3})?")
NO_BREAK_SPACE_IN_NUMBER = re.compile(r"(?<=[0-9])[\u00a0\u2007\u2009\u202f](?=[0-9]{3}(?![0-9]))")
DIGIT_AND_LETTER = re.compile(r"[0-9][^\W\d_]|[^\W\d_][0-9]")
DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
LETTERS_WITHOUT_ACCENT = str.maketrans({"ø": "o", "æ": "ae"})
LONGEST_TEXT = 200
LOOKUP_FILES = {
    "qualifiers.csv": ["language", "phrase", "kind"],
    "number_words.csv": ["language", "word", "value", "sense"],
    "counted_things.csv": ["language", "phrase"],
}
# "une douzaine" is about 12; "fire" is 4 in Danish only beside a noun.
KINDS_BY_SENSE = {"exact": "number", "doubtful_alone": "number", "about": "rough_number"}


class UnreadableQuantity(ValueError):
    """A printed figure that has no single certain reading; the message says why."""


class Word(NamedTuple):
    """A phrase of the lookups, or a number in digits, with the part it plays in a sentence."""

    kind: str
    phrase: str
    value: int | None = None
    doubtful_alone: bool = False


Tokens = tuple[str, ...]
Vocabulary = dict[Tokens, list[Word]]


def read_digits(token: str) -> int:
    """Returns the whole number; raises UnreadableQuantity for decimals, odd marks and leading zeros."""
    if not WHOLE_NUMBER.fullmatch(token):
        raise UnreadableQuantity(f"{token!r} is not one whole number below a thousand million")
    if re.match(r"[0-9]{3} ", token):
        raise UnreadableQuantity(f"{token!r} may be one number or a range that lost its dash")
    return int(re.sub("[^0-9]", "", token))


def normalise(printed: str) -> str:
    """Returns the text in one case and one kind of space and mark; raises UnreadableQuantity for odd characters."""
    if len(printed) > LONGEST_TEXT:
        raise UnreadableQuantity(f"longer than {LONGEST_TEXT} characters")
    for character in printed.strip():
        # NFKC would turn a footnote mark or a fraction into plain digits: 120¹ is not 1201.
        raised = unicodedata.decomposition(character).startswith(("<super>", "<sub>", "<fraction>", "<circle>"))
        if raised or unicodedata.category(character) in ("No", "Cf", "Cs", "Co", "Cn"):
            raise UnreadableQuantity(f"character {character!a} ({unicodedata.name(character, 'no name')})")
    text = unicodedata.normalize("NFKC", NO_BREAK_SPACE_IN_NUMBER.sub("'", printed.strip()))
    text = unicodedata.normalize("NFKC", text.casefold()).translate({0x2019: "'", 0x2010: "-"})
    if run_together := DIGIT_AND_LETTER.search(text):
        raise UnreadableQuantity(f"digits and letters are run together at {run_together.group()!r}")
    return text


def tokenize(text: str) -> Tokens:
    """Returns the numbers, words and single signs of a text; a hyphen inside a word belongs to it."""
    return tuple(TOKENS.findall(text))


def build_vocabulary(words: list[Word]) -> Vocabulary:
    """Returns the words by their tokens, and by spellings without accents that belong to one phrase alone."""
    vocabulary: Vocabulary = {}
    plainer: Vocabulary = {}
    for word in words:
        tokens, spelled_plainer = spell(word.phrase)
        vocabulary.setdefault(tokens, []).append(word)
        for spelling in spelled_plainer:
            plainer.setdefault(spelling, []).append(word)
    for tokens, meant in plainer.items():
        if len({word.phrase for word in meant}) == 1:
            vocabulary.setdefault(tokens, meant)
    return vocabulary


@cache
def spell(phrase: str) -> tuple[Tokens, list[Tokens]]:
    """Returns the tokens of a phrase, and those of its other spellings without accents."""
    text = normalise(phrase)
    # Most phrases are in the letters of English.
    plainer = set() if text.isascii() else {without_accents(text), without_accents(text.translate(DIGRAPHS))} - {text}
    return tokenize(text), [tokenize(spelling) for spelling in plainer]


def without_accents(text: str) -> str:
    """Returns the text as typed on a keyboard that has no accents."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LETTERS_WITHOUT_ACCENT))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def load_words(folder: Path, kinds: set[str]) -> Iterator[tuple[str, Word]]:
    """Yields each lookup line as language and word; ValueError names the file and row of a bad line."""
    spoken: dict[str, set[str]] = {}
    for name, columns in LOOKUP_FILES.items():
        seen = set()
        for row, line in read_rows(folder / name, columns):
            try:
                entry = line["language"], read_line(line, kinds)
            except ValueError as error:
                raise ValueError(f"{folder / name} row {row}: {error}") from None
            if entry in seen:
                raise ValueError(f"{folder / name} row {row}: {entry[1].phrase!r} is there twice")
            seen.add(entry)
            spoken.setdefault(line["language"], set()).add(name)
            yield entry
    for language, names in spoken.items():
        if language != "any" and len(names) < len(LOOKUP_FILES):
            raise ValueError(f"{folder}: language {language!r} is in {sorted(names)} alone; each file needs it")


def read_rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields row number and cells; ValueError where the header differs or a cell is empty."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != columns:
            raise ValueError(f"{path}: the columns must be {', '.join(columns)}")
        for row, line in enumerate(reader, start=2):
            if None in line or not all(line.values()):
                raise ValueError(f"{path} row {row}: it must have {len(columns)} cells, none empty")
            yield row, line


def read_line(line: dict[str, str], kinds: set[str]) -> Word:
    """Returns the word of one lookup line; ValueError says what is wrong with it."""
    if "word" not in line:
        kind = line.get("kind", "noun")
        if kind not in {*kinds, "suffix"}:
            raise ValueError(f"kind {kind!r} is in no shape of scripts/cleaning/quantities.py")
        return Word(kind, line["phrase"])
    if line["sense"] not in KINDS_BY_SENSE:
        raise ValueError(f"sense {line['sense']!r} is none of {', '.join(KINDS_BY_SENSE)}")
    if not line["value"].isdecimal():
        raise ValueError(f"value {line['value']!r} is no whole number")
    return Word(KINDS_BY_SENSE[line["sense"]], line["word"], int(line["value"]), line["sense"] == "doubtful_alone")
