"""Buying the same again: what is still on sale, what is not, and what it costs now."""

import pytest
from sqlalchemy import select

from shop.catalogue.models import Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db, transaction
from shop.orders.basket import BasketLine
from shop.orders.baskets import Buyer
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import pay, place
from tests.factories.suppliers import make_supplier
from tests.factories.villages import make_tenure

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@pytest.fixture
def shopper():
    return make_user(name='李晓')


def basket() -> list[int]:
    return list(db.session.scalars(select(BasketLine.quantity).order_by(BasketLine.variant_id)))


def change(model, row_id: int, **values: object) -> None:
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(model, row_id), name, value)


def test_the_basket_is_filled_once_however_often_it_is_asked_for(client, shopper):
    tenure = make_tenure()
    supplier = make_supplier(tenure.village)
    honey, fungus = (
        make_listed_product(tenure=tenure, supplier=supplier, name=name, stock=9) for name in ('椴树蜜', '黑木耳')
    )
    checkout = place((honey, 2), (fungus, 3), buyer=Buyer(user_id=shopper.id), actor=shopper)
    pay(checkout)
    number = checkout.orders[0].number
    client.sign_in(shopper)
    answer = client.post(f'/orders/{number}/basket')
    assert (answer.status_code, answer.headers['Location']) == (303, '/basket')
    assert '放进购物车 2 种，共 5 件。' in client.get('/basket').text
    assert basket() == [2, 3]
    client.post(f'/orders/{number}/basket')
    assert '2 种购物车里已经够数，没有重复放。' in client.get('/basket').text
    assert basket() == [2, 3]


def test_what_is_gone_dearer_or_short_is_said(client, shopper):
    tenure = make_tenure()
    supplier = make_supplier(tenure.village)
    honey, fungus, nuts = (
        make_listed_product(tenure=tenure, supplier=supplier, name=name, stock=9, price_fen=2000)
        for name in ('椴树蜜', '黑木耳', '松子')
    )
    number = place((honey, 2), (fungus, 3), (nuts, 4), actor=shopper).orders[0].number
    withdrawn = db.session.scalars(select(Endorsement.id).where(Endorsement.product_id == honey.id)).one()
    change(Endorsement, withdrawn, status=EndorsementStatus.PAUSED)
    change(Variant, fungus.variants[0].id, price_fen=2500)
    change(Variant, nuts.variants[0].id, stock=1)
    client.sign_in(shopper).post(f'/orders/{number}/basket')
    page = client.get('/basket').text
    assert basket() == [3, 1]
    assert '现在买不到，没有放进去' in page
    assert '当时 ¥20.00，现在 ¥25.00' in page
    assert '只剩 1 件，当时买了 4 件' in page


def test_when_everything_is_gone_the_order_page_says_so(client, shopper):
    product = make_listed_product(stock=1)
    number = place((product, 1), actor=shopper).orders[0].number
    answer = client.sign_in(shopper).post(f'/orders/{number}/basket')
    assert answer.headers['Location'] == f'/orders/{number}'
    assert basket() == []


def test_nobody_reorders_the_order_of_somebody_else(client, shopper):
    number = place((make_listed_product(), 1), actor=shopper).orders[0].number
    assert client.sign_in(make_user()).post(f'/orders/{number}/basket').status_code == 404
