"""Requests that no reader makes: each is refused or made harmless, and the site answers on."""

import csv
import io
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from conftest import ROOT, serve
from playwright.sync_api import Browser
from sampling import sample

# A request's address, the status it gets, and what its answer must not hold.
ADDRESSES = [
    (b"/%ff", 302, b"Traceback"),
    (b"/clearview/agencies?%ff=1", 400, b"Traceback"),
    (b"/clearview/agencies.json?_search=%ff", 400, b"Traceback"),
    (b"/clearview/agencies.json?_search=%00", 400, b"Traceback"),
    (b"/clearview/agencies?_search=%ff", 200, b"Traceback"),
    (b"/clearview?sql=select+'%ff%fe'", 200, b"Traceback"),
    (b"/" + b"a" * 20_000, 414, b"Traceback"),
    (b"/clearview/agencies?country=" + b"a" * 20_000, 414, b"Traceback"),
    (b"/clearview/agencies?" + b"a=b&" * 200, 400, b"Traceback"),
    (b"/clearview/agencies?" + b"_facet=name&" * 12, 400, b"Traceback"),
    (b"/clearview/agencies?_size=100000", 400, b"Traceback"),
    (b"/clearview/agencies?_size=-1", 400, b"Traceback"),
    (b"/clearview/agencies?_where=1;drop+table+reports", 400, b"Traceback"),
    (b"/clearview/agencies?_where=1)+union+select+*+from+reports--", 400, b"Traceback"),
    (b"/../../etc/passwd", 404, b"root:"),
    (b"/static/../../../../etc/passwd", 404, b"root:"),
    (b"/static/%2e%2e%2f%2e%2e%2fetc/passwd", 404, b"root:"),
    (b"/-/static-plugins/datasette-leaflet/..%2f..%2f__init__.py", 404, b"import"),
    (b"/_internal/databases", 403, b"clearview.db"),
    (b"/_memory?sql=select+1", 404, b"Traceback"),
    (b"/-/databases.json", 404, b"clearview.db"),
    (b"/-/versions", 404, b"3.11"),
    (b"/-/threads.json", 404, b"asyncio"),
    (b"/-/plugins", 404, b"plugins/"),
    (b"/-/permissions", 404, b"actor"),
    (b"/-/allow-debug", 404, b"actor"),
    (b"/clearview/agencies?_trace=1", 200, b"plugins/"),
    (b"/about?x=1", 302, b"Traceback"),
    (b"/clearview/agencies/xx-europol?x=1", 302, b"Traceback"),
]
HOSTILE = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"


