"""A product whose photo really lies in the media folder."""

import io

import pytest
from PIL import Image

from shop.catalogue.models import Product, ProductPhoto
from shop.kit import clock
from shop.kit.database import transaction
from shop.photos.services import store_photo
from tests.factories.endorsements import make_listed_product

RED = (200, 30, 40)


@pytest.fixture
def product(app) -> Product:
    """A product on sale with a red photo, endorsed by 周明远."""
    out = io.BytesIO()
    Image.new('RGB', (960, 720), RED).save(out, 'PNG')
    with transaction():
        made = make_listed_product(name='秋木耳')
        photo = store_photo(out.getvalue(), alt='秋木耳', is_illustration=True, at=clock.now())
        made.pictures[:] = []
    with transaction():
        made.pictures.append(ProductPhoto(photo=photo, position=0))
    return made
