"""What a language model gets: the tools through the official client, the limits first, and no way to write."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from conftest import ROOT
from running import run_apart
from test_hostile import REFUSED

if TYPE_CHECKING:  # the client takes seconds to load, in each process that collects this file
    from mcp import Client
    from mcp.types import CallToolResult


def use(site: str, work: Callable[["Client"], Awaitable[Any]], mode: str = "auto") -> Any:  # noqa: ANN401 - the work's result
    """Return what some work with a connected client gives."""
    from mcp import Client  # noqa: PLC0415

    async def connect() -> Any:  # noqa: ANN401
        async with Client(f"{site}/mcp", mode=mode) as client:
            return await work(client)

    return run_apart(connect())


def call(site: str, tool: str, **arguments: str) -> tuple[bool, Any]:
    """Return whether a tool refused, and its answer."""

    async def work(client: "Client") -> "CallToolResult":
        return await client.call_tool(tool, arguments)

    result = use(site, work)
    assert result.content[0].type == "text"
    text = result.content[0].text
    return result.is_error, text if result.is_error else json.loads(text)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_are_listed_and_the_limits_told_first(site: str, mode: str) -> None:
    async def work(client: "Client") -> tuple[str | None, Any]:
        return client.instructions, (await client.list_tools()).tools

    instructions, tools = use(site, work, mode)
    assert instructions.startswith("A listing is not an accusation.")
    assert "Not stated does not mean zero." in instructions
    assert [tool.name for tool in tools] == ["list_tables", "query", "search_agencies", "get_agency"]
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert "at least" in tools[1].description


def test_a_query_gives_its_rows(site: str) -> None:
    refused, answer = call(site, "query", sql="select country, count(*) as n from agencies where country = 'CA'")
    assert (refused, answer) == (False, {"columns": ["country", "n"], "rows": [["CA", 32]], "truncated": False})
    _, long = call(site, "query", sql="select * from reports")
    assert long["truncated"]
    assert 50 < len(long["rows"]) < 316
    assert len(json.dumps(long)) < 120_000


@pytest.mark.parametrize("attack", REFUSED)
def test_a_write_and_every_attack_is_refused(limited_site: str, attack: str) -> None:
    refused, reason = call(limited_site, "query", sql=REFUSED[attack])
    assert refused
    assert reason.startswith("the query was refused")
    assert str(ROOT) not in reason


def test_no_query_tells_of_the_machine(site: str) -> None:
    assert call(site, "query", sql="select * from pragma_database_list")[1]["rows"] == []


def test_tables_come_with_the_meaning_of_their_columns(site: str) -> None:
    _, tables = call(site, "list_tables")
    assert "A listing is not an accusation" in tables["agencies"]["about"]
    assert "empty when unknown" in tables["agencies"]["columns"]["searches_min"]
    assert "<" not in tables["reports"]["about"]
    assert not [name for name in tables if "fts" in name]


def test_a_agency_is_found_and_told_with_its_use(site: str) -> None:
    _, found = call(site, "search_agencies", name="garda siochana", country="Irlande")
    assert (found["agencies"][0]["id"], found["agencies"][0]["what"]) == (
        "ie-an-garda-siochana",
        "No use reported. National police, Dublin, Ireland",
    )
    assert found["mind"].startswith("A listing is not an accusation.")
    _, told = call(site, "get_agency", id="ie-an-garda-siochana")
    assert told["agency"]["use_status"] == "No use reported"
    assert [report["publisher"] for report in told["reports"]]
    refused, reason = call(site, "get_agency", id="ie-nobody")
    assert (refused, "search_agencies finds ids" in reason) == (True, True)
    assert call(site, "search_agencies", name="x" * 301)[0]


BROKEN = [
    (b"{", 400, -32700),
    (b"[" * 50_000, 400, -32700),
    (b'{"a": "\\ud800"}', 400, -32700),
    (b"[]", 400, -32600),
    (b'{"jsonrpc": "2.0", "id": [], "method": "ping"}', 400, -32600),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []}', 400, -32600),
    (b"x" * 200_000, 400, -32600),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "resources/list"}', 200, -32601),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": ["query"]}}', 200, -32602),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "query"}}', 200, -32602),
    (
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "query", "arguments": {"sql": 1}}}',
        200,
        -32602,
    ),
]


@pytest.mark.parametrize(("message", "status", "code"), BROKEN)
def test_a_broken_message_is_told_so(site: str, message: bytes, status: int, code: int) -> None:
    answer = httpx.post(f"{site}/mcp", content=message, headers={"content-type": "application/json"}, trust_env=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def post(site: str, path: str = "/mcp", version: str | None = None, **message: object) -> httpx.Response:
    """Return the answer to one request with the id 7."""
    headers = {"mcp-protocol-version": version} if version else {}
    request = {"jsonrpc": "2.0", "id": 7, **message}
    return httpx.post(site + path, json=request, headers=headers, trust_env=False)


def test_null_stands_for_what_may_be_left_out(site: str) -> None:
    assert post(site, method="ping", params=None).json() == {"jsonrpc": "2.0", "id": 7, "result": {}}
    search = {"name": "search_agencies", "arguments": {"name": "toronto", "country": None}}
    assert post(site, method="tools/call", params=search).json()["result"]["isError"] is False
    missing = {"name": "search_agencies", "arguments": {"name": None}}
    assert post(site, method="tools/call", params=missing).json()["error"]["code"] == -32602


def test_the_address_may_end_in_a_slash(site: str) -> None:
    assert post(site, "/mcp/", method="ping").json()["result"] == {}


def test_a_version_that_is_not_spoken_is_refused(site: str) -> None:
    for version, status in (("2025-11-25", 200), ("2025-06-18", 200), ("2025-03-26", 400), ("1999-01-01", 400)):
        assert post(site, version=version, method="ping").status_code == status
    told = post(site, method="initialize", params={"protocolVersion": "2025-03-26"}).json()
    assert told["result"]["protocolVersion"] == "2025-11-25"
    batch = [{"jsonrpc": "2.0", "id": 7, "method": "ping"}]
    assert httpx.post(f"{site}/mcp", json=batch, trust_env=False).status_code == 400


def test_a_fault_carries_the_id_of_its_request(site: str) -> None:
    for message in ({"params": [1], "method": "ping"}, {"method": 1}, {"method": "ping", "jsonrpc": "1.0"}, {}):
        told = post(site, **message).json()
        assert (told["id"], told["error"]["code"]) == (7, -32600)
    assert post(site, method="nothing").json()["id"] == 7
    assert post(site, method="ping", version="1").json()["id"] == 7


def test_a_number_without_an_end_is_null_for_a_model(site: str) -> None:
    _, answer = call(site, "query", sql="select 1e999 as a, -1e999 as b")
    assert answer["rows"] == [[None, None]]


def test_a_notification_needs_no_answer_and_a_browser_is_told_what_this_is(site: str) -> None:
    told = httpx.post(f"{site}/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"}, trust_env=False)
    assert (told.status_code, told.content) == (202, b"")
    page = httpx.get(f"{site}/mcp", trust_env=False)
    assert (page.status_code, page.headers["allow"]) == (405, "POST, OPTIONS")
    assert "/api#models" in page.text
    allowed = httpx.options(f"{site}/mcp", trust_env=False)
    assert "Mcp-Protocol-Version" in allowed.headers["access-control-allow-headers"]


def test_llms_txt_tells_limits_before_tables_and_its_links_answer(site: str) -> None:
    text = httpx.get(f"{site}/llms.txt", trust_env=False).text
    assert text.index("A listing is not an accusation") < text.index("## Tables") < text.index("## Stable addresses")
    links = [part.split(")")[0] for part in text.replace("count(*)", "count(%2A").split("](")[1:]]
    assert len(links) > 20
    for link in links:
        url = link.replace("count(%2A", "count(*)")
        assert httpx.get(url, trust_env=False).status_code == (405 if url.endswith("/mcp") else 200), url
