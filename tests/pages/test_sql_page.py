"""The SQL page without a script: faults explained, examples that run, limits said before; what the editor is told."""

import re
from html import unescape
from typing import Any

import httpx
import pytest
import yaml
from conftest import ROOT

from service.sql_schema import FUNCTIONS

EXAMPLES = yaml.safe_load((ROOT / "plugins" / "pages" / "worked_examples.yml").read_text("utf-8"))


def ask(site: str, sql: str, form: str = "", **more: str) -> httpx.Response:
    return httpx.get(f"{site}/clearview{form}", params={"sql": sql, **more}, trust_env=False)


def read_rows(site: str, sql: str) -> list[list[Any]]:
    answer = ask(site, sql, ".json", _shape="arrays")
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def schema(site: str) -> dict[str, Any]:
    return httpx.get(f"{site}/workbench/schema.json", trust_env=False).json()  # type: ignore[no-any-return]


def test_a_fault_is_marked_and_the_name_that_was_meant_is_a_link_that_works(site: str) -> None:
    answer = ask(site, "select name\nfrom agencies\nwhere contry = 'CA'")
    assert answer.status_code == 400
    assert "no such column: contry</p>" not in answer.text
    assert "(line 3, character 7)" in answer.text
    assert "<mark>contry</mark>" in answer.text
    link = re.search(r'Did you mean <a rel="nofollow" href="([^"]+)">country</a>', answer.text)
    assert link
    assert len(re.findall("<tr>", httpx.get(site + unescape(link[1]), trust_env=False).text)) > 20


def test_a_statement_that_does_not_read_keeps_the_readers_words(site: str) -> None:
    answer = ask(site, "selct name from agencies")
    assert answer.status_code == 400
    assert ">selct name from agencies</textarea>" in answer.text
    assert ">select</a>?" in answer.text
    answer = ask(site, "delete from agencies")
    assert "Begin with select or with: this is read-only." in answer.text
    assert ">delete from agencies</textarea>" in answer.text


def test_markup_in_a_refused_statement_stays_text(site: str) -> None:
    page = ask(site, "select <script>alert(1)</script> from agencies").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_program_is_told_the_place_and_the_name(site: str) -> None:
    told = ask(site, "select lenght(name) from agencies", ".json").json()
    assert told["error"] == "no such function: lenght"
    assert (told["start"], told["end"], told["line"], told["column"]) == (7, 13, 1, 8)
    assert told["did_you_mean"] == [{"name": "length", "sql": "select length(name) from agencies"}]
    assert ask(site, "selct 1", ".json").json()["did_you_mean"][0]["sql"] == "select 1"
    assert ask(site, "select name, from agencies", ".csv").json()["line"] == 1


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["title"] for example in EXAMPLES])
def test_a_worked_example_runs_and_is_linked(site: str, example: dict[str, str]) -> None:
    assert 1 < len(read_rows(site, example["sql"])) < 100
    page = httpx.get(f"{site}/clearview?sql=select+1", trust_env=False).text
    links = [unescape(link) for link in re.findall(r'data-example href="([^"]+)"', page)]
    asked = [httpx.URL(link).params["sql"] for link in links]
    assert example["sql"] in asked


def test_the_ten_examples_go_from_simple_to_window_functions() -> None:
    assert len(EXAMPLES) == 10
    assert [bool(re.search(r"\bover \(", example["sql"])) for example in EXAMPLES] == [False] * 8 + [True] * 2


def test_limits_are_said_before_and_hold(limited_site: str) -> None:
    page = httpx.get(f"{limited_site}/clearview", trust_env=False).text
    assert "may run for 1 second and return 1,000 rows" in page
    many = "select a.name from agencies a, agencies b"
    cut = ask(limited_site, many).text
    assert "More than 1,000 rows" in cut
    assert "Download the first 1,000" in cut
    assert len(ask(limited_site, many, ".csv", _size="max").text.splitlines()) == 1001


def test_the_schema_is_the_databases(site: str, schema: dict[str, Any]) -> None:
    assert [table["name"] for table in schema["tables"]][:3] == ["agencies", "reports", "sources"]
    for table in schema["tables"]:
        assert read_rows(site, f"select count(*) from {table['name']}") == [[table["rows"]]]
        assert table["description"], table["name"]
        assert [column["name"] for column in table["columns"] if not column["description"]] == [], table["name"]
        for join in table["joins"]:
            assert read_rows(site, f"select count(*) from {table['name']} {join['sql']}")[0][0] >= 0
    assert not [table["name"] for table in schema["tables"] if "fts" in table["name"]]


def test_a_category_has_its_codes_with_labels(schema: dict[str, Any]) -> None:
    columns = {(table["name"], column["name"]): column for table in schema["tables"] for column in table["columns"]}
    values = {
        place: dict(schema["values"][column["values"]]) for place, column in columns.items() if "values" in column
    }
    assert values["agencies", "country"]["CA"] == "Canada"
    assert values["reports", "response"]["denied_then_admitted"] == "Denied, then admitted"
    assert values["cleaning_log", "kind"]["parsed"] == "parsed"
    assert ("agencies", "name") not in values


def test_an_agencys_label_carries_the_word_on_its_use(site: str, schema: dict[str, Any]) -> None:
    marked = "select id, name, use_statuses.label from agencies join use_statuses on use_statuses.id = use_status"
    labels = dict(schema["values"]["agencies"])
    rows = read_rows(
        site, f"select * from ({marked.replace('select id', 'select agencies.id')}) where label <> 'Use reported'"
    )
    assert rows
    assert [labels[key] for key, *_ in rows] == [f"{name} ({use})" for _, name, use in rows]


def write_call(shown: str) -> str:
    """Return a call with values in the place of its letters and words."""
    call = shown.replace(", …", "").replace("over (order by y)", "over (order by id)").replace("'$.name'", "'$'")
    for word, value in {
        "test": 1,
        "part": "'1'",
        "old": "'1'",
        "new": "'2'",
        "start": 1,
        "length)": "1)",
        "digits": 1,
    }.items():
        call = call.replace(word, str(value))
    return re.sub(r"\b[xyn]\b", "'1'", call)


def test_functions_that_are_offered_may_be_called_as_they_are_shown(site: str) -> None:
    calls = [write_call(call) for call, _ in FUNCTIONS.values()]
    with httpx.Client(base_url=site, trust_env=False) as client:
        answers = {
            call: client.get("/clearview.json", params={"sql": f"select {call} from agencies limit 1"})
            for call in calls
        }
    assert [(call, answer.text[:200]) for call, answer in answers.items() if answer.status_code != 200] == []
    assert len(calls) > 45


def test_what_the_page_needs_is_loaded_there_alone(site: str) -> None:
    for path in ("/", "/clearview/agencies", "/about", "/charts", "/clearview/agencies/be-federal-police-belgium"):
        assert "/workbench/" not in httpx.get(site + path, trust_env=False).text, path
    assert "/workbench/workbench.js" in httpx.get(f"{site}/clearview?sql=select+1", trust_env=False).text
