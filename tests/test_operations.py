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
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
import yaml
from conftest import ROOT, need, serve
from serving import find_free_port
from test_public import serve_public

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
SLOW = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where i < 1"


def test_readiness_is_that_of_the_file(tmp_path: Path) -> None:
    database = Path(shutil.copy(ROOT / "clearview.db", tmp_path))
    with serve(database, tmp_path / "log") as url:
        ready = httpx.get(f"{url}/-/readyz", trust_env=False)
        assert (ready.status_code, ready.json()["bodies"]) == (200, 69)
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


def test_a_stop_waits_for_the_requests_under_way() -> None:
    """A query that takes its whole second is answered, though the service is told to stop in the middle of it."""
    answers: list[httpx.Response] = []
    query = "/clearview.json?" + urlencode({"sql": SLOW})
    with serve_public(ROOT / "clearview.db", "--pages", "1") as public:
        asking = threading.Thread(target=lambda: answers.append(public.ask(query)))
        asking.start()
        time.sleep(0.4)
        os.kill(int((public.folder / "supervisor.pid").read_text()), signal.SIGTERM)
        asking.join()
    assert [answer.status_code for answer in answers] == [400]
    assert "longer than this service allows" in answers[0].json()["error"]


def test_systemd_is_told_when_the_site_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very first request after it is answered, so that what waits for the start may go on."""
    place = f"127.0.0.1:{find_free_port()}"
    command = [sys.executable, ROOT / "deploy/serve_public.py", "--folder", tmp_path / "site", "--listen", place]
    need("nginx")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        service = subprocess.Popen([*command, "--pages", "1"], stdout=subprocess.DEVNULL)
        try:
            assert systemd.recv(100) == b"READY=1"
            assert httpx.get(f"http://{place}/clearview/agencies", trust_env=False).status_code == 200
        finally:
            service.terminate()
            service.wait(timeout=60)


def test_metrics_named_by_the_alerts_are_there(site: str) -> None:
    httpx.get(f"{site}/nothing", trust_env=False)
    numbers = httpx.get(f"{site}/-/metrics", trust_env=False).text
    named = {name for rule in RULES for name in re.findall(r"clearview_\w+", rule["expr"])}
    assert named == {"clearview_answers_total", "clearview_answer_seconds_bucket", "clearview_worker_memory_bytes"}
    assert all(f"\n{name}" in numbers for name in named)


def test_alerts_fire_when_they_should() -> None:
    promtool = need("promtool")
    for words in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
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
        for there, place in here.items():
            commands = commands.replace(there, str(place))
        shell = ["bash", "-euxc", commands]
        told = subprocess.run(
            shell, cwd=self.home.parent, env=self.environment, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout[-2000:] + told.stderr[-3000:]
        return told.stdout

    def change_origin(self) -> None:
        """Commit a change of a page in the origin, for the clone to pull."""
        page = self.origin / "templates/pages/about.html"
        page.write_text(page.read_text("utf-8").replace("Something wrong?", "Anything wrong?"), "utf-8")
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qam", "Change a page"]
        subprocess.run(command, cwd=self.origin, check=True)


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
    assert sum(map(len, blocks.values())) == RUNBOOK.count("```") // 2 >= 13
    for name, commands in blocks.items():
        if name == "Deploy":
            machine.change_origin()
        if name == "Restore":
            (machine.home / "clearview.db").write_bytes(b"damaged")
        said = [machine.run(block) for block in commands]
        about = httpx.get(f"http://{machine.place}/about", trust_env=False).text
        if name == "Put it in place":
            assert '"bodies": 69' in said[0]
        assert ("Anything wrong?" in about) == (name != "Put it in place"), name
    assert machine.run("git -C /opt/clearview status --porcelain --untracked-files=no") == ""
