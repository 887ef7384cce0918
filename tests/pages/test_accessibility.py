"""axe-core finds nothing on any kind of page, light or dark, wide or narrow; the keyboard reaches all there is."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_faults import COLOURS, FEW_ALIKE, find_axe_faults
from playwright.sync_api import Browser, Page
from sampling import sample

KINDS = [
    "/",
    "/clearview/agencies",
    "/clearview/agencies?country=CA&response=denied",
    "/clearview/agencies?_search=nothinglikethis",
    "/clearview/agencies/be-federal-police-belgium",
    "/clearview/countries/CA",
    "/clearview/sources/S001",
    "/clearview/reports/17",
    "/clearview/agencies_by_country",
    "/clearview?sql=select+1",
    "/clearview",
    "/charts",
    "/charts?country=CA&response=denied",
    "/charts?country=MT",
    "/charts/searches?country=CA",
    "/compare",
    "/compare?country=CA,AU,GB",
    "/compare?agency=be-federal-police-belgium,xx-europol",
    "/embed/map?country=CA",
    "/embed/table?country=CA",
    "/embed/chart/reports",
    "/embed/agency/xx-europol",
    "/about",
    "/search",
    "/search?q=police",
    "/downloads",
    "/changes",
    "/search?q=nothinglikethis+police",
    "/api",
    "/timeline",
    "/timeline?agency=au-australian-federal-police",
    "/clearview/agencies/nobody",
]
# Of these one of each way to build a page: the others are built alike, and make test-slow looks at all of them.
SAMPLED = [
    "/",
    "/clearview/agencies?country=CA&response=denied",
    "/clearview/agencies/be-federal-police-belgium",
    "/clearview?sql=select+1",
    "/charts?country=MT",
    "/search?q=police",
]

OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
Scheme = Literal["light", "dark"]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 900}


def find_breaches(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds, by all its rules or by these, and whether the page is wider than the screen."""
    found = find_axe_faults(page, rules)
    wide, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [*found, f"{wide} pixels wide at {width}"] if wide > width else found


@pytest.fixture(scope="module")
def wide_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=sample(KINDS, SAMPLED))
def visited(site: str, wide_page: Page, request: pytest.FixtureRequest) -> Page:
    """Return a page of each kind, open for the tests that follow, with few rows alike."""
    wide_page.goto(site + request.param)
    wide_page.evaluate(FEW_ALIKE)
    return wide_page


def test_first_key_skips_to_the_content(site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site}/clearview/agencies")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


# What the keyboard stands on: a number of its own, whether its mark is drawn and in view, and what it is.
STOP = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(e);
  const { top, bottom, left, right } = e.getBoundingClientRect();
  const marked = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const inView = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  window.stops ??= new Map();
  if (!stops.has(e)) stops.set(e, stops.size);
  return [stops.get(e), marked && inView, e.outerHTML.slice(0, 80)];
}"""
REACHABLE = ", ".join(
    f"{one}:visible" for one in ("a[href]", "button", "input:not([type=hidden])", "select", "textarea", "summary")
)


def find_unreached(page: Page) -> list[str]:
    """Return what the keyboard does not reach on a page, or what is not seen to be reached."""
    stops = page.locator(REACHABLE).count()
    unseen, reached = [], set()
    for _ in range(stops + 150):  # a map that comes into view brings its dots
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop[0] in reached:
            break
        reached.add(stop[0])
        if not stop[1]:
            unseen.append(stop[2])
    return unseen if len(reached) >= stops else [*unseen, f"{len(reached)} of {stops} are reached"]


def test_every_link_can_be_reached_and_seen_by_keyboard(visited: Page) -> None:
    assert find_unreached(visited) == []


def test_axe_finds_nothing_by_day_on_a_desk_nor_by_night_on_a_phone(visited: Page) -> None:
    visited.evaluate(OPEN_ALL)
    assert find_breaches(visited) == []
    visited.emulate_media(color_scheme="dark")
    visited.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found = find_breaches(visited, COLOURS)
    visited.emulate_media(color_scheme="light")
    visited.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert found == []


@pytest.mark.parametrize("path", sample(KINDS, SAMPLED[1:2]))
def test_every_link_can_be_reached_and_seen_on_a_phone(site: str, browser: Browser, path: str) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    page.goto(site + path)
    page.evaluate(FEW_ALIKE)
    assert find_unreached(page) == []
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scheme", "other"), [(WIDE, "light", "dark"), (PHONE, "dark", "light")])
def test_axe_finds_nothing_in_any_row(
    site: str, browser: Browser, size: dict[str, int], scheme: Scheme, other: Scheme
) -> None:
    context = browser.new_context(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for path in KINDS:
        page.emulate_media(color_scheme=scheme)
        page.goto(site + path)
        page.evaluate(OPEN_ALL)
        found[path] = find_breaches(page)
        page.evaluate(FEW_ALIKE)
        page.emulate_media(color_scheme=other)
        found[f"{path}, {other}"] = find_breaches(page, COLOURS)
    context.close()
    assert {path: breaches for path, breaches in found.items() if breaches} == {}


@pytest.mark.parametrize("paths", sample([SAMPLED, KINDS[:-1]], [SAMPLED]), ids=["sample", "all"])
def test_pages_are_whole_without_javascript(site: str, browser: Browser, paths: list[str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in paths:
        page.goto(site + path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("text=A listing is not an accusation").first.is_visible(), path
    page.goto(f"{site}/clearview/agencies")
    assert page.locator("tbody tr").count() == 74
    assert page.locator(".facets a").first.is_visible()
    context.close()
