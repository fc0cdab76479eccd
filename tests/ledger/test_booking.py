"""Sales, benefit and refunds in the book."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from shop.benefits.models import AgreementShare
from shop.catalogue.models import Product
from shop.kit.database import db, transaction
from shop.ledger import pools
from shop.ledger.days import booking_day
from shop.ledger.models import BenefitEntry, BenefitPool, DaySeal, SalesEntry
from shop.ledger.pools import Credit, PoolMovedError, book_credits, least_pool
from shop.ledger.services import record_benefit, record_benefits, record_refund, record_sale
from shop.payments.models import Refund
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import (
    complete,
    households_of,
    make_completed_order,
    make_paid_order,
    make_payout,
    make_refund,
    pool_of,
    version_of,
)

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

TODAY = date(2026, 6, 15)


def seal(day: date) -> None:
    with transaction() as session:
        session.add(
            DaySeal(
                day=day, previous_root='', entries_root='', root=f'{day}', sales_count=0, sales_fen=0, benefit_count=0,
                benefit_fen=0, reached_count=0, sealed_at=datetime(2026, 6, 15, tzinfo=UTC),
            )
        )  # fmt: skip


def accrual_days(product: Product) -> list[date | None]:
    shares = select(AgreementShare.accrued_on).where(AgreementShare.version_id == version_of(product).id)
    return list(db.session.scalars(shares.order_by(AgreementShare.position)))


def test_a_paid_order_books_one_sale_per_line_with_what_held_when_it_was_paid():
    product = make_listed_product(price_fen=3990)
    order = make_paid_order((product, 2), is_insider=True)
    entry = db.session.scalars(select(SalesEntry)).one()
    line = order.lines[0]
    assert (entry.amount_fen, entry.quantity, entry.order_line_id) == (7980, 2, line.id)
    assert (entry.occurred_on, entry.booked_on, entry.period) == (TODAY, TODAY, date(2026, 6, 1))
    assert (entry.village_id, entry.county_id) == (product.village_id, product.village.county_id)
    assert (entry.tenure_id, entry.product_id, entry.category_id) == (line.tenure_id, product.id, product.category_id)
    assert entry.is_insider
    assert not db.session.scalars(select(BenefitEntry)).all()


def test_a_test_order_leaves_no_trace():
    product = make_listed_product()
    order = complete(make_paid_order((product, 1), is_test=True))
    make_refund(order.lines[0])
    assert not db.session.scalars(select(SalesEntry)).all()
    assert not db.session.scalars(select(BenefitEntry)).all()


def test_a_line_without_its_snapshot_is_refused():
    product = make_listed_product()
    order = make_paid_order((product, 1), booked=False)
    with transaction():
        line = order.lines[0]
        line.endorsement_id = line.tenure_id = line.agreement_version_id = line.benefit_fen = None
    with pytest.raises(ValueError, match='who endorsed'), transaction():
        record_sale(order, occurred_at=order.placed_at, at=order.placed_at)
    with pytest.raises(ValueError, match='which agreement'), transaction():
        record_benefit(order, at=order.placed_at)


def test_a_sale_cannot_be_booked_twice():
    order = make_paid_order((make_listed_product(), 1))
    with pytest.raises(IntegrityError), transaction():
        record_sale(order, occurred_at=order.placed_at, at=order.placed_at)


def test_a_day_that_is_closed_takes_no_entry_the_next_open_one_does(clock_hand):
    seal(TODAY + timedelta(days=2))
    make_paid_order((make_listed_product(), 1))
    entry = db.session.scalars(select(SalesEntry)).one()
    assert (entry.occurred_on, entry.booked_on) == (TODAY, TODAY + timedelta(days=3))


def test_what_happened_in_a_closed_month_belongs_to_the_first_open_one():
    seal(date(2026, 5, 31))
    order = make_paid_order((make_listed_product(), 1), booked=False)
    at = order.placed_at
    with transaction():
        record_sale(order, occurred_at=at - timedelta(days=40), at=at)
    entry = db.session.scalars(select(SalesEntry)).one()
    assert (entry.occurred_on, entry.period) == (date(2026, 5, 6), date(2026, 6, 1))


def test_what_happened_in_an_open_month_belongs_to_it():
    seal(date(2026, 5, 30))
    order = make_paid_order((make_listed_product(), 1), booked=False)
    at = order.placed_at
    with transaction():
        record_sale(order, occurred_at=at - timedelta(days=40), at=at)
    assert db.session.scalars(select(SalesEntry.period)).one() == date(2026, 5, 1)


def test_a_provider_whose_clock_is_ahead_sold_at_our_time():
    order = make_paid_order((make_listed_product(), 1), booked=False)
    with transaction():
        record_sale(order, occurred_at=order.placed_at + timedelta(days=3), at=order.placed_at)
    assert db.session.scalars(select(SalesEntry.occurred_on)).one() == TODAY


def test_a_completed_order_credits_its_pool_once_per_line():
    product = make_listed_product(households=3, rule=600)
    make_completed_order((product, 2))
    entry = db.session.scalars(select(BenefitEntry)).one()
    assert (entry.amount_fen, entry.pool_after_fen, entry.sequence) == (1200, 1200, 1)
    pool = pool_of(product)
    assert (pool.amount_fen, pool.entry_count, pool.next_reach_fen) == (1200, 1, None)
    assert accrual_days(product) == [TODAY] * 3


def test_households_are_reached_when_the_pool_has_a_fen_for_them():
    product = make_listed_product(households=3, rule=2)
    make_completed_order((product, 1))
    assert accrual_days(product) == [TODAY, TODAY, None]
    assert pool_of(product).next_reach_fen == 3
    make_completed_order((product, 1))
    assert accrual_days(product) == [TODAY] * 3


def test_several_lines_of_several_orders_share_one_pool_in_order():
    product = make_listed_product(rule=100, stock=99)
    orders = [complete(make_paid_order((product, 1), (product, 2)), booked=False) for _ in range(2)]
    with transaction():
        record_benefits(orders, at=orders[0].placed_at)
    entries = db.session.scalars(select(BenefitEntry).order_by(BenefitEntry.sequence)).all()
    assert [(e.sequence, e.amount_fen, e.pool_after_fen) for e in entries] == [
        (1, 100, 100),
        (2, 200, 300),
        (3, 100, 400),
        (4, 200, 600),
    ]


def test_a_refund_before_completion_costs_no_household_anything():
    product = make_listed_product(price_fen=1000, rule=600)
    order = make_paid_order((product, 3))
    make_refund(order.lines[0], 1)
    refunded = db.session.scalars(select(SalesEntry).where(SalesEntry.refund_line_id.is_not(None))).one()
    assert (refunded.amount_fen, refunded.quantity) == (-1000, -1)
    assert not db.session.scalars(select(BenefitEntry)).all()
    complete(order)
    assert db.session.scalars(select(BenefitEntry)).one().amount_fen == 1200


def test_a_refund_after_completion_takes_its_part_out_of_the_pool():
    product = make_listed_product(rule=600)
    order = make_completed_order((product, 3))
    make_refund(order.lines[0], 1)
    entry = db.session.scalars(select(BenefitEntry).where(BenefitEntry.refund_line_id.is_not(None))).one()
    assert (entry.amount_fen, entry.borne_by_supplier_fen, entry.pool_after_fen) == (-600, 0, 1200)
    assert accrual_days(product) == [TODAY] * 3


def test_a_refund_never_takes_what_a_household_was_paid():
    product = make_listed_product(households=3, rule=600)
    order = make_completed_order((product, 2))
    # One household has its whole 400 of 1,200: the pool may fall no lower than where that is its due.
    make_payout(pool_of(product), households_of(product)[0], 400)
    make_refund(order.lines[0], 2)
    entry = db.session.scalars(select(BenefitEntry).where(BenefitEntry.refund_line_id.is_not(None))).one()
    assert (entry.amount_fen, entry.borne_by_supplier_fen, entry.pool_after_fen) == (-2, 1198, 1198)


def test_a_refund_of_a_whole_payment_is_not_in_the_book():
    order = make_paid_order((make_listed_product(), 1))
    refund = make_refund(order.lines[0], booked=False)
    with transaction() as session:
        session.execute(update(Refund).values(order_id=None))
        assert record_refund(session.get_one(Refund, refund.id), at=order.placed_at) == []
    assert len(db.session.scalars(select(SalesEntry)).all()) == 1


@pytest.mark.parametrize(
    ('weights', 'paid', 'pool', 'least'),
    [([1, 1], [0, 0], 10, 0), ([1, 1], [5, 5], 10, 10), ([1, 1], [5, 0], 10, 9), ([1, 9], [1, 0], 100, 5)],
)
def test_the_least_pool_still_owes_everybody_what_was_paid(weights, paid, pool, least):
    assert least_pool(weights, paid, pool) == least


def test_a_pool_that_moved_under_its_lock_stops_the_unit_of_work(monkeypatch):
    """The lock makes it impossible; if it happened all the same, nothing may be written over what somebody wrote."""
    product = make_listed_product(rule=600)
    order = make_completed_order((product, 1))
    locked = pools._locked_pools

    def moved_meanwhile(version_ids):
        found = locked(version_ids)
        db.session.execute(update(BenefitPool).values(amount_fen=BenefitPool.amount_fen + 1))
        return found

    monkeypatch.setattr(pools, '_locked_pools', moved_meanwhile)
    day = booking_day(order.placed_at, order.placed_at)
    credit = Credit(version_of(product).id, -1, refund_line_id=None, order_line_id=order.lines[0].id)
    with pytest.raises(PoolMovedError, match='moved under its lock'), transaction():
        book_credits([credit], day)
    assert pool_of(product).amount_fen == 600
