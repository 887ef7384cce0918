"""Every promised page, asked for as a reader does: it answers, and says what it must."""

import httpx
import pytest

PROMISED = [
    ("/", "A listing is not an accusation"),
    ("/", "24 of them are named here"),
    ("/clearview/agencies", "Toronto Police Service"),
    ("/clearview/agencies?country=CA&response=denied", "Country: Canada"),
    ("/clearview/agencies?country=CA&response=denied", "Answer: Denied"),
    ("/clearview/agencies?_search=nothinglikethis", "Nothing here matches these filters"),
    ("/clearview/reports", "Searches as printed"),
    ("/clearview/coverage", "Documented here"),
    ("/clearview", "What a row is"),
    ("/clearview/agencies_by_country", "at least 4,696 searches in 6 agencies with a figure"),
    ("/clearview?sql=select+6*7+as+answer", ">42<"),
    ("/clearview/agencies/be-federal-police-belgium", "These reports cannot all be right"),
    ("/clearview/agencies/be-federal-police-belgium", "Denied, then admitted"),
    ("/clearview/agencies/ca-regina-police-service", '<span class="use">No use reported</span></h1>'),
    ("/clearview/agencies/ca-barrie-police-service", "That is not zero: it is not stated"),
    ("/clearview/countries/BR", "Known searches: at least 101, in 1 agency with a figure"),
    ("/clearview/countries/BR", "nine Brazilian law enforcement agencies"),
    ("/clearview/countries/AU", "3 of four"),
    ("/clearview/countries/SE", "2,500,000 SEK"),
    ("/clearview/countries/MT", "No agency of Malta is named"),
    ("/charts?country=CA&response=denied", "Country: Canada"),
    ("/charts?country=MT", "No agency matches these filters"),
    ("/clearview/countries/CA", "Known searches: at least 4,696</h2>"),
    ("/clearview/countries/IT", "Fine on Clearview</h3>"),
    ("/clearview/reports/176", "No figure: a doubtful one is never used."),
    ("/clearview/reports/17", "What rests on it"),
    ("/clearview/sources/S001", "Totals printed on it"),
    ("/clearview/sources/S002", "1 report rests on this page"),
    ("/clearview/reports/176", "(never used)"),
    ("/clearview/reports/282", "(no number can be read)"),
    ("/about", "A listing is not an accusation"),
    ("/about", "2,482 changes"),
    ("/api", "_shape=array"),
    ("/api", "/search.json?q="),
    ("/search?q=Keskusrikospoliisi", "National Bureau of Investigation"),
    ("/robots.txt", "Allow: /"),
    ("/sitemap.xml", "/clearview/agencies/ca-toronto-police-service</loc>"),
]


@pytest.mark.parametrize(("path", "words"), PROMISED)
def test_page_says(site: str, path: str, words: str) -> None:
    answer = httpx.get(site + path, trust_env=False)
    assert answer.status_code == 200
    assert words in answer.text


def test_missing_page_helps(site: str) -> None:
    answer = httpx.get(f"{site}/clearview/agencies/nobody", trust_env=False)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_use_stands_beside_the_name(site: str) -> None:
    rows = httpx.get(f"{site}/clearview/agencies?use_status=not_reported", trust_env=False).text
    assert rows.count('<span class="use">No use reported</span>') == 7


@pytest.mark.parametrize("path", ["/clearview/agencies", "/charts"])
def test_an_empty_search_box_asks_for_all(site: str, path: str) -> None:
    answer = httpx.get(f"{site}{path}?_search=&country=CA", trust_env=False, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.url.query == b"country=CA"


def test_an_empty_search_of_a_file_is_refused(site: str) -> None:
    assert httpx.get(f"{site}/clearview/agencies.json?_search=", trust_env=False).status_code == 400
