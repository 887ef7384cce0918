"""The timeline: every report, response and regulatory action once, in order of date, each a link to its place."""

import re
import sqlite3
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
POINT = re.compile(r'<li class="point-(\w+)">(.*?)</li>', re.DOTALL)
DATE = re.compile(r'<time datetime="([^"]+)">')
HREF = re.compile(r'<a href="([^"]+)"')


def count(sql: str) -> int:
    db = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    (number,) = db.execute(sql).fetchone()
    db.close()
    return int(number)


def read_points(site: str, query: str = "") -> list[tuple[str, str, str]]:
    """Return kind, date ("" where there is none) and address of each point, in the order of the page."""
    answer = httpx.get(f"{site}/timeline{query}", trust_env=False)
    assert answer.status_code == httpx.codes.OK
    points = []
    for kind, inside in POINT.findall(answer.text):
        date, href = DATE.search(inside), HREF.search(inside)
        assert href
        points.append((kind, date[1] if date else "", href[1]))
    return points


@pytest.mark.parametrize(
    ("query", "reports", "actions"),
    [
        ("", "true", "true"),
        ("?country=BE", "country = 'BE'", "country = 'BE'"),
        ("?agency=au-australian-federal-police", "agency = 'au-australian-federal-police'", "country = 'AU'"),
    ],
)
def test_all_is_there_once_and_in_order(site: str, query: str, reports: str, actions: str) -> None:
    points = read_points(site, query)
    kinds = [kind for kind, _, _ in points]
    assert kinds.count("report") == count(f"select count(distinct source) from reports where {reports}")
    assert kinds.count("action") == count(f"select count(*) from regulatory_actions where {actions}")
    assert kinds.count("response") == count(
        f"select count(distinct agency || response) from reports where response <> 'not_stated' and {reports}"
    )
    dates = [date for _, date, _ in points]
    dated = [date for date in dates if date]
    assert dated == sorted(dated)
    assert dates[: len(dated)] == dated  # those without a date are last
    places = [href for kind, _, href in points if kind != "response"]
    assert len(set(places)) == len(places)


def test_a_response_has_the_date_of_the_first_report_that_gives_it(site: str) -> None:
    responses = [point for point in read_points(site, "?agency=be-federal-police-belgium") if point[0] == "response"]
    for _, date, href in responses:
        number = href.rpartition("/")[2]
        earlier = f"""
            select count(*) from reports as one join reports as other on other.agency = one.agency
            where one."no" = {number} and other.response = one.response and other.published < one.published
        """
        assert count(earlier) == 0
        assert count(f"""select count(*) from reports where "no" = {number} and published = '{date}'""") == 1
    assert len(responses) == 3


def test_every_point_leads_to_a_page(site: str) -> None:
    with httpx.Client(trust_env=False) as client:
        for _, _, href in read_points(site, "?country=BE"):
            assert client.get(site + href).status_code == httpx.codes.OK, href


def test_one_kind_alone(site: str) -> None:
    assert {kind for kind, _, _ in read_points(site, "?country=CA&kind=action")} == {"action"}
    assert "Nothing of this kind" in httpx.get(f"{site}/timeline?country=DK&kind=action", trust_env=False).text


def test_an_agency_without_reported_use_never_stands_without_that_word(site: str) -> None:
    assert "No use reported" in httpx.get(f"{site}/timeline?agency=xx-europol", trust_env=False).text
    page = httpx.get(f"{site}/timeline?country=SI", trust_env=False).text
    names = page.count('<a href="/clearview/agencies/si-slovenian-police">')
    assert names == page.count('<span class="use">No use reported</span>') > 0


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?country=QQ", 404), ("?country=", 404), ("?agency=nobody", 404), ("?agency=xx-europol&country=XX", 400),
        ("?kind=accusation", 400), ("?year=2020", 400), ("?country=CA&country=AU", 400),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(site: str, query: str, status: int) -> None:
    assert httpx.get(f"{site}/timeline{query}", trust_env=False).status_code == status


def test_the_list_is_whole_without_javascript(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/timeline?country=CA")
    assert page.locator("ol.points > li").count() == len(read_points(site, "?country=CA"))
    assert page.locator("ol.points time").first.is_visible()
    assert page.locator("text=A listing is not an accusation").first.is_visible()
    context.close()
