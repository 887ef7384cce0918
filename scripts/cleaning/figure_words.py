"""The words that printed figures are made of: how text is cut into them, and the lookup files that hold them."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dataset.problems import Problem, Problems

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


def load_words(folder: Path, kinds: set[str]) -> list[tuple[str, Word]]:
    """Returns each lookup line as language and word; raises Problems with each line that cannot be used."""
    choices = {"kind": sorted({*kinds, "suffix"}), "sense": [*KINDS_BY_SENSE]}
    words: list[tuple[str, Word]] = []
    problems: list[Problem] = []
    first_rows: dict[str, dict[str, int]] = {}
    for name, columns in LOOKUP_FILES.items():
        file = f"scripts/lookups/{name}"
        seen = set()
        for row, line in read_rows(folder / name, columns):
            if fault := find_fault(line, columns, choices):
                problems.append(Problem(file, "", row, *fault))
                continue
            word = line["language"], read_line(line)
            if word in seen:
                problems.append(
                    Problem(file, "", row, columns[1], word[1].phrase, "stands there twice; delete one line")
                )
            seen.add(word)
            first_rows.setdefault(line["language"], {}).setdefault(name, row)
            words.append(word)
    for language, rows in first_rows.items():
        if lacking := [name for name in LOOKUP_FILES if name not in rows and language != "any"]:
            name, row = next(iter(rows.items()))
            advice = f"figures are read in one language at a time; add lines of this one to {' and '.join(lacking)} too"
            problems.append(Problem(f"scripts/lookups/{name}", "", row, "language", language, advice))
    if problems:
        raise Problems(problems)
    return words


def read_rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields row number and cells; raises Problems where the header differs."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != columns:
            advice = f"the columns must be {', '.join(columns)}"
            raise Problems([Problem(f"scripts/lookups/{path.name}", "", 1, advice=advice)])
        yield from enumerate(reader, start=2)


def find_fault(line: dict[str, str], columns: list[str], choices: dict[str, list[str]]) -> tuple[str, str, str] | None:
    """Returns column, value and what to do where a lookup line cannot be used, None where it can."""
    if None in line or not all(line.values()):
        return "", "", f"it must have {len(columns)} cells, none empty"
    for column, choice in choices.items():
        if column in line and line[column] not in choice:
            return column, line[column], f"write one of {', '.join(choice)}"
    if "value" in line and not line["value"].isdecimal():
        return "value", line["value"], "write a whole number in digits"
    return None


def read_line(line: dict[str, str]) -> Word:
    """Returns the word of one lookup line."""
    if "word" not in line:
        return Word(line.get("kind", "noun"), line["phrase"])
    return Word(KINDS_BY_SENSE[line["sense"]], line["word"], int(line["value"]), line["sense"] == "doubtful_alone")
