"""The department's money desk: statements of the transfer account line by line, and what waits for a decision."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role, User
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.kit.pagination import Page, page_number
from shop.kit.sheets import MAX_BYTES, too_large_words
from shop.payments.bank_models import BankLine, BankLineStatus
from shop.payments.decisions import (
    accept_held,
    captured_words,
    failed_refunds,
    held_payments,
    refund_held,
    retry_failed,
    stray_events,
)
from shop.payments.gateways import ProviderDownError, ProviderRefusedError
from shop.payments.matching import (
    confirm_return,
    hold_line,
    ignore_line,
    import_statement,
    lines_of_status,
    link_line,
    returns_due,
    suggestions,
)
from shop.payments.models import EventOutcome
from shop.payments.reconciler import recapture
from shop.payments.scope import DEPARTMENTS, department_region, payment_in_scope, refund_in_scope, statements_in_scope
from shop.payments.statements import StatementError, read_statement
from shop.payments.worker import act_within

PAGE_SIZE = 30
UNPROCESSABLE = 422
CONFLICT = 409
ROOM_FOR_FORM = 64 * 1024

blueprint = Blueprint('office_payments', __name__, url_prefix='/office')
departments_only = open_to(*DEPARTMENTS)
officials_only = open_to(*DEPARTMENTS, Role.AUDITOR)


@blueprint.get('/transfers')
@officials_only
def transfers() -> ResponseReturnValue:
    """Show what came in to the transfer account, by status, and what is to be transferred back."""
    return _transfers()


@blueprint.post('/transfers')
@departments_only
def upload() -> ResponseReturnValue:
    """Take a statement in, whole or not at all; lines that are known already are counted and left."""
    request.max_content_length = MAX_BYTES + ROOM_FOR_FORM
    user, at = required_user(), clock.now()
    try:
        given = request.files.get('statement')
        content, name = (given.read(), given.filename or '') if given is not None else (b'', '')
        statement = read_statement(content, at=at)
        with transaction():
            region = department_region(user)
            row = import_statement(statement, file_name=clean_text(name), region_id=region, actor=user, at=at)
            told = _(
                '导入 %(new)s 行收入；%(known)s 行以前导入过，%(out)s 行支出没有导入。',
                new=len(row.lines),
                known=row.known_count,
                out=row.skipped_count,
            )
    except RequestEntityTooLarge:
        return _transfers(faults=(too_large_words(),), code=413)
    except StatementError as error:
        return _transfers(faults=error.faults, code=UNPROCESSABLE)
    except IntegrityError:
        # Two people have uploaded the same lines at once; the other one has imported them.
        db.session.rollback()
        return _transfers(faults=(_('刚刚有人导入了同样的行，请再传一次，重复的会自动跳过。'),), code=CONFLICT)
    flash(told)
    return redirect('/office/transfers', 303)


@blueprint.post('/transfers/<int:line_id>/decision')
@departments_only
def decide_line(line_id: int) -> ResponseReturnValue:
    """Link a line, ignore it, or leave it on hold."""
    user, at, form = required_user(), clock.now(), request.form
    reason, decision = clean_text(form.get('reason', '')), form.get('decision', '')
    event_id = None
    try:
        with transaction():
            if decision == 'link':
                event_id = link_line(line_id, form.get('code', ''), actor=user, at=at).id
            elif decision == 'ignore':
                ignore_line(line_id, reason, actor=user, at=at)
            else:
                hold_line(line_id, reason, actor=user, at=at)
    except BusinessError as error:
        return _transfers(line_id=line_id, error=error, typed=form, code=UNPROCESSABLE)
    flash(_outcome_words(event_id, at) if event_id is not None else _('已记下。'))
    return redirect('/office/transfers', 303)


@blueprint.post('/refunds/<int:refund_id>/transfer')
@departments_only
def confirm_transfer(refund_id: int) -> ResponseReturnValue:
    """Say that money was transferred back, with the number on the bank's slip."""
    user, at = required_user(), clock.now()
    try:
        with transaction():
            event = confirm_return(refund_id, clean_text(request.form.get('slip', '')), actor=user, at=at)
            event_id = event.id
    except BusinessError as error:
        return _transfers(refund_id=refund_id, error=error, typed=request.form, code=UNPROCESSABLE)
    flash(_outcome_words(event_id, at))
    return redirect('/office/transfers', 303)


@blueprint.get('/payments/held')
@officials_only
def held() -> ResponseReturnValue:
    """Show the money that waits for a person: held payments, failed refunds, events of nothing we know."""
    return _held()


