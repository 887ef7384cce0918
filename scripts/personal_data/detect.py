"""E-mail addresses, telephone numbers and names of persons in a text: found, and taken out.

A wide net: an address that is none costs a person one line of not_persons.csv, one that is missed is published.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from phonenumbers import Leniency, PhoneNumberMatcher

from personal_data.person_names import find_names

# Also "jane (at) police.example" and "jane at police dot example"; no library looks for addresses in a text.
AT = r"(?:\s?@\s?|\s?[(\[{]\s?at\s?[)\]}]\s?|\sat\s(?=[\w-]+\sdot\s))"
DOT = r"(?:\.|\s?[(\[{]\s?dot\s?[)\]}]\s?|\sdot\s)"
E_MAIL = re.compile(rf"[\w.+%'-]*[\w+]{AT}[\w-]+(?:{DOT}[\w-]+)+|[\w.+%-]+@[\w-]+", re.IGNORECASE)
WRITTEN_OUT = re.compile(r"[(\[{]\s?at\s?[)\]}]|\sdot\s", re.IGNORECASE)
# Numbers as they are grouped in North America, and what the words before a number say of it.
GROUPED = re.compile(r"(?<![\w.-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])")
CALLED = re.compile(
    r"(?:\b(?:tele?f?|tlf|tfn|tél|puh|phone|telephone|mob|mobile|móvil|cell|fax|ext|call|bel|ring)\b|[☎☏📞])"
    r"[^\W\d]{0,12}[ .:]*(?P<number>\+?[\d(][\d ()./-]{4,}\d)",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d(?:[\d ()./-]*\d){6}")
DATE = re.compile(r"\b(?:19|20)\d\d[-./]\d\d?[-./]\d\d?\b|\b\d\d?[-./]\d\d?[-./](?:19|20)\d\d\b")
# UTF-8 that was read as the encoding of Windows or of the West: "JÃ¶rg".
GARBLED = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]")
MARKS = {
    "e-mail address": "[e-mail address removed]",
    "phone number": "[phone number removed]",
    "name": "[name removed]",
}


class Finding(NamedTuple):
    """What was found and where it stands in the plain text; never the words themselves."""

    kind: str
    start: int
    end: int


def plain(text: str) -> str:
    """Return the text without what hides a word: a wrong encoding, wide forms, invisible characters, odd blanks."""
    if text.isascii():
        return text
    if GARBLED.search(text):
        from ftfy import fix_encoding  # noqa: PLC0415 (few texts need it)

        text = fix_encoding(text)
    text = unicodedata.normalize("NFKC", text)
    text = "".join(" " if unicodedata.category(character) == "Zs" else character for character in text
                   if unicodedata.category(character) != "Cf")  # fmt: skip
    return re.sub("[\u2010-\u2015\u2212]", "-", text)


class Detector:
    """Finds personal data; phrases that a person has reviewed are no names."""

    def __init__(self, reviewed: Iterable[str] = ()) -> None:
        """Take the phrases that are no persons' names."""
        self.reviewed = sorted({plain(phrase) for phrase in reviewed if phrase}, key=len, reverse=True)
        self.used: set[str] = set()

    def find(self, text: str, region: str = "") -> list[Finding]:
        """Return the findings in plain(text), in order; region (ISO 3166-1) says how phones without + are dialled."""
        text = plain(text)
        found = [Finding("e-mail address", *span) for span in find_mails(text)]
        found += [Finding("phone number", *span) for span in find_phones(text, region)]
        found += [Finding("name", *span) for span in find_names(text) if not self.is_reviewed(text, *span)]
        return merge(sorted(found, key=lambda finding: (finding.start, -finding.end)))

    def is_reviewed(self, text: str, start: int, end: int) -> bool:
        """Return whether the words at a place are part of a reviewed phrase."""
        for phrase in self.reviewed:
            # The phrase may begin before the words, and must end after them.
            if text[start:end] in phrase and text.find(phrase, max(0, end - len(phrase)), start + len(phrase)) >= 0:
                self.used.add(phrase)
                return True
        return False

    def redact(self, text: str, findings: list[Finding]) -> str:
        """Return plain(text) with a mark in the place of each finding."""
        text = plain(text)
        for kind, start, end in reversed(findings):
            text = text[:start] + MARKS[kind] + text[end:]
        return text


def find_mails(text: str) -> list[tuple[int, int]]:
    """Return the places of e-mail addresses."""
    possible = "@" in text or WRITTEN_OUT.search(text)
    return [match.span() for match in E_MAIL.finditer(text)] if possible else []


def merge(found: list[Finding]) -> list[Finding]:
    """Return the findings without those that overlap an earlier one."""
    kept: list[Finding] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept


def has_digits(text: str) -> bool:
    """Return whether a text has as many digits as a telephone number."""
    return DIGITS.search(plain(text)) is not None


def find_phones(text: str, region: str) -> list[tuple[int, int]]:
    """Return the places of telephone numbers: by shape, by the word before them, and by the country's own plan."""
    if not DIGITS.search(text):
        return []
    # A date keeps its length, so that the places stay right.
    text = DATE.sub(lambda match: "x" * len(match.group()), text)
    places = [match.span() for match in GROUPED.finditer(text)]
    places += [match.span("number") for match in CALLED.finditer(text)]
    matches = PhoneNumberMatcher(text, region if region not in ("", "XX") else None, leniency=Leniency.VALID)
    places += [(match.start, match.end) for match in matches]
    matches = PhoneNumberMatcher(text, None, leniency=Leniency.POSSIBLE)
    return places + [(match.start, match.end) for match in matches]
