"""Pictures of the site for the README: four kinds of page, on a desk and on a phone.

usage: screenshots.py [FOLDER]     (docs/screenshots; needs the development environment and Chromium)
"""

import base64
import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from serving import ROOT, serving

PAGES = {
    "home": "/",
    "table": "/clearview/agencies?country=CA",
    "agency": "/clearview/agencies/be-federal-police-belgium",
    "country": "/clearview/countries/BE",
}
SIZES = {1280: 900, 390: 844}  # pixels
QUALITY = 82  # of WebP; text stays clean


def take(browser: Browser, url: str, width: int, path: Path) -> None:
    """Write a picture of what a reader sees first of a page."""
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    page.reload(wait_until="networkidle")  # with the fonts at hand
    page.wait_for_timeout(1500)  # a map in view draws its ground
    picture = context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    path.write_bytes(base64.b64decode(picture["data"]))
    context.close()


def main() -> None:
    """Write every picture and name it with its size."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROME_PATH") or shutil.which("chromium")
    if not chromium:
        raise SystemExit("Chromium is missing; on Debian and Ubuntu: apt install chromium, or set CHROME_PATH")
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, page in PAGES.items():
            for width in SIZES:
                path = folder / f"{name}-{width}.webp"
                take(browser, url + page, width, path)
                print(f"{path.name:20}{path.stat().st_size / 1000:7.0f} kB", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
