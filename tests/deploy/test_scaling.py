"""docs/scaling.md: its commands run as written in a clean place, and its figures follow from what was measured."""

import math
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PATIENCE, ROOT, need
from test_public import share_compressed

GUIDE = (ROOT / "docs/scaling.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\S+)([^\n]*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
TO_RUN = [commands for kind, mark, commands in BLOCKS if kind == "sh" and not mark]
ADDRESSES = ("10.0.0.1", "10.0.0.2")
SQL = "/clearview.json?_shape=array&sql=select+count(*)+as+n+from+reports"


class Place:
    """A fresh clone in a network of its own, in which the addresses and ports of the guide are free."""

    def __init__(self, folder: Path) -> None:
        self.home, self.log = folder / "clone", folder / "log"
        subprocess.run(["git", "clone", "-q", ROOT, self.home], check=True)
        (self.home / ".venv").symlink_to(ROOT / ".venv")
        share_compressed(self.home / "build/public")
        unshare = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
        self.holder = subprocess.Popen([*unshare, "sleep", "infinity"])
        self.started: list[subprocess.Popen[bytes]] = []
        while Path(f"/proc/{self.holder.pid}/ns/net").samefile("/proc/self/ns/net"):
            time.sleep(0.01)
        self.run("ip link set lo up" + "".join(f"; ip address add {address}/32 dev lo" for address in ADDRESSES))

    def inside(self, commands: str) -> list[str]:
        """Return the command that runs a shell's commands in the clone and its network."""
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        enter = ["nsenter", "--target", str(self.holder.pid), "--net", *user]
        return [*enter, "bash", "-euc", f"cd {self.home}; {commands}"]

    def run(self, commands: str) -> str:
        """Return what commands print; fail where one of them fails."""
        told = subprocess.run(self.inside(commands), capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout[-2000:] + told.stderr[-3000:]
        return told.stdout

    def start(self, command: str, awaited: str) -> "subprocess.Popen[bytes]":
        """Start a command that goes on, and return when an address answers."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(self.inside(f"exec env {command}"), stdout=log, stderr=log, process_group=0)
        self.started.append(process)
        for _ in range(10 * PATIENCE):
            if self.ask(awaited) == "200":
                return process
            assert process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        pytest.fail(self.log.read_text())

    def ask(self, url: str) -> str:
        """Return the status of an answer; 000 where there is none."""
        asking = f"curl --noproxy '*' -s -o {self.log}.answer -m {PATIENCE} -w '%{{http_code}}' '{url}' || true"
        return self.run(asking)

    def end(self) -> None:
        """Stop all that was started."""
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=PATIENCE)
        self.holder.kill()
        self.holder.wait()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    for program in ("nginx", "curl", "ip", "unshare"):
        need(program)
    place = Place(tmp_path)
    yield place
    place.end()


def test_every_block_is_run_or_says_what_it_needs() -> None:
    assert len(BLOCKS) == GUIDE.count("```") // 2
    assert len(TO_RUN) == 3
    needs = {mark.strip() for kind, mark, _ in BLOCKS if kind == "sh" and mark}
    assert needs == {"engine", "account"}
    assert all(f"(needs an {need}" in GUIDE for need in needs)


def test_one_machine_works_as_written(place: Place) -> None:
    install, serve = TO_RUN[0].splitlines()
    assert "all rules hold" in place.run(install)
    assert (place.home / "exports/agencies.csv").is_file()
    place.start(serve, "http://127.0.0.1:8080/clearview/agencies")


def test_several_machines_work_as_written_and_one_may_fail(place: Place) -> None:
    replica, front = TO_RUN[1].splitlines(), TO_RUN[2].strip()
    processes = [
        place.start(line.replace(ADDRESSES[0], address), f"http://{address}:{port}/-/readyz")
        for address in ADDRESSES for line, port in zip(replica, (8001, 8002), strict=True)
    ]  # fmt: skip
    place.start(front, "http://127.0.0.1:8080/clearview/agencies")
    for number in range(12):  # no replica is to seem lost over a long address
        long = f"/clearview/agencies.json?_shape=array&_size=1&name__not={'d' * 8000}{number}"
        assert place.ask(f"http://127.0.0.1:8080{long}") == "200"
        assert place.ask(f"http://127.0.0.1:8080/clearview/agencies?_size={20 + number}") == "200"
    for process in processes[:2]:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for path in ("/clearview/countries", "/clearview/reports?_size=3", SQL):
        assert place.ask(f"http://127.0.0.1:8080{path}") == "200", path
    assert place.ask("http://127.0.0.1:8080/search?q=secretword") == "200"
    assert "docs/scaling.md" in place.run("make deploy 2>&1 || true")
    for process in processes[2:]:  # its last line is written after the answer
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    told = place.log.read_text()
    assert ('"path": "/search"' in told, "secretword" in told) == (True, False)


def figures() -> tuple[float, float, float]:
    """Return the figures to plan with: new pages, new rows, answers from the cache (a second and core)."""
    page, row, cached = (
        float(re.search(rf"^\| {words} \| ([\d,]+) \|", GUIDE, re.MULTILINE)[1].replace(",", ""))  # type: ignore[index]
        for words in ("a page that no cache has", "a row or JSON that no cache has", "anything that the cache has")
    )
    return page, row, cached


def test_no_figure_is_above_what_was_measured() -> None:
    lines = re.findall(r"^\| 69 \| (\w+) \| (\d+) \|(.*)\|$", (ROOT / "docs/benchmarks.md").read_text(), re.MULTILINE)
    page, row, cached = figures()
    assert len(lines) == 9
    for kind, connections, cells in lines:
        uncached, from_cache = (float(cell.split("(")[0].replace(",", "")) for cell in cells.split("|")[1:3])
        if connections == "8":
            assert uncached >= (page if kind == "HTML" else row), kind
        if connections != "1":
            assert from_cache >= cached, (kind, connections)


def test_table_of_machines_follows_from_the_figures() -> None:
    page, _, cached = figures()
    table = re.findall(r"^\| ([\d,]+) \| (\d+) % \| ([\d.]+) \| ([\d.]+) \| (\d+) \|$", GUIDE, re.MULTILINE)
    assert len(table) == 6
    for load, misses, *told in table:
        asked = float(load.replace(",", ""))
        pages, nginx = asked * int(misses) / 100 / page, asked / cached
        assert [float(figure) for figure in told[:2]] == pytest.approx([pages, nginx], abs=0.0051), load
        assert int(told[2]) == math.ceil((pages + nginx) / 2)


def test_every_command_that_a_figure_names_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make ([a-z-]+)", GUIDE):
        assert f"\n{target}:" in makefile, target
