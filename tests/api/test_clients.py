"""What clients of every kind send: old ones, broken ones, and those that take no compression."""

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from conftest import PATIENCE, ROOT, serve


def send_raw(site: str, request: bytes) -> bytes:
    """Return all that the service sends back until it closes."""
    address = urlsplit(site)
    answer = b""
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        while part := connection.recv(65536):
            answer += part
    return answer


@pytest.mark.parametrize("path", ["/clearview/agencies.csv", "/about", "/clearview.ndjson?sql=select+1"])
def test_a_client_of_http_1_0_gets_no_chunks(site: str, path: str) -> None:
    head, _, body = send_raw(site, f"GET {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode()).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert body == httpx.get(site + path, trust_env=False, headers={"Accept-Encoding": ""}).content or path == "/about"


def test_a_method_that_nobody_knows_is_refused_with_our_headers(site: str) -> None:
    answer = send_raw(site, b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n").lower()
    assert answer.startswith(b"http/1.1 400")
    for header in (
        b"security-policy: default-src 'none'",
        b"x-frame-options: deny",
        b"cache-control: no-store",
    ):
        assert header in answer


@pytest.mark.parametrize(
    ("takes", "encoding"),
    [
        ("gzip;q=0", None),
        ("br; q=0, gzip; q=0.0", None),
        ("GZIP ; Q=0 , deflate", None),
        ("gzip;q=0.5", "gzip"),
        ("br, gzip", "gzip"),
    ],
)
def test_a_client_that_takes_no_gzip_gets_none(site: str, takes: str, encoding: str | None) -> None:
    answer = httpx.get(f"{site}/about", headers={"Accept-Encoding": takes}, trust_env=False)
    assert (answer.status_code, answer.headers.get("content-encoding")) == (200, encoding)
    assert "accept-encoding" in answer.headers["vary"].lower()


WORD = "secretofareader"


def test_no_word_of_a_reader_is_in_the_log_and_no_half_request_is_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEARVIEW_LOG", "json")
    log = tmp_path / "server.log"
    asked = [
        f"/clearview/agencies?_timelimit={WORD}",
        f"/clearview?sql=select+1&_timelimit={WORD}",
        f"/charts?_where={WORD}=1",
        f"/charts?_searchmode=raw&_search={WORD}:x",
        f"/clearview/agencies?_where={WORD}",
        f"/clearview.json?sql=select+{WORD}",
        f"/clearview/agencies?_facet={WORD}",
        f"/clearview/agencies?name__in=[{WORD}",
    ]
    with serve(ROOT / "clearview.db", log) as site:
        statuses = [httpx.get(site + address, trust_env=False).status_code for address in asked]
        half = b"POST /reconcile HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nqueries=%7B%7D"
        address = urlsplit(site)
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(half)
        httpx.get(f"{site}/about", trust_env=False)
    assert statuses == [400] * len(asked)
    text = log.read_text()
    assert WORD not in text
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert [line["status"] for line in lines if line["path"] == "/reconcile"] == [400]
