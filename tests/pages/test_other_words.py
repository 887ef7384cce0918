"""The site of another dataset has the dataset's own words: its database, what it counts, its own rows in examples."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import duckdb
import httpx
import pytest
from conftest import PATIENCE, ROOT, run_make, serve
from large.on_duckdb import join
from write_parquet import write_all

FOLDER = Path(__file__).parent / "other_words" / "Traffic cameras 2024"
PLACE = ROOT / "build" / "Traffic_cameras_2024"
NAME = "traffic_cameras_2024"
OURS = re.compile(
    rb"buzzfeed|clearview|kripos|toronto|tornto|keskusrikospoliisi|it-state-police|changes\.atom|\brcmp\b|timmins|ontario",
    re.IGNORECASE,
)
# Part of a name of an address or a mark, such as /charts/searches, the word stays.
COUNTED = re.compile(rb"(?<![/\"#_=F-])searches(?![-_])|anyone searched|ran a search", re.IGNORECASE)
BEGIN = (
    "/", "/sitemap.xml", "/robots.txt", "/llms.txt", "/openapi.json", "/reconcile", "/api", "/workbench/schema.json",
    "/-/metadata.json", "/-/metrics", "/downloads", "/charts", "/timeline", "/about",
    "/no-such-page", f"/exports/{NAME}.xlsx", "/exports/reports.csv", "/exports/datapackage.json",
    "/search?q=springfild", "/search.json?q=shelbyville", "/reconcile/preview?id=us-springfield-police", f"/{NAME}.db",
    f"/{NAME}/agencies.geojson", f"/{NAME}/reports.ndjson", f"/{NAME}/agencies_by_country.csv",
    "/compare?agency=us-springfield-police,ca-ogdenville-police", "/embed/agency/us-springfield-police", "/embed/map",
    "/embed/table", "/embed/chart/searches", "/charts/countries", "/charts/reports.svg", "/charts/searches.csv",
    f"/{NAME}/agencies/us-springfield-police", f"/{NAME}?sql=select+1",
)  # fmt: skip
OF_ONE_FORM = 2  # addresses that differ in their values alone; so many of them are asked
PARAMETERS = 1  # filters of filters would go on without an end


@pytest.fixture(scope="module")
def cameras() -> Iterator[str]:
    """Build, export and serve the list of cameras; yield the site's address."""
    made = run_make(ROOT, "export", f"RAW={FOLDER}")
    assert made.returncode == 0, made.stdout + made.stderr
    with serve(PLACE / f"{NAME}.db", PLACE / "server.log", PLACE / "exports", PLACE / "metadata.yml") as url:
        yield url


CLIENT = httpx.Client(trust_env=False, follow_redirects=True, timeout=PATIENCE)


def get(url: str, path: str) -> httpx.Response:
    return CLIENT.get(url + path)


def crawl(url: str) -> Iterator[tuple[str, httpx.Response]]:
    """Yield each address that a page leads to, with its answer."""
    seen, forms, todo = set[str](), dict[str, int](), [*BEGIN]
    while todo:
        path = todo.pop(0)
        form = re.sub(r"=[^&]*", "=", path)
        if path in seen or forms.get(form, 0) >= OF_ONE_FORM or path.count("=") > PARAMETERS or "_sort" in path:
            continue
        seen.add(path)
        forms[form] = forms.get(form, 0) + 1
        answer = get(url, path)
        yield path, answer
        if "html" not in answer.headers["content-type"] and "xml" not in answer.headers["content-type"]:
            continue
        for pair in re.findall(r'(?:href|src|action|data-map-src)="([^"]+)"|<loc>([^<]+)', answer.text):
            found = urlsplit(urljoin(url + path, unescape("".join(pair))))
            if found.netloc == urlsplit(url).netloc:
                todo.append(found.path + (f"?{found.query}" if found.query else ""))


def read(answer: httpx.Response) -> bytes:
    """Return the bytes of an answer, of a workbook those of its parts."""
    if not answer.content.startswith(b"PK"):
        return answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return b"".join(book.read(name) for name in book.namelist())


def find_ours(path: str, answer: httpx.Response) -> list[bytes]:
    """Return the words of an answer that are ours; in scripts and names of plugins "searches" is one of a program."""
    content = read(answer)
    found = [] if path.startswith(("/static/", "/-/plugins")) else COUNTED.findall(content)
    return OURS.findall(content) + found


@pytest.mark.parametrize("path", BEGIN)
def test_no_answer_speaks_of_our_record_or_of_searches(path: str, cameras: str) -> None:
    answer = get(cameras, path)
    assert answer.status_code == (404 if path == "/no-such-page" else 200)
    assert len(answer.content) > 10
    assert find_ours(path, answer) == []


