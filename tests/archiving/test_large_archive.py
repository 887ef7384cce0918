"""The archive of a list that counts as large: rows without pages of their own, and a database fetched in parts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from archived import DEEP, Archived, host, make_few, write_archive
from plain_nginx import hosted
from playwright.sync_api import Browser, Page
from views import compare_views

pytestmark = pytest.mark.slow
MOST = 4  # rows of a table that is not large


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Return the folder of an archive in which a few rows count as many, its database and the words of its site."""
    place = tmp_path_factory.mktemp("large") / "dataset"
    database, words = make_few(place), place / "metadata.yml"
    folder = place / "host" / DEEP
    write_archive(folder, database, place / "exports", "--most-rows", str(MOST), "--whole", "10000", metadata=words)
    return folder, database, words


@pytest.fixture(scope="module")
def by_nginx(large: tuple[Path, Path, Path], few: Archived) -> Iterator[tuple[Archived, Path]]:
    """Host the archive by nginx; yield it, with the log of what was asked."""
    with hosted(large[0]) as (url, log):
        yield Archived(large[0], url, few.site, large[1]), log


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


def test_rows_of_a_large_table_have_no_pages(large: tuple[Path, Path, Path]) -> None:
    folder = large[0]
    assert [path.name for path in (folder / "clearview" / "agencies").iterdir()] == ["index.html"]
    table = (folder / "clearview" / "agencies" / "index.html").read_text("utf-8")
    assert re.findall(r'href="([^"]*it-state-police-italy[^"]*)"', table) == [
        "index.html?id=it-state-police-italy&amp;_all=on"
    ]


def test_views_are_the_site_s_own_from_parts_of_the_files(by_nginx: tuple[Archived, Path], page: Page) -> None:
    archived, log = by_nginx
    compared, full = compare_views(page, archived, seed=3, count=30)
    assert compared >= 25
    assert full >= 10
    asked = [line for line in log.read_text("utf-8").splitlines() if re.search(r"GET \S+\.db ", line)]
    assert len(asked) > 2
    # Of a part that the browser has kept it may ask whether it still holds (304): more often the newer the file.
    assert [line for line in asked if not re.search('" (206|304) ', line)] == []


def test_where_a_host_sends_no_parts_the_whole_file_comes(large: tuple[Path, Path, Path], page: Page) -> None:
    page.add_init_script("""addEventListener("DOMContentLoaded", () => {
        window.said = [];
        new MutationObserver(() => window.said.push(document.querySelector("#copy-state")?.textContent))
            .observe(document.body, { subtree: true, childList: true, characterData: true });
    })""")
    with host(large[0]) as url:
        page.goto(f"{url}/clearview/agencies/index.html?country=AU")
        page.wait_for_selector("body[data-copy=ready]")
        assert "match the filters" in page.inner_text("#row-count")
        assert any("of 0 MB" in (text or "") for text in page.evaluate("window.said"))


def test_a_row_stands_in_its_table_and_pages_follow(by_nginx: tuple[Archived, Path], page: Page) -> None:
    url = by_nginx[0].url
    page.goto(f"{url}/clearview/agencies/index.html")
    page.wait_for_selector("body[data-copy=ready]")
    page.click("tbody a[href*='it-state-police-italy']")
    page.wait_for_selector("tbody tr:only-child")
    assert "State Police" in page.inner_text("tbody")
    page.goto(f"{url}/clearview/cleaning_log/index.html?_size=3")
    page.wait_for_selector("body[data-copy=ready]")
    page.evaluate("window.isStillHere = true")
    first = page.inner_text("tbody")
    page.click(".next a")
    page.wait_for_function("(before) => document.querySelector('tbody').innerText !== before", arg=first)
    page.go_back()
    page.wait_for_function("(before) => document.querySelector('tbody').innerText === before", arg=first)
    assert page.evaluate("window.isStillHere")
