"""Refunds: parts sum exactly, benefit goes along to the fen, nothing goes below zero."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from shop.benefits.models import RuleKind
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitEntry, SalesEntry
from shop.orders.models import Order, OrderStatus
from shop.payments.models import Payment, Refund, RefundLine, RefundStatus
from shop.payments.refunds import (
    NothingToRefundError,
    Piece,
    RefundTooLargeError,
    benefit_part,
    refund_lines,
    refund_payment,
    refund_whole_order,
    refunded_of_payment,
    refunds_of,
)
from shop.payments.services import GATEWAYS
from shop.payments.worker import deliver_within
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of, make_payout, pool_of
from tests.factories.orders import bought, make_freight, pay, place, receive, ship, stock_of
from tests.factories.suppliers import make_supplier

S = OrderStatus
database = pytest.mark.usefixtures('app', 'clock_hand')
ON_DATABASE = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def refund(order: Order, *pieces: Piece, freight_fen: int = 0, reason: str = '坏果', actor=None) -> Refund:
    with transaction():
        return refund_lines(order, pieces, freight_fen=freight_fen, reason=reason, actor=actor, at=clock.now())


def refund_whole(order: Order) -> Refund:
    with transaction():
        return refund_whole_order(order, reason='不要了', actor=None, at=clock.now())


def total(column, *where) -> int:
    return db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(*where)) or 0


def sold() -> int:
    return total(SalesEntry.amount_fen)


@st.composite
def sequences(draw) -> tuple[int, int, list[int]]:
    """A line's net, its benefit, and parts that together refund it whole."""
    net = draw(st.integers(1, 10**9))
    cuts = sorted(draw(st.sets(st.integers(1, net), max_size=12)) | {net})
    return net, draw(st.integers(0, net)), [cut - before for before, cut in zip([0, *cuts], cuts, strict=False)]


@given(sequences())
def test_the_parts_of_a_whole_refund_take_along_the_whole_benefit(case):
    net, benefit, parts = case
    refunded = taken = 0
    for part in parts:
        piece = benefit_part(benefit, net, refunded, part)
        assert 0 <= piece <= part
        refunded, taken = refunded + part, taken + piece
        assert taken == benefit * refunded // net
        assert 0 <= benefit - taken <= net - refunded
    assert (refunded, taken) == (net, benefit)


@given(sequences())
def test_what_is_kept_is_never_less_than_the_share_of_what_was_kept(case):
    net, benefit, parts = case
    refunded = taken = 0
    for part in parts:
        taken += benefit_part(benefit, net, refunded, part)
        refunded += part
        assert (benefit - taken) * net >= benefit * (net - refunded)


def test_a_line_that_cost_nothing_takes_nothing_along():
    assert benefit_part(0, 0, 0, 0) == 0


@database
@ON_DATABASE
@given(data=st.data())
def test_any_sequence_of_refunds_leaves_a_book_that_can_be_proved(app, data):
    quantity, price = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 9_999))
    rule = data.draw(st.integers(1, 10_000))
    completes_after = data.draw(st.integers(0, 4))
    product = make_listed_product(price_fen=price, rule=rule, rule_kind=RuleKind.BP_OF_NET, stock=10)
    order = ship(bought((product, quantity)))
    line = order.lines[0]
    before, fen, units = sold(), line.net_fen, quantity
    for turn in range(4):
        if turn == completes_after and order.status is S.AWAITING_RECEIPT:
            receive(order)
        if fen:
            part = data.draw(st.integers(1, fen))
            back = data.draw(st.integers(0, units))
            refund(order, Piece(line.id, back, part))
            fen, units = fen - part, units - back
    if completes_after == 4 and order.status is S.AWAITING_RECEIPT:
        receive(order)
    kept = line.benefit_fen - line.benefit_fen * (line.net_fen - fen) // line.net_fen
    assert before - sold() == line.net_fen - fen
    assert (order.status is S.CLOSED) == (fen == 0)
    if order.is_completed:
        assert pool_of(product).amount_fen == kept
    assert find_faults() == []


@database
def test_a_piece_goes_back_with_its_part_of_the_benefit():
    product = make_listed_product(price_fen=1000, rule=333)
    user = make_user()
    order = bought((product, 3))
    row = refund(order, Piece(order.lines[0].id, 1, 1000), reason='坏' * 300, actor=user)
    assert (row.amount_fen, row.freight_fen, row.status) == (1000, 0, RefundStatus.REQUESTED)
    assert (row.requested_at, row.requested_by_id, row.reason) == (clock.now(), user.id, '坏' * 200)
    assert [(piece.amount_fen, piece.quantity, piece.benefit_fen) for piece in row.lines] == [(1000, 1, 333)]
    assert (sold(), order.status, stock_of(product)) == (2000, S.AWAITING_SHIPMENT, 7)


