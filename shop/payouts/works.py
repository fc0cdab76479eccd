"""The long works of payouts: computing a batch, and writing down that everybody of one has their money."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.longworks.models import LongWork
from shop.longworks.services import STEPS, Step, request_work
from shop.payouts.lines import AT_ONCE, counts_of
from shop.payouts.models import READY, PayoutBatch
from shop.payouts.paying import pay_cash, require_day
from shop.payouts.services import compute_batch
from shop.villages.models import Household, Village

COMPUTATION, PAYMENT = 'payout_computation', 'payout_payment'
# So many households are done while the page waits.
QUICK = 300


class GoneError(BusinessError):
    """What the work is about is not there any more."""


def request_computation(village: Village, *, form_token: str, actor: User, at: datetime) -> LongWork:
    """Ask for the next batch of a village."""
    households = db.session.scalar(select(func.count()).where(Household.village_id == village.id)) or 0
    values = {'village_id': village.id, 'form_token': form_token}
    return request_work(COMPUTATION, f'payouts:village:{village.id}', values, total=households, actor=actor, at=at)


def request_payment(batch: PayoutBatch, *, evidence: str, paid_on: date, actor: User, at: datetime) -> LongWork:
    """Ask to write down that everybody who waits has their money; raises `NotPayableError`."""
    require_day(batch, paid_on, at)
    counts = counts_of(batch)
    values = {'batch_id': batch.id, 'evidence': evidence, 'paid_on': paid_on.isoformat()}
    waiting = sum(counts.get(status, 0) for status in READY)
    return request_work(PAYMENT, f'payouts:batch:{batch.id}', values, total=waiting, actor=actor, at=at)


def batch_of(work: LongWork) -> PayoutBatch | None:
    """Return the batch a work is about, once there is one."""
    if work.kind == PAYMENT:
        return db.session.get(PayoutBatch, work.values['batch_id'])
    return db.session.scalar(select(PayoutBatch).where(PayoutBatch.form_token == work.values['form_token']))


def _compute(work: LongWork, at: datetime) -> Step:
    """Compute the batch, in one step: its lines hold the pools all at once or not at all."""
    village = db.session.get(Village, work.values['village_id'])
    if village is None:
        raise GoneError(_('找不到这个村。'))
    batch = compute_batch(village, form_token=work.values['form_token'], actor=_owner(work), at=at)
    return Step(batch.line_count, batch.line_count, is_last=True)


def _pay(work: LongWork, at: datetime) -> Step:
    """Pay the next lines; those that are paid are not met again, so a step done twice does nothing twice."""
    batch = db.session.get(PayoutBatch, work.values['batch_id'])
    if batch is None:
        raise GoneError(_('找不到这一批。'))
    paid = pay_cash(
        batch,
        None,
        evidence=work.values['evidence'],
        paid_on=date.fromisoformat(work.values['paid_on']),
        actor=_owner(work),
        at=at,
        limit=AT_ONCE,
    )
    done = work.done + paid
    return Step(done, max(work.total, done), is_last=paid < AT_ONCE or done >= work.total)


def _owner(work: LongWork) -> User:
    return db.session.get_one(User, work.owner_id)


STEPS[COMPUTATION] = _compute
STEPS[PAYMENT] = _pay
