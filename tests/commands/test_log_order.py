"""The log of changed cells is joined report by report, whatever SQLite thinks of tables that it has not counted."""

import sqlite3
from pathlib import Path

SQL = Path(__file__).resolve().parents[2] / "scripts" / "database"


def test_the_log_looks_up_texts_by_their_ids() -> None:
    log = (SQL / "cleaning_log.sql").read_text("utf-8")
    with sqlite3.connect(":memory:") as db:
        for name in ("readings.sql", "report_readings.sql"):
            db.executescript((SQL / name).read_text("utf-8"))
        plan = " ".join(row[3] for row in db.execute(f"explain query plan {log}"))
    assert "SEARCH readings USING INDEX sqlite_autoindex_readings_1 (id=?)" in plan
    assert "AUTOMATIC" not in plan
