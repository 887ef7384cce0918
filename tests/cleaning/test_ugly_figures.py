"""Ugly figures: what newspapers, spreadsheets and typing hands do to a number, with what it must become."""

import re
from pathlib import Path

import pytest
from cleaning.quantities import Quantity, QuantityReader, UnreadableQuantity

READER = QuantityReader.from_folder(Path(__file__).resolve().parents[2] / "scripts" / "lookups")


def exactly(number: int) -> Quantity:
    return Quantity(number, number, None, f"{number:,}")


def between(low: int, high: int) -> Quantity:
    return Quantity(low, high, None, f"{low:,}–{high:,}")


def more_than(number: int) -> Quantity:
    return Quantity(number + 1, None, None, f"more than {number:,}")


def at_least(number: int) -> Quantity:
    return Quantity(number, None, None, f"at least {number:,}")


def fewer_than(number: int) -> Quantity:
    return Quantity(None, number - 1, None, f"fewer than {number:,}")


def at_most(number: int) -> Quantity:
    return Quantity(None, number, None, f"at most {number:,}")


def about(number: int) -> Quantity:
    return Quantity(None, None, number, f"about {number:,}")


def nearly(number: int) -> Quantity:
    return Quantity(None, None, number, f"nearly {number:,}")


def words(text: str) -> Quantity:
    return Quantity(None, None, None, text)


