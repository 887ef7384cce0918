"""Operations: health that is true, logs without readers' words, numbers, a stop that waits, the unit, the runbook."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
import yaml
from bench_page import processor_seconds
from conftest import PATIENCE, ROOT, need, run_make, serve
from faulty_site import workers_of
from serve_public import memory_for
from serving import find_free_port
from test_public import Public, change, copy_database, make_certificate, serve_public, share_compressed

UNIT = ROOT / "deploy/clearview.service"
RUNBOOK = (ROOT / "docs/operations.md").read_text("utf-8")
RULES = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
# Requests with words of a reader's, and the status that each is answered with.
ASKED = [
    ("/clearview/agencies?_search=secretword", 200),
    ("/clearview?sql=select+secretword", 400),
    ("/clearview.json?sql=select+'secretword'", 200),
    ("/search?q=secretword", 200),
    ("/nothing?secretword=1", 404),
]
SECRET_HEADERS = {"User-Agent": "secretagent", "Referer": "http://secretplace"}
EXPOSURE = 1.5  # of systemd's scale, on which 10 is a service that may do anything
STALE = "from prometheus_client import Gauge; Gauge('{}', '', multiprocess_mode='liveall').set(5e9)"
SLOW = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where i < 1"


STOPPED_AGAIN_AND_AGAIN = """
import os, signal, subprocess
from types import SimpleNamespace
import serve_public

signal.signal(signal.SIGTERM, signal.SIG_IGN)
serve_public.LOOK = 0  # so that it does little but ask whether it was told to stop
telling = subprocess.Popen(["sh", "-c", f"while kill -TERM {os.getpid()}; do sleep 0.001; done"])
nothing = SimpleNamespace(look=list)
for _ in range(500):
    serve_public.keep_running(nothing, nothing, telling)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
