"""Ask a served copy of the database hostile SQL: no crash, no write, no file read, no answer past the limits.

First every function of SQLite's with small and with the longest arguments, then statements made at random.

usage: fuzz_sql.py [--count N] [--seed N]     (10,000 statements; the same seed makes the same statements)
"""

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from bench_page import processor_seconds
from every_function import call_every_function
from generated_sql import Maker

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 4
QUERY_MS = 200  # the limit for statements at random, so that endless queries end soon
SERVED_MS = 1000  # the limit that the site is served with
LATE = 1.5  # times its limit that a statement may take
WRITING_SECONDS = 1.0  # for an answer of the longest kind
SUSPECT_SECONDS = 1.0  # a statement that took so long beside others is asked again alone
ANSWER_BYTES = 64 * 1024 * 1024  # 8 MB of text, written out
MEMORY_BYTES = 400 * 1024 * 1024
CANARY = "canary-5f1e0c"
SECRETS = (CANARY.encode(), b"root:x:0:")
FORMS = ("clearview.json?_shape=array&", "clearview?", "clearview.csv?", "clearview/agencies.json?_size=5&")
EXPECTED = {200, 400, 403, 414}
PATIENCE = 240  # seconds: a busy machine makes an answer late, not wrong
OPENER = build_opener(ProxyHandler({}))


class Copy:
    """A served copy of the database in a folder of its own, with a file beside it that nobody may read."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self.limit = folder, limit
        self.database = Path(shutil.copy(ROOT / "clearview.db", folder))
        (folder / "canary").write_text(CANARY)
        self.before = self.fingerprint()
        self.suspects: list[str] = []
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [str(ROOT / "scripts/serve.sh"), "-h", "127.0.0.1", "-p", self.url.rpartition(":")[2]]
        self.process = subprocess.Popen(
            [*command, "--setting", "sql_time_limit_ms", str(limit)],
            env=os.environ | {"CLEARVIEW_DB": str(self.database)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def fingerprint(self) -> dict[str, str]:
        """Return the files of the folder with the hash of each."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.folder.iterdir()}

    def memory(self) -> int:
        """Return the resident memory of the process (bytes)."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def processor_seconds(self) -> float:
        """Return how long the process has been at work; what others on the machine do is not in it."""
        return processor_seconds(self.process.pid)

    def get(self, address: str) -> tuple[int, bytes]:
        """Return status and body."""
        try:
            with OPENER.open(f"{self.url}/{address}", timeout=PATIENCE) as answer:
                return answer.status, answer.read()
        except HTTPError as refused:
            return refused.code, refused.read()

    def find_faults(self, sql: str, number: int) -> tuple[int, list[str]]:
        """Return the status of the answer to a statement, and what is wrong with the answer."""
        address = self.address(sql, number)
        began = time.monotonic()
        try:
            status, body = self.get(address)
        except OSError as error:
            return 0, [f"no answer: {error}"]
        if time.monotonic() - began > SUSPECT_SECONDS:
            self.suspects.append(address)
        faults = [] if status in EXPECTED else [f"status {status}"]
        faults += [f"{len(body)} bytes"] if len(body) > ANSWER_BYTES else []
        faults += ["a file was read"] if any(secret in body for secret in SECRETS) else []
        faults += [f"{self.memory()} bytes of memory"] if self.memory() > MEMORY_BYTES else []
        return status, [f"{fault}: {address}" for fault in faults]

    def address(self, sql: str, number: int) -> str:
        """Return where a statement is asked: in the forms by turns, as a query or as a condition of a table."""
        form = FORMS[number % len(FORMS)]
        if "agencies" not in form:
            return form + urlencode({"sql": sql}, errors="surrogatepass")
        return form + urlencode({"_where": f"exists ({sql})" if number % 3 else sql}, errors="surrogatepass")

    def find_late(self, addresses: Iterable[str], writing: float = 0.0) -> tuple[int, list[str]]:
        """Return how many statements were asked, one after another, and those that went on past their limit."""
        asked = 0
        late: list[str] = []
        for address in addresses:
            before, began = self.processor_seconds(), time.monotonic()
            try:
                self.get(address)
            except OSError as error:
                return asked, [*late, f"no answer ({error}): {address}"]
            taken = min(self.processor_seconds() - before, time.monotonic() - began)
            asked += 1
            if taken > LATE * self.limit / 1000 + writing:
                late.append(f"it took {taken:.1f} s, the limit is {self.limit / 1000} s: {address}")
        return asked, late


@contextmanager
def served_copy(limit: int) -> Iterator[Copy]:
    """Serve a copy until the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder), limit)
        try:
            for _ in range(600):
                try:
                    OPENER.open(f"{copy.url}/-/readyz").close()
                    break
                except OSError:
                    if copy.process.poll() is not None:
                        raise SystemExit("the site did not start; see: make serve") from None
                    time.sleep(0.1)
            yield copy
        finally:
            copy.process.terminate()
            copy.process.wait()


def fuzz(count: int, seed: int) -> tuple[Counter[int], list[str]]:
    """Return how often each status was answered, and every fault found."""
    with served_copy(QUERY_MS) as copy, ThreadPoolExecutor(AT_ONCE) as askers:
        statements = islice(Maker(seed, str(copy.folder)).statements(), count)
        statuses: Counter[int] = Counter()
        faults: list[str] = []
        began = time.monotonic()
        results = askers.map(copy.find_faults, statements, range(count))
        for done, (status, found) in enumerate(results, 1):
            statuses[status] += 1
            faults += found
            if done % 1000 == 0:
                seconds = time.monotonic() - began
                print(f"{done:,} of {count:,} statements, {seconds:.0f} s, {len(faults)} faults", flush=True)
        faults += copy.find_late(copy.suspects, WRITING_SECONDS)[1]
        if copy.process.poll() is not None:
            faults.append("the process ended")
        elif copy.get("-/readyz")[0] != 200:
            faults.append("the site is not ready any more")
        if copy.fingerprint() != copy.before:
            faults.append("a file was written")
    return statuses, faults


def call_functions(names: str = "") -> tuple[int, list[str]]:
    """Return how many calls of functions were asked, all or those of the names, and those past their limit."""
    forms = ("clearview.json?_shape=array&", "clearview.csv?")
    with served_copy(SERVED_MS) as copy:
        statements = call_every_function(names.split())
        return copy.find_late(forms[number % 2] + urlencode({"sql": sql}) for number, sql in enumerate(statements))


def main() -> int:
    """Print the outcome; return 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    calls, late = call_functions()
    print(f"{calls:,} calls of every function: {len(late)} past {LATE} times the limit", flush=True)
    statuses, faults = fuzz(arguments.count, arguments.seed)
    faults = late + faults
    told = ", ".join(f"{found:,} answered {status}" for status, found in sorted(statuses.items()))
    print(f"{arguments.count:,} statements of seed {arguments.seed}: {told}")
    for fault in faults[:20]:
        print(fault[:500])
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
