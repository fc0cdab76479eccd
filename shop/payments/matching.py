"""Lines of bank statements and the payments they belong to: imported once, then linked, ignored or on hold."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.accounts.models import User
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.money import Money
from shop.orders.models import Checkout, Order
from shop.payments.bank_models import BankLine, BankLineStatus, BankStatement
from shop.payments.inbox import store_event
from shop.payments.models import Payment, PaymentEvent, PaymentStatus, Refund, RefundStatus
from shop.payments.scope import is_statement_in_scope, payments_in_scope, refund_in_scope, statements_in_scope
from shop.payments.services import GATEWAYS
from shop.payments.statements import MAX_FAULTS, Statement, StatementError, StatementLine
from shop.payments.transfers import find_code, received, returned

GATEWAY = 'transfer'
MAX_REASON = 200
CHUNK = 500


def import_statement(
    statement: Statement, *, file_name: str, region_id: int, actor: User, at: datetime
) -> BankStatement:
    """Keep the lines that are new; raises `StatementError` when the bank's number is known with another sum."""
    known = _known([line.key for line in statement.lines])
    faults = [
        _(
            '第 %(row)s 行“流水号”：同一天的“%(serial)s”已导入过，那时是 ¥%(before)s，现在是 ¥%(now)s。',
            row=line.row,
            serial=line.key.split(':', 1)[1],
            before=Money(known[line.key]).grouped,
            now=Money(line.amount_fen).grouped,
        )
        for line in statement.lines
        if known.get(line.key, line.amount_fen) != line.amount_fen
    ]
    if faults:
        raise StatementError(faults[:MAX_FAULTS])
    new = [line for line in statement.lines if line.key not in known]
    row = BankStatement(
        region_id=region_id,
        file_name=file_name[:120],
        uploaded_by_id=actor.id,
        uploaded_at=at,
        known_count=len(statement.lines) - len(new),
        skipped_count=statement.skipped,
        lines=[_line(line) for line in new],
    )
    db.session.add(row)
    db.session.flush()
    return row


def suggestions(lines: Sequence[BankLine], actor: User) -> dict[int, Payment]:
    """Return the payment in scope whose code stands in the memo, by line; nothing is decided by it."""
    codes = {line.id: code for line in lines if (code := find_code(line.memo)) is not None}
    payments = {
        payment.transfer_code: payment
        for payment in db.session.scalars(payments_in_scope(actor).where(Payment.transfer_code.in_(codes.values())))
    }
    return {line_id: payments[code] for line_id, code in codes.items() if code in payments}


def suggestions_by_name(lines: Sequence[BankLine], actor: User) -> dict[int, Payment]:
    """Return for lines without a code the one transfer in scope of an institution of the payer's name and this sum."""
    bare = [line for line in lines if find_code(line.memo) is None]
    names = {line.payer_name for line in bare}
    ordered = select(Order.checkout_id).where(Order.institution_name.in_(names))
    pending = (
        payments_in_scope(actor)
        .where(Payment.gateway == GATEWAY, Payment.status == PaymentStatus.PENDING, Payment.checkout_id.in_(ordered))
        .options(joinedload(Payment.checkout).selectinload(Checkout.orders))
    )
    waiting: dict[tuple[str | None, int], list[Payment]] = {}
    for payment in db.session.scalars(pending) if names else ():
        key = (payment.checkout.orders[0].institution_name, payment.amount_fen)
        waiting.setdefault(key, []).append(payment)
    found = {line.id: waiting.get((line.payer_name, line.amount_fen), []) for line in bare}
    return {line_id: payments[0] for line_id, payments in found.items() if len(payments) == 1}


