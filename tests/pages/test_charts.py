"""Charts: right against a case worked out by hand, the same numbers as the table for any filter, faults refused."""

import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
import pytest
from conftest import ROOT, serve

from service import scales

# id, country, use, answer, listing, searches, least, most, about, origin
AGENCIES = [
    ("ca-a", "CA", "reported", "admitted", "buzzfeed_2021", "100–1,000", 100, 1000, None, "buzzfeed_2021"),
    ("ca-b", "CA", "reported", "denied", "buzzfeed_2021", "at least 10", 10, None, None, "client_list_2020"),
    ("no-c", "NO", "reported", "admitted", "other_reporting", "about 30", None, None, 30, "own_count"),
    ("no-d", "NO", "vendor_claim", "not_stated", "unclear", "not stated", None, None, None, "not_stated"),
    ("se-e", "SE", "not_reported", "denied", "unclear", "not stated", None, None, None, "not_stated"),
]
# Date of the source and agency: three reports in February 2020, one in April, one in 2021, one without a date.
REPORTS = [("2020-02", "ca-a"), ("2020-02-28", "ca-a"), ("2020-02-29", "no-c"), ("2020-04-01", "ca-b"),
           ("2021", "no-d"), (None, "se-e")]  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a database of five agencies and six reports; yield the site's address."""
    folder = tmp_path_factory.mktemp("small")
    path = folder / "clearview.db"
    shutil.copy(ROOT / "clearview.db", path)
    db = sqlite3.connect(path)
    for table in ("reports", "agencies"):
        db.execute(f"delete from {table}")
    for agency in AGENCIES:
        db.execute(
            "insert into agencies (id, name, country, use_status, response, listing, searches, searches_min,"
            " searches_max, searches_about, searches_basis, agency_type, searches_band, figures_conflict,"
            " response_2021, licence, report_count, source_count, aliases, country_name) values (?, ?, ?, ?, ?, ?, ?,"
            " ?, ?, ?, ?, 'municipal_police', 'not_stated', 0, 'not_stated', 'not_stated', 1, 1, '', '')",
            (agency[0], f"Agency {agency[0]}", *agency[1:]),
        )
    for no, (date, agency) in enumerate(REPORTS, start=1):
        db.execute(
            "insert into reports (no, agency, country, country_as_printed, figure_from, response, response_given_to,"
            " licence, use_status, listing, source, row, published, file, sheet) values (?, ?, ?, '', 'not_stated',"
            " 'not_stated', 'Not stated', 'not_stated', 'reported', 'unclear', 'S001', ?, ?, 'list.xlsx', 'Data')",
            (no, agency, agency[:2].upper(), no + 1, date),
        )
    db.commit()
    db.close()
    with serve(path, folder / "server.log") as url:
        yield url


def read(site: str, path: str) -> str:
    """Return a page; fail unless it is there."""
    answer = httpx.get(site + path, trust_env=False)
    assert answer.status_code == 200, (path, answer.text[:400])
    return answer.text


def image(page: str, name: str) -> ElementTree.Element:
    """Return the drawing of a chart."""
    start = page.rindex("<svg", 0, page.index(f'aria-labelledby="{name}-title'))
    depth = 0
    for tag in re.finditer(r"<svg\b|</svg>", page[start:]):
        depth += 1 if tag.group() == "<svg" else -1
        if not depth:
            return ElementTree.fromstring(page[start : start + tag.end()])
    raise AssertionError(f"{name} has no end")


def drawn(row: ElementTree.Element, kind: str, *names: str) -> list[tuple[float, ...]]:
    """Return the places of the shapes of a class, in percent."""
    return [
        tuple(float(shape.attrib.get(name, "0").rstrip("%")) for name in names)
        for shape in row.iter()
        if shape.attrib.get("class") == kind
    ]


def rows_of(picture: ElementTree.Element) -> list[ElementTree.Element]:
    """Return the groups that hold one row each."""
    return [group for group in picture.iter("g") if group.attrib.get("class", "").split()[:1] == ["row"]]


