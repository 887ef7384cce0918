"""Charts to take along: whole pictures, as SVG and PNG, and the numbers of the page; cards for social networks."""

import csv
import io
import re
import sqlite3
from html import unescape
from xml.etree import ElementTree

import httpx
import pytest
from conftest import ROOT
from PIL import Image

from service.cards import MARGIN, WIDTH, write_card
from service.charts import TITLES

SVG = "{http://www.w3.org/2000/svg}"
LIMITS = "A listing is not an accusation. Figures and responses are as reported. Not stated does not mean zero."
CHOSEN = dict.fromkeys(TITLES, "") | {"figures": "?id=be-federal-police-belgium"}
FILTERED = [*CHOSEN.items(), ("responses", "?country=CA&response__not=denied"), ("searches", "?_search=police")]


def ask(site: str, path: str) -> httpx.Response:
    answer = httpx.get(site + path, trust_env=False)
    assert answer.status_code == 200, (path, answer.text[:300])
    return answer


def read_table(page: str) -> list[list[str]]:
    """Return the table of a chart's numbers as the page shows it, its headings first."""
    table = page[page.index('<details class="numbers">') :]
    rows = re.findall(r"<tr>(.*?)</tr>", table[: table.index("</table>")], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub("<[^>]*>", "", cell)) for cell in row] for row in cells]


def as_shown(cell: str) -> str:
    """Return a cell of CSV as a page shows it."""
    return f"{int(cell):,}" if cell.isdigit() and len(cell) > 3 else cell or "–"


@pytest.mark.parametrize(("kind", "asked"), FILTERED)
def test_the_csv_of_a_chart_is_the_table_of_its_page(site: str, kind: str, asked: str) -> None:
    answer = ask(site, f"/charts/{kind}.csv{asked}")
    assert answer.headers["content-type"].startswith("text/csv")
    head, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    shown = read_table(ask(site, f"/charts/{kind}{asked}").text)
    assert shown == [head, *([as_shown(cell) for cell in row] for row in rows)]
    assert len(rows) > 0


@pytest.mark.parametrize(("kind", "asked"), CHOSEN.items())
def test_a_picture_holds_title_words_source_date_and_limits(site: str, kind: str, asked: str) -> None:
    answer = ask(site, f"/charts/{kind}.svg{asked}")
    assert answer.headers["content-type"] == "image/svg+xml"
    picture = ElementTree.fromstring(answer.text)
    said = " ".join(line.text or "" for line in picture.iter(f"{SVG}text"))
    for words in (TITLES[kind], LIMITS, "Clearview in the open, version", f"{site}/charts/{kind}"):
        assert words in said.replace("- ", "-"), words
    page = ask(site, f"/charts/{kind}{asked}").text
    told = str(picture.findtext(f"{SVG}desc"))
    alternative = unescape(str(re.findall("cannot see the picture: (.*?)</p>", page)[0]))
    assert alternative in told
    assert str(picture.findtext(f"{SVG}title")).startswith(TITLES[kind])
    assert not re.search(r"href|style=|<script|url\(", answer.text)  # it asks nobody for anything
    names = {row[0] for row in read_table(page)[1:]} if kind not in ("reports", "figures", "sums") else set()
    shown = said.replace(" (reports conflict)", "")
    assert {name for name in names if name not in shown} == set()


@pytest.mark.parametrize(("kind", "asked"), CHOSEN.items())
def test_the_png_is_the_same_picture_at_twice_its_size(site: str, kind: str, asked: str) -> None:
    answer = ask(site, f"/charts/{kind}.png{asked}")
    assert (answer.headers["content-type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    size = ElementTree.fromstring(ask(site, f"/charts/{kind}.svg{asked}").text).attrib
    assert picture.size == (2 * int(size["width"]), 2 * int(size["height"]))
    # The letters of the title, and of the last line, are there: the fonts are the project's own.
    for top, bottom in ((50, 110), (picture.height - 60, picture.height - 20)):
        dark = sum(picture.crop((50, top, 700, bottom)).histogram()[:150])
        assert dark > 500, (kind, top)


def test_the_selection_stands_in_the_picture_and_in_its_address(site: str) -> None:
    svg = ask(site, "/charts/responses.svg?country=CA&response__not=denied").text
    assert "Country: Canada, Response: not Denied" in unescape(svg)
    assert "/charts/responses?country=CA&amp;response__not=denied" in svg.replace("&amp;amp;", "&amp;")


def test_signs_of_a_search_stay_words(site: str) -> None:
    svg = ask(site, "/charts/responses.svg?_search=police+%3Cscript%3E%26").text
    assert "<script" not in svg
    assert "police <script>&" in " ".join(line.text or "" for line in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize(
    ("path", "status"),
    [("/charts/figures.png", 400), ("/charts/searches.svg?contry=CA", 400), ("/charts/pie.svg", 404),
     ("/charts/searches.gif", 404), ("/card/about.png", 404), ("/card/clearview/agencies/nobody.png", 404)],
)  # fmt: skip
def test_what_is_no_chart_is_refused(site: str, path: str, status: int) -> None:
    assert httpx.get(site + path, trust_env=False).status_code == status


def test_an_empty_chart_is_said_not_drawn(site: str) -> None:
    svg = ask(site, "/charts/searches.svg?country=MT").text
    assert "No report gives a number of searches for these agencies." in svg
    assert ask(site, "/charts/searches.png?country=MT").content[:4] == b"\x89PNG"


@pytest.mark.parametrize("path", ["/clearview/agencies/xx-europol", "/charts/searches"])
def test_the_card_of_a_page_is_its_own(site: str, path: str) -> None:
    page = ask(site, path).text
    assert f'<meta property="og:image" content="{site}/card{path}.png">' in page
    card = Image.open(io.BytesIO(ask(site, f"/card{path}.png").content))
    assert card.size == (1200, 630)


def test_no_card_cuts_a_name_or_its_word_on_use() -> None:
    names = sqlite3.connect(ROOT / "clearview.db").execute("select name from agencies").fetchall()
    for (name,) in names:
        title = f"{name} (vendor's claim only)"
        lines = re.findall(r"<text ([^>]*)>([^<]*)<", write_card(title, "A sentence.", "Clearview in the open"))
        serif = [unescape(words) for looks, words in lines if "Serif" in looks][1:]
        assert " ".join(serif) == title
        (size,) = {int(re.findall(r'font-size="(\d+)"', looks)[0]) for looks, _ in lines[1 : 1 + len(serif)]}
        assert max(map(len, serif)) * size * 0.5 <= WIDTH - 2 * MARGIN
