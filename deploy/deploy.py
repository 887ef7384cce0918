"""Have a running serve_public.py put the database as it is now in place, and wait for the outcome.

usage: deploy.py [FOLDER]     (build/public); exits 1 with the reason where the old release stayed
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WITHIN = 120  # seconds


def main() -> None:
    """Ask, wait, tell."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/public"
    outcome = folder / "deploy.json"
    outcome.unlink(missing_ok=True)
    try:
        os.kill(int((folder / "supervisor.pid").read_text()), signal.SIGHUP)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        sys.exit(f"nothing is served from {folder}; start it with: make serve-public")
    until = time.monotonic() + WITHIN
    while not outcome.exists():
        if time.monotonic() > until:
            sys.exit(f"no outcome within {WITHIN} s; what serve_public.py prints tells more")
        time.sleep(0.05)
    told = json.loads(outcome.read_text())
    if not told["ok"]:
        sys.exit(f"not deployed, release {told['release']} stays: {told['reason']}")
    print(f"in use: release {told['release']}")


if __name__ == "__main__":
    main()
