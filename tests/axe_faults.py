"""What axe-core finds wrong with an open page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# At one width the looks of day and night differ in colours alone: by all rules a page is searched in one of the two.
COLOURS = ["color-contrast", "link-in-text-block"]
# Of elements side by side that are built alike (rows, points of a chart, choices), leaves two.
FEW_ALIKE = """() => {
  const build = (e) => [...new Set([e, ...e.querySelectorAll("*")].map((x) => x.tagName + x.getAttribute("class")))];
  const inside = ["tbody", "ul", "ol", "dl", "select", "svg", "svg *", ".leaflet-pane"];
  const found = new Map();
  for (const e of document.querySelectorAll(inside.map((parent) => `${parent} > *`))) {
    if (!found.has(e.parentNode)) found.set(e.parentNode, new Map());
    const kinds = found.get(e.parentNode), kind = build(e).join();
    kinds.set(kind, [...(kinds.get(kind) ?? []), e]);
  }
  for (const kinds of found.values()) for (const alike of kinds.values()) alike.slice(2).forEach((e) => e.remove());
}"""


def find_axe_faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds, by all its rules or by these: the rule, how bad it is and the first element."""
    # Else it describes each element that is right, too, which takes longer than the search for faults.
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']} ({one['impact']}) {one['nodes'][0]['html'][:150]}" for one in found]