def marks_of(row: ElementTree.Element) -> list[float]:
    """Return where the marks of an interval stand, in percent."""
    return [
        float(box.attrib["x"].rstrip("%")) for box in row.iter("svg") if box.find("path[@class='mark']") is not None
    ]


def table(page: str, name: str) -> dict[str, list[str]]:
    """Return the rows of the table of numbers under a chart, by their first cell."""
    figure = page[page.index(f'id="{name}"') :]
    cells = figure[figure.index("<tbody>") : figure.index("</tbody>")]
    found = {}
    for row in cells.split("<tr>")[1:]:
        texts = [
            unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        found[texts[0]] = texts[1:]
    return found


def links(page: str, name: str) -> dict[str, str]:
    """Return the links of the table of numbers under a chart, by their words."""
    figure = page[page.index(f'id="{name}"') :]
    cells = figure[figure.index("<tbody>") : figure.index("</tbody>")]
    return {
        unescape(words): unescape(url) for url, words in re.findall(r'<th scope="row"><a href="([^"]*)">([^<]*)', cells)
    }


def test_responses_by_hand(small: str) -> None:
    page = read(small, "/charts")
    assert table(page, "responses") == {
        "Admitted": ["2", "2", "0", "0"], "Denied": ["2", "1", "0", "1"], "Not stated": ["1", "0", "1", "0"]
    }  # fmt: skip
    admitted, denied, silent = rows_of(image(page, "responses"))
    # The longest bar has 2 agencies: one agency is half of the width.
    assert drawn(admitted, "bar-1", "x", "width") == [(0, 100)]
    assert drawn(admitted, "bar-2", "x", "width") == []
    assert drawn(denied, "bar-1", "x", "width") == [(0, 50)]
    assert drawn(denied, "bar-2", "x", "width") == [(50, 50)]
    assert drawn(silent, "bar-2", "x", "width") == [(0, 50)]
    assert "5 agencies</a>, 3 with use reported. At least 110 searches were reported across the 2 agencies" in page


def test_countries_by_hand(small: str) -> None:
    page = read(small, "/charts")
    assert table(page, "countries") == {
        "Canada": ["2", "2", "0", "0"], "Norway": ["2", "1", "1", "0"], "Sweden": ["1", "0", "0", "1"]
    }  # fmt: skip
    assert drawn(rows_of(image(page, "countries"))[1], "bar-2", "x", "width") == [(50, 50)]


def test_intervals_by_hand(small: str) -> None:
    page = read(small, "/charts")
    assert list(table(page, "searches")) == ["Agency ca-a", "Agency no-c", "Agency ca-b"]
    closed, estimate, opened = rows_of(image(page, "searches"))
    # 1,000 is the greatest bound, so the scale ends at 10,000 = 10^4: 10 stands at 1/4, 100 at 2/4, 1,000 at 3/4.
    assert marks_of(closed) == [50, 75]
    assert drawn(closed, "span", "x1", "x2") == [(50, 75)]
    assert marks_of(opened) == [25]
    assert drawn(opened, "open", "x1", "x2") == [(25, 100)]
    assert len(drawn(opened, "arrow", "x")) == 1
    # log10(30) = 1.47712, a fourth of it 0.36928.
    assert marks_of(estimate) == [36.928]
    assert "estimate" in {group.attrib.get("class") for group in estimate.iter("g")}
    assert [row.attrib["class"].split()[1] for row in (closed, estimate, opened)] == [
        "from-buzzfeed_2021", "from-own_count", "from-client_list_2020"
    ]  # fmt: skip
    assert "2 agencies have no figure to draw" in page


def test_months_by_hand(small: str) -> None:
    page = read(small, "/charts")
    assert table(page, "reports") == {
        "February 2020": ["3", "2"], "April 2020": ["1", "1"], "2021, no month": ["1", "1"], "No date": ["1", "1"]
    }  # fmt: skip
    # Two years are 24 months of 4.167 %; the second begins at 4.167 %, the fourth at 12.5 %; 3 reports are the top.
    assert drawn(image(page, "reports"), "bar-1", "x", "width", "y", "height") == [
        (4.167, 4.167, 0, 100), (12.5, 4.167, 66.667, 33.333)
    ]  # fmt: skip
    assert re.findall(r'>(20\d\d)</a> <span class="count">(\d+)<', page) == [("2020", "4"), ("2021", "1")]


def test_coverage_by_hand(small: str) -> None:
    page = read(small, "/charts")
    assert table(page, "coverage")["Agencies listed"] == ["88", "2", "86"]
    # 2 of 88 is 2.273 %. Canada's total is "at least 41", so its end is open; Brazil has no agency here.
    assert drawn(rows_of(image(page, "coverage"))[0], "bar-1", "x", "width") == [(0, 2.273)]
    assert "Canada: agencies listed" in table(page, "coverage")
    assert "Brazil: agencies listed" not in table(page, "coverage")
    assert len(drawn(rows_of(image(page, "coverage"))[-1], "arrow", "x")) == 1


def test_every_chart_is_told_in_words(small: str) -> None:
    page = read(small, "/charts")
    told = {
        "responses": "Admitted: 2; Denied: 2; Not stated: 1.",
        "countries": "Canada: 2; Norway: 2; Sweden: 1.",
        "searches": "Agency ca-a: 100–1,000; Agency no-c: about 30; Agency ca-b: at least 10.",
        "reports": "February 2020: 3; April 2020: 1; by year: 2020: 4; 2021: 1.",
        "coverage": "Agencies listed: 2 of 88;",
    }
    for name, words in told.items():
        picture = image(page, name)
        assert picture.attrib["role"] == "img"
        assert picture.findtext("title"), name
        assert words in str(picture.findtext("desc")), name


def test_no_agency_is_said_not_drawn(small: str) -> None:
    page = read(small, "/charts?country=BR")
    assert "No agency matches these filters" in page
    assert 'role="img"' not in page


FILTERS: list[dict[str, str]] = [
    {},
    {"country": "CA"},
    {"response": "denied"},
    {"_search": "police"},
    {"searches_min__gt": "100"},
    {"use_status__not": "reported"},
    {"country__in": "CA,GB,BE", "response__not": "denied"},
    {"name__contains": "ministry", "figures_conflict": "0"},
    {"_where": "searches_about is not null or figures_conflict = 1"},
]


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda chosen: urlencode(chosen) or "all")
def test_numbers_are_those_of_the_table(site: str, chosen: dict[str, str]) -> None:
    asked = urlencode(chosen)
    page = read(site, f"/charts?{asked}")
    agencies = httpx.get(
        f"{site}/clearview/agencies.json?{asked}&_shape=array&_size=max&_labels=on", trust_env=False
    ).json()
    assert f">{len(agencies)} agenc" in page
    for name, column in (("responses", "response"), ("countries", "country")):
        counts = Counter(agency[column]["label"] for agency in agencies)
        assert {label: int(cells[0]) for label, cells in table(page, name).items()} == counts
    users = sum(agency["use_status"]["value"] == "reported" for agency in agencies)
    assert sum(int(cells[1]) for cells in table(page, "responses").values()) == users
    bounds = ("searches_min", "searches_max", "searches_about")
    figures = {
        agency["name"]: agency["searches"] for agency in agencies if any(agency[bound] is not None for bound in bounds)
    }
    shown = {name: cells[0] for name, cells in table(page, "searches").items()} if figures else {}
    assert shown == figures
    reports = sum(int(cells[0]) for cells in table(page, "reports").values())
    assert reports == sum(agency["report_count"] for agency in agencies)


