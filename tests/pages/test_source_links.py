"""Links to the words of a source: what stands in them, and what a browser makes of them on saved pages."""

import base64
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

import httpx
import pytest
from playwright.sync_api import Browser
from sampling import sample

from service.source_links import link_to_archive, link_to_words

PAGE = "https://example.org/a"
# Counts the pixels of a picture that have the colour of the mark, in the browser itself.
COUNT = """async source => {
  const picture = new Image(); picture.src = source; await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  canvas.drawImage(picture, 0, 0);
  const data = canvas.getImageData(0, 0, picture.width, picture.height).data;
  let marked = 0;
  for (let i = 0; i < data.length; i += 4) marked += data[i] === 255 && data[i + 1] === 0 && data[i + 2] === 255;
  return marked }"""
FILLER = "<p>Nothing to see here, and a good deal of it.</p>\n" * 80
# Reports by number: with a name, a figure, both, in several scripts, with words left out, with "-", "," and "&".
TEN = (1, 2, 84, 187, 197, 201, 204, 298, 299, 304)


@pytest.mark.parametrize(
    ("report", "fragment"),
    [
        ({"agency_as_printed": "York Police", "searches_as_printed": "11-50"}, "#:~:text=York%20Police&text=11%2D50"),
        ({"agency_as_printed": "A, B & C"}, "#:~:text=A%2C%20B%20%26%20C"),
        ({"agency_as_printed": "police in … Port  Moody"}, "#:~:text=police%20in,Port%20Moody"),
        ({"agency_as_printed": "Офіс", "searches_as_printed": None}, "#:~:text=%D0%9E%D1%84%D1%96%D1%81"),
        ({"agency_as_printed": "78", "searches_as_printed": "78"}, "#:~:text=78"),
        ({"agency_as_printed": None, "searches_as_printed": " … "}, ""),
        ({}, ""),
    ],
)
def test_fragment_holds_the_printed_words_alone(report: dict[str, str | None], fragment: str) -> None:
    assert link_to_words(PAGE, report) == PAGE + fragment


def test_a_fragment_that_is_there_stays() -> None:
    assert link_to_words(f"{PAGE}#part", {"agency_as_printed": "Police"}) == f"{PAGE}#part:~:text=Police"


@pytest.mark.parametrize(
    ("published", "near"), [("2021-08-25", "20210825"), ("2021-08", "202108"), ("2021", "2021"), (None, "*")]
)
def test_archived_copies_are_looked_for_near_the_date(published: str | None, near: str) -> None:
    assert link_to_archive(PAGE, published) == f"https://web.archive.org/web/{near}/{PAGE}"


class Saved(http.server.BaseHTTPRequestHandler):
    """Serves the pages of a dictionary."""

    pages: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def saved() -> Iterator[str]:
    """Serve Saved.pages on this machine; yield the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Saved)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def save_page(report: dict[str, str | None]) -> str:
    """Return a page as its publisher might have printed it: far down, the name and the figure."""
    name = (report["agency_as_printed"] or "").replace(" … ", " Vancouver, Surrey and ").replace("&", "&amp;")
    style = "<style>::target-text { background: #f0f; color: #f0f }</style>"
    figure = report["searches_as_printed"] or "no number"
    told = f"<p id=told>It was said of {name}, on <b>Monday</b>: {figure}, no more.</p>"
    return f"<!doctype html><meta charset=utf-8><title>Saved</title>{style}<body>{FILLER}{told}{FILLER}"


@pytest.mark.parametrize("number", sample(TEN, TEN[::4]))
def test_a_browser_scrolls_to_the_words_and_marks_them(number: int, site: str, saved: str, browser: Browser) -> None:
    (report,) = httpx.get(f"{site}/clearview/reports/{number}.json?_shape=objects", trust_env=False).json()["rows"]
    Saved.pages[f"/{number}"] = save_page(report)
    page = browser.new_page(viewport={"width": 800, "height": 600})
    page.goto(f"{site}/clearview/reports/{number}")
    address = page.locator("ol.reports p.where a.out").first.get_attribute("href") or ""
    _, _, words = address.partition("#")
    assert words.startswith(":~:text=")
    for directive in words.removeprefix(":~:text=").split("&text="):
        for part in directive.split(","):
            assert unquote(part) in f"{report['agency_as_printed']} {report['searches_as_printed']}"
    page.goto(f"{saved}/{number}#{words}")
    page.wait_for_function("() => scrollY > 0")
    page.wait_for_function(
        "() => { const told = document.getElementById('told').getBoundingClientRect();"
        " return told.top >= 0 && told.bottom <= innerHeight }"
    )
    picture = base64.b64encode(page.screenshot()).decode()
    assert page.evaluate(COUNT, f"data:image/png;base64,{picture}") > 100
    page.close()


def test_every_page_of_a_reader_leads_to_the_words_and_to_archived_copies(site: str) -> None:
    for path in ("agencies/xx-europol", "reports/204", "sources/S174"):
        text = httpx.get(f"{site}/clearview/{path}", trust_env=False).text
        assert ("#:~:text=" in text, "https://web.archive.org/web/" in text) == (True, True), path


def test_europol_tells_what_was_corrected_and_why(site: str) -> None:
    text = httpx.get(f"{site}/clearview/agencies/xx-europol", trust_env=False).text
    section = text.split('id="corrected"')[1].split("</section>")[0]
    for words in ("Use", "report 204", "received as “Reported”, now “Not reported”", "outsiders presented the tool"):
        assert words in section
    listed = httpx.get(f"{site}/clearview/agencies.json?corrected=yes&_shape=array", trust_env=False).json()
    assert "xx-europol" in [row["id"] for row in listed]
    act = httpx.get(f"{site}/clearview/regulatory_actions/gb-2025-10-appeal-ruling", trust_env=False).text
    assert "received as “2025-10”, now “2025-10-06”" in act


def test_coverage_says_what_is_missing_and_what_would_fill_it(site: str) -> None:
    text = httpx.get(f"{site}/clearview/coverage", trust_env=False).text
    section = text.split('id="missing"')[1].split("</section>")[0]
    for words in ("<h3>Canada</h3>", "at least 41 published", "a report that names one more agency", "saved copy"):
        assert words in section


def test_the_version_stands_where_readers_look(site: str) -> None:
    citation = (Path(__file__).parents[2] / "CITATION.cff").read_text("utf-8")
    version = citation.split("\nversion: ")[1].split("\n")[0]
    assert f"Data version {version}." in httpx.get(site, trust_env=False).text
    assert httpx.get(f"{site}/openapi.json", trust_env=False).json()["info"]["version"] == version
