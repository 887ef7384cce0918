"""No statement of a reader's runs past its limit or is answered beyond it, by whatever address it is asked."""

import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import PATIENCE, ROOT
from datasette.app import Datasette
from running import run_apart

from plugins.serving.unchanging_database import UnchangingDatabase
from service.sql_functions import put_functions
from service.statement_clock import Clock
from service.statement_limits import PRICE

LONG = "with recursive k(i) as (select 1 union all select i + 1 from k where i < 99000)"
SAME = f"{LONG}, v as materialized (select group_concat('a', '') as x from k)"
NEARLY = f"{SAME}, w as materialized (select group_concat('a', '') || 'b' as y from (select i from k limit 45000))"
OBJECTS = f"""{LONG},
    v as materialized (select '{{' || group_concat('"a":1') || '}}' as x from (select i from k limit 16000)),
    w as materialized (select '{{' || group_concat('"b":null') || '}}' as y from (select i from k limit 10000))"""
LIKES = ", ".join(["x like '%" + "a" * 80 + "b'"] * 95)
WORDS = "select 'NEAR(' || group_concat('police', ' ') || ', 9999)' from (select i from k limit 10000)"
STOPPED = "the query ran longer than this service allows: ask for fewer rows, or take the whole files at /downloads"
SLOW = {
    "json_patch": (f"{OBJECTS} select sum(length(json_patch(x, y))) from v, w, reports", "function: json_patch"),
    "instr": (f"{NEARLY} select sum(instr(x, y)) from v, w, reports a, reports b", STOPPED),
    "replace": (f"{NEARLY} select sum(length(replace(x, y, ''))) from v, w, reports a, reports b", STOPPED),
    "like": (f"{SAME} select sum(x like '%{'a' * 90}b') from v, reports a, reports b", STOPPED),
    "glob": (f"{SAME} select sum(x glob '*{'[a-z]' * 18}b') from v, reports a, reports b", STOPPED),
    "many in one row": (f"{SAME} select {LIKES} from v", "function: like"),
    "a search of 10,000 words": (
        f"{LONG} select count(*) from agencies_fts where agencies_fts match ({WORDS})",
        "string or blob too big",
    ),
}


@pytest.fixture(scope="module")
def client(limited_site: str) -> Iterator[httpx.Client]:
    """Yield a client with patience."""
    with httpx.Client(base_url=limited_site, trust_env=False, timeout=PATIENCE) as client:
        yield client


@pytest.mark.parametrize("kind", SLOW)
def test_a_slow_function_is_stopped_or_refused(client: httpx.Client, kind: str) -> None:
    sql, reason = SLOW[kind]
    answer = client.get("/clearview.json", params={"sql": sql, "_shape": "array"})
    assert (answer.status_code, reason in answer.text) == (400, True), answer.text[:200]
    assert client.get("/-/healthz").json() == {"ok": True}


def test_other_addresses_have_the_same_limits(client: httpx.Client) -> None:
    condition = {"_where": f"exists ({SLOW['json_patch'][0]})"}
    for path in ("/clearview/agencies.json", "/clearview/agencies", "/charts"):
        answer = client.get(path, params=condition)
        assert (answer.status_code, "json_patch" in answer.text) == (400, True), path
    call = {"name": "query", "arguments": {"sql": SLOW["json_patch"][0]}}
    told = client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}).json()
    assert "json_patch" in told["result"]["content"][0]["text"]
    assert told["result"]["isError"] is True


QUOTES = "select replace(hex(zeroblob(13700)), '0', char(34)) as a from reports"
TOO_LONG = [
    (".csv", QUOTES),
    (".ndjson", "select replace(hex(zeroblob(3000)), '0', char(1)) as a from reports"),
    (".json", "select 1 as [" + '"' * 4000 + "] from reports a, reports b"),
    ("", QUOTES),
]


@pytest.mark.parametrize(("form", "sql"), TOO_LONG, ids=["quotes", "controls", "a long heading", "a page"])
def test_an_answer_is_bounded_as_it_is_written_out(client: httpx.Client, form: str, sql: str) -> None:
    answer = client.get(f"/clearview{form}", params={"sql": sql})
    assert (answer.status_code, "over 8 MB" in answer.text) == (400, True), len(answer.content)


def test_the_longest_ordinary_answers_are_whole(client: httpx.Client) -> None:
    answer = client.get("/clearview.json", params={"sql": "select * from reports a, sources b", "_shape": "arrays"})
    assert len(answer.json()["rows"]) == 1000


