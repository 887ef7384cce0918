"""Compare: countries and agencies side by side say what their own pages and the API say; ticked rows lead there."""

import re
from html import unescape

import httpx
import pytest
from playwright.sync_api import Browser

AGENCIES = ["be-federal-police-belgium", "xx-europol", "ca-toronto-police-service"]


def ask(site: str, path: str) -> httpx.Response:
    return httpx.get(site + path, trust_env=False)


def words_of(cell: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", "", re.sub(r'<span class="sr">.*?</span>', "", cell))).split())


def read_table(page: str) -> dict[str, list[str]]:
    """Return the cells of the table side by side, by the words of their row."""
    table = page[page.index('aria-label="Side by side"') :].partition("</table>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr")[1:]]
    return {words_of(row[0]): [words_of(cell) for cell in row[1:]] for row in rows}


def rows_of(site: str, query: str) -> list[dict[str, object]]:
    return list(ask(site, f"/clearview/agencies.json?_shape=array&_size=max&{query}").json())


@pytest.mark.parametrize(
    "asked", ["country=CA,AU,GB", "country=CA&country=AU&country=GB", "country=CA,AU&country=GB,CA"]
)
def test_countries_side_by_side_are_those_of_the_table(site: str, asked: str) -> None:
    page = ask(site, f"/compare?{asked}").text
    told = read_table(page)
    assert told[""] == ["Canada", "Australia", "United Kingdom"]
    for place, country in enumerate(["CA", "AU", "GB"]):
        agencies = rows_of(site, f"country={country}")
        assert told["Agencies named"][place] == str(len(agencies))
        for words, use in (("Use reported", "reported"), ("No use reported", "not_reported")):
            assert told[words][place] == str(sum(agency["use_status"] == use for agency in agencies))
        known = [int(str(agency["searches_min"])) for agency in agencies if agency["searches_min"] is not None]
        assert told["Searches"][place].startswith(f"at least {sum(known):,}, for {len(known)} agenc")
        denied = sum(agency["response"] == "denied" for agency in agencies)
        assert told["Response: denied"][place] == str(denied)
        assert told["In short"][place] in unescape(ask(site, f"/clearview/countries/{country}").text)
    regulators = page[page.index('id="regulators"') : page.index('id="choose"')]
    actions = ask(site, "/clearview/regulatory_actions.json?_shape=array&_size=max&country__in=CA,AU,GB").json()
    assert regulators.count("<li>") == len(actions) > 5
    # One scale for all: each country's bar and interval stand in one drawing.
    for chart in ("sums", "countries"):
        assert page.count(f'id="{chart}-title"') == 1
        assert f'href="/charts/{chart}.png?country__in=CA%2CAU%2CGB"' in page


def test_agencies_side_by_side_are_those_of_their_pages(site: str) -> None:
    page = ask(site, f"/compare?agency={','.join(AGENCIES)}").text
    told = read_table(page)
    assert told[""] == ["Federal Police (Belgium)", "Europol No use reported", "Toronto Police Service"]
    for place, agency in enumerate(AGENCIES):
        (row,) = rows_of(site, f"id={agency}&_labels=on")
        assert told["Searches"][place].startswith(str(row["searches"]))
        assert told["Best-known response"][place] == row["response"]["label"]  # type: ignore[index]
        assert told["Reports"][place] == str(row["report_count"])
        assert told["In short"][place] in unescape(ask(site, f"/clearview/agencies/{agency}").text)
    assert "reports conflict" in told["Searches"][0]
    assert re.findall(r"<h3>(.*?)</h3>", page[page.index('id="regulators"') :]) == ["Belgium", "Canada"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("agency=nobody", "no agency has the identifier nobody"),
        ("country=CA,ZZ", "no country has the identifier ZZ"),
        ("country=CA&agency=xx-europol", "country or agency, not both"),
        ("contry=CA", "no other parameter"),
        ("country=CA,AU,GB,FR,DE,IT,BE", "7 are chosen; at most 6"),
    ],
)
def test_what_cannot_be_compared_is_said(site: str, asked: str, says: str) -> None:
    answer = ask(site, f"/compare?{asked}")
    assert answer.status_code == 400
    assert says.lower() in unescape(answer.text).lower()


def test_the_bare_page_offers_every_country_with_agencies(site: str) -> None:
    page = ask(site, "/compare").text
    countries = {str(row["country"]) for row in rows_of(site, "")}
    assert set(re.findall(r'name="country" value="(\w+)"', page)) == countries
    assert "One is chosen" in ask(site, "/compare?country=CA").text


@pytest.mark.parametrize("javascript", [True, False])
def test_ticked_rows_lead_to_their_comparison(site: str, browser: Browser, javascript: bool) -> None:
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    page.goto(f"{site}/clearview/agencies?_search=toronto")
    page.get_by_label("Compare Toronto Police Service").check()
    page.goto(f"{site}/clearview/agencies?country=BE")
    page.get_by_label("Compare Federal Police (Belgium)").check()
    page.get_by_role("button", name="Compare the ticked rows").click()
    page.wait_for_url("**/compare?agency=be-federal-police-belgium")
    page.goto(f"{site}/clearview/countries")
    for name in ("Canada", "Australia"):
        page.get_by_label(f"Compare {name}", exact=True).check()
    page.get_by_role("button", name="Compare the ticked rows").click()
    page.wait_for_url("**/compare?country=*&country=*")
    assert "Canada" in page.locator("h1").inner_text()
    context.close()
