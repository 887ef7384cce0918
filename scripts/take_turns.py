"""Runs a command while it alone holds a lock file; a second one waits for the first, and says so.

usage: take_turns.py LOCK COMMAND...

The system lets go of the lock when the command and all that it started have ended, however they ended.
"""

import fcntl
import os
import sys
from pathlib import Path


def main() -> None:
    """Become the command, with the lock held."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    os.set_inheritable(lock, True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another make builds from this folder; waiting until it has ended.", file=sys.stderr)
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
