"""What a picture says: everything that is drawn, and nothing else, so that equal contents are one file."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import PIL
from flask_babel import get_locale

HERE = Path(__file__).parent
IMAGES = HERE.parents[1] / 'static' / 'images'
ASSETS = ('brand.svg', 'icons.svg', 'banner.webp')


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo by its file name in the media folder, and whether it is a drawing."""

    file: str
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A first secretary as the public may see one: a hidden one has the post for a name, and no portrait."""

    name: str
    village: str
    unit: str
    since: date
    portrait: Picture | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Good:
    """A product in a row of several; the price in fen."""

    name: str
    price_fen: int
    has_prices: bool
    photo: Picture | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every picture carries: the shop, the page it leads to, and the day it tells of."""

    shop: str
    tagline: str
    address: str
    on: date


@dataclass(frozen=True, slots=True)
class ProductSheet(Sheet):
    """A product; prices and benefit in fen, of the cheapest variant."""

    name: str
    summary: str
    county: str
    village: str
    variant: str
    price_fen: int
    has_prices: bool
    households: int
    benefit_fen: int
    person: Person
    photo: Picture | None


@dataclass(frozen=True, slots=True)
class VillageSheet(Sheet):
    """A village, how many goods it has on sale, and how many households its agreements cover."""

    name: str
    place: str
    description: str
    goods: int
    households: int
    person: Person | None
    photo: Picture | None
    shelf: tuple[Good, ...]


@dataclass(frozen=True, slots=True)
class SecretarySheet(Sheet):
    """A secretary whose name is not hidden, in the village of the latest tenure."""

    introduction: str
    place: str
    goods: int
    person: Person
    photo: Picture | None
    shelf: tuple[Good, ...]


@dataclass(frozen=True, slots=True)
class ShopSheet(Sheet):
    """The shop itself."""


def digest_of(form: str, sheet: Sheet) -> str:
    """Return the name of the picture: a digest of its contents, its form, the language and how it is drawn."""
    text = repr((form, type(sheet).__name__, sheet, str(get_locale()), drawing_version()))
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def drawing_version() -> str:
    """Return a digest of the drawing code, the art and the library: a change of any draws everything anew."""
    digest = hashlib.sha256(PIL.__version__.encode())
    for path in (*sorted(HERE.rglob('*.py')), *(IMAGES / name for name in ASSETS)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
