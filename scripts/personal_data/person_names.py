"""Names of persons in a text, found by rule: no model of a language that could be installed from a lock file fits.

A given name of Faker's lists (some 80 countries) before a word with a capital letter, a rank or title before one,
initials before a surname, a surname before a given name. test_personal_data.py measures what they miss.
"""

from functools import cache, lru_cache
from importlib import import_module
from pkgutil import iter_modules

from personal_data.place_names import are_counties, is_place, is_town
from personal_data.words import REMEMBERED, WORD, Word, is_word_of_agencies, split_words, words_of

GIVEN = ("first_names", "first_names_male", "first_names_female", "first_names_nonbinary")
FAMILY = ("last_names", "last_names_male", "last_names_female")
# A text of so many long words, so many of them with a capital letter, is a headline, where a capital says nothing.
HEADLINE_WORDS, HEADLINE_SHARE = 6, 0.75
MOST_WORDS = 3  # of a text that is a name and nothing else, whatever its letters


@cache
def names_of(attributes: tuple[str, ...]) -> frozenset[str]:
    """Return the names that Faker lists under these attributes, of all its countries, in lower case."""
    import faker.providers.person as locales  # noqa: PLC0415 (while another process reads the workbook)

    found: set[str] = set()
    for module in iter_modules(locales.__path__):
        provider = import_module(f"{locales.__name__}.{module.name}").Provider
        for attribute in attributes:
            names = getattr(provider, attribute, ())
            found.update(() if isinstance(names, property) else names)
    return frozenset(name.casefold() for name in found if len(name) > 1)


def is_given(word: Word) -> bool:
    """Return whether the word is a given name, or a pair of them: Jean-Pierre."""
    names = names_of(GIVEN)
    return word.key in names or ("-" in word.key and all(part in names for part in word.key.split("-")))


def is_family(word: Word) -> bool:
    """Return whether the word is a surname that the lists know, or a pair of them."""
    names = names_of(FAMILY)
    return word.key in names or ("-" in word.key and any(part in names for part in word.key.split("-")))


def is_name_word(word: Word) -> bool:
    """Return whether the word can be part of a person's name: a capital letter, and no word of agencies."""
    return word.capital and not word.initial and not is_word_of_agencies(word.key) and not word.key.endswith("'s")


@lru_cache(REMEMBERED)
def is_telling(text: str) -> bool:
    """Return whether a word is a title, an initial or a name that the lists know: one of them is in every name."""
    word = Word(text, 0, len(text), True, False)
    return word.key in words_of("title") or word.initial or (is_name_word(word) and (is_given(word) or is_family(word)))


def find_names(text: str) -> list[tuple[int, int]]:
    """Return start and end of each person's name in a text."""
    found_words = WORD.findall(text)
    if len(found_words) > MOST_WORDS and not any(map(is_telling, found_words)):
        return []
    words = split_words(text)
    long = [word for word in words if len(word.text) > 3]
    headline = len(long) >= HEADLINE_WORDS and sum(word.capital for word in long) >= HEADLINE_SHARE * len(long)
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        end = name_at(words, place, headline) or whole_text_name(words, place)
        if end and (is_place(words, place, end) or is_town_alone(words, place, end)):
            end = 0
        if end:
            last = words[end - 1]
            found.append((words[place].start, last.end if last.initial else last.end - last.text.endswith(".")))
        place = end or place + 1
    return found


def is_town_alone(words: list[Word], place: int, end: int) -> bool:
    """Return whether a text is the name of a town and nothing else, and would be an odd name of a person."""
    if place or end < len(words) or (is_given(words[0]) and is_family(words[-1])):
        return False
    return is_town(words)


