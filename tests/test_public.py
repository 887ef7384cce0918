"""The site as it stands on the internet: nginx and its caches before real processes, some of which die."""

import json
import os
import re
import runpy
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, need
from load import end_load, start_load
from releases import slot_in_use
from serving import find_free_port

COMPRESSED = ROOT / "build" / "compressed"  # static files are compressed once for all tests
# Nobody, who may read wherever the tests were cloned to.
CAPABILITIES = ("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")
PLAIN_USER = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", *CAPABILITIES)
SLOW = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where i < {}"


class Public:
    """A running serve_public.py: its address, its folder, the database it takes at each deploy."""

    def __init__(self, url: str, folder: Path, database: Path) -> None:
        self.url, self.folder, self.database = url, folder, database

    def ask(self, path: str, client: int = 1, **headers: str) -> httpx.Response:
        """Return the answer to a request from 127.0.0.CLIENT; underscores in names of headers stand for hyphens."""
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{client}", verify=False)
        named = {"accept-encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
        with httpx.Client(transport=transport, timeout=30) as asker:
            return asker.get(self.url + path, headers=named)

    def process_of(self, socket: str) -> int:
        """Return the process that listens on a socket of the release in use, such as pages-0.sock."""
        for found in Path("/proc").glob("[0-9]*"):
            try:
                words = (found / "cmdline").read_bytes().decode().split("\0")
                if socket in words and (found / "cwd").resolve() == (self.folder / slot_in_use(self.folder)).resolve():
                    return int(found.name)
            except OSError:  # it ended while we looked
                continue
        return 0

    def nginx(self) -> int:
        """Return the process that nginx's others belong to; 0 while there is none."""
        try:
            return int((self.folder / "nginx.pid").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def seconds_until(self, holds: Callable[[], bool]) -> float:
        """Return how long it took until something holds; fail after 20 seconds."""
        began = time.monotonic()
        while time.monotonic() - began < 20:
            if holds():
                return time.monotonic() - began
            time.sleep(0.02)
        pytest.fail("not within 20 seconds")

    def answers(self, path: str) -> bool:
        """Return whether a page is answered with 200."""
        try:
            return self.ask(path).status_code == 200
        except httpx.TransportError:
            return False

    def hits(self, path: str) -> int:
        """Return how many answers for a path came from the cache, as the log says a second later."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return sum(f'"path":"{path}",' in line and '"cache":"HIT"' in line for line in lines)

    def deploy(self) -> subprocess.CompletedProcess[str]:
        """Return what `make deploy` comes to."""
        command = [sys.executable, "deploy/deploy.py", str(self.folder)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def copy_database(folder: Path) -> Path:
    """Return a copy of the committed database in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(ROOT / "clearview.db", folder / "clearview.db"))


def change(database: Path, *statements: str) -> None:
    """Change a database by SQL."""
    connection = sqlite3.connect(database)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Return a certificate for localhost, signed by itself, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [need("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@contextmanager
def serve_public(database: Path, *options: str, before: tuple[str, ...] = (), scheme: str = "http") -> Iterator[Public]:
    """Start serve_public.py in a folder of its own; yield it when it is ready."""
    need("nginx")
    folder = Path(tempfile.mkdtemp(prefix="public-"))
    folder.chmod(0o777)
    COMPRESSED.mkdir(parents=True, exist_ok=True)
    (folder / "compressed").symlink_to(COMPRESSED)
    port = find_free_port()
    command = [*before, sys.executable, "deploy/serve_public.py", "--database", str(database), "--folder", str(folder)]
    command += ["--listen", f"127.0.0.1:{port}", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert b'"ready"' in first, first + process.stdout.read()
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield Public(f"{scheme}://127.0.0.1:{port}", folder, database)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Public]:
    """Serve a copy of the committed database, which tests put others in place of."""
    database = copy_database(tmp_path_factory.mktemp("public"))
    with serve_public(database, "--trust", "127.0.0.1") as started:
        yield started


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_answers_come_compressed_from_the_cache_with_a_validator(public: Public, encoding: str) -> None:
    path = f"/clearview/claims/{len(encoding)}"
    first = public.ask(path, accept_encoding=encoding)
    again = public.ask(path, accept_encoding=encoding)
    assert first.headers.get("content-encoding", "identity") == encoding
    assert "</html>" in first.text
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    unchanged = public.ask(path, accept_encoding=encoding, if_none_match=first.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    public.seconds_until(lambda: public.hits(path) == 2)


def test_the_host_asked_for_changes_nothing(public: Public) -> None:
    poisoned = public.ask("/clearview/countries", host="evil.example")
    assert "evil.example" not in poisoned.text + str(poisoned.headers)
    again = public.ask("/clearview/countries", host="other.example")
    assert again.text == poisoned.text
    public.seconds_until(lambda: public.hits("/clearview/countries") == 1)
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


def test_what_nginx_sends_carries_the_headers_of_the_site(public: Public) -> None:
    """The files are nginx's own and take them from headers.conf, pages and JSON from the plugin."""
    seal = runpy.run_path(str(ROOT / "plugins/security_headers.py"))["seal"]
    as_page, as_file = [(b"content-type", b"text/html")], [(b"content-type", b"text/css")]
    for path, kind in (
        ("/clearview/agencies", as_page), ("/clearview/agencies.json?_size=1", as_file), ("/static/site.css", as_file),
        (f"/static-{'0' * 12}/site.css", as_file), ("/exports/agencies.csv", as_file),
    ):  # fmt: skip
        found = public.ask(path).headers
        for name, value in seal(kind, path, 200):
            if name != b"content-type":
                assert found.get_list(name.decode()) == [value.decode()], (path, name)


def test_whole_files_are_made_from_the_database_in_use(public: Public) -> None:
    page = public.ask("/downloads").text
    assert "made from another version" not in page
    for name in re.findall(r'href="/exports/([^"]+)"', page):
        assert (
            public.ask(f"/exports/{name}").content
            == (public.folder / slot_in_use(public.folder) / "exports" / name).read_bytes()
        )
    assert public.ask("/exports/clearview.db").content == public.ask("/clearview.db").content


def test_a_column_of_names_in_small_batches_is_matched_whole(public: Public) -> None:
    batch = {"queries": json.dumps({f"q{number}": {"query": "Toronto Police"} for number in range(10)})}
    with httpx.Client(timeout=30) as client:
        answers = [client.post(f"{public.url}/reconcile", data=batch) for _ in range(70)]
        too_long = client.post(f"{public.url}/reconcile", data={"queries": "x" * 1_100_000})
    assert {answer.status_code for answer in answers} == {200}
    assert len(answers[-1].json()) == 10
    assert (too_long.status_code, too_long.json()["status"]) == (413, 413)


def test_a_language_model_may_ask(public: Public) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert len(httpx.post(f"{public.url}/mcp", json=asked).json()["result"]["tools"]) == 4


def test_the_log_has_no_addresses_and_no_answer_a_version(public: Public) -> None:
    answer = public.ask("/clearview/sources?_size=1", client=77)
    assert answer.headers["server"] == "nginx"
    time.sleep(1.2)
    log = (public.folder / "access.log").read_text()
    assert '"path":"/clearview/sources"' in log
    assert "127.0.0." not in log + (public.folder / "nginx-error.log").read_text()


def test_two_hundred_readers_at_once_on_a_cold_cache_get_their_pages(public: Public) -> None:
    bodies = [row["id"] for row in public.ask("/clearview/agencies.json?_shape=array&_size=max").json()]
    paths = ["/clearview/agencies?_size=47", *(f"/clearview/agencies/{body}" for body in bodies)]
    with ThreadPoolExecutor(200) as readers:
        answers = list(readers.map(lambda n: public.ask(paths[n % len(paths)], client=n + 1), range(200)))
    assert {answer.status_code for answer in answers} == {200}


def test_requests_for_one_page_at_once_reach_a_process_once(public: Public) -> None:
    def count() -> float:
        numbers = public.ask("/-/metrics").text
        return sum(map(float, re.findall(r'clearview_answers_total\{status="2xx"\} (\S+)', numbers)))

    before = count()
    with ThreadPoolExecutor(40) as readers:
        answers = list(readers.map(lambda n: public.ask("/clearview/agencies?_size=31", client=n + 1), range(40)))
    assert len({answer.text for answer in answers}) == 1
    assert count() - before <= 2  # the page, and the first of the two questions for the numbers


def test_readers_sql_has_processes_of_its_own_and_a_limit(public: Public) -> None:
    def slow(number: int) -> httpx.Response:
        name = ("sql", "%73ql")[number % 2]
        return public.ask(f"/clearview.json?{name}={SLOW.format(9_000_000 + number)}", client=number + 1)

    with ThreadPoolExecutor(60) as strangers:
        running = [strangers.submit(slow, number) for number in range(60)]
        time.sleep(0.3)
        pages = [public.ask(f"/clearview/agencies?_size={n}", client=200) for n in range(60, 65)]
        answers = [future.result() for future in running]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {400, 429}
    assert refused[0].json()["what_to_do"]
    assert int(refused[0].headers["retry-after"]) > 0
    assert [page.status_code for page in pages] == [200] * 5
    assert public.ask("/clearview.json?_shape=array&sql=select+2+as+n").json() == [{"n": 2}]


def test_a_reader_who_asks_too_fast_is_told_so_on_a_page(public: Public) -> None:
    with ThreadPoolExecutor(30) as strangers:
        answers = list(strangers.map(lambda n: public.ask(f"/clearview?sql=select+{n}", client=99), range(40)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert "Too many requests at once" in refused[0].text
    assert "style-src" in refused[0].headers["content-security-policy"]


def test_the_machine_alone_sees_its_numbers(public: Public) -> None:
    for path in ("/-/readyz", "/-/metrics"):
        assert public.ask(path).status_code == 200
        assert public.ask(path, x_forwarded_for="198.18.0.1").status_code == 403


def test_a_killed_process_is_replaced_and_no_reader_notices(public: Public) -> None:
    paths = [f"/clearview/claims/{number}.json?_shape=array" for number in range(1, 290)]
    running = start_load(public.url, paths, connections=4, seconds=3, readers=2000)
    time.sleep(0.5)
    killed = public.process_of("pages-0.sock")
    os.kill(killed, signal.SIGKILL)
    load = end_load(running)
    assert load.requests > 50
    assert load.failed <= 1, load  # an answer whose head was already sent cannot be asked for elsewhere
    public.seconds_until(lambda: public.process_of("pages-0.sock") not in {0, killed})


def test_a_killed_process_costs_no_batch_of_names(public: Public) -> None:
    """A POST under way is asked again elsewhere: here it changes nothing either."""
    batch = {"queries": json.dumps({f"q{number}": {"query": f"Police of {number}"} for number in range(5)})}
    stop = threading.Event()

    def match(_: int) -> list[int]:
        with httpx.Client(timeout=30) as client:
            answered = []
            while not stop.is_set():
                answered.append(client.post(f"{public.url}/reconcile", data=batch).status_code)
            return answered

    with ThreadPoolExecutor(3) as askers:
        running = [askers.submit(match, number) for number in range(3)]
        time.sleep(0.5)
        killed = public.process_of("pages-0.sock")
        os.kill(killed, signal.SIGKILL)
        time.sleep(1)
        stop.set()
    answered = [status for one in running for status in one.result()]
    assert len(answered) > 3
    assert {status for status in answered if status != 200} == set()
    public.seconds_until(lambda: public.process_of("pages-0.sock") not in {0, killed})


@pytest.mark.parametrize("whole", [False, True])
def test_nginx_killed_is_back_soon(public: Public, whole: bool) -> None:
    master = public.nginx()
    if whole:
        os.killpg(master, signal.SIGKILL)
    else:
        os.kill(master, signal.SIGKILL)
    public.seconds_until(lambda: public.nginx() not in {0, master})
    assert public.seconds_until(lambda: public.answers("/clearview/agencies")) < 5


def test_a_new_database_is_put_in_place_under_load_with_no_failed_request(public: Public) -> None:
    change(public.database, "update agencies set locality = 'Elsewhere' where id = 'xx-europol'")
    paths = ["/", "/clearview/agencies", "/clearview/agencies/xx-europol", "/clearview/countries.json?_shape=array"]
    running = start_load(public.url, paths, connections=8, seconds=9)
    time.sleep(0.5)
    deployed = public.deploy()
    assert deployed.returncode == 0, deployed.stderr
    assert "Elsewhere" in public.ask("/clearview/agencies/xx-europol").text
    load = end_load(running)
    assert load.requests > 1000
    assert load.failed == 0


@pytest.mark.parametrize(
    ("harm", "reason"), [("delete from agencies", "pages-0"), ("drop table claims", "claims"), ("", "database")]
)
def test_a_broken_database_is_told_and_the_old_one_stays(public: Public, harm: str, reason: str) -> None:
    good = public.database.read_bytes()
    before = public.ask("/-/readyz").json()
    if harm:
        change(public.database, "pragma foreign_keys = off", harm)
    else:
        public.database.write_bytes(good[:300_000])
    refused = public.deploy()
    public.database.write_bytes(good)
    assert refused.returncode == 1
    assert reason in refused.stderr
    assert public.ask("/-/readyz").json() == before
    assert public.deploy().returncode == 0


def test_it_runs_as_a_plain_user_with_tls_and_http2(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    plain = PLAIN_USER if os.geteuid() == 0 else ()
    options = ("--certificate", str(certificate), "--key", str(key), "--pages", "1")
    with serve_public(copy_database(tmp_path / "db"), *options, before=plain, scheme="https") as public:
        answer = public.ask("/clearview/agencies")
        assert (answer.status_code, "max-age" in answer.headers["strict-transport-security"]) == (200, True)
        context = ssl.create_default_context(cafile=str(certificate))
        context.set_alpn_protocols(["h2", "http/1.1"])
        address = ("127.0.0.1", int(public.url.rpartition(":")[2]))
        with (
            socket.create_connection(address) as line,
            context.wrap_socket(line, server_hostname="localhost") as secure,
        ):
            assert secure.selected_alpn_protocol() == "h2"
        owner = Path(f"/proc/{public.nginx()}").stat().st_uid
        assert owner == (65534 if plain else os.geteuid())


def test_a_process_that_grows_too_large_is_replaced(tmp_path: Path) -> None:
    with serve_public(copy_database(tmp_path / "db"), "--pages", "1", "--memory", "1") as public:
        first = public.process_of("pages-0.sock")
        public.seconds_until(lambda: public.process_of("pages-0.sock") not in {0, first})


def test_what_cannot_be_served_is_told_in_a_line(tmp_path: Path) -> None:
    missing = tmp_path / "no.db"
    command = [sys.executable, "deploy/serve_public.py", "--folder", str(tmp_path), "--database", str(missing)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"not started: {missing}: no such file\n")


def test_a_port_in_use_is_told_and_nothing_goes_on(tmp_path: Path) -> None:
    database, folder = copy_database(tmp_path / "db"), tmp_path / "public"
    with socket.create_server(("127.0.0.1", find_free_port())) as taken:
        command = [sys.executable, "deploy/serve_public.py", "--folder", str(folder), "--database", str(database)]
        command += ["--listen", f"127.0.0.1:{taken.getsockname()[1]}", "--pages", "1"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, '"ready"' in done.stdout) == (1, False)
    assert "not started: nginx cannot listen on 127.0.0.1:" in done.stderr


def test_make_deploy_says_when_nothing_is_served(tmp_path: Path) -> None:
    command = [sys.executable, "deploy/deploy.py", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "make serve-public" in done.stderr) == (1, True)