@pytest.mark.slow
def test_a_crawl_of_all_pages_and_files_finds_nothing_of_ours(cameras: str) -> None:
    asked, failed, ours = set[str](), list[str](), dict[str, bytes]()
    for path, answer in crawl(cameras):
        asked.add(path)
        failed += [path] * (answer.status_code >= 500)
        if found := find_ours(path, answer):
            ours[path] = found[0]
    assert len(asked) > 150
    assert {"/exports/agencies.parquet", f"/exports/{NAME}.xlsx", "/charts", f"/{NAME}/sources/S1"} <= asked
    assert (failed, ours) == ([], {})


def test_a_model_is_told_of_this_list_alone(cameras: str) -> None:
    for method in ("initialize", "tools/list"):
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {}}
        accepted = {"accept": "application/json, text/event-stream"}
        answer = httpx.post(f"{cameras}/mcp", json=request, headers=accepted, trust_env=False)
        assert answer.status_code == 200
        assert not OURS.search(answer.content)
        assert not COUNTED.search(answer.content)


def test_what_is_counted_is_said_in_pages_downloads_and_descriptions(cameras: str) -> None:
    agency = get(cameras, f"/{NAME}/agencies/us-springfield-police").text
    assert "Springfield Police was reported to have 12 traffic cameras, by its own count" in agency
    one = get(cameras, f"/{NAME}/agencies/us-shelbyville-sheriff").text
    assert "was reported to have 1 traffic camera, by its own count" in one
    assert "At least 54 traffic cameras were reported across the 3 agencies" in get(cameras, "/charts").text
    rows = list(csv.DictReader(io.StringIO(get(cameras, "/exports/agencies.csv").text)))
    assert [row["traffic_cameras_min"] for row in rows] == ["", "41", "1", "12"]
    columns = get(cameras, "/openapi.json").json()["components"]["schemas"]["agencies"]["properties"]
    assert columns["traffic_cameras_min"]["description"].startswith("Lowest number of traffic cameras")
    log = get(cameras, f"/{NAME}/cleaning_log.json?_shape=array&field=traffic_cameras_min").json()
    assert {row["column"] for row in log} == {"Cameras"}
    page = get(cameras, f"/{NAME}/agencies?_sort_desc=traffic_cameras").text
    assert page.index("Ogdenville Police</a>") < page.index("Springfield Police</a>")


CHOSEN = [
    ("agencies", "technology=Fixed", {"ca-ogdenville-police", "us-springfield-police"}),
    ("agencies", "technology__in=Fixed,Mobile&status=Active", {"ca-ogdenville-police", "us-springfield-police"}),
    ("agencies", "technology__not=Fixed", {"ca-north-haverbrook-council", "us-shelbyville-sheriff"}),
    ("agencies", "technology__notin=Fixed,Mobile", {"ca-north-haverbrook-council"}),
    ("agencies", "vendor=not+stated", {"us-shelbyville-sheriff"}),
    ("reports", "vendor=Acme&vendor=Beta", {3}),
    ("reports", "vendor__arraycontains=Acme&technology__not=Fixed", {6}),
    ("reports", "status=Active", {2, 3, 5}),
]


@pytest.mark.parametrize(("table", "asked", "keys"), CHOSEN)
def test_rows_are_chosen_by_the_values_of_own_facets(table: str, asked: str, keys: set[object], cameras: str) -> None:
    for form, read_rows in (("json", httpx.Response.json), ("csv", lambda answer: csv.DictReader(answer.iter_lines()))):
        rows = list(read_rows(get(cameras, f"/{NAME}/{table}.{form}?{asked}" + "&_shape=array" * (form == "json"))))
        assert {str(row["id" if table == "agencies" else "no"]) for row in rows} == {*map(str, keys)}


def test_own_facets_are_counted_and_several_values_chosen(cameras: str) -> None:
    answer = get(cameras, f"/{NAME}/agencies.json?technology=Mobile&status=Active").json()
    facets = {name: {row["value"]: row["count"] for row in facet["results"]}
              for name, facet in answer["facet_results"].items()}  # fmt: skip
    # Each counts what the other filters keep, and a row once for each of its values.
    assert facets["technology"] == {"Fixed": 2, "Mobile": 1}
    assert facets["status"] == {"Active": 1, "Ended": 1}
    assert facets["vendor"] == {"Acme": 1, "Beta": 1}
    counted = get(cameras, f"/{NAME}/agencies.json?_facet_array=technology").json()["facet_results"].values()
    ways = [facet for facet in counted if facet["name"] == "technology"]
    assert [{row["value"]: row["count"] for row in facet["results"]} for facet in ways] == [
        {"Fixed": 2, "Mobile": 2, "not stated": 1}
    ] * 2
    many = "&".join(f"_facet={column}" for column in answer["columns"][:9])
    late = get(cameras, f"/{NAME}/agencies.json?{many}").json()
    assert len(late["facet_results"]) > 15
    assert {row["value"] for row in late["facet_results"]["status"]["results"]} == {"Active", "Ended", "Planned"}
    page = get(cameras, f"/{NAME}/agencies?technology__in=Fixed,Mobile").text
    assert "Remove the filter </span>Kind of camera: Fixed<" in page
    assert "Remove the filter </span>or Mobile<" in page
    assert '<td data-label="Kind of camera">Fixed; Mobile</td>' in page
    told = get(cameras, f"/{NAME}/agencies.json?technology=Fixd")
    assert (told.status_code, "the values are not stated, Fixed, Mobile" in told.text) == (400, True)
    charts = get(cameras, "/charts?technology=Mobile").text
    assert "At least 13 traffic cameras were reported across the 2 agencies" in charts