@pytest.mark.parametrize("asked", ["", "?country=GB", "?_search=police&response=admitted"])
def test_links_lead_to_the_rows_that_are_drawn(site: str, asked: str) -> None:
    page = read(site, f"/charts{asked}")
    for name in ("responses", "countries", "reports"):
        numbers = table(page, name)
        for words, url in links(page, name).items():
            rows = httpx.get(f"{site}{url.replace('?', '.json?')}&_shape=array&_size=max", trust_env=False).json()
            assert len(rows) == int(numbers[words][0]), url


FAULTS = {
    "contry=CA": "no column",
    "country__like_this=CA": "no operator",
    "_serach=police": "no parameter",
    "_where=nowhere": "no such column",
    "searches_min=99999999999999999999": "beyond 64 bits",
}


@pytest.mark.parametrize("asked", FAULTS)
def test_what_the_table_refuses_is_refused(site: str, asked: str) -> None:
    answer = httpx.get(f"{site}/charts?{asked}", trust_env=False)
    assert answer.status_code == 400
    assert FAULTS[asked] in answer.text.lower()


def test_table_and_charts_lead_to_each_other_with_their_filters(site: str) -> None:
    page = read(site, "/clearview/agencies?country=CA&_search=police&_sort=name")
    link = unescape(str(re.search(r'href="(/charts[^"]*)"', page[page.index("row-count") :])[1]))  # type: ignore[index]
    assert link == "/charts?country=CA&_search=police"
    charts = read(site, link)
    assert 'href="/clearview/agencies?country=CA&amp;_search=police"' in charts
    assert "Search: “police”" in charts
    assert 'href="/charts?country=CA"' in charts