READ = [
    # Thousands, as several countries mark them
    ("3,400", exactly(3400)),  # English
    ("3.400", exactly(3400)),  # German, Italian, Spanish: a count has no decimals
    ("3 400", exactly(3400)),  # French, Swedish, typed with a plain space
    ("3\u00a0400", exactly(3400)),  # the no-break space French typesetters use
    ("3\u202f400", exactly(3400)),  # the narrow one
    ("3\u2009400", exactly(3400)),  # the thin one
    ("3’400", exactly(3400)),  # Swiss, typographic
    ("3'400", exactly(3400)),  # Swiss, typed
    ("3400", exactly(3400)),  # no mark at all
    ("101\u00a0500", exactly(101500)),  # a no-break space joins: this is one number
    ("1,000,000 searches", exactly(1000000)),  # two marks
    ("999999999", exactly(999999999)),  # the largest we take
    ("mehr als 3.400 Suchen", more_than(3400)),  # a mark inside a German sentence
    ("0", exactly(0)),  # none is a count
    ("zero searches", exactly(0)),  # none, in words
    ("2,020", exactly(2020)),  # a mark: no year is written so
    ("2020 searches", exactly(2020)),  # a noun: no year either
    ("more than 2000", more_than(2000)),  # a qualifier of counts: no year either
    # Ranges
    ("11–50", between(11, 50)),  # en dash
    ("11—50", between(11, 50)),  # em dash
    ("11−50", between(11, 50)),  # minus sign
    ("11‐50", between(11, 50)),  # Unicode hyphen
    ("11‑50", between(11, 50)),  # no-break hyphen
    ("11 -50", between(11, 50)),  # a blank on one side
    ("1,001–5,000", between(1001, 5000)),  # a mark in both ends
    ("501 – 1 000 fois", between(501, 1000)),  # a mark in one, as a space
    ("1 to 5", between(1, 5)),  # the lowest band
    ("between 1 and 5 searches", between(1, 5)),
    ("from 11 to 50 times", between(11, 50)),
    ("entre 101 et 500", between(101, 500)),
    ("entre onze et cinquante fois", between(11, 50)),
    ("de onze à cinquante recherches", between(11, 50)),
    ("entre vingt et un et cent", between(21, 100)),  # the first "et" belongs to the number
    ("zwischen 11 und 50 Mal", between(11, 50)),
    ("von 11 bis 50 Suchanfragen", between(11, 50)),
    ("hundert bis fünfhundert", between(100, 500)),
    ("tussen elf en vijftig zoekopdrachten", between(11, 50)),
    ("van 11 tot en met 50 keer", between(11, 50)),
    ("fra le 11 e le 50 ricerche", between(11, 50)),  # Italian fra: between
    ("da 11 a 50 volte", between(11, 50)),
    ("dalle 11 alle 50 volte", between(11, 50)),
    ("fra 11 til 50 gange", between(11, 50)),  # Danish fra: from
    ("mellom 11 og 50 ganger", between(11, 50)),
    ("elleve til femti søk", between(11, 50)),
    ("mellan elva och femtio sökningar", between(11, 50)),
    ("från 11 till 50 gånger", between(11, 50)),
    ("11–50 hakua", between(11, 50)),
    ("11 ja 50 välillä", between(11, 50)),  # Finnish puts "between" last
    ("11 viiva 50 kertaa", between(11, 50)),  # the dash, spelled out
    ("entre las 11 y las 50 búsquedas", between(11, 50)),
    ("de 11 a 50 veces", between(11, 50)),
    ("entre treinta y uno y cien", between(31, 100)),  # the first "y" belongs to the number
    ("entre 11 e 50 pesquisas", between(11, 50)),
    ("entre vinte e um e cem", between(21, 100)),  # the first "e" belongs to the number
    ("between fifty and a hundred", between(50, 100)),
    # Qualifiers
    ("over 100", more_than(100)),
    ("> 500", more_than(500)),
    (">500", more_than(500)),
    ("＞500", more_than(500)),  # full-width sign
    ("1２0", exactly(120)),  # a full-width digit
    ("≥ 10", at_least(10)),
    (">= 10", at_least(10)),
    ("120+", at_least(120)),  # may be 120 or more than 120: the weaker of the two
    ("120 or more searches", at_least(120)),
    ("120 searches or more", at_least(120)),
    ("fewer than 20", fewer_than(20)),
    ("less than 20 searches", fewer_than(20)),
    ("fewer than 1", Quantity(None, 0, None, "fewer than 1")),  # none, said oddly
    ("<20", fewer_than(20)),
    ("≤ 9", at_most(9)),
    ("up to 50 times", at_most(50)),
    ("no more than five", at_most(5)),
    ("~30", about(30)),
    ("± 30 keer", about(30)),
    ("+/- 30", about(30)),
    ("ca. 30 søk", about(30)),
    ("approx. 30 searches", about(30)),
    ("some 30 searches", about(30)),  # "some" before a number
    ("some searches", words("some searches")),  # "some" before none
    ("almost 120", nearly(120)),
    ("just under 120", nearly(120)),
    ("close to 120", about(120)),  # may be above: not "nearly"
    ("only 12 searches", exactly(12)),
    ("exactly 78", exactly(78)),
    ("plus de cent recherches", more_than(100)),
    ("au moins dix", at_least(10)),
    ("moins de 20 fois", fewer_than(20)),
    ("jusqu’à 50 recherches", at_most(50)),  # typographic apostrophe
    ("environ 30", about(30)),
    ("près de 400 requêtes", nearly(400)),
    ("mindestens 130", at_least(130)),
    ("höchstens zehn", at_most(10)),
    ("bis zu 50 Abfragen", at_most(50)),
    ("rund 30 Suchen", about(30)),
    ("knapp 120", nearly(120)),
    ("gut 100 Suchen", more_than(100)),  # "a good 100": somewhat more
    ("ruim 100 keer", more_than(100)),  # the same in Dutch
    ("drygt 100 sökningar", more_than(100)),  # and in Swedish
    ("minstens tien keer", at_least(10)),
    ("hooguit 20 keer", at_most(20)),
    ("tot 50 keer", at_most(50)),  # "tot" before one number: up to
    ("bijna 120", nearly(120)),
    ("al massimo 50 ricerche", at_most(50)),
    ("circa 30 ricerche", about(30)),
    ("quasi 120", nearly(120)),
    ("flere end 100 søgninger", more_than(100)),
    ("højst ti", at_most(10)),
    ("minst 10 søk", at_least(10)),
    ("opptil 50 søk", at_most(50)),
    ("fler än 100", more_than(100)),
    ("upp till 50 gånger", at_most(50)),
    ("yli sata hakua", more_than(100)),
    ("vähintään kymmenen", at_least(10)),
    ("alle 20 hakua", fewer_than(20)),  # Finnish alle: below; Italian alle: to the
    ("lähes 120", nearly(120)),
    ("más de 100 búsquedas", more_than(100)),
    ("al menos 130", at_least(130)),
    ("unas 30 veces", about(30)),
    ("mais de cem pesquisas", more_than(100)),
    ("pelo menos 10", at_least(10)),
    ("cerca de 30", about(30)),  # Spanish and Portuguese agree
    # Each, total, and other words around
    ("a total of 120 searches", exactly(120)),
    ("120 searches in total", exactly(120)),
    ("insgesamt 120 Suchen", exactly(120)),
    ("in totaal 78 keer", exactly(78)),
    ("yhteensä 120 hakua", exactly(120)),
    ("jeweils zwischen 11 und 50", between(11, 50)),
    ("11–50 searches each", between(11, 50)),
    ("cada una entre 11 y 50", between(11, 50)),
    ("in 78 Fällen", exactly(78)),
    ("en 78 ocasiones", exactly(78)),
    # Number words
    ("Twenty-one searches", exactly(21)),
    ("twenty one", exactly(21)),  # without its hyphen
    ("twice", exactly(2)),
    ("une seule recherche", exactly(1)),
    ("soixante-dix-huit fois", exactly(78)),
    ("septante-huit fois", exactly(78)),  # Belgium
    ("quatre-vingt", exactly(80)),  # one word, not a range from 4 to 20
    ("quatre-vingts requêtes", exactly(80)),
    ("einmal", exactly(1)),
    ("78-mal", exactly(78)),
    ("78Mal", exactly(78)),
    ("achtundsiebzigmal", exactly(78)),
    ("zwoelf Mal", exactly(12)),  # no umlaut on the keyboard
    ("zwolf mal", exactly(12)),  # nor the will to write it
    ("dreissig", exactly(30)),  # Swiss spelling
    ("één keer", exactly(1)),
    ("driemaal", exactly(3)),
    ("achtenzeventig", exactly(78)),
    ("settantotto ricerche", exactly(78)),
    ("otteoghalvfjerds søgninger", exactly(78)),
    ("tres søgninger", exactly(60)),  # Danish by its noun
    ("tres búsquedas", exactly(3)),  # Spanish by its noun
    ("en søgning", exactly(1)),
    ("syttisju søk", exactly(77)),
    ("syvogsytti søk", exactly(77)),  # the older order
    ("30 sok", exactly(30)),  # ø typed as o
    ("30 soek", exactly(30)),  # or as oe
    ("tjugofem sökningar", exactly(25)),
    ("yksi haku", exactly(1)),
    ("once veces", exactly(11)),  # Spanish by its noun, not English "once"
    ("setenta y ocho", exactly(78)),
    ("duas pesquisas", exactly(2)),
    ("dezasseis", exactly(16)),  # Portugal
    ("dezesseis", exactly(16)),  # Brazil
    ("une douzaine de recherches", about(12)),  # loose in French
    ("een dozijn keer", about(12)),  # loose enough in all: never more precise than printed
    ("una trentina di ricerche", about(30)),
    ("environ une centaine", about(100)),  # rough twice over is still rough
    # No number at all, or two: the words are kept
    ("several hundred searches", words("several hundred searches")),
    ("des centaines de recherches", words("des centaines de recherches")),
    ("Hunderte", words("Hunderte")),  # kept as printed, capital and all
    ("tientallen keren", words("tientallen keren")),
    ("  satoja   hakua ", words("satoja hakua")),  # but not its blanks
    ("about 150 searches and 30 requests", words("about 150 searches and 30 requests")),
]

