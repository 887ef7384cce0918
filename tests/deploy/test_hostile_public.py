"""The public service under attack: readers' pages come, and slow clients are let go."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from bench_hostile import attack, memory_of, read_pages
from conftest import ROOT
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
    assert public.ask("/clearview.json?_shape=array&sql=select+count(*)+as+n+from+reports").json() == [{"n": 316}]


def end_of(connection: socket.socket) -> tuple[float, bytes]:
    """Return when a connection was closed by the other side, and what came until then; fails after 25 seconds."""
    connection.settimeout(25)
    came = b""
    with suppress(ConnectionResetError):
        while part := connection.recv(65536):
            came += part
    return time.monotonic(), came


def test_clients_that_send_or_read_slowly_are_let_go(public: Public) -> None:
    """A hundred of them hold connections open; nobody else notices, and each is closed after ten or fifteen seconds."""
    place = urlsplit(public.url)
    slow = [socket.create_connection((place.hostname, place.port)) for _ in range(100)]
    for connection in slow:
        connection.sendall(b"GET /clearview/agencies HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    with socket.create_connection((place.hostname, place.port)) as sender, socket.socket() as reader:
        began = time.monotonic()
        sender.sendall(b"POST /reconcile HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nqueries=")
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect((place.hostname, place.port))
        reader.sendall(b"GET /exports/clearview.db HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        for number in range(5):
            assert public.ask(f"/clearview/agencies?_size={90 + number}", client=9).status_code == 200
        for connection in (slow[0], sender):
            closed, came = end_of(connection)
            assert 8 < closed - began < 14, came
            assert b" 200 " not in came
        time.sleep(max(0, began + 18 - time.monotonic()))
        _, came = end_of(reader)
        assert len(came) < 20 * (ROOT / "clearview.db").stat().st_size
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
        (b"TRACE / HTTP/1.1\r\nHost: x\r\n", b"405"),
    ],
)
def test_giant_and_broken_requests_are_refused(public: Public, request_head: bytes, status: bytes) -> None:
    place = urlsplit(public.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(request_head + b"Connection: close\r\n\r\n")
        answer = connection.recv(4000)
    assert answer.split()[1] == status, answer[:200]
    assert b"root:" not in answer
    for header in (b"X-Frame-Options: DENY", b"frame-ancestors 'none'", b"X-Content-Type-Options: nosniff"):
        assert answer.lower().count(header.lower()) == 1, header


def test_made_up_parameters_fill_no_cache(public: Public) -> None:
    for path in ("/about", "/", "/clearview/agencies/xx-europol"):
        moved = public.ask(f"{path}?made-up={time.time()}")
        assert (moved.status_code, moved.headers["location"]) == (302, path)
    assert public.ask(f"/clearview/agencies?made-up={time.time()}").status_code == 400
