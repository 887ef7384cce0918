"""What tests of the SQL page share: the page in a browser, and how a reader types into it and runs what is typed."""

from collections.abc import Iterator
from contextlib import contextmanager

from conftest import PATIENCE
from playwright.sync_api import Browser, Page, expect
from test_csp import LISTEN, breaches

BY_COUNTRY = "select country, count(*) as agencies from agencies group by country order by agencies desc limit 3"
WAIT = PATIENCE * 1000  # milliseconds: for a machine that does other things too


@contextmanager
def open_sql_page(browser: Browser, site: str, script: str = "") -> Iterator[Page]:
    """Yield the SQL page with its editor; fail at the end where a script failed or the site's policy was breached.

    A script of the test's own runs before the page's.
    """
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    context.add_init_script(LISTEN + script)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/clearview?sql=select+1")
    page.locator(".cm-content").wait_for()
    yield page
    assert faults == []
    assert breaches(page) == []
    context.close()


def mark_all(page: Page) -> None:
    """Mark all that the editor holds, so that what comes next takes its place."""
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")


def type_in(page: Page, text: str) -> None:
    """Type a text in the place of what the editor holds."""
    mark_all(page)
    page.keyboard.type(text)


def put_in(page: Page, text: str) -> None:
    """Put a text in the place of what the editor holds, at once as a reader pastes it."""
    mark_all(page)
    page.keyboard.insert_text(text)


def run(page: Page, sql: str) -> None:
    """Put a statement in, run it with the keyboard, and wait until its result or its fault stands there."""
    put_in(page, sql)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".run-state")).not_to_have_text("Running …", timeout=WAIT)
