"""axe-core finds nothing on any kind of page, light or dark, wide or narrow; the keyboard reaches the content first."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

KINDS = [
    "/",
    "/clearview/agencies",
    "/clearview/agencies?country=CA&response=denied",
    "/clearview/agencies?_search=nothinglikethis",
    "/clearview/agencies/be-federal-police-belgium",
    "/clearview/countries/CA",
    "/clearview/sources/S001",
    "/clearview/claims/17",
    "/clearview/bodies_by_country",
    "/clearview?sql=select+1",
    "/clearview",
    "/charts",
    "/charts?country=CA&response=denied",
    "/charts?country=MT",
    "/about",
    "/search",
    "/search?q=police",
    "/downloads",
    "/search?q=nothinglikethis+police",
    "/api",
    "/clearview/agencies/nobody",
]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: str, browser: Browser, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    found = []
    for path in KINDS:
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        breaches = Axe().run(page).response["violations"]
        found += [f"{path}: {one['id']} ({one['impact']}) {one['nodes'][0]['html'][:120]}" for one in breaches]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path}: {wide} pixels wide at {width}")
    context.close()
    assert found == []


def test_first_key_skips_to_the_content(site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site}/clearview/agencies")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/charts?country=BE",
        "/clearview/agencies?country=BE",
        "/clearview/agencies/be-federal-police-belgium",
        "/search?q=garante",
        "/search?q=nothinglikethis",
        "/downloads",
    ],
)
def test_every_link_can_be_reached_and_seen_by_keyboard(site: str, browser: Browser, path: str) -> None:
    page = browser.new_page()
    page.goto(site + path)
    stops = page.locator("a[href]:visible, button:visible, input:visible, summary:visible").count()
    unseen, reached = [], set()
    for _ in range(stops + 40):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "(e => e === document.body ? null : [[...document.querySelectorAll('*')].indexOf(e),"
            " getComputedStyle(e).outlineStyle, e.outerHTML.slice(0, 80)])(document.activeElement)"
        )
        if stop is None or stop[0] in reached:
            break
        reached.add(stop[0])
        if stop[1] == "none":
            unseen.append(stop[2])
    page.close()
    assert unseen == []
    assert len(reached) >= stops


def test_pages_are_whole_without_javascript(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in KINDS[:-1]:
        page.goto(site + path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("text=A listing is not an accusation").first.is_visible(), path
    page.goto(f"{site}/clearview/agencies")
    assert page.locator("tbody tr").count() == 69
    assert page.locator(".facets a").first.is_visible()
    context.close()
