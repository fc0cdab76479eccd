"""The order page: who did what and when, and parcel by parcel what was sent."""

import pytest

from shop.kit import clock
from shop.kit.database import transaction
from shop.ledger.receipts import receive_due_orders
from shop.orders.models import Courier
from shop.orders.services import CANCELLED_BY_BUYER, cancel_order, expire_orders, ship_order
from shop.payments.models import RefundStatus
from shop.payments.refunds import Piece, refund_lines, refunds_of
from shop.storefront.order_page import order_page
from shop.storefront.order_timeline import timeline_of
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import RECEIVE_WITHIN, bought, place, receive, ship
from tests.factories.villages import desk_user, make_team_member, make_tenure

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@pytest.fixture
def tenure():
    return make_tenure()


@pytest.fixture
def product(tenure):
    return make_listed_product(tenure=tenure, stock=20, price_fen=1000)


def told(order) -> list[tuple[str, str]]:
    """Return what happened and by whom, the oldest first."""
    return [(step.title, step.by) for step in reversed(timeline_of(order, refunds_of(order.id)))]


def test_every_step_says_by_whom_and_never_a_name(tenure, product, clock_hand):
    order = bought((product, 3))
    secretary, member = desk_user(tenure), make_team_member(tenure.village)
    line_id, at = order.lines[0].id, clock_hand.move(minutes=5)
    with transaction():
        pieces, within = {line_id: 1}, RECEIVE_WITHIN
        ship_order(order, pieces, Courier.ZTO, '75123456789012', receive_within=within, actor=member, at=at)
    clock_hand.move(minutes=5)
    ship(order, actor=secretary)
    clock_hand.move(minutes=5)
    with transaction():
        at = clock.now()
        refund_lines(order, [Piece(line_id, 1, 1000)], freight_fen=0, reason='少发', actor=secretary, at=at)
    clock_hand.move(minutes=5)
    receive(order)
    assert told(order) == [
        ('已下单', '您'),
        ('已付款', '演示支付'),
        ('松岭村发出一部分', '驻村队员'),
        ('松岭村已发货', '第一书记'),
        ('提交退款 ¥10.00', '第一书记'),
        ('已收货，订单完成', '您'),
        ('收益记入协议池', '系统'),
    ]
    notes = [step.note for step in timeline_of(order, [])]
    assert '中通快递 75123456789012' in notes, 'each parcel stands beside the step that sent it'


def test_what_the_shop_did_by_itself_is_not_laid_on_the_buyer(product, clock_hand):
    expired, cancelled, sent = place((product, 1)).orders[0], place((product, 1)).orders[0], ship(bought((product, 1)))
    with transaction():
        cancel_order(cancelled, actor=None, at=clock.now(), reason=CANCELLED_BY_BUYER)
    clock_hand.move(days=11)
    with transaction():
        expire_orders(at=clock.now())
        receive_due_orders(at=clock.now())
    assert told(expired)[-1] == ('订单取消', '系统')
    assert told(cancelled)[-1] == ('订单取消', '您')
    assert told(sent)[-2:] == [('已收货，订单完成', '系统'), ('收益记入协议池', '系统')]


def test_parcels_stand_apart_with_their_pieces_and_where_to_follow_them(client, product):
    shopper = make_user(name='李晓')
    order = place((product, 3), actor=shopper).orders[0]
    client.sign_in(shopper)
    assert 'id="parcels"' not in client.get(f'/orders/{order.number}').text
    order = bought((product, 3))
    with transaction():
        pieces, at = {order.lines[0].id: 2}, clock.now()
        ship_order(order, pieces, Courier.ZTO, '75123456789012', receive_within=RECEIVE_WITHIN, actor=None, at=at)
    page = order_page(order, at=clock.now())
    (parcel,) = page.parcels
    assert (parcel.courier, parcel.number) == ('中通快递', '75123456789012')
    assert parcel.address.endswith('txtBill=75123456789012')
    assert [(line.product_name, quantity) for line, quantity in parcel.pieces] == [('秋木耳', 2)]
    assert [line.unshipped for line in page.waiting] == [1]
    assert not order_page(ship(order), at=clock.now()).waiting


def test_time_decides_what_can_be_paid_and_received_however_late_the_worker_is(client, product, clock_hand):
    shopper = make_user(name='李晓')
    checkout = place((product, 1), actor=shopper)
    number = checkout.orders[0].number
    client.sign_in(shopper)
    clock_hand.move(minutes=30)
    page = client.get(f'/orders/{number}').text
    assert '付款时限已过' in page
    assert '去付款' not in page
    client.post(f'/orders/{number}/payment')
    assert '已经不能付款了' in client.get(f'/orders/{number}').text
    sent = ship(bought((product, 1)))
    clock_hand.move(days=30)
    with transaction():
        assert receive_due_orders(at=clock.now()) == 1
    assert sent.completed_at == clock.now()


def test_what_is_given_back_and_has_not_arrived_is_said_apart(client, product, clock_hand):
    order = bought((product, 3))
    with transaction():
        refund_lines(
            order, [Piece(order.lines[0].id, 1, 1000)], freight_fen=0, reason='坏果', actor=None, at=clock.now()
        )
    money = order_page(order, at=clock.now()).money
    assert money is not None
    assert (money.refunded_fen, money.kept_fen, money.on_its_way_fen) == (1000, 2000, 1000)
    with transaction():
        refunds_of(order.id)[0].status = RefundStatus.SUCCEEDED
        refunds_of(order.id)[0].succeeded_at = clock.now()
    money = order_page(order, at=clock.now()).money
    assert money is not None
    assert (money.refunded_fen, money.on_its_way_fen) == (1000, 0)
