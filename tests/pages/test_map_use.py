"""The map in use: after every step of a reader its land is there, on a desk and on a phone, by day and by night."""

from collections.abc import Callable
from io import BytesIO

import pytest
from conftest import PATIENCE
from maps import DARK_LAND, DESK, LAND, PHONE, open_map, open_page, wait_for_pixels
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

# Each page with a map, as it is read; the map of an agency has one place and no cluster.
VISITS = [
    pytest.param("/clearview/agencies", "desk", "light", marks=pytest.mark.slow),
    pytest.param("/clearview/agencies", "desk", "dark", marks=pytest.mark.slow),
    pytest.param("/clearview/agencies", "phone", "light", marks=pytest.mark.slow),
    pytest.param("/", "phone", "dark", marks=pytest.mark.slow),
    pytest.param("/clearview/countries/GB", "desk", "light", marks=pytest.mark.slow),
    ("/clearview/agencies/ca-toronto-police-service", "phone", "light"),
]
SIZES = {"desk": DESK, "phone": PHONE}
SCHEMES = {"light": LAND, "dark": DARK_LAND}
LEAST = 0.02  # of the map's pixels; each view of these pages has more land than that
IS_FREE = """marker => {
  const { x, y, width, height } = marker.getBoundingClientRect();
  return marker.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


def read_view(page: Page) -> object:
    """Return where the markers stand on the screen, and which: every step changes that."""
    return page.locator(".leaflet-marker-pane > *, .basemap-town").evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().x, one.textContent]).sort()"
    )


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(PATIENCE * 20):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing happened")


def take_step(page: Page, step: Callable[[], object]) -> None:
    """Take a step, and wait until the view is another and stands still."""
    before = read_view(page)
    step()
    wait_until(page, lambda: read_view(page) != before)
    seen: list[object] = []

    def stands_still() -> bool:
        seen.append(read_view(page))
        return len(seen) > 5 and all(view == seen[-1] for view in seen[-6:])

    wait_until(page, stands_still)


def find_free(page: Page, markers: str) -> Locator:
    """Return the first of the markers that can be reached: others are under a control or outside the map."""
    for marker in page.locator(markers).all():
        if marker.evaluate(IS_FREE):
            return marker
    raise AssertionError(f"no {markers} can be reached")


def drag(page: Page) -> None:
    box = page.locator(".leaflet-container").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y + 20, steps=5)
    page.mouse.up()


@pytest.mark.parametrize(("path", "size", "scheme"), VISITS)
def test_the_land_is_there_after_every_step(browser: Browser, site: str, path: str, size: str, scheme: str) -> None:
    with open_page(browser, site, **SIZES[size], color_scheme=scheme, reduced_motion="no-preference") as page:
        open_map(page, path)
        box = page.locator(".leaflet-container").first.bounding_box()
        assert box is not None
        least = int(box["width"] * box["height"] * LEAST)

        def press(marker: Locator) -> None:
            marker.tap() if size == "phone" else marker.click()

        def step(action: Callable[[], object]) -> None:
            take_step(page, action)
            wait_for_pixels(page, SCHEMES[scheme], least)

        wait_for_pixels(page, SCHEMES[scheme], least)
        step(lambda: press(page.locator(".leaflet-control-zoom-in")))
        step(lambda: press(page.locator(".leaflet-control-zoom-out")))
        if size == "desk":
            step(lambda: drag(page))
        if "/agencies/" not in path:
            step(lambda: press(find_free(page, ".place-cluster")))
        step(lambda: press(page.locator(".leaflet-control-zoom-out")))
        press(find_free(page, ".leaflet-marker-pane .place"))
        page.locator(".leaflet-popup-content .place-name").wait_for()
        wait_for_pixels(page, SCHEMES[scheme], 200)  # what a phone shows of an island beside a popup


@pytest.mark.slow
def test_the_land_takes_the_colours_of_the_night_at_nightfall(browser: Browser, site: str) -> None:
    with open_page(browser, site, **DESK, color_scheme="light") as page:
        open_map(page, "/clearview/agencies")
        wait_for_pixels(page, LAND, 50_000)
        page.emulate_media(color_scheme="dark")
        wait_for_pixels(page, DARK_LAND, 50_000)


def find_middle(page: Page, marker: str) -> tuple[int, ...]:
    """Return the colour (red, green, blue) in the middle of the first of the markers."""
    picture = Image.open(BytesIO(page.locator(marker).first.screenshot())).convert("RGB")
    middle = picture.getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(middle, tuple)
    return middle


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_reader_s_own_colours_keep_filled_and_hollow_apart(browser: Browser, site: str, scheme: str) -> None:
    with open_page(browser, site, **DESK, color_scheme=scheme, forced_colors="active") as page:
        open_map(page, "/clearview/agencies")
        colours = page.evaluate(
            "() => { const { color, backgroundColor } = getComputedStyle(document.documentElement);"
            " return [color, backgroundColor]; }"
        )
        for shown in (".leaflet-marker-pane", ".map-legend"):
            hollow = find_middle(page, f"{shown} .place-unused")
            filled = find_middle(page, f"{shown} .place:not(.place-unused)")
            assert [f"rgb{filled}", f"rgb{hollow}"] == colours, shown
        town = page.locator(".basemap-town").first.evaluate(
            "town => getComputedStyle(town, '::before').backgroundColor"
        )
        assert town == colours[0]
