"""The words of a text, and what lookups/name_words.csv says of them."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale
from lookups.tables import LOOKUPS, read_table

# Letters (those of India with their vowel signs), joined by ' and -; "dott.ssa" is one word.
LETTERS = r"(?:[^\W\d_]|[\u0900-\u0d7f])+"
WORD = re.compile(rf"{LETTERS}(?:['’ʼ-]{LETTERS}|\.(?:ssa|ra)\b)*\.?")
LANGUAGES = ("en", "fr", "de", "nl", "it", "da", "nb", "sv", "fi", "es", "pt")
REMEMBERED = 1 << 16  # words whose key and kind are kept: a million notes are made of far fewer


class Word(NamedTuple):
    """A word of a text and where it stands; touches: nothing but blanks before it since the last word."""

    text: str
    start: int
    end: int
    touches: bool
    after_comma: bool

    @property
    def key(self) -> str:
        """Return the word as the lists hold it."""
        return key_of(self.text)

    @property
    def capital(self) -> bool:
        """Return whether the word begins like a name; scripts without capital letters count as if it did."""
        return not self.text[0].islower()

    @property
    def initial(self) -> bool:
        """Return whether the word is an initial: "J.", or "J" alone."""
        return len(self.text.rstrip(".")) == 1 and self.text[0].isupper()


@lru_cache(REMEMBERED)
def key_of(word: str) -> str:
    """Return a word as the lists hold it."""
    return re.sub(r"^[ld]'", "", word.rstrip(".").replace("’", "'").casefold())


@cache
def words_of(kind: str) -> frozenset[str]:
    """Return the words of a kind from lookups/name_words.csv, in lower case without a full stop at the end."""
    rows = read_table(LOOKUPS / "name_words.csv")
    return frozenset(row["word"].rstrip(".").casefold() for row in rows if row["kind"] == kind)


@cache
def words_of_agencies() -> frozenset[str]:
    """Return the words that are no part of a person's name: of agencies, of countries, of languages, of dates."""
    words = {*words_of("no name"), *words_of("agency")}
    for language in LANGUAGES:
        locale = Locale(language)
        names = [*locale.territories.values(), *locale.languages.values()]
        names += [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
        words.update(name.casefold() for name in names if " " not in name)
    return frozenset(words)


def split_words(text: str) -> list[Word]:
    """Return the words of a text with their places."""
    words: list[Word] = []
    end = 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        words.append(Word(match.group(), match.start(), match.end(), not between.strip(), between.strip() == ","))
        end = match.end()
    return words


@lru_cache(REMEMBERED)
def is_word_of_agencies(key: str) -> bool:
    """Return whether a word, or a part of it between hyphens, is no part of a person's name."""
    return not words_of_agencies().isdisjoint((key, *key.split("-")))
