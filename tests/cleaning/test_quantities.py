"""The figure reader: every figure of the workbook as a human reads it, and what must hold for any text."""

import csv
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from cleaning.figure_words import Vocabulary, Word
from cleaning.quantities import MEANINGS, Quantity, QuantityReader, UnreadableQuantity, describe_interval
from dataset.problems import Problems
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

ROOT = Path(__file__).resolve().parents[2]
LOOKUPS = ROOT / "scripts" / "lookups"
READER = QuantityReader.from_folder(LOOKUPS)
LANGUAGES = list(READER.vocabularies)

# As printed: minimum, maximum, about, text.
WORKBOOK = {
    "101 - 500": (101, 500, None, "101–500"),
    "101 to 500 times": (101, 500, None, "101–500"),
    "101 tot 500 keer": (101, 500, None, "101–500"),
    "11-50 gange": (11, 50, None, "11–50"),
    "120 hakua": (120, 120, None, "120"),
    "210 keer": (210, 210, None, "210"),
    "78": (78, 78, None, "78"),
    "78 keer": (78, 78, None, "78"),
    "78 opzoekingen": (78, 78, None, "78"),
    "a single search": (1, 1, None, "1"),
    "about 120 searches": (None, None, 120, "about 120"),
    # Two figures for different searches: neither is the agency's count, and a sum is nobody's statement.
    "about 150 searches of police volunteers, and roughly 30 searches of persons of interest": (
        None,
        None,
        None,
        "about 150 searches of police volunteers, and roughly 30 searches of persons of interest",
    ),
    "almeno 130": (130, None, None, "at least 130"),
    "an estimated 30 searches": (None, None, 30, "about 30"),
    "anslagsvis 30 søk": (None, None, 30, "about 30"),
    "at least 10 searches": (10, None, None, "at least 10"),
    "between 101 and 500 searches": (101, 500, None, "101–500"),
    "between 101 and 500 times": (101, 500, None, "101–500"),
    "between 50 to 100 times": (50, 100, None, "50–100"),  # "between" with "to": a slip, its meaning is plain
    "between 51 and 100 times": (51, 100, None, "51–100"),
    "chacun entre 11 et 50 recherches": (11, 50, None, "11–50"),  # "each": the row is about one of the agencies
    "de 101 à 500 fois": (101, 500, None, "101–500"),
    "douze": (12, 12, None, "12"),
    "entre 101 et 500 requêtes": (101, 500, None, "101–500"),
    "entre 11 et 50 requêtes": (11, 50, None, "11–50"),
    "from one hundred to five hundred times": (100, 500, None, "100–500"),  # the press rounded 101; we don't mend it
    "honderd tot vijfhonderd": (100, 500, None, "100–500"),
    "honderd tot vijfhonderd keer": (100, 500, None, "100–500"),
    "hundreds": (None, None, None, "hundreds"),
    "hundreds of searches": (None, None, None, "hundreds of searches"),
    "mehr als 320 Suchanfragen": (321, None, None, "more than 320"),
    "mellem 11 og 50 gange": (11, 50, None, "11–50"),
    "more than 1,000 searches": (1001, None, None, "more than 1,000"),
    "more than 1,250 searches": (1251, None, None, "more than 1,250"),
    "more than 10 searches": (11, None, None, "more than 10"),
    "more than 100 searches": (101, None, None, "more than 100"),
    "more than 120": (121, None, None, "more than 120"),
    "more than 130": (131, None, None, "more than 130"),
    "more than 15 searches": (16, None, None, "more than 15"),
    "more than 150": (151, None, None, "more than 150"),
    "more than 170": (171, None, None, "more than 170"),
    "more than 170 searches": (171, None, None, "more than 170"),
    "more than 2,800": (2801, None, None, "more than 2,800"),
    "more than 3,400": (3401, None, None, "more than 3,400"),
    "more than 300": (301, None, None, "more than 300"),
    "more than 320": (321, None, None, "more than 320"),
    "more than 400": (401, None, None, "more than 400"),
    "more than 450": (451, None, None, "more than 450"),
    "more than 500": (501, None, None, "more than 500"),
    "more than 650": (651, None, None, "more than 650"),
    "more than 70": (71, None, None, "more than 70"),
    "more than ten searches": (11, None, None, "more than 10"),
    "nearly 120": (None, None, 120, "nearly 120"),  # below 120, by an unknown amount: no bound
    "noin 120": (None, None, 120, "about 120"),
    "noin 120 hakua": (None, None, 120, "about 120"),
    "noin 120 tehtyä hakua": (None, None, 120, "about 120"),
    "oltre 130 ricerche": (131, None, None, "more than 130"),
    "one search": (1, 1, None, "1"),
    "più di 130 ricerche": (131, None, None, "more than 130"),
    "plus de 400 requêtes": (401, None, None, "more than 400"),
    "plus de 500": (501, None, None, "more than 500"),
    "quinze fois": (15, 15, None, "15"),
    "rundt 30 søk": (None, None, 30, "about 30"),
    "total of 120 searches": (120, 120, None, "120"),
    "tra le 101 e le 500": (101, 500, None, "101–500"),
    "tussen de 50 en 100 keer": (50, 100, None, "50–100"),
    "tussen de 51 en 100 keer": (51, 100, None, "51–100"),
    "tussen de vijftig en honderd keer": (50, 100, None, "50–100"),
    "zwischen elf und 50 Suchabfragen": (11, 50, None, "11–50"),  # a word and digits in one range
    "zwischen zwölf und fünfzehn Mal": (12, 15, None, "12–15"),
    "zwölfmal": (12, 12, None, "12"),
    "à 78 reprises": (78, 78, None, "78"),
}


