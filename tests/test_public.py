"""The site as it stands on the internet: nginx and its caches before real processes, some of which die."""

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, find_free_port, need

SLOW = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where i < {}"


class Public:
    """A running serve_public.py: its address, its folder, its process."""

    def __init__(self, url: str, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.url, self.folder, self.process = url, folder, process

    def ask(self, path: str, client: int = 1, **headers: str) -> httpx.Response:
        """Return the answer to a request from 127.0.0.CLIENT; underscores in names of headers stand for hyphens."""
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{client}")
        named = {"accept-encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
        with httpx.Client(transport=transport, timeout=30) as asker:
            return asker.get(self.url + path, headers=named)

    def cache_status(self, path: str, **headers: str) -> str:
        """Return what the access log says the cache did for one more request of a path."""
        self.ask(path, **headers)
        time.sleep(1.2)  # nginx writes the log once a second
        asked = path.partition("?")[0]
        lines = [json.loads(line) for line in (self.folder / "access.log").read_text().splitlines()]
        return str(next(line["cache"] for line in reversed(lines) if line["path"] == asked))


def database_with(folder: Path, *statements: str) -> Path:
    """Return a copy of the committed database in a folder, changed by SQL."""
    folder.mkdir(parents=True, exist_ok=True)
    database = Path(shutil.copy2(ROOT / "clearview.db", folder / "clearview.db"))
    connection = sqlite3.connect(database)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return database


@contextmanager
def serve_public(database: Path, *options: str) -> Iterator[Public]:
    """Start serve_public.py in a folder of its own; yield it when it is ready."""
    need("nginx")
    folder = Path(tempfile.mkdtemp(prefix="public-"))
    port = find_free_port()
    command = [sys.executable, "deploy/serve_public.py", "--database", str(database), "--folder", str(folder)]
    command += ["--listen", f"127.0.0.1:{port}", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert b'"ready"' in first, first + process.stdout.read()
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield Public(f"http://127.0.0.1:{port}", folder, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Public]:
    """Serve a copy of the committed database, which tests put others in place of."""
    database = database_with(tmp_path_factory.mktemp("public"))
    with serve_public(database) as started:
        yield started


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_answers_come_compressed_from_the_cache_with_a_validator(public: Public, encoding: str) -> None:
    path = f"/clearview/agencies?country=CA&_size={len(encoding)}"
    first = public.ask(path, accept_encoding=encoding)
    again = public.ask(path, accept_encoding=encoding)
    assert first.headers.get("content-encoding", "identity") == encoding
    assert "Canada" in first.text
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert public.cache_status(path, accept_encoding=encoding) == "HIT"
    unchanged = public.ask(path, accept_encoding=encoding, if_none_match=first.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_the_host_asked_for_changes_nothing(public: Public) -> None:
    poisoned = public.ask("/clearview/countries", host="evil.example")
    assert "evil.example" not in poisoned.text + str(poisoned.headers)
    assert public.ask("/clearview/countries").text == poisoned.text
    assert public.cache_status("/clearview/countries", host="other.example") == "HIT"
    moved = public.ask("/clearview/agencies?utm_source=a", host="evil.example")
    assert moved.headers["location"] == "/clearview/agencies?"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("?utm_source=a&utm_medium=b&country=CA", "?country=CA"),
        ("?country=CA&fbclid=1&gclid=2", "?country=CA"),
        ("?country=CA&mc_eid=1&_size=5", "?country=CA&_size=5"),
    ],
)
def test_parameters_that_follow_a_reader_never_reach_the_cache(public: Public, asked: str, answered: str) -> None:
    moved = public.ask("/clearview/agencies" + asked)
    assert (moved.status_code, moved.headers["location"]) == (302, "/clearview/agencies" + answered)


def test_no_address_that_looks_like_another_host_is_led_away(public: Public) -> None:
    for path in ("//evil.example/?utm_source=a", "/%5Cevil.example/?utm_source=a", "/\\evil.example/?utm_source=a"):
        location = public.ask(path).headers.get("location", "")
        assert re.match(r"^$|^/[^/\\]", location), (path, location)


def test_static_files_under_their_hash_are_kept_for_ever(public: Public) -> None:
    page = public.ask("/").text
    address = re.search(r'href="(/static-[0-9a-f]{12}/site\.css)"', page)
    assert address is not None
    hashed = public.ask(address[1], accept_encoding="br")
    assert "immutable" in hashed.headers["cache-control"]
    assert hashed.headers["content-encoding"] == "br"
    assert hashed.text == (ROOT / "static/site.css").read_text()
    for other in ("/static/site.css", "/static-0123456789ab/site.css"):
        plain = public.ask(other)
        assert (plain.text, "immutable" in plain.headers["cache-control"]) == (hashed.text, False)
    assert public.ask("/static-0123456789ab/no.css").status_code == 404


def test_whole_files_are_made_from_the_database_in_use(public: Public) -> None:
    page = public.ask("/downloads").text
    assert "made from another version" not in page
    for name in re.findall(r'href="/exports/([^"]+)"', page):
        assert public.ask(f"/exports/{name}").content == (public.folder / "current" / "exports" / name).read_bytes()
    assert public.ask("/exports/clearview.db").content == public.ask("/clearview.db").content


def test_the_log_has_no_addresses_and_no_answer_a_version(public: Public) -> None:
    answer = public.ask("/clearview/sources?_size=1", client=77)
    assert answer.headers["server"] == "nginx"
    time.sleep(1.2)
    log = (public.folder / "access.log").read_text()
    assert '"path":"/clearview/sources"' in log
    assert "127.0.0." not in log + (public.folder / "nginx-error.log").read_text()
