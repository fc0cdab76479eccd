"""Drawings as pixels, and through the photo pipeline like any other picture."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from resvg_py import svg_to_bytes

from shop.photos.models import Photo
from shop.photos.pipeline import Picture, prepare_picture
from shop.photos.services import store_photo

WORKERS = 2
GOODS_WIDTH = 800


def rasterise(svg: str, width: int = GOODS_WIDTH) -> bytes:
    """Return the drawing as PNG, `width` px wide."""
    return bytes(svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))


def store_drawings(drawings: Iterable[tuple[str, str]], *, width: int = GOODS_WIDTH, at: datetime) -> Iterator[Photo]:
    """Keep drawings, given as (SVG, alt text), and yield their photos in order, in the caller's unit of work."""

    def prepare(drawing: tuple[str, str]) -> tuple[Picture, str]:
        return prepare_picture(rasterise(drawing[0], width)), drawing[1]

    with ThreadPoolExecutor(WORKERS) as pool:
        for picture, alt in pool.map(prepare, drawings):
            yield store_photo(picture, alt=alt, is_illustration=True, at=at)


def store_drawing(svg: str, alt: str, *, width: int = GOODS_WIDTH, at: datetime) -> Photo:
    """Keep one drawing and return its photo, marked as an illustration."""
    return store_photo(rasterise(svg, width), alt=alt, is_illustration=True, at=at)
