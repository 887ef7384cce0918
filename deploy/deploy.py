"""Have a running serve_public.py put the database and the files as they are now in place, and wait for the outcome.

usage: deploy.py [FOLDER]     (build/public); exits 1 with the reason where the old release stayed
"""

import json
import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WITHIN = 280  # seconds; systemd waits 300 (clearview.service)


def ask(folder: Path) -> bytes:
    """Return the outcome as serve_public.py tells it; exit where nothing is served from the folder."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(WITHIN)
        try:
            os.chdir(folder)  # the path of a socket has to be short
            line.connect("deploy.sock")
        except OSError:
            sys.exit(f"nothing is served from {folder}; start it with: make serve-public")
        try:
            return b"".join(iter(lambda: line.recv(65536), b""))
        except TimeoutError:
            sys.exit(f"no outcome within {WITHIN} s; what serve_public.py prints tells more")


def main() -> None:
    """Ask, wait, tell."""
    told = ask(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/public")
    if not told:
        sys.exit("serve_public.py ended before it told the outcome; what it printed tells more")
    outcome = json.loads(told)
    if not outcome["ok"]:
        sys.exit(f"not deployed, release {outcome['release']} stays: {outcome['reason']}")
    print(f"in use: release {outcome['release']}")
    if outcome["changed"]:
        print(f"changed since the service was started, restart it: {', '.join(outcome['changed'])}")


if __name__ == "__main__":
    main()
