"""Makes a picture once: drawn at the first request, read from disk ever after."""

import io
from datetime import datetime, timedelta
from enum import Enum

from PIL import Image

from shop.posters.canvas import Canvas
from shop.posters.cards import draw_card
from shop.posters.contents import ProductSheet, SecretarySheet, Sheet, VillageSheet, digest_of
from shop.posters.sheets import draw_product, draw_secretary, draw_village
from shop.posters.storage import read_poster, sweep_posters, write_poster
from shop.posters.typefaces import let_go

KEPT = timedelta(days=7)


class Form(Enum):
    """The two shapes: a poster to press and hold, a card that stands beside a shared link."""

    POSTER = 'poster'
    CARD = 'card'


def picture_name(form: Form, sheet: Sheet) -> str:
    """Return what names the picture: a digest of all it shows."""
    return digest_of(form.value, sheet)


def picture_of(form: Form, sheet: Sheet) -> bytes:
    """Return the picture as JPEG; drawn once for equal contents."""
    name = picture_name(form, sheet)
    content = read_poster(name)
    if content is None:
        content = _draw(form, sheet).jpeg()
        write_poster(name, content)
        let_go()
    return content


def picture_size(form: Form, sheet: Sheet) -> tuple[int, int]:
    """Return width and height of the picture in px; draws it if nobody has yet."""
    with Image.open(io.BytesIO(picture_of(form, sheet))) as image:
        return image.size


def sweep(*, at: datetime) -> int:
    """Remove pictures that nobody asked for in a week, and return how many."""
    return sweep_posters(at - KEPT)


def _draw(form: Form, sheet: Sheet) -> Canvas:
    if form is Form.CARD:
        return draw_card(sheet)
    match sheet:
        case ProductSheet():
            return draw_product(sheet)
        case VillageSheet():
            return draw_village(sheet)
        case SecretarySheet():
            return draw_secretary(sheet)
    raise TypeError(f'no poster of {type(sheet).__name__}')
