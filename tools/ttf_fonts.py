"""The site's fonts as TrueType, for the pictures that the service draws: resvg reads no woff2.

usage: ttf_fonts.py FONTS TARGET     (every .woff2 of one folder into the other)

A font is given the family that static/site.css calls it: some of these files name themselves otherwise.
"""

import re
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILIES = {"source-sans-3": "Source Sans 3", "source-serif-4": "Source Serif 4"}
OF_FAMILY, OF_STYLE, WHOLE, TYPOGRAPHIC_FAMILY, TYPOGRAPHIC_STYLE = 1, 2, 4, 16, 17  # kinds of names in a font


def rename(font: TTFont, family: str, weight: int) -> None:
    """Give a font the name of its family."""
    style = "Regular" if weight == 400 else "SemiBold"
    names = {OF_FAMILY: family, OF_STYLE: style, WHOLE: f"{family} {style}"}
    for kind in (TYPOGRAPHIC_FAMILY, TYPOGRAPHIC_STYLE):
        font["name"].removeNames(nameID=kind)
    for kind, text in names.items():
        font["name"].removeNames(nameID=kind)
        font["name"].setName(text, kind, 3, 1, 0x409)  # Windows, Unicode, English
    font["OS/2"].usWeightClass = weight


def main() -> None:
    """Write each font, with the times that its file has, so that the same bytes come out again."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    for path in sorted(Path(sys.argv[1]).glob("*.woff2")):
        family, weight = re.findall(r"^(.*?)-latin.*-(\d+)-normal$", path.stem)[0]
        font = TTFont(path, recalcTimestamp=False)
        font.flavor = None
        rename(font, FAMILIES[family], int(weight))
        font.save(Path(sys.argv[2]) / f"{path.stem}.ttf")


if __name__ == "__main__":
    main()
