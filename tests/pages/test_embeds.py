"""Embeds: an article of somebody else's, as strict as a page can be, shows four; it can frame nothing else of ours."""

import re
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote

import httpx
import pytest
from axe_faults import find_axe_faults
from conftest import PATIENCE
from playwright.sync_api import Browser, Frame, Page

FRAMES = {
    "map": "/embed/map?country=CA",
    "chart": "/embed/chart/responses?country=CA",
    "table": "/embed/table?country=CA",
    "agency": "/embed/agency/xx-europol",
}
SHOWN = {
    "map": ".place, .place-cluster",
    "chart": "svg.plot-marks",
    "table": "tbody tr",
    "agency": "text=No use reported",
}
CODE = re.compile(r'<pre class="embed-code"[^>]*>(.*?)</pre>')
PANELS = {
    "/clearview/agencies?country=CA": ["/embed/table?country=CA", "/embed/map?country=CA"],
    "/clearview/agencies/xx-europol": ["/embed/agency/xx-europol"],
    "/clearview/countries/CA": ["/embed/chart/searches?country=CA", "/embed/map?country=CA"],
    "/charts?country=CA": [
        f"/embed/chart/{kind}?country=CA" for kind in ("responses", "countries", "searches", "reports", "coverage")
    ],
}


def ask(site: str, path: str) -> httpx.Response:
    return httpx.get(site + path, trust_env=False)


def read_codes(site: str, path: str) -> list[str]:
    """Return the codes that the panels of a page offer."""
    return [unescape(code) for code in CODE.findall(ask(site, path).text)]


@pytest.fixture(scope="module")
def article(site: str) -> Iterator[str]:
    """Serve an article with the four embeds' own codes, and a page that frames whatever is asked; yield its address."""
    pages = ("/clearview/agencies?country=CA", "/clearview/agencies/xx-europol", "/charts/responses?country=CA")
    codes = [code for page in pages for code in read_codes(site, page)]
    chosen = [next(code for code in codes if frame in code) for frame in FRAMES.values()]

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            framed = self.path.partition("?frame=")[2]
            body = f'<iframe src="{site}{framed}" title="Framed"></iframe>' if framed else "<hr>".join(chosen)
            self.send_response(200)
            policy = f"default-src 'none'; frame-src {site}; base-uri 'none'; form-action 'none'"
            for name, value in {
                "content-type": "text/html; charset=utf-8",
                "content-security-policy": policy,
                "cross-origin-embedder-policy": "require-corp",
                "cross-origin-opener-policy": "same-origin",
                "referrer-policy": "no-referrer",
            }.items():
                self.send_header(name, value)
            self.end_headers()
            head = '<meta name="viewport" content="width=device-width"><title>A</title>'
            self.wfile.write(f"<!doctype html><html lang=en>{head}<main><h1>An article</h1>{body}</main>".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


def find_frame(page: Page, part: str) -> Frame:
    """Return the frame whose address has this part, when it is there: the page's own load may be told before."""
    for _ in range(10 * PATIENCE):
        if found := [frame for frame in page.frames[1:] if part in frame.url]:
            return found[0]
        page.wait_for_timeout(100)
    raise AssertionError(f"no frame of {part}")


def frame_at(page: Page, path: str, shown: str) -> Frame:
    """Return the frame of an address, scrolled to, when it shows what it is for: a map is drawn near its reader."""
    page.locator(f'iframe[src*="{path}"]').scroll_into_view_if_needed()
    frame = find_frame(page, path)
    frame.locator(shown).first.wait_for()
    return frame


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_an_article_of_the_strictest_policy_shows_four(site: str, article: str, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith((site, article)) else said.append(one.url))
    page.goto(article)
    assert page.evaluate("crossOriginIsolated")
    found = {name: frame_at(page, path, SHOWN[name]) for name, path in FRAMES.items()}
    found["map"].locator(".basemap-town").first.wait_for(state="attached")
    table = found["table"]
    for name, frame in found.items():
        assert frame.locator("h1").count() == 1, name
        assert frame.get_by_text("A listing is not an accusation").is_visible(), name
        assert frame.locator("footer a").get_attribute("href"), name
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert find_axe_faults(page) == []
    # The table is filtered in its frame, and the article stays.
    rows = table.locator("tbody tr").count()
    table.locator("[name=_search]").fill("toronto")
    table.locator("button").click()
    table.wait_for_url("**/embed/table?*toronto*")
    table.locator("tbody tr").first.wait_for()
    assert 0 < table.locator("tbody tr").count() < rows
    assert page.url.rstrip("/") == article
    with page.expect_popup() as opened:
        found["agency"].locator("h1 a").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{site}/clearview/agencies/xx-europol"
    opened.value.close()
    page.close()
    assert said == []


@pytest.mark.parametrize(
    "path",
    ["/", "/clearview/agencies", "/charts/responses", "/clearview/agencies/xx-europol", "/compare", "/embed",
     "/embedded", "/charts/responses.svg", "/oembed.json", "/clearview.json"],
)  # fmt: skip
def test_framing_anything_else_is_refused(site: str, path: str) -> None:
    headers = ask(site, path).headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_browser_refuses_to_frame_a_page(site: str, article: str, browser: Browser) -> None:
    page = browser.new_page()
    for path, shown in (("/embed/agency/xx-europol", f"{site}/embed/agency/xx-europol"), ("/about", "chrome-error:")):
        page.goto(f"{article}/?frame={path}")
        find_frame(page, shown)
        assert [frame.url.startswith(shown) for frame in page.frames[1:]] == [True], path
    page.close()


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/embed/agency/nobody", 404, "No agency has the identifier nobody"),
        ("/embed/chart/pie", 404, "There is nothing at"),
        ("/embed/", 404, "There is nothing at"),
        ("/embed/..%2Fclearview", 404, "There is nothing at"),
        ("/embed/chart/figures", 400, "this chart is of one agency"),
        ("/embed/map?contry=CA", 400, "no column"),
        ("/embed/agency/xx-europol?country=CA", 400, "takes no parameters"),
    ],
)
def test_a_frame_says_its_own_fault(site: str, path: str, status: int, says: str) -> None:
    answer = ask(site, path)
    assert answer.status_code == status
    assert says.lower() in unescape(answer.text).lower()
    assert "A listing is not an accusation" in answer.text
    assert "<nav" not in answer.text


