"""The first agencies.csv, aliases.csv and not_persons.csv of a spreadsheet's names."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from cleaning.countries import read_code
from cleaning.regions import is_known_place, read_region
from cleaning.registers import COLUMNS, alias_columns
from lookups.tables import LOOKUPS, Row, read_table
from personal_data.detect import Detector
from text_unidecode import unidecode

from drafting.columns import has_agency_word
from drafting.geonames import find_town, town_in_name
from drafting.name_groups import Key, group_names, spell_out

UNDECIDED = "?"
NOT_STATED = "not_stated"
FOOTNOTE_MARKS = "*†‡§¶ "  # behind a name as printed, and no part of it
Lines = list[tuple[str, ...]]


@dataclass
class Registers:
    """The lines of each file, and what was seen on the way."""

    agencies: Lines = field(default_factory=list)
    aliases: list[Row] = field(default_factory=list)
    not_persons: Lines = field(default_factory=list)
    persons: int = 0  # cells left out because they name a person and no agency
    suggested: int = 0
    alike: int = 0
    unknown_countries: Counter[str] = field(default_factory=Counter)

    @property
    def alias_lines(self) -> Lines:
        """Return the cells of aliases.csv, in the order of its columns."""
        columns = alias_columns(self.aliases)
        return [tuple(line.get(column, "") for column in columns) for line in self.aliases]


def draft_registers(
    names: Sequence[str], countries: Sequence[str], regions: Sequence[str], localities: Sequence[str]
) -> Registers:
    """Return the first lines of the registers for the cells of name, country, region and town, row by row."""
    made = Registers()
    found = count_names(list(zip(names, countries, regions, localities, strict=True)), made)
    places = defaultdict(set)
    for key in found:
        places[key.code, spell_out(key.name)].add((key.region, key.locality))
    agencies: dict[str, tuple[str, ...]] = {}
    ids: dict[tuple[str, ...], str] = {}
    for key, agency, like in group_names(found):
        met = places[key.code, spell_out(agency)]
        towns = {town for region, town in met if region == key.region}
        apart = " ".join([key.region if len({region for region, _ in met}) > 1 else "",
                          key.locality if len(towns) > 1 else ""])  # fmt: skip
        who = (agency, *key[1:])
        if who not in ids:
            ids[who] = make_id(key.code, agency, apart, agencies)
            line = {
                "id": ids[who],
                "name": agency.rstrip(FOOTNOTE_MARKS),
                "country": key.code,
                "agency_type": type_of(agency),
            }
            agencies[ids[who]] = as_line("agencies.csv", line | find_place(key))
        made.aliases.append(draft_alias(key, agency, ids[who], like, made))
    made.agencies = sorted(agencies.values())
    made.aliases.sort(key=lambda line: [*line.values()])
    return made


def find_place(key: Key) -> dict[str, str]:
    """Return region, town and, where GeoNames has just one town of the name in that region, its id there."""
    locality = key.locality or town_in_name(key.name)
    town = find_town(key.code, key.region, locality)
    # As GeoNames writes it: a list may have "SPRINGFIELD".
    return {"region": key.region, "locality": town.name or key.locality, "geonameid": town.key}


def draft_alias(key: Key, agency: str, own: str, like: str, made: Registers) -> Row:
    """Return a line of aliases.csv: with a ? before the id where it is suggested as another spelling."""
    line = {"name_as_printed": key.name, "country": key.code, "region": key.region, "locality": key.locality,
            "report_no": "", "agency": own, "reason": ""}  # fmt: skip
    if agency != key.name:
        made.suggested += 1
        line |= {"agency": UNDECIDED + own, "reason": f"another spelling of “{agency}”"}
    elif like:
        made.alike += 1
        line["reason"] = f"{UNDECIDED} like “{like}”; if it is the same, write the id of that one"
    return line


def count_names(rows: Sequence[tuple[str, str, str, str]], made: Registers) -> Counter[Key]:
    """Return how often each name stands in each place; those that only name a person are counted and left out."""
    found: Counter[Key] = Counter()
    for (name, country, region, locality), count in Counter(rows).items():
        code = read_code(country)
        if name and code:
            found[Key(name, code, read_region(code, region), locality)] += count
        elif name:
            made.unknown_countries[country] += count
    detector = Detector()
    phrases = set()
    for key in [*found]:
        if detector.find(key.name):
            if has_agency_word(key.name):
                phrases.add(key.name)
            else:
                made.persons += found.pop(key)
    towns = {text for key in found for text in key[2:] if not is_known_place(text) and detector.find(text)}
    made.not_persons = [(UNDECIDED + phrase, "name of an agency") for phrase in sorted(phrases)]
    made.not_persons += [(UNDECIDED + phrase, "name of a place") for phrase in sorted(towns - phrases)]
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
