"""What other people's pages may show in a frame: the code for it, and which frame belongs to which page here."""

import re
from html import escape
from urllib.parse import urlsplit

from exports.site_words import WORDS

from service.charts import TITLES

# Pixels; what is higher is scrolled in its frame.
HEIGHTS = {
    "map": 520, "table": 640, "agency": 440, "responses": 640, "countries": 900, "searches": 900, "reports": 560,
    "coverage": 680, "sums": 760, "figures": 640,
}  # fmt: skip
WIDTH = 960  # pixels, where a page says how wide at most
# By the path of a page: the frame that shows the same, and whether it takes the page's parameters.
FRAMES = {
    r"/": ("/embed/map", False),
    rf"/{WORDS.database}/agencies": ("/embed/table", True),
    rf"/{WORDS.database}/agencies/([^/.]+)": (r"/embed/agency/\1", False),
    rf"/{WORDS.database}/countries/([^/.]+)": (r"/embed/map?country=\1", False),
    rf"/charts/({'|'.join(TITLES)})": (r"/embed/chart/\1", True),
    rf"(/embed/(?:map|table|chart/(?:{'|'.join(TITLES)})))": (r"\1", True),
    r"(/embed/agency/[^/]+)": (r"\1", False),
}


def find_frame(address: str) -> str | None:
    """Return the address of the frame that shows what a page here shows; None where none does."""
    parts = urlsplit(address)
    for page, (frame, takes_query) in FRAMES.items():
        if found := re.fullmatch(page, parts.path):
            return found.expand(frame) + (f"?{parts.query}" if takes_query and parts.query else "")
    return None


def height_of(frame: str) -> int:
    """Return how high a frame is made (pixels)."""
    _, _, kind, *more = urlsplit(frame).path.split("/")
    return HEIGHTS[more[0] if kind == "chart" else kind]


def write_code(address: str, title: str, width: str = "100%", height: int | None = None) -> str:
    """Return the code that puts a frame into a page: no style of its own, which a strict page would refuse."""
    size = f'width="{width}" height="{height or height_of(address)}"'
    return f'<iframe src="{escape(address)}" title="{escape(title)}" {size} loading="lazy" frameborder="0"></iframe>'
