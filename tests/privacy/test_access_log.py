"""Whoever of the staff opens a page with persons is written down, for the auditor and for the person."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from shop.accounts.models import Role
from shop.accounts.privacy_models import AccessEntry, AccessKind
from shop.kit.database import db, transaction
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import pay, place
from tests.factories.regions import make_township
from tests.factories.villages import make_village

pytestmark = pytest.mark.usefixtures('clock_hand')


def test_looks_at_an_order_are_kept_and_shown_to_its_buyer_and_the_auditor_of_its_county(client, app):
    product = make_listed_product(stock=5)
    village, buyer = product.village, make_user()
    order = place((product, 1), actor=buyer).orders[0]
    pay(order.checkout)
    secretary = make_user(Role.FIRST_SECRETARY, village=village)
    auditor = make_user(Role.AUDITOR, region=village.county)
    elsewhere = make_user(Role.AUDITOR, region=make_township('远岭镇'))
    number = order.number
    client.sign_in(secretary)
    for path in ('/desk/orders', f'/desk/orders/{number}', '/desk/orders/no-such', '/desk/shipments/sheet.xlsx'):
        client.get(path)
    rows = db.session.scalars(select(AccessEntry).order_by(AccessEntry.id)).all()
    assert [(row.kind, row.subject, row.village_id, row.order_ids) for row in rows] == [
        (AccessKind.ORDERS, '', village.id, f',{order.id},'),
        (AccessKind.ORDER, number, village.id, ''),
        (AccessKind.SHIPPING_SHEET, '', village.id, f',{order.id},'),
    ]
    own = client.sign_in(buyer).get(f'/orders/{number}/privacy').text
    assert [words in own for words in ('第一书记 · 订单', '导出发货表', '订单列表')] == [True] * 3
    assert number in client.get('/account/privacy').text
    client.sign_in(auditor)
    assert number in client.get('/office/access-log').text
    assert number in client.get(f'/office/access-log?kind=order&subject={number}&since=2026-06-15&village=x').text
    assert number not in client.get('/office/access-log?until=2026-06-14').text
    assert client.get('/office/access-log?since=nonsense').status_code == 200
    assert number not in client.sign_in(elsewhere).get('/office/access-log').text
    assert client.sign_in(secretary).get('/office/access-log').status_code == 404


@pytest.mark.parametrize('statement', ["UPDATE accesses SET subject = ''", 'DELETE FROM accesses'])
def test_the_log_takes_additions_only(client, app, statement):
    client.sign_in(make_user(Role.FIRST_SECRETARY, village=make_village())).get('/desk/orders')
    with pytest.raises(DatabaseError, match='append-only'), transaction() as session:
        session.execute(text(statement))
