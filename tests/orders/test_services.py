"""The life of an order: paid, cancelled, expired, shipped, completed, closed."""

import threading
from datetime import timedelta
from itertools import product as pairs

import pytest
from sqlalchemy import event, func, select, text

from shop.accounts.models import Role
from shop.benefits.models import VersionStatus
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import BenefitEntry, SalesEntry
from shop.ledger.receipts import confirm_receipt, receive_due_orders
from shop.orders.couriers import TrackingNumberError
from shop.orders.models import ORDER_MOVES, Courier, Order, OrderEvent, OrderMoveError, OrderStatus, ShipmentLine
from shop.orders.services import (
    ShipmentPiecesError,
    cancel_order,
    close_order,
    expire_orders,
    mark_paid,
    ship_order,
)
from shop.villages.models import TenureStatus
from tests.factories.accounts import make_user
from tests.factories.benefits import make_version
from tests.factories.endorsements import make_endorsement, make_listed_product
from tests.factories.ledger import pool_of, version_of
from tests.factories.orders import RECEIVE_WITHIN, WINDOW, bought, pay, place, receive, ship, stock_of
from tests.factories.suppliers import make_supplier
from tests.factories.villages import make_tenure, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

S = OrderStatus


def cancel(order: Order, *, actor=None) -> None:
    with transaction():
        cancel_order(order, actor=actor, at=clock.now(), reason='买家取消')


def expire() -> int:
    with transaction():
        return expire_orders(at=clock.now())


def receive_due() -> int:
    with transaction():
        return receive_due_orders(at=clock.now())


def send(order: Order, pieces: dict[int, int], *, courier=Courier.ZTO, number='751234567890', actor=None):
    with transaction():
        return ship_order(order, pieces, courier, number, receive_within=RECEIVE_WITHIN, actor=actor, at=clock.now())


def told(order: Order) -> list[tuple[OrderStatus | None, OrderStatus]]:
    return [(event.from_status, event.to_status) for event in order.events]


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_an_order_moves_only_along_its_life():
    for before, after in pairs(S, S):
        order = Order(status=before)
        if after in ORDER_MOVES[before]:
            order.move(after, actor_id=None, at=clock.now(), reason='为何')
            assert order.status is after
            assert [(e.from_status, e.to_status, e.reason) for e in order.events] == [(before, after, '为何')]
        else:
            with pytest.raises(OrderMoveError, match=f'“{before.label}”，不能改为“{after.label}”'):
                order.move(after, actor_id=None, at=clock.now())
            assert (order.status, order.events) == (before, [])


def test_every_status_has_its_moves_and_the_ends_have_none():
    assert set(ORDER_MOVES) == set(S)
    assert {status for status, moves in ORDER_MOVES.items() if not moves} == {S.CANCELLED, S.CLOSED}
    assert S.PENDING_PAYMENT not in frozenset().union(*ORDER_MOVES.values())


def test_a_move_cannot_be_flushed_half_way():
    product = make_listed_product()
    order_id = bought((product, 1)).id
    db.session.expunge_all()
    with transaction() as session:
        order = session.get_one(Order, order_id)
        order.move(S.AWAITING_RECEIPT, actor_id=None, at=clock.now())
    db.session.expunge_all()
    with transaction() as session:
        confirm_receipt(session.get_one(Order, order_id), actor=None, at=clock.now())
    assert db.session.get_one(Order, order_id).status is S.COMPLETED


def test_a_paid_order_waits_to_be_sent_and_keeps_when():
    order = place((make_listed_product(), 1)).orders[0]
    clock.shift(timedelta(minutes=5))
    with transaction():
        mark_paid(order, at=clock.now())
    assert (order.status, order.paid_at, order.is_paid) == (S.AWAITING_SHIPMENT, clock.now(), True)
    assert told(order)[-1] == (S.PENDING_PAYMENT, S.AWAITING_SHIPMENT)


def test_what_holds_when_it_is_paid_counts_not_what_held_when_it_was_placed():
    product = make_listed_product(rule=600)
    order = place((product, 2)).orders[0]
    line, before = order.lines[0], version_of(product)
    assert (line.agreement_version_id, line.benefit_fen) == (before.id, 1200)
    with transaction():
        before.status, before.ended_on = VersionStatus.SUPERSEDED, clock.today()
        db.session.scalars(select(Endorsement)).one().status = EndorsementStatus.DELISTED
        line.tenure.status, line.tenure.ends_on = TenureStatus.ROTATED, clock.today()
    version = make_version(product, rule=800)
    endorsement = make_endorsement(product, make_tenure(product.village), status=EndorsementStatus.LISTED)
    with transaction():
        mark_paid(order, at=clock.now())
    assert (line.endorsement_id, line.tenure_id) == (endorsement.id, endorsement.tenure_id)
    assert (line.agreement_version_id, line.benefit_fen) == (version.id, 1600)


