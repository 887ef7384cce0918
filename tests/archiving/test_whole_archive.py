"""The archive of the committed database: pages in a browser, and views, searches and SQL beside the site's.

Some pages of each kind are opened, and all of them by `make crawl`.
"""

import json
import random
import re
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
import yaml
from archived import Archived
from axe_faults import COLOURS, FEW_ALIKE, find_axe_faults
from conftest import ROOT
from lookups.tables import read_table
from playwright.sync_api import Browser, Page
from sampling import choose_pages
from views import compare_views, find_faulty_links, open_scripts

pytestmark = pytest.mark.slow
Scheme = Literal["light", "dark"]
MEGABYTE = 1_000_000
KINDS = [
    "index.html", "clearview/agencies/index.html?country=CA", "clearview/agencies/ca-toronto-police-service/index.html",
    "clearview/countries/CA/index.html", "about/index.html", "copy/index.html", "search/index.html?q=police",
    "clearview/index.html", "clearview/index.html?sql=select+name,searches+from+agencies+limit+20", "charts/index.html",
    "charts/responses/index.html", "timeline/index.html", "compare/index.html?country=CA&country=AU",
    "embed/map/index.html", "embed/table/index.html", "embed/chart/responses/index.html",
    "embed/agency/ca-toronto-police-service/index.html",
]  # fmt: skip
OF_A_KIND = 10  # pages
A_TAB_S = 50  # pages: one that opens a thousand grows to gigabytes
COLUMNS = ["country", "agency_type", "response", "listing", "use_status", "searches_band", "licence"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def test_it_is_small(whole: Archived) -> None:
    assert sum(path.stat().st_size for path in whole.folder.rglob("*") if path.is_file()) < 30 * MEGABYTE


def test_no_link_is_dead(whole: Archived) -> None:
    assert find_faulty_links(whole.folder) == []


def test_no_file_names_the_made_up_host_it_was_asked_by(whole: Archived) -> None:
    files = [path for path in whole.folder.rglob("*") if path.is_file()]
    assert [path for path in files if b"archive.invalid" in path.read_bytes()] == []


def test_rows_that_are_exported_are_not_there_twice(whole: Archived) -> None:
    names = [path.name for path in (whole.folder / "exports").iterdir() if path.suffix in (".csv", ".ndjson")]
    with httpx.Client(base_url=whole.site, trust_env=False) as client:
        for name in names:
            assert not (whole.folder / "clearview" / name).exists()
            served = client.get(f"/clearview/{name}", params={"_stream": "on", "_size": "max"}).text
            kept = (whole.folder / "exports" / name).read_text("utf-8")
            assert sorted(kept.splitlines()) == sorted(served.splitlines()), name
    assert len(names) > 20
    table = (whole.folder / "clearview" / "cleaning_log" / "index.html").read_text("utf-8")
    assert re.findall(r'href="([^"]*cleaning_log\.\w+)"', table[table.index("row-count") :]) == [
        "../../exports/cleaning_log.csv",
        "../cleaning_log.json",
        "../../exports/cleaning_log.ndjson",
    ]


def watch(page: Page, url: str, faults: list[str]) -> Page:
    """Return a page that notes what goes wrong in it."""
    page.on("console", lambda said: said.type in ("error", "warning") and faults.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("response", lambda answer: answer.status >= 400 and faults.append(f"{page.url}: {answer.url}"))
    page.on("request", lambda asked: asked.url.startswith((url, "data:")) or faults.append(f"{page.url}: {asked.url}"))
    return page


def find_kind(page: str) -> str:
    """Return what a page is one of: an agency, a report, a country."""
    return "/".join(page.split("/")[:2])


def test_pages_open_without_an_error_or_a_request_elsewhere(whole: Archived, browser: Browser) -> None:
    faults: list[str] = []
    context = browser.new_context()
    pages = [path.relative_to(whole.folder).as_posix() for path in whole.folder.rglob("*.html")]
    names = [*choose_pages(pages, find_kind, OF_A_KIND), *KINDS]
    for first in range(0, len(names), A_TAB_S):
        page = watch(context.new_page(), whole.url, faults)
        for name in names[first : first + A_TAB_S]:
            page.goto(f"{whole.url}/{name}")
            page.wait_for_selector("body[data-copy=ready]")
        page.close()
    context.close()
    assert len(pages) > 900
    assert len(names) > 90
    assert faults == []


@pytest.mark.parametrize(("width", "scheme", "other"), [(1280, "light", "dark"), (390, "dark", "light")])
def test_axe_finds_nothing(whole: Archived, browser: Browser, width: int, scheme: Scheme, other: Scheme) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    for kind in KINDS:
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{whole.url}/{kind}")
        page.wait_for_selector("body[data-copy=ready]")
        page.evaluate(FEW_ALIKE)  # each row is the site's own, and looked at there
        assert find_axe_faults(page) == [], kind
        page.emulate_media(color_scheme=other)
        assert find_axe_faults(page, COLOURS) == [], (kind, other)
    page.close()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "?" not in kind and kind != "copy/index.html"])
