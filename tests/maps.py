"""What the tests of maps share: a page that asks nobody else, the ground as a reader sees it, and what is on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from conftest import PATIENCE
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LAND, LAKE, DARK_LAND = (247, 244, 237), (211, 225, 232), (43, 50, 56)


@contextmanager
def open_page(browser: Browser, site: str, **options: Any) -> Iterator[Page]:  # noqa: ANN401 - as Playwright takes them
    """Yield a page that may ask nobody but the site, and must not report an error."""
    context = browser.new_context(**{"base_url": site, "reduced_motion": "reduce"} | options)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if line.type in ("error", "warning") else None)
    page.on("request", lambda request: None if request.url.startswith(site) else troubles.append(request.url))
    yield page
    context.close()
    assert troubles == []


def open_map(page: Page, path: str) -> None:
    """Open a page and wait until its map has its markers and its towns."""
    page.goto(path)
    page.locator("[data-map-src]").first.evaluate("box => box.scrollIntoView({block: 'center'})")
    page.locator(".place, .place-cluster").first.wait_for()
    page.locator(".basemap-town").first.wait_for(state="attached")


def count_places(page: Page) -> int:
    """Return how many rows stand on the map, those inside numbers included."""
    numbers = page.locator(".place-cluster").all_inner_texts()
    return page.locator(".leaflet-marker-pane .place").count() + sum(int(number) for number in numbers)


def count_colour(picture: Image.Image, colour: tuple[int, ...]) -> int:
    """Return how many pixels of a picture have a colour: red, green, blue."""
    alike = [band.point([255 * (value == one) for value in range(256)])
             for band, one in zip(picture.convert("RGB").split(), colour, strict=True)]  # fmt: skip
    return reduce(ImageChops.darker, alike).histogram()[255]


def count_pixels(shown: Locator, colour: tuple[int, ...]) -> int:
    """Return how many pixels of a colour a reader sees of an element."""
    return count_colour(Image.open(BytesIO(shown.screenshot())), colour)


def wait_for_pixels(page: Page, colour: tuple[int, ...], least: int) -> None:
    """Wait until the map shows so many pixels of a colour."""
    shown = page.locator(".leaflet-container").first
    seen = 0
    for _ in range(PATIENCE * 4):
        seen = count_pixels(shown, colour)
        if seen >= least:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{seen} pixels of {colour}, not {least}")


def ask_sql(sql: str) -> str:
    """Return the page that answers a query."""
    return "/clearview?" + urlencode({"sql": sql})
