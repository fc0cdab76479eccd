"""Goods for pages in a browser: some on sale, each with a picture whose file is a plain field."""

import io

from PIL import Image
from playwright.sync_api import Page, Route

from shop.catalogue.models import Product, ProductPhoto
from shop.kit.database import db
from tests.factories.building import building
from tests.factories.catalogue import make_photo, make_variant
from tests.factories.endorsements import make_listed_product


@building
def fill_shelf(count: int) -> Product:
    """Put so many goods of one village on sale; return the newest, which has two variants."""
    first = make_listed_product(name='秋木耳')
    for number in range(1, count):
        make_listed_product(village=first.village, supplier=first.supplier, name=f'秋木耳{number}号')
    products = db.session.query(Product).order_by(Product.id).all()
    for product in products:
        db.session.add(ProductPhoto(product_id=product.id, photo_id=make_photo().id, position=0))
    make_variant(products[-1], name='礼盒装')
    return products[-1]


def plain_picture() -> bytes:
    """A picture in the shape of all."""
    file = io.BytesIO()
    Image.new('RGB', (640, 480), 'green').save(file, 'JPEG')
    return file.getvalue()


class PictureGate:
    """Holds every picture back until it is opened, as a slow line would."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[Route] = []
        self._is_open = False
        page.route('**/media/**', self._come)

    def open(self) -> None:
        """Let through what waits, and what comes from now on."""
        self._is_open = True
        for route in self._waiting:
            self._come(route)

    def _come(self, route: Route) -> None:
        if self._is_open:
            route.fulfill(body=plain_picture(), content_type='image/jpeg')
        else:
            self._waiting.append(route)
