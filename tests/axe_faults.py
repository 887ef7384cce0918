"""What axe-core finds wrong with an open page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# At one width the looks of day and night differ in colours alone: by all rules a page is searched in one of the two.
COLOURS = ["color-contrast", "link-in-text-block"]


def find_axe_faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds, by all its rules or by these: the rule, how bad it is and the first element."""
    # Else it describes each element that is right, too, which takes longer than the search for faults.
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']} ({one['impact']}) {one['nodes'][0]['html'][:150]}" for one in found]