def test_a_product_taken_off_sale_before_it_was_paid_keeps_what_held():
    product = make_listed_product(rule=600)
    order = place((product, 2)).orders[0]
    line = order.lines[0]
    held = (line.endorsement_id, line.tenure_id, line.agreement_version_id, line.benefit_fen)
    with transaction():
        db.session.scalars(select(Endorsement)).one().status = EndorsementStatus.PAUSED
    with transaction():
        mark_paid(order, at=clock.now())
    assert (line.endorsement_id, line.tenure_id, line.agreement_version_id, line.benefit_fen) == held
    assert order.status is S.AWAITING_SHIPMENT


def test_a_cancelled_order_puts_every_unit_back_once():
    supplier = make_supplier()
    ear, nuts = make_listed_product(supplier=supplier), make_listed_product(supplier=supplier)
    user = make_user()
    order = place((ear, 2), (nuts, 3), actor=user).orders[0]
    assert (stock_of(ear), stock_of(nuts)) == (8, 7)
    cancel(order, actor=user)
    assert (stock_of(ear), stock_of(nuts)) == (10, 10)
    assert order.events[-1].actor_id == user.id
    with pytest.raises(OrderMoveError):
        cancel(order)
    assert (stock_of(ear), stock_of(nuts)) == (10, 10)
    assert told(order) == [(None, S.PENDING_PAYMENT), (S.PENDING_PAYMENT, S.CANCELLED)]


def test_a_paid_order_is_not_cancelled():
    product = make_listed_product()
    order = bought((product, 2))
    with pytest.raises(OrderMoveError):
        cancel(order)
    assert stock_of(product) == 8


def test_an_unpaid_order_expires_when_its_time_is_over_and_not_before():
    product = make_listed_product()
    order = place((product, 2)).orders[0]
    clock.shift(WINDOW - timedelta(microseconds=1))
    assert expire() == 0
    assert (order.status, stock_of(product)) == (S.PENDING_PAYMENT, 8)
    clock.shift(timedelta(microseconds=1))
    assert expire() == 1
    assert (order.status, stock_of(product)) == (S.CANCELLED, 10)
    assert (order.events[-1].actor_id, order.events[-1].reason) == (None, '超过付款时限，自动取消')
    assert expire() == 0
    assert stock_of(product) == 10


def test_only_what_is_unpaid_expires():
    product = make_listed_product(stock=20)
    bought((product, 1))
    cancel(place((product, 2)).orders[0])
    place((product, 4))
    clock.shift(timedelta(days=1))
    place((product, 8))
    assert expire() == 1
    assert stock_of(product) == 20 - 1 - 8


def test_expiring_puts_the_stock_of_all_orders_back_in_one_pass_in_key_order():
    """Order by order the variants would be locked out of turn, and a buyer of both be caught in a ring."""
    supplier = make_supplier()
    first, second = make_listed_product(supplier=supplier), make_listed_product(supplier=supplier)
    for pieces in ([(second, 1)], [(first, 2), (second, 3)], [(first, 4)]):
        place(*pieces)
    clock.shift(WINDOW)
    updated: list[int] = []

    def watch(_connection, _cursor, statement, parameters, *_rest) -> None:
        if statement.startswith('UPDATE variants'):
            values = list(parameters.values()) if isinstance(parameters, dict) else list(parameters)
            updated.append(values[-1])

    event.listen(db.engine, 'before_cursor_execute', watch)
    try:
        assert expire() == 3
    finally:
        event.remove(db.engine, 'before_cursor_execute', watch)
    assert updated == [first.variants[0].id, second.variants[0].id]
    assert (stock_of(first), stock_of(second)) == (10, 10)


