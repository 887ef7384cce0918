"""Which answers to SQL may be kept, and by whom."""

import httpx
import pytest

UNSTABLE = [
    "random()", "rand%6fm%28%29", "time%20%28%27now%27%29", "time/**/('now')", "time/*a*/('now')", "[time]('now')",
    '"time"("now")', "`date`('now')", "CURRENT%5fTIMESTAMP", "current_date", "datetime--%0a('now')",
    "hex(randomblob(3))", "'--'||time/*'*/('now')", "strftime('%25s','now')", "'/*'||unixepoch()||'*/'",
]  # fmt: skip
STABLE = ["1", "count(*)%20as%20date", "'time(1)'", "date%20from%20regulatory_actions", "'random()'"]


def ask(site: str, query: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """Return the answer to an address as it is written."""
    return httpx.get(f"{site}{query}", headers=headers, trust_env=False)


@pytest.mark.parametrize("expression", UNSTABLE)
@pytest.mark.parametrize("address", ["/clearview.json?sql=select%20", "/clearview/agencies.json?_where=1=1%20or%20"])
def test_what_changes_with_time_or_chance_is_kept_by_nobody(site: str, address: str, expression: str) -> None:
    answer = ask(site, address + expression)
    assert answer.status_code == 200, answer.text
    assert ("etag" in answer.headers, answer.headers["cache-control"]) == (False, "no-store")


@pytest.mark.parametrize("expression", STABLE)
def test_other_sql_is_kept_by_its_reader_alone(site: str, expression: str) -> None:
    answer = ask(site, f"/clearview.json?sql=select%20{expression}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"].startswith("private, max-age=")
    again = ask(site, f"/clearview.json?sql=select%20{expression}", {"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, answer.headers["cache-control"])


def test_sql_cannot_be_cut_into_parameters_to_hide_what_it_is(site: str) -> None:
    answer = ask(site, "/clearview/agencies.json?_size=1&_where='1'='&_where='or%20time('now')>'")
    assert "etag" not in answer.headers


def test_pages_are_kept_by_all(site: str) -> None:
    assert not ask(site, "/clearview/agencies.json").headers["cache-control"].startswith("private")


def test_any_answer_that_there_is_will_do(site: str) -> None:
    for address, status in (("/about", 304), ("/clearview/agencies.json", 304), ("/nothing-here", 404)):
        answer = ask(site, address, {"If-None-Match": "*"})
        assert answer.status_code == status
        assert bool(answer.content) == (status == 404)