def printed_figures() -> set[str]:
    sheet = openpyxl.load_workbook(ROOT / "raw" / "reported_use.xlsx", read_only=True)["Reports"]
    header, *rows = sheet.iter_rows(values_only=True)
    column = header.index("Searches (as printed)")
    return {str(row[column]) for row in rows if row[column] is not None}


def test_the_table_above_holds_every_figure_of_the_workbook_and_no_other() -> None:
    assert printed_figures() == set(WORKBOOK)


@pytest.mark.parametrize("printed", WORKBOOK)
def test_a_figure_of_the_workbook_is_read_as_a_human_reads_it(printed: str) -> None:
    assert READER.read(printed) == Quantity(*WORKBOOK[printed])


@pytest.mark.parametrize("printed", WORKBOOK)
def test_capitals_and_blanks_around_change_nothing_but_the_words_kept(printed: str) -> None:
    read, shouted = READER.read(printed), READER.read(f"  {printed.upper()} ")
    assert (shouted.minimum, shouted.maximum, shouted.about) == (read.minimum, read.maximum, read.about)


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ((11, 50, None), "11–50"),
        ((1001, 5000, None), "1,001–5,000"),
        ((120, 120, None), "120"),
        ((0, 0, None), "0"),
        ((131, None, None), "at least 131"),
        ((None, 19, None), "at most 19"),
        ((None, 0, None), "at most 0"),
        ((None, None, 1200), "about 1,200"),
        ((11, None, 30), "at least 11"),  # a bound is known: the estimate is not what we say
        ((None, None, None), "not stated"),
    ],
)
def test_an_interval_is_told_in_words(interval: tuple[int | None, int | None, int | None], text: str) -> None:
    assert describe_interval(*interval) == text


# The lookup files.


