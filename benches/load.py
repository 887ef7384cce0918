"""Requests as fast as a server answers them, by wrk, for a bounded time and on this machine alone."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ACCEPT = "Accept-Encoding: gzip, deflate, br"
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Load:
    """What came back: counts, and times in seconds."""

    requests: int
    seconds: float
    bytes: int
    p50: float
    p99: float
    longest: float
    refused: int  # connections
    broken: int  # connections closed before the answer was whole
    late: int  # answers after more than two seconds
    faults: int  # answers with status 400 or higher

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return self.requests / self.seconds

    @property
    def failed(self) -> int:
        """Return how many requests did not get their answer."""
        return self.refused + self.broken + self.faults


def start_load(
    url: str, paths: Sequence[str], connections: int, seconds: float, readers: int = 1
) -> subprocess.Popen[str]:
    """Start wrk with one thread, to ask for the paths in turn with the encodings of a browser.

    A server that trusts this machine takes the requests as those of so many readers.
    """
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is missing; on Debian and Ubuntu: apt install wrk")
    command = [program, "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency", "-H", ACCEPT, "-s"]
    if (len(paths), readers) == (1, 1):  # then wrk does nothing but ask, and takes less of the machine
        command += [str(HERE / "load.lua"), url + paths[0]]
    else:
        command += [str(HERE / "load_many.lua"), url, "--", str(readers), *paths]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def end_load(running: subprocess.Popen[str]) -> Load:
    """Return the numbers when wrk is done."""
    output, _ = running.communicate()
    if running.returncode:
        raise SystemExit(f"wrk ended with code {running.returncode}: {output}")
    return Load(**json.loads(output.splitlines()[-1]))


def load(url: str, paths: Sequence[str], connections: int, seconds: float) -> Load:
    """Return the numbers of a load that ran to its end."""
    return end_load(start_load(url, paths, connections, seconds))
