"""What can be claimed, how much of it, and once: by pieces and by amount, to the fen, held by the database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.aftersales.amounts import units_fen
from shop.aftersales.deadlines import withdraw_case
from shop.aftersales.models import AftersaleCase
from shop.aftersales.offers import UNSENT
from shop.aftersales.opening import Claim, ClaimError, OpenCaseError, offers_of_line, open_case
from shop.aftersales.services import agree, withdraw
from shop.aftersales.states import AftersaleReason
from shop.catalogue.models import ProductKind, ReturnClass
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.receipts import DisputedOrderError, confirm_receipt, receive_due_orders
from shop.orders.models import OrderStatus
from shop.payments.refunds import refunded_by_line
from tests.factories.aftersales import by_village, open_claim, step_of
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import RECEIVE_WITHIN, bought, receive, ship
from tests.factories.villages import desk_user, make_tenure

database = pytest.mark.usefixtures('app', 'clock_hand')


@st.composite
def sequences(draw):
    """A line and what is asked for one after another: pieces, or fen where pieces is 0."""
    quantity = draw(st.integers(1, 9))
    return draw(st.integers(1, 10**7)), quantity, draw(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 10**6))))


@given(sequences())
def test_any_sequence_of_claims_never_exceeds_the_line_and_pieces_sum_to_its_net(case):
    net, quantity, asked = case
    left, units, amounts = net, 0, 0
    for wanted, fen in [*asked, (quantity, 0)]:
        pieces = min(wanted, quantity - units)
        part = units_fen(net, quantity, before=units, units=pieces, left_fen=left) if pieces else min(fen, left)
        assert 0 <= part <= left
        left, units, amounts = left - part, units + pieces, amounts + (0 if pieces else part)
        if not amounts:
            assert net - left == net * units // quantity
    assert left >= 0
    assert amounts or (left == 0) == (units == quantity)


def keys_of(line) -> list[str]:
    return [offer.key for offer in offers_of_line(line, step_of())]


@database
def test_what_can_be_asked_for_follows_the_goods_and_the_time():
    berries = make_listed_product(stock=9)
    with transaction():
        berries.kind = ProductKind.FARM_PRODUCE
        berries.return_class = ReturnClass.NOT_RETURNABLE
    order = bought((berries, 2))
    line = order.lines[0]
    every = ['refund_only', 'return_refund', 'replace', 'resend', 'spoiled']
    assert keys_of(line) == [UNSENT]
    ship(order)
    assert keys_of(line) == every
    receive(order)
    clock.shift(timedelta(hours=47, minutes=59))
    assert keys_of(line) == every
    returns = next(offer for offer in offers_of_line(line, step_of()) if offer.key == 'return_refund')
    assert AftersaleReason.UNWANTED not in returns.reasons
    clock.shift(timedelta(minutes=1))
    assert keys_of(line) == every[:-1]
    clock.shift(timedelta(days=5))
    assert keys_of(line) == []


@database
def test_the_time_to_claim_counts_from_when_it_was_due_to_be_received_however_late_the_worker_is():
    order = ship(bought((make_listed_product(stock=9), 1)))
    clock.shift(RECEIVE_WITHIN + timedelta(days=6, hours=23))
    case = open_claim(order.lines[0], 'return_refund')
    assert (order.status, order.disputed_at, case.amount_fen) == (OrderStatus.COMPLETED, clock.now(), 3990)
    with transaction():
        withdraw(case, step=step_of())
    clock.shift(timedelta(hours=1))
    assert keys_of(order.lines[0]) == []


@database
@pytest.mark.parametrize(
    ('key', 'units', 'fen', 'reason', 'field'),
    [
        ('return_refund', 1, 0, AftersaleReason.SHORT, 'reason'),
        ('return_refund', 0, 100, AftersaleReason.QUALITY, 'units'),
        ('return_refund', 4, 0, AftersaleReason.QUALITY, 'units'),
        ('refund_only', 0, 0, AftersaleReason.SHORT, 'amount'),
        ('refund_only', 0, 11_971, AftersaleReason.SHORT, 'amount'),
        ('spoiled', 1, 0, AftersaleReason.SPOILED, 'photos'),
        (UNSENT, 1, 0, AftersaleReason.UNWANTED, 'kind'),
    ],
)
def test_what_is_too_much_or_not_fitting_is_refused_beside_its_field(key, units, fen, reason, field):
    order = ship(bought((make_listed_product(stock=9), 3)))
    with pytest.raises(ClaimError) as refused, transaction():
        open_case(order.lines[0], Claim(key, units, fen, reason, ''), step_of())
    assert refused.value.field == field
    assert order.disputed_at is None


@database
def test_a_line_has_one_open_case_and_the_database_holds_it():
    order = ship(bought((make_listed_product(stock=9), 3)))
    line = order.lines[0]
    case = open_claim(line, 'refund_only')
    with pytest.raises(OpenCaseError) as refused:
        open_claim(line, 'refund_only')
    assert refused.value.number == case.number == f'{order.number}-1'
    with transaction():
        withdraw(case, step=step_of())
    assert open_claim(line, 'refund_only').number == f'{order.number}-2'


@database
def test_a_claim_stops_the_time_to_receive_which_goes_on_where_it_stood(clock_hand):
    order = ship(bought((make_listed_product(stock=9), 3)))
    clock_hand.move(days=9)
    case = open_claim(order.lines[0], 'return_refund')
    clock_hand.move(days=1)
    with transaction():
        assert receive_due_orders(at=clock.now()) == 0
    with pytest.raises(DisputedOrderError), transaction():
        confirm_receipt(order, actor=None, at=clock.now())
    with transaction():
        withdraw(case, step=step_of())
    assert (order.disputed_at, order.receive_by) == (None, clock.now() + timedelta(days=1))
    clock_hand.move(days=1)
    with transaction():
        assert receive_due_orders(at=clock.now()) == 1
    assert find_faults() == []


@database
def test_pieces_claimed_before_sending_are_not_sent_and_the_rest_is_the_whole():
    tenure = make_tenure()
    order = bought((make_listed_product(tenure=tenure, stock=9), 3))
    line = order.lines[0]
    case = open_claim(line, UNSENT, 1)
    assert (line.unshipped, line.withheld_quantity) == (2, 1)
    ship(order)
    assert (order.status, line.shipped_quantity) == (OrderStatus.PARTLY_SHIPPED, 2)
    with transaction():
        agree(case, step=by_village(desk_user(tenure)))
    assert (order.status, order.receive_by) == (OrderStatus.AWAITING_RECEIPT, clock.now() + RECEIVE_WITHIN)
    assert refunded_by_line([line.id]) == {line.id: (3990, 1)}
    assert find_faults() == []


@database
def test_what_is_withdrawn_before_sending_is_sent_after_all():
    order = bought((make_listed_product(stock=9), 3))
    case = open_claim(order.lines[0], UNSENT, 3)
    with transaction():
        withdraw_case(db.session.get_one(AftersaleCase, case.id), step_of())
    ship(order)
    assert (order.status, order.lines[0].withheld_quantity) == (OrderStatus.AWAITING_RECEIPT, 0)
    assert find_faults() == []
