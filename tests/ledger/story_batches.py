"""The events of a story that pay households in batches, and those that bring them money without a sale."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from shop.earnings.models import EarningsBatch, EarningsKind, EarningsStatus
from shop.jobs.schedule import end_payout_notices
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.payouts.forms import ObjectionForm
from shop.payouts.models import PayoutBatch
from shop.payouts.objection_models import PayoutObjection
from shop.payouts.objections import decide_objection, receive_objection
from shop.payouts.paying import pay_cash
from shop.payouts.services import approve_batch, compute_batch, confirm_batch, put_on_notice
from tests.factories.earnings import make_batch, verify

if TYPE_CHECKING:
    from tests.ledger.storybook import Stage

NAMES = '甲乙丙丁戊己'
NOTICE_DAYS = 10
QUANTITY = re.compile(rf'([{NAMES}]) (\d+)')
KINDS = {'务工': EarningsKind.WAGES, '分红': EarningsKind.DIVIDEND, '捐赠': EarningsKind.DONATION}


def _batch(stage: Stage, serial: str) -> PayoutBatch:
    db.session.rollback()
    where = (PayoutBatch.village_id == stage.village.id, PayoutBatch.serial == int(serial))
    return db.session.scalars(select(PayoutBatch).where(*where)).one()


def _compute(stage: Stage, serial: str) -> None:
    db.session.rollback()
    with transaction():
        batch = compute_batch(stage.village, form_token=new_token(), actor=stage.secretary, at=clock.now())
        assert batch.serial == int(serial)


def _notice(stage: Stage, serial: str) -> None:
    batch = _batch(stage, serial)
    with transaction():
        confirm_batch(batch, actor=stage.secretary, at=clock.now())
        put_on_notice(batch, days=NOTICE_DAYS, actor=stage.secretary, at=clock.now())


def _object(stage: Stage, name: str, serial: str) -> None:
    batch, code = _batch(stage, serial), stage.households[name].self_check_code
    form = ObjectionForm(code, {code}, '金额和村里公示的不一样。', '', new_token(), {})
    with transaction():
        receive_objection(batch, form, visit_digest='visit', keys='test', at=clock.now())


def _decide(stage: Stage, name: str, negation: str) -> None:
    db.session.rollback()
    objections = db.session.scalars(select(PayoutObjection).where(PayoutObjection.decided_at.is_(None)))
    objection = next(one for one in objections if one.line.household_id == stage.households[name].id)
    with transaction():
        decide_objection(objection, is_upheld=not negation, answer='已核对', actor=stage.township, at=clock.now())


def _approve(stage: Stage, serial: str) -> None:
    clock.shift(timedelta(days=NOTICE_DAYS))
    assert end_payout_notices() == 1
    batch = _batch(stage, serial)
    with transaction():
        approve_batch(batch, actor=stage.township, at=clock.now())


def _pay(stage: Stage, serial: str, households: str) -> None:
    batch = _batch(stage, serial)
    with transaction():
        paid = pay_cash(batch, None, evidence='签领', paid_on=clock.today(), actor=stage.secretary, at=clock.now())
        assert paid == int(households)


def _earn(stage: Stage, kind: str, rate: str, text: str) -> None:
    """The village drafts and sends a batch of earnings or gifts, the township verifies it."""
    db.session.rollback()
    quantities = [(stage.households[name], 10 * int(units)) for name, units in QUANTITY.findall(text)]
    whole, part = rate.split('.')
    batch = make_batch(
        stage.village, quantities, kind=KINDS[kind], rate=int(whole) * 100 + int(part), actor=stage.secretary
    )
    verify(batch, stage.township)
    db.session.rollback()
    status = db.session.scalar(select(EarningsBatch.status).where(EarningsBatch.id == batch.id))
    assert status is (EarningsStatus.RECORDED if kind == '捐赠' else EarningsStatus.BOOKED)


BATCH_EVENTS = (
    (r'测算第 (\d+) 批', _compute),
    (r'公示第 (\d+) 批', _notice),
    (rf'对([{NAMES}])的异议（第 (\d+) 批）', _object),
    (rf'([{NAMES}])的异议(不)?成立', _decide),
    (r'公示期满，审核第 (\d+) 批', _approve),
    (r'发放第 (\d+) 批：(\d+) 户', _pay),
    (r'(务工|分红|捐赠)批次：每份 ([\d.]+) 元；(.+)', _earn),
)
