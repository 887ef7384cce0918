"""The page of a table holds what SQL says of its filters: rows in order, cells, counts, and where links lead."""

import html
import re
import sqlite3
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from conftest import ROOT

from service.facet_values import chosen_values, toggle_value
from service.search_entries import plain

FACETS = ["country", "agency_type", "response", "use_status", "listing", "searches_band", "corrected"]
LABELS = {
    "country": "countries",
    "agency_type": "agency_types",
    "response": "responses",
    "use_status": "use_statuses",
    "listing": "listings",
    "searches_band": "search_bands",
}
HEADINGS = ["name", "searches", "response", "country", "agency_type", "listing", "first_reported", "report_count"]
# The filters of a page and the same in SQL.
FILTERS = [
    ("", "1"),
    ("country=CA", "country = 'CA'"),
    ("country=CA&response=denied", "country = 'CA' and response = 'denied'"),
    ("report_count__gt=5", "report_count > 5"),
    ("country__in=BE,FR,IT", "country in ('BE', 'FR', 'IT')"),
    ("listing__not=client_list_2020", "listing <> 'client_list_2020'"),
    ("name__contains=Police", "name like '%Police%'"),
    ("searches_min__isnull=1", "searches_min is null"),
    ("figures_conflict=1", "figures_conflict = 1"),
    ("_where=length(locality)>10", "length(locality) > 10"),
    ("_search=zurich", "rowid in (select rowid from agencies_fts where agencies_fts match 'zurich')"),
    ("country=XX&use_status=not_reported", "country = 'XX' and use_status = 'not_reported'"),
]


@pytest.fixture(scope="module")
def db() -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def ask(site: str, path: str) -> str:
    """Return a page; fail unless the answer is 200."""
    answer = httpx.get(site + path, trust_env=False)
    assert answer.status_code == 200, (path, answer.text[:300])
    return answer.text


def text_of(markup: str) -> str:
    seen = re.sub(r'<span class="sr">.*?</span>', "", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", seen)).split())


def read_rows(page: str) -> list[list[str]]:
    """Return the cells of each row as HTML."""
    table = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    if table is None:
        return []
    rows = re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]


def read_facets(page: str) -> dict[str, dict[str, tuple[int, str]]]:
    """Return for each heading of a facet its values with count and address."""
    facets = {}
    for heading, values in re.findall(r'<h2 id="facet-\d+">(.*?)</h2>\s*<ul[^>]*>(.*?)</ul>', page, re.DOTALL):
        links = re.findall(r'<li><a href="(.*?)".*?>(.*?)</a> <span class="count">([\d,]+)</span>', values)
        facets[heading] = {
            text_of(re.sub(r"<span.*?</span>", "", text)): (int(count.replace(",", "")), html.unescape(link))
            for link, text, count in links
        }
    return facets


def expected_cells(db: sqlite3.Connection, where: str) -> list[list[str]]:
    """Return what a reader should read in each row, in order."""
    joins = " ".join(
        f"join {table} as {column}_l on {column}_l.id = agencies.{column}" for column, table in LABELS.items()
    )
    labels = ", ".join(f"{column}_l.label as {column}_label" for column in LABELS)
    rows = db.execute(
        f"select agencies.*, {labels} from agencies {joins} where agencies.id in"
        f" (select id from agencies where {where})"
    ).fetchall()
    return [cells_of(row) for row in sorted(rows, key=by_name)]


def by_name(row: sqlite3.Row) -> tuple[str, str]:
    """Return where a row stands: by its name, whatever case and accents, then by its key."""
    return plain(row["name"]), row["id"]


def cells_of(row: sqlite3.Row) -> list[str]:
    word = "" if row["use_status"] == "reported" else row["use_status_label"]
    name = " ".join(part for part in (row["name"], word, row["native_name"]) if part)
    searches = row["searches"] + (" reports conflict" if row["figures_conflict"] else "")
    return [
        name,
        searches,
        row["response_label"],
        row["country_label"],
        row["agency_type_label"],
        row["listing_label"],
        row["first_reported"] or "–",
        str(row["report_count"]),
    ]


@pytest.mark.parametrize(("query", "where"), FILTERS)
def test_rows_are_those_of_the_filter(site: str, db: sqlite3.Connection, query: str, where: str) -> None:
    page = ask(site, f"/clearview/agencies?{query}")
    shown = [[text_of(cell) for cell in row] for row in read_rows(page)]
    expected = expected_cells(db, where)
    date = HEADINGS.index("first_reported")
    assert [row[:date] + row[date + 1 :] for row in shown] == [row[:date] + row[date + 1 :] for row in expected]
    assert [row[date].split()[-1] for row in shown] == [row[date].split("-")[0] for row in expected]
    links = [re.search(r'href="/clearview/agencies/(.*?)"', row[0])[1] for row in read_rows(page)]
    rows = db.execute(f"select id, name from agencies where {where}").fetchall()
    assert links == [row["id"] for row in sorted(rows, key=by_name)]


