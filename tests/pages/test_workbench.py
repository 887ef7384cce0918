"""The SQL page as a reader uses it, in a real browser under the site's policy."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from axe_faults import find_axe_faults
from playwright.sync_api import Browser, Locator, Page, expect
from sql_page import BY_COUNTRY, WAIT, open_sql_page, put_in, run, type_in


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with open_sql_page(browser, site) as page:
        yield page


def find_offers(page: Page) -> Locator:
    """Return the names on offer, without what is said beside them: a column says the name of its table."""
    return page.locator(".cm-tooltip-autocomplete .cm-completionLabel")


def expect_first_offers(page: Page, *names: str) -> None:
    """Wait for these names at the head of the list: the list of what was typed before may stand there still."""
    for place, name in enumerate(names):
        expect(find_offers(page).nth(place)).to_have_text(name, timeout=WAIT)


def accept(page: Page) -> None:
    page.locator(".cm-tooltip-autocomplete [aria-selected]").click()
    page.locator(".cm-tooltip-autocomplete").wait_for(state="detached")


def read_box(page: Page) -> str:
    return page.locator("#sql").input_value()


def test_what_is_typed_is_completed_and_control_enter_runs_it(page: Page) -> None:
    type_in(page, "sel")
    expect_first_offers(page, "select")
    accept(page)
    page.keyboard.type(" name from ag")
    expect_first_offers(page, "agencies", "agency_types")
    accept(page)
    page.keyboard.type(" where coun")
    expect_first_offers(page, "country", "country_name")
    expect(page.locator(".cm-completionInfo")).to_contain_text("Country the agency belongs to", timeout=WAIT)
    assert page.locator("[aria-selected] .cm-completionDetail").inner_text() == "text · agencies"
    accept(page)
    page.keyboard.type(" = 'cana")
    expect(find_offers(page)).to_have_text(["Canada"], timeout=WAIT)
    accept(page)
    assert read_box(page) == "select name from agencies where country = 'CA'"
    page.keyboard.press("Control+Enter")
    expect(page.locator("#row-count")).to_contain_text("32 rows", timeout=WAIT)
    assert page.url.endswith(urlencode({"sql": "select name from agencies where country = 'CA'"}))
    assert page.locator("#result tbody tr").count() == 32


def test_codes_tables_by_another_name_and_functions_are_offered(page: Page) -> None:
    put_in(page, "select a. from agencies as a")
    for _ in range(len(" from agencies as a")):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("searches_m")
    expect_first_offers(page, "searches_max", "searches_min")
    put_in(page, "select * from reports where response in ('denied',")
    page.keyboard.type(" ")
    expect_first_offers(page, "Admitted")
    expect(find_offers(page).filter(has_text=re.compile("^Denied, then admitted$"))).to_have_count(1, timeout=WAIT)
    type_in(page, "select group_c")
    expect(find_offers(page)).to_have_text(["group_concat"], timeout=WAIT)
    type_in(page, "-- sel")
    page.locator(".cm-tooltip-autocomplete").wait_for(state="detached")


def test_a_misspelt_column_is_marked_and_the_right_one_runs(page: Page) -> None:
    run(page, "select nmae from agencies")
    fault = page.locator(".fault")
    expect(fault).to_contain_text("no such column: nmae (line 1, character 8)", timeout=WAIT)
    assert page.locator(".cm-lintRange-error").inner_text() == "nmae"
    assert page.locator("#result table").count() == 0
    fault.get_by_role("button", name="name").click()
    expect(page.locator("#row-count")).to_contain_text("74 rows", timeout=WAIT)
    assert read_box(page) == "select name from agencies"
    assert fault.count() == 0
    assert page.locator(".cm-lintRange-error").count() == 0


def test_a_statement_is_formatted(page: Page) -> None:
    put_in(page, "SELECT name,country FROM agencies WHERE country='CA'")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Format").click()
    page.wait_for_function("() => document.querySelector('#sql').value.includes('\\n')")
    assert read_box(page).split() == [
        "select",
        "name,",
        "country",
        "from",
        "agencies",
        "where",
        "country",
        "=",
        "'CA'",
    ]


def test_a_click_inserts_a_column_and_a_join(page: Page) -> None:
    put_in(page, "select ")
    page.locator(".sql-tables summary", has_text="reports").click()
    page.get_by_role("button", name="searches_as_printed", exact=True).click()
    assert read_box(page) == "select searches_as_printed"
    page.keyboard.insert_text(" from reports")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="source = sources.id", exact=True).first.click()
    assert read_box(page).endswith(" from reports join sources on sources.id = reports.source")


def test_an_example_runs_where_it_is(page: Page) -> None:
    page.get_by_text("Ten worked examples").click()
    page.get_by_role("link", name="A running total").click()
    expect(page.locator("#row-count")).to_contain_text("17 rows", timeout=WAIT)
    assert "sum(named) over" in read_box(page)
    page.go_back()
    page.wait_for_function("() => document.querySelector('#sql').value === 'select 1'")


def test_history_stays_in_the_browser_until_it_is_cleared(page: Page) -> None:
    asked: list[str] = []
    run(page, BY_COUNTRY)
    page.locator("#row-count").get_by_text("3 rows").wait_for()
    page.goto("/clearview")
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".past summary").click()
    page.locator(".past li button", has_text=BY_COUNTRY).wait_for()
    assert [url for url in asked if "sql=" in url] == []
    page.get_by_role("button", name="Clear history").click()
    page.get_by_text("Nothing yet").wait_for()
    page.reload()
    page.locator(".past summary").click()
    page.get_by_text("Nothing yet").wait_for()


def test_a_parameter_gets_a_box(page: Page) -> None:
    run(page, "select name from agencies where country = :country")
    page.get_by_text("No rows.").wait_for()
    page.get_by_label("country").fill("MT")
    page.get_by_label("country").press("Enter")
    page.wait_for_url("**country=MT")


def test_the_keyboard_gets_into_the_editor_and_out_again(page: Page) -> None:
    run(page, "select name from agencies")
    page.locator("#row-count").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className") == "sql-editor"


def test_the_editor_comes_in_a_browser_that_is_never_idle(site: str, browser: Browser) -> None:
    never_idle = "requestIdleCallback = (act, asked) => { if (asked?.timeout) setTimeout(act, asked.timeout); };"
    with open_sql_page(browser, site, never_idle) as page:
        type_in(page, "sel")
        expect_first_offers(page, "select")


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_while_it_is_used(site: str, browser: Browser, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=site)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/clearview?" + urlencode({"sql": BY_COUNTRY}))
    if width < 640:  # there the editor comes at the first touch
        page.locator("#sql").click()
    page.locator(".cm-content").wait_for()
    found = {}

    def look(name: str) -> None:
        found[name] = find_axe_faults(page)
        found[name] += [] if page.evaluate("document.documentElement.scrollWidth") <= width else ["too wide"]

    type_in(page, "select coun")
    page.locator(".cm-tooltip-autocomplete").wait_for()
    look("completing")
    run(page, "select nmae from agencies")
    page.locator(".fault").wait_for()
    look("fault")
    run(page, BY_COUNTRY)
    page.get_by_role("button", name="Chart", exact=True).click()
    page.locator(".drawn").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    look("chart")
    context.close()
    assert {name: breaches for name, breaches in found.items() if breaches} == {}


def test_without_javascript_the_box_works(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/clearview")
    page.locator("#sql").fill("select nmae from agencies")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("link", name="name", exact=True).click()
    assert page.locator("#result tbody tr").count() == 74
    context.close()
