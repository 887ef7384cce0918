"""The database: its counts, its keys, its facets, and that the same raw files give the same bytes."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from check import check
from running import run_script

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(ROOT / "clearview.db")
    yield connection
    connection.close()


def build(folder: Path, libraries: str = "") -> Path:
    """Build the database from raw/ in a folder, with the libraries of another folder before Python's own."""
    environment = {**os.environ, "PYTHONPATH": libraries}
    for script in ("extract.py", "clean.py", "build_db.py"):
        command = [sys.executable, ROOT / "scripts" / script, ROOT / "raw", folder]
        subprocess.run(command, check=True, capture_output=True, env=environment)
    return folder / "clearview.db"


def dump_sha256(path: Path) -> str:
    """Return the hash of the database written out as SQL."""
    connection = sqlite3.connect(path)
    text = "\n".join(connection.iterdump())
    connection.close()
    return hashlib.sha256(text.encode()).hexdigest()


def test_counts(db: sqlite3.Connection) -> None:
    expected = {"reports": 316, "agencies": 74, "sources": 189, "regulatory_actions": 44, "published_totals": 13}
    assert {table: db.execute(f"select count(*) from {table}").fetchone()[0] for table in expected} == expected


def test_the_rules_hold() -> None:
    assert check(ROOT / "clearview.db") == []


BREACHES = {
    "update agencies set response = '' where id = 'xx-europol'": "not_stated",
    "update agencies set latitude = null where id = 'xx-europol'": "latitude",
    "update agencies set report_count = 3 where id = 'xx-europol'": "at least one report",
    "update agencies set searches_min = 200 where id = 'ca-timmins-police-service'": "no narrower",
    "update reports set agency = 'nobody' where no = 1": "points to no row",
    "update reports set searches_about = 5 where no = 1": "never mixed",
    "update reports set note = 'call (416) 555-0123' where no = 1": "telephone number",
    "delete from reports where no = 89": "expected 316 to 316",
    "update reports set published = '2020' where no = 1": "the date of its source",
    "update published_totals set id = 'other' where id = 'declined'": "coverage",
}


@pytest.mark.parametrize("sql", BREACHES)
def test_a_breach_of_a_rule_is_found(sql: str, tmp_path: Path) -> None:
    path = tmp_path / "clearview.db"
    path.write_bytes((ROOT / "clearview.db").read_bytes())
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()
    assert any(BREACHES[sql] in str(problem) for problem in check(path))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the database as its three steps make it, one after another."""
    return build(tmp_path_factory.mktemp("own"))


def test_steps_and_the_build_in_one_process_give_the_committed_bytes(own: Path, tmp_path: Path) -> None:
    assert run_script("build", ROOT / "raw", tmp_path).returncode == 0
    assert own.read_bytes() == (tmp_path / "clearview.db").read_bytes()
    assert dump_sha256(own) == dump_sha256(ROOT / "clearview.db")


@pytest.mark.slow
def test_another_sqlite_library_gives_the_same_rows(own: Path, tmp_path: Path, other_sqlite: Path) -> None:
    built = build(tmp_path / "other", str(other_sqlite)).read_bytes()
    # Bytes 96 to 99 of a database hold the number of the SQLite library that wrote it.
    assert built[96:100] != own.read_bytes()[96:100]
    assert dump_sha256(tmp_path / "other" / "clearview.db") == dump_sha256(ROOT / "clearview.db")


def test_no_facet_column_has_an_empty_row(db: sqlite3.Connection) -> None:
    for column in ("country", "agency_type", "response", "use_status", "listing", "searches_band"):
        assert db.execute(f"select count(*) from agencies where coalesce({column}, '') = ''").fetchone() == (0,)


def test_every_facet_column_has_an_index(db: sqlite3.Connection) -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    for table, settings in metadata["databases"]["clearview"]["tables"].items():
        for facet in settings.get("facets", []):
            indexes = db.execute("select name from pragma_index_list(?)", [table]).fetchall()
            first = [db.execute("select name from pragma_index_info(?)", index).fetchone()[0] for index in indexes]
            assert facet in first or table == "sources", (table, facet)


def test_every_column_is_described_and_no_description_is_left_over(db: sqlite3.Connection) -> None:
    described = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"]["clearview"]["tables"]
    names = [row[0] for row in db.execute("select name from sqlite_master where type in ('table', 'view')")]
    for table in (name for name in names if not name.startswith("agencies_fts")):
        columns = [row[0] for row in db.execute("select name from pragma_table_info(?)", [table])]
        assert list(described[table]["columns"]) == columns, table
        assert all(described[table]["columns"].values()), table


def test_coverage_counts_what_its_links_show(db: sqlite3.Connection) -> None:
    rows = {row[0]: row[1:] for row in db.execute("select id, published, documented, missing from coverage")}
    assert rows["agencies"] == (88, 24, 64)
    assert rows["countries"] == (24, 20, 4)
    assert rows["agencies_ca"] == (41, 5, 36)
    assert rows["agencies_br"] == (9, 2, 7)
    assert rows["agencies_au"] == (4, 3, 1)
    # The sum of the lower bounds of 21 agencies, so at least that many; a 22nd has an estimate, which bounds nothing.
    assert rows["searches"] == (13999, 7690, 6309)


def test_the_agencies_behind_a_sum_of_searches_have_that_sum(db: sqlite3.Connection) -> None:
    sql = "select id, documented, query from coverage where measure = 'searches run' and documented is not null"
    sums = db.execute(sql).fetchall()
    assert [row[0] for row in sums] == ["searches", "searches_br"]
    for name, documented, query in sums:
        address = urlsplit(query)
        assert address.path == "/clearview/agencies"
        filters = dict(parse_qsl(address.query, strict_parsing=True))
        where = " and ".join(f"{column} = :{column}" for column in filters)
        shown = db.execute(f"select sum(searches_min) from agencies where {where}", filters).fetchone()
        assert shown == (documented,), name


def test_search_forgives_accents_and_knows_printed_names(db: sqlite3.Connection) -> None:
    def find(words: str) -> list[str]:
        sql = "select id from agencies where rowid in (select rowid from agencies_fts where agencies_fts match ?)"
        return [row[0] for row in db.execute(sql, [words])]

    assert find("zurich") == ["ch-zurich-city-police"]
    assert find("KRP") == ["fi-national-bureau-of-investigation"]
    assert find("Norway") == ["no-national-criminal-investigation-service-kripos"]
    assert find('"Gendarmerie royale"') == ["ca-royal-canadian-mounted-police"]
