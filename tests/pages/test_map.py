"""The map in a real browser: what it draws, asks for, says, and what nobody can make it run."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from conftest import PATIENCE, ROOT, need, skip_or_fail
from maps import DARK_LAND, DESK, LAKE, LAND, ask_sql, count_places, open_map, open_page, wait_for_pixels
from playwright.sync_api import Browser, Page, Route
from sampling import sample

BASEMAP = ROOT / "static" / "basemap"
BUILD = ROOT / "tools" / "basemap"
NO_PLACE = "No place is known for these rows, so there is no map."
NO_ROWS = "There are no rows, so there is no map."
LINKS = ["javascript:document.title='run'", "data:text/html,<script>1</script>"]


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """Open a page that may ask nobody but the site, and must not report an error."""
    with open_page(browser, site, **DESK) as page:
        yield page


@pytest.mark.parametrize("path", sample(["/", "/clearview/agencies"], ["/"]))
def test_every_agency_stands_on_land_with_towns_and_credits(page: Page, path: str) -> None:
    open_map(page, path)
    assert count_places(page) == 74
    wait_for_pixels(page, LAND, 50001)
    assert "Moscow" in page.locator(".basemap-town").all_inner_texts()
    sources = page.locator(".leaflet-control-attribution a")
    assert sources.evaluate_all("links => links.map(link => link.getAttribute('href'))") == [
        "https://www.naturalearthdata.com/",
        "https://www.geonames.org/",
        "https://creativecommons.org/licenses/by/4.0/",
    ]


@pytest.mark.parametrize(
    ("path", "places", "town"),
    [
        pytest.param("/clearview/countries/GB", 7, "London", marks=pytest.mark.slow),
        ("/clearview/agencies/ca-timmins-police-service", 1, "Timmins"),
    ],
)
def test_pages_of_a_country_and_of_a_agency_have_their_map(page: Page, path: str, places: int, town: str) -> None:
    open_map(page, path)
    assert count_places(page) == places
    page.locator(".basemap-town", has_text=town).wait_for(state="attached")


@pytest.mark.slow
def test_lakes_and_towns_of_ontario_are_there(page: Page) -> None:
    open_map(page, "/clearview/agencies?region=Ontario&locality__in=Hamilton,Oakville,Toronto")
    wait_for_pixels(page, LAKE, 20001)
    assert {"Hamilton", "Toronto", "Oakville"} <= set(page.locator(".basemap-town").all_inner_texts())


@pytest.mark.slow
def test_a_facet_and_a_search_narrow_the_table_and_the_map(page: Page) -> None:
    open_map(page, "/clearview/agencies")
    page.locator(".facets a", has_text="Canada").first.click()
    page.wait_for_url("**country=CA*")
    open_map(page, page.url)
    assert count_places(page) == page.locator(".table-wrapper tbody tr").count() == 32
    open_map(page, "/clearview/agencies?_search=toronto")
    assert count_places(page) == page.locator(".table-wrapper tbody tr").count() == 1


@pytest.mark.slow
def test_a_later_page_of_the_table_keeps_every_row_on_the_map(page: Page) -> None:
    open_map(page, "/clearview/agencies?_size=10")
    page.locator(".next a").click()
    page.wait_for_url("**_next=*")
    open_map(page, page.url)
    assert count_places(page) == 74


def test_a_popup_says_in_words_what_is_known_and_leads_to_the_agency(page: Page) -> None:
    open_map(page, "/clearview/agencies?country=IE")
    page.locator(".place-unused").first.click()
    popup = page.locator(".leaflet-popup-content")
    assert popup.locator("p").all_inner_texts() == ["An Garda Síochána", "No use reported"]
    facts = dict(zip(popup.locator("dt").all_inner_texts(), popup.locator("dd").all_inner_texts(), strict=True))
    assert facts == {
        "Town": "Dublin",
        "Country": "Ireland",
        "Type": "National police",
        "Searches": "not stated",
        "Response": "Not stated",
    }
    assert "no use reported" in page.locator(".map-legend").inner_text()
    popup.locator("a").click()
    page.wait_for_url("**/clearview/agencies/ie-an-garda-siochana")


@pytest.mark.slow
def test_agencies_of_one_town_open_one_by_one_from_the_keyboard(page: Page) -> None:
    open_map(page, "/clearview/agencies?locality=Regina")
    number = page.locator(".place-cluster")
    assert (number.get_attribute("aria-label") or "").startswith("2 places: ")
    number.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('.place')")
    opened = []
    for _ in range(2):
        page.keyboard.press("Enter")
        page.locator(".leaflet-popup-content a").wait_for()
        page.wait_for_function("() => document.activeElement.matches('.leaflet-popup-content a')")
        opened.append(page.locator(".place-name").inner_text())
        page.keyboard.press("Escape")
        page.wait_for_function("() => document.activeElement.matches('.place')")
        page.keyboard.press("Tab")
    assert sorted(opened) == ["Regina Police Service", "Saskatchewan Ministry of Justice (Public Prosecutions)"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            ask_sql("select null as latitude, null as longitude"),
            "No place is known for these rows, so there is no map.",
        ),
        pytest.param(ask_sql("select 'x' as latitude, 999 as longitude"), NO_PLACE, marks=pytest.mark.slow),
        (ask_sql("select latitude, longitude from agencies where 0"), NO_ROWS),
        ("/clearview/agencies?country=IE&_search=Toronto", NO_ROWS),
    ],
)
def test_no_place_and_no_rows_are_said_plainly(page: Page, path: str, sentence: str) -> None:
    page.goto(path)
    page.locator(".map-note", has_text=sentence).wait_for()
    assert page.locator(".leaflet-container").count() == 0


@pytest.mark.slow
def test_rows_without_a_place_are_counted_beside_the_map(page: Page) -> None:
    open_map(page, ask_sql("select 'a' as name, 43 as latitude, -79 as longitude union all select 'b', null, null"))
    assert page.locator(".map-note").inner_text() == "1 of the 2 rows have no known place and are not on the map."


@pytest.mark.parametrize("link", sample(LINKS, LINKS[:1]))
@pytest.mark.parametrize("latitude", ["latitude", "lat"])
def test_no_click_in_a_popup_runs_what_a_row_brings(page: Page, site: str, link: str, latitude: str) -> None:
    """datasette-cluster-map would make a link of it: anyone could then send such an address around."""
    popup = json.dumps({"title": "x", "description": "y", "link": link, "image": "https://example.org/x.png"})
    markup = "<img src=x onerror=\"document.title='run'\">"
    row = {"popup": popup, "link": link, "name": markup, "id": link, "use_status": markup, "native": markup}
    columns = ", ".join("'{}' as {}".format(text.replace("'", "''"), column) for column, text in row.items())
    longitude = "longitude" if latitude == "latitude" else "lon"
    path = ask_sql(f"select 43.6 as {latitude}, -79.4 as {longitude}, {columns}")
    if latitude == "lat":
        page.goto(path)
        assert page.locator(".leaflet-container, [data-map-src], script[src*='map']").count() == 0
        return
    open_map(page, path)
    page.locator(".place").first.click()
    content = page.locator(".leaflet-popup-content")
    content.locator("dd").first.wait_for()
    content.get_by_text(markup).first.click()
    for text in content.locator("p, dt, dd").all():
        text.click()
    assert content.locator("a, img, script").count() == 0
    assert "run" not in page.title()
    assert page.url.startswith(f"{site}/clearview?sql=")


@pytest.mark.slow
def test_a_agency_that_no_row_page_could_have_gets_no_link(page: Page) -> None:
    open_map(page, ask_sql("select 'ca-x/../../x' as id, 'X' as name, 43.6 as latitude, -79.4 as longitude"))
    page.locator(".place").first.click()
    page.locator(".place-name", has_text="X").wait_for()
    assert page.locator(".leaflet-popup-content a").count() == 0


@pytest.mark.slow
def test_the_map_needs_no_script_but_files_of_the_site(browser: Browser, site: str) -> None:
    policy = "default-src 'self'; script-src 'self'; img-src 'self' data:; style-src 'self'; base-uri 'none'"
    context = browser.new_context(base_url=site)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)

    def add_policy(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    page.route("**/clearview/agencies", add_policy)
    open_map(page, "/clearview/agencies")
    assert count_places(page) == 74
    assert [line for line in refused if "basemap" in line or "leaflet" in line.lower()] == []
    assert "CLUSTER_MAP" not in page.content()
    context.close()


@pytest.mark.slow
def test_dark_pages_have_a_dark_map(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, color_scheme="dark")
    page = context.new_page()
    open_map(page, "/clearview/agencies")
    wait_for_pixels(page, DARK_LAND, 50001)
    context.close()


def test_a_phone_shows_every_place_and_scrolls_past_the_map(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    open_map(page, "/clearview/agencies")
    assert count_places(page) == 74
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    assert box["height"] < 500
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator(".leaflet-container").evaluate("box => getComputedStyle(box).touchAction") == "pan-x pan-y"
    context.close()


def test_a_map_whose_rows_do_not_arrive_says_so(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.route("**/agencies.json*", lambda route: route.fulfill(status=503, body="busy"))
    page.goto("/clearview/agencies")
    page.locator(".map-note", has_text="The map could not be drawn: its data did not arrive.").wait_for()
    context.close()


def test_pages_without_places_load_no_map(site: str) -> None:
    assert "basemap" not in httpx.get(f"{site}/clearview/sources").text
    assert "basemap" in httpx.get(f"{site}/clearview/agencies").text
    assert "openstreetmap" not in httpx.get(f"{site}/clearview/agencies?" + quote("_all=on", safe="=")).text


def hash_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_town_names_are_those_of_the_locked_geonames(tmp_path: Path) -> None:
    subprocess.run([sys.executable, BUILD / "build_towns.py", tmp_path / "towns.json"], check=True)
    assert hash_file(tmp_path / "towns.json") == hash_file(BASEMAP / "towns.json")


@pytest.mark.slow
def test_the_shapes_are_those_of_the_locked_natural_earth(tmp_path: Path) -> None:
    need("npm")
    for name in ("package.json", "package-lock.json", "build_basemap.mjs"):
        shutil.copy(BUILD / name, tmp_path)
    install = subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=tmp_path, check=False, timeout=PATIENCE)
    if install.returncode:
        skip_or_fail("npm cannot reach its packages here")
    subprocess.run(["node", "build_basemap.mjs", "land.json"], cwd=tmp_path, check=True, timeout=PATIENCE)
    assert hash_file(tmp_path / "land.json") == hash_file(BASEMAP / "land.json")