def test_a_agency_shows_its_figures_with_the_conflict(site: str) -> None:
    page = read(site, "/clearview/agencies/be-federal-police-belgium")
    picture = image(page, "scale")
    # The scale ends at 1,000 = 10^3: log10(101) / 3 = 66.811 %, log10(500) / 3 = 89.966 %, log10(78) / 3 = 63.070 %.
    assert drawn(picture, "shown", "x", "width") == [(66.811, 23.155)]
    rows = rows_of(picture)
    # "honderd tot vijfhonderd" is 100 to 500, printed three times; an audit counted 78.
    assert Counter(tuple(marks_of(row)) for row in rows) == {(66.811, 89.966): 6, (66.667, 89.966): 3, (63.07,): 4}
    # One of the four says "zo'n 78", an estimate: it excludes nothing.
    assert page.count('<span class="use">Conflicts</span>') == 3
    told = str(picture.findtext("desc"))
    assert "The figure shown for the agency: 101–500." in told
    assert "“à 78 reprises”: 78, from: Regulator or audit, told by RTBF (conflicts)" in told


def test_a_doubtful_figure_is_drawn_as_never_used(site: str) -> None:
    page = read(site, "/clearview/agencies/fi-national-bureau-of-investigation")
    assert page.count('<span class="use">Never used</span>') == 1
    doubtful = rows_of(image(page, "scale"))[-1]
    assert doubtful.attrib["class"] == "row from-doubtful"
    assert "“210 keer”" in page


EXCLUDING = [
    ((101, 500), (78, 78), True), ((101, 500), (500, None), False), ((101, None), (None, 100), True),
    ((101, None), (None, 101), False), ((None, None), (5, 5), False), ((101, 500), (None, None), False),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "other", "apart"), EXCLUDING)
def test_what_contradicts(
    shown: tuple[int | None, int | None], other: tuple[int | None, int | None], apart: bool
) -> None:
    assert scales.excludes(shown, *other) is apart


def test_scales_at_their_ends() -> None:
    assert [scales.top_decade([value]) for value in (None, 0, 1, 9, 10, 99, 100, 3401)] == [
        10, 10, 10, 10, 100, 100, 1000, 10000
    ]  # fmt: skip
    assert scales.log_percent(0, 10) == 0
    assert scales.draw_interval(None, 10, None, 100) == scales.Interval(None, 50, None)
    assert scales.draw_interval(None, 10, None, 100).shape == "open_low"
    assert scales.round_ticks(46) == [0, 10, 20, 30, 40, 50]
    assert scales.round_ticks(1) == [0, 1]
    assert scales.round_ticks(120) == [0, 50, 100, 150]
    assert scales.percent(1, 0) == 0