def test_a_value_leads_from_an_agency_to_the_rows_that_say_it(cameras: str) -> None:
    page = get(cameras, f"/{NAME}/agencies/us-springfield-police").text
    (link,) = re.findall(r'<dt>Vendor</dt>.*?<a href="([^"]+)">Beta<', page)
    rows = get(cameras, unescape(link).replace("/reports?", "/reports.json?") + "&_shape=array").json()
    assert [(row["row"], row["vendor"]) for row in rows] == [(3, '["Acme", "Beta"]')]
    report = get(cameras, f"/{NAME}/reports/3").text
    assert "<dt>Kind of camera</dt><dd>Fixed</dd>\n<dt>Vendor</dt><dd>Acme; Beta</dd>" in report


def test_files_and_descriptions_have_own_facets(cameras: str) -> None:
    columns = get(cameras, "/openapi.json").json()["components"]["schemas"]["agencies"]["properties"]
    assert columns["technology"]["description"].startswith("Kind of camera: the values in the agency's reports")
    features = get(cameras, f"/{NAME}/agencies.geojson").json()["features"]
    assert [json.loads(one["properties"]["technology"]) for one in features][-1] == ["Fixed", "Mobile"]
    table = duckdb.read_parquet(str(PLACE / "exports" / "agencies.parquet"))
    sql = """select kind, count(*) from (
      select unnest(from_json(technology, '["VARCHAR"]')) as kind from table_) group by 1"""
    assert dict(table.query("table_", sql).fetchall()) == {"Fixed": 2, "Mobile": 2, "not stated": 1}
    resources = get(cameras, "/exports/datapackage.json").json()["resources"]
    (fields,) = [one["schema"]["fields"] for one in resources if one["path"] == "reports.csv"]
    assert {"technology", "vendor", "status"} <= {field["name"] for field in fields}
    assert get(cameras, f"/{NAME}/facets/technology.json?_shape=array").json() == [
        {"id": "technology", "label": "Kind of camera", "several_values": "yes"}
    ]


def test_parquet_by_country_has_what_is_counted_and_own_facets(cameras: str, tmp_path: Path) -> None:
    assert cameras
    write_all(FOLDER, PLACE / "steps", PLACE / f"{NAME}.db", tmp_path / "parquet")
    sql = f"select id, traffic_cameras_min, vendor from '{tmp_path}/parquet/agencies/*/*.parquet' where country = 'US'"
    assert sorted(duckdb.sql(sql).fetchall()) == [
        ("us-shelbyville-sheriff", 1, '["not stated"]'), ("us-springfield-police", 12, '["Acme", "Beta"]'),
    ]  # fmt: skip
    received = duckdb.sql(f"select row, vendor from '{tmp_path}/parquet/received/*.parquet' order by row").fetchall()
    assert received == [(2, "Acme"), (3, "Acme; Beta"), (4, ""), (5, "Beta"), (6, "Acme")]
    assert len(list((tmp_path / "parquet" / "traffic_camera_bands").iterdir())) == 1
    join(tmp_path / "parquet", tmp_path / "joined")
    agencies = duckdb.sql(f"select id, report_count from '{tmp_path}/joined/agencies/*.parquet'").fetchall()
    assert dict(agencies)["us-springfield-police"] == 2


def test_every_example_of_the_api_answers(cameras: str) -> None:
    tags = get(cameras, "/openapi.json").json()["tags"]
    examples = [example for tag in tags for example in tag["x-examples"]]
    assert len(examples) > 10
    assert [(path, get(cameras, path).status_code) for path in examples] == [(path, 200) for path in examples]
    assert any("us-springfield-police" in path for path in examples)


def test_every_address_that_models_are_told_of_answers(cameras: str) -> None:
    told = re.findall(r"\]\((\S+)\)", get(cameras, "/llms.txt").text)
    asked = [address.removeprefix(cameras).replace("/ID.", "/us-springfield-police.") for address in told]
    assert len(asked) > 25
    failed = [path for path in asked if path != "/mcp" and get(cameras, path).status_code != 200]
    assert failed == []


def test_the_database_has_no_label_of_ours() -> None:
    db = sqlite3.connect(PLACE / f"{NAME}.db")
    assert db.execute("select count(*) from traffic_camera_bands").fetchone()[0] > 10
    assert db.execute("select id from listings order by sort").fetchall() == [("other_reporting",), ("unclear",)]