def test_a_page_without_javascript_has_all_that_the_site_s_has(whole: Archived, browser: Browser, kind: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    told = []
    for start in (whole.site, whole.url):
        page = context.new_page()
        page.goto(f"{start}/{kind.removesuffix('index.html').rstrip('/') if start == whole.site else kind}")
        parts = page.locator("main tbody tr, main dl, main h1, main h2, main figcaption").all_text_contents()
        told.append([" ".join(part.split()) for part in parts])
    context.close()
    assert len(told[0]) > 0
    assert [part for part in told[0] if part not in told[1]] == []


def test_two_hundred_views_are_the_site_s_own(whole: Archived, page: Page) -> None:
    compared, full = compare_views(page, whole, seed=1, count=200)
    assert compared >= 200
    assert full >= 100


def test_the_search_finds_what_the_site_s_does(whole: Archived, page: Page) -> None:
    open_scripts(page, whole)
    queries = read_table(ROOT / "tests" / "search_queries.csv")
    places = []
    with httpx.Client(base_url=whole.site, trust_env=False) as client:
        for row in queries:
            told = page.evaluate("(query) => window.search_answers.tellSearch(query)", row["query"])
            assert told == client.get("/search.json", params={"q": row["query"]}).json(), row["query"]
            found = [result["id"] for result in told["results"] if result["kind"] == "agency"][:3]
            assert row["expected"] in found, row["query"]
            places.append(found.index(row["expected"]))
    assert places.count(0) >= 0.95 * len(queries)
    for row in read_table(ROOT / "tests" / "search_nonsense.csv"):
        assert page.evaluate("(query) => window.search_answers.tellSearch(query)", row["query"])["results"] == []


def draw_statements(count: int) -> list[str]:
    """Return so many statements that count and order agencies, each with one order alone."""
    chance = random.Random(5)
    statements = []
    for _ in range(count):
        one, other = chance.sample(COLUMNS, 2)
        counted = chance.choice(["count(*)", "sum(searches_min)", "max(first_reported)", "group_concat(distinct id)"])
        statements.append(
            f"select {one}, {other}, {counted} as found from agencies where {one} >= '{chance.choice('abcn')}'"
            f" group by {one}, {other} having count(*) >= {chance.choice([1, 2])} order by {one}, {other}"
        )
    return statements


def test_a_hundred_statements_give_the_site_s_rows(whole: Archived, page: Page) -> None:
    open_scripts(page, whole)
    examples = yaml.safe_load((ROOT / "plugins" / "pages" / "worked_examples.yml").read_text("utf-8"))
    contract = json.loads((whole.folder / "copy" / "tables.json").read_text("utf-8"))
    questions = [told["sql"] for told in contract["questions"].values() if not told["params"]]
    statements = [example["sql"] for example in examples] + questions
    statements += draw_statements(100 - len(statements))
    with httpx.Client(base_url=whole.site, trust_env=False) as client:
        for sql in statements:
            told = page.evaluate("(sql) => window.engine.ask(sql, {}, 1000)", sql)
            given = client.get("/clearview.json", params={"sql": sql, "_shape": "arrays", "_size": "max"}).json()
            assert {key: told[key] for key in ("columns", "rows", "truncated")} == {
                key: given[key] for key in ("columns", "rows", "truncated")
            }, sql
    assert len(statements) >= 100
