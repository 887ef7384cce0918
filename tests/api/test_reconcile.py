"""The reconciliation service as OpenRefine asks it: its forms, whom it finds and how surely, and what it refuses."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lookups.tables import read_table
from playwright.sync_api import Browser

SCHEMAS = json.loads((Path(__file__).with_name("reconciliation_schemas.json")).read_text("utf-8"))
QUERIES = read_table(ROOT / "tests" / "search_queries.csv")
TIMMINS = {"ids": ["ca-timmins-police-service"], "properties": [{"id": "use_status"}]}


def fit(name: str, answer: Any) -> Any:  # noqa: ANN401 - whatever JSON comes
    """Return the answer; fail unless it has the form that the specification gives it."""
    Draft202012Validator(SCHEMAS[name] | {"$defs": SCHEMAS["$defs"]}).validate(answer)
    return answer


@pytest.fixture(scope="module")
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, trust_env=False, timeout=240) as client:
        yield client


def match(client: httpx.Client, **query: object) -> list[dict[str, Any]]:
    """Return the candidates for one query, asked as a batch in a form."""
    answer = client.post("/reconcile", data={"queries": json.dumps({"q0": query})})
    assert answer.status_code == 200, answer.text
    return list(fit("results", answer.json())["q0"]["result"])


def test_the_manifest_leads_to_services_that_answer(client: httpx.Client) -> None:
    manifest = fit("manifest", client.get("/reconcile").json())
    assert (
        manifest["view"]["url"].replace("{{id}}", "fi-helsinki") == f"{client.base_url}/clearview/agencies/fi-helsinki"
    )
    for kind, schema in (("entity", "entities"), ("property", "properties"), ("type", "types")):
        service = manifest["suggest"][kind]
        found = client.get(service["service_url"] + service["service_path"], params={"prefix": "na"})
        assert fit(schema, found.json())["result"], kind
    proposing = manifest["extend"]["propose_properties"]
    proposed = client.get(proposing["service_url"] + proposing["service_path"], params={"type": "agency"})
    assert fit("proposal", proposed.json())["properties"][0]["id"] == "use_status"
    preview = fit("preview", manifest["preview"])["url"].replace("{{id}}", "ie-an-garda-siochana")
    assert "No use reported" in client.get(preview).text


def test_the_search_list_is_found_in_batches_of_50(client: httpx.Client) -> None:
    right = 0
    for start in range(0, len(QUERIES), 50):
        rows = QUERIES[start : start + 50]
        batch = {f"q{place}": {"query": row["query"]} for place, row in enumerate(rows)}
        results = fit("results", client.post("/reconcile", data={"queries": json.dumps(batch)}).json())
        assert list(results) == list(batch)
        firsts = [result["result"][0]["id"] if result["result"] else "" for result in results.values()]
        right += sum(first == row["expected"] for first, row in zip(firsts, rows, strict=True))
    assert right >= 0.95 * len(QUERIES)


@pytest.mark.parametrize(
    ("name", "country", "certain"),
    [
        ("Toronto Police", "", True),
        ("Toronto Police", "Kanada", True),
        ("Tornto Police", "Canada", False),  # misspelt: a person decides
        ("AFP", "", False),  # also a news agency, and the armed forces of the Philippines
        ("AFP", "Australia", True),
        ("AFP", "Philippines", False),
        ("federal police", "", False),
        ("federal police", "BEL", True),
        ("Polícia Federal", "Brasil", True),
        ("Metropolitan Police", "", False),
        ("Metropolitan Police", "England", True),
        ("Vancouver", "", False),  # may be the town
        ("Ministry of Defence", "Ukraine", False),  # the printed name of the British one
        ("INTERPOL", "France", True),  # of no single country
        ("Victoria Police", "", False),  # the Australian state's, or the Canadian town's
        ("Victoria Police", "Canada", False),
        ("Victoria Police", "Australia", True),
        ("Victoria Police Department", "Canada", True),
        ("Victoria Police Department", "Australia", False),
        ("ca-timmins-police-service", "", True),
    ],
)
def test_only_a_name_in_its_place_is_certain(client: httpx.Client, name: str, country: str, certain: bool) -> None:
    found = match(client, query=name, properties=[{"pid": "country", "v": country}])
    assert [one["match"] for one in found] == [certain] + [False] * (len(found) - 1)


def test_a_property_that_contradicts_halves_the_score(client: httpx.Client) -> None:
    alone = match(client, query="Toronto Police Service")[0]
    assert (alone["score"], alone["features"]) == (100, [{"id": "name", "value": 100}])
    belgian = match(client, query="Toronto Police Service", properties=[{"pid": "country", "v": "Belgique"}])[0]
    assert (belgian["score"], belgian["features"][1]) == (50, {"id": "country", "value": False})
    agreeing = [{"pid": "country", "v": {"id": "CA", "name": "Canada"}}, {"pid": "agency_type", "v": ["police", ""]}]
    assert [one["value"] for one in match(client, query="toronto police", properties=agreeing)[0]["features"]] == [
        98,
        True,
        True,
    ]
    unknown = [{"pid": "agency_type", "v": "Law enforcement"}, {"pid": "searches_min", "v": 7.5}]
    assert match(client, query="Toronto Police Service", properties=unknown)[0]["score"] == 100


def test_types_narrow_the_candidates(client: httpx.Client) -> None:
    kinds = {one["type"][1]["id"] for one in match(client, query="police", type="municipal_police", limit=50)}
    assert kinds == {"municipal_police"}
    assert match(client, query="INTERPOL", type=["municipal_police", "military"]) == []
    assert match(client, query="INTERPOL", type=["municipal_police"], type_strict="should")[0]["id"] == "xx-interpol"
    assert len(match(client, query="police", type=["agency", "national_police"], type_strict="all", limit=3)) == 3


def test_without_a_name_the_properties_must_agree(client: httpx.Client) -> None:
    found = match(client, properties=[{"pid": "country", "v": "Irlande"}])
    assert [(one["id"], one["score"], one["match"]) for one in found] == [("ie-an-garda-siochana", 50, False)]
    assert found[0]["description"].startswith("No use reported. National police, Dublin, Ireland")


def test_get_and_the_single_query_of_older_clients(client: httpx.Client) -> None:
    for query in ("Kripos", '{"query": "Kripos", "limit": 1}'):
        answer = fit("result", client.get("/reconcile", params={"query": query}).json())
        assert answer["result"][0]["id"] == "no-national-criminal-investigation-service-kripos"
    batch = json.dumps({"a": {"query": "Kripos"}})
    assert "a" in fit("results", client.get("/reconcile", params={"queries": batch}).json())
    assert client.get("/reconcile").headers["access-control-allow-origin"] == "*"


def test_suggestions_begin_with_what_is_typed(client: httpx.Client) -> None:
    def ask(kind: str, **parameters: str) -> list[str]:
        answer = client.get(f"/reconcile/suggest/{kind}", params=parameters).json()
        return [one["id"] for one in fit("entities", answer)["result"]]

    assert ask("entity", prefix="tor")[0] == "ca-toronto-police-service"
    assert ask("entity", prefix="ca-timmins-police-service")[0] == "ca-timmins-police-service"
    assert "it-state-police-italy" in ask("entity", prefix="it-")
    assert ask("entity", prefix="Keskusrikos") == ["fi-national-bureau-of-investigation"]
    whole = ask("entity", prefix="police")
    assert ask("entity", prefix="police", cursor="5") != whole
    assert whole[5:] == ask("entity", prefix="police", cursor="5")[: len(whole) - 5]
    assert ask("type", prefix="municipal") == ["municipal_police"]
    assert "response_2021" in ask("property", prefix="response")


def test_values_of_agencies_are_told_in_words_and_numbers(client: httpx.Client) -> None:
    asked = {
        "ids": ["be-federal-police-belgium", "Q42"],
        "properties": [
            {"id": one} for one in ("use_status", "country", "searches", "searches_max", "latitude", "region")
        ],
    }
    answer = fit("extension", client.post("/reconcile", data={"extend": json.dumps(asked)}).json())
    assert answer["rows"]["be-federal-police-belgium"] == {
        "use_status": [{"str": "Use reported"}],
        "country": [{"str": "BE"}],
        "searches": [{"str": "101–500"}],
        "searches_max": [{"int": 500}],
        "latitude": [{"float": 50.85045}],
        "region": [],
    }
    assert set(map(str, answer["rows"]["Q42"].values())) == {"[]"}
    assert answer["meta"][3] == {"id": "searches_max", "name": "Searches max"}


def test_the_preview_may_be_framed_and_nothing_else(client: httpx.Client) -> None:
    framed = client.get("/reconcile/preview", params={"id": "xx-interpol"})
    assert "x-frame-options" not in framed.headers
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    for path in ("/clearview/agencies/xx-interpol", "/reconcile", "/"):
        headers = client.get(path).headers
        assert (headers["x-frame-options"], "frame-ancestors 'none'" in headers["content-security-policy"]) == (
            "DENY",
            True,
        )


def test_another_site_shows_the_preview_and_asks_from_its_page(site: str, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"<iframe src='{site}/reconcile/preview?id=xx-interpol'></iframe>")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{other.server_port}/")
        assert "A listing is not an accusation" in page.frame_locator("iframe").locator("body").inner_text()
        ask = "url => fetch(url, {method: 'POST', body: new URLSearchParams({query: 'Europol'})}).then(a => a.json())"
        answer = page.evaluate(ask, f"{site}/reconcile")
        page.close()
        other.shutdown()
    assert fit("result", answer)["result"][0]["id"] == "xx-europol"


LONG = "x" * 301


def test_what_is_too_long_for_any_name_has_no_result_and_spoils_no_batch(client: httpx.Client) -> None:
    batch = {
        "name": {"query": LONG},
        "value": {"query": "Toronto Police Service", "properties": [{"pid": "region", "v": LONG}]},
        "right": {"query": "Toronto Police Service"},
        "many": {"query": "police", "limit": 100},
    }
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)}).json()
    assert (answer["name"], answer["value"]) == ({"result": []}, {"result": []})
    assert answer["right"]["result"][0]["id"] == "ca-toronto-police-service"
    assert 20 < len(answer["many"]["result"]) <= 50


def test_a_prefix_is_no_longer_than_a_name(client: httpx.Client) -> None:
    answer = client.get("/reconcile/suggest/entity", params={"prefix": LONG})
    assert (answer.status_code, "300 characters" in answer.json()["error"]) == (400, True)
    assert client.get("/reconcile/suggest/entity", params={"prefix": LONG[:300]}).status_code == 200


MANY = [{"pid": "name", "v": "a"}] * 36
REFUSED = [
    ({"queries": "{"}, 400, "queries is not JSON"),
    ({"queries": "[]"}, 400, "must be a JSON object"),
    ({"queries": '{"a": 1}'}, 400, 'query "a" must be an object'),
    ({"queries": '{"a": {}}'}, 400, "has neither"),
    ({"queries": '{"a": {"query": 1}}'}, 400, "must be a text"),
    ({"queries": '{"a": {"query": "x", "lmit": 1}}'}, 400, 'a field "lmit"'),
    ({"queries": '{"a": {"query": "x", "limit": true}}'}, 400, "1 or more"),
    ({"queries": '{"a": {"query": "x", "type": "town"}}'}, 400, 'no type "town"; the types are agency'),
    ({"queries": '{"a": {"query": "x", "properties": [{"pid": "land", "v": 1}]}}'}, 400, 'no property "land"'),
    (
        {"queries": '{"a": {"query": "x", "properties": [{"pid": "country", "v": [[]]}]}}'},
        400,
        "no value of a property",
    ),
    ({"queries": '{"a": {"query": "\\ud800"}}'}, 400, "surrogate"),
    ({"queries": "[" * 100_000}, 400, "nested too deeply"),
    ({"queries": json.dumps({f"q{n}": {"query": "x " * 13} for n in range(999)})}, 413, "12,987 words"),
    ({"queries": json.dumps({str(n): {"query": "pol", "properties": MANY} for n in range(400)})}, 413, "14,800 words"),
    ({"queries": json.dumps({f"q{n}": {"query": "x"} for n in range(1001)})}, 413, "1,001 queries in one request"),
    ({"queries": json.dumps({"a": {"query": "x"}}), "more": "x" * 1_100_000}, 413, "over 1 MB"),
    ({"extend": json.dumps(TIMMINS | {"ids": ["x"] * 1001})}, 413, "1,001 ids"),
    ({"extend": json.dumps(TIMMINS | {"properties": [{"id": "secret"}]})}, 400, 'no property "secret"'),
    ({"extend": '{"ids": "x", "properties": []}'}, 400, "list of texts"),
    ({"query": "x", "callback": "run"}, 400, "JSONP"),
    ({"querys": "{}"}, 400, "no field 'querys'; the fields are"),
    ({}, 400, "the form is empty"),
]


@pytest.mark.parametrize(("form", "status", "reason"), REFUSED)
def test_a_fault_says_what_to_do(client: httpx.Client, form: dict[str, str], status: int, reason: str) -> None:
    answer = client.post("/reconcile", data=form, headers={"content-type": "application/x-www-form-urlencoded"})
    fault = fit("fault", answer.json())
    assert (answer.status_code, fault["status"]) == (status, status)
    assert reason in fault["error"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reconcile/preview?id=nobody", 404),
        ("/reconcile/preview", 404),
        ("/reconcile/suggest/entity?prefix=x&cursor=-1", 400),
        ("/reconcile/extend/propose?type=town", 400),
        ("/reconcile/extend/propose?limit=x", 400),
        ("/reconcile/nothing", 404),
    ],
)
def test_a_wrong_address_is_a_fault_too(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, fit("fault", answer.json())["status"]) == (status, status)
    assert client.delete("/reconcile").status_code == 405


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PROPERTIES = st.lists(st.fixed_dictionaries({"pid": st.sampled_from(["country", "x"]), "v": ANYTHING}))
NEARLY = st.fixed_dictionaries(
    {"query": st.text(max_size=60) | ANYTHING},
    optional={
        "limit": st.integers(-2, 60) | ANYTHING,
        "type": st.sampled_from(["agency", "military", "x"]) | ANYTHING,
        "type_strict": st.sampled_from(["any", "all", "should", "x"]) | ANYTHING,
        "properties": st.lists(st.fixed_dictionaries({"pid": st.sampled_from(["country", "x"]), "v": ANYTHING}))
        | ANYTHING,
    },
)
BATCHES = st.one_of(st.dictionaries(st.text(max_size=8), NEARLY, max_size=5), ANYTHING)
EXTENSIONS = st.fixed_dictionaries({"ids": st.lists(st.text()) | ANYTHING, "properties": ANYTHING}) | ANYTHING


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(field=st.sampled_from(["queries", "extend", "query"]), asked=st.data())
def test_whatever_is_asked_is_answered_or_refused(client: httpx.Client, field: str, asked: st.DataObject) -> None:
    value = asked.draw(EXTENSIONS if field == "extend" else BATCHES)
    text = asked.draw(st.just(json.dumps(value)) | st.text(max_size=30).filter(lambda text: text.isprintable()))
    answer = client.post("/reconcile", data={field: text})
    if answer.status_code == 200:
        fit({"queries": "results", "extend": "extension", "query": "result"}[field], answer.json())
    else:
        assert answer.status_code in (400, 413)
        fit("fault", answer.json())
