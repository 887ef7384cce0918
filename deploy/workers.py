"""The Datasette processes of one release: started, asked whether they answer, replaced, stopped."""

import argparse
import os
import subprocess
import time
from pathlib import Path

import httpx
from prometheus_client.multiprocess import mark_process_dead
from releases import Unfit

PAGES = ["--setting", "num_sql_threads", "1", "--setting", "default_cache_ttl", "60"]
SQL = ["--setting", "default_cache_ttl", "60"]
READY_WITHIN = 60.0  # seconds; a start takes about two
STOP_WITHIN = 15.0  # seconds
FINISH = 3.0  # seconds in which requests may still reach a release that was replaced: nginx looks once a second
MEGABYTE = 1024 * 1024
PAGE = os.sysconf("SC_PAGE_SIZE")
# Asked of a new release before readers get it: address, and what has to be in the answer.
ANSWERS = [
    ("/", "A listing is not an accusation"),
    ("/clearview/agencies", "</html>"),
    ("/clearview/agencies.json?_shape=array&_size=1", '"id"'),
    ("/clearview/reports.csv?_size=1", "agency_as_printed"),
    ("/about", "</html>"),
]
SQL_ANSWERS = [("/clearview.json?_shape=array&sql=select+count(*)+as+n+from+reports", '"n"')]


def memory_of(process: int) -> int:
    """Return the resident memory of a process (bytes)."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE


class Workers:
    """The processes of one release, by name; each listens on RELEASE/NAME.sock."""

    def __init__(self, release: Path, arguments: argparse.Namespace) -> None:
        self.release = release
        self.memory = arguments.memory * MEGABYTE
        self.metrics = arguments.folder / "metrics"
        self.https = ["--setting", "force_https_urls", "on"] if arguments.url.startswith("https:") else []
        self.checked_memory = self.started = time.monotonic()
        local = not arguments.pages_at
        names = [f"pages-{n}" for n in range(arguments.pages)] + [f"sql-{n}" for n in range(arguments.sql)]
        self.processes = {name: self.start(name) for name in names if local}

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start a process; those for SQL give way to those for pages where both want a core."""
        self.metrics.mkdir(exist_ok=True)
        is_sql = name.startswith("sql")
        command = [*(["nice", "-n", "10"] if is_sql else []), str(self.release / "scripts/serve.sh")]
        command += ["--uds", f"{name}.sock", *(SQL if is_sql else PAGES), *self.https]
        environment = {key: value for key, value in os.environ.items() if key != "CLEARVIEW_DB"}
        environment["PROMETHEUS_MULTIPROC_DIR"] = str(self.metrics)
        with Path(f"{name}.log").open("ab") as output:
            return subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=output,
                process_group=0,
            )  # fmt: skip

    def ask(self, name: str, address: str) -> httpx.Response:
        """Return a process's own answer; raises httpx.TransportError where it has none."""
        transport = httpx.HTTPTransport(uds=str(self.release.relative_to(Path.cwd()) / f"{name}.sock"))
        with httpx.Client(transport=transport, timeout=20) as client:
            return client.get(f"http://localhost{address}")

    def are_ready(self) -> bool:
        """Return whether every process answers from its database; raises Unfit when one has ended or takes too long."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise Unfit(f"{name} ended with code {process.returncode}; its last words are in {name}.log")
            if time.monotonic() - self.started > READY_WITHIN:
                raise Unfit(f"{name} gave no answer within {READY_WITHIN:.0f} s")
            try:
                if self.ask(name, "/-/readyz").status_code != httpx.codes.OK:
                    raise Unfit(f"{name} is not ready: {self.ask(name, '/-/readyz').text[:200]}")
            except httpx.TransportError:
                return False
        return True

    def check_answers(self) -> None:
        """Raise Unfit where a page is not what readers need."""
        for name in self.processes:
            for address, words in SQL_ANSWERS if name.startswith("sql") else ANSWERS:
                answer = self.ask(name, address)
                if answer.status_code != httpx.codes.OK or words not in answer.text:
                    raise Unfit(f"{name} answers {address} with {answer.status_code}, without “{words}”")

    def revive(self) -> list[tuple[str, str]]:
        """Replace the processes that ended or hold too much memory; return their names, each with the reason."""
        replaced = []
        weigh = time.monotonic() - self.checked_memory > 1
        for name, process in self.processes.items():
            if process.poll() is not None:
                reason = f"ended with code {process.returncode}"
            elif weigh and memory_of(process.pid) > self.memory:
                reason = f"over {self.memory // MEGABYTE} MB"
                process.kill()
                process.wait()
            else:
                continue
            mark_process_dead(process.pid, str(self.metrics))  # type: ignore[no-untyped-call]
            self.processes[name] = self.start(name)
            replaced.append((name, reason))
        if weigh:
            self.checked_memory = time.monotonic()
        return replaced

    def finish_and_stop(self) -> None:
        """Let the last requests arrive and be answered, then stop."""
        time.sleep(FINISH)
        self.stop()

    def stop(self) -> None:
        """Stop the processes, each after the requests it has begun."""
        for process in self.processes.values():
            process.terminate()
        until = time.monotonic() + STOP_WITHIN
        for process in self.processes.values():
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            mark_process_dead(process.pid, str(self.metrics))  # type: ignore[no-untyped-call]