def labels_of(column: str) -> str:
    """Return what SQL reads a column's labels from; a column that is no code is its own label."""
    return LABELS.get(column) or f"(select distinct {column} as id, {column} as label from agencies)"


@pytest.mark.parametrize(("query", "where"), FILTERS)
def test_facets_count_the_rows_and_lead_to_them(site: str, db: sqlite3.Connection, query: str, where: str) -> None:
    facets = read_facets(ask(site, f"/clearview/agencies?{query}"))
    given = parse_qsl(query)
    for (heading, shown), column in zip(facets.items(), FACETS, strict=True):
        others = (
            " and ".join(
                part for part in where.split(" and ") if not part.startswith((f"{column} = ", f"{column} in "))
            )
            or "1"
        )
        counts = db.execute(
            f"select labels.id, label, count(*) from agencies join {labels_of(column)} as labels on {column} ="
            f" labels.id where agencies.id in (select id from agencies where {others}) group by 1"
        ).fetchall()
        assert {label: count for label, (count, _) in shown.items()} == {row[1]: row[2] for row in counts}, heading
        for value, label, _ in counts:
            link = urlsplit(shown[label][1])
            assert (link.path, parse_qsl(link.query)) == ("/clearview/agencies", toggle_value(given, column, value))
            chosen = chosen_values(given, column)
            assert set(chosen_values(parse_qsl(link.query), column)) == {*chosen} ^ {value}


def test_a_facets_link_leads_to_as_many_rows_as_it_says(site: str) -> None:
    facets = read_facets(ask(site, "/clearview/agencies?report_count__gt=2"))
    for count, link in facets["Country"].values():
        assert len(read_rows(ask(site, link))) == count


def test_a_facets_link_on_a_later_page_leads_to_the_first_of_its_rows(site: str) -> None:
    page = ask(site, "/clearview/reports?_size=50")
    later = html.unescape(re.search(r'class="button" href="(.*?)"', page)[1])
    for count, link in read_facets(ask(site, later))["Country"].values():
        assert "_next" not in link
        assert len(read_rows(ask(site, link))) == min(count, 50)


@pytest.mark.parametrize("table", ["reports", "sources", "cleaning_log", "countries", "regulatory_actions", "coverage"])
def test_every_column_of_any_table_is_shown_as_stored(site: str, db: sqlite3.Connection, table: str) -> None:
    """Labels stand for codes and hosts for addresses, counts have separators; every other cell is the value itself."""
    rows = {tuple(row): row for row in db.execute(f"select * from {table}")}
    codes = {row["from"] for row in db.execute(f"pragma foreign_key_list({table})")}
    columns = [column[1] for column in db.execute(f"pragma table_info({table})")]
    shown_as_stored = [place for place, name in enumerate(columns) if name not in codes | DATED | {"query"}]
    shown = []
    for row in read_rows(ask(site, f"/clearview/{table}?_all=on&_size=max")):
        assert len(row) == len(columns)
        shown.append(tuple(text_of(row[place]) for place in shown_as_stored))
    expected = [tuple(as_read(columns[place], row[place]) for place in shown_as_stored) for row in rows.values()][:1000]
    assert len(shown) == len(expected)
    if table != "cleaning_log":  # has more rows than fit on a page
        assert sorted(shown) == sorted(expected)


DATED = {"date", "published", "first_reported", "last_reported"}


def as_read(column: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, int) and column not in ("no", "row"):
        return f"{value:,}"
    host = re.match("https?://([^/]+)", str(value))
    return host[1] if host else " ".join(str(value).split())


def test_a_column_left_out_or_asked_for_alone_is_no_fault(site: str) -> None:
    for query in ("_col=name&_col=searches", "_nocol=figures_conflict&_nocol=native_name", "_col=id", "_nocol=name"):
        rows = read_rows(ask(site, f"/clearview/agencies?{query}"))
        assert len(rows) == 74
        assert all(text_of(row[0]) for row in rows)


def test_what_changes_while_the_database_does_not_is_asked_again(site: str) -> None:
    counts = {
        httpx.get(f"{site}/clearview/reports.json?_size=0&_where=abs(random())%252=0", trust_env=False).json()[
            "filtered_table_rows_count"
        ]
        for _ in range(8)
    }
    assert len(counts) > 1


@pytest.mark.parametrize("asked", ["_all=on", "country=CA&_all=on&_sort=name", "country=CA"])
def test_the_rows_that_a_page_names_for_programs_answer(asked: str, site: str) -> None:
    page = ask(site, f"/clearview/agencies?{asked}")
    (address,) = re.findall(r'rel="alternate" type="application/json" href="([^"]+)"', page)
    answer = httpx.get(site + html.unescape(address), trust_env=False)
    assert answer.status_code == 200
    assert len(answer.json()["rows"]) == len(re.findall("<tr><th", page))
