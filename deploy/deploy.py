"""Have a running serve_public.py put the database as it is now in place, and wait for the outcome.

usage: deploy.py [FOLDER]     (build/public); exits 1 with the reason where the old release stayed
"""

import fcntl
import json
import os
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WITHIN = 100  # seconds; systemd waits 120 (clearview.service)


def find_service(folder: Path) -> int:
    """Return the process that serves from a folder, which holds a lock on its file; exit where there is none."""
    try:
        with (folder / "supervisor.pid").open() as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int((folder / "supervisor.pid").read_text())
    except FileNotFoundError:
        pass
    sys.exit(f"nothing is served from {folder}; start it with: make serve-public")


def main() -> None:
    """Ask, wait, tell."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/public"
    outcome = folder / "deploy.json"
    service = find_service(folder)
    outcome.unlink(missing_ok=True)
    os.kill(service, signal.SIGHUP)
    until = time.monotonic() + WITHIN
    while not outcome.exists():
        if time.monotonic() > until:
            sys.exit(f"no outcome within {WITHIN} s; what serve_public.py prints tells more")
        time.sleep(0.05)
    told = json.loads(outcome.read_text())
    if not told["ok"]:
        sys.exit(f"not deployed, release {told['release']} stays: {told['reason']}")
    print(f"in use: release {told['release']}")
    if told["changed"]:
        print(f"changed since the service was started, restart it: {', '.join(told['changed'])}")


if __name__ == "__main__":
    main()