@database
def test_an_order_refunded_whole_is_closed_freight_included():
    supplier = make_supplier()
    make_freight(supplier)
    order = bought((make_listed_product(supplier=supplier), 2), (make_listed_product(supplier=supplier), 1))
    assert order.freight_fen == 1400
    row = refund_whole(order)
    assert (row.amount_fen, row.freight_fen) == (order.total_fen, 1400)
    assert [(piece.amount_fen, piece.quantity) for piece in row.lines] == [(7980, 2), (3990, 1)]
    assert (order.status, order.events[-1].reason, sold()) == (S.CLOSED, '不要了', 0)
    with pytest.raises(NothingToRefundError):
        refund_whole(order)
    assert len(refunds_of(order.id)) == 1


@database
def test_the_rest_of_an_order_goes_back_after_its_parts_to_the_fen():
    supplier = make_supplier()
    make_freight(supplier)
    order = bought(
        (make_listed_product(supplier=supplier, price_fen=1000), 3), (make_listed_product(supplier=supplier), 1)
    )
    first, second = order.lines
    refund(order, Piece(first.id, 1, 999), freight_fen=100)
    refund(order, Piece(second.id, 1, 3990))
    row = refund_whole(order)
    assert [(piece.order_line_id, piece.quantity, piece.amount_fen) for piece in row.lines] == [(first.id, 2, 2001)]
    assert row.freight_fen == order.freight_fen - 100
    assert sum(row.amount_fen for row in refunds_of(order.id)) == order.total_fen
    assert (order.status, sold()) == (S.CLOSED, 0)
    assert total(RefundLine.benefit_fen) == sum(line.benefit_fen for line in order.lines)


@database
def test_parts_that_come_to_the_whole_close_the_order_too():
    order = bought((make_listed_product(price_fen=1000), 2))
    line = order.lines[0]
    refund(order, Piece(line.id, 1, 1000))
    assert order.status is S.AWAITING_SHIPMENT
    refund(order, Piece(line.id, 1, 1000))
    assert order.status is S.CLOSED


@database
@pytest.mark.parametrize(
    'piece', [Piece(0, 1, 7981), Piece(0, 3, 100), Piece(0, -1, 100), Piece(0, 1, 0), Piece(0, 1, -5)], ids=str
)
def test_more_than_was_sold_or_nothing_at_all_does_not_go_back(piece):
    order = bought((make_listed_product(price_fen=3990), 2))
    with pytest.raises((RefundTooLargeError, NothingToRefundError)):
        refund(order, replace(piece, line_id=order.lines[0].id))
    with pytest.raises((RefundTooLargeError, NothingToRefundError)):
        refund(order, replace(piece, line_id=order.lines[0].id), freight_fen=order.freight_fen)
    assert (sold(), refunds_of(order.id)) == (7980, [])


@database
def test_after_a_part_only_the_rest_can_go_back():
    order = bought((make_listed_product(price_fen=3990), 2))
    line = order.lines[0]
    refund(order, Piece(line.id, 1, 5000))
    for piece in (Piece(line.id, 1, 2981), Piece(line.id, 2, 100)):
        with pytest.raises(RefundTooLargeError, match=r'最多还能退 1 件、¥29\.80'):
            refund(order, piece)
    refund(order, Piece(line.id, 1, 2980))
    assert sold() == 0


@database
@pytest.mark.parametrize('freight', [1101, -1])
def test_more_freight_than_was_paid_does_not_go_back(freight):
    product = make_listed_product()
    make_freight(product.supplier)
    order = bought((product, 2))
    assert order.freight_fen == 1100
    with pytest.raises(RefundTooLargeError, match='运费'):
        refund(order, Piece(order.lines[0].id, 1, 3990), freight_fen=freight)
    refund(order, Piece(order.lines[0].id, 1, 3990), freight_fen=600)
    with pytest.raises(RefundTooLargeError, match='运费'):
        refund(order, Piece(order.lines[0].id, 1, 3990), freight_fen=501)


@database
def test_a_line_of_another_order_does_not_go_back():
    product = make_listed_product()
    order, other = bought((product, 1)), bought((product, 1))
    with pytest.raises(NothingToRefundError, match='不在这笔订单'):
        refund(order, Piece(other.lines[0].id, 1, 3990))
    assert sold() == 2 * 3990


