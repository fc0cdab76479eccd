"""What a buyer's browser sends: goods into the basket, and the checkout page as it was shown."""

import re

from sqlalchemy import func, select

from shop.kit.database import db

ADDRESS = {
    'recipient': '李晓',
    'phone': '13800138000',
    'province': '220000',
    'city': '220100',
    'county': '220102',
    'street': '人民大街 1 号',
    'note': '',
}


def put(client, product, quantity: int | str = 1, **more: str | list[str]):
    return client.post(
        '/basket/lines', data={'variant': product.variants[0].id, 'quantity': quantity, 'then': 'checkout', **more}
    )


def fields_of(page: str) -> dict[str, object]:
    """The hidden fields of the checkout page."""
    return {
        'form_token': next(iter(re.findall(r'name="form_token" value="([^"]+)"', page)), ''),
        'line': re.findall(r'name="line" value="([^"]+)"', page),
        'version': re.findall(r'name="version" value="([^"]+)"', page),
        'freight': re.findall(r'name="freight" value="([^"]+)"', page),
        'presale': re.findall(r'name="presale" value="([^"]+)"', page),
    }


def check_out(client, **more: str):
    return client.post('/checkout', data={**ADDRESS, **fields_of(client.get('/checkout').text), **more})


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))
