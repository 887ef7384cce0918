"""How long a newcomer waits: from a fresh clone to a page, a build with nothing to do, a full rebuild.

usage: bench.py     (clones this repository into a temporary folder, with an empty home folder)
"""

import os
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
LIMITS = {"make serve, from a clone to a page": 120.0, "make db, nothing to do": 1.0, "make db, all of it": 5.0}


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work took, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def make(clone: Path, home: Path, *targets: str) -> subprocess.Popen[bytes]:
    """Start make in the clone with an empty home folder; return the process."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    return subprocess.Popen(
        ["make", *targets], cwd=clone, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )


def serve_until_page(clone: Path, home: Path) -> None:
    """Run `make serve` until the table of agencies answers, then stop it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = make(clone, home, "serve", f"PORT={port}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        while server.poll() is None:
            try:
                opener.open(f"http://127.0.0.1:{port}/clearview/agencies").read()
                return
            except URLError:
                time.sleep(0.2)
        raise SystemExit("make serve stopped before it answered")
    finally:
        os.killpg(server.pid, 15)
        server.wait()


def rebuild_all(clone: Path, home: Path) -> None:
    """Run `make db` as if every raw file had changed."""
    for path in (clone / "raw").iterdir():
        path.touch()
    if make(clone, home, "db").wait():
        raise SystemExit("make db failed")


def main() -> None:
    """Print the three waits beside their limits; exit 1 where one is over."""
    with tempfile.TemporaryDirectory() as folder:
        clone, home = Path(folder, "clone"), Path(folder, "home")
        home.mkdir()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        found = {"make serve, from a clone to a page": seconds(lambda: serve_until_page(clone, home))}
        found["make db, all of it"] = seconds(lambda: rebuild_all(clone, home))
        found["make db, nothing to do"] = seconds(lambda: make(clone, home, "db").wait())
    for what, limit in LIMITS.items():
        print(f"{what:36} {found[what]:7.2f} s   limit {limit:5.0f} s   {found[what] / limit:5.2f} of it")
    raise SystemExit(any(found[what] > limit for what, limit in LIMITS.items()))


if __name__ == "__main__":
    main()
