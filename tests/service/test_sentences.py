"""Each branch of the grammar: a row makes just this sentence, which says no more than the row."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from service.sentences import ORIGINS, RESPONSES, say_agency, say_country, say_source

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]
AGENCY: Row = {
    "name": "Oz Police", "use_status": "reported", "searches": "101–500", "searches_min": 101, "searches_max": 500,
    "searches_about": None, "searches_basis": "buzzfeed_2021", "figures_conflict": 0, "response": "denied",
    "report_count": 3,
}  # fmt: skip
NO_FIGURE: Row = {"searches": "not stated", "searches_min": None, "searches_max": None, "searches_basis": "not_stated"}
COUNTRY: Row = {
    "label": "Oz", "agencies": 3, "use_reported": 2, "vendor_claim": 0, "searches": 111, "agencies_with_a_figure": 2,
    "reports": 5, "reports_on_agencies": 5, "regulatory_actions": 0,
}  # fmt: skip
SOURCE: Row = {
    "id": "S900", "publisher": "The Oz Post", "published": "2021-08-25", "reports": 3, "agencies": 2, "figures": 2,
    "responses": 1,
}  # fmt: skip

USED = "reported to have used or tried Clearview AI"
TAKEN = "3 reports taken from this page name"


def say(**changes: object) -> str:
    return say_agency(AGENCY | changes, "Clearview AI", "Clearview AI")


def say_sums(**changes: object) -> str:
    return say_country(COUNTRY | changes, "Clearview AI", "Clearview AI")


def read_ids(table: str) -> set[str]:
    db = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    ids = {row[0] for row in db.execute(f"select id from {table}")}
    db.close()
    return ids


def test_whole_sentence_of_an_agency_with_a_figure() -> None:
    assert say() == (
        "Oz Police was reported to have run 101–500 searches with Clearview AI, according to the data BuzzFeed News "
        "published in August 2021; it said that it did not use the tool; 3 reports name it."
    )


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        (NO_FIGURE, f"Oz Police was {USED}; no number of searches was reported; it"),
        (
            NO_FIGURE | {"searches": "hundreds", "searches_basis": "own_count"},
            (
                f"Oz Police was {USED}; its searches were reported, by its own count, as "
                "“hundreds”, which gives no single number; it"
            ),
        ),
        (
            {"searches": "1", "searches_min": 1, "searches_max": 1},
            "Oz Police was reported to have run 1 search with Clearview AI, according",
        ),
        (
            {"searches": "more than 1", "searches_min": 2, "searches_max": None},
            "Oz Police was reported to have run more than 1 search with Clearview AI, according",
        ),
        (
            {"searches": "11", "searches_min": 11, "searches_max": 11},
            "Oz Police was reported to have run 11 searches with Clearview AI, according",
        ),
        (
            {"searches": "nearly 120", "searches_min": None, "searches_max": None, "searches_about": 120},
            "Oz Police was reported to have run nearly 120 searches with Clearview AI, according",
        ),
        (
            NO_FIGURE | {"use_status": "vendor_claim"},
            "Only Clearview AI or its staff said that Oz Police used Clearview AI; no number of searches was reported;",
        ),
        (
            {"use_status": "vendor_claim"},
            (
                "Only Clearview AI or its staff said that Oz Police used Clearview AI; 101–500 searches were reported, "
                "according to the data BuzzFeed News published in August 2021; it"
            ),
        ),
        (
            NO_FIGURE | {"use_status": "not_reported"},
            "Oz Police is named in 3 reports, none of which says that it ran a search with Clearview AI; it",
        ),
        (
            NO_FIGURE | {"use_status": "not_reported", "report_count": 1},
            "Oz Police is named in 1 report, which does not say that it ran a search with Clearview AI; it",
        ),
        (
            {"use_status": "not_reported", "searches": "1", "searches_max": 1},
            (
                "Oz Police is named in 3 reports, none of which says that it ran a search with Clearview AI; 1 search "
                "was reported, according"
            ),
        ),
    ],
)
def test_what_was_reported(changes: Row, begins: str) -> None:
    assert say(**changes).startswith(begins)


def test_a_conflict_is_said_and_only_where_there_is_one() -> None:
    assert "; reports disagree on the number; it said" in say(figures_conflict=1)
    assert "disagree" not in say()


def test_how_many_reports_name_it() -> None:
    assert say(report_count=1).endswith("; 1 report names it.")
    assert say(report_count=1_200).endswith("; 1,200 reports name it.")
    assert "name it" not in say(use_status="not_reported")


@pytest.mark.parametrize("origin", ORIGINS)
def test_each_origin_says_by_whom(origin: str) -> None:
    assert f"searches with Clearview AI, {ORIGINS[origin]}; it" in say(searches_basis=origin)


@pytest.mark.parametrize("response", RESPONSES)
def test_each_response_has_its_own_clause(response: str) -> None:
    assert f"; {RESPONSES[response]}; " in say(response=response)
    assert len(set(RESPONSES.values())) == len(RESPONSES)


def test_every_category_of_the_database_has_its_words() -> None:
    assert set(RESPONSES) == read_ids("responses")
    assert set(ORIGINS) == read_ids("figure_origins") - {"not_stated", "doubtful"}
    assert read_ids("use_statuses") == {"reported", "vendor_claim", "not_reported"}


def test_another_dataset_has_no_name_of_ours() -> None:
    said = say_agency(AGENCY | {"use_status": "vendor_claim"}, "the tool", "the vendor")
    assert said.startswith("Only the vendor or its staff said that Oz Police used the tool; 101–500")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, (f"5 reports name 3 agencies, of which 2 were {USED}; at least 111 searches "
             "were reported for the 2 with a known minimum.")),
        ({"use_reported": 1, "vendor_claim": 1, "searches": 1, "agencies_with_a_figure": 1},
         (f"5 reports name 3 agencies, of which 1 was {USED}; of 1 agency, only "
         "Clearview AI or its staff said so; at least 1 search was reported for the 1 with a known minimum.")),
        ({"use_reported": 3, "searches": None, "agencies_with_a_figure": 0},
         (f"5 reports name 3 agencies, all of which were {USED}; no minimum number of "
         "searches is listed for them.")),
        ({"use_reported": 0, "searches": None, "agencies_with_a_figure": 0},
         f"5 reports name 3 agencies, none of which was {USED}."),
        ({"agencies": 1, "use_reported": 1, "agencies_with_a_figure": 1, "reports": 2, "reports_on_agencies": 1},
         (f"1 report names 1 agency, which was {USED}; at least 111 searches were "
         "reported for it; 1 report speaks only of the country or of an unnamed group.")),
        ({"agencies": 1, "use_reported": 1, "agencies_with_a_figure": 0},
         (f"5 reports name 1 agency, which was {USED}; no minimum number of searches is "
         "listed for it.")),
        ({"agencies": 1, "use_reported": 0, "agencies_with_a_figure": 0},
         f"5 reports name 1 agency, which was not {USED}."),
        ({"agencies": 0, "reports": 2, "reports_on_agencies": 0, "regulatory_actions": 2},
         ("no report names an agency; 2 reports speak only of the country or of an unnamed group; 2 decisions of "
         "regulators or courts are listed.")),
        ({"agencies": 0, "reports": 0, "reports_on_agencies": 0, "regulatory_actions": 1},
         "no report names an agency; 1 decision of a regulator or court is listed."),
    ],
)  # fmt: skip
def test_a_country(changes: Row, said: str) -> None:
    assert say_sums(**changes) == f"Oz: {said}"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, f"{TAKEN} 2 agencies; 2 print a number of searches; 1 says how an agency responded."),
        ({"figures": 1, "responses": 2},
         f"{TAKEN} 2 agencies; 1 prints a number of searches; 2 say how an agency responded."),
        ({"agencies": 0, "figures": 0, "responses": 0},
         (f"{TAKEN} no agency; none prints a number of searches; none says how an agency "
         "responded.")),
        ({"reports": 1, "agencies": 1, "figures": 1, "responses": 1},
         ("1 report taken from this page names 1 agency; it prints a number of searches; it says how an agency "
          "responded.")),
        ({"reports": 1, "agencies": 1, "figures": 0, "responses": 0}, "1 report taken from this page names 1 agency."),
        ({"reports": 0, "agencies": 0, "figures": 0, "responses": 0}, "no report was taken from this page."),
    ],
)  # fmt: skip
def test_a_source(changes: Row, said: str) -> None:
    assert say_source(SOURCE | changes) == f"The Oz Post, 25 August 2021 (source S900): {said}"
    assert say_source(SOURCE | changes | {"published": None}).startswith("The Oz Post, no date (source S900): ")


def test_every_agency_of_the_database_has_a_sentence_of_its_own() -> None:
    db = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    rows = [dict(row) for row in db.execute("select * from agencies")]
    db.close()
    said = {row["id"]: say_agency(row, "Clearview AI", "Clearview AI") for row in rows}
    assert len(set(said.values())) == len(rows) == 74
    for row in rows:
        sentence = said[row["id"]]
        assert ("was reported to have" in sentence) == (row["use_status"] == "reported"), sentence
        assert ("disagree" in sentence) == bool(row["figures_conflict"]), sentence
        assert row["searches"] == "not stated" or row["searches"] in sentence, sentence
