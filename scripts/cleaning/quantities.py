"""Reads a count of searches, as printed in a newspaper, into numbers never more precise than the print.

A text is cut into words, each word or phrase is given its kind from the lookup files, one language at a
time, and the row of kinds must be one of the SHAPES below. If no language can read the text, or two
languages read it differently, it is refused: a person decides, the program never guesses.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cleaning.figure_words import (
    LONGEST_TEXT,
    Tokens,
    UnreadableQuantity,
    Vocabulary,
    Word,
    build_vocabulary,
    load_words,
    normalise,
    read_digits,
    tokenize,
)

__all__ = ["Quantity", "QuantityReader", "UnreadableQuantity", "describe_interval"]

# One line a sentence: its meaning, then the kinds in their order. [x] may be absent, x|y is either.
SHAPES = """
exactly    [exactly] NUMBER [noun]
exactly    opening NUMBER noun
more_than  more_than NUMBER [noun]
at_least   at_least NUMBER [noun]
at_least   NUMBER or_more [noun]
at_least   NUMBER noun or_more
less_than  less_than NUMBER [noun]
at_most    at_most NUMBER [noun]
about      about NUMBER [noun]
about      [about] rough_number [of] [noun]
nearly     nearly NUMBER [noun]
range      [from] NUMBER to NUMBER [noun]
range      between NUMBER and|to NUMBER [noun]
range      NUMBER and NUMBER [noun] between_after
vague      vague [of] [noun]
two_things FIGURE separator|and FIGURE
two_things FIGURE separator and FIGURE
"""
MACROS = {
    "NUMBER": "[article] number",
    "FIGURE": "[more_than|at_least|less_than|at_most|about|nearly] number noun",
}
AROUND = "[each] [total] {} [total] [each]"

PHRASES_BY_MEANING = {
    "more_than": "more than",
    "at_least": "at least",
    "less_than": "fewer than",
    "at_most": "at most",
    "about": "about",
    "nearly": "nearly",
}
YEAR = re.compile(r"(?:19|20)[0-9]{2}")

Kinds = tuple[str, ...]
Sentence = tuple[Word, ...]


@dataclass(frozen=True)
class Quantity:
    """What a printed figure says: bounds, or a rough number alone, and its wording in English."""

    minimum: int | None
    maximum: int | None
    about: int | None
    text: str


def expand_shapes(shapes: str) -> dict[Kinds, str]:
    """Returns the meaning of every row of kinds that the shapes allow."""
    meanings: dict[Kinds, str] = {}
    for line in shapes.strip().splitlines():
        meaning, shape = line.split(maxsplit=1)
        for macro, kinds in MACROS.items():
            shape = shape.replace(macro, kinds)
        choices = [
            ["", *part[1:-1].split("|")] if part.startswith("[") else part.split("|")
            for part in AROUND.format(shape).split()
        ]
        for choice in itertools.product(*choices):
            meanings[tuple(kind for kind in choice if kind)] = meaning
    return meanings


MEANINGS = expand_shapes(SHAPES)
BEGINNINGS = {kinds[:length] for kinds in MEANINGS for length in range(len(kinds) + 1)}


class QuantityReader:
    """Reads printed figures with the words of the lookup files."""

    def __init__(self, vocabularies: dict[str, Vocabulary], suffixes: list[str]) -> None:
        """Takes one vocabulary a language; suffixes are endings that may be glued to digits (78mal)."""
        self.vocabularies = vocabularies
        self.suffix = re.compile(rf"(?<=[0-9])-?(?=(?:{'|'.join(suffixes) or '(?!)'})\b)", re.IGNORECASE)
        self.known = {token for words in vocabularies.values() for phrase in words for token in phrase}
        self.longest = max(len(phrase) for words in vocabularies.values() for phrase in words)

    @classmethod
    @cache
    def from_folder(cls, folder: Path) -> "QuantityReader":
        """Returns a reader; raises Problems with the lookup lines that it cannot use."""
        entries = load_words(folder, {kind for kinds in MEANINGS for kind in kinds})
        suffixes = [(language, word.phrase) for language, word in entries if word.kind == "suffix"]
        for (language, suffix), (other, word) in itertools.product(suffixes, list(entries)):
            if language == other and word.kind == "number":
                entries.append((language, Word("number", word.phrase + suffix, word.value)))
        languages = dict.fromkeys(language for language, _ in entries if language != "any")
        vocabularies = {
            language: build_vocabulary([word for other, word in entries if other in (language, "any")])
            for language in languages
        }
        return cls(vocabularies, [suffix for _, suffix in suffixes])

    def read(self, printed: str) -> Quantity:
        """Returns what the text says; raises UnreadableQuantity where it has no single certain reading."""
        try:
            return self._read(printed)
        except UnreadableQuantity as error:
            raise UnreadableQuantity(f"{printed[:LONGEST_TEXT]!r}: {error}") from None

    def _read(self, printed: str) -> Quantity:
        tokens = tokenize(normalise(self.suffix.sub(" ", printed)))
        if not tokens:
            raise UnreadableQuantity("there is nothing to read")
        for token in tokens:
            self._check_token(token)
        if {".", ","} <= {mark for token in tokens if token[0].isdigit() for mark in token}:
            raise UnreadableQuantity("its numbers mark thousands in two ways")
        readings: dict[Quantity, str] = {}
        complaints: list[str] = []
        for language, vocabulary in self.vocabularies.items():
            for sentence in self._sentences(vocabulary, tokens):
                try:
                    readings.setdefault(understand(sentence, printed), language)
                except UnreadableQuantity as complaint:
                    complaints.append(str(complaint))
        if len(readings) == 1:
            return next(iter(readings))
        if readings:
            choice = " or ".join(f"{quantity.text} ({language})" for quantity, language in readings.items())
            raise UnreadableQuantity(f"it may mean {choice}; print it with its noun or in digits")
        complaints.append("its words are known, but in this order they make no figure in any one language")
        raise UnreadableQuantity(complaints[0])

    def _check_token(self, token: str) -> None:
        if token[0] in "0123456789":
            read_digits(token)
        elif token not in self.known:
            raise UnreadableQuantity(
                f"word {token!r} is not in scripts/lookups/qualifiers.csv, number_words.csv or counted_things.csv "
                "(empty_marks.csv holds what stands for an empty cell)"
            )

    def _sentences(self, vocabulary: Vocabulary, tokens: Tokens, said: Sentence = ()) -> Iterator[Sentence]:
        """Yields each way to cut the tokens into phrases whose kinds make one of the SHAPES."""
        kinds = tuple(word.kind for word in said)
        if kinds not in BEGINNINGS:
            return
        if not tokens and kinds in MEANINGS:
            yield said
        for length in range(1, min(len(tokens), self.longest) + 1):
            for word in words_for(vocabulary, tokens[:length]):
                yield from self._sentences(vocabulary, tokens[length:], (*said, word))


def describe_interval(minimum: int | None, maximum: int | None, about: int | None) -> str:
    """Returns a resolved interval as a reader sees it: "11–50", "120", "at least 10", "not stated"."""
    if minimum is not None and minimum == maximum:
        return f"{minimum:,}"
    if minimum is not None and maximum is not None:
        return f"{minimum:,}–{maximum:,}"
    if minimum is not None:
        return f"at least {minimum:,}"
    if maximum is not None:
        return f"at most {maximum:,}"
    return "not stated" if about is None else f"about {about:,}"


def understand(sentence: Sentence, printed: str) -> Quantity:
    """Returns what a sentence of known shape says; raises UnreadableQuantity where that is no possible count."""
    meaning = MEANINGS[tuple(word.kind for word in sentence)]
    numbers = [word.value for word in sentence if word.value is not None]
    check_alone(meaning, sentence)
    if meaning == "two_things" and len({word.phrase for word in sentence if word.kind == "noun"}) == 1:
        raise UnreadableQuantity("two figures for one thing")
    if meaning in ("vague", "two_things"):
        return Quantity(None, None, None, " ".join(printed.split()))
    if meaning == "range":
        return understand_range(*[word for word in sentence if word.value is not None])
    return understand_one(meaning, numbers[0])


def check_alone(meaning: str, sentence: Sentence) -> None:
    """Raises UnreadableQuantity for years without a noun, and for one short word that means other things too."""
    numbers = [word for word in sentence if word.kind == "number"]
    if any(word.kind == "noun" for word in sentence) or not all(word.doubtful_alone for word in numbers):
        return
    if len(sentence) == len(numbers) == 1 or (meaning == "range" and all(YEAR.fullmatch(w.phrase) for w in numbers)):
        raise UnreadableQuantity(f"{numbers[0].phrase!r} without a noun may be a year or another word; add the noun")


def understand_range(low_word: Word, high_word: Word) -> Quantity:
    """Returns both bounds; raises UnreadableQuantity for a range that goes down or may mean hundreds twice."""
    low, high = low_word.value or 0, high_word.value or 0
    if low >= high:
        raise UnreadableQuantity(f"a range must go up, this one goes from {low} to {high}")
    # "Two to three hundred" is most likely 200 to 300, but the words do not say so.
    if low < 10 and high >= 200 and not high_word.phrase[0].isdigit():
        raise UnreadableQuantity(f"{low_word.phrase!r} may stand for {low} or for a multiple; print it in digits")
    return Quantity(low, high, None, describe_interval(low, high, None))


def understand_one(meaning: str, number: int) -> Quantity:
    """Returns what one number says after its qualifier; raises UnreadableQuantity for "fewer than 0"."""
    if meaning == "less_than" and number == 0:
        raise UnreadableQuantity("there is no count below 0")
    text = f"{PHRASES_BY_MEANING.get(meaning, '')} {number:,}".strip()
    minimum = {"exactly": number, "at_least": number, "more_than": number + 1}.get(meaning)
    maximum = {"exactly": number, "at_most": number, "less_than": number - 1}.get(meaning)
    about = number if meaning in ("about", "nearly") else None
    return Quantity(minimum, maximum, about, text)


def words_for(vocabulary: Vocabulary, tokens: Tokens) -> list[Word]:
    """Returns the parts these tokens can play; digits are always a number."""
    if len(tokens) == 1 and tokens[0][0] in "0123456789":
        return [Word("number", tokens[0], read_digits(tokens[0]), bool(YEAR.fullmatch(tokens[0])))]
    return vocabulary.get(tokens, [])
