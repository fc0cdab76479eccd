"""Objections to lines of a batch on notice: each freezes that household's line alone, until the township decides."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.crypto import new_code, seal_text
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.words import kept
from shop.payouts.forms import ObjectionForm
from shop.payouts.lines import cancel_lines, follow_lines, move_lines
from shop.payouts.models import LineStatus, PayoutBatch, PayoutLine
from shop.payouts.objection_models import PayoutObjection, PayoutObjectionEvent, PayoutObjectionStatus
from shop.payouts.policies import holds_review, may_review
from shop.payouts.services import OwnWorkError
from shop.villages.models import Household

S, L = PayoutObjectionStatus, LineStatus
MOST_PER_VISIT, VISIT_SPAN = 5, timedelta(hours=1)
MOST_PER_BATCH, BATCH_SPAN = 30, timedelta(days=1)
FROZEN, UPHELD, NOT_UPHELD = kept('收到异议，先冻结这一户'), kept('异议成立，撤回'), kept('异议不成立，恢复')


class NoticeOverError(BusinessError):
    """The notice is over, or stands not yet."""


class UnknownCodeError(BusinessError):
    """No household of the notice has this self-check code."""


class TooManyError(BusinessError):
    """So many came in so short a time that the next ones must wait."""


def receive_objection(
    batch: PayoutBatch, form: ObjectionForm, *, visit_digest: str, keys: str, at: datetime
) -> PayoutObjection:
    """Keep an objection and freeze the line; sending the same form again gives the same objection.

    Raises `NoticeOverError`, `UnknownCodeError`, `TooManyError`.
    """
    lock_row(batch)
    known = db.session.scalar(select(PayoutObjection).where(PayoutObjection.form_token == form.form_token))
    if known is not None:
        return known
    if not batch.is_on_notice(clock.business_day(at)):
        raise NoticeOverError(_('这一批的公示已经结束。有情况请打 12317。'))
    _require_room(batch, visit_digest, at)
    line = db.session.scalar(
        select(PayoutLine)
        .join(Household, Household.id == PayoutLine.household_id)
        .where(PayoutLine.batch_id == batch.id, Household.self_check_code.in_(form.codes))
    )
    if line is None:
        raise UnknownCodeError(_('这一批的名单里没有这个自查码，照名单上写的填，如 K7QN-3XA。'), field='code')
    objection = PayoutObjection(
        number=new_code(),
        line_id=line.id,
        text=form.text,
        sealed_phone=seal_text(keys, form.phone) if form.phone else None,
        form_token=form.form_token,
        visit_digest=visit_digest,
        status=S.RECEIVED,
        received_at=at,
    )
    objection.events.append(PayoutObjectionEvent(at=at, to_status=S.RECEIVED))
    db.session.add(objection)
    if line.status is L.WAITING:
        move_lines([line.id], L.FROZEN, actor_id=None, at=at, reason=FROZEN)
    db.session.flush()
    return objection


def decide_objection(objection: PayoutObjection, *, is_upheld: bool, answer: str, actor: User, at: datetime) -> None:
    """Say what was found: upheld, the line goes back to the pools; else it is thawed when no other objection is open.

    Raises `NotFoundError`, `OwnWorkError`, `PayoutMoveError`.
    """
    batch = objection.line.batch
    lock_row(batch)
    lock_row(objection.line)
    lock_row(objection)
    if not holds_review(actor, batch):
        raise NotFoundError
    if not may_review(actor, batch):
        raise OwnWorkError(_('您测算或确认了这一批，不能由您处理异议。'))
    objection.move(S.UPHELD if is_upheld else S.NOT_UPHELD, actor_id=actor.id, at=at, reason=answer[:300])
    objection.answer, objection.decided_at = answer, at
    db.session.flush()
    line = objection.line
    if line.status is not L.FROZEN:
        return
    if is_upheld:
        cancel_lines([line.id], actor_id=actor.id, at=at, reason=UPHELD)
    elif not _count(PayoutObjection.line_id == line.id, PayoutObjection.status == S.RECEIVED):
        move_lines([line.id], L.WAITING, actor_id=actor.id, at=at, reason=NOT_UPHELD)
    follow_lines(batch, actor_id=actor.id, at=at)


def _require_room(batch: PayoutBatch, visit_digest: str, at: datetime) -> None:
    """The batch is held, so that two at once are counted one after the other."""
    mine = (PayoutObjection.visit_digest == visit_digest, PayoutObjection.received_at > at - VISIT_SPAN)
    if _count(*mine) >= MOST_PER_VISIT:
        raise TooManyError(
            _('一小时内最多提交 %(n)s 条，请稍后再提，或打 12317。您写的内容还在下面。', n=MOST_PER_VISIT)
        )
    lines = select(PayoutLine.id).where(PayoutLine.batch_id == batch.id)
    recent = (PayoutObjection.line_id.in_(lines), PayoutObjection.received_at > at - BATCH_SPAN)
    if _count(*recent) >= MOST_PER_BATCH:
        raise TooManyError(_('这件公示一天内已收到 %(n)s 条异议，正在核查。请明天再提，或打 12317。', n=MOST_PER_BATCH))


def _count(*conditions: object) -> int:
    statement = select(func.count()).select_from(PayoutObjection).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(statement) or 0
