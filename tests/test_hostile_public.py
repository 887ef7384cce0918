"""The public service under attack: readers' pages come, slow clients are let go, and files carry every header."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
from bench_hostile import attack, memory_of, read_pages
from conftest import ROOT
from releases import slot_in_use
from test_public import Public, serve_public

PROCESS_MB = 512  # what serve_public.py lets one process hold


@pytest.fixture(scope="module")
def public() -> Iterator[Public]:
    with serve_public(ROOT / "clearview.db") as started:
        yield started


def test_two_hundred_hostile_queries_at_once_cost_readers_nothing(public: Public) -> None:
    place = urlsplit(public.url).netloc
    with ThreadPoolExecutor(1) as other:
        attacking = other.submit(attack, place, 1)
        time.sleep(0.3)
        pages, _ = read_pages(place, 7_000_000, 40)
        hostile = attacking.result()
    assert set(pages) == {200}
    assert set(hostile) <= {200, 400, 429}
    assert hostile[429] > 100
    assert max(memory_of(int((public.folder / "supervisor.pid").read_text()))) < PROCESS_MB
    assert public.ask("/clearview.json?_shape=array&sql=select+count(*)+as+n+from+claims").json() == [{"n": 295}]


# A page, a file of text, an answer for programs, a fault, and what others show inside their own pages.
PATHS = ["/about", "/robots.txt", "/clearview/countries.json", "/no", "/reconcile/preview?id=xx-europol"]


@pytest.mark.parametrize("path", PATHS)
def test_the_front_sends_the_headers_of_the_site_once_and_unchanged(public: Public, path: str) -> None:
    transport = httpx.HTTPTransport(uds=str(public.folder / slot_in_use(public.folder) / "pages-0.sock"))
    with httpx.Client(transport=transport) as asker:
        own = asker.get(f"http://localhost{path}", headers={"accept-encoding": "identity"}).headers
    for answer in (public.ask(path).headers, public.ask(path).headers):
        for name in set(own) - {"cache-control", "content-length", "date", "server", "transfer-encoding", "link"}:
            expected = "Accept-Encoding" if name == "vary" else own[name]
            assert answer.get_list(name) == [expected], name


def test_files_carry_the_headers_of_other_answers(public: Public) -> None:
    file, text = public.ask("/static/site.css").headers, public.ask("/robots.txt").headers
    for name in set(text) - {"content-type", "content-length", "transfer-encoding", "date", "etag", "cache-control"}:
        assert file.get_list(name) == text.get_list(name), name


def test_clients_that_send_or_read_slowly_are_let_go(public: Public) -> None:
    """A hundred of them hold connections open; nobody else notices, and each is closed after ten seconds."""
    place = urlsplit(public.url)
    slow = [socket.create_connection((place.hostname, place.port)) for _ in range(100)]
    for connection in slow:
        connection.sendall(b"GET /clearview/agencies HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    for number in range(5):
        assert public.ask(f"/clearview/agencies?_size={90 + number}", client=9).status_code == 200
    closed_at = time.monotonic() + 25
    slow[0].settimeout(25)
    with suppress(ConnectionResetError):
        assert slow[0].recv(1000) == b""
    assert time.monotonic() < closed_at
    for connection in slow:
        connection.close()


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 70_000 + b"\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n", b"413"),
        (b"GET /%ff HTTP/1.1\r\nHost: x\r\n", b"302"),
        (b"GET /static/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\n", b"400"),
        (b"GET /clearview/agencies HTTP/1.0\r\n", b"200"),
        (b"GET / HTTP/1.1\r\n", b"400"),
        (b"NONSENSE\r\n", b"400"),
    ],
)
def test_giant_and_broken_requests_are_refused(public: Public, request_head: bytes, status: bytes) -> None:
    place = urlsplit(public.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(request_head + b"Connection: close\r\n\r\n")
        answer = connection.recv(4000)
    assert answer.split()[1] == status, answer[:200]
    assert b"root:" not in answer


def test_made_up_parameters_fill_no_cache(public: Public) -> None:
    for path in ("/about", "/", "/clearview/agencies/xx-europol"):
        moved = public.ask(f"{path}?made-up={time.time()}")
        assert (moved.status_code, moved.headers["location"]) == (302, path)
    assert public.ask(f"/clearview/agencies?made-up={time.time()}").status_code == 400
