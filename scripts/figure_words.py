"""The words that printed figures are made of: how text is cut into them, and the lookup files that hold them."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TOKENS = re.compile(r"[0-9](?:[0-9.,' ]*[0-9])?|[^\W\d_]+(?:-[^\W\d_]+)*'?|\S")
WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}|[1-9][0-9]{0,2}([.,' ])[0-9]{3}(?:\1[0-9]{3})?")
NO_BREAK_SPACE_IN_NUMBER = re.compile(r"(?<=[0-9])[\u00a0\u2007\u2009\u202f](?=[0-9]{3}(?![0-9]))")
DIGIT_AND_LETTER = re.compile(r"[0-9][^\W\d_]|[^\W\d_][0-9]")
DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
LONGEST_TEXT = 200


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
        phrase = normalise(word.phrase)
        vocabulary.setdefault(tokenize(phrase), []).append(word)
        for spelling in {without_accents(phrase), without_accents(phrase.translate(DIGRAPHS))} - {phrase}:
            plainer.setdefault(tokenize(spelling), []).append(word)
    for tokens, meant in plainer.items():
        if len({word.phrase for word in meant}) == 1:
            vocabulary.setdefault(tokens, meant)
    return vocabulary


def without_accents(text: str) -> str:
    """Returns the text as typed on a keyboard that has no accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def load_words(folder: Path, kinds: set[str]) -> Iterator[tuple[str, Word]]:
    """Yields each lookup line as language and word; ValueError names the file and row of a bad line."""
    for name in ("qualifiers.csv", "number_words.csv", "counted_things.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as lines:
            seen = set()
            for row, line in enumerate(csv.DictReader(lines), start=2):
                try:
                    entry = line["language"], read_line(line, kinds)
                except (KeyError, ValueError) as error:
                    raise ValueError(f"{folder / name} row {row}: {error}") from None
                if entry in seen:
                    raise ValueError(f"{folder / name} row {row}: {entry[1].phrase!r} is there twice")
                seen.add(entry)
                yield entry


def read_line(line: dict[str, str], kinds: set[str]) -> Word:
    """Returns the word of one lookup line; KeyError or ValueError says what is wrong with it."""
    if "word" in line:
        kind = {"exact": "number", "doubtful_alone": "number", "about": "rough_number"}[line["sense"]]
        return Word(kind, line["word"], int(line["value"]), line["sense"] == "doubtful_alone")
    kind = line.get("kind", "noun")
    if kind not in {*kinds, "suffix"}:
        raise ValueError(f"kind {kind!r} is in no shape of scripts/quantities.py")
    return Word(kind, line["phrase"])
