"""What the SQL page makes of a result: labels, copies, charts, a map."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sampling import sample
from sql_page import BY_COUNTRY, WAIT, open_sql_page, run


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with open_sql_page(browser, site) as page:
        yield page


def test_labels_stand_for_codes_where_a_reader_wants_them(page: Page) -> None:
    run(page, BY_COUNTRY)
    first = page.locator("#result tbody td").first
    expect(first).to_have_text("CA", timeout=WAIT)
    page.get_by_label("Labels instead of codes").check()
    expect(first).to_have_text("Canada", timeout=WAIT)
    page.get_by_label("Labels instead of codes").uncheck()
    expect(first).to_have_text("CA", timeout=WAIT)
    run(page, "select count(*) as number from agencies")
    expect(first).to_have_text("74", timeout=WAIT)
    assert page.get_by_label("Labels instead of codes").count() == 0


def test_a_result_is_copied_as_csv_markdown_and_link(page: Page) -> None:
    run(
        page,
        "select name, '=1+1' as sum from agencies where country = 'MT' or id = 'ca-toronto-police-service' order by 1",
    )
    copied = {}
    for form in ("CSV", "Markdown", "Link"):
        page.get_by_role("button", name=form, exact=True).click()
        page.get_by_text(f"{form} copied.").wait_for()
        copied[form] = page.evaluate("navigator.clipboard.readText()")
    assert copied["CSV"].splitlines()[0] == "name,sum"
    assert "Toronto Police Service,'=1+1" in copied["CSV"].splitlines()
    assert copied["Markdown"].splitlines()[:2] == ["| name | sum |", "| --- | --- |"]
    assert copied["Link"] == page.url


CHARTS = [
    (BY_COUNTRY, ["Bars: agencies by country"], "rect", 3),
    ("select 2020 as year, 5 as n union select 2021, 7", ["Line: n over year", "Bars: n by year"], ".dot", 2),
    ("select name, report_count, source_count from agencies", ["Bars: report_count by name"], "rect", 60),
    (
        "select report_count, source_count from agencies limit 9",
        ["Scatter: source_count against report_count"], ".dot", 9,
    ),
    (
        "select name, searches_min, searches_max from agencies where searches_min > 90 order by 2 desc limit 9",
        ["Intervals: searches_min to searches_max by name"], ".interval", 9,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "first", "mark", "count"), sample(CHARTS, CHARTS[1::3]), ids=[chart[1][0] for chart in CHARTS]
)
def test_a_chart_is_chosen_from_what_the_columns_hold(
    page: Page, sql: str, first: list[str], mark: str, count: int
) -> None:
    run(page, sql)
    page.locator("#row-count").wait_for()
    page.get_by_role("button", name="Chart", exact=True).click()
    page.locator(".drawn").wait_for()
    assert page.locator(".picture option").all_inner_texts()[: len(first)] == first
    assert page.locator(f".drawn {mark}").count() == count
    assert page.locator("#result table").is_hidden()
    page.get_by_role("button", name="Table", exact=True).click()
    assert page.locator("#result table").is_visible()


def test_what_is_not_known_is_not_drawn_as_a_number(page: Page) -> None:
    run(page, "select 'a' as x, 10 as n_min, null as n_max union select 'b', null, null union select 'c', 20, 30")
    page.locator("#row-count").wait_for()
    page.get_by_role("button", name="Chart", exact=True).click()
    page.locator(".drawn").wait_for()
    assert page.locator(".drawn title").all_text_contents() == ["a", "at least 10", "c", "20 to 30"]
    assert page.locator(".drawn .open").count() == 1
    assert "1 of 3 rows have no number and are not drawn." in page.locator(".picture").inner_text()
    run(page, "select name, locality from agencies")
    page.locator("#row-count").get_by_text("74 rows").wait_for()
    page.get_by_role("button", name="Chart", exact=True).click()
    page.get_by_text("No chart fits these columns").wait_for()


def test_rows_with_places_get_a_map(page: Page) -> None:
    run(page, "select name, latitude, longitude from agencies where country = 'CA'")
    page.locator(".place, .place-cluster").first.wait_for()


def test_a_ready_made_question_is_drawn_and_copied_too(page: Page) -> None:
    page.goto("/clearview/first_reported_between?since=2020-02&until=2020-03")
    page.get_by_role("button", name="Chart", exact=True).click()
    page.locator(".drawn rect").first.wait_for()
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_text("Link copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.locator(".cm-content").count() == 0
