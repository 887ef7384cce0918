"""The picture that stands beside a link to this site on social networks: 1200 by 630 pixels, in the site's own type.

usage: draw_card.py CARD.png     (needs Chromium)

It has no number in it, so that it stays true when the data changes.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SIZE = {"width": 1200, "height": 630}
CARD = """
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<link rel="stylesheet" href="static/site.css">
<style>
  body { width: 1200px; height: 630px; padding: 72px 80px; display: flex; flex-direction: column; color: #f7f4ec;
    background: #16324a; }
  .brand { display: flex; align-items: center; gap: 20px; color: #f7f4ec; font-size: 36px; padding: 0; }
  .brand span { color: #b9c7d3; }
  .brand img { width: 64px; outline: 2px solid #3d5d78; border-radius: 12px; }
  h1 { font-size: 66px; line-height: 1.14; margin: auto 0; max-width: 1010px; }
  p { margin: 0; padding-top: 26px; border-top: 4px solid #f0a35e; font-size: 32px; line-height: 1.3; max-width: none; }
</style>
<div class="brand"><img src="static/icon.svg" alt=""><div>Clearview <span>in the open</span></div></div>
<h1>Who was reported to have used Clearview AI outside the United States, and what they answered</h1>
<p>A listing is not an accusation. Every figure with its source.</p>
"""


def draw_card(path: Path) -> None:
    """Write the picture; raises SystemExit where there is no Chromium."""
    chromium = shutil.which("chromium") or sys.exit("chromium is not installed; on Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
        page.route(
            "http://card/**", lambda route: route.fulfill(path=ROOT / route.request.url.removeprefix("http://card/"))
        )
        page.route("http://card/", lambda route: route.fulfill(body=CARD, content_type="text/html"))
        page.goto("http://card/")
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=path)
        browser.close()


def main() -> None:
    """Draw the picture, or say how to."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    draw_card(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
