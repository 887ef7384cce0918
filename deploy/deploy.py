"""Put a release of the database and the files as they are now in place, while serve_public.py runs: make, ask, switch.

usage: deploy.py [FOLDER]     (build/public); exits 1 with the reason where the old release stayed

serve_public.py calls it at its start: it serves the release that was in use, or the newest other one that answers, or
else the files as they are now; with --first fresh these come first.
"""

import argparse
import fcntl
import json
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from releases import Unfit, check_database, make_release, read_settings, releases_that_answered, remove_old
from slots import FINISH, SLOTS, Slot, slot_in_use

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 1000  # characters of a reason: of many files, the first


def read_service(folder: Path) -> dict[str, Any]:
    """Return what the serve_public.py that holds a folder tells of itself; exit where none does."""
    with suppress(FileNotFoundError), (folder / "service.json").open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            service: dict[str, Any] = json.load(held)
            return service
    sys.exit(f"nothing is served from {folder}; start it with: make serve-public")


def deploy(release: Path, folder: Path, service: dict[str, Any]) -> None:
    """Have readers answered from a release; raises Unfit where it does not answer, and the old one stays."""
    check_database(release / "clearview.db")
    in_use, run = slot_in_use(folder), Path(service["run"])
    if (folder / in_use).resolve() == release:  # at a start: its cache is still good
        slot = Slot(in_use, folder, run)
    else:
        slot = Slot(next(name for name in SLOTS if name != in_use), folder, run)
        slot.fill(release)
    if service["away"]:
        slot.put_in_place("/clearview/agencies")
    else:
        slot.check_answers()
        slot.put_in_place("/-/readyz")


def start(folder: Path, service: dict[str, Any], fresh: bool) -> None:
    """Put the first release that answers in place; raises Unfit where none does."""
    reasons, kept = [], releases_that_answered(folder, slot_in_use(folder))
    choices: list[Path | None] = [None, *kept] if fresh or not kept else [*kept, None]
    for choice in choices:  # None stands for the files as they are now
        try:
            deploy(choice or make_release(Path(service["database"]), folder), folder, service)
            return
        except (Unfit, OSError, httpx.HTTPError) as error:
            reasons.append(str(error)[:LONGEST])
            if choices[1:]:
                print(f"not used: release {choice.name if choice else 'of the files now'}: {reasons[-1]}", flush=True)
    raise Unfit("; ".join(reasons))


def main() -> None:
    """Wait for other deploys to end, then make, ask, switch, and tell the outcome."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build/public")
    parser.add_argument("--first", choices=["kept", "fresh"], help="for serve_public.py: which release is tried first")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    service = read_service(folder)
    with (folder / "deploy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = (folder / slot_in_use(folder)).resolve().name
        made: Path | None = None
        try:
            if arguments.first:
                start(folder, service, arguments.first == "fresh")
            elif service["away"]:
                raise Unfit("the pages are those of other machines; docs/scaling.md says how they get a new release")
            else:
                made = make_release(Path(service["database"]), folder)
                deploy(made, folder, service)
        except Exception as error:
            if made:  # no later start is to try it
                shutil.rmtree(made, ignore_errors=True)
            known = isinstance(error, Unfit | OSError)
            reason = (str(error) if known else f"{type(error).__name__}: {error}")[:LONGEST]
            sys.exit(f"not started: {reason}" if arguments.first else f"not deployed, release {before} stays: {reason}")
        if not arguments.first:
            time.sleep(FINISH)
        remove_old(folder, slot_in_use(folder))
    if not arguments.first:
        print(f"in use: release {(folder / slot_in_use(folder)).resolve().name}")
        now = read_settings()
        changed = sorted(name for name in now | service["settings"] if now.get(name) != service["settings"].get(name))
        if changed:
            print(f"changed since the service was started, restart it: {', '.join(changed)}")


if __name__ == "__main__":
    main()
