"""The search that readers and programs reach: the list of queries, nonsense, hostile input, what each answer says."""

import re
from html import unescape
from typing import Any

import httpx
import pytest
from conftest import ROOT
from lookups.tables import read_table

RESULT = re.compile(r'<h3><a href="([^"]+)">')


def ask(site: str, query: str, path: str = "/search", **more: str) -> httpx.Response:
    return httpx.get(site + path, params={"q": query, **more}, trust_env=False, timeout=240)


def read_page(site: str, query: str, **more: str) -> str:
    answer = ask(site, query, **more)
    assert answer.status_code == 200, (query, answer.text[:300])
    return unescape(answer.text)


def read_json(site: str, query: str, **more: str) -> dict[str, Any]:
    answer = ask(site, query, "/search.json", **more)
    assert answer.status_code == 200, (query, answer.text[:300])
    told: dict[str, Any] = answer.json()
    return told


def test_queries_as_people_type_them_find_their_agency_on_the_page(site: str) -> None:
    queries = read_table(ROOT / "tests" / "search_queries.csv")
    places = {}
    for row in queries:
        first = RESULT.findall(read_page(site, row["query"]))[:3]
        expected = f"/clearview/agencies/{row['expected']}"
        places[row["query"]] = first.index(expected) + 1 if expected in first else 0
    assert len(queries) >= 60
    assert [query for query, place in places.items() if not place] == []
    assert sum(place == 1 for place in places.values()) >= 0.95 * len(queries), places


@pytest.mark.parametrize("query", [row["query"] for row in read_table(ROOT / "tests" / "search_nonsense.csv")])
def test_nonsense_finds_nothing_and_the_page_says_so(site: str, query: str) -> None:
    page = read_page(site, query)
    assert RESULT.findall(page) == []
    assert f"No results for “{query}”" in page
    assert "Agencies by country" in page


def test_a_result_says_who_it_is_and_why_it_was_found(site: str) -> None:
    page = read_page(site, "policija")
    assert (
        '<a href="/clearview/agencies/si-slovenian-police">Slovenian Police</a> <span class="use">No use reported'
        in page
    )
    assert re.search(r"Policija · National police · Ljubljana, Slovenia · \d+ reports", page)
    assert "Matched the native name “Policija”" in page


def test_results_are_grouped_by_kind_the_best_kind_first(site: str) -> None:
    assert re.findall(r'<h2 id="(\w+)">', read_page(site, "ICO"))[0] == "regulatory_action"
    assert re.findall(r'<h2 id="(\w+)">', read_page(site, "Toronto Star"))[0] == "source"
    assert re.findall(r'<h2 id="(\w+)">', read_page(site, "toronto"))[0] == "agency"


def test_more_shows_every_result_of_a_kind(site: str) -> None:
    page = read_page(site, "police")
    counted = re.search(r"Show all (\d+) agencies", page)
    assert counted
    assert len(RESULT.findall(read_page(site, "police", kind="agency"))) == int(counted[1]) > 40
    assert "Search everything" in read_page(site, "police", kind="agency")


def test_empty_states_help(site: str) -> None:
    nothing = read_page(site, "Moscow ministry of defence")
    assert "no report we read names it" in nothing
    assert re.search(r'<a href="/search\?q=defence">defence</a> \(\d+ agencies\)', nothing)
    blank = read_page(site, "   ")
    assert ("What you can find" in blank, "74 agencies" in blank, "Agencies by country" in blank) == (True, True, True)
    assert "No results" not in blank
    assert "among sources" in read_page(site, "Halifax Regional Police Station", kind="source")


HOSTILE = {
    "10,000 characters": "a" * 10_000,
    "10,000 characters in words": "polcie " * 1_429,
    "1,500 characters beyond ASCII": "警察" * 750,
    "emoji": "👮" * 150,
    "combining marks": "é" + "\u0301" * 180,
    "quotes": "' or 1=1; -- \" ) union select sql from sqlite_master",
    "search syntax": '"RCMP* NEAR( OR : ^ - AND',
    "a pattern": "(((((((.*)+)+)+)+)+)+)$",
    "a template": "{{ 7 * 7 }}{% for x in y %}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_answered(site: str, name: str) -> None:
    query = HOSTILE[name]
    expected = 400 if len(query) > 200 else 200
    page, told = ask(site, query), ask(site, query, "/search.json")
    assert (page.status_code, told.status_code) == (expected, expected)
    assert "Clearview in the open" in page.text
    assert len(page.text) < 60_000
    if expected == 400:
        assert "may have 200 characters" in page.text
        assert "may have 200 characters" in told.json()["error"]


def test_an_address_past_the_service_s_limit_is_refused(site: str) -> None:
    answers = [ask(site, "警察" * 2_500, path) for path in ("/search", "/search.json")]
    assert [(answer.status_code, len(answer.content) < 500) for answer in answers] == [(414, True)] * 2


def test_html_in_a_query_stays_text(site: str) -> None:
    page = ask(site, '"><script>alert(1)</script><img src=x onerror=alert(1)>').text
    assert ("<script>alert" in page, "<img src=x" in page) == (False, False)
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    "raw", ["q=RC%00MP%0d%0aX: y", "q=%ff%fe%c3%28", "q=%1b%5b31mRCMP%07", "q=RCMP&q=OPP", "q[]=x", "q"]
)
def test_control_characters_and_broken_bytes_are_answered(site: str, raw: str) -> None:
    page = httpx.get(f"{site}/search?{raw}", trust_env=False)
    assert page.status_code == 200
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", page.text)


def test_programs_get_the_same_results_with_their_reasons(site: str) -> None:
    told = read_json(site, "Tornto polise")
    assert (told["query"], told["counts"]["agency"], told["counts"]["regulatory_action"]) == ("Tornto polise", 1, 0)
    agency = told["results"][0]
    assert (agency["kind"], agency["id"], agency["use_status"]) == ("agency", "ca-toronto-police-service", "reported")
    assert agency["reason"] == "matched the name “Toronto Police Service”"
    assert 0 < agency["score"] < 100
    assert httpx.get(site + agency["url"], trust_env=False).status_code == 200
    found = read_json(site, "police", kind="source", limit="3")
    assert ([result["kind"] for result in found["results"]], list(found["counts"])) == (["source"] * 3, ["source"])
    assert read_json(site, "asdfgh")["results"] == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [("", "it is missing"), ("q=x&kind=person", "kind is one of agency, source, regulatory_action"),
     ("q=x&limit=0", "limit is"), ("q=x&limit=x", "limit is"), ("q=x&lmit=5", "no parameter 'lmit'")],
)  # fmt: skip
def test_a_program_is_told_what_it_asked_wrongly(site: str, query: str, reason: str) -> None:
    answer = httpx.get(f"{site}/search.json?{query}", trust_env=False)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert reason in answer.json()["error"]


@pytest.mark.parametrize("path", ["/", "/clearview/agencies", "/nothing-here"])
def test_the_box_of_each_page_leads_to_the_search(site: str, path: str) -> None:
    page = httpx.get(site + path, trust_env=False).text
    box = re.search(r'<form class="[^"]*search" role="search"[^>]*action="/search">.*?</form>', page, re.DOTALL)
    assert box
    assert 'name="q"' in box[0]
