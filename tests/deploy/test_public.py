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
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import PATIENCE, ROOT, need
from faulty_site import workers_of
from load import end_load, start_load
from serve_public import memory_for
from serving import find_free_port
from slots import slot_in_use

from service.answer_headers import FOR_SCRIPTS_OF_OTHERS

COMPRESSED = ROOT / "build" / "compressed"  # static files are compressed once for all tests
# Nobody, who may read wherever the tests were cloned to.
CAPABILITIES = ("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override")
PLAIN_USER = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", *CAPABILITIES)
PROCESSES = 2  # of each pool
LONGEST_LOAD = 300  # seconds; a load is ended when what it is for is done
SLOW = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where i < {}"


class Public:
    """A running serve_public.py: its address, its folder, the database it takes at each deploy."""

    def __init__(self, url: str, folder: Path, database: Path) -> None:
        self.url, self.folder, self.database = url, folder, database
        self.killed: Counter[str] = Counter()

    def ask(self, path: str, client: int = 1, **headers: str) -> httpx.Response:
        """Return the answer to a request from 127.0.0.CLIENT; underscores in names of headers stand for hyphens."""
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{client}", verify=False)
        named = {"accept-encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
        with httpx.Client(transport=transport, timeout=PATIENCE) as asker:
            return asker.get(self.url + path, headers=named)

    def process(self) -> int:
        """Return the process of serve_public.py."""
        return int(json.loads((self.folder / "service.json").read_text())["process"])

    def process_of(self, pool: str) -> int:
        """Return a process of a pool that answers, pages or sql; 0 while there is none."""
        try:
            return next(iter(workers_of(self.process(), pool)), 0)
        except OSError:  # one ended while we looked
            return 0

    def is_whole(self, pool: str) -> bool:
        """Return whether all processes of a pool have come up, and one for each that was killed, as its log says."""
        came_up = (self.folder / f"{pool}.log").read_text().count("Application startup complete")
        return came_up >= PROCESSES + self.killed[pool]

    def kill_process(self, pool: str) -> None:
        """Kill a process of a pool."""
        os.kill(self.process_of(pool), signal.SIGKILL)
        self.killed[pool] += 1

    def nginx(self) -> int:
        """Return the process that nginx's others belong to; 0 while there is none."""
        try:
            return int((memory_for(self.folder) / "nginx.pid").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def seconds_until(self, holds: Callable[[], bool]) -> float:
        """Return how long it took until something holds; fail after five minutes."""
        began = time.monotonic()
        while time.monotonic() - began < 300:
            if holds():
                return time.monotonic() - began
            time.sleep(0.02)
        pytest.fail("not within five minutes")

    def answers(self, path: str) -> bool:
        """Return whether a page is answered with 200."""
        try:
            return self.ask(path).status_code == 200
        except httpx.TransportError:
            return False

    def has_logged(self, words: str) -> bool:
        """Return whether the log of answers has these words; it is written within a second."""
        return words in (self.folder / "access.log").read_text()

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


def share_compressed(folder: Path) -> None:
    """Have a folder of the service take what static files come to from that of all tests."""
    for place in (folder, COMPRESSED):
        place.mkdir(parents=True, exist_ok=True)
    (folder / "compressed").symlink_to(COMPRESSED)


@contextmanager
def serve_public(database: Path, *options: str, before: tuple[str, ...] = (), scheme: str = "http") -> Iterator[Public]:
    """Start serve_public.py in a folder of its own; yield it when it is ready."""
    need("nginx")
    folder = Path(tempfile.mkdtemp(prefix="public-"))
    folder.chmod(0o777)
    share_compressed(folder)
    port = find_free_port()
    command = [*before, sys.executable, "deploy/serve_public.py", "--database", str(database), "--folder", str(folder)]
    command += ["--listen", f"127.0.0.1:{port}", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        if b'"ready"' not in first:
            process.terminate()
            pytest.fail((first + process.stdout.read()).decode())
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield Public(f"{scheme}://127.0.0.1:{port}", folder, database)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Public]:
    """Serve a copy of the committed database, which tests put others in place of."""
    database = copy_database(tmp_path_factory.mktemp("public"))
    processes = ("--pages", str(PROCESSES), "--sql", str(PROCESSES))
    with serve_public(database, "--trust", "127.0.0.1", *processes) as started:
        yield started


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_answers_come_compressed_from_the_cache_with_a_validator(public: Public, encoding: str) -> None:
    path = f"/clearview/reports/{len(encoding)}"
    first = public.ask(path, accept_encoding=encoding)
    again = public.ask(path, accept_encoding=encoding)
    assert first.headers.get("content-encoding", "identity") == encoding
    assert "</html>" in first.text
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    unchanged = public.ask(path, accept_encoding=encoding, if_none_match=first.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    public.seconds_until(lambda: public.hits(path) == 2)


def test_a_reader_who_refuses_brotli_gets_none(public: Public) -> None:
    for refusal in ("br; q=0", "br;q=0", "br ; q=0.0, gzip;q=0"):
        assert "content-encoding" not in public.ask("/about", accept_encoding=refusal).headers, refusal


def test_crooked_paths_are_no_pages(public: Public) -> None:
    for path in ("//about?made-up=1", "/clearview//agencies", "/\\evil.example/", "//evil.example/"):
        host, _, port = public.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = line.recv(4000)
        assert answer.startswith(b"HTTP/1.1 404"), (path, answer[:100])
        assert b"location:" not in answer.lower()


def test_scripts_of_other_sites_may_ask_for_files(public: Public) -> None:
    for path in ("/static/site.css", "/exports/agencies.csv"):
        told = httpx.options(public.url + path)
        assert told.status_code == 204
        assert "If-None-Match" in told.headers["access-control-allow-headers"]


def test_readers_sql_is_kept_nowhere(public: Public) -> None:
    def kept() -> int:
        return sum(path.is_file() for path in public.folder.glob("*-cache/**/*"))

    path = "/clearview.json?_shape=array&sql=select+'kept+nowhere'+as+n"
    before = kept()
    assert [public.ask(path).json() for _ in range(3)] == [[{"n": "kept nowhere"}]] * 3
    assert kept() == before


def test_one_client_holds_no_more_than_its_share_of_connections(public: Public) -> None:
    host, _, port = public.url.removeprefix("http://").partition(":")
    head = b"POST /reconcile HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.9\r\nContent-Length: 1000\r\n\r\nq"
    lines = [socket.create_connection((host, int(port)), timeout=PATIENCE) for _ in range(80)]
    for line in lines:
        line.sendall(head)
    public.seconds_until(lambda: public.ask("/about", x_forwarded_for="198.51.100.9").status_code == 429)
    assert public.ask("/about", x_forwarded_for="198.51.100.10").status_code == 200
    for line in lines:
        line.close()
    public.seconds_until(lambda: public.ask("/about", x_forwarded_for="198.51.100.9").status_code == 200)


@pytest.mark.parametrize("length", [7_300, 8_000, 12_000, 15_000, 15_700])
def test_a_long_address_is_answered(public: Public, length: int) -> None:
    path = "/clearview/agencies.json?_shape=array&_size=1&name__not="
    assert public.ask(path + "d" * (length - len(path))).status_code == 200


def test_what_nginx_cannot_answer_is_counted(public: Public) -> None:
    def count() -> float:
        told = public.ask("/-/metrics").text
        return sum(map(float, re.findall(r'clearview_faults_total\{status="503"\} (\S+)', told)))

    before = count()
    pool = memory_for(public.folder) / f"{slot_in_use(public.folder)}-pages.sock"
    away = pool.rename(pool.with_suffix(".away"))
    failed = public.ask(f"/clearview/agencies?_size=3&report_count__gt=-{time.monotonic_ns()}")
    away.rename(pool)
    assert failed.status_code == 503
    public.seconds_until(lambda: count() > before)


def test_a_log_has_a_bound(public: Public) -> None:
    log = public.folder / "nginx-error.log"
    with log.open("ab") as text:
        text.write(b"." * 34_000_000)
    public.seconds_until(lambda: log.stat().st_size < 1_000_000)
    assert log.with_suffix(".log.1").stat().st_size > 33_000_000


def test_the_host_asked_for_changes_nothing(public: Public) -> None:
    poisoned = public.ask("/clearview/countries", host="evil.example")
    assert "evil.example" not in poisoned.text + str(poisoned.headers)
    again = public.ask("/clearview/countries", host="other.example")
    assert again.text == poisoned.text
    public.seconds_until(lambda: public.hits("/clearview/countries") == 1)
    moved = public.ask("/clearview/agencies?utm_source=a", host="evil.example")
    assert moved.headers["location"] == "/clearview/agencies"


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


def test_what_is_sent_with_a_post_is_not_lost_over_such_a_parameter(public: Public) -> None:
    batch = {"queries": json.dumps({"q": {"query": "Toronto Police"}})}
    answer = httpx.post(f"{public.url}/reconcile?utm_source=a", data=batch, timeout=PATIENCE)
    assert (answer.status_code, list(answer.json())) == (200, ["q"])


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
    unchanged = public.ask(address[1], if_none_match=public.ask(address[1]).headers["etag"])
    assert (unchanged.status_code, "immutable" in unchanged.headers["cache-control"]) == (304, True)
    refused = httpx.post(public.url + address[1])
    assert (refused.status_code, refused.headers.get("cache-control")) == (405, None)


PAGE, FILE, FAULT = "text/html", "text/plain", "the page of a fault"
# A path, what kind of answer it gets, its status, and what else is asked with. The first six come from a process.
ANSWERS: list[tuple[str, str, int, dict[str, str]]] = [
    ("/clearview/agencies", PAGE, 200, {}),
    ("/no", PAGE, 404, {}),
    ("/clearview/agencies.json?_size=1", FILE, 200, {}),
    ("/robots.txt", FILE, 200, {}),
    ("/reconcile/preview?id=xx-europol", PAGE, 200, {}),
    ("/-/readyz", FILE, 200, {}),
    ("/static/site.css", FILE, 200, {}),
    ("/static-000000000000/site.css", FILE, 200, {}),
    ("/exports/agencies.csv", FILE, 200, {}),
    ("/clearview/agencies?utm_source=a", PAGE, 302, {}),
    ("/-/readyz", FILE, 403, {"x-forwarded-for": "198.18.0.1"}),
    ("/about", FAULT, 413, {}),
    ("/clearview/agencies.json", FILE, 413, {}),
]


@pytest.mark.parametrize(("path", "kind", "status", "asked"), ANSWERS)
def test_every_answer_carries_the_headers_of_the_site_once(
    public: Public, path: str, kind: str, status: int, asked: dict[str, str]
) -> None:
    """Those that the plugins send, whether a process answers, the cache or nginx itself."""
    seal = runpy.run_path(str(ROOT / "plugins/serving/security_headers.py"))["seal"]
    sealed = [*seal([(b"content-type", kind.encode())], path.partition("?")[0], status)]
    expected = {name.decode(): value.decode() for name, value in sealed} | {"vary": "Accept-Encoding"}
    expected |= FOR_SCRIPTS_OF_OTHERS
    del expected["content-type"]
    url, too_much = public.url + path, {"content": b"x" * 1_100_000} if status == 413 else {}
    for _ in range(2):
        answer = httpx.request("GET", url, headers=asked, timeout=PATIENCE, **too_much)
        found = {name: answer.headers.get_list(name) for name in expected}
        if kind == FAULT:  # of its own looks
            assert "style-src 'self'" in found["content-security-policy"][0]
            found["content-security-policy"] = [expected["content-security-policy"]]
        assert (answer.status_code, found) == (status, {name: [value] for name, value in expected.items()})


@pytest.mark.parametrize("path", ["/embed/map", "/embed/chart/searches?country=CA", "/embed/nothing"])
def test_embeds_may_be_framed_through_nginx(public: Public, path: str) -> None:
    for _ in range(2):  # from a process, and from the cache
        headers = public.ask(path).headers
        assert "x-frame-options" not in headers
        assert headers["content-security-policy"].endswith("frame-ancestors *")
        assert headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["/", "/charts/searches", "/charts/searches.svg", "/compare", "/embedded", "/embed"])
def test_nothing_else_may_be_framed_through_nginx(public: Public, path: str) -> None:
    for _ in range(2):
        headers = public.ask(path).headers
        assert headers.get_list("x-frame-options") == ["DENY"]
        assert headers["content-security-policy"].endswith("frame-ancestors 'none'")


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
    with httpx.Client(timeout=PATIENCE) as client:
        answers = [client.post(f"{public.url}/reconcile", data=batch) for _ in range(70)]
        too_long = client.post(f"{public.url}/reconcile", data={"queries": "x" * 1_100_000})
    assert {answer.status_code for answer in answers} == {200}
    assert len(answers[-1].json()) == 10
    assert (too_long.status_code, too_long.json()["status"]) == (413, 413)


def test_a_language_model_may_ask(public: Public) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert len(httpx.post(f"{public.url}/mcp", json=asked, timeout=PATIENCE).json()["result"]["tools"]) == 4


def test_the_log_has_no_addresses_and_no_answer_a_version(public: Public) -> None:
    answer = public.ask("/clearview/sources?_size=1", client=77)
    assert answer.headers["server"] == "nginx"
    public.seconds_until(lambda: public.has_logged('"path":"/clearview/sources"'))
    log = (public.folder / "access.log").read_text()
    assert "127.0.0." not in log + (public.folder / "nginx-error.log").read_text()


def test_the_log_tells_of_a_fault_what_was_asked_and_no_words(public: Public) -> None:
    with httpx.Client(timeout=PATIENCE) as client:
        refused = client.post(f"{public.url}/reconcile?of=someone", data={"queries": "x" * 1_100_000})
    assert refused.status_code == 413
    public.seconds_until(lambda: public.has_logged('"method":"POST","path":"/reconcile","status":413'))
    log = (public.folder / "access.log").read_text()
    assert "/faults/" not in log
    assert "someone" not in log


def test_two_hundred_readers_at_once_on_a_cold_cache_get_their_pages(public: Public) -> None:
    agencies = [row["id"] for row in public.ask("/clearview/agencies.json?_shape=array&_size=max").json()]
    paths = ["/clearview/agencies?_size=47", *(f"/clearview/agencies/{agency}" for agency in agencies)]
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
    stop, answered = threading.Event(), list[int]()

    def ask_slowly(number: int) -> None:
        name = ("sql", "%73ql")[number % 2]
        while not stop.is_set():
            path = f"/clearview.json?{name}={SLOW.format(9_000_000 + number)}"
            answered.append(public.ask(path, client=number + 1).status_code)

    with ThreadPoolExecutor(60) as strangers:
        running = [strangers.submit(ask_slowly, number) for number in range(60)]
        try:
            public.seconds_until(lambda: {400, 429} <= set(answered))  # some run out of time, others are turned away
            pages = [public.ask(f"/clearview/agencies?_size={n}", client=200) for n in range(60, 65)]
        finally:
            stop.set()
        for one in running:
            one.result()
    assert set(answered) == {400, 429}
    assert [page.status_code for page in pages] == [200] * 5
    assert public.ask("/clearview.json?_shape=array&sql=select+2+as+n").json() == [{"n": 2}]


def test_a_reader_who_asks_too_fast_is_told_so_on_a_page(public: Public) -> None:
    with ThreadPoolExecutor(30) as strangers:
        answers = list(strangers.map(lambda n: public.ask(f"/clearview?sql=select+{n}", client=99), range(40)))
        as_json = list(strangers.map(lambda n: public.ask(f"/clearview.json?sql=select+{n}", client=98), range(40)))
    told = next(answer for answer in as_json if answer.status_code == 429)
    assert (bool(told.json()["what_to_do"]), int(told.headers["retry-after"]) > 0) == (True, True)
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert "Too many requests at once" in refused[0].text
    assert "style-src" in refused[0].headers["content-security-policy"]


def test_the_machine_alone_sees_its_numbers(public: Public) -> None:
    for path in ("/-/readyz", "/-/metrics"):
        assert public.ask(path).status_code == 200
        assert public.ask(path, x_forwarded_for="198.18.0.1").status_code == 403


def test_the_machine_is_told_why_it_is_not_ready(public: Public) -> None:
    database = public.folder / slot_in_use(public.folder) / "clearview.db"
    away = database.rename(database.with_suffix(".away"))
    told = public.ask("/-/readyz")
    away.rename(database)
    assert (told.status_code, told.json()["error"]) == (503, "unable to open database file")


# What nginx makes of addresses of one network of a household: whole, and with zeros left out before, in and after it.
@pytest.mark.parametrize("form", ["2001:db8:a:b:{}:2:3:4", "2001:db8:a:c::{}", "2001:db8:a::{}", "2001:db8::{}:2:3:4"])
def test_one_ipv6_network_is_one_client(public: Public, form: str) -> None:
    """All at once: one after the other, a busy machine may ask no faster than a reader is allowed to."""

    def ask(address: str, number: int) -> int:
        sql = f"/clearview.json?_shape=array&sql=select+{number}+as+{re.sub('[^0-9a-z]', '_', 'n' + address)}"
        return public.ask(sql, x_forwarded_for=address).status_code

    with ThreadPoolExecutor(45) as household:
        told = [*household.map(lambda number: ask(form.format(f"{number:x}"), number), range(1, 46))]
    assert set(told) == {200, 429}
    neighbour = form.replace("2001:db8", "2001:db9").format(1)
    assert ask(neighbour, 0) == 200


def test_a_killed_process_is_replaced_and_no_reader_notices(public: Public) -> None:
    paths = [f"/clearview/reports/{number}.json?_shape=array" for number in range(1, 290)]
    public.seconds_until(lambda: public.is_whole("pages"))
    running = start_load(public.url, paths, connections=4, seconds=LONGEST_LOAD, readers=2000)
    time.sleep(0.5)
    public.kill_process("pages")
    public.seconds_until(lambda: public.is_whole("pages"))
    running.send_signal(signal.SIGINT)  # wrk ends and tells what it met
    load = end_load(running)
    assert load.requests > 50
    assert load.failed <= 1, load  # an answer whose head was already sent cannot be asked for elsewhere


def test_a_killed_process_costs_no_batch_of_names(public: Public) -> None:
    """A POST under way is asked again elsewhere: here it changes nothing either.

    Each asks from an address of its own: nginx lets one have three under way, and may not have noticed yet that the
    one before has ended.
    """
    batch = {"queries": json.dumps({f"q{number}": {"query": f"Police of {number}"} for number in range(5)})}
    stop, answered = threading.Event(), list[int]()

    def match(number: int) -> None:
        with httpx.Client(timeout=PATIENCE, headers={"x-forwarded-for": f"198.51.100.{number}"}) as client:
            while not stop.is_set():
                answered.append(client.post(f"{public.url}/reconcile", data=batch).status_code)

    public.seconds_until(lambda: public.is_whole("pages"))
    with ThreadPoolExecutor(3) as askers:
        running = [askers.submit(match, number) for number in range(3)]
        public.seconds_until(lambda: len(answered) > 3)
        public.kill_process("pages")
        before = len(answered)
        public.seconds_until(lambda: len(answered) > before + 3)
        stop.set()
    for one in running:
        one.result()
    assert {status for status in answered if status != 200} == set()
    public.seconds_until(lambda: public.is_whole("pages"))


def test_a_killed_process_costs_no_question_of_a_language_model(public: Public) -> None:
    query = {"name": "query", "arguments": {"sql": SLOW.format(9_000_000)}}  # the answer is that it took too long
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": query}

    def ask(number: int) -> int:
        headers = {"x-forwarded-for": f"198.51.100.{number}"}
        return httpx.post(f"{public.url}/mcp", json=asked, headers=headers, timeout=PATIENCE).status_code

    public.seconds_until(lambda: public.is_whole("sql"))
    with ThreadPoolExecutor(6) as askers:
        running = [askers.submit(ask, number) for number in range(6)]
        time.sleep(0.5)
        public.kill_process("sql")
    assert [one.result() for one in running] == [200] * 6
    public.seconds_until(lambda: public.is_whole("sql"))


@pytest.mark.parametrize("whole", [False, True])
def test_nginx_killed_is_back_soon(public: Public, whole: bool) -> None:
    master = public.nginx()
    if whole:
        os.killpg(master, signal.SIGKILL)
    else:
        os.kill(master, signal.SIGKILL)
    public.seconds_until(lambda: public.nginx() not in {0, master})
    public.seconds_until(lambda: public.answers("/clearview/agencies"))


def test_a_new_database_is_put_in_place_under_load_with_no_failed_request(public: Public) -> None:
    change(public.database, "update agencies set locality = 'Elsewhere' where id = 'xx-europol'")
    paths = ["/", "/clearview/agencies", "/clearview/agencies/xx-europol", "/clearview/countries.json?_shape=array"]
    running = start_load(public.url, paths, connections=8, seconds=LONGEST_LOAD)
    time.sleep(0.5)
    deployed = public.deploy()
    assert deployed.returncode == 0, deployed.stderr
    assert "Elsewhere" in public.ask("/clearview/agencies/xx-europol").text
    time.sleep(4)  # in which the processes of the old release are ended
    running.send_signal(signal.SIGINT)  # wrk ends and tells what it met
    load = end_load(running)
    assert load.requests > 1000
    assert load.failed == 0


@pytest.mark.parametrize(
    ("harm", "reason"), [("delete from agencies", "pages"), ("drop table reports", "reports"), ("", "database")]
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
        command = [need("curl"), "-s", "--cacert", str(certificate), "--http2", "-o", str(tmp_path / "page"), "-w"]
        command += [
            "%{http_version} %{http_code}",
            public.url.replace("127.0.0.1", "localhost") + "/clearview/agencies",
        ]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "2 200"
        assert "</html>" in (tmp_path / "page").read_text()
        owner = Path(f"/proc/{public.nginx()}").stat().st_uid
        assert owner == (65534 if plain else os.geteuid())


def test_no_reader_says_how_the_site_is_reached(site: str) -> None:
    """Replicas believe those who ask from their own machine, and nginx may be on it."""
    place = site.removeprefix("http://")
    told = {"x_forwarded_proto": "https", "x_forwarded_for": "198.18.0.1", "forwarded": "proto=https"}
    with serve_public(ROOT / "clearview.db", "--pages-at", place, "--sql-at", place) as public:
        for path in ("/clearview/agencies.json?_size=1", "/clearview/agencies?_size=1", "/changes.atom"):
            for answer in (public.ask(path, **told), public.ask(path)):
                assert public.url in answer.text + str(answer.headers), path
                assert public.url.replace("http:", "https:") not in answer.text + str(answer.headers), path


def test_a_process_that_grows_too_large_is_replaced(tmp_path: Path) -> None:
    """Again and again where the limit is below what each needs."""
    log = tmp_path / "log"
    with socket.socket(socket.AF_UNIX) as listener, log.open("wb") as output:
        listener.bind(str(tmp_path / "pool.sock"))
        listener.listen()
        pool = {"fd": listener.fileno(), "workers": 1, "memory": 1, "nice": 0, "parent": os.getpid()}
        environment = os.environ | {"CLEARVIEW_WITH": "python deploy/pool.py", "CLEARVIEW_POOL": json.dumps(pool)}
        process = subprocess.Popen(
            [ROOT / "scripts/serve.sh"], env=environment, stdout=output, stderr=output, pass_fds=[listener.fileno()]
        )
        ended, until = set[str](), time.monotonic() + 2 * PATIENCE
        while len(ended) < 2 and process.poll() is None and time.monotonic() < until:
            ended = set(re.findall(r"process (\d+) ended: over 1 MB", log.read_text()))
            time.sleep(0.1)
        process.terminate()
        process.wait(timeout=PATIENCE)
    assert len(ended) > 1, log.read_text()


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
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, '"ready"' in done.stdout) == (1, False)
    assert "not started: nginx cannot listen on 127.0.0.1:" in done.stderr


def test_make_deploy_says_when_nothing_is_served(tmp_path: Path) -> None:
    command = [sys.executable, "deploy/deploy.py", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "make serve-public" in done.stderr) == (1, True)