@database
def test_one_line_is_named_once_in_a_refund():
    order = bought((make_listed_product(), 2))
    piece = Piece(order.lines[0].id, 1, 3990)
    with pytest.raises(ValueError, match='one piece per line'):
        refund(order, piece, piece)
    assert sold() == 7980


@database
@pytest.mark.parametrize('state', ['unpaid', 'closed'])
def test_what_is_not_paid_for_does_not_go_back(state):
    order = place((make_listed_product(), 2)).orders[0]
    if state == 'closed':
        pay(order.checkout)
        refund_whole(order)
    before = sold()
    with pytest.raises(NothingToRefundError):
        refund(order, Piece(order.lines[0].id, 1, 100))
    with pytest.raises(NothingToRefundError):
        refund_whole(order)
    assert sold() == before


@database
def test_nothing_chosen_is_nothing_to_refund():
    order = bought((make_listed_product(), 2))
    with pytest.raises(NothingToRefundError):
        refund(order)


@database
def test_freight_alone_goes_back_and_the_book_does_not_know_of_it():
    supplier = make_supplier()
    make_freight(supplier)
    order = bought((make_listed_product(supplier=supplier, price_fen=1000), 2))
    row = refund(order, freight_fen=300)
    assert (row.amount_fen, row.freight_fen, row.lines, sold()) == (300, 300, [], 2000)
    with pytest.raises(RefundTooLargeError):
        refund(order, freight_fen=order.freight_fen - 299)
    assert find_faults() == []


@database
def test_before_completion_the_pool_never_hears_of_it():
    product = make_listed_product(price_fen=1000, rule=600)
    order = ship(bought((product, 3)))
    refund(order, Piece(order.lines[0].id, 1, 1000))
    assert total(BenefitEntry.amount_fen) == 0
    receive(order)
    assert pool_of(product).amount_fen == 1200


@database
def test_after_completion_its_part_leaves_the_pool_to_the_fen():
    product = make_listed_product(price_fen=1000, rule=100)
    order = receive(ship(bought((product, 3))))
    taken = []
    for fen in (1, 998, 1001, 1000):
        refund(order, Piece(order.lines[0].id, 0, fen))
        taken.append(300 - pool_of(product).amount_fen)
    assert taken == [0, 99, 200, 300]
    assert (order.status, pool_of(product).amount_fen) == (S.CLOSED, 0)


@database
def test_after_a_payout_the_supplier_bears_what_the_household_keeps():
    product = make_listed_product(price_fen=1000, rule=600, households=1)
    order = receive(ship(bought((product, 2))))
    make_payout(pool_of(product), households_of(product)[0], 1000)
    refund_whole(order)
    entry = db.session.scalars(select(BenefitEntry).where(BenefitEntry.refund_line_id.is_not(None))).one()
    assert (entry.amount_fen, entry.borne_by_supplier_fen, pool_of(product).amount_fen) == (-200, 1000, 1000)
    assert find_faults() == []


@database
def test_the_provider_is_asked_once_and_confirms():
    order = bought((make_listed_product(), 2))
    row = refund_whole(order)
    for _ in range(2):
        with transaction():
            GATEWAYS['sandbox'].request_refund(row, at=clock.now())
    clock.shift(timedelta(minutes=1))
    assert deliver_within(at=clock.now()) == 1
    db.session.refresh(row)
    assert (row.status, row.succeeded_at) == (RefundStatus.SUCCEEDED, clock.now() - timedelta(minutes=1))


@database
def test_of_a_payment_no_more_goes_back_than_was_paid():
    checkout = place((make_listed_product(price_fen=3990), 2))
    payment = pay(checkout)
    with transaction():
        refund_payment(payment, 7979, reason='多付', at=clock.now())
    assert refunded_of_payment(payment.id) == 7979
    with pytest.raises(RefundTooLargeError), transaction():
        refund_payment(payment, 2, reason='多付', at=clock.now())
    with transaction() as session:
        session.scalars(select(Refund)).one().status = RefundStatus.FAILED
    assert refunded_of_payment(payment.id) == 0


@database
def test_orders_of_one_checkout_are_refunded_apart():
    checkout = place((make_listed_product(), 1), (make_listed_product(price_fen=100), 1))
    pay(checkout)
    first, second = checkout.orders
    refund_whole(first)
    assert (first.status, second.status) == (S.CLOSED, S.AWAITING_SHIPMENT)
    payment = db.session.scalars(select(Payment)).one()
    assert refunded_of_payment(payment.id) == first.total_fen
    refund_whole(second)
    assert refunded_of_payment(payment.id) == payment.amount_fen
    assert find_faults() == []
