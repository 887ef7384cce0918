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
    "/clearview/reports/17",
    "/clearview/agencies_by_country",
    "/clearview?sql=select+1",
    "/clearview",
    "/charts",
    "/charts?country=CA&response=denied",
    "/charts?country=MT",
    "/about",
    "/search",
    "/search?q=police",
    "/downloads",
    "/changes",
    "/search?q=nothinglikethis+police",
    "/api",
    "/timeline?agency=xx-interpol",
    "/clearview/agencies/nobody",
]


# Takes out the rows of a table after the first ones, which are of the same kinds.
FEW_ROWS = "count => document.querySelectorAll(`tbody tr:nth-child(n + ${count + 1})`).forEach(row => row.remove())"
ROWS = 8


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("rows", [ROWS, pytest.param(1000, marks=pytest.mark.slow)])
def test_axe_finds_nothing(site: str, browser: Browser, rows: int, scheme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    found = []
    for path in KINDS:
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.evaluate(FEW_ROWS, rows)
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


@pytest.mark.parametrize(("path", "width"), [(path, 1280) for path in KINDS] + [(path, 390) for path in KINDS[:6]])
def test_every_link_can_be_reached_and_seen_by_keyboard(site: str, browser: Browser, path: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(site + path)
    page.evaluate(FEW_ROWS, ROWS)
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
    assert page.locator("tbody tr").count() == 74
    assert page.locator(".facets a").first.is_visible()
    context.close()