def name_at(words: list[Word], place: int, headline: bool) -> int:
    """Return the place after the name that begins at a word; 0 where none does."""
    first = words[place]
    # "DI Crotone" is an inspector, "di Crotone" is of a town.
    if first.key in words_of("title") and (first.capital or first.key not in words_of("particle")):
        return name_after_title(words, place, headline)
    if first.initial:
        end = name_after_initials(words, place, headline)
    elif not is_name_word(first):
        return 0
    elif is_given(first):
        sure = first.key not in words_of("also a word") and not headline
        end = name_after_given(words, place, sure) or name_after_family(words, place)
    else:
        end = name_after_family(words, place)
    # "Prince Albert Police": the name of a place or a founder, at the head of an agency's.
    agency = end < len(words) and words[end].touches and words[end].capital and words[end].key in words_of("agency")
    return 0 if agency else end


def skip(words: list[Word], place: int, kinds: str) -> int:
    """Return the place after the words of these kinds: i initials, g given names, p particles (van, de), t titles."""
    while place < len(words) and words[place].touches:
        word = words[place]
        kind = "i" if word.initial else "p" if word.key in words_of("particle") else ""
        kind = kind or ("t" if word.key in words_of("title") else "g" if is_name_word(word) and is_given(word) else "")
        if not kind or kind not in kinds:
            break
        place += 1
    return place


def surname_end(words: list[Word], place: int, sure: bool) -> int:
    """Return the place after the surnames at a place, known ones or (if sure) any name words; 0 where there is none."""
    start = place
    while place < len(words) and words[place].touches and is_name_word(words[place]):
        if not (sure or is_family(words[place])):
            break
        place += 1
    return place if place > start else 0


def name_after_title(words: list[Word], place: int, headline: bool) -> int:
    """Return the end of "Det. Sgt. J. van Smith": titles, then a name."""
    end = surname_end(words, skip(words, place + 1, "tip"), not headline)
    return end and (surname_end(words, skip(words, end, "ip"), not headline) or end)


def name_after_initials(words: list[Word], place: int, headline: bool) -> int:
    """Return the end of "J. R. Smith"; without a full stop the surname must be known."""
    sure = words[place].text.endswith(".") and not headline
    return surname_end(words, skip(words, place + 1, "ip"), sure)


def name_after_given(words: list[Word], place: int, sure: bool) -> int:
    """Return the end of "Jean-Pierre de la Tour": given names, then a surname; of "Anna Maria" and "Ann B." too."""
    start = skip(words, place + 1, "gip")
    end = surname_end(words, start, sure)
    if end or not sure:
        return end
    rest = words[place + 1 : start]
    whole = any(is_given(word) for word in rest) or (len(rest) == 1 and rest[0].initial and rest[0].text[-1] == ".")
    return start if whole else 0


def name_after_family(words: list[Word], place: int) -> int:
    """Return the end of "García Márquez, Luis", "Nagy Péter" or "SMITH John": surnames, then given names."""
    following = place + 1
    while following < len(words) and words[following].touches and is_family(words[following]):
        following += not is_given(words[following])
        if following < len(words) and is_given(words[following]):
            break
    if following >= len(words):
        return 0
    first, second = words[place], words[following]
    known = is_family(first) or (len(first.text) > 2 and first.text.isupper() and not second.text.isupper())
    listed = (
        second.after_comma and len(words) < 6 and (is_family(first) or not are_counties(words[place : following + 1]))
    )
    if not is_name_word(second) or not is_given(second) or not ((second.touches and known) or listed):
        return 0
    after = words[following + 1 :][:1]
    if not is_family(first) and after and after[0].touches and after[0].capital and is_word_of_agencies(after[0].key):
        return 0  # "NCMEC Amber Alert"
    return skip(words, following + 1, "gi")


def whole_text_name(words: list[Word], place: int) -> int:
    """Return the end of a name that is the whole text, whatever its letters: "john smith"."""
    if place or not 2 <= len(words) <= MOST_WORDS or not all(word.touches for word in words[1:]):
        return 0
    if any(is_word_of_agencies(word.key) for word in words):
        return 0
    first, last = words[0], words[-1]
    return len(words) if (is_given(first) and is_family(last)) or (is_family(first) and is_given(last)) else 0
