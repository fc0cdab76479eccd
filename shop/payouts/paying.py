"""Writing down what was handed over: cash against a signature, photos of the roster, and what proves it."""

from collections.abc import Collection
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.ledger.payouts import record_payouts
from shop.payouts.evidence_models import PayoutSlip
from shop.payouts.lines import AT_ONCE, follow_lines, line_ids_of, move_lines
from shop.payouts.models import AFTER_REVIEW, PAYABLE, READY, BatchStatus, LineStatus, PayMethod, PayoutBatch
from shop.payouts.policies import may_make

B, L = BatchStatus, LineStatus


class NotPayableError(BusinessError):
    """Nothing of the batch may be handed over now, or not on that day."""


def pay_cash(
    batch: PayoutBatch,
    line_ids: Collection[int] | None,
    *,
    evidence: str,
    paid_on: date,
    actor: User,
    at: datetime,
    limit: int | None = None,
) -> int:
    """Write down that these households, or all that wait, have their money; return how many that are.

    Those that have it already are left alone, so a second click books nothing.
    Raises `NotFoundError`, `NotPayableError`.
    """
    hold_for_paying(batch, actor)
    require_day(batch, paid_on, at)
    ids = line_ids_of(batch, READY, limit=limit)
    if line_ids is not None:
        ids = [line_id for line_id in ids if line_id in line_ids]
    if ids:
        book_lines(ids, PayMethod.CASH, evidence=evidence, paid_on=paid_on, actor=actor, at=at)
        follow_lines(batch, actor_id=actor.id, at=at)
    return len(ids)


def book_lines(
    line_ids: list[int],
    method: PayMethod,
    *,
    evidence: str,
    paid_on: date,
    actor: User,
    at: datetime,
) -> None:
    """Move lines to paid and write what they held into the book; the caller holds the batch."""
    move_lines(line_ids, L.PAID, actor_id=actor.id, at=at, reason=evidence, method=method, paid_on=paid_on, failure='')
    for start in range(0, len(line_ids), AT_ONCE):
        record_payouts(line_ids[start : start + AT_ONCE], evidence=evidence, paid_on=paid_on, at=at)


def require_day(batch: PayoutBatch, paid_on: date, at: datetime) -> None:
    """Refuse a day before the township agreed, or one to come; raises `NotPayableError`."""
    if batch.status not in PAYABLE or batch.reviewed_at is None:
        raise NotPayableError(_('这一批现在是“%(status)s”，不能登记发放。', status=batch.status.label))
    first, last = clock.business_day(batch.reviewed_at), clock.business_day(at)
    if not first <= paid_on <= last:
        raise NotPayableError(
            _('发放日应在 %(first)s（乡镇审核）到 %(last)s（今天）之间。', first=first, last=last), field='paid_on'
        )


def add_slip(batch: PayoutBatch, digest: str, *, note: str, actor: User, at: datetime) -> None:
    """Keep a photo of the signed roster; the same photo again changes nothing. Raises `NotFoundError`."""
    hold_for_paying(batch, actor)
    if batch.status not in AFTER_REVIEW or batch.status is B.ARCHIVED:
        raise NotPayableError(_('乡镇审核以后、归档以前才传签收照片。'), field='slip')
    known = db.session.scalar(select(PayoutSlip.id).where(PayoutSlip.batch_id == batch.id, PayoutSlip.digest == digest))
    if known is None:
        db.session.add(PayoutSlip(batch_id=batch.id, digest=digest, note=note, added_by_id=actor.id, added_at=at))
        db.session.flush()
        follow_lines(batch, actor_id=actor.id, at=at)


def hold_for_paying(batch: PayoutBatch, actor: User) -> None:
    """Hold a batch for somebody who writes down payments; raises `NotFoundError`."""
    lock_row(batch)
    if not may_make(actor, batch.village):
        raise NotFoundError
