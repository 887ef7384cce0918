"""A column sorts by what it means, on pages and in files alike, and pages together hold every row once."""

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from html import unescape
from itertools import cycle
from typing import Any

import httpx
import pytest
from conftest import PATIENCE, ROOT
from odd_database import NAMES
from sampling import sample

FIGURES = ("searches_min", "searches_max", "searches_about")
TABLES = ["agencies", "reports", "sources", "regulatory_actions", "published_totals", "countries"]
DIRECTIONS = ["_sort", "_sort_desc"]


def get(client: httpx.Client, url: str) -> httpx.Response:
    """Return an answer that is no refusal."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.text[:300]
    return answer


def read_pages(client: httpx.Client, site: str, path: str) -> list[dict[str, Any]]:
    """Return the rows of every page, following the header Link."""
    rows, url = [], site + path
    while url:
        answer = get(client, url)
        rows += answer.json()
        url = answer.links.get("next", {}).get("url", "")
    return rows


def read_all(site: str, path: str) -> list[dict[str, Any]]:
    """Return the rows of every page, asked by a client of their own."""
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        return read_pages(client, site, path)


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def order_of(row: dict[str, Any]) -> tuple[int, float]:
    """Return where a figure stands: its lowest number, then its highest; an estimate stands for both."""
    low, high, about = (row[column] for column in FIGURES)
    lowest = next((one for one in (low, about) if one is not None), 0)
    return lowest, next((one for one in (high, about) if one is not None), float("inf"))


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize(("table", "column"), [("agencies", "searches"), ("reports", "searches_as_printed")])
def test_searches_sort_by_number_and_the_unknown_last(site: str, table: str, column: str, direction: str) -> None:
    rows = read_all(site, f"/clearview/{table}.json?_shape=array&_size=25&{direction}={column}")
    known = [row for row in rows if any(row[figure] is not None for figure in FIGURES)]
    assert rows[: len(known)] == known
    assert len(rows) > len(known) > 10
    orders = [order_of(row) for row in known]
    assert orders == sorted(orders, reverse=direction == "_sort_desc")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize(
    ("table", "column"), [("reports", "published"), ("regulatory_actions", "date"), ("sources", "published")]
)
def test_what_has_no_date_comes_last(site: str, table: str, column: str, direction: str) -> None:
    dates = [
        row[column] for row in read_all(site, f"/clearview/{table}.json?_shape=array&_size=40&{direction}={column}")
    ]
    known = [date for date in dates if date]
    assert dates == known + [None] * (len(dates) - len(known))
    assert known == sorted(known, reverse=direction == "_sort_desc")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("column", ["response", "licence", "searches_band", "listing", "country"])
def test_categories_sort_by_their_place_and_not_stated_last(
    site: str, db: sqlite3.Connection, column: str, direction: str
) -> None:
    table = next(key["table"] for key in db.execute("pragma foreign_key_list(agencies)") if key["from"] == column)
    places = dict(db.execute(f"select id, sort from {table}").fetchall())
    values = [
        row[column] for row in read_all(site, f"/clearview/agencies.json?_shape=array&_size=20&{direction}={column}")
    ]
    known = [value for value in values if value != "not_stated"]
    assert values == known + ["not_stated"] * (len(values) - len(known))
    assert [places[value] for value in known] == sorted(
        (places[value] for value in known), reverse=direction == "_sort_desc"
    )


def test_names_sort_without_regard_to_case_and_accents(odd_site: str) -> None:
    names = [
        row["name"]
        for row in read_all(
            odd_site, "/clearview/agencies.json?_shape=array&_size=7&name__not=x&name__notlike=Zorch%25"
        )
    ]
    assert [name for name in names if name in NAMES] == [
        "Åland Police", "alpha police", "Ämne Police", "zebra Police", "Zeta police",
    ]  # fmt: skip
    assert names[0] == "Åland Police"


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_what_names_another_row_sorts_by_its_name(site: str, db: sqlite3.Connection, direction: str) -> None:
    publishers = dict(db.execute("select id, publisher from sources").fetchall())
    rows = read_all(site, f"/clearview/reports.json?_shape=array&_size=60&{direction}=source")
    names = [publishers[row["source"]].lower() for row in rows]
    plain = [name for name in names if name.isascii()]
    assert plain == sorted(plain, reverse=direction == "_sort_desc")
    assert len(plain) > 200


@pytest.mark.parametrize("table", sample(TABLES, ["sources", "agencies"]))
def test_pages_hold_every_row_once_in_the_order_of_the_file(site: str, db: sqlite3.Connection, table: str) -> None:
    """Each column is asked in one direction, and its neighbours in the other: both would be twice the requests."""
    count = db.execute(f"select count(*) from {table}").fetchone()[0]
    size = count // 2 + 1
    key = "no" if table == "reports" else "id"
    columns = [row[1] for row in db.execute(f"pragma table_info({table})").fetchall()]
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        for column, direction in zip(columns, cycle(DIRECTIONS), strict=False):
            asked = f"{direction}={column}"
            path = f"/clearview/{table}.json?_shape=array&_size={size}&{asked}"
            keys = [str(row[key]) for row in read_pages(client, site, path)]
            file = get(client, f"{site}/clearview/{table}.csv?{asked}").text
            assert (asked, len(keys), len(set(keys))) == (asked, count, count)
            assert keys == [row[key] for row in csv.DictReader(io.StringIO(file, newline=""))], asked


def test_a_filter_of_several_values_loses_no_row_between_pages(site: str, db: sqlite3.Connection) -> None:
    """SQLite reads the rows of country__in by country; without a fixed order they stood elsewhere on page two."""
    asked = "/clearview/reports.json?_shape=array&_size=9&country__in=CA,GB,SE,BR&_sort_desc=response"
    found = [row["no"] for row in read_all(site, asked)]
    count = db.execute("select count(*) from reports where country in ('CA', 'GB', 'SE', 'BR')").fetchone()[0]
    assert (len(found), len(set(found))) == (count, count)


@pytest.mark.parametrize("token", ["nobody", "x,nobody", "a,b,c,d"])
def test_a_page_behind_no_row_is_refused(site: str, token: str) -> None:
    answer = httpx.get(f"{site}/clearview/agencies.json?_shape=array&_next={token}", trust_env=False)
    assert answer.status_code == 400
    assert "begin again with its first page" in answer.json()["error"]


def test_rows_with_labels_go_on_where_the_column_they_are_sorted_by_is_not_asked_for(site: str) -> None:
    address: str | None = f"{site}/clearview/agencies.json?_size=30&_col=licence&_labels=on&_shape=objects"
    found = []
    while address:
        answer = httpx.get(address, trust_env=False, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        found += [row["id"] for row in answer.json()["rows"]]
        address = answer.json()["next_url"]
    assert len(set(found)) == len(found) == 74


def test_the_headings_of_the_page_sort_both_ways(site: str) -> None:
    page = httpx.get(f"{site}/clearview/agencies", trust_env=False).text
    links = [unescape(link) for link in re.findall(r'<th scope="col"[^>]*><a href="([^"]+)"', page)]
    assert len(links) == 8
    count = len(read_all(site, "/clearview/agencies.json?_shape=array"))
    for link in links:
        other = link.replace("_sort=", "_sort_desc=") if "_sort=" in link else link.replace("_sort_desc=", "_sort=")
        ends = []
        for path in (link, other):
            answer = httpx.get(site + path, trust_env=False)
            assert answer.status_code == 200
            ends.append(re.findall(r'<th[^>]* scope="row"[^>]*>(?:<input[^>]*> )?<a href="([^"]+)"', answer.text))
        assert len(ends[0]) == len(set(ends[0])) == count
        assert sorted(ends[0]) == sorted(ends[1])
        assert ends[0] != ends[1]


@pytest.mark.parametrize(
    "asked",
    ["native_name__contains=pol%C3%ADcia", "native_name__contains=POL%C3%8DCIA", "native_name__contains=poli%CC%81cia",
     "native_name__startswith=POLICIA"],
)  # fmt: skip
def test_contains_folds_case_accents_and_encodings(site: str, db: sqlite3.Connection, asked: str) -> None:
    names = [row[0] for row in db.execute("select native_name from agencies where native_name is not null")]
    plain = [name.lower().replace("í", "i") for name in names]
    test = str.startswith if "startswith" in asked else str.__contains__
    expected = sum(test(name, "policia") for name in plain)
    found = httpx.get(f"{site}/clearview/agencies.json?_shape=array&{asked}", trust_env=False).json()
    assert len(found) == expected >= 1


@pytest.mark.parametrize(("asked", "count"), [("Zu%CC%88rich", 1), ("ZURICH", 1)])
def test_a_decomposed_name_is_found(site: str, asked: str, count: int) -> None:
    found = httpx.get(f"{site}/clearview/agencies.json?_shape=array&region__contains={asked}", trust_env=False)
    assert len(found.json()) == count
