"""Closing days: sums, bitmaps and the chain of seals."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.closing import (
    DayAlreadyClosedError,
    DayNotOverError,
    DayOutOfOrderError,
    close_day,
    close_due_days,
    close_due_month,
    days_due,
)
from shop.ledger.models import DaySeal, HouseholdReach, SalesDay, SalesEntry, SalesMonth
from shop.ledger.reach import bitmap_of, ordinals_in
from shop.ledger.sealing import NO_ROOT
from shop.orders.models import Channel
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import (
    complete,
    households_of,
    make_completed_order,
    make_paid_order,
    make_payout,
    make_refund,
    pool_of,
)
from tests.support.hands import START

pytestmark = pytest.mark.usefixtures('app')

DAY = timedelta(days=1)
FIRST = date(2026, 6, 15)
SUMS = ('amount_fen', 'refunded_fen', 'quantity', 'entry_count')


@pytest.fixture(autouse=True)
def _noon(clock_hand):
    """Every test starts at noon of 15 June."""


def close(day: date) -> DaySeal:
    with transaction():
        return close_day(day, at=clock.now())


def close_all() -> int:
    with transaction():
        return close_due_days(at=clock.now())


def sums_of(table: type[SalesDay] | type[SalesMonth]) -> list[tuple[int, ...]]:
    rows = db.session.scalars(select(table).order_by(table.id))
    return [tuple(getattr(row, name) for name in SUMS) for row in rows]


def test_a_day_is_folded_into_its_sums_and_those_of_its_month():
    product = make_listed_product(price_fen=1000, rule=100, stock=99)
    make_paid_order((product, 2))
    order = make_paid_order((product, 3))
    make_refund(order.lines[0], 1)
    make_paid_order((product, 1), channel=Channel.LIVESTREAM)
    clock.shift(DAY)
    make_paid_order((product, 4))
    close(FIRST)
    assert sums_of(SalesDay) == [(1000, 0, 1, 1), (4000, -1000, 4, 3)]
    assert sums_of(SalesMonth) == [(1000, 0, 1, 1), (4000, -1000, 4, 3)]
    clock.shift(DAY)
    close(FIRST + DAY)
    assert sums_of(SalesDay) == [(1000, 0, 1, 1), (4000, -1000, 4, 3), (4000, 0, 4, 1)]
    assert sorted(sums_of(SalesMonth)) == [(1000, 0, 1, 1), (8000, -1000, 8, 4)]
    assert find_faults() == []


def test_a_household_is_in_the_bitmap_of_the_month_that_first_reached_it():
    product = make_listed_product(households=10, rule=3)
    make_completed_order((product, 1))
    clock.shift(DAY)
    make_completed_order((product, 1))
    other = make_listed_product(village=product.village, households=households_of(product)[:8], rule=800)
    make_completed_order((other, 1))
    clock.shift(30 * DAY)
    make_completed_order((product, 2))
    clock.shift(DAY)
    assert close_all() == 32
    june, july = db.session.scalars(select(HouseholdReach).order_by(HouseholdReach.month))
    assert (list(ordinals_in(june.bitmap)), june.household_count) == ([*range(8)], 8)
    assert (list(ordinals_in(july.bitmap)), july.household_count) == ([8, 9], 2)
    reached = db.session.scalars(select(DaySeal.reached_count).order_by(DaySeal.day)).all()
    assert [count for count in reached if count] == [3, 5, 2]
    assert find_faults() == []


def test_a_day_adds_its_households_to_those_of_the_month_before_it():
    product = make_listed_product(households=10, rule=3, stock=99)
    for n in range(3):
        make_completed_order((product, 1))
        clock.shift(DAY)
        close(FIRST + n * DAY)
    june = db.session.scalars(select(HouseholdReach)).one()
    assert (list(ordinals_in(june.bitmap)), june.household_count) == ([*range(9)], 9)
    assert find_faults() == []


def test_seals_are_chained_and_cover_empty_days():
    product = make_listed_product()
    make_completed_order((product, 1))
    clock.shift(3 * DAY)
    assert days_due(at=clock.now()) == 3
    assert close_all() == 3
    assert days_due(at=clock.now()) == 0
    seals = db.session.scalars(select(DaySeal).order_by(DaySeal.day)).all()
    assert [seal.day for seal in seals] == [FIRST, FIRST + DAY, FIRST + 2 * DAY]
    assert [seal.previous_root for seal in seals] == [NO_ROOT, seals[0].root, seals[1].root]
    assert [(seal.sales_count, seal.sales_fen, seal.benefit_count, seal.benefit_fen) for seal in seals] == [
        (1, 3990, 1, 600),
        (0, 0, 0, 0),
        (0, 0, 0, 0),
    ]
    assert seals[1].entries_root == seals[2].entries_root != seals[0].entries_root


def test_closing_day_by_day_and_all_at_once_gives_the_same_seals():
    product = make_listed_product(stock=999, rule=7, households=5)
    for _ in range(40):
        order = make_completed_order((product, 1), (product, 2))
        make_refund(order.lines[1], 1)
        clock.shift(DAY)
    make_payout(pool_of(product), households_of(product)[0], 1)
    clock.shift(DAY)
    with pytest.raises(ZeroDivisionError), transaction():
        close_due_days(at=clock.now())
        at_once = {seal.day: seal.root for seal in db.session.scalars(select(DaySeal))}
        sums = sorted(sums_of(SalesMonth))
        raise ZeroDivisionError
    for n in range(41):
        close(FIRST + n * DAY)
    assert {seal.day: seal.root for seal in db.session.scalars(select(DaySeal))} == at_once
    assert sorted(sums_of(SalesMonth)) == sums
    assert find_faults() == []


def test_a_day_that_is_not_over_is_refused():
    make_paid_order((make_listed_product(), 1))
    with pytest.raises(DayNotOverError, match='2026-06-15 还没有过完'):
        close(FIRST)
    assert db.session.scalar(select(func.count()).select_from(DaySeal)) == 0


def test_a_closed_day_is_not_closed_again():
    make_paid_order((make_listed_product(), 1))
    clock.shift(DAY)
    close(FIRST)
    with pytest.raises(DayAlreadyClosedError, match='已封账'):
        close(FIRST)


def test_days_are_closed_in_order_without_gaps():
    make_paid_order((make_listed_product(), 1))
    clock.shift(5 * DAY)
    with pytest.raises(DayOutOfOrderError, match='2026-06-15 还没有封账'):
        close(FIRST + DAY)
    close(FIRST)
    with pytest.raises(DayOutOfOrderError, match='2026-06-16 还没有封账'):
        close(FIRST + 2 * DAY)


def test_before_the_first_entry_there_is_nothing_due_but_a_chain_may_begin():
    with transaction():
        assert close_due_month(at=clock.now()) == []
    assert days_due(at=clock.now()) == 0
    seal = close(FIRST - DAY)
    assert seal.previous_root == NO_ROOT


def test_a_closed_day_takes_nothing_more_and_the_sale_goes_to_the_next():
    product = make_listed_product(stock=99)
    make_paid_order((product, 1))
    yesterday = START
    clock.shift(DAY)
    close(FIRST)
    make_paid_order((product, 1), at=yesterday)
    late = db.session.scalars(select(SalesEntry).order_by(SalesEntry.id.desc())).first()
    assert late is not None
    assert (late.occurred_on, late.booked_on) == (FIRST, FIRST + DAY)


def test_progress_is_told_by_the_month():
    order = make_paid_order((make_listed_product(), 1))
    clock.shift(50 * DAY)
    complete(order)
    told: list[tuple[date, int]] = []
    with transaction():
        close_due_days(at=clock.now(), progress=lambda day, count: told.append((day, count)))
    assert told == [(date(2026, 6, 30), 16), (date(2026, 7, 31), 47), (date(2026, 8, 3), 50)]


@pytest.mark.parametrize('ordinals', [[], [0], [7], [8], [0, 3, 64, 129]])
def test_a_bitmap_holds_what_was_put_in(ordinals):
    assert list(ordinals_in(bitmap_of(ordinals))) == ordinals
