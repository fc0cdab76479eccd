"""The way of a batch: computed, confirmed by the village, on notice, reviewed by the township; or cancelled.

Every function holds the village or the batch first, so that two at once are done one after the other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.ledger.payouts import Due, hold_parts, lock_dues
from shop.payouts.lines import cancel_lines, counts_of, line_ids_of
from shop.payouts.models import (
    UNFINISHED,
    UNPAID,
    BatchStatus,
    LineStatus,
    PayoutBatch,
    PayoutEvent,
    PayoutLine,
)
from shop.payouts.policies import holds_review, may_confirm, may_make, may_review
from shop.villages.models import Village
from shop.villages.queries import register_of

B, L = BatchStatus, LineStatus


class UnfinishedBatchError(BusinessError):
    """The village has a batch that the township has not agreed to yet."""


class NothingDueError(BusinessError):
    """No household of the village is due anything."""


class OwnWorkError(BusinessError):
    """Whoever computed or confirmed a batch cannot review it."""


class OnItsWayError(BusinessError):
    """Money of the batch is with the bank or handed over already."""


def compute_batch(village: Village, *, form_token: str, actor: User, at: datetime) -> PayoutBatch:
    """Compute what every household of a village is due now; the same form again gives the same batch.

    What it comes to is held until it is paid or released. Raises `NotFoundError`, `UnfinishedBatchError`,
    `NothingDueError`.
    """
    lock_row(village)
    if not may_make(actor, village):
        raise NotFoundError
    known = db.session.scalar(select(PayoutBatch).where(PayoutBatch.form_token == form_token))
    if known is not None:
        return known
    unfinished = db.session.scalar(
        select(PayoutBatch.number).where(PayoutBatch.village_id == village.id, PayoutBatch.status.in_(UNFINISHED))
    )
    if unfinished is not None:
        raise UnfinishedBatchError(_('批次 %(number)s 还没有走完审核，先办完它再测算下一批。', number=unfinished))
    dues = lock_dues(village.id)
    if not dues:
        raise NothingDueError(_('眼下没有应付未付的钱：测算给农户的都已发放，或在别的批次里。'))
    serial = 1 + (
        db.session.scalar(select(func.max(PayoutBatch.serial)).where(PayoutBatch.village_id == village.id)) or 0
    )
    batch = PayoutBatch(
        number=f'{village.code}-{serial:03d}',
        village=village,
        serial=serial,
        status=B.COMPUTED,
        line_count=len({due.household_id for due in dues}),
        amount_fen=sum(due.fen for due in dues),
        form_token=form_token,
        computed_by_id=actor.id,
        computed_at=at,
    )
    batch.events.append(PayoutEvent(at=at, actor_id=actor.id, to_status=B.COMPUTED))
    db.session.add(batch)
    db.session.flush()
    _add_lines(batch, dues)
    return batch


def confirm_batch(batch: PayoutBatch, *, actor: User, at: datetime) -> None:
    """Sign for the village that the figures are right; raises `NotFoundError`, `PayoutMoveError`."""
    _hold_for_village(batch, actor)
    batch.move(B.CONFIRMED, actor_id=actor.id, at=at)
    batch.confirmed_by_id, batch.confirmed_at = actor.id, at


def put_on_notice(batch: PayoutBatch, *, days: int, actor: User, at: datetime) -> None:
    """Publish the batch for so many days; raises `NotFoundError`, `PayoutMoveError`."""
    _hold_for_village(batch, actor)
    batch.move(B.ON_NOTICE, actor_id=actor.id, at=at)
    batch.noticed_on = clock.business_day(at)
    batch.notice_ends_on = batch.noticed_on + timedelta(days=days)


def end_due_notices(*, at: datetime) -> int:
    """Send what was on notice long enough to the township; return how many batches."""
    due = (PayoutBatch.status == B.ON_NOTICE, PayoutBatch.notice_ends_on <= clock.business_day(at))
    batches = db.session.scalars(
        select(PayoutBatch).where(*due).order_by(PayoutBatch.id).with_for_update(of=PayoutBatch)
    ).all()
    for batch in batches:
        batch.move(B.IN_REVIEW, actor_id=None, at=at)
    return len(batches)


def approve_batch(batch: PayoutBatch, *, actor: User, at: datetime) -> None:
    """Sign for the township that it may be paid; raises `NotFoundError`, `OwnWorkError`, `PayoutMoveError`."""
    _hold_for_review(batch, actor)
    batch.reviewed_by_id, batch.reviewed_at = actor.id, at
    batch.move(B.DUE, actor_id=actor.id, at=at)
    if not any(counts_of(batch).get(status) for status in UNPAID):
        raise NothingDueError(_('这一批的户都因异议撤回了，没有可发的，请退回。'))


def return_batch(batch: PayoutBatch, *, reason: str, actor: User, at: datetime) -> None:
    """Send it back to the village with a reason; raises `NotFoundError`, `OwnWorkError`, `PayoutMoveError`."""
    _hold_for_review(batch, actor)
    batch.move(B.RETURNED, actor_id=actor.id, at=at, reason=reason)


def cancel_batch(batch: PayoutBatch, *, reason: str, actor: User, at: datetime) -> None:
    """Give up a batch before anything of it was paid; what it held is due again.

    Raises `NotFoundError`, `OnItsWayError`, `PayoutMoveError`.
    """
    _hold_for_village(batch, actor)
    counts = counts_of(batch)
    if counts.get(L.SENT) or counts.get(L.PAID):
        raise OnItsWayError(_('这一批有的户已经发了，或已交银行代发，不能再撤销。'))
    batch.move(B.CANCELLED, actor_id=actor.id, at=at, reason=reason)
    cancel_lines(line_ids_of(batch, UNPAID), actor_id=actor.id, at=at, reason=reason)


def archive_batch(batch: PayoutBatch, *, actor: User, at: datetime) -> None:
    """Close the file once the evidence is complete; raises `NotFoundError`, `OwnWorkError`, `PayoutMoveError`."""
    _hold_for_review(batch, actor)
    batch.move(B.ARCHIVED, actor_id=actor.id, at=at)


def _add_lines(batch: PayoutBatch, dues: Sequence[Due]) -> None:
    """Add a line per household in the order of the register, joined villages' behind it, and its parts by pool."""
    owed: dict[int, list[Due]] = {}
    for due in dues:
        owed.setdefault(due.household_id, []).append(due)
    ordered = [household.id for household in register_of(batch.village_id) if household.id in owed]
    lines = db.session.execute(
        insert(PayoutLine).returning(PayoutLine.id, PayoutLine.household_id),
        [
            {
                'batch_id': batch.id,
                'household_id': household_id,
                'position': position,
                'amount_fen': sum(due.fen for due in owed[household_id]),
                'status': L.WAITING,
                'bank_serial': '',
                'failure': '',
            }
            for position, household_id in enumerate(ordered, 1)
        ],
    ).all()
    hold_parts([(line_id, due) for line_id, household_id in lines for due in owed[household_id]])


def _hold_for_village(batch: PayoutBatch, actor: User) -> None:
    lock_row(batch)
    if not may_confirm(actor, batch.village):
        raise NotFoundError


def _hold_for_review(batch: PayoutBatch, actor: User) -> None:
    lock_row(batch)
    if not holds_review(actor, batch):
        raise NotFoundError
    if not may_review(actor, batch):
        raise OwnWorkError(_('您测算或确认了这一批，不能由您审核。'))
