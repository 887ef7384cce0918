"""Tables and maps where room is short: on a phone nothing lies outside the screen, on paper nothing is cut off."""

import re
from pathlib import Path

import pytest
from maps import DARK_LAND, DESK, LAND, PHONE, ask_sql, count_colour, open_map, open_page, wait_for_pixels
from playwright.sync_api import Browser
from pypdfium2 import PdfDocument
from sampling import sample

# Each table, and the heading of what its page is about.
TABLES = {
    "/clearview/agencies": "Response",
    "/clearview/reports": "Response",
    "/clearview/sources": "Title",
    "/clearview/regulatory_actions": "Outcome",
    "/clearview/cleaning_log": "Clean value",
    "/clearview/countries": "Code",
    "/clearview/coverage": "Documented here",
    "/clearview/countries/CA": "Response",
}
ASKED = {ask_sql("select id, response from agencies"): "Response"}
WIDE = ["/clearview/reports?_all=on&_size=5", ask_sql("select * from agencies limit 5"), "/downloads"]
MARGIN = dict.fromkeys(("top", "right", "bottom", "left"), "1cm")


@pytest.mark.parametrize(
    ("path", "about"),
    sample((TABLES | {ask_sql("select id, response from agencies"): "Response"}).items(), [*TABLES.items()][:3]),
)
def test_a_phone_shows_each_row_whole_with_what_it_is_about(browser: Browser, site: str, path: str, about: str) -> None:
    with open_page(browser, site, **PHONE) as page:
        page.goto(path)
        table = page.locator(".table-wrapper").first
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert table.evaluate("box => box.scrollWidth - box.clientWidth") == 0
        cell = table.locator(f'[data-label="{about}"]').first
        label = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert label == f'"{about}"'
        box, row = cell.bounding_box(), table.locator("tbody tr").first.bounding_box()
        assert box is not None
        assert row is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert row["height"] < 600
        assert cell.inner_text().strip() != ""


@pytest.mark.parametrize("path", sample([*TABLES, *WIDE], ["/clearview/reports", WIDE[1]]))
def test_a_desk_and_paper_have_every_column(browser: Browser, site: str, path: str, tmp_path: Path) -> None:
    with open_page(browser, site, **DESK) as page:
        page.goto(path)
        table = page.locator(".table-wrapper").first
        if path in TABLES:
            assert table.evaluate("box => box.scrollWidth - box.clientWidth") == 0
            numbers = table.locator("tbody th.num").evaluate_all("all => all.map(one => one.offsetWidth)")
            assert [width for width in numbers if width > 90] == []
        texts = table.locator("thead th").all_inner_texts()
        headings = [re.sub(r"[↑↓]", "", text).strip() for text in texts]
        page.pdf(path=tmp_path / "page.pdf", format="A4", margin=MARGIN)
    sheets = PdfDocument(tmp_path / "page.pdf")
    printed = " ".join(" ".join(sheet.get_textpage().get_text_range() for sheet in sheets).split())
    assert len(headings) > 1
    assert [heading for heading in headings if heading not in printed] == []


BROKEN = """() => [...document.querySelectorAll(".table-wrapper tbody :is(th, td)")].filter(cell => {
    const text = cell.innerText.trim();
    if (!text || text.length > 8 || /[\\s-]/.test(text)) return false;
    const words = document.createRange();
    words.selectNodeContents(cell);
    return new Set([...words.getClientRects()].map(line => Math.round(line.top))).size > 1;
}).map(cell => cell.innerText)"""


@pytest.mark.parametrize("path", sample(TABLES, ["/clearview/reports"]))
def test_a_short_word_stays_on_one_line_on_paper(browser: Browser, site: str, path: str) -> None:
    """The numbers of reports had a digit on each line."""
    with open_page(browser, site, viewport={"width": 718, "height": 1000}) as page:
        page.goto(path)
        page.emulate_media(media="print")
        assert page.evaluate(BROKEN) == []


@pytest.mark.parametrize(
    ("path", "scheme"), [pytest.param("/", "light", marks=pytest.mark.slow), ("/clearview/countries/GB", "dark")]
)
def test_a_map_is_printed_whole_and_in_the_colours_of_paper(
    browser: Browser, site: str, path: str, scheme: str, tmp_path: Path
) -> None:
    with open_page(browser, site, **DESK, color_scheme=scheme) as page:
        open_map(page, path)
        wait_for_pixels(page, DARK_LAND if scheme == "dark" else LAND, 10_000)
        before = page.locator(".basemap-town").all_inner_texts()
        page.pdf(path=tmp_path / "page.pdf", format="A4", margin=MARGIN)
        page.locator(".leaflet-container:not(.printing)").wait_for()
        assert page.locator(".basemap-town").all_inner_texts() == before
    sheets = [sheet.render(scale=1.5).to_pil() for sheet in PdfDocument(tmp_path / "page.pdf")]
    assert sum(count_colour(sheet, LAND) for sheet in sheets) > 20_000
    assert sum(count_colour(sheet, DARK_LAND) for sheet in sheets) == 0
