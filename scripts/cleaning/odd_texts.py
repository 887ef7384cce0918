"""Texts that a program has spoiled: wrong encodings, dates made of ranges, totals among the reports."""

import re

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff\u00ad"))
ODD = re.compile(r"[^\S ]|[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|(?:\d{1,4}[- ])?(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zé]*\.?(?:[- ]\d{1,4})?",
    re.IGNORECASE,
)
TOTALS = {
    "total", "totals", "grand total", "sum", "sub-total", "subtotal", "totaal", "totale", "gesamt", "summe", "somme",
    "suma", "totalt", "i alt", "yhteensä", "insgesamt", "total général", "gran total",
}  # fmt: skip

TOTAL_WORDS = {
    "total", "totals", "subtotal", "subtotals", "totaal", "totale", "gesamt", "insgesamt", "summe", "totalt", "totaux",
}  # fmt: skip
ALL_WORDS = {"all", "alle", "tous", "toutes", "todos", "todas", "tutti", "tutte"}
ALL_OF = {
    "forces", "agencies", "departments", "police", "states", "regions", "counties", "areas", "countries", "bodies",
    "organisations", "organizations", "offices", "stations", "services", "behörden", "länder", "dienststellen",
    "communes", "départements", "municipios", "municípios", "comuni",
}  # fmt: skip


def tidy(text: str) -> str:
    """Return a text as it is looked up: without blanks around it, odd blanks as plain ones, nothing invisible."""
    return " ".join(text.translate(INVISIBLE).split()) if ODD.search(text) else text.strip()


def check_encoding(text: str) -> None:
    """Raise ValueError where a text was read in another encoding than it was written in."""
    if text.isascii():
        return
    if "\ufffd" in text:
        raise ValueError("a character was lost (\ufffd); type the text as printed")
    from ftfy import badness, fix_encoding  # noqa: PLC0415 (few texts need it)

    if badness.is_bad(text) and (meant := fix_encoding(text)) != text:
        raise ValueError(f"garbled, perhaps for {meant[:80]!r}; save the file as UTF-8 or correct the cell")


def is_date(text: str) -> bool:
    """Return whether the whole text is a date as a spreadsheet program writes it."""
    return bool(DATE.fullmatch(text.strip()))


def is_like_total(text: str) -> bool:
    """Return whether a name begins or ends as a total's label does: "Total England and Wales", "All forces"."""
    words = re.findall(r"[^\W_]+", tidy(text).casefold())
    label = " ".join(words)
    return is_total(text) or (
        bool(words)
        and (
            words[0] in TOTAL_WORDS
            or words[-1] in TOTAL_WORDS
            or label.startswith(("sub total", "grand total", "sum of"))
            or (words[0] in ALL_WORDS and words[-1] in ALL_OF)
        )
    )


def is_total(text: str) -> bool:
    """Return whether a name is none but the label of a total."""
    return tidy(text).casefold().rstrip(":") in TOTALS
