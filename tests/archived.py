"""Archives that tests look at, hosted as a plain web space does, and a database of a few agencies."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
DEEP = "some/deep/path"
FEW = 6  # agencies


class Archived(NamedTuple):
    """An archive with the site that it is a copy of."""

    folder: Path
    url: str
    site: str
    database: Path


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def host(folder: Path) -> Iterator[str]:
    """Serve a folder as python3 -m http.server does; yield the address without a final slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def write_archive(
    folder: Path, database: Path, exports: Path, *words: str, metadata: Path = ROOT / "metadata.yml"
) -> subprocess.CompletedProcess[str]:
    """Return what archive.py said as it wrote an archive."""
    environment = os.environ | {
        "CLEARVIEW_DB": str(database),
        "CLEARVIEW_EXPORTS": str(exports),
        "CLEARVIEW_METADATA": str(metadata),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}",
    }
    command = [sys.executable, str(ROOT / "archiving" / "archive.py"), str(folder), *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)


def make_few(folder: Path) -> Path:
    """Return a folder with a few agencies of the committed database as a dataset of its own: file, words, exports."""
    (folder / "exports").mkdir(parents=True)
    path = folder / "clearview.db"
    shutil.copy(ROOT / "clearview.db", path)
    db = sqlite3.connect(path)
    db.executescript(f"""
        delete from agencies where id <> 'it-state-police-italy'
            and id not in (select id from agencies order by id limit {FEW - 1});
        delete from reports where agency is null or agency not in (select id from agencies);
        delete from published_totals;
        delete from sources where id not in (select source from reports);
        delete from regulatory_actions where country not in (select country from agencies);
        delete from cleaning_log where row > 12;
        insert into agencies_fts (agencies_fts) values ('rebuild');
    """)
    db.commit()
    db.execute("vacuum")
    db.close()
    shutil.copy(path, folder / "exports")
    words = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    words["plugins"]["site"] = {
        "description": "A few agencies.",
        "notice": "A sample.",
        "keeper": "The Test",
        "limits": [],
    } | {"regulatory_actions": True, "totals": False}
    (folder / "metadata.yml").write_text(yaml.safe_dump(words), "utf-8")
    return path