@blueprint.post('/payments/<int:payment_id>/decision')
@departments_only
def decide_payment(payment_id: int) -> ResponseReturnValue:
    """Accept a held payment if exactly what was due has come, or give it back."""
    user = required_user()
    reason = clean_text(request.form.get('reason', ''))

    def act(at: datetime) -> str:
        payment = payment_in_scope(payment_id, user)
        if request.form.get('decision') == 'accept':
            return str(accept_held(payment, actor=user, at=at).label)
        refund = refund_held(payment, reason, actor=user, at=at)
        return str(_('已退款。') if refund is not None else _('没有收到钱，这笔支付已关闭。'))

    try:
        recapture(payment_in_scope(payment_id, user))
    except (ProviderDownError, ProviderRefusedError):
        flash(_('暂时联系不上支付公司，按此前收到的通知处理。'))
    return _act(act, 'payment_id', payment_id)


@blueprint.post('/refunds/<int:refund_id>/attempt')
@departments_only
def retry(refund_id: int) -> ResponseReturnValue:
    """Ask once more for a refund that failed."""
    user = required_user()

    def act(at: datetime) -> str:
        retry_failed(refund_in_scope(refund_id, user), actor=user, at=at)
        return str(_('已重新请求退款。'))

    return _act(act, 'refund_id', refund_id)


def _act(act: Callable[[datetime], str], name: str, number: int) -> ResponseReturnValue:
    try:
        with transaction():
            told = act(clock.now())
    except BusinessError as error:
        return _held(error=error, code=UNPROCESSABLE, subject=(name, number))
    flash(told)
    return redirect('/office/payments/held', 303)


def _held(
    *, error: BusinessError | None = None, code: int = 200, subject: tuple[str, int] | None = None
) -> ResponseReturnValue:
    user = required_user()
    payments, refunds = held_payments(user), failed_refunds(user, at=clock.now())
    shown = {('payment_id', row.id) for row in payments} | {('refund_id', row.id) for row in refunds}
    page = render_template(
        'payments/office/held.html',
        payments=payments,
        refunds=refunds,
        is_beside=subject in shown,
        strays=stray_events() if Role.CITY_DEPARTMENT in user.roles else [],
        captured_words=captured_words,
        gateway_names={'sandbox': _('演示支付'), 'stripe': 'Stripe', 'transfer': _('对公转账')},
        may_decide=_may_decide(user),
        error=error,
        subject=subject,
        reason=clean_text(request.form.get('reason', '')),
    )
    return page, code


def _transfers(
    *,
    faults: tuple[str, ...] = (),
    line_id: int | None = None,
    refund_id: int | None = None,
    error: BusinessError | None = None,
    typed: Mapping[str, str] = MappingProxyType({}),
    code: int = 200,
) -> ResponseReturnValue:
    user = required_user()
    status = BankLineStatus.find(request.args.get('status', '')) or BankLineStatus.ON_HOLD
    counts = _counts(user)
    number = page_number(request.args.get('page'))
    returns = returns_due(user)
    rows = lines_of_status(user, status, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    page = render_template(
        'payments/office/transfers.html',
        page=Page(rows, number, PAGE_SIZE, counts.get(status, 0)),
        status=status,
        statuses=BankLineStatus,
        counts=counts,
        suggested=suggestions(rows, user),
        returns=returns,
        may_decide=_may_decide(user),
        faults=faults,
        line_id=line_id,
        refund_id=refund_id,
        error=error,
        is_beside=line_id in {row.id for row in rows} or refund_id in {refund.id for refund in returns},
        typed={name: clean_text(typed.get(name, '')) for name in ('code', 'reason', 'slip')},
    )
    return page, code


def _counts(user: User) -> dict[BankLineStatus, int]:
    rows = db.session.execute(
        select(BankLine.status, func.count(BankLine.id).label('n'))
        .where(BankLine.statement_id.in_(statements_in_scope(user)))
        .group_by(BankLine.status)
    )
    return {row.status: row.n for row in rows}


def _may_decide(user: User) -> bool:
    return bool(user.roles & set(DEPARTMENTS))


def _outcome_words(event_id: int, at: datetime) -> str:
    """Act on the event that was just stored, and say what came of it."""
    outcome = act_within(event_id, at=at)
    told = {
        EventOutcome.SETTLED: _('已关联，订单已付款。'),
        EventOutcome.SECOND_PAYMENT: _('已关联；这笔订单早已付清，请把钱转回去（见下面“待转回”）。'),
        EventOutcome.LATE_PAYMENT: _('已关联；订单已经取消，请把钱转回去（见下面“待转回”）。'),
        EventOutcome.HELD: _('已关联；金额与应付不符，请到“待核对的款项”决定。'),
        EventOutcome.REFUND_CONFIRMED: _('已记下，退款完成。'),
    }
    return str(told.get(outcome, _('已记下，系统会在一分钟内处理。')))
