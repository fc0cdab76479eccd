"""Receiving an objection, taking it up, and deciding it; each moves the notice along."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.benefits.queries import newest_version
from shop.endorsements.inquiry import (
    end_after_inquiry,
    is_notice_running,
    is_notice_suspended,
    resume_notice,
    suspend_notice,
)
from shop.endorsements.models import Endorsement
from shop.endorsements.policies import authors_of
from shop.kit import clock
from shop.kit.crypto import new_code, seal_text
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.objections.forms import ObjectionForm
from shop.objections.models import OPEN_STATUSES, Objection, ObjectionEvent, ObjectionStatus
from shop.objections.policies import may_decide

S = ObjectionStatus
MOST_PER_VISIT, VISIT_SPAN = 5, timedelta(hours=1)
MOST_PER_NOTICE, NOTICE_SPAN = 20, timedelta(days=1)


class NoticeOverError(BusinessError):
    """There is no notice to object to any more."""


class TooManyObjectionsError(BusinessError):
    """So many came in so short a time that the next ones must wait."""


class OwnWorkError(BusinessError):
    """Whoever wrote what is objected to cannot decide about it."""


def receive_objection(
    endorsement: Endorsement, form: ObjectionForm, *, visit_digest: str, keys: str, at: datetime
) -> Objection:
    """Keep an objection and stop the notice; sending the same form again gives the same objection.

    Raises `NoticeOverError`, `TooManyObjectionsError`.
    """
    lock_row(endorsement)
    known = db.session.scalar(select(Objection).where(Objection.form_token == form.form_token))
    if known is not None:
        return known
    if not (is_notice_running(endorsement, on=clock.business_day(at)) or is_notice_suspended(endorsement)):
        raise NoticeOverError(_('这件公示已经结束。有情况请打 12317。'))
    _require_room(endorsement, visit_digest, at)
    assert form.kind is not None
    objection = Objection(
        number=new_code(),
        endorsement=endorsement,
        kind=form.kind,
        text=form.text,
        sealed_name=seal_text(keys, form.name) if form.name else None,
        sealed_phone=seal_text(keys, form.phone) if form.phone else None,
        form_token=form.form_token,
        visit_digest=visit_digest,
        status=S.RECEIVED,
        received_at=at,
    )
    objection.events.append(ObjectionEvent(at=at, to_status=S.RECEIVED))
    db.session.add(objection)
    suspend_notice(endorsement, at=at)
    db.session.flush()
    return objection


def take_up_objection(objection: Objection, *, actor: User, at: datetime) -> None:
    """Begin the inquiry; raises `NotFoundError`, `OwnWorkError`, `ObjectionMoveError`."""
    _hold(objection, actor)
    objection.move(S.UNDER_INQUIRY, actor_id=actor.id, at=at)


def decide_objection(objection: Objection, *, is_upheld: bool, answer: str, actor: User, at: datetime) -> None:
    """Say what the inquiry found.

    Upheld, the endorsement comes down. Not upheld, its notice goes on as soon as no other objection is open.
    Raises `NotFoundError`, `OwnWorkError`, `ObjectionMoveError`.
    """
    _hold(objection, actor)
    objection.move(S.UPHELD if is_upheld else S.NOT_UPHELD, actor_id=actor.id, at=at, reason=answer[:300])
    objection.answer = answer
    objection.decided_at = at
    db.session.flush()
    endorsement = objection.endorsement
    if not is_notice_suspended(endorsement):
        return
    if is_upheld:
        end_after_inquiry(endorsement, reason=_('异议成立，撤下公示'), actor=actor, at=at)
    elif not _count(Objection.endorsement_id == endorsement.id, Objection.status.in_(OPEN_STATUSES)):
        resume_notice(endorsement, reason=_('异议不成立，继续公示'), actor=actor, at=at)


def _hold(objection: Objection, actor: User) -> None:
    """Hold the endorsement and then the objection, if the actor may decide about it."""
    endorsement = objection.endorsement
    lock_row(endorsement)
    lock_row(objection)
    authors = authors_of(endorsement, newest_version(endorsement.product_id))
    if not may_decide(actor, objection, frozenset()):
        raise NotFoundError
    if not may_decide(actor, objection, authors):
        raise OwnWorkError(_('您起草或提交了这一件，不能由您核查。'))


def _require_room(endorsement: Endorsement, visit_digest: str, at: datetime) -> None:
    """The endorsement's row is held, so that two at once are counted one after the other."""
    if _count(Objection.visit_digest == visit_digest, Objection.received_at > at - VISIT_SPAN) >= MOST_PER_VISIT:
        raise TooManyObjectionsError(
            _('一小时内最多提交 %(n)s 条，请稍后再提，或打 12317。您写的内容还在下面。', n=MOST_PER_VISIT)
        )
    mine = (Objection.endorsement_id == endorsement.id, Objection.received_at > at - NOTICE_SPAN)
    if _count(*mine) >= MOST_PER_NOTICE:
        raise TooManyObjectionsError(
            _('这件公示一天内已收到 %(n)s 条异议，正在核查。请明天再提，或打 12317。', n=MOST_PER_NOTICE)
        )


def _count(*conditions: object) -> int:
    statement = select(func.count()).select_from(Objection).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(statement) or 0