def lookup_rows(name: str) -> list[dict[str, str]]:
    with (LOOKUPS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_number_words_agree_with_a_library_of_number_words() -> None:
    ours = {(row["language"], row["word"]): int(row["value"]) for row in lookup_rows("number_words.csv")}
    values = [*range(101), *range(200, 1000, 100), *range(1000, 10001, 1000)]
    left_out = {("de", 0), ("no", 0), ("nl", 0), ("da", 0)}  # "null" in a cell is an empty one, not a count
    left_out |= {("da", value) for value in range(60, 70)}  # the library writes treds; Danes write tres
    wrong = [
        (language, value, num2words(value, lang=language))
        for language, value in itertools.product(LANGUAGES, values)
        if (language, value) not in left_out and ours.get((language, num2words(value, lang=language))) != value
    ]
    assert not wrong


def test_words_of_two_meanings_are_known_and_refused_when_they_stand_alone() -> None:
    values: dict[str, set[str]] = {}
    for row in lookup_rows("number_words.csv"):
        values.setdefault(row["word"], set()).add(row["value"])
    double = sorted(word for word, meant in values.items() if len(meant) > 1)
    assert double == ["once", "tres"]  # English 1, Spanish 11; Spanish 3, Danish 60
    for word in double:
        with pytest.raises(UnreadableQuantity):
            READER.read(word)


def test_a_number_word_alone_is_its_value_or_refused() -> None:
    for row in lookup_rows("number_words.csv"):
        if row["sense"] == "exact" and row["word"] != "tres":
            assert READER.read(row["word"]).minimum == int(row["value"]), row


def phrases_by_kind(vocabulary: Vocabulary) -> dict[str, list[str]]:
    phrases: dict[str, dict[str, None]] = {}
    for word in itertools.chain.from_iterable(vocabulary.values()):
        phrases.setdefault(word.kind, {})[word.phrase] = None
    return {kind: list(known) for kind, known in phrases.items()}


def example_sentences(phrases: dict[str, list[str]], line: Word) -> Iterator[str]:
    """Sentences of every shape that has a place for the line, filled with other words of its language."""
    for kinds in sorted(MEANINGS, key=len):
        if line.kind not in kinds or not all(kind in phrases for kind in kinds):
            continue
        if ({"article", "of"} - {line.kind}) & set(kinds):  # "oltre le" is idle where "oltre" and "le" are known
            continue
        words = {kind: [phrase for phrase in phrases[kind][:2] if phrase != line.phrase] for kind in kinds}
        words["number"] = ["11", "50"] if (line.value or 0) < 50 else ["11", str(line.value)]
        words[line.kind] = [line.phrase, *words[line.kind]]
        if all(len(words[kind]) >= kinds.count(kind) for kind in kinds):
            yield " ".join(words[kind].pop(0) for kind in kinds)


def reads(reader: QuantityReader, sentence: str) -> Quantity | None:
    try:
        return reader.read(sentence)
    except UnreadableQuantity:
        return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lookup_line_can_change_a_reading(language: str) -> None:
    vocabulary = READER.vocabularies[language]
    phrases = phrases_by_kind(vocabulary)
    alone = QuantityReader({language: vocabulary}, [])
    idle = []
    for line in dict.fromkeys(itertools.chain.from_iterable(vocabulary.values())):
        rest = {tokens: [word for word in words if word != line] for tokens, words in vocabulary.items()}
        without = QuantityReader({language: rest}, [])
        if line.kind != "suffix" and not any(
            (read := reads(alone, sentence)) and read != reads(without, sentence)
            for sentence in itertools.islice(example_sentences(phrases, line), 30)
        ):
            idle.append(line)
    assert not idle, "these lines match nothing that can be read, or other lines read it already"


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("qualifiers.csv", "en,give or take,sort_of", "column 'kind': 'sort_of': write one of about, "),
        ("qualifiers.csv", "en,more than,more_than", "column 'phrase': 'more than': stands there twice"),
        ("qualifiers.csv", "fi,,about", "it must have 3 cells, none empty"),
        ("qualifiers.csv", "fi,noin", "it must have 3 cells, none empty"),
        ("qualifiers.csv", "fi,noin,about,so", "it must have 3 cells, none empty"),
        ("qualifiers.csv", "fj,noin,about", "column 'language': 'fj': figures are read in one language at a time"),
        ("number_words.csv", "en,umpteen,many,exact", "column 'value': 'many': write a whole number in digits"),
        ("number_words.csv", "en,umpteen,20,roughly", "column 'sense': 'roughly': write one of exact, "),
        ("counted_things.csv", "en,searches,noun", "it must have 2 cells, none empty"),
    ],
)
def test_a_bad_lookup_line_is_told_with_its_row(tmp_path: Path, name: str, line: str, message: str) -> None:
    folder = shutil.copytree(LOOKUPS, tmp_path / "lookups")
    with (folder / name).open("a", encoding="utf-8") as lines:
        lines.write(f"{line}\n")
    with pytest.raises(Problems) as error:
        QuantityReader.from_folder(folder)
    [problem] = error.value.problems
    assert str(problem).startswith(f"scripts/lookups/{name}: row {len(lookup_rows(name)) + 2}")
    assert message in str(problem)


