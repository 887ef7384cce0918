"""The Content-Security-Policy in a real browser: every kind of page works under it, and none of them breaches it."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, Page
from sampling import sample
from test_accessibility import KINDS, SAMPLED

ENDLESS = "/clearview?" + urlencode(
    {"sql": "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"}
)
PAGES = [
    *KINDS,
    "/search?q=toronto",
    "/clearview/reports?_all=on",
    "/clearview/cleaning_log",
    "/clearview/coverage",
    "/clearview/reports_about_an_agency?agency=kripos",
    "/clearview?" + urlencode({"sql": "select name, latitude, longitude from agencies"}),
    "/clearview?" + urlencode({"sql": "select nothing"}),
    ENDLESS,
    "/clearview/licences/paid",
    "/reconcile/preview?id=be-federal-police-belgium",
    "/-/metadata",
]
FEW = [*SAMPLED, *PAGES[-8::3]]
# Keeps each breach that the browser reports, from the first moment of a page on.
LISTEN = """document.addEventListener("securitypolicyviolation", (breach) => {
  (window.breaches ??= []).push(`${breach.effectiveDirective} ${breach.blockedURI} ${breach.sample}`);
});"""


@pytest.fixture
def locate(site: str, limited_site: str) -> Callable[[str], str]:
    """Return what gives a page's address: the one that has to take too long is asked for where that is a second."""
    return lambda path: (limited_site if path == ENDLESS else site) + path


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site)
    context.add_init_script(LISTEN)
    page = context.new_page()
    yield page
    context.close()


def breaches(page: Page) -> list[str]:
    return page.evaluate("window.breaches ?? []")


@pytest.mark.parametrize("paths", sample([FEW, PAGES], [FEW]), ids=["sample", "all"])
def test_no_page_breaches_the_policy(page: Page, locate: Callable[[str], str], paths: list[str]) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if "Failed to load resource" not in line.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    found = []
    for path in paths:
        page.goto(locate(path))
        found += [f"{path}: {breach}" for breach in breaches(page)]
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", path  # its looks are there
    assert found == []
    assert said == []


def test_the_page_that_takes_too_long_does(limited_site: str) -> None:
    assert "longer than this service allows" in httpx.get(limited_site + ENDLESS, trust_env=False).text


@pytest.mark.slow
def test_map_works_under_the_policy(page: Page) -> None:
    for path in (
        "/",
        "/clearview/agencies",
        "/clearview/countries/CA",
        "/clearview/agencies/be-federal-police-belgium",
    ):
        page.goto(path)
        page.locator("[data-map-src]").first.scroll_into_view_if_needed()
        page.locator(".place, .place-cluster").first.wait_for()
        page.locator(".basemap-town").first.wait_for(state="attached")
        page.mouse.wheel(0, 400)
        page.locator(".leaflet-control-zoom-in").first.click()
        assert breaches(page) == [], path
    page.locator(".place").first.click()
    page.locator(".place-popup").wait_for()
    assert breaches(page) == []


def test_policy_is_enforced(page: Page) -> None:
    page.goto("/about")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        const inline = "<p id=styled style='color: red' onclick='window.ran = true'>x</p>";
        document.body.insertAdjacentHTML("beforeend", inline);
        document.querySelector("#styled").click();
        const image = document.createElement("img");
        image.src = "https://example.org/x.png";
        document.body.append(image);
    }""")
    page.wait_for_function("() => (window.breaches ?? []).length >= 4")
    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.querySelector('#styled')).color") != "rgb(255, 0, 0)"
    kinds = {breach.split()[0] for breach in breaches(page)}
    assert kinds == {"script-src-elem", "script-src-attr", "style-src-attr", "img-src"}


@pytest.mark.parametrize(
    "path", [*PAGES, "/clearview/agencies.json", "/clearview.db", "/static/site.css", "/robots.txt"]
)
def test_headers_are_on_every_answer(locate: Callable[[str], str], path: str) -> None:
    headers = httpx.get(locate(path), trust_env=False).headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["content-security-policy"].split(";")}
    assert policy["default-src"] == ["'none'"]
    assert not any(
        "unsafe" in source or source.startswith(("'sha", "'nonce", "http", "*"))
        for name, sources in policy.items()
        for source in sources
        if name != "frame-ancestors"
    )
    framed = path.startswith(("/reconcile/preview", "/embed/"))
    assert policy["frame-ancestors"] == (["*"] if framed else ["'none'"])
    assert headers.get("x-frame-options") == (None if framed else "DENY")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert not any(character.isdigit() for character in headers.get("server", ""))
    assert "x-powered-by" not in headers


def test_no_page_carries_inline_script_or_style(locate: Callable[[str], str]) -> None:
    for path in PAGES:
        page = httpx.get(locate(path), trust_env=False).text
        assert "<style" not in page, path
        assert " style=" not in page, path
        scripts = [tag.split(">")[0] for tag in page.split("<script")[1:]]
        assert all("src=" in tag or 'type="application/ld+json"' in tag for tag in scripts), path
