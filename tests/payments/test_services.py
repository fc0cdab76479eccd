"""Starting a payment and settling what was paid, on time, late, twice, or for a part of the orders."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import SalesEntry
from shop.orders.models import Checkout, Order, OrderStatus
from shop.orders.services import PaymentWindowClosedError, cancel_order, expire_orders
from shop.payments.models import EventOutcome, Payment, PaymentEvent, PaymentStatus, Refund, RefundStatus
from shop.payments.sandbox import SandboxGateway, signed_headers
from shop.payments.services import require_gateway, settle_payment, start_payment
from shop.payments.worker import deliver_within, receive_event
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import WINDOW, bought, make_payment, pay, place, stock_of

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

S = OrderStatus


@pytest.fixture
def product() -> Product:
    return make_listed_product(price_fen=3990)


def settle(payment: Payment, *, occurred_at: datetime | None = None) -> EventOutcome:
    with transaction():
        return settle_payment(payment, occurred_at=occurred_at or clock.now(), at=clock.now())


def start(checkout: Checkout) -> Payment:
    with transaction():
        return start_payment(checkout, 'sandbox', at=clock.now())


def cancel(order: Order) -> None:
    with transaction():
        cancel_order(order, actor=None, at=clock.now(), reason='买家取消')


def expire() -> None:
    with transaction():
        expire_orders(at=clock.now())


def second_payment_of(checkout: Checkout) -> Payment:
    with transaction() as session:
        payment = Payment(
            checkout_id=checkout.id, gateway='sandbox', reference=f'second {checkout.id}',
            amount_fen=checkout.total_fen, status=PaymentStatus.PENDING, settles_orders=False, created_at=clock.now(),
        )  # fmt: skip
        session.add(payment)
    return payment


def refunds() -> list[tuple[int, int | None, RefundStatus]]:
    rows = db.session.scalars(select(Refund).order_by(Refund.id).execution_options(populate_existing=True))
    return [(refund.amount_fen, refund.order_id, refund.status) for refund in rows]


def sold() -> int:
    return db.session.scalar(select(func.coalesce(func.sum(SalesEntry.amount_fen), 0))) or 0


def test_a_gateway_nobody_has_is_refused_by_name_before_anybody_pays():
    require_gateway('sandbox')
    with pytest.raises(ValueError, match="PAYMENT_GATEWAY is one of sandbox, stripe, transfer, not 'alipay'"):
        require_gateway('alipay')


def test_a_payment_is_for_the_whole_checkout():
    checkout = place((make_listed_product(price_fen=3990), 2), (make_listed_product(price_fen=100), 1))
    payment = start(checkout)
    assert len(checkout.orders) == 2
    assert (payment.amount_fen, payment.status, payment.settles_orders) == (8080, PaymentStatus.PENDING, False)
    assert len(payment.reference) >= 40


def test_going_on_with_a_payment_starts_no_second_one(product):
    checkout = place((product, 1))
    assert start(checkout).id == start(checkout).id
    assert db.session.scalar(select(func.count()).select_from(Payment)) == 1


def test_each_gateway_has_a_payment_of_its_own(product):
    checkout = place((product, 1))
    with transaction():
        assert (
            start_payment(checkout, 'another', at=clock.now()).id
            != start_payment(checkout, 'sandbox', at=clock.now()).id
        )


def test_a_payment_starts_until_the_time_is_over(product):
    checkout = place((product, 1))
    clock.shift(WINDOW - timedelta(microseconds=1))
    start(checkout)
    clock.shift(timedelta(microseconds=1))
    with pytest.raises(PaymentWindowClosedError, match='重新下单'):
        start(checkout)


@pytest.mark.parametrize('state', ['cancelled', 'paid'])
def test_what_need_not_be_paid_starts_no_payment(product, state):
    checkout = place((product, 1))
    if state == 'paid':
        pay(checkout)
    else:
        cancel(checkout.orders[0])
    with pytest.raises(PaymentWindowClosedError):
        start(checkout)


def test_settling_pays_every_order_of_the_checkout_at_the_time_it_happened():
    checkout = place((make_listed_product(), 2), (make_listed_product(), 1))
    payment = start(checkout)
    paid_at = clock.now()
    clock.shift(timedelta(minutes=3))
    assert settle(payment, occurred_at=paid_at) is EventOutcome.SETTLED
    assert {(order.status, order.paid_at) for order in checkout.orders} == {(S.AWAITING_SHIPMENT, paid_at)}
    assert (payment.settles_orders, payment.succeeded_at) == (True, paid_at)
    assert (sold(), refunds()) == (3 * 3990, [])


def test_money_for_a_cancelled_order_goes_back_by_itself(product):
    checkout = place((product, 2))
    payment = start(checkout)
    cancel(checkout.orders[0])
    assert settle(payment) is EventOutcome.LATE_PAYMENT
    assert (payment.status, payment.settles_orders) == (PaymentStatus.SUCCEEDED, False)
    assert refunds() == [(7980, None, RefundStatus.REQUESTED)]
    assert (sold(), stock_of(product), checkout.orders[0].status) == (0, 10, S.CANCELLED)
    deliver_within(at=clock.now())
    assert refunds() == [(7980, None, RefundStatus.SUCCEEDED)]


def test_money_paid_too_late_goes_back_though_the_worker_has_not_expired_the_order(product):
    checkout = place((product, 2))
    payment = start(checkout)
    clock.shift(WINDOW)
    assert settle(payment) is EventOutcome.LATE_PAYMENT
    order = checkout.orders[0]
    assert (order.status, order.events[-1].reason) == (S.CANCELLED, '超过付款时限，自动取消')
    assert (stock_of(product), sold()) == (10, 0)
    assert refunds() == [(7980, None, RefundStatus.REQUESTED)]
    expire()
    assert stock_of(product) == 10


def test_money_paid_at_the_last_moment_counts_however_late_the_event_comes(product):
    checkout = place((product, 2))
    payment = start(checkout)
    paid_at = clock.now() + WINDOW - timedelta(microseconds=1)
    clock.shift(timedelta(days=3))
    assert settle(payment, occurred_at=paid_at) is EventOutcome.SETTLED
    assert (stock_of(product), refunds()) == (8, [])
    entry = db.session.scalars(select(SalesEntry)).one()
    assert (entry.occurred_on, entry.booked_on) == (clock.business_day(paid_at), clock.today())


def test_money_paid_on_time_for_an_order_that_has_expired_meanwhile_goes_back(product):
    checkout = place((product, 2))
    payment = start(checkout)
    paid_at = clock.now()
    clock.shift(WINDOW)
    expire()
    assert settle(payment, occurred_at=paid_at) is EventOutcome.LATE_PAYMENT
    assert (sold(), stock_of(product)) == (0, 10)
    assert refunds() == [(7980, None, RefundStatus.REQUESTED)]


def test_a_second_payment_of_one_checkout_goes_back_whole(product):
    checkout = place((product, 2))
    first, second = start(checkout), second_payment_of(checkout)
    assert settle(first) is EventOutcome.SETTLED
    assert settle(second) is EventOutcome.SECOND_PAYMENT
    assert (first.settles_orders, second.settles_orders) == (True, False)
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.payment_id, refund.amount_fen, refund.reason) == (second.id, 7980, '重复支付，原路退回')
    assert sold() == 7980


def test_what_was_paid_for_a_cancelled_part_goes_back():
    ear, nuts = make_listed_product(price_fen=3990), make_listed_product(price_fen=100)
    checkout = place((ear, 2), (nuts, 1))
    payment = start(checkout)
    kept, gone = checkout.orders
    cancel(gone)
    assert settle(payment) is EventOutcome.SETTLED
    assert (kept.status, gone.status) == (S.AWAITING_SHIPMENT, S.CANCELLED)
    assert refunds() == [(gone.total_fen, None, RefundStatus.REQUESTED)]
    assert (sold(), stock_of(nuts)) == (kept.total_fen, 10)


def test_a_late_payment_puts_the_stock_of_several_orders_back_in_key_order():
    second, first = make_listed_product(), make_listed_product()
    checkout = place((first, 1), (second, 2))
    payment = start(checkout)
    clock.shift(WINDOW)
    updated: list[int] = []

    def watch(_connection, _cursor, statement, parameters, *_rest) -> None:
        if statement.startswith('UPDATE variants'):
            updated.append((list(parameters.values()) if isinstance(parameters, dict) else list(parameters))[-1])

    event.listen(db.engine, 'before_cursor_execute', watch)
    try:
        settle(payment)
    finally:
        event.remove(db.engine, 'before_cursor_execute', watch)
    assert updated == sorted(variant.id for product in (first, second) for variant in product.variants)
    assert (stock_of(first), stock_of(second)) == (10, 10)


def test_of_events_out_of_order_the_first_to_come_settles(product):
    """A payment that came after the first one, told first, is the one that counts; the other goes back."""
    checkout = place((product, 2))
    first, second = start(checkout), second_payment_of(checkout)
    early = clock.now()
    clock.shift(timedelta(minutes=5))
    assert settle(second) is EventOutcome.SETTLED
    assert settle(first, occurred_at=early) is EventOutcome.SECOND_PAYMENT
    assert (first.settles_orders, second.settles_orders) == (False, True)
    assert refunds() == [(7980, None, RefundStatus.REQUESTED)]


def test_a_refund_is_confirmed_once_by_its_event(product):
    checkout = place((product, 2))
    payment = start(checkout)
    cancel(checkout.orders[0])
    settle(payment)
    clock.shift(timedelta(hours=1))
    deliver_within(at=clock.now())
    refund = db.session.scalars(select(Refund).execution_options(populate_existing=True)).one()
    kept = db.session.scalars(select(PaymentEvent)).one()
    assert (refund.status, refund.succeeded_at) == (RefundStatus.SUCCEEDED, clock.now() - timedelta(hours=1))
    assert (kept.outcome, kept.payment_id) == (EventOutcome.REFUND_CONFIRMED, payment.id)
    clock.shift(timedelta(hours=1))
    assert announce(refund, key='once more') is EventOutcome.REFUND_CONFIRMED
    assert refund.succeeded_at == clock.now() - timedelta(hours=2)


@pytest.mark.parametrize(('amount', 'currency'), [(1, 'CNY'), (7981, 'CNY'), (7980, 'USD')])
def test_a_refund_confirmed_with_another_amount_is_held(product, amount, currency):
    checkout = place((product, 2))
    payment = start(checkout)
    cancel(checkout.orders[0])
    settle(payment)
    refund = db.session.scalars(select(Refund)).one()
    assert announce(refund, amount=amount, currency=currency) is EventOutcome.HELD
    assert (refund.status, refund.succeeded_at) == (RefundStatus.REQUESTED, None)


def test_a_refund_through_another_gateway_is_unknown_here(product):
    checkout = place((product, 2))
    payment = start(checkout)
    cancel(checkout.orders[0])
    settle(payment)
    with transaction():
        payment.gateway = 'another'
    assert announce(db.session.scalars(select(Refund)).one()) is EventOutcome.PARKED


def announce(refund: Refund, *, key: str = 'a key', amount: int | None = None, currency: str = 'CNY') -> EventOutcome:
    with transaction():
        gateway = SandboxGateway()
        amount = refund.amount_fen if amount is None else amount
        delivery = gateway._announce(key, 'refund.succeeded', refund.idempotency_key, amount, clock.now())
        body = delivery.body.replace('CNY', currency).encode()
    return receive_event('sandbox', body, signed_headers(body, at=clock.now()), at=clock.now())


def test_the_walk_of_a_sale_takes_a_bounded_number_of_statements():
    product = make_listed_product(households=60)
    checkout = place((product, 2))
    payment_id = make_payment(checkout).id
    statements: list[str] = []
    db.session.rollback()
    db.session.expunge_all()

    def watch(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    with transaction() as session:
        payment = session.get_one(Payment, payment_id)
        event.listen(db.engine, 'before_cursor_execute', watch)
        try:
            settle_payment(payment, occurred_at=clock.now(), at=clock.now())
        finally:
            event.remove(db.engine, 'before_cursor_execute', watch)
    assert len(statements) <= 14, statements


def test_a_paid_order_is_paid_whatever_its_checkouts_clock_says(product):
    order = bought((product, 1))
    clock.shift(timedelta(days=2))
    expire()
    assert order.status is S.AWAITING_SHIPMENT


def test_an_unknown_gateway_stops_the_start(make_app):
    with pytest.raises(ValueError, match="PAYMENT_GATEWAY is one of sandbox, stripe, transfer, not 'gold'"):
        make_app(PAYMENT_GATEWAY='gold')
