"""What a stranger may try on the public SQL box, and that it is refused within limits while the site lives."""

import re
from urllib.parse import urlencode

import httpx
import pytest

REFUSED = {
    "a value of 200 MB": "select zeroblob(200000000)",
    "twenty long random values": "select " + ", ".join(["randomblob(200000000)"] * 20),
    "a long hexadecimal value": "select hex(zeroblob(400000000))",
    "a wide printf": "select printf('%.*c', 900000000, 'x')",
    "a wide format": "select format('%900000000d', 1)",
    "an endless recursion": "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
    "a huge cross join": "select count(*) from reports a, reports b, reports c, reports d, reports e",
    "distinct rows of a join": (
        "select count(*) from (select distinct a.no, c.no from reports a, cleaning_log b, reports c)"
    ),
    "a sorted huge join": "select a.note from reports a, reports b, reports c order by random() limit 5",
    "a list of a huge join": "select json_group_array(a.note) from reports a, reports b",
    "a value doubled for ever": "with recursive n(s) as (select 'x' union all select s || s from n) select 1 from n",
    "an answer of 49 MB": "select replace(hex(zeroblob(24000)), '00', 'ab') as a from reports a, reports b limit 1000",
    "an answer wide of long values": "select " + ", ".join(["hex(zeroblob(49000))"] * 90),
    "a deep expression": "select " + "(" * 500 + "1" + ")" * 500,
    "a wide table": "select " + ", ".join(["1"] * 150),
    "other readers' queries": "select sql from sqlite_stmt",
    "the layout of the file": "select * from dbstat",
    "the pages of the file": "select * from sqlite_dbpage",
    "how the library was compiled": "select sqlite_compileoption_get(1)",
    "another schema": "select * from temp.sqlite_master, other.x",
    "a long group_concat": "select group_concat(a.note || b.note) from reports a, reports b, reports c",
    "a write": "delete from reports",
    "a write in a with": "with x as (select 1) insert into reports (no) values (1000)",
    "two statements": "select 1; drop table reports",
    "an attached file": "attach '/etc/passwd' as p",
    "a copy of the database": "vacuum into '/tmp/copy.db'",
    "an extension": "select load_extension('x')",
    "an address in memory": "select fts3_tokenizer('simple')",
    "a file read": "select readfile('/etc/passwd')",
    "a file written": "select writefile('/tmp/x', 'x')",
    "the library's version": "select sqlite_version()",
    "a pragma that writes": "pragma writable_schema = on",
    "a statement of 20,000 characters": "select " + "1 + " * 5000 + "1",
}


MEMORY_BYTES = 400 * 1024 * 1024  # of one process, whatever it is asked


def ask(site: str, sql: str) -> httpx.Response:
    """Return the answer to a query, as JSON."""
    address = f"{site}/clearview.json?" + urlencode({"sql": sql, "_shape": "array"})
    return httpx.get(address, trust_env=False, timeout=240)


@pytest.mark.parametrize("attack", REFUSED)
def test_attack_is_refused_and_the_site_answers_on(limited_site: str, attack: str) -> None:
    answer = ask(limited_site, REFUSED[attack])
    assert answer.status_code in {400, 403, 414}, answer.text[:300]
    assert len(answer.content) < 100_000
    assert ask(limited_site, "select count(*) as n from reports").json() == [{"n": 316}]


def test_memory_stays_within_its_limit(limited_site: str) -> None:
    """The attacks above have all been tried on this process, unless this test runs alone."""
    for attack in ("a value of 200 MB", "an answer of 49 MB", "distinct rows of a join"):
        ask(limited_site, REFUSED[attack])
    numbers = httpx.get(f"{limited_site}/-/metrics", trust_env=False).text
    memory = re.search(r"^clearview_worker_memory_bytes(?:\{.*\})? (\S+)", numbers, re.MULTILINE)
    assert memory is not None
    assert 0 < float(memory[1]) < MEMORY_BYTES


@pytest.mark.parametrize("form", ["", ".json"])
def test_a_condition_past_the_limits_is_the_askers_fault(site: str, form: str) -> None:
    query = urlencode({"_where": "length(hex(zeroblob(60000))) > 0"})
    answer = httpx.get(f"{site}/clearview/agencies{form}?{query}", trust_env=False)
    assert (answer.status_code, "too big" in answer.text) == (400, True)


@pytest.mark.slow
def test_thousands_of_different_queries_leave_nothing_behind(site: str) -> None:
    with httpx.Client(trust_env=False, timeout=240) as client:
        for number in range(500):
            address = f"{site}/clearview/agencies.json?" + urlencode(
                {"_where": f"report_count <> {number}", "_size": 0}
            )
            assert client.get(address).status_code == 200
    assert ask(site, "select count(*) as n from reports").status_code == 200


def test_no_query_tells_where_the_file_lies(site: str) -> None:
    answer = ask(site, "select * from pragma_database_list")
    assert "clearview.db" not in answer.text


@pytest.mark.parametrize("path", ["/static/../metadata.yml", "/static/%2e%2e/metadata.yml", "/static//etc/passwd"])
def test_no_path_leaves_the_static_folder(site: str, path: str) -> None:
    with httpx.Client(trust_env=False) as client:
        answer = client.send(client.build_request("GET", site, extensions={"target": path.encode()}))
    assert answer.status_code in {302, 403, 404}
    assert "databases:" not in answer.text
    assert "root:" not in answer.text


def test_html_in_a_query_stays_text(site: str) -> None:
    sql = "select '<img src=x onerror=alert(1)>' as name"
    page = httpx.get(f"{site}/clearview?" + urlencode({"sql": sql}), trust_env=False).text
    assert "<img src=x" not in page


def test_parameters_that_follow_a_reader_are_taken_off(site: str) -> None:
    address = f"{site}/clearview/agencies?country=CA&utm_source=somewhere&fbclid=1"
    answer = httpx.get(address, trust_env=False, follow_redirects=True)
    assert answer.status_code == 200
    assert (answer.url.path, answer.url.query) == ("/clearview/agencies", b"country=CA")
