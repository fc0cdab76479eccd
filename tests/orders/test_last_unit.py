"""Two processes sell the last unit: exactly one buyer gets it, the others are told."""

import threading
import urllib.parse
import urllib.request
from collections import Counter
from http.cookiejar import CookieJar

import pytest
from sqlalchemy import func, select

from shop.kit.crypto import new_token
from shop.kit.database import db
from shop.orders.models import Order
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import HOME, stock_of

BUYERS = 6
ROUNDS = 3


class _Stay(urllib.request.HTTPRedirectHandler):
    """A shopper who looks where a redirect leads without following it."""

    def redirect_request(self, *_args, **_kwargs):
        return None


class Shopper:
    """A visitor with a browser of their own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Stay)

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        """Post a form; return the status and where it leads."""
        body = urllib.parse.urlencode(fields).encode()
        try:
            with self.browser.open(f'{self.url}{path}', data=body, timeout=30) as answer:
                return answer.status, ''
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers.get('Location', '')

    def buy(self, variant_id: int, quantity: int, price_fen: int) -> tuple[int, str]:
        """Send the checkout page."""
        return self.send(
            '/checkout',
            form_token=new_token(),
            line=f'{variant_id}:{quantity}:{price_fen}',
            recipient=HOME.recipient,
            phone=HOME.phone,
            province=HOME.province_code,
            city=HOME.city_code,
            county=HOME.county_code,
            street=HOME.street,
        )


def all_at_once(shoppers: list[Shopper], variant_id: int) -> Counter[tuple[int, str]]:
    """Let every shopper buy one unit at the same moment; count the answers."""
    ready = threading.Barrier(len(shoppers), timeout=30)
    answers: list[tuple[int, str]] = []

    def act(shopper: Shopper) -> None:
        ready.wait()
        status, target = shopper.buy(variant_id, 1, 3990)
        answers.append((status, urllib.parse.urlsplit(target).path.rsplit('/', 1)[0]))

    threads = [threading.Thread(target=act, args=(shopper,)) for shopper in shoppers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


@pytest.mark.parametrize('units', [1, 2])
def test_the_last_units_are_sold_once(app, server_processes, units):
    products = [make_listed_product(stock=units, price_fen=3990) for _ in range(ROUNDS)]
    db.session.rollback()
    servers = server_processes(2)
    assert len(servers.workers()) == 2
    shoppers = [Shopper(servers.url) for _ in range(BUYERS)]
    for product in products:
        variant_id = product.variants[0].id
        db.session.rollback()
        for shopper in shoppers:
            status, _ = shopper.send('/basket/lines', variant=str(variant_id), quantity='1')
            assert status == 303
        answers = all_at_once(shoppers, variant_id)
        assert answers == {(303, '/sandbox/pay'): units, (409, ''): BUYERS - units}
    db.session.rollback()
    assert [stock_of(product) for product in products] == [0] * ROUNDS
    assert db.session.scalar(select(func.count()).select_from(Order)) == units * ROUNDS