def send(site: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of the answer to bytes sent as they are."""
    place = urlsplit(site)
    with socket.create_connection((place.hostname, place.port), timeout=240) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [line.split(":", 1) for line in lines]
    return int(first.split()[1]), {name.lower(): value.strip() for name, value in headers}, body


def get(site: str, address: bytes, more: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    return send(site, b"GET " + address + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more + b"\r\n")


@pytest.mark.parametrize(("address", "status", "never"), ADDRESSES)
def test_address_is_refused_or_harmless(site: str, address: bytes, status: int, never: bytes) -> None:
    found, headers, body = get(site, address)
    assert found == status, body[-300:]
    assert never not in body
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "encoded", ["%0d%0aX-Made-Up: 1", "%0aX-Made-Up: 1", "%0d%0a%0d%0a<html>", "%E5%98%8AX-Made-Up: 1"]
)
@pytest.mark.parametrize(
    "place",
    [
        "/clearview/agencies?utm_source=a&x={}",
        "/clearview/agencies{}",
        "/{}",
        "/clearview/agencies.csv?_dl=1&_search={}",
        "/clearview/agencies?_search={}",
        "/clearview/agencies?_filter_column=name&_filter_op=exact&_filter_value={}",
    ],
)
def test_no_address_makes_up_a_header(site: str, place: str, encoded: str) -> None:
    _, headers, body = get(site, place.format(encoded.replace(" ", "%20")).encode())
    assert "x-made-up" not in headers
    assert not body.startswith(b"<html>")


def test_giant_headers_are_refused(site: str) -> None:
    assert get(site, b"/", b"X-Long: " + b"a" * 30_000 + b"\r\n")[0] == 431
    assert get(site, b"/", b"".join(b"X-%d: aaaaaaaaaaaaaaaaaaaaaaaaa\r\n" % n for n in range(900)))[0] == 431
    assert get(site, b"/")[0] == 200


@pytest.mark.parametrize("method", [b"TRACE", b"CONNECT", b"PUT", b"DELETE", b"PATCH", b"POST"])
def test_only_reading_methods_are_answered(site: str, method: bytes) -> None:
    request = method + b" /clearview/agencies HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert send(site, request)[0] == 405


def test_broken_http_is_refused(site: str) -> None:
    assert send(site, b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nConnection: close\r\n\r\n")[0] == 400
    assert send(site, b"\x16\x03\x01 nonsense\r\n\r\n")[0] == 400
    assert get(site, b"/")[0] == 200


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://example.org","x")'])
def test_formulas_in_csv_are_made_text(site: str, text: str) -> None:
    sql = f"select '{text}' as a, -5 as b, 1.5e-7 as c, 'a=b' as d, '{text},x' as e"
    answer = httpx.get(f"{site}/clearview.csv?" + urlencode({"sql": sql}), trust_env=False).text
    head, row = csv.reader(io.StringIO(answer))
    assert head == ["a", "b", "c", "d", "e"]
    made = "'" + text.replace("\t=", "\t'=")  # a tab begins another cell where tabs part them
    assert row == [made, "-5", "1.5e-07", "a=b", f"{made},x"]


def test_csv_of_a_table_is_what_is_stored(site: str) -> None:
    rows = list(csv.reader(io.StringIO(httpx.get(f"{site}/clearview/reports.csv", trust_env=False).text)))[1:]
    with sqlite3.connect(f"file:{ROOT / 'clearview.db'}?mode=ro", uri=True) as db:
        stored = db.execute('select * from reports order by "no"').fetchall()
    assert rows == [["" if value is None else str(value) for value in row] for row in stored]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)", "vbscript:x"])
def test_no_cell_of_a_query_becomes_a_link_that_runs(site: str, link: str) -> None:
    markup = HOSTILE.replace("'", "''")
    sql = f"select '{link}' as url, '{link}' as copy_url, '{markup}' as name, '{link}' as id, '{link}' as query"
    page = httpx.get(f"{site}/clearview?" + urlencode({"sql": sql}), trust_env=False).text
    assert f'href="{link}' not in page
    assert "<img src=x" not in page


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a database whose every text carries markup, and whose links run script."""
    database = Path(shutil.copy(ROOT / "clearview.db", tmp_path_factory.mktemp("hostile") / "clearview.db"))
    db = sqlite3.connect(database)
    db.execute(
        "update agencies set name = name || ?, native_name = ?, locality = ?, searches = ?, aliases = ?", [HOSTILE] * 5
    )
    db.execute(
        "update reports set agency_as_printed = ?, searches_as_printed = ?, note = ?, response_detail = ?",
        [HOSTILE] * 4,
    )
    db.execute(
        "update sources set publisher = ?, title = ?, url = ?", [HOSTILE, HOSTILE, "javascript:document.title='ran'"]
    )
    db.execute("update countries set label = label || ?", [HOSTILE])
    db.execute(
        "update regulatory_actions set action = ?, summary = ?, url = ?",
        [HOSTILE, HOSTILE, "javascript:document.title='ran'"],
    )
    db.commit()
    db.close()
    with serve(database, database.with_suffix(".log")) as url:
        yield url


MARKED = [
    "/",
    "/clearview/agencies",
    "/clearview/agencies?_all=on",
    "/clearview/agencies/be-federal-police-belgium",
    "/clearview/countries/CA",
    "/clearview/reports/17",
    "/clearview/reports",
    "/clearview/sources",
    "/clearview/sources/S001",
    "/clearview/regulatory_actions",
    "/clearview/reports_about_an_agency?agency=kripos",
    "/search?q=img",
    "/clearview/agencies?country=CA",
]


@pytest.mark.parametrize("paths", sample([MARKED[::3], MARKED], [MARKED[::3]]), ids=["sample", "all"])
def test_markup_in_the_data_never_runs(hostile_site: str, browser: Browser, paths: list[str]) -> None:
    page = browser.new_page()
    found = []
    for path in paths:
        page.goto(hostile_site + path)
        if page.locator("main img, main script").count():
            found.append(path)
        for link in page.locator('main a[href^="javascript:"]').all()[:2]:
            link.dispatch_event("click")
        if page.title() == "ran":
            found.append(f"{path} ran")
    page.goto(hostile_site + "/clearview/agencies?country=BE")
    page.locator(".place").first.click()
    page.locator(".place-popup").wait_for()
    assert page.title() != "ran"
    page.close()
    assert found == []
