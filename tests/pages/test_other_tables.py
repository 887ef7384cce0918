"""Pages of a list with regions, a column per year and several links a row: what they show of each."""

import re
from collections.abc import Iterator

import httpx
import pytest
import yaml
from conftest import PATIENCE, serve
from other_tables import CONSTANTS, LISTED, make
from site_metadata import describe_site

from build import build

MAPPING = f"""workbook: list.csv
reports:
  rows: report
  columns: {{agency: Agency, region: State, source: Links}}
  periods: {{2019: "2019", 2020: "2020"}}
  constants: {{country: USA, source: S1, {CONSTANTS}}}
sources:
  links: read
  {LISTED}"""
ROWS = [
    ["Agency", "State", "Links", "2019", "2020"],
    ["Springfield Police", "IL", "https://a.example/1 https://b.example/2", 5, 9],
    ["Springfield Police", "Ohio", "", 7, ""],
]
AGENCIES = [
    ("us-springfield-illinois", "Springfield Police", "Illinois"),
    ("us-springfield-ohio", "Springfield Police", "Ohio"),
]
SITE = {"title": "Made up", "description": "Made up", "keeper": "nobody", "licence": "CC0-1.0",
        "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/"}  # fmt: skip


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build and serve the list with the words of its own site; yield the address."""
    parent = tmp_path_factory.mktemp("others")
    folder = make(parent / "list", {"list.csv": ROWS}, MAPPING, AGENCIES)
    (folder / "site.yml").write_text(yaml.safe_dump(SITE), "utf-8")
    build(folder, parent / "steps", [], [])
    (parent / "metadata.yml").write_text(yaml.safe_dump(describe_site(folder)), "utf-8")
    database, words = parent / "steps" / "clearview.db", parent / "metadata.yml"
    with serve(database, parent / "server.log", metadata=words) as url:
        yield url


def read(url: str) -> str:
    """Return the words of a page that is there."""
    response = httpx.get(url, trust_env=False, timeout=PATIENCE)
    assert response.status_code == httpx.codes.OK, response.text[-2000:]
    return " ".join(re.sub(r"<[^>]+>", " ", response.text.partition("<main")[2]).split())


def test_an_agency_shows_its_series_and_its_region(others: str) -> None:
    page = read(f"{others}/clearview/agencies/us-springfield-illinois")
    assert "Springfield Police Municipal police, Illinois, United States" in page
    assert "By period 2019: 5 2020: 9" in page
    assert "the figure is that of 2020" in page
    assert "reports disagree" not in page
    assert "It links to b.example (source https://b.example/2) too." in page


def test_regions_and_periods_are_facets_that_can_be_asked_for(others: str) -> None:
    page = read(f"{others}/clearview/agencies")
    assert "Illinois" in page
    assert "Ohio" in page
    found = httpx.get(f"{others}/clearview/agencies.json?_shape=objects&region=Ohio", trust_env=False).json()
    assert [row["id"] for row in found["rows"]] == ["us-springfield-ohio"]
    assert {"region", "period"} <= {*found["facet_results"]}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("https~3A~2F~2Fa~2Eexample~2F1", "2 reports taken from this page name 1 agency"),
        ("https~3A~2F~2Fb~2Eexample~2F2", "2 reports link to it beside another page"),
        ("S1", "2 reports taken from this page name 1 agency"),
    ],
)
def test_each_link_has_its_page(source: str, told: str, others: str) -> None:
    assert told in read(f"{others}/clearview/sources/{source}")


def test_the_tables_that_the_list_has_beside_are_served(others: str) -> None:
    for table in ("further_sources", "cleaning_log", "reports?_sort=period"):
        assert read(f"{others}/clearview/{table}")
