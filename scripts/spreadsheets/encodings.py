"""In which encoding a text is written: by its mark, UTF-8 where it is that, else the likeliest."""

import re
from collections.abc import Iterable

from chardet import EncodingEra, detect

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\x00\x00": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WESTERN, MACINTOSH = "Windows-1252", "MacRoman"
# A sign or a capital within a word (K”ln, D¹bie, camŽras): the text was not written in the encoding that gives it.
SIGNS = r"(?:[^\w\s\x00-\x7f\u2019\u2018\u00b7\u00b4\u2010-\u2015]|[¹²³¼½¾ªº])"
CAPITAL = rf"(?:[a-z][{''.join(filter(str.isupper, map(chr, range(0xC0, 0x180))))}]|[A-Z][ŠŽŸ][a-z])"
# Letters of two scripts in one word, or an accent that stands alone there.
MIXED = r"(?:[a-z][\u02c6-\u02df\u0370-\u1dff]|[\u0370-\u1dff][a-z]|[a-z][\u3040-\u9fff\uac00-\ud7af]+[a-z])"
BROKEN = re.compile(
    rf"[^\W\d_]{SIGNS}+[^\W\d_]|{SIGNS}[a-z]|[a-z](?:[¹³ªº¾](?![\s.]|$))|{CAPITAL}|{MIXED}|[\x80-\x9f\ufffd]"
)
# Letters that western languages seldom have, and that letters of other encodings turn into.
RARE = re.compile(r"[ðþýìòõœŒÐÞÝÌÒÕŸ]")


def find_mark(start: bytes) -> str:
    """Return the encoding that the first bytes of a text tell, "" where they tell none."""
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return encoding
    # Every other byte of a plain text of two bytes a character is null.
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) > 3 and start[place::2].count(0) > 0.9 * len(start[place::2]):
            return encoding
    return ""


def guess_encoding(lines: Iterable[bytes]) -> tuple[str, str]:
    """Return the likeliest encoding of lines that are no UTF-8 ("" where none fits), and words that show it.

    Of the encodings of today first, and of these the western one where it gives western words: a few accents alone
    look like many languages to any statistics; so does a little text of an old Macintosh.
    """
    content = b"".join(lines)
    western = decode(content, WESTERN)
    for era in (EncodingEra.MODERN_WEB, EncodingEra.ALL):
        guess = detect(content, encoding_era=era, prefer_superset=True)["encoding"] or ""
        other = decode(content, guess)
        if looks_western(western) or (western and western == other and not BROKEN.search(western)):
            return WESTERN, show_words(western, other if guess != WESTERN else "", guess)
        if other and not BROKEN.search(other):
            return guess, show_words(other, "", "")
    old = decode(content, MACINTOSH)
    return (MACINTOSH, show_words(old, "", "")) if looks_western(old) else ("", "")


def show_words(text: str, other: str, encoding: str) -> str:
    """Return a word with an accent, and how another encoding has it, for a person to see which is right."""
    for word, theirs in zip(text.split(), other.split() or text.split(), strict=False):
        if not word.isascii() and (word != theirs or not other or other == text):
            return word if word == theirs else f"{word}; {encoding} would give {theirs}"
    return ""


def decode(content: bytes, encoding: str) -> str:
    """Return a text in an encoding, "" where it can't be in that."""
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return ""


def looks_western(text: str) -> bool:
    """Return whether a text has the letters of a western language: no sign in a word, most letters without accents."""
    words = [word for word in re.findall(r"\w+", text) if not word.isascii()]
    accents = sum(not letter.isascii() for word in words for letter in word)
    return bool(words) and not BROKEN.search(text) and not RARE.search(text) and accents * 2 <= sum(map(len, words))
