"""Which places a map shows: all of thousands, or it says how many; and both of two beside the 180th meridian."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, serve
from maps import DESK, LAND, count_places, open_map, open_page, wait_for_pixels
from playwright.sync_api import Browser

pytestmark = pytest.mark.slow  # maps of thousands of places
AR, ALL = 1201, 10_274  # agencies of Argentina, and of all countries


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, exports: Path) -> Iterator[str]:
    """Serve the database with 10,200 more agencies, two of them in Fiji, on both sides of the meridian."""
    folder = tmp_path_factory.mktemp("many")
    shutil.copy(ROOT / "clearview.db", folder)
    with sqlite3.connect(folder / "clearview.db") as db:
        columns = [row[1] for row in db.execute("pragma table_info(agencies)")][5:]
        db.execute(
            f"""with recursive n(i) as (select 1 union all select i + 1 from n where i < 10200)
            insert into agencies (id, name, native_name, country, agency_type, {", ".join(columns)})
            select 'ar-force-' || i, 'Force ' || i, null, iif(i <= 1200, 'AR', 'BR'), agency_type, {", ".join(columns)}
            from n, agencies where country = 'AR' and id not like 'ar-force%'"""
        )
        db.execute("update agencies set latitude = -16.8, longitude = 179.9 where id = 'ar-force-1'")
        db.execute("update agencies set latitude = -16.8, longitude = -179.9 where id = 'ar-force-2'")
    db.close()
    with serve(folder / "clearview.db", folder / "server.log", exports) as url:
        yield url


@pytest.mark.parametrize("path", ["/clearview/agencies?country=AR", "/clearview/countries/AR"])
def test_more_than_a_thousand_places_are_all_drawn(browser: Browser, many: str, path: str) -> None:
    with open_page(browser, many, **DESK) as page:
        open_map(page, path)
        assert count_places(page) == AR
        assert page.locator(".map-note").count() == 0


@pytest.mark.parametrize("path", ["/", "/clearview/agencies"])
def test_a_map_of_more_than_it_can_hold_says_how_many_it_shows(browser: Browser, many: str, path: str) -> None:
    with open_page(browser, many, **DESK) as page:
        open_map(page, path)
        assert count_places(page) == 10_000
        assert page.locator(".map-note").inner_text() == f"The map is of the first 10,000 rows; there are {ALL:,}."


def test_a_query_that_is_cut_says_that_there_are_more(browser: Browser, many: str) -> None:
    with open_page(browser, many, **DESK) as page:
        open_map(page, "/clearview?sql=select+name,+latitude,+longitude+from+agencies")
        assert count_places(page) == 1_000
        assert page.locator(".map-note").inner_text() == "The map is of the first 1,000 rows; there are more."


def test_two_places_beside_the_180th_meridian_stand_together_on_land(browser: Browser, many: str) -> None:
    with open_page(browser, many, **DESK) as page:
        open_map(page, "/clearview/agencies?id__in=ar-force-1,ar-force-2")
        assert page.locator(".leaflet-marker-pane > *").all_inner_texts() == ["2"]  # 20 km from one another
        wait_for_pixels(page, LAND, 1_000)
