"""The way of a batch: what it holds, who may move it, what an objection and a refund do to it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.accounts.models import Role, RoleGrant
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitEntry, BenefitPayout, PayoutPart
from shop.payouts.forms import read_objection
from shop.payouts.models import BatchStatus, LineStatus, PayoutBatch, PayoutMoveError
from shop.payouts.objection_models import PayoutObjection
from shop.payouts.objections import NoticeOverError, TooManyError, UnknownCodeError, decide_objection, receive_objection
from shop.payouts.paying import NotPayableError, add_slip
from shop.payouts.services import (
    NothingDueError,
    OnItsWayError,
    OwnWorkError,
    UnfinishedBatchError,
    approve_batch,
    archive_batch,
    cancel_batch,
    confirm_batch,
    end_due_notices,
    put_on_notice,
    return_batch,
)
from tests.factories.ledger import make_completed_order, make_refund
from tests.factories.payouts import bring, compute, lines, make_paying_village, pay

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

B, L = BatchStatus, LineStatus


@pytest.fixture
def paying(app, clock_hand):
    return make_paying_village()


def act(work, batch, actor, **more):
    with transaction():
        work(batch, actor=actor, at=clock.now(), **more)


def object_to(batch, code: str, token: str = 'a' * 30, visit: str = 'v'):
    form = read_objection({'code': code, 'text': '我家今年没有交售', 'form_token': token})
    with transaction():
        return receive_objection(batch, form, visit_digest=visit, keys='test', at=clock.now())


def test_a_batch_pays_each_household_its_part_of_every_pool(paying):
    batch = compute(paying)
    assert (batch.line_count, batch.amount_fen, batch.serial) == (3, 1602, 1)
    assert [(line.position, line.amount_fen, len(line.parts)) for line in lines(batch)] == [
        (1, 634, 2), (2, 634, 2), (3, 334, 1),
    ]  # fmt: skip
    assert find_faults() == []


def test_a_village_has_one_batch_on_its_way_to_the_township(paying):
    batch = compute(paying, token='t' * 30)
    assert compute(paying, token='t' * 30).id == batch.id
    with pytest.raises(UnfinishedBatchError, match=batch.number):
        compute(paying)


def test_the_next_batch_pays_only_what_came_after(paying):
    bring(paying, B.DUE)
    with pytest.raises(NothingDueError):
        compute(paying)
    make_completed_order((paying.product, 1))
    assert [line.amount_fen for line in lines(compute(paying))] == [167, 167, 167]
    assert find_faults() == []


def test_a_batch_goes_its_way_signed_by_whom_it_must_be(paying):
    batch = compute(paying)
    with pytest.raises(NotFoundError):
        act(confirm_batch, batch, paying.member)
    with pytest.raises(PayoutMoveError, match='现在是“测算”'):
        act(put_on_notice, batch, paying.secretary, days=10)
    act(confirm_batch, batch, paying.secretary)
    act(put_on_notice, batch, paying.secretary, days=10)
    assert (batch.notice_ends_on - batch.noticed_on).days == 10
    with pytest.raises(PayoutMoveError):
        act(approve_batch, batch, paying.township)
    clock.shift(timedelta(days=10))
    with transaction():
        assert end_due_notices(at=clock.now()) == 1
        assert end_due_notices(at=clock.now()) == 0
    with pytest.raises(NotFoundError):
        act(approve_batch, batch, paying.secretary)
    act(return_batch, batch, paying.township, reason='第三户金额请再核')
    act(confirm_batch, batch, paying.secretary)
    assert [event.to_status for event in batch.events] == [
        B.COMPUTED, B.CONFIRMED, B.ON_NOTICE, B.IN_REVIEW, B.RETURNED, B.CONFIRMED,
    ]  # fmt: skip
    assert (batch.confirmed_by.name, batch.reviewed_by) == (paying.secretary.name, None)


def test_nobody_reviews_what_they_computed(paying):
    with transaction() as session:
        session.add(
            RoleGrant(
                user_id=paying.member.id,
                role=Role.TOWNSHIP_REVIEWER,
                region_id=paying.village.township_id,
                granted_at=clock.now(),
            )
        )
    batch = bring(paying, B.IN_REVIEW)
    db.session.refresh(paying.member)
    with pytest.raises(OwnWorkError):
        act(approve_batch, batch, paying.member)
    act(approve_batch, batch, paying.township)
    assert batch.reviewed_by_id == paying.township.id


def test_an_open_batch_is_safe_from_refunds_and_its_rest_is_borne_by_the_supplier(paying):
    first, second = (make_completed_order((paying.product, 1)) for _ in range(2))
    batch = compute(paying)
    make_refund(first.lines[0])
    entry = db.session.scalars(select(BenefitEntry).order_by(BenefitEntry.id.desc())).first()
    assert (entry.amount_fen, entry.borne_by_supplier_fen) == (0, 501)
    assert find_faults() == []
    act(cancel_batch, batch, paying.secretary, reason='再核一次')
    assert [line.status for line in lines(batch)] == [L.CANCELLED] * 3
    make_refund(second.lines[0])
    entry = db.session.scalars(select(BenefitEntry).order_by(BenefitEntry.id.desc())).first()
    assert (entry.amount_fen, entry.borne_by_supplier_fen) == (-501, 0)
    assert find_faults() == []
    assert [line.amount_fen for line in lines(compute(paying))] == [801, 801, 501]


def test_an_objection_freezes_one_line_and_the_others_are_paid(paying):
    batch = bring(paying, B.ON_NOTICE)
    code = paying.households[1].self_check_code
    objection = object_to(batch, code)
    assert object_to(batch, code).id == objection.id
    assert [line.status for line in lines(batch)] == [L.WAITING, L.FROZEN, L.WAITING]
    with pytest.raises(UnknownCodeError):
        object_to(batch, 'ZZZZ999', token='b' * 30)
    clock.shift(timedelta(days=10))
    with transaction():
        end_due_notices(at=clock.now())
    with pytest.raises(NoticeOverError):
        object_to(batch, code, token='c' * 30)
    act(approve_batch, batch, paying.township)
    assert pay(paying, batch) == 2
    assert batch.status is B.PARTLY_PAID
    act(decide_objection, objection, paying.township, is_upheld=False, answer='有秤单')
    assert pay(paying, batch) == 1
    assert batch.status is B.PAID
    assert find_faults() == []


def test_an_upheld_objection_gives_the_money_back_to_the_pools(paying):
    batch = bring(paying, B.ON_NOTICE)
    objection = object_to(batch, paying.households[2].self_check_code)
    with pytest.raises(NotFoundError):
        act(decide_objection, objection, paying.secretary, is_upheld=True, answer='已迁走')
    act(decide_objection, objection, paying.township, is_upheld=True, answer='已迁走')
    with pytest.raises(PayoutMoveError):
        act(decide_objection, objection, paying.township, is_upheld=False, answer='又没有')
    assert [line.status for line in lines(batch)][2] is L.CANCELLED
    assert db.session.scalar(select(func.count()).where(PayoutPart.is_released)) == 1
    assert find_faults() == []


def test_objections_come_only_so_often(paying):
    batch = bring(paying, B.ON_NOTICE)
    for number in range(5):
        object_to(batch, paying.households[0].self_check_code, token=f'{number}' * 30)
    with pytest.raises(TooManyError):
        object_to(batch, paying.households[0].self_check_code, token='x' * 30)
    assert db.session.scalar(select(func.count(PayoutObjection.id))) == 5


def test_a_second_click_pays_nobody_twice(paying):
    batch = bring(paying, B.DUE)
    first = lines(batch)[0].id
    assert pay(paying, batch, [first]) == 1
    assert pay(paying, batch, [first]) == 0
    assert pay(paying, batch) == 2
    with pytest.raises(NotPayableError):
        pay(paying, batch)
    paid = db.session.scalars(select(BenefitPayout.amount_fen)).all()
    assert (len(paid), sum(paid)) == (5, 1602)
    assert find_faults() == []


def test_the_database_refuses_a_second_payout_and_another_amount(paying):
    batch = bring(paying, B.DUE)
    pay(paying, batch)
    one = db.session.scalars(select(BenefitPayout)).first()
    given = {
        'pool_id': one.pool_id, 'household_id': one.household_id, 'evidence': 'x', 'occurred_on': clock.today(),
        'booked_on': clock.today(),
    }  # fmt: skip
    part_id, amount = one.part_id, one.amount_fen
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(BenefitPayout(part_id=part_id, amount_fen=amount, **given))
    make_completed_order((paying.product, 1))
    compute(paying)
    fresh = db.session.scalars(select(PayoutPart).order_by(PayoutPart.id.desc())).first()
    part_id, amount = fresh.id, fresh.amount_fen
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(BenefitPayout(part_id=part_id, amount_fen=amount + 1, **given))


def test_money_goes_out_between_the_review_and_today(paying):
    batch = bring(paying, B.IN_REVIEW)
    with pytest.raises(NotPayableError, match='不能登记发放'):
        pay(paying, batch)
    act(approve_batch, batch, paying.township)
    for day in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=1)):
        with pytest.raises(NotPayableError, match='发放日应在'):
            pay(paying, batch, on=day)
    clock.shift(timedelta(days=3))
    assert pay(paying, batch, on=clock.today() - timedelta(days=2)) == 3


def test_with_the_signed_roster_the_evidence_is_complete_and_the_township_archives(paying):
    batch = bring(paying, B.DUE)
    with pytest.raises(PayoutMoveError):
        act(archive_batch, batch, paying.township)
    pay(paying, batch)
    act(add_slip, batch, paying.member, digest='d' * 64, note='')
    act(add_slip, batch, paying.member, digest='d' * 64, note='')
    assert batch.status is B.EVIDENCED
    act(archive_batch, batch, paying.township)
    with pytest.raises(NotPayableError):
        act(add_slip, batch, paying.member, digest='e' * 64, note='')
    assert batch.status is B.ARCHIVED


def test_what_is_paid_cannot_be_cancelled(paying):
    batch = bring(paying, B.DUE)
    pay(paying, batch, [lines(batch)[0].id])
    with pytest.raises(OnItsWayError):
        act(cancel_batch, batch, paying.secretary, reason='不发了')


def test_a_batch_whose_lines_are_all_withdrawn_cannot_be_approved(paying):
    batch = bring(paying, B.ON_NOTICE)
    for number, household in enumerate(paying.households):
        objection = object_to(batch, household.self_check_code, token=f'{number}' * 30)
        act(decide_objection, objection, paying.township, is_upheld=True, answer='不该列')
    clock.shift(timedelta(days=10))
    with transaction():
        end_due_notices(at=clock.now())
    with pytest.raises(NothingDueError):
        act(approve_batch, batch, paying.township)
    assert db.session.get(PayoutBatch, batch.id).status is B.IN_REVIEW