def test_all_bad_lookup_lines_are_told_at_once(tmp_path: Path) -> None:
    folder = shutil.copytree(LOOKUPS, tmp_path / "lookups")
    for name, line in [("qualifiers.csv", "fj,noin,about"), ("number_words.csv", "en,umpteen,many,exact")]:
        with (folder / name).open("a", encoding="utf-8") as lines:
            lines.write(f"{line}\n")
    with pytest.raises(Problems) as error:
        QuantityReader.from_folder(folder)
    assert [problem.value for problem in error.value.problems] == ["many", "fj"]


def test_a_lookup_file_without_its_header_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(LOOKUPS, tmp_path / "lookups")
    (folder / "qualifiers.csv").write_text("language,phrase\nen,about\n", encoding="utf-8")
    with pytest.raises(Problems) as error:
        QuantityReader.from_folder(folder)
    [problem] = error.value.problems
    assert str(problem) == "scripts/lookups/qualifiers.csv: row 1: the columns must be language, phrase, kind"


# Any text at all.

PHRASES = sorted(
    {word.phrase for words in READER.vocabularies.values() for word in itertools.chain.from_iterable(words.values())}
)
PIECES = st.one_of(
    st.sampled_from(PHRASES),
    st.integers(0, 99999).map(str),
    st.sampled_from(["3,400", "3.400", "3 400"]),
    st.text(max_size=3),
)
FIGURES = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=8).map(" ".join),
    st.lists(PIECES, max_size=5).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(FIGURES)
def test_any_text_is_read_consistently_or_refused(text: str) -> None:
    try:
        quantity = READER.read(text)
    except UnreadableQuantity:
        return
    assert quantity.text
    assert quantity == READER.read(text)
    bounds = [bound for bound in (quantity.minimum, quantity.maximum) if bound is not None]
    assert bounds == sorted(bounds)
    assert all(bound >= 0 for bound in bounds)
    assert quantity.about is None or not bounds


@given(st.integers(0, 10**9 - 1))
def test_a_number_is_read_back_with_any_thousands_mark(number: int) -> None:
    for mark in (",", ".", "’", "'", "\u00a0", "\u202f"):
        assert READER.read(f"more than {number:,}".replace(",", mark)).minimum == number + 1


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from(["-", "–", "—", " - ", " to ", " bis ", " à ", " til "]),
)
def test_a_range_is_read_only_upwards(low: int, high: int, joiner: str) -> None:
    noun = {" bis ": "Mal", " à ": "fois", " til ": "gange"}.get(joiner, "times")
    read = reads(READER, f"{low}{joiner}{high} {noun}")
    assert read == (Quantity(low, high, None, f"{low:,}–{high:,}") if low < high else None)


@pytest.mark.parametrize("text", ["de " * 66, "tot " * 50, "bis zu " * 28, "11 - " * 40, "to " * 66, "e " * 100])
def test_a_long_row_of_words_with_two_meanings_is_refused(text: str) -> None:
    with pytest.raises(UnreadableQuantity):
        READER.read(text)
