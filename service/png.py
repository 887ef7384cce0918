"""SVG as PNG, drawn by resvg: one library with its own fonts, the same picture on every machine, and no browser."""

from pathlib import Path

import resvg_py

FONTS = [str(path) for path in sorted((Path(__file__).parent / "fonts").glob("*.ttf"))]


def draw_png(svg: str, times: float) -> bytes:
    """Return a picture as PNG, so many times its size in pixels."""
    return resvg_py.svg_to_bytes(
        svg_string=svg, font_files=FONTS, skip_system_fonts=True, font_family="Source Sans 3", zoom=times
    )