NO_FIGURE = "in this order they make no figure in any one language"
NOT_KNOWN = "is not in scripts/lookups/qualifiers.csv, number_words.csv or counted_things.csv"
NOT_WHOLE = "is not one whole number below a thousand million"

REFUSED = [
    ("", "there is nothing to read"),
    (" \u00a0 ", "there is nothing to read"),  # blank, with a no-break space
    # Not a whole number
    ("3.4", f"'3.4' {NOT_WHOLE}"),  # 3.4 or a cut 3.400
    ("1,5", f"'1,5' {NOT_WHOLE}"),
    ("3,40", f"'3,40' {NOT_WHOLE}"),
    ("0,500", f"'0,500' {NOT_WHOLE}"),  # half, in a country of decimal commas
    ("1.234,5", f"'1.234,5' {NOT_WHOLE}"),
    ("1,234.567", f"'1,234.567' {NOT_WHOLE}"),  # two marks in one number
    ("1234,567", f"'1234,567' {NOT_WHOLE}"),  # four digits before the mark
    ("12,34,567", f"'12,34,567' {NOT_WHOLE}"),  # Indian grouping: nobody here prints it
    ("007", f"'007' {NOT_WHOLE}"),  # a code, not a count
    ("11 50", f"'11 50' {NOT_WHOLE}"),  # a dash lost
    ("101 500", "may be one number or a range that lost its dash"),
    ("1000000000", NOT_WHOLE),  # nobody ran that many
    ("9" * 150, NOT_WHOLE),  # a key held down
    ("11..50", f"'11..50' {NOT_WHOLE}"),  # a range, or a slip
    ("11…50", f"'11...50' {NOT_WHOLE}"),  # the same as one character
    ("between 3.400 and 5,000", "mark thousands in two ways"),  # in one country one of them is a decimal
    ("120¹", "SUPERSCRIPT ONE"),  # a footnote mark: not 1,201
    ("10²", "SUPERSCRIPT TWO"),
    ("11½", "VULGAR FRACTION ONE HALF"),
    ("①", "CIRCLED DIGIT ONE"),
    ("11\u00ad50", "SOFT HYPHEN"),  # an invisible hyphen: not 1,150
    ("12\u200b0", "ZERO WIDTH SPACE"),
    ("١٢٠", NOT_KNOWN),  # Arabic-Indic digits
    ("3\n400", NO_FIGURE),  # two lines in a cell
    ("3  400", NOT_WHOLE),  # two blanks: two numbers
    # Ranges that are none
    ("500-101", "a range must go up, this one goes from 500 to 101"),
    ("50–50", "a range must go up, this one goes from 50 to 50"),
    ("between twenty and one", "a range must go up"),
    ("zwei bis dreihundert", "'zwei' may stand for 2 or for a multiple"),  # 2 or 200 to 300?
    ("two to three hundred", "'two' may stand for 2 or for a multiple"),
    ("deux à trois mille recherches", "'deux' may stand for 2 or for a multiple"),
    ("11-", NO_FIGURE),
    ("-50", NO_FIGURE),  # negative, or the end of a range
    ("−5", NO_FIGURE),  # the same with a minus sign
    ("more than -5", NO_FIGURE),
    ("11-50-100", NO_FIGURE),
    ("11--50", NO_FIGURE),
    ("11 and 50", NO_FIGURE),  # no "between": two figures, or a range
    ("11 or 50 searches", NO_FIGURE),
    ("between 11", NO_FIGURE),
    ("from 11", NO_FIGURE),
    ("between 11 and", NO_FIGURE),
    ("about 50 to 100 searches", NO_FIGURE),  # rough bounds are no bounds
    ("more than 50-100", NO_FIGURE),
    ("between 100 and more than 200", NO_FIGURE),
    # Dates, years, sums, other things than counts
    ("11-Nov", f"'nov' {NOT_KNOWN}"),  # what spreadsheets make of 11-50
    ("Nov-50", f"'nov' {NOT_KNOWN}"),
    ("2020-11-50", NO_FIGURE),
    ("1950-11-01", NOT_WHOLE),
    ("2020-2021", "may be a year"),
    ("between 2019 and 2020", "may be a year"),
    ("2020", "'2020' without a noun may be a year"),
    ("Sept", "may be a year or another word"),  # French 7, or September
    ("fire", "may be a year or another word"),  # Danish 4, or a fire
    ("un", "may be a year or another word"),  # 1, or an article
    ("11/50", NO_FIGURE),
    ("50%", f"'%' {NOT_KNOWN}"),
    ("=11+50", NO_FIGURE),  # a formula: each sign has a meaning, this order has none
    ("$120", f"'$' {NOT_KNOWN}"),
    ("#REF!", f"'#' {NOT_KNOWN}"),  # a spreadsheet's own error
    ("(120)", f"'(' {NOT_KNOWN}"),  # a negative, in accounts
    ("120*", f"'*' {NOT_KNOWN}"),
    ("120.", NO_FIGURE),  # German: the 120th
    ("120th", "digits and letters are run together at '0t'"),
    ("3k", "digits and letters are run together at '3k'"),
    ("1e3", "digits and letters are run together at '1e'"),
    ("0x78", "digits and letters are run together at '0x'"),
    ("120 🔍", f"'🔍' {NOT_KNOWN}"),
    ("🔟", f"'🔟' {NOT_KNOWN}"),
    ("XII", f"'xii' {NOT_KNOWN}"),  # Roman
    ("NA", f"'na' {NOT_KNOWN}"),
    ("n/a", NO_FIGURE),
    ("null", f"'null' {NOT_KNOWN}"),  # German 0, or an empty cell of some export
    ("?", f"'?' {NOT_KNOWN}"),
    ("-", NO_FIGURE),
    ("unknown", f"'unknown' {NOT_KNOWN}"),
    # Words
    ("ungefähr viele", f"'viele' {NOT_KNOWN}"),
    ("umpteen searches", f"'umpteen' {NOT_KNOWN}"),
    ("понад 100 пошуків", f"'понад' {NOT_KNOWN}"),  # Ukrainian: no word list yet
    ("π", f"'π' {NOT_KNOWN}"),
    ("约120次", "digits and letters are run together"),
    ("searches", NO_FIGURE),  # a thing, no count
    ("more than", NO_FIGURE),
    ("more than hundreds", NO_FIGURE),
    ("one hundred and twenty", NO_FIGURE),  # no list of such words: nobody printed one yet
    ("mais de cento e vinte", NO_FIGURE),  # not "more than 100"
    ("120 mil búsquedas", NO_FIGURE),  # 120 thousand, not 120
    ("3 hundred", NO_FIGURE),
    ("more than about 120", NO_FIGURE),
    ("120 120 searches", "may be one number"),
    ("120 searches 30 searches", NO_FIGURE),
    ("150 searches and 30 searches", "two figures for one thing"),
    ("noin 120 searches", NO_FIGURE),  # Finnish and English at once
    ("plus de 120 searches", NO_FIGURE),
    ("à 78", NO_FIGURE),  # the end of a range, or "78 times" without times
    ("fewer than 0", "there is no count below 0"),
    ("once", "without a noun may be a year or another word"),  # English 1, Spanish 11
    ("tres", "it may mean 60 (da) or 3 (es); print it with its noun or in digits"),
    ("120 searches. More followed.", NOT_KNOWN),  # a sentence, not a figure
    ("more than 120 " * 20, "longer than 200 characters"),
]


@pytest.mark.parametrize(("printed", "meaning"), READ, ids=lambda value: str(value)[:40])
def test_an_ugly_figure_is_read(printed: str, meaning: Quantity) -> None:
    assert READER.read(printed) == meaning


@pytest.mark.parametrize(("printed", "reason"), REFUSED, ids=lambda value: str(value)[:40])
def test_an_unreadable_figure_is_refused_with_its_reason(printed: str, reason: str) -> None:
    with pytest.raises(UnreadableQuantity, match=re.escape(reason)) as error:
        READER.read(printed)
    assert str(error.value).startswith(f"{printed[:200]!r}: ")