def link_line(line_id: int, typed_code: str, *, actor: User, at: datetime) -> PaymentEvent:
    """Say which payment a line is; the event that settles it is stored with that, and acted on by the caller."""
    line = _locked(line_id, actor)
    code = find_code(typed_code)
    if code is None:
        raise BusinessError(_('识别码是 DY 开头的 11 位字母数字，请核对。'), field='code')
    payment = db.session.scalar(payments_in_scope(actor).where(Payment.transfer_code == code))
    if payment is None:
        raise BusinessError(_('没有识别码为 %(code)s 的转账。', code=code), field='code')
    line.payment_id = payment.id
    line.move(BankLineStatus.LINKED, actor_id=actor.id, at=at, reason=code)
    payload = received(f'line-{line.id}', payment, line.amount_fen, line.came_at, line.line_key)
    return store_event(GATEWAY, GATEWAYS[GATEWAY].read_event(payload), at=at)


def ignore_line(line_id: int, reason: str, *, actor: User, at: datetime) -> None:
    """Say that a line belongs to no order, and why."""
    _decide(line_id, BankLineStatus.IGNORED, reason, actor=actor, at=at)


def hold_line(line_id: int, reason: str, *, actor: User, at: datetime) -> None:
    """Leave a line open, or open one that was ignored again, and say why."""
    _decide(line_id, BankLineStatus.ON_HOLD, reason, actor=actor, at=at)


def confirm_return(refund_id: int, slip: str, *, actor: User, at: datetime) -> PaymentEvent:
    """Say that a person has transferred money back, with the bank's number of that transfer."""
    refund = refund_in_scope(refund_id, actor)
    lock_row(refund)
    slip = slip.strip()
    if refund.payment.gateway != GATEWAY or refund.status is not RefundStatus.REQUESTED:
        raise BusinessError(_('这笔退款不等待转账。'), field='slip')
    if not 4 <= len(slip) <= 60:
        raise BusinessError(_('填写银行回单上的流水号，4 到 60 个字符。'), field='slip')
    return store_event(GATEWAY, GATEWAYS[GATEWAY].read_event(returned(refund, slip, at)), at=at)


def returns_due(actor: User) -> Sequence[Refund]:
    """Return what a person has still to transfer back, oldest first."""
    return db.session.scalars(
        select(Refund)
        .join(Refund.payment)
        .where(
            Payment.gateway == GATEWAY,
            Refund.status == RefundStatus.REQUESTED,
            Payment.id.in_(payments_in_scope(actor).with_only_columns(Payment.id)),
        )
        .options(joinedload(Refund.payment))
        .order_by(Refund.id)
    ).all()


def lines_of_status(actor: User, status: BankLineStatus, *, limit: int, offset: int) -> Sequence[BankLine]:
    """Return lines of the statements in scope, the newest money first."""
    return db.session.scalars(
        select(BankLine)
        .where(BankLine.statement_id.in_(statements_in_scope(actor)), BankLine.status == status)
        .options(joinedload(BankLine.statement), joinedload(BankLine.payment))
        .order_by(BankLine.came_at.desc(), BankLine.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def _decide(line_id: int, to: BankLineStatus, reason: str, *, actor: User, at: datetime) -> None:
    line = _locked(line_id, actor)
    if not 1 <= len(reason) <= MAX_REASON:
        raise BusinessError(_('写明原因，最多 %(n)s 个字。', n=MAX_REASON), field='reason')
    line.move(to, actor_id=actor.id, at=at, reason=reason)
    line.reason = reason


def _locked(line_id: int, actor: User) -> BankLine:
    line = db.session.get(BankLine, line_id, with_for_update=True)
    if line is None or not is_statement_in_scope(line.statement, actor):
        raise NotFoundError
    return line


def _known(keys: list[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        rows = db.session.execute(select(BankLine.line_key, BankLine.amount_fen).where(BankLine.line_key.in_(chunk)))
        known.update((key, fen) for key, fen in rows)
    return known


def _line(line: StatementLine) -> BankLine:
    return BankLine(
        row=line.row,
        line_key=line.key,
        came_at=line.came_at,
        amount_fen=line.amount_fen,
        payer_name=line.payer_name,
        payer_tail=line.payer_tail,
        memo=line.memo,
        status=BankLineStatus.ON_HOLD,
    )
