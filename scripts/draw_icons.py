"""Draws the icons of browsers and home screens from ``static/images/brand.svg``; run it when the mark changes."""

import io
from pathlib import Path

from PIL import Image
from resvg_py import svg_to_bytes

IMAGES = Path(__file__).parent.parent / 'static' / 'images'
PINE = '#1f4d3a'
SAFE = 0.8  # what a mask leaves of a side (W3C, Web Application Manifest, "maskable")


def draw_mark(side: int) -> Image.Image:
    """Return the mark with its round corners."""
    content = svg_to_bytes(svg_string=(IMAGES / 'brand.svg').read_text(), width=side, skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(content))).convert('RGBA')


def draw_full(side: int, *, share: float) -> Image.Image:
    """Return the mark on a ground without corners, as phones cut their own."""
    sheet = Image.new('RGBA', (side, side), PINE)
    mark = draw_mark(round(side * share))
    place = (side - mark.width) // 2
    sheet.alpha_composite(mark, (place, place))
    return sheet.convert('RGB')


def main() -> None:
    """Write every icon."""
    draw_mark(48).save(IMAGES / 'favicon.ico', sizes=[(16, 16), (32, 32), (48, 48)])
    draw_full(180, share=1).save(IMAGES / 'apple-touch-icon.png', optimize=True)
    draw_mark(192).save(IMAGES / 'icon-192.png', optimize=True)
    draw_mark(512).save(IMAGES / 'icon-512.png', optimize=True)
    draw_full(512, share=SAFE).save(IMAGES / 'icon-maskable-512.png', optimize=True)


if __name__ == '__main__':
    main()
