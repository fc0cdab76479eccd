"""What time does to a case: the same for whoever comes first, a person or the scheduled work."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from shop.aftersales.letters import tell_step
from shop.aftersales.models import AftersaleCase
from shop.aftersales.states import AftersaleKind, AftersaleStatus, Party
from shop.aftersales.steps import Step, grant_claim, lock_order, move, release, settle
from shop.aftersales.terms import Terms
from shop.kit.database import db, lock_row
from shop.kit.words import kept
from shop.payments.models import Refund, RefundStatus

K = AftersaleKind
S = AftersaleStatus
BATCH = 200
UNANSWERED = kept('商家超时未处理，自动同意')
NOT_SENT_BACK = kept('超时没有寄回，售后关闭')
NOT_CONFIRMED = kept('商家超时未确认收货，自动进入下一步')
NOT_RESENT = kept('商家超时没有发出，转平台处理')
NOT_APPEALED = kept('到期没有申请平台介入，售后了结')
ARRIVED = kept('退款已到账')
CAME_BACK = kept('退款没有到账，重新处理')


def hold(case: AftersaleCase, step: Step) -> None:
    """Hold the order and then the case, and bring it up to the instant."""
    lock_order(case.order)
    lock_row(case)
    by_itself = replace(step, party=Party.SYSTEM, actor=None)
    while case.is_open and case.due_at is not None and case.due_at <= step.at:
        _let_pass(case, by_itself)


def accept(case: AftersaleCase, step: Step, reason: str = '') -> None:
    """Go where agreement leads: money, goods that come back first, or goods that are sent again."""
    if case.kind in {K.RETURN_REFUND, K.REPLACE}:
        move(case, S.AWAITING_RETURN, step, reason)
    elif case.kind is K.RESEND:
        move(case, S.AWAITING_RESEND, step, reason)
    else:
        grant_claim(case, step, reason)


def take_arrival(case: AftersaleCase, step: Step, reason: str = '') -> None:
    """Go on after goods have come back."""
    if case.kind is K.REPLACE:
        move(case, S.AWAITING_RESEND, step, reason)
    else:
        grant_claim(case, step, reason)


def due_cases(*, at: datetime) -> list[int]:
    """Return the cases whose time is over, the first that was to be acted on first."""
    statement = select(AftersaleCase.id).where(AftersaleCase.settled_at.is_(None), AftersaleCase.due_at <= at)
    return list(db.session.scalars(statement.order_by(AftersaleCase.due_at, AftersaleCase.id).limit(BATCH)))


def pass_deadline(case_id: int, *, terms: Terms, at: datetime) -> None:
    """Do what time does to one case; nothing when somebody was faster."""
    case = db.session.get_one(AftersaleCase, case_id)
    hold(case, Step(Party.SYSTEM, None, at, terms))


def follow_refunds(*, at: datetime) -> int:
    """Write down what the provider said about the money of cases; return of how many."""
    arrived = (AftersaleCase.status == S.REFUNDING) & (Refund.status == RefundStatus.SUCCEEDED)
    came_back = (AftersaleCase.status == S.REFUNDED) & (Refund.status != RefundStatus.SUCCEEDED)
    cases = db.session.scalars(
        select(AftersaleCase)
        .join(AftersaleCase.refund)
        .where(arrived | came_back)
        .order_by(AftersaleCase.id)
        .limit(BATCH)
        .with_for_update(of=AftersaleCase)
        .execution_options(populate_existing=True)
    ).all()
    for case in cases:
        is_back = case.status is S.REFUNDED
        to, reason = (S.REFUNDING, CAME_BACK) if is_back else (S.REFUNDED, ARRIVED)
        event = case.move(to, party=Party.SYSTEM, actor_id=None, at=at, reason=reason)
        if is_back:
            tell_step(case, event, at=at)
    return len(cases)


def _let_pass(case: AftersaleCase, step: Step) -> None:
    """Take the one step that follows when nobody has acted in time."""
    if case.status is S.AWAITING_VILLAGE:
        accept(case, step, UNANSWERED)
    elif case.status is S.AWAITING_RETURN:
        withdraw_case(case, step, NOT_SENT_BACK)
    elif case.status is S.AWAITING_ARRIVAL:
        take_arrival(case, step, NOT_CONFIRMED)
    elif case.status is S.AWAITING_RESEND:
        move(case, S.AT_PLATFORM, step, NOT_RESENT)
    else:
        event = case.note(party=step.party, actor_id=None, at=step.at, reason=NOT_APPEALED)
        settle(case, step)
        tell_step(case, event, at=step.at)


def withdraw_case(case: AftersaleCase, step: Step, reason: str = '') -> None:
    """End a held case without anything given."""
    release(case)
    case.settled_at = step.at
    move(case, S.WITHDRAWN, step, reason)
    settle(case, step)
