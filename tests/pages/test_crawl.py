"""Every link answers, and in a browser no page has an error or asks another host for anything.

From the home page every page is followed; those with filters for two clicks, since filters go on without end. All of
them are asked for; some of each kind are opened in a browser, and all of them by `make crawl` (some minutes).
"""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx
import pytest
from conftest import PATIENCE
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response
from sampling import EVERY_PAGE, choose_pages

CLICKS = 2
TABS = 6
OF_A_KIND = 3
QUIET = 0.5  # seconds without a request, after which a page asks for nothing more
LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"')
pytestmark = pytest.mark.slow


@dataclass
class Found:
    """What the crawl met: the addresses of pages and of other files, and those that do not answer with 200."""

    pages: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)


def ask(client: httpx.Client, address: str) -> tuple[httpx.Response, set[str]]:
    """Return the answer and what it links to, without the parts after #."""
    answer = client.get(address)
    linked = LINK.findall(answer.text) if "html" in answer.headers.get("content-type", "") else []
    return answer, {urldefrag(urljoin(address, unescape(link))).url for link in linked}


@pytest.fixture(scope="module")
def found(site: str) -> Found:
    """Ask for every address that can be reached."""
    met = Found()
    frontier, seen, clicks = {f"{site}/"}, set[str](), 0
    with (
        httpx.Client(trust_env=False, follow_redirects=True) as client,
        ThreadPoolExecutor(TABS) as pool,
    ):
        while frontier:
            asked = sorted(frontier)
            seen |= frontier
            frontier = set()
            for address, (answer, links) in zip(asked, pool.map(lambda one: ask(client, one), asked), strict=True):
                is_page = "html" in answer.headers.get("content-type", "")
                (met.pages if is_page else met.files).add(address)
                if answer.status_code != httpx.codes.OK:
                    met.broken.append(f"{answer.status_code} {address}")
                if "?" not in address or clicks < CLICKS:
                    frontier |= {link for link in links if link.startswith(f"{site}/")} - seen
            clicks += 1
    return met


def find_kind(address: str) -> tuple[str, ...]:
    """Return what an address is one of: page or table, number of filters (2 stands for more), other parameters."""
    parts = urlsplit(address)
    names = sorted(dict(parse_qsl(parts.query)))
    filters = [name for name in names if not name.startswith("_")]
    path = re.sub(r"(/clearview/\w+/).+", r"\1", parts.path)
    return path, str(min(len(filters), 2)), *(name for name in names if name not in filters)


class Watch:
    """Keeps what goes wrong in the pages of a browser."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.faults: list[str] = []
        self.open: dict[Page, set[Request]] = {}
        self.asked = 0.0

    def follow(self, page: Page) -> None:
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self.begin(page, request))
        page.on("request", self.check_host)
        page.on("requestfinished", lambda request: self.end(page, request))
        page.on("requestfailed", lambda request: self.end(page, request))
        page.on("response", self.check_status)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"{message.page.url if message.page else ''}: console: {message.text}")

    def go(self, page: Page, address: str) -> None:
        """Open an address; what the page before it still asks for ends with that page, sometimes without a word."""
        self.open[page] = set()
        page.goto(address, wait_until="commit")

    def settle(self, pages: list[Page]) -> None:
        """Return when these pages are loaded and ask for nothing; Playwright's own networkidle does not always come."""
        for page in pages:
            page.wait_for_load_state("load")
        until = time.monotonic() + PATIENCE
        while any(self.open.values()) or time.monotonic() - self.asked < QUIET:
            assert time.monotonic() < until, f"no end of {[one.url for asked in self.open.values() for one in asked]}"
            pages[0].wait_for_timeout(100)

    def begin(self, page: Page, request: Request) -> None:
        self.open[page].add(request)
        self.asked = time.monotonic()

    def end(self, page: Page, request: Request) -> None:
        self.open[page].discard(request)

    def check_host(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:", "blob:")):
            self.faults.append(f"{request.frame.url} asks {request.url}")

    def check_status(self, response: Response) -> None:
        if response.status >= httpx.codes.BAD_REQUEST:
            self.faults.append(f"{response.frame.url}: {response.status} {response.url}")


def in_batches(addresses: list[str]) -> Iterator[list[str]]:
    """Yield as many addresses as there are tabs; where every page is opened, tell how far it is."""
    for first in range(0, len(addresses), TABS):
        if EVERY_PAGE:
            print(f"\r{first:,} of {len(addresses):,} pages opened", end="", flush=True)
        yield addresses[first : first + TABS]


def test_every_link_answers(found: Found) -> None:
    assert found.broken == []
    assert len(found.pages) > 1_500
    assert {urlsplit(address).path.rpartition(".")[2] for address in found.files} >= {"csv", "json", "db", "parquet"}


def test_no_page_has_an_error_or_asks_another_host(site: str, browser: Browser, found: Found) -> None:
    addresses = choose_pages(found.pages, find_kind, OF_A_KIND)
    watch = Watch(site)
    context = browser.new_context()
    tabs = [context.new_page() for _ in range(TABS)]
    for tab in tabs:
        watch.follow(tab)
    for batch in in_batches(addresses):
        for tab, address in zip(tabs, batch, strict=False):
            watch.go(tab, address)
        watch.settle(tabs[: len(batch)])
    context.close()
    assert watch.faults == []
    assert len(addresses) > 60
