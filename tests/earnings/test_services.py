"""Earnings come into the same book by a verified batch, to the fen; donations never do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.accounts.models import Role
from shop.benefits.models import AgreementShare, VersionStatus
from shop.earnings.models import EarningsEvent, EarningsKind, EarningsMoveError, EarningsStatus
from shop.earnings.services import (
    EarningsFactsError,
    OwnBatchError,
    change_batch,
    draft_batch,
    return_batch,
    submit_batch,
    verify_batch,
)
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitEntry, BenefitPool
from shop.ledger.payouts import lock_dues
from shop.statistics.tallies import headline
from tests.factories.accounts import make_user
from tests.factories.earnings import facts_of, make_batch, verify
from tests.factories.villages import make_households, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@pytest.fixture
def village(app, clock_hand):
    return make_village()


@pytest.fixture
def households(village):
    return make_households(village, 3)


@pytest.fixture
def reviewer(village):
    return make_user(Role.TOWNSHIP_REVIEWER, region=village.township)


def test_wages_reach_each_household_as_the_batch_says(village, households, reviewer):
    batch = make_batch(village, [(households[0], 125), (households[2], 30)])
    before = headline(clock.today())
    assert (before.covered, before.accrued, db.session.scalar(select(BenefitEntry.id))) == (0, 0, None)
    verify(batch, reviewer)
    pool = db.session.scalars(select(BenefitPool)).one()
    entry = db.session.scalars(select(BenefitEntry)).one()
    assert (entry.earnings_id, entry.amount_fen, entry.pool_after_fen) == (batch.id, 186_000, 186_000)
    assert (entry.occurred_on, entry.booked_on) == (clock.today() - timedelta(days=1), clock.today())
    assert pool.version.status is VersionStatus.IN_FORCE
    with transaction():
        dues = {due.household_id: due.fen for due in lock_dues(village.id)}
    assert dues == {households[0].id: 150_000, households[2].id: 36_000}
    now = headline(clock.today())
    assert (now.covered, now.accrued, now.sales_fen) == (2, 2, 0)
    assert find_faults() == []


def test_of_a_purchase_only_the_premium_is_benefit(village, households, reviewer):
    batch = verify(
        make_batch(village, [(households[1], 846)], kind=EarningsKind.PURCHASE, rate=30, gross=650), reviewer
    )
    assert (batch.gross_fen, batch.amount_fen) == (54_990, 2_538)
    assert db.session.scalars(select(BenefitEntry.amount_fen)).all() == [2_538]
    assert find_faults() == []


def test_a_donation_is_recorded_and_never_booked(village, households, reviewer):
    batch = verify(make_batch(village, [(households[0], 10)], kind=EarningsKind.DONATION), reviewer)
    assert batch.status is EarningsStatus.RECORDED
    assert db.session.scalars(select(BenefitEntry)).all() == []
    assert db.session.scalars(select(AgreementShare)).all() == []
    assert headline(clock.today()).accrued == 0
    assert find_faults() == []


def test_a_batch_is_booked_once(village, households, reviewer):
    batch = verify(make_batch(village, [(households[0], 10)]), reviewer)
    with pytest.raises(EarningsMoveError, match='已入账'), transaction():
        verify_batch(batch, actor=reviewer, at=clock.now())
    assert len(db.session.scalars(select(BenefitEntry)).all()) == 1


def test_whoever_wrote_or_submitted_it_does_not_verify_it(village, households):
    both = make_user(Role.TOWNSHIP_REVIEWER, region=village.township)
    batch = make_batch(village, [(households[0], 10)], actor=both)
    for decide in (
        lambda: verify_batch(batch, actor=both, at=clock.now()),
        lambda: return_batch(batch, reason='凭证看不清', actor=both, at=clock.now()),
    ):
        with pytest.raises(OwnBatchError, match='不能由您核实'), transaction():
            decide()
    assert batch.status is EarningsStatus.SUBMITTED


def test_a_returned_batch_is_changed_and_goes_up_again(village, households, reviewer):
    secretary = make_user(Role.FIRST_SECRETARY, village=village)
    batch = make_batch(village, [(households[0], 10)], actor=secretary)
    with pytest.raises(EarningsFactsError, match='理由'), transaction():
        return_batch(batch, reason='', actor=reviewer, at=clock.now())
    with transaction():
        return_batch(batch, reason='少了一户', actor=reviewer, at=clock.now())
    with transaction():
        change_batch(batch, facts_of(), [(households[0].id, 10), (households[1].id, 5)], at=clock.now())
        submit_batch(batch, actor=secretary, at=clock.now())
    verify(batch, reviewer)
    assert [line.amount_fen for line in batch.lines] == [12_000, 6_000]
    events = db.session.scalars(select(EarningsEvent.to_status).order_by(EarningsEvent.id)).all()
    assert [status.value for status in events] == ['draft', 'submitted', 'draft', 'submitted', 'booked']
    with pytest.raises(EarningsFactsError, match='不能再改'), transaction():
        change_batch(batch, facts_of(), [], at=clock.now())


def test_the_same_form_makes_one_batch(village, households):
    secretary = make_user(Role.FIRST_SECRETARY, village=village)
    numbers = set()
    for _ in range(2):
        with transaction():
            batch = draft_batch(
                village, facts_of(), [(households[0].id, 10)], form_token='same', actor=secretary, at=clock.now()
            )
            numbers.add(batch.number)
    assert len(numbers) == 1


@pytest.mark.parametrize(
    ('change', 'field'),
    [
        ({'happened_on': timedelta(days=2)}, 'happened_on'),
        ({'kind': EarningsKind.PURCHASE}, 'gross_rate'),
        ({'gross_rate_fen': 500}, 'gross_rate'),
        ({'kind': EarningsKind.PURCHASE, 'gross_rate_fen': 500}, 'rate'),
    ],
)
def test_facts_that_cannot_be_are_refused(village, households, change, field):
    facts = facts_of()
    values = {name: getattr(facts, name) for name in facts.__dataclass_fields__} | change
    if isinstance(values['happened_on'], timedelta):
        values['happened_on'] = clock.today() + values['happened_on']
    drafter = make_user(Role.TEAM_MEMBER, village=village)
    with pytest.raises(EarningsFactsError) as refused, transaction():
        draft_batch(
            village, type(facts)(**values), [(households[0].id, 10)], form_token='t', actor=drafter, at=clock.now()
        )
    assert refused.value.field == field


def test_households_of_another_village_twice_or_with_nothing_are_refused(village, households):
    stranger = make_households(make_village('石门村'), 1)[0]
    drafter = make_user(Role.TEAM_MEMBER, village=village)
    one = households[0].id
    for quantities, rate, says in (
        ([(stranger.id, 10)], 100, '本村农户册'),
        ([(one, 10), (one, 10)], 100, '只能填一行'),
        ([(one, 1)], 4, '不到一分钱'),
        ([(one, 10**8)], 10**7, '不合理'),
    ):
        with pytest.raises(EarningsFactsError, match=says), transaction():
            draft_batch(village, facts_of(rate=rate), quantities, form_token='t', actor=drafter, at=clock.now())


def test_without_lines_or_evidence_nothing_is_submitted(village, households):
    secretary = make_user(Role.FIRST_SECRETARY, village=village)
    empty = make_batch(village, [], actor=secretary, submitted=False)
    with pytest.raises(EarningsFactsError, match='还没有填'), transaction():
        submit_batch(empty, actor=secretary, at=clock.now())
    batch = make_batch(village, [(households[0], 10)], actor=secretary, submitted=False)
    with transaction():
        batch.evidence = ''
    with pytest.raises(EarningsFactsError, match='凭证'), transaction():
        submit_batch(batch, actor=secretary, at=clock.now())
