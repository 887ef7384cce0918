"""A database as the project builds them, with what other lists hold: odd keys, addresses, accents, many rows."""

import shutil
import sqlite3
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Keys that an address cannot hold as they are, for the sources in the order of their ids.
ODD_KEYS = ("S.1", "a/b", "e?f#g", "two words", "100%", "ä,ö")
NO_WEB_ADDRESSES = ("www.example.org/story", "print edition, p. 3", "javascript:alert(1)")
NAMES = ("Zeta police", "zebra Police", "Åland Police", "alpha police", "Ämne Police")
MANY = 1_300


def make_odd_database(path: Path) -> Path:
    """Write the database to a path and return it."""
    shutil.copyfile(ROOT / "clearview.db", path)
    db = sqlite3.connect(path)
    ids = [row[0] for row in db.execute("select id from sources order by id limit ?", [len(ODD_KEYS)])]
    for odd, own in zip(ODD_KEYS, ids, strict=True):
        db.execute("update sources set id = ? where id = ?", [odd, own])
        db.execute("update reports set source = ? where source = ?", [odd, own])
        db.execute("update published_totals set source = ? where source = ?", [odd, own])
    for url, odd in zip(NO_WEB_ADDRESSES, ODD_KEYS, strict=False):
        db.execute("update sources set url = ? where id = ?", [url, odd])
    names = [*NAMES, *(f"Zorch {number}" for number in range(MANY))]
    columns = [row[1] for row in db.execute("pragma table_info(agencies)")]
    pattern = dict(zip(columns, db.execute("select * from agencies where country = 'DK'").fetchone(), strict=True))
    changed = {"aliases": "", "native_name": None, "report_count": 0, "source_count": 0, "region": None}
    rows = [pattern | changed | {"id": f"dk-{place:04}", "name": name} for place, name in enumerate(names)]
    named = ", ".join(f":{column}" for column in columns)
    db.executemany(f"insert into agencies ({', '.join(columns)}) values ({named})", rows)
    db.commit()
    db.close()
    return path
