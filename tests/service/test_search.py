"""Search finds what people type, as they type it, and nothing where there is nothing."""

import re
import sqlite3
from pathlib import Path

import pytest
from lookups.tables import read_table

from service.matching import Matcher, load_matcher
from service.search_entries import read_words

ROOT = Path(__file__).resolve().parents[2]
DATABASE = ROOT / "clearview.db"
LOOKUPS = ROOT / "scripts" / "lookups"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return load_matcher(DATABASE)


def test_queries_as_people_type_them_find_their_agency(matcher: Matcher) -> None:
    queries = read_table(ROOT / "tests" / "search_queries.csv")
    places = {}
    for row in queries:
        found = [match.id for match in matcher.match(row["query"], limit=3)]
        places[row["query"]] = found.index(row["expected"]) + 1 if row["expected"] in found else 0
    assert len(queries) >= 60
    assert [query for query, place in places.items() if not place] == []
    first = [query for query, place in places.items() if place == 1]
    assert len(first) >= 0.95 * len(queries), [query for query in places if query not in first]


@pytest.mark.parametrize("query", [row["query"] for row in read_table(ROOT / "tests" / "search_nonsense.csv")])
def test_nonsense_finds_nothing(matcher: Matcher, query: str) -> None:
    assert [match.title for match in matcher.match(query)] == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("GRC", "matched the abbreviation “GRC”"),
        ("toronto cops", "matched the printed name “Toronto cops”"),
        ("keskusrikospoliisi", "matched the native name “Keskusrikospoliisi”"),
        ("mississauga", "matched the place “Mississauga”"),
        ("toronto ontario", "matched the name “Toronto Police Service” and the place “Ontario”"),
        ("Frankreich", "matched the country “Frankreich”"),
        ("QLD", "matched the abbreviation of Queensland “QLD”"),
        ("Toronto, ON", "matched the name “Toronto Police Service” and the abbreviation of Ontario “ON”"),
    ],
)
def test_a_match_says_why(matcher: Matcher, query: str, reason: str) -> None:
    assert matcher.match(query)[0].reason == reason


def test_only_a_agency_s_own_name_scores_100(matcher: Matcher) -> None:
    assert [match.score for match in matcher.match("toronto police service")][:1] == [100]
    assert [match.score for match in matcher.match("Toronto Police")][:1] == [98]
    assert max(match.score for match in matcher.match("toronto")) < 96


def test_country_and_type_narrow_the_matches(matcher: Matcher) -> None:
    assert {match.country for match in matcher.match("police", country="CA", limit=99)} == {"CA"}
    assert {match.agency_type for match in matcher.match("police", agency_type="municipal_police", limit=99)} == {
        "municipal_police"
    }
    assert len(matcher.match("police", limit=4)) == 4


def test_sources_and_acts_are_found(matcher: Matcher) -> None:
    assert matcher.match("garante", kind="regulatory_action")[0].id.startswith("it-")
    assert matcher.match("ICO", kind="regulatory_action")[0].reason == "matched the abbreviation “ICO”"
    assert matcher.match("S079", kind="source")[0].id == "S079"
    assert "Toronto Star" in matcher.match("tornto star", kind="source")[0].reason


def test_every_name_finds_its_own_agency(matcher: Matcher) -> None:
    db = sqlite3.connect(DATABASE)
    missed = [
        name for agency, name in db.execute("select id, name from agencies") if matcher.match(name)[0].id != agency
    ]
    db.close()
    assert missed == []


def test_abbreviations_stand_for_a_agency_or_regulator_and_have_a_reason() -> None:
    db = sqlite3.connect(DATABASE)
    known = {row[0] for row in db.execute("select id from agencies union select regulator from regulatory_actions")}
    db.close()
    rows = read_table(LOOKUPS / "abbreviations.csv")
    assert [row for row in rows if row["stands_for"] not in known or not row["abbreviation"] or not row["reason"]] == []
    assert len({(row["abbreviation"], row["stands_for"]) for row in rows}) == len(rows)


def test_words_in_other_languages_are_listed_once_and_folded() -> None:
    rows = read_table(LOOKUPS / "search_words.csv")
    assert [row for row in rows if not re.fullmatch("[a-z0-9]+( [a-z0-9]+)?", row["word"]) or not row["reason"]] == []
    assert len(read_words()) == len(rows)
    # A word's meaning is itself no word with another meaning, so one look-up is enough.
    assert {row["means"] for row in rows} & {row["word"] for row in rows} == set()


@pytest.mark.parametrize("query", ["UK", "uk police", "British", "british police"])
def test_the_united_kingdom_is_not_british_columbia(matcher: Matcher, query: str) -> None:
    found = matcher.match(query, limit=None)
    assert len(found) >= 6
    assert {match.country for match in found} == {"GB"}
    regulators = [match.title for match in matcher.match(query, kind="regulatory_action", limit=None)]
    assert [title for title in regulators if "British Columbia" in title] == []


def read_region(region: str) -> set[str]:
    """Return the ids of the agencies of a state or province."""
    db = sqlite3.connect(DATABASE)
    ids = {row[0] for row in db.execute("select id from agencies where region = ?", [region])}
    db.close()
    return ids


def test_british_columbia_is_found_by_its_name_and_its_abbreviation(matcher: Matcher) -> None:
    there = read_region("British Columbia")
    for query in ("British Columbia", "BC", "police BC"):
        assert {match.id for match in matcher.match(query, limit=None)} == there


def test_a_word_that_all_have_in_common_finds_what_names_it(matcher: Matcher) -> None:
    db = sqlite3.connect(DATABASE)
    ids = {row[0] for row in db.execute("select id from sources where title like '%clearview%'")}
    db.close()
    assert {match.id for match in matcher.match("clearview", kind="source", limit=None)} == ids
    assert len(matcher.match("Clearview", kind="regulatory_action", limit=None)) > 20
    assert matcher.match("clearview toronto", kind="agency")[0].id == "ca-toronto-police-service"


def test_abbreviations_of_states_and_provinces_find_every_agency_there(matcher: Matcher) -> None:
    db = sqlite3.connect(DATABASE)
    rows = db.execute("select id, country, region from agencies where region is not null").fetchall()
    countries = {row[0] for row in db.execute("select distinct country from agencies where region is not null")}
    db.close()
    regions = read_table(LOOKUPS / "regions.csv")
    assert countries <= {row["country"] for row in regions}
    assert len({(row["country"], row["abbreviation"].lower()) for row in regions}) == len(regions)
    for agency, country, region in rows:
        short = [row["abbreviation"] for row in regions if (row["country"], row["region"]) == (country, region)]
        assert short, (agency, region)
        for abbreviation in short:
            found = {match.id for match in matcher.match(abbreviation, country=country, limit=None)}
            assert agency in found, abbreviation


def test_in_capitals_on_is_ontario_and_else_a_word_such_as_any(matcher: Matcher) -> None:
    assert {match.id for match in matcher.match("police ON", limit=None)} == read_region("Ontario")
    assert {match.country for match in matcher.match("police on", limit=None)} > {"CA"}
