"""The archive of another dataset: in its own words, with its own facets, which the browser chooses and counts by."""

from collections.abc import Iterator

import pytest
from archived import host
from conftest import ROOT, run_make, serve
from pages.test_other_words import FOLDER, NAME, OURS, PLACE
from playwright.sync_api import Browser
from views import show_both

ASKED = [
    "agencies?technology__in=Fixed,Mobile&status=Active",
    "agencies?technology__not=Fixed&_sort_desc=traffic_cameras",
    "agencies?vendor__notin=Acme,Beta&_facet=region",
    "reports?vendor=Acme&vendor=Beta",
    "reports?status=Active&technology=Fixed",
]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def archived() -> Iterator[tuple[str, str]]:
    """Write the archive of the list of cameras; yield the addresses of the archive and of the site."""
    made = run_make(ROOT, "archive", f"RAW={FOLDER}")
    assert made.returncode == 0, made.stdout + made.stderr
    database, words = PLACE / f"{NAME}.db", PLACE / "metadata.yml"
    with (
        serve(database, PLACE / "archived.log", PLACE / "exports", words) as site,
        host(PLACE / "archive") as copy,
    ):
        yield copy, site


def test_nothing_of_ours_is_in_its_files(archived: tuple[str, str]) -> None:
    assert archived
    files = [path for path in (PLACE / "archive").rglob("*") if path.is_file()]
    assert len(files) > 200
    # The ground of the map names towns of all countries.
    assert [path for path in files if path.name != "towns.json" and OURS.search(path.read_bytes())] == []


def test_rows_are_chosen_and_counted_as_the_site_does(archived: tuple[str, str], browser: Browser) -> None:
    copy, site = archived
    page = browser.new_page()
    for asked in ASKED:
        name, _, query = asked.partition("?")
        theirs, ours = show_both(page, f"{site}/{NAME}/{asked}", f"{copy}/{NAME}/{name}/index.html?{query}")
        assert ours == theirs
        assert len(theirs) > 50
    page.goto(f"{copy}/search/index.html?q=springfild")
    page.wait_for_selector("body[data-copy=ready]")
    assert "Springfield Police" in page.inner_text("ol.results")
    page.close()