@pytest.mark.parametrize("page", PANELS)
def test_panels_give_the_code_of_frames_that_answer(site: str, page: str) -> None:
    codes = read_codes(site, page)
    addresses = [unescape(str(re.findall('src="([^"]*)"', code)[0])) for code in codes]
    assert addresses == [site + frame for frame in PANELS[page]]
    assert all(" style=" not in code and "<script" not in code and 'title="' in code for code in codes)
    assert {httpx.get(address, trust_env=False).status_code for address in addresses} == {200}


def test_the_code_can_be_copied(site: str, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/clearview/agencies/xx-europol")
    panel = page.locator(".embed-panel", has_text="this agency's card")
    panel.locator("summary").click()
    panel.get_by_role("button", name="Copy code").click()
    panel.get_by_text("Copied.", exact=True).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") in read_codes(site, "/clearview/agencies/xx-europol")
    context.close()


def test_the_small_table_works_without_javascript_and_tells_how_many_it_shows(site: str) -> None:
    page = ask(site, "/embed/table?searches_min__gt=100&response=admitted&country=").text
    assert 'type="hidden" name="searches_min__gt" value="100"' in page
    assert '<option value="admitted" selected>' in page
    rows = ask(site, "/clearview/agencies.json?_shape=array&searches_min__gt=100&response=admitted").json()
    assert f"<strong>{len(rows)} agencies</strong>" in page
    assert page.count('scope="row"') == len(rows) > 0


OEMBED = {
    "/": "/embed/map",
    "/clearview/agencies?country=CA": "/embed/table?country=CA",
    "/clearview/agencies/xx-europol": "/embed/agency/xx-europol",
    "/clearview/countries/CA": "/embed/map?country=CA",
    "/charts/searches?country=CA": "/embed/chart/searches?country=CA",
    "/embed/chart/reports": "/embed/chart/reports",
}


@pytest.mark.parametrize("path", OEMBED)
def test_oembed_gives_the_frame_of_a_page_that_names_it(site: str, path: str) -> None:
    link = f"{site}/oembed.json?url={quote(site + path, safe='')}"
    if not path.startswith("/embed"):
        found = re.findall(
            r'<link rel="alternate" type="application/json\+oembed" href="([^"]*)"', ask(site, path).text
        )
        assert [unescape(one) for one in found] == [link]
    told = httpx.get(link, trust_env=False).json()
    assert (told["version"], told["type"], told["provider_url"]) == ("1.0", "rich", f"{site}/")
    assert f'src="{site}{OEMBED[path]}"' in unescape(told["html"])
    assert told["title"]
    small = httpx.get(f"{link}&maxwidth=300&maxheight=200", trust_env=False).json()
    assert (small["width"], small["height"]) == (300, 200)
    assert 'width="300" height="200"' in small["html"]


def test_oembed_never_names_an_agency_without_its_word_on_use(site: str) -> None:
    url = quote(f"{site}/clearview/agencies/xx-europol", safe="")
    assert ask(site, f"/oembed.json?url={url}").json()["title"] == "Europol (no use reported)"


@pytest.mark.parametrize(
    ("asked", "status"),
    [("", 400), ("url=https://example.org/clearview/agencies", 404), ("url=SITE/about", 404),
     ("url=SITE/clearview/agencies/nobody", 404), ("url=SITE/&format=xml", 501), ("url=SITE/&maxwidth=-1", 400),
     ("url=SITE/&more=1", 400), ("url=javascript:alert(1)", 404)],
)  # fmt: skip
def test_oembed_refuses_what_is_no_page_to_embed(site: str, asked: str, status: int) -> None:
    assert ask(site, f"/oembed.json?{asked.replace('SITE', site)}").status_code == status