def test_a_whole_parcel_starts_the_time_to_receive():
    order = bought((make_listed_product(), 2))
    member = make_user(Role.TEAM_MEMBER, village=order.village)
    shipment = send(order, {order.lines[0].id: 2}, number=' 7512 3456 7890 ', actor=member)
    assert (order.status, order.shipped_at) == (S.AWAITING_RECEIPT, clock.now())
    assert order.receive_by == clock.now() + RECEIVE_WITHIN
    assert (shipment.courier, shipment.tracking_number, shipment.shipped_by_id) == (
        Courier.ZTO, '751234567890', member.id,
    )  # fmt: skip
    assert [(piece.order_line_id, piece.quantity) for piece in shipment.lines] == [(order.lines[0].id, 2)]
    assert (order.events[-1].actor_id, order.events[-1].reason) == (member.id, '中通快递 751234567890')


def test_parcels_go_out_one_after_another_until_nothing_waits():
    supplier = make_supplier()
    order = bought((make_listed_product(supplier=supplier), 3), (make_listed_product(supplier=supplier), 1))
    ear, nuts = order.lines
    send(order, {ear.id: 1}, number='750000000001')
    assert (order.status, ear.unshipped, nuts.unshipped) == (S.PARTLY_SHIPPED, 2, 1)
    assert (order.shipped_at, order.receive_by) == (None, None)
    send(order, {ear.id: 1, nuts.id: 0}, number='750000000002')
    assert order.status is S.PARTLY_SHIPPED
    send(order, {ear.id: 1, nuts.id: 1}, number='750000000003')
    assert (order.status, ear.unshipped, nuts.unshipped) == (S.AWAITING_RECEIPT, 0, 0)
    assert [len(shipment.lines) for shipment in order.shipments] == [1, 1, 2]
    assert told(order)[2:] == [
        (S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED),
        (S.PARTLY_SHIPPED, S.PARTLY_SHIPPED),
        (S.PARTLY_SHIPPED, S.AWAITING_RECEIPT),
    ]


@pytest.mark.parametrize('units', [0, 4, -1])
def test_more_than_waits_or_nothing_is_not_sent(units):
    order = bought((make_listed_product(), 3))
    with pytest.raises(ShipmentPiecesError) as refused:
        send(order, {order.lines[0].id: units})
    assert refused.value.field == 'pieces'
    assert (order.status, order.lines[0].shipped_quantity, order.shipments) == (S.AWAITING_SHIPMENT, 0, [])


def test_a_line_of_another_order_is_not_sent():
    product = make_listed_product()
    order, other = bought((product, 1)), bought((product, 1))
    with pytest.raises(ShipmentPiecesError):
        send(order, {other.lines[0].id: 1})
    assert count(ShipmentLine) == 0


@pytest.mark.parametrize('state', ['unpaid', 'sent', 'cancelled'])
def test_an_order_that_does_not_wait_for_a_parcel_gets_none(state):
    order = place((make_listed_product(), 2)).orders[0]
    if state == 'sent':
        pay(order.checkout)
        ship(order)
    elif state == 'cancelled':
        cancel(order)
    before = order.lines[0].shipped_quantity
    with pytest.raises((OrderMoveError, ShipmentPiecesError)):
        send(order, {order.lines[0].id: 1})
    assert order.lines[0].shipped_quantity == before


def test_a_number_of_another_courier_is_refused_before_anything_is_sent():
    order = bought((make_listed_product(), 1))
    with pytest.raises(TrackingNumberError, match='中通快递') as refused:
        send(order, {order.lines[0].id: 1}, courier=Courier.ZTO, number='SF1234567890123')
    assert refused.value.field == 'tracking_number'
    assert order.status is S.AWAITING_SHIPMENT


@pytest.mark.parametrize('database_kind', ['postgresql'], indirect=True)
def test_a_parcel_sent_meanwhile_is_not_forgotten(app):
    """Only PostgreSQL lets two people begin at once; SQLite has them wait before they read."""
    order = bought((make_listed_product(), 3))
    order_id, line_id, at = order.id, order.lines[0].id, clock.now()
    facts = {'receive_within': RECEIVE_WITHIN, 'actor': None, 'at': at}

    def send_one() -> None:
        with app.app_context(), transaction() as session:
            ship_order(session.get_one(Order, order_id), {line_id: 1}, Courier.ZTO, '750000000001', **facts)

    with transaction() as session:
        order = session.get_one(Order, order_id)
        seen = list(order.lines)
        assert seen[0].unshipped == 3
        colleague = threading.Thread(target=send_one)
        colleague.start()
        colleague.join()
        ship_order(order, {line_id: 1}, Courier.ZTO, '750000000002', **facts)
    assert (order.status, order.lines[0].shipped_quantity) == (S.PARTLY_SHIPPED, 2)
    with pytest.raises(ShipmentPiecesError):
        send(order, {line_id: 2}, number='750000000003')