def test_the_search_index_answers_readers(client: httpx.Client) -> None:
    sql = "select count(*) as n from agencies_fts where agencies_fts match 'police NOT toronto'"
    assert client.get("/clearview.json", params={"sql": sql, "_shape": "array"}).json()[0]["n"] > 20
    assert client.get("/clearview/agencies.json", params={"_search": "x" * 301}).status_code == 400


# A plugin whose question at the start takes ten times the limit, and the same question from a reader after it.
STARTED = """
import asyncio, sys
from datasette import hookimpl
from datasette.cli import serve
from datasette.plugins import pm

SQL = "with recursive k(i) as (select 1 union all select i + 1 from k where i < 3000000) select count(*) from k"

class Slow:
    @hookimpl
    def startup(self, datasette):
        async def ask():
            print((await datasette.get_database("clearview").execute(SQL)).rows[0][0])
        return ask

async def start_and_ask():
    site = serve.callback(**serve.make_context("serve", sys.argv[1:]).params, return_instance=True)
    pm.register(Slow())
    await site.invoke_startup()
    print((await site.client.get("/clearview.json", params={"sql": SQL})).status_code)

asyncio.run(start_and_ask())
"""


def test_the_limit_holds_for_readers_and_not_for_the_start(tmp_path: Path) -> None:
    """On a busy machine the site's own questions at its start ran into the limit of a second, and its process ended."""
    (tmp_path / "started.py").write_text(STARTED)
    environment = os.environ | {"CLEARVIEW_WITH": f"python {tmp_path / 'started.py'}"}
    command = ["scripts/serve.sh", "--setting", "sql_time_limit_ms", "20"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.returncode) == (["3000000", "400"], 0), done.stderr


VALUES = ["null", "''", "'a'", "'aXbXc'", "'Zürich'", "12", "1.0", "0.1 + 0.2", "1e100", "9e999", "-9e999", "x'6158'"]


def test_functions_made_anew_give_what_sqlites_own_give() -> None:
    own, new = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    put_functions(new)
    pairs = [f"{a}, {b}" for a in VALUES for b in VALUES]
    calls = [f"{name}({pair})" for name in ("instr", "trim", "ltrim", "rtrim") for pair in pairs]
    calls += [f"replace({pair}, {c})" for pair in pairs for c in VALUES]
    different = []
    for call in calls:
        expected, found = (db.execute(f"select {call}, typeof({call})").fetchone() for db in (own, new))
        different += [(call, expected, found)] if expected != found else []
    assert different == []


def test_a_statement_that_does_not_stop_is_noticed() -> None:
    clock, stop = Clock(), threading.Event()
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.create_function("hang", 0, lambda: stop.wait(PATIENCE))

    def run() -> None:
        with clock.limit(connection, 10):
            connection.execute("select hang()")

    thread = threading.Thread(target=run)
    thread.start()
    try:
        while clock.find_hanging() is None:
            thread.join(0.01)
            assert thread.is_alive()
    finally:
        stop.set()
        thread.join()
    assert clock.find_hanging() is None


def test_every_function_here_has_a_price_or_is_refused_on_purpose() -> None:
    """A new function of another SQLite is refused until it has been measured."""
    db = sqlite3.connect(":memory:")
    known = {name for (name,) in db.execute("select name from pragma_function_list")}
    refused = {name for name in known - set(PRICE) if not name.startswith(("sqlite_", "rtree", "fts"))}
    assert refused == {"format", "json_patch", "load_extension", "matchinfo", "offsets", "optimize", "printf"}


def test_a_statement_left_half_read_does_not_stop_the_next_one() -> None:
    """An error in the middle of its rows kept the connection interrupted, and other readers' queries failed at once."""
    datasette = Datasette(settings={"num_sql_threads": 1})
    database = UnchangingDatabase(datasette, str(ROOT / "clearview.db"))
    datasette.add_database(database, name="clearview")

    def leave_half_read(connection: sqlite3.Connection) -> None:
        cursor = connection.execute("select no from reports")
        raise ValueError(cursor.fetchone()[0])

    def ask_after_an_interruption(connection: sqlite3.Connection) -> int:
        connection.interrupt()
        return int(connection.execute("select count(*) from agencies").fetchone()[0])

    async def ask_both() -> int:
        with pytest.raises(ValueError, match="1") as kept:
            await database.execute_fn(leave_half_read)
        count = await database.execute_fn(ask_after_an_interruption)
        assert kept.traceback  # held until here, as a page that tells of the error holds it
        return int(count)

    assert run_apart(ask_both()) > 0
