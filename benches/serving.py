"""The site served for as long as something asks it: benches, Lighthouse, pictures of pages."""

import os
import random
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def find_free_port() -> int:
    """Return a port that nothing listens on, below those that connections are given: one of them could take it."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


@contextmanager
def running_process(command: Sequence[str | Path], environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Run a Datasette on a free port of this machine until the end of the block; yield its address and its process."""
    port = find_free_port()
    url = f"http://127.0.0.1:{port}"
    words = [*command, "-h", "127.0.0.1", "-p", str(port)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(words, cwd=ROOT, env=os.environ | environment, stdout=quiet, stderr=quiet)
    try:
        while not is_up(url):
            if server.poll() is not None:
                raise SystemExit(f"the site did not start; see: {' '.join(map(str, words))}")
            time.sleep(0.1)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait()


@contextmanager
def serving(**environment: str) -> Iterator[str]:
    """Serve clearview.db on a free port of this machine until the end of the block; yield the address."""
    with running_process([ROOT / "scripts" / "serve.sh"], environment) as (url, _):
        yield url


def is_up(url: str) -> bool:
    """Return whether the site answers from its database."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(f"{url}/clearview/agencies.json?_size=1").close()
    except OSError:
        return False
    return True
