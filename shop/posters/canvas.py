"""A sheet to draw on: shapes from SVG, photos, and lines of type."""

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageOps
from resvg_py import svg_to_bytes

from shop.posters.palette import PINE_950, SURFACE
from shop.posters.typefaces import Type

IMAGES = Path(__file__).parents[2] / 'static' / 'images'
SMOOTH = 4  # masks are drawn so many times larger and reduced
LEADING = 1.4
JPEG_QUALITY = 88

Run = tuple[str, Type, str]


def fit_runs(runs: Sequence[Run], width: float) -> list[Run]:
    """Return the runs, all of them smaller by as much as it takes to stand within a width."""
    length = sum(type_.length(text) for text, type_, _colour in runs)
    if length <= width:
        return list(runs)
    share = width / length
    return [(text, Type(t.face, max(1, int(t.size * share)), t.weight * share), colour) for text, t, colour in runs]


class Canvas:
    """A sheet of `width` × `height` px; texts stand on their baseline."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        """Start with a plain ground."""
        self.image = Image.new('RGB', (width, height), ground)
        self._draw = ImageDraw.Draw(self.image)

    def text(self, x: float, baseline: float, text: str, type_: Type, colour: str, *, anchor: str = 'l') -> float:
        """Write one line from its left, middle or right (`anchor` l, m, r); return its width."""
        self._draw.text(
            (x, baseline),
            text,
            font=type_.font,
            fill=colour,
            anchor=f'{anchor}s',
            stroke_width=type_.weight,
            stroke_fill=colour,
        )
        return type_.length(text)

    def runs(self, x: float, baseline: float, runs: Sequence[Run]) -> float:
        """Write texts of several types on one line; return where they end."""
        for text, type_, colour in runs:
            x += self.text(x, baseline, text, type_, colour)
        return x

    def lines(self, x: float, top: float, lines: Sequence[str], type_: Type, colour: str, *, leading: float) -> float:
        """Write lines below each other from a top edge; return the bottom edge."""
        for number, line in enumerate(lines):
            self.text(x, top + number * leading + (leading + type_.size * 0.76) / 2, line, type_, colour)
        return top + len(lines) * leading

    def shape(self, svg: str, x: int, y: int, width: int, height: int) -> None:
        """Lay a drawing over the sheet; `svg` is what stands inside the element, in a view box of that size."""
        frame = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{svg}</svg>'
        self._lay(_pixels(frame, width), x, y)

    def box(self, x: int, y: int, width: int, height: int, colour: str, *, radius: int = 0, edge: str = 'none') -> None:
        """Draw a rectangle with round corners."""
        inner = f'x="1" y="1" width="{width - 2}" height="{height - 2}"' if edge != 'none' else ''
        size = inner or f'width="{width}" height="{height}"'
        self.shape(
            f'<rect {size} rx="{radius}" fill="{colour}" stroke="{edge}" stroke-width="2"/>', x, y, width, height
        )

    def icon(self, name: str, x: int, y: int, size: int, colour: str) -> None:
        """Draw one of the symbols of ``static/images/icons.svg``."""
        style = f'fill="none" stroke="{colour}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
        self.shape(f'<g transform="scale({size / 24})" {style}>{_symbol(name)}</g>', x, y, size, size)

    def brand(self, x: int, y: int, size: int) -> None:
        """Draw the mark of the shop."""
        self._lay(_pixels((IMAGES / 'brand.svg').read_text(), size), x, y)

    def photo(self, photo: Image.Image, x: int, y: int, width: int, height: int, *, radius: int = 0) -> None:
        """Lay a photo that fills a frame with round corners, cut at its longer side."""
        fitted = ImageOps.fit(photo, (width, height), Image.Resampling.LANCZOS)
        if not radius:
            self.image.paste(fitted, (x, y))
            return
        mask = Image.new('L', (width * SMOOTH, height * SMOOTH), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, *mask.size), radius * SMOOTH, fill=255)
        self.image.paste(fitted, (x, y), mask.resize((width, height), Image.Resampling.BOX))

    def code(self, address: str, x: int, y: int, size: int) -> None:
        """Draw the QR code of an address on a light tile of `size` px, its quiet zone included."""
        symbol = segno.make(address, error='m', micro=False)
        rows = [list(row) for row in symbol.matrix_iter(scale=1, border=4)]
        step = max(1, size // len(rows))
        margin = (size - step * len(rows)) // 2
        self.box(x, y, size, size, SURFACE, radius=16)
        for down, row in enumerate(rows):
            for across, dark in enumerate(row):
                if dark:
                    left, top = x + margin + across * step, y + margin + down * step
                    self._draw.rectangle((left, top, left + step - 1, top + step - 1), fill=PINE_950)

    def jpeg(self) -> bytes:
        """Return the finished picture."""
        out = io.BytesIO()
        self.image.save(out, 'JPEG', quality=JPEG_QUALITY, subsampling=0, progressive=True, optimize=True)
        return out.getvalue()

    def _lay(self, drawing: Image.Image, x: int, y: int) -> None:
        self.image.paste(drawing, (x, y), drawing)


def _pixels(svg: str, width: int) -> Image.Image:
    content = bytes(svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))
    return Image.open(io.BytesIO(content)).convert('RGBA')


@lru_cache(maxsize=32)
def _symbol(name: str) -> str:
    text = (IMAGES / 'icons.svg').read_text()
    start = text.index('>', text.index(f'id="i-{name}"')) + 1
    return text[start : text.index('</symbol>', start)]