telling.kill()
"""


def test_readiness_is_that_of_the_file(tmp_path: Path) -> None:
    database = Path(shutil.copy(ROOT / "clearview.db", tmp_path))
    with serve(database, tmp_path / "log") as url:
        ready = httpx.get(f"{url}/-/readyz", trust_env=False)
        assert (ready.status_code, ready.json()["agencies"]) == (200, 74)
        assert ready.headers["cache-control"] == "no-store"
        content = database.read_bytes()
        database.write_bytes(content[:8192] + b"\0" * (len(content) - 8192))
        damaged = httpx.get(f"{url}/-/readyz", trust_env=False)
        assert (damaged.status_code, damaged.json()["ok"]) == (503, False)
        database.unlink()
        assert httpx.get(f"{url}/-/readyz", trust_env=False).status_code == 503
        assert httpx.get(f"{url}/-/healthz", trust_env=False).status_code == 200
        database.write_bytes(content)
        assert httpx.get(f"{url}/-/readyz", trust_env=False).status_code == 200


def test_log_tells_what_failed_and_nothing_of_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEARVIEW_LOG", "json")
    log = tmp_path / "log"
    with serve(ROOT / "clearview.db", log) as url:
        for path, _ in ASKED:
            httpx.get(url + path, headers=SECRET_HEADERS, trust_env=False)
    told = log.read_text()
    assert "secret" not in told
    assert "127.0.0.1:" not in told.replace(urlsplit(url).netloc, "")
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    told_of = [(line["path"], line["status"]) for line in lines if not line["path"].startswith("/-/")]
    assert told_of == [(path.partition("?")[0], status) for path, status in ASKED]
    assert {line["level"] for line in lines} >= {"info", "warning"}
    assert all(line["seconds"] >= 0 and line["bytes"] > 0 for line in lines)


def computed(public: Public) -> float:
    """Return how long the processes that answer queries have computed (seconds)."""
    return sum(map(processor_seconds, workers_of(public.process(), "sql")))


def test_a_stop_is_heard_whenever_it_comes() -> None:
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'deploy'}"}
    subprocess.run([sys.executable, "-c", STOPPED_AGAIN_AND_AGAIN], env=environment, timeout=PATIENCE, check=True)


def test_a_stop_waits_for_the_requests_under_way() -> None:
    """A query that takes its whole second is answered, though the service is told to stop in the middle of it."""
    answers: list[httpx.Response] = []
    query = "/clearview.json?" + urlencode({"sql": SLOW})
    with serve_public(ROOT / "clearview.db", "--pages", "1") as public:
        asking = threading.Thread(target=lambda: answers.append(public.ask(query)))
        before = computed(public)
        asking.start()
        public.seconds_until(lambda: computed(public) > before + 0.02)  # the query is under way
        os.kill(public.process(), signal.SIGTERM)
        asking.join()
    assert [answer.status_code for answer in answers] == [400]
    assert "longer than this service allows" in answers[0].json()["error"]


def test_systemd_is_told_when_the_site_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very first request after it is answered, so that what waits for the start may go on.

    Of a process of an earlier run, which was killed and left its numbers, nothing is told any more.
    """
    place = f"127.0.0.1:{find_free_port()}"
    command = [sys.executable, ROOT / "deploy/serve_public.py", "--folder", tmp_path / "site", "--listen", place]
    need("nginx")
    share_compressed(tmp_path / "site")
    metrics = memory_for(tmp_path / "site") / "metrics"
    metrics.mkdir(parents=True)
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(metrics)}
    gauge = "clearview_worker_memory_bytes"
    subprocess.run([sys.executable, "-c", STALE.format(gauge)], env=environment, check=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(300)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        service = subprocess.Popen([*command, "--pages", "1"], stdout=subprocess.DEVNULL)
        try:
            assert systemd.recv(100) == b"READY=1"
            assert systemd.recv(100) == b"WATCHDOG=1"
            assert httpx.get(f"http://{place}/clearview/agencies", trust_env=False).status_code == 200
            numbers = httpx.get(f"http://{place}/-/metrics", trust_env=False).text
            assert (f"\n{gauge}" in numbers, "5e+09" in numbers) == (True, False)
        finally:
            service.terminate()
            service.wait(timeout=PATIENCE)


def ask_on(public: Public, numbers: "count[int]", stop: threading.Event) -> list[int]:
    """Return the statuses of what readers asked until told to stop: pages that no cache has, and names to match."""
    names = {"queries": json.dumps({"q": {"query": "Toronto Police"}})}
    answered = []
    with httpx.Client(base_url=public.url, timeout=PATIENCE) as client:
        while not stop.wait(0.2):  # with less, readers take most of the processor from the deploy
            number = next(numbers)
            reader = {"X-Forwarded-For": f"198.18.{number // 250 % 250}.{number % 250}"}
            page = f"/clearview/reports.json?_shape=array&_size=2&row__gt={number}"
            answered.append(client.get(page, headers=reader).status_code)
            answered.append(client.post("/reconcile", data=names, headers=reader).status_code)
    return answered


def test_a_deploy_costs_no_new_page_and_no_match(tmp_path: Path) -> None:
    stop, numbers = threading.Event(), count()
    with (
        serve_public(copy_database(tmp_path), "--pages", "1", "--trust", "127.0.0.1") as public,
        ThreadPoolExecutor(4) as pool,
    ):
        readers = [pool.submit(ask_on, public, numbers, stop) for _ in range(4)]
        change(public.database, "update agencies set locality = 'Elsewhere' where id = 'xx-europol'")
        deployed = public.deploy()
        time.sleep(1)
        stop.set()
        answered = [status for reader in readers for status in reader.result()]
        assert (deployed.returncode, "restart" in deployed.stdout) == (0, False), deployed.stderr
        assert "Elsewhere" in public.ask("/clearview/agencies/xx-europol").text
    assert len(answered) > 50
    assert set(answered) == {200}


def test_a_deploy_signals_nobody_else(tmp_path: Path) -> None:
    """After a crash the file holds a number that any process may have been given since."""
    with subprocess.Popen(["sleep", "infinity"]) as stranger:
        (tmp_path / "service.json").write_text(json.dumps({"process": stranger.pid}))
        command = [sys.executable, ROOT / "deploy/deploy.py", tmp_path]
        done = subprocess.run(["timeout", str(PATIENCE), *command], capture_output=True, text=True, check=False)
        time.sleep(0.2)
        alive = stranger.poll() is None
        stranger.kill()
    assert (done.returncode, "nothing is served" in done.stderr, alive) == (1, True, True)


def test_a_front_is_not_ready_before_a_replica_answers(tmp_path: Path) -> None:
    need("nginx")
    replica, place = (f"127.0.0.1:{find_free_port()}" for _ in range(2))
    command = [sys.executable, ROOT / "deploy/serve_public.py", "--folder", tmp_path, "--listen", place]
    command += ["--pages-at", replica, "--sql-at", replica]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as front:
        while not (memory_for(tmp_path) / "nginx.pid").exists():
            assert front.poll() is None
            time.sleep(0.05)
        time.sleep(1)
        front.terminate()
        told, _ = front.communicate(timeout=PATIENCE)
    assert ('"ready"' in told, '"stopping"' in told) == (False, True)


def test_nobody_is_answered_as_root(tmp_path: Path) -> None:
    root = [] if os.geteuid() == 0 else [need("unshare"), "--map-root-user"]
    command = [
        "timeout",
        str(PATIENCE),
        *root,
        sys.executable,
        ROOT / "deploy/serve_public.py",
        "--folder",
        tmp_path / "site",
        "--listen",
    ]
    for place in ("0.0.0.0:8080", "[::]:8080", "8080"):
        done = subprocess.run([*command, place], capture_output=True, text=True, check=False)
        assert (done.returncode, "start it as another user" in done.stderr) == (2, True)
    assert not (tmp_path / "site").exists()


def test_each_lock_file_has_an_environment_of_its_own(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    environments = []
    for number, lock in enumerate(("# one\n", "# two\n", "# one\n")):
        (tmp_path / "requirements.txt").write_text(lock)
        told = run_make(tmp_path, ".venv/requirements.txt")
        assert told.returncode == 0, told.stderr
        assert ("Making" in told.stdout) == (number < 2)
        environments.append((tmp_path / ".venv").resolve())
    first, second, third = environments
    assert first == third != second
    assert all((environment / "bin/python").exists() for environment in environments)


def test_metrics_named_by_the_alerts_are_there(site: str) -> None:
    httpx.get(f"{site}/nothing", trust_env=False)
    numbers = httpx.get(f"{site}/-/metrics", trust_env=False).text
    named = {name for rule in RULES for name in re.findall(r"clearview_\w+", rule["expr"])}
    assert named >= {"clearview_answers_total", "clearview_answer_seconds_bucket", "clearview_worker_memory_bytes"}
    of_nginx = {"clearview_faults_total", "clearview_disk_free_bytes"}  # counted by serve_public.py
    assert of_nginx < named
    assert all(f"\n{name}" in numbers for name in named - of_nginx)


def test_alerts_fire_when_they_should() -> None:
    promtool = need("promtool")
    for words in (["check", "rules", "alerts.yml"], ["test", "rules", "../tests/deploy/alerts_test.yml"]):
        told = subprocess.run([promtool, *words], cwd=ROOT / "deploy", capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr


def test_every_alert_has_its_place_in_the_runbook() -> None:
    assert re.findall(r"^### (\w+)$", RUNBOOK, re.MULTILINE) == [rule["alert"] for rule in RULES]
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"


def test_unit_is_valid_and_shut_in(tmp_path: Path) -> None:
    analyze = need("systemd-analyze")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/clearview", str(ROOT)))
    told = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert "OOMPolicy=continue" in UNIT.read_text("utf-8").splitlines()
    told = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", unit], capture_output=True, text=True, check=True
    )
    score = re.search(r"Overall exposure level for \S+: ([\d.]+)", told.stdout)
    assert score is not None
    print(score[0])
    assert float(score[1]) <= EXPOSURE


class Machine:
    """A clean place to follow the runbook in: a clone with an origin, folders of its own, a stand-in for systemd."""

    def __init__(self, folder: Path) -> None:
        self.home, self.state, self.origin = folder / "clone", folder / "state", folder / "origin"
        self.place = f"127.0.0.1:{find_free_port()}"
        for source, target in ((ROOT, self.origin), (self.origin, self.home)):
            subprocess.run(["git", "clone", "-q", source, target], check=True)
        (self.home / ".venv").symlink_to(ROOT / ".venv")
        share_compressed(self.state)
        shutil.copy("/etc/nginx/nginx.conf", f"{self.state}.nginx")
        programs = folder / "bin"
        programs.mkdir()
        stand_in = f'#!/bin/sh\nexec {sys.executable} {ROOT / "tests/systemctl.py"} "$@"\n'
        (programs / "systemctl").write_text(stand_in)
        (programs / "journalctl").write_text(f"#!/bin/sh\ncat {self.state}.journal\n")
        for program in programs.iterdir():
            program.chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "SITE_HOME": str(self.home),
            "SITE_STATE": str(self.state),
            "SITE_PLACE": self.place,
        }

    def run(self, commands: str) -> str:
        """Return what commands of the runbook print; fail where one of them fails."""
        here = {"/opt/clearview": self.home, "/var/lib/clearview": self.state, "127.0.0.1:8080": self.place}
        here |= {"/etc/default/clearview": f"{self.state}.options"}
        here |= {"/etc/nginx/nginx.conf": f"{self.state}.nginx"}
        for there, place in here.items():
            commands = commands.replace(there, str(place))
        shell = ["bash", "-euxc", commands]
        told = subprocess.run(
            shell, cwd=self.home.parent, env=self.environment, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout[-2000:] + told.stderr[-3000:]
        return told.stdout

    def change_origin(self) -> None:
        """Commit a change of a page and of nginx's settings in the origin, for the clone to pull."""
        page = self.origin / "templates/pages/about.html"
        page.write_text(page.read_text("utf-8").replace("Something wrong?", "Anything wrong?"), "utf-8")
        with (self.origin / "deploy/nginx.conf").open("a") as settings:
            settings.write("# Changed.\n")
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qam", "Change a page"]
        subprocess.run(command, cwd=self.origin, check=True)


@contextmanager
def proxy_in_front(machine: Machine, text: str) -> Iterator[str]:
    """Run an nginx with the runbook's words in a folder of its own; yield where readers reach it."""
    folder, place = machine.home.parent / "proxy", f"127.0.0.1:{find_free_port()}"
    folder.mkdir()
    certificate, key = make_certificate(folder)
    here = {"443": place, "/etc/ssl/example.org.pem": certificate, "/etc/ssl/private/example.org.key": key}
    here |= {"127.0.0.1:8080": machine.place, "/var/log/nginx": folder}
    for there, word in here.items():
        assert there in text
        text = text.replace(there, str(word))
    (folder / "nginx.conf").write_text(f"daemon off; pid nginx.pid; events {{}} http {{ {text} }}")
    with subprocess.Popen([need("nginx"), "-e", "error.log", "-p", f"{folder}/", "-c", "nginx.conf"]) as proxy:
        while not (folder / "nginx.pid").exists():
            assert proxy.poll() is None
            time.sleep(0.05)
        try:
            yield f"https://{place}"
        finally:
            proxy.terminate()


def check_what_readers_get(machine: Machine, text: str) -> None:
    """Fail unless a proxy set up as the runbook says brings readers pages, and none of the machine's own numbers."""
    with proxy_in_front(machine, text) as url:
        transport = httpx.HTTPTransport(local_address="127.0.0.2", verify=False)
        with httpx.Client(base_url=url, transport=transport) as reader:
            claimed = {"X-Forwarded-For": "127.0.0.1"}
            assert reader.get("/-/metrics", headers=claimed).status_code == httpx.codes.FORBIDDEN
            assert reader.get("/clearview/agencies").status_code == httpx.codes.OK
            assert "https://example.org/clearview/agencies" in reader.get("/sitemap.xml").text
    assert httpx.get(f"http://{machine.place}/-/metrics", trust_env=False).status_code == httpx.codes.OK


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    need("nginx")
    need("curl")
    need("promtool")
    machine = Machine(tmp_path)
    yield machine
    pid = Path(f"{machine.state}.pid")
    if pid.exists() and Path(f"/proc/{pid.read_text()}").exists():
        machine.run("systemctl stop clearview")


def test_runbook_works_as_written(machine: Machine) -> None:
    _, *steps = re.split(r"^##+ (.+)$", RUNBOOK, flags=re.MULTILINE)
    parts = zip(steps[::2], steps[1::2], strict=True)
    blocks = {name: re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for name, text in parts}
    (proxy,) = re.findall(r"```nginx\n(.*?)```", RUNBOOK, re.DOTALL)
    assert sum(map(len, blocks.values())) + 1 == RUNBOOK.count("```") // 2 >= 16
    for name, commands in blocks.items():
        if name == "Deploy":
            machine.change_origin()
        if name == "Restore":
            (machine.home / "clearview.db").write_bytes(b"damaged")
        said = []
        for block in commands:
            removed = " ".join(re.findall(r"rm -rf (.*)", block))
            assert "" not in [machine.run(f"ls {folder}") for folder in removed.split()]
            said.append(machine.run(block))
        if name == "Try it on one machine":  # nothing is run there
            assert not commands
            continue
        about = httpx.get(f"http://{machine.place}/about", trust_env=False).text
        if name == "Put it in place":
            assert '"agencies": 74' in said[0]
        if name == "Open it to readers":
            check_what_readers_get(machine, proxy)
        if name == "Deploy":
            assert "restart it: nginx.conf\n" in said[0]
            assert str((ROOT / ".venv").resolve()) in said[1]
        assert ("Anything wrong?" in about) == (name not in ("Put it in place", "Open it to readers")), name
    assert machine.run("git -C /opt/clearview status --porcelain --untracked-files=no") == ""
