"""The first agencies.csv, aliases.csv and not_persons.csv of a spreadsheet's names."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from cleaning.countries import read_code
from cleaning.registers import COLUMNS
from lookups.tables import LOOKUPS, read_table
from personal_data.detect import Detector
from text_unidecode import unidecode

from drafting.columns import has_agency_word
from drafting.name_groups import Key, group_names, spell_out

UNDECIDED = "?"
NOT_STATED = "not_stated"
Lines = list[tuple[str, ...]]


@dataclass
class Registers:
    """The lines of each file, and what was seen on the way."""

    agencies: Lines = field(default_factory=list)
    aliases: Lines = field(default_factory=list)
    not_persons: Lines = field(default_factory=list)
    persons: int = 0  # cells left out because they name a person and no agency
    suggested: int = 0
    alike: int = 0
    unknown_countries: Counter[str] = field(default_factory=Counter)


def draft_registers(names: Sequence[str], countries: Sequence[str], regions: Sequence[str]) -> Registers:
    """Return the first lines of the registers for the cells of name, country and region, row by row."""
    made = Registers()
    found = count_names(names, countries, regions, made)
    places = defaultdict(set)
    for key in found:
        places[key.code, spell_out(key.name)].add(key.region)
    agencies: dict[str, tuple[str, ...]] = {}
    ids: dict[tuple[str, str, str], str] = {}
    for key, agency, like in group_names(found):
        several = len(places[key.code, spell_out(agency)]) > 1
        who = (agency, key.code, key.region)
        if who not in ids:
            ids[who] = make_id(key.code, agency, key.region if several else "", agencies)
            line = {"id": ids[who], "name": agency, "country": key.code, "agency_type": type_of(agency)}
            agencies[ids[who]] = as_line("agencies.csv", line | {"region": key.region})
        made.aliases.append(draft_alias(key, agency, ids[who], like, made))
    made.agencies = sorted(agencies.values())
    made.aliases.sort()
    return made


def draft_alias(key: Key, agency: str, own: str, like: str, made: Registers) -> tuple[str, ...]:
    """Return a line of aliases.csv: with a ? before the id where it is suggested as another spelling."""
    line = {"name_as_printed": key.name, "country": key.code, "region": key.region, "agency": own, "reason": ""}
    if agency != key.name:
        made.suggested += 1
        line |= {"agency": UNDECIDED + own, "reason": f"another spelling of “{agency}”"}
    elif like:
        made.alike += 1
        line["reason"] = f"{UNDECIDED} like “{like}”; if it is the same, write the id of that one"
    return as_line("aliases.csv", line)


def count_names(
    names: Sequence[str], countries: Sequence[str], regions: Sequence[str], made: Registers
) -> Counter[Key]:
    """Return how often each name stands in each place; those that only name a person are counted and left out."""
    found: Counter[Key] = Counter()
    for name, country, region in zip(names, countries, regions, strict=True):
        code = read_code(country)
        if name and code:
            found[Key(name, code, region)] += 1
        elif name:
            made.unknown_countries[country] += 1
    detector = Detector()
    phrases = set()
    for key in [*found]:
        if detector.find(key.name):
            if has_agency_word(key.name):
                phrases.add(key.name)
            else:
                made.persons += found.pop(key)
    made.not_persons = [(UNDECIDED + phrase, "name of an agency") for phrase in sorted(phrases)]
    return found


def make_id(code: str, name: str, region: str, taken: dict[str, tuple[str, ...]]) -> str:
    """Return an id for an agency that none of those taken has."""
    slug = re.sub(r"[^a-z0-9]+", "-", unidecode(f"{name} {region}").casefold().replace("'", "")).strip("-")
    key = f"{code.lower()}-{slug}"
    number = 2
    while key in taken:
        key, number = f"{code.lower()}-{slug}-{number}", number + 1
    return key


def as_line(table: str, cells: dict[str, str]) -> tuple[str, ...]:
    """Return cells in the order of a table's columns."""
    return tuple(cells.get(column, "") for column in COLUMNS[table])


def type_of(name: str) -> str:
    """Return the type of agency that a name says, "not_stated" where it says none or several."""
    text = f" {' '.join(re.findall(r'[a-z0-9]+', unidecode(name).casefold().replace(chr(39), '')))} "
    found = {kind for words, kind in type_words() if f" {words} " in text}
    return found.pop() if len(found) == 1 else NOT_STATED


@cache
def type_words() -> tuple[tuple[str, str], ...]:
    """Return the words that say an agency's type."""
    return tuple((row["words"], row["agency_type"]) for row in read_table(LOOKUPS / "agency_type_words.csv"))
