"""Every list says how many rows it holds; each of its downloads holds just these, from any page, as SQL counts them."""

import csv
import html
import io
import json
import re
import sqlite3
from urllib.parse import urlencode

import httpx
import pytest
from conftest import ROOT
from odd_database import MANY

LINK = re.compile(r'<a href="([^"]+)">(CSV|JSON|NDJSON|GeoJSON)</a>')
COUNTED = re.compile(r'id="row-count"><strong>(?:More than )?([\d,]+) rows?</strong>(.*?)</p>', re.DOTALL)
FORMS = {
    "agencies": ["CSV", "JSON", "NDJSON", "GeoJSON"],
    "coverage": ["CSV", "JSON", "NDJSON"],
}
# Each list with the same rows in SQL: every table and view, and filters of each kind.
LISTS = [
    *((f"/clearview/{table}", f"select * from {table}") for table in (
        "agencies", "reports", "sources", "cleaning_log", "countries", "regulatory_actions", "published_totals",
        "coverage", "agency_types", "responses", "listings", "licences", "use_statuses", "figure_origins",
        "search_bands",
    )),
    ("/clearview/reports?country__in=CA,GB", "select * from reports where country in ('CA', 'GB')"),
    ("/clearview/cleaning_log?kind=parsed&_sort_desc=after", "select * from cleaning_log where kind = 'parsed'"),
    ("/clearview/agencies?region__isblank=1&_sort=searches", "select * from agencies where region is null"),
    ("/clearview/agencies?_search=police&_size=20",
     "select * from agencies where rowid in (select rowid from agencies_fts where agencies_fts match 'police')"),
    ("/clearview/reports?_where=length(note)>20&_size=20", "select * from reports where length(note) > 20"),
]  # fmt: skip


def ask(site: str, path: str) -> httpx.Response:
    answer = httpx.get(site + path, trust_env=False)
    assert answer.status_code == 200, (path, answer.text[:300])
    return answer


def read_file(answer: httpx.Response, form: str) -> list[list[str]]:
    """Return the rows of a file as sorted texts, so that each form can be held against another."""
    if form == "CSV":
        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    elif form == "JSON":
        rows = answer.json()
    elif form == "NDJSON":
        rows = [json.loads(line) for line in answer.text.splitlines()]
    else:
        rows = [
            feature["properties"] | dict(zip(("longitude", "latitude"), place, strict=True))
            for feature in answer.json()["features"]
            for place in [(feature["geometry"] or {}).get("coordinates", ["", ""])]
        ]
    plain = [{name: tell(value) for name, value in row.items() if not name.endswith("_label")} for row in rows]
    return [[f"{name}={row[name]}" for name in sorted(row)] for row in plain]


def tell(value: object) -> str:
    value = value["value"] if isinstance(value, dict) else value
    return "" if value is None else str(value)


def links_of(page: str) -> dict[str, str]:
    return {form: html.unescape(url) for url, form in LINK.findall(page)}


@pytest.mark.parametrize(("path", "sql"), LISTS)
def test_a_list_and_its_files_hold_what_it_says(site: str, path: str, sql: str) -> None:
    db = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    rows = [dict(row) for row in db.execute(sql)]
    db.close()
    page = ask(site, path).text
    said = COUNTED.search(page)
    assert said
    assert int(said[1].replace(",", "")) == len(rows)
    links = links_of(page)
    assert list(links) == FORMS.get(path.split("/")[2].partition("?")[0], ["CSV", "JSON", "NDJSON"])
    expected = sorted([f"{name}={tell(row[name])}" for name in sorted(row)] for row in rows)
    orders = []
    for form, link in links.items():
        found = read_file(ask(site, link), form)
        found = [[cell for cell in row if not cell.startswith("rowid=")] for row in found]
        assert sorted(found) == expected, (form, len(found))
        orders.append(found)
    assert all(order == orders[0] for order in orders)  # a sort is kept in every form


@pytest.mark.parametrize(
    "path", ["/clearview/reports?_sort=no&_size=20", "/clearview/cleaning_log?_sort=before&_size=50"]
)
def test_the_files_of_a_later_page_are_those_of_the_first(site: str, path: str) -> None:
    first = ask(site, path).text
    later = ask(site, html.unescape(re.search(r'class="button" href="(.*?)"', first)[1])).text
    assert "_next" not in " ".join(links_of(later).values())
    assert links_of(later) == links_of(first)
    shown = re.search(r"This page shows (\d+) of them\. Download all ([\d,]+) rows", later)
    assert shown
    assert shown[2] == COUNTED.search(first)[1]


@pytest.mark.parametrize("question", ["agencies_by_country", "no_use_reported", "conflicting_figures"])
def test_a_question_and_its_files_hold_what_it_says(site: str, question: str) -> None:
    page = ask(site, f"/clearview/{question}").text
    counted = int(COUNTED.search(page)[1])
    rows = ask(site, f"/clearview/{question}.json?_shape=array").json()
    lines = list(csv.reader(io.StringIO(ask(site, f"/clearview/{question}.csv").text)))
    assert (counted, page.count("<tr>") - 1, len(lines) - 1) == (len(rows), len(rows), len(rows))


def test_sql_says_how_many_rows_it_gives_of_more(site: str) -> None:
    page = ask(site, "/clearview?" + urlencode({"sql": "select * from cleaning_log"})).text
    said = COUNTED.search(page)
    assert said[1] == "1,000"
    assert "Download the first 1,000" in said[2]
    lines = list(csv.reader(io.StringIO(ask(site, links_of(page)["CSV"]).text)))
    assert len(lines) - 1 == 1000


def test_a_search_counts_what_it_does_not_show(odd_site: str) -> None:
    assert ask(odd_site, "/search.json?q=Zorch").json()["counts"]["agency"] == MANY
    page = ask(odd_site, "/search?q=Zorch").text
    assert f"{MANY:,} agencies</a> for “Zorch”" in html.unescape(page)
    whole = ask(odd_site, "/search?q=Zorch&kind=agency").text
    assert f"These are the best 500 of {MANY:,} agencies" in whole
    assert whole.count("<h3><a href=") == 500


def test_a_facet_says_how_many_rows_have_no_value(site: str) -> None:
    facet = ask(site, "/clearview/agencies.json?_shape=objects&_facet=region").json()["facet_results"]["region"]
    counts = {value["label"]: value["count"] for value in facet["results"]}
    rows = ask(site, "/clearview/agencies.json?_shape=array&_stream=on").json()
    assert sum(counts.values()) == len(rows)
    empty = next(value for value in facet["results"] if value["value"] is None)
    assert (empty["label"], empty["count"]) == ("empty", counts["empty"])
    page = ask(site, empty["toggle_url"].removeprefix(site).replace(".json", "")).text
    assert int(COUNTED.search(page)[1]) == counts["empty"]
    assert "Region: empty" in page


@pytest.mark.parametrize(
    ("asked", "reason"),
    [("agencies.json?_stream=on", "_shape=array"), ("agencies.ndjson?_stream=on&_next=x", "leave out _next"),
     ("agencies_by_country.json?_stream=on&_shape=array", "for tables")],
)  # fmt: skip
def test_a_whole_answer_that_cannot_be_given_is_refused(site: str, asked: str, reason: str) -> None:
    answer = httpx.get(f"{site}/clearview/{asked}", trust_env=False)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]
