"""Facets take several values: links, chips, counts; what is misspelt is told; without a chip a list begins anew."""

import re
import sqlite3
from html import unescape

import httpx
import pytest
from conftest import ROOT
from playwright.sync_api import Browser

from service.facet_values import chosen_values, join_values, split_values, toggle_empty, toggle_value

CHIP = re.compile(
    r'<li><a href="([^"]+)" rel="nofollow"><span class="sr">Remove the filter </span>(.*?)<span', re.DOTALL
)
COUNTED = re.compile(r'id="row-count"><strong>([\d,]+) rows?')


def ask(site: str, path: str) -> str:
    answer = httpx.get(site + path, trust_env=False)
    assert answer.status_code == 200, (path, answer.text[:300])
    return answer.text


def chips_of(page: str) -> dict[str, str]:
    return {unescape(text): unescape(link) for link, text in CHIP.findall(page)}


def values_of(page: str, heading: str) -> dict[str, tuple[str, int]]:
    """Return the values of a facet with their links and counts."""
    part = re.search(rf'<h2 id="facet-\d+">{heading}</h2>(.*?)</ul>', page, re.DOTALL)
    assert part
    found = re.findall(
        r'<li><a href="([^"]+)"[^>]*>(?:<span aria-hidden="true">✓ </span>)?(.*?)(?:<span.*?)?</a> '
        r'<span class="count">([\d,]+)</span><svg class="bar"',
        part[1],
    )
    return {unescape(label): (unescape(link), int(count.replace(",", ""))) for link, label, count in found}


def count(where: str) -> int:
    db = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    found: int = db.execute(f"select count(*) from agencies where {where}").fetchone()[0]
    db.close()
    return found


def test_a_second_value_of_a_facet_is_taken_beside_the_first(site: str) -> None:
    page = ask(site, "/clearview/agencies?country=CA")
    link, more = values_of(page, "Country")["United Kingdom"]
    assert more == count("country = 'GB'")  # what it would add, whatever country is chosen
    both = ask(site, link)
    assert int(COUNTED.search(both)[1]) == count("country in ('CA', 'GB')")
    assert list(chips_of(both)) == ["Country: Canada", "or United Kingdom"]
    assert "<title>Agencies – Country: Canada, or United Kingdom –" in both
    assert both.count('aria-current="true"') == 2
    one = ask(site, values_of(both, "Country")["Canada"][0])
    assert list(chips_of(one)) == ["Country: United Kingdom"]
    assert (
        values_of(ask(site, values_of(one, "Country")["United Kingdom"][0]), "Country")
        == values_of(ask(site, "/clearview/agencies"), "Country")
        or "country" not in values_of(one, "Country")["United Kingdom"][0]
    )


def test_each_facet_counts_what_the_others_keep(site: str) -> None:
    page = ask(site, "/clearview/agencies?country__in=CA,GB&response__in=denied,admitted&use_status=reported")
    for label, code in (("Canada", "CA"), ("Australia", "AU")):
        where = f"country = '{code}' and response in ('denied', 'admitted') and use_status = 'reported'"
        assert values_of(page, "Country")[label][1] == count(where)
    where = "country in ('CA', 'GB') and response = 'denied_then_admitted' and use_status = 'reported'"
    assert values_of(page, "Response")["Denied, then admitted"][1] == count(where)


def test_the_api_counts_and_charts_take_the_same_addresses(site: str) -> None:
    asked = "country__in=CA,GB&response__not=not_stated"
    expected = count("country in ('CA', 'GB') and response <> 'not_stated'")
    rows = httpx.get(f"{site}/clearview/agencies.json?_shape=array&{asked}", trust_env=False).json()
    assert len(rows) == expected
    assert f"{expected} agencies</a>" in ask(site, f"/charts?{asked}")
    assert list(chips_of(ask(site, f"/charts?{asked}"))) == [
        "Country: Canada", "or United Kingdom", "Response: not Not stated",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("agencies?response=confirmed", "denied_then_admitted (Denied, then admitted)"),
        ("agencies?country__in=CA,UK", "no country “UK” here"),
        ("agencies?response__not=confirmed", "no response “confirmed” here"),
        ("cleaning_log?kind=mended", "mapped"),
        ("reports?agency=nobody", "agencies lists the values"),
        ("agencies?country=CA&country=GB", "ask for country__in=CA,GB"),
        ("agencies?_facet_size=abc", "_facet_size must match"),
    ],
)
def test_a_value_that_is_not_there_is_told(site: str, asked: str, reason: str) -> None:
    page = httpx.get(f"{site}/clearview/{asked}", trust_env=False)
    told = httpx.get(f"{site}/clearview/{asked.replace('?', '.json?_shape=array&')}", trust_env=False)
    assert (page.status_code, told.status_code) == (400, 400)
    assert reason in told.json()["error"]
    assert reason[1:] in unescape(page.text)
    if asked.startswith("agencies?re"):
        assert httpx.get(f"{site}/charts?{asked.partition('?')[2]}", trust_env=False).status_code == 400


@pytest.mark.parametrize("asked", ["country=CA", "country__in=CA,GB", "_where=country='CA'", "note__notblank=1"])
def test_a_chip_removed_on_a_later_page_leads_to_the_first_row(site: str, asked: str) -> None:
    first = ask(site, f"/clearview/reports?{asked}&_size=20")
    later = ask(site, unescape(re.search(r'class="button" href="([^"]+)"', first)[1]))
    links = [
        unescape(link) for link in re.findall(r'<li><a href="([^"]+)" rel="nofollow"><span class="sr">Remove', later)
    ]
    assert links
    for link in links:
        assert "_next" not in link
        assert 'href="/clearview/reports/' in ask(site, link)
    assert re.search(r'<th[^>]* scope="row"[^>]*><a href="/clearview/reports/1">', ask(site, links[-1]))


def test_a_keyboard_passes_the_filters_with_one_key(site: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{site}/clearview/agencies")
    skip = page.get_by_role("link", name="Skip the filters")
    skip.focus()
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    place = page.evaluate(
        "document.getElementById('row-count').compareDocumentPosition(document.activeElement)"
        " & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY)"
    )
    page.close()
    assert place


@pytest.mark.parametrize("values", [["CA", "GB"], ["a,b", "c"], ["[x", "y"], [" blank", "y"], ["", "y"], ["ä", "ö"]])
def test_values_are_read_as_they_were_written(values: list[str]) -> None:
    assert split_values(join_values(values)) == values


def test_toggling_a_value_twice_changes_nothing() -> None:
    asked = [("_sort", "name"), ("country__in", "CA,GB"), ("_next", "x")]
    chosen = toggle_value(asked, "country", "SE")
    assert chosen_values(chosen, "country") == ["CA", "GB", "SE"]
    assert toggle_value(chosen, "country", "SE") == asked[:2]
    assert toggle_value(toggle_value(asked, "country", "CA"), "country", "GB") == asked[:1]
    assert toggle_empty(toggle_empty(asked[:1], "region"), "region") == asked[:1]