def test_a_received_order_credits_its_households_once():
    product = make_listed_product(rule=600)
    order = ship(bought((product, 2)))
    assert count(BenefitEntry) == 0
    user = make_user()
    receive(order, actor=user)
    assert (order.status, order.completed_at, order.is_completed) == (S.COMPLETED, clock.now(), True)
    assert (order.events[-1].actor_id, order.events[-1].reason) == (user.id, '')
    with pytest.raises(OrderMoveError):
        receive(order, actor=user)
    assert (count(BenefitEntry), pool_of(product).amount_fen) == (1, 1200)


@pytest.mark.parametrize('state', ['unpaid', 'unsent', 'partly sent'])
def test_an_order_that_is_not_on_its_way_is_not_received(state):
    order = place((make_listed_product(), 2)).orders[0]
    if state != 'unpaid':
        pay(order.checkout)
    if state == 'partly sent':
        send(order, {order.lines[0].id: 1})
    with pytest.raises(OrderMoveError):
        receive(order)
    assert (order.completed_at, count(BenefitEntry)) == (None, 0)


def test_a_sent_order_is_received_by_itself_when_its_time_has_come():
    product = make_listed_product(stock=20, rule=600)
    order = ship(bought((product, 2)))
    waiting = bought((product, 1))
    clock.shift(RECEIVE_WITHIN - timedelta(microseconds=1))
    late = ship(bought((product, 4)))
    assert receive_due() == 0
    clock.shift(timedelta(microseconds=1))
    assert receive_due() == 1
    assert (order.status, order.events[-1].reason) == (S.COMPLETED, '到期自动收货')
    assert (waiting.status, late.status) == (S.AWAITING_SHIPMENT, S.AWAITING_RECEIPT)
    assert receive_due() == 0
    assert pool_of(product).amount_fen == 1200


def test_many_received_at_once_credit_each_pool_under_one_lock():
    village = make_village()
    tenure = make_tenure(village)
    first, second = (make_listed_product(tenure=tenure, rule=rule, stock=99) for rule in (100, 10))
    for pieces in ([(second, 1)], [(first, 2)], [(second, 4), (first, 1)]):
        ship_all(place(*pieces))
    clock.shift(RECEIVE_WITHIN)
    locked: list[str] = []

    def watch(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith('SELECT benefit_pools') and 'ORDER BY benefit_pools.id' in statement:
            locked.append(statement)

    event.listen(db.engine, 'before_cursor_execute', watch)
    try:
        assert receive_due() == 4
    finally:
        event.remove(db.engine, 'before_cursor_execute', watch)
    assert len(locked) <= 2, 'once to look, once more after the missing ones were made'
    assert (pool_of(first).amount_fen, pool_of(second).amount_fen) == (300, 50)
    assert count(BenefitEntry) == 4


def ship_all(checkout) -> None:
    pay(checkout)
    for order in checkout.orders:
        ship(order)


@pytest.mark.parametrize('state', ['unsent', 'sent', 'completed'])
def test_a_paid_order_can_be_closed_and_its_past_stays(state):
    product = make_listed_product()
    order = bought((product, 2))
    if state != 'unsent':
        ship(order)
    if state == 'completed':
        receive(order)
    entries = (count(SalesEntry), count(BenefitEntry))
    with transaction():
        close_order(order, actor=None, at=clock.now(), reason='全部退款')
    assert (order.status, order.events[-1].reason) == (S.CLOSED, '全部退款')
    assert (count(SalesEntry), count(BenefitEntry)) == entries
    assert stock_of(product) == 8, 'putting goods back on the shelf is the decision of the village'


def test_an_unpaid_order_is_cancelled_not_closed():
    order = place((make_listed_product(), 1)).orders[0]
    with pytest.raises(OrderMoveError), transaction():
        close_order(order, actor=None, at=clock.now(), reason='')
    assert order.status is S.PENDING_PAYMENT


@pytest.mark.parametrize('statement', ["UPDATE order_events SET reason = ''", 'DELETE FROM order_events'])
def test_what_happened_to_an_order_is_not_rewritten(statement):
    place((make_listed_product(), 1))
    before = count(OrderEvent)
    with pytest.raises(Exception, match='append-only'), transaction() as session:
        session.execute(text(statement))
    assert count(OrderEvent) == before
