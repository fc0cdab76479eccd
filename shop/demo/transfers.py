"""Bank transfers of the campaign's institutions, a statement at the department's desk, and a payment that is held."""

from datetime import timedelta
from random import Random
from typing import Any

from shop.demo.period import Period
from shop.demo.rows import Rows
from shop.kit import clock
from shop.orders.models import Channel, Order
from shop.payments.bank_models import BankLine, BankLineStatus, BankStatement
from shop.payments.models import EventOutcome, Payment, PaymentEvent, PaymentStatus, PaymentStep
from shop.payments.transfers import find_code

LINKED = 6
LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
SHORT_BY_FEN = 1_000


def add_transfers(rows: Rows, rng: Random, period: Period, *, city_id: int, officer_id: int) -> None:
    """Let the last institutions have paid by transfer; the statement also has lines that wait for a person."""
    at = period.end - timedelta(hours=5)
    paid = _paid_by_institutions(rows)[-LINKED:]
    statement_id = rows.add(
        BankStatement,
        region_id=city_id,
        file_name=f'代销专户对账单{clock.business_day(at):%Y%m}.xlsx',
        uploaded_by_id=officer_id,
        uploaded_at=at,
        known_count=0,
        skipped_count=3,
    )
    for number, (order, payment) in enumerate(paid):
        make_transfer(rows, rng, payment)
        line_id = _add_line(rows, statement_id, number, order['institution_name'], payment, payment['transfer_code'])
        rows.of(BankLine)[line_id - 1].update(status=BankLineStatus.LINKED, payment_id=payment['id'])
        _add_step(rows, line_id, BankLineStatus.LINKED, payment['transfer_code'], at, officer_id)
    if paid:
        order, payment = paid[-1]
        _add_line(rows, statement_id, LINKED, order['institution_name'], payment, f'补货款{payment["transfer_code"]}')
        _add_line(rows, statement_id, LINKED + 1, '县供销合作社联合社', payment, '货款')
        reason = '活期利息，不是货款'
        line_id = _add_line(rows, statement_id, LINKED + 2, '演示银行通化支行', payment, '结息', fen=327)
        rows.of(BankLine)[line_id - 1].update(status=BankLineStatus.IGNORED, reason=reason)
        _add_step(rows, line_id, BankLineStatus.IGNORED, reason, at, officer_id)
    _hold_one(rows)


def _paid_by_institutions(rows: Rows) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the orders of institutions that were paid alone in their checkout, with their payments, oldest first."""
    payments = {payment['checkout_id']: payment for payment in rows.of(Payment) if payment['settles_orders']}
    orders = [
        order
        for order in rows.of(Order)
        if order['channel'] is Channel.INSTITUTION and order['checkout_id'] in payments
    ]
    found = [(order, payments[order['checkout_id']]) for order in orders]
    return sorted(found, key=lambda pair: (pair[1]['succeeded_at'], pair[1]['id']))


def make_transfer(rows: Rows, rng: Random, payment: dict[str, Any]) -> None:
    """Let a payment be a bank transfer with its code."""
    is_paid = payment['status'] is PaymentStatus.SUCCEEDED
    number = f'demo-{payment["id"]}' if is_paid else None
    payment.update(gateway='transfer', transfer_code=_code(rng), provider_payment=number)
    for event in rows.of(PaymentEvent):
        if event['payment_id'] == payment['id']:
            event['gateway'] = 'transfer'


def _code(rng: Random) -> str:
    """Draw a code with a right check letter; a generator of its own keeps every other draw where it was."""
    letters = 'DY' + ''.join(rng.choice(LETTERS) for _ in range(8))
    return next(code for letter in LETTERS if (code := find_code(letters + letter)) is not None)


def _add_line(
    rows: Rows, statement_id: int, number: int, payer: str, payment: dict[str, Any], memo: str, *, fen: int = 0
) -> int:
    came_at = payment['succeeded_at']
    return rows.add(
        BankLine,
        statement_id=statement_id,
        row=number + 2,
        line_key=f'{clock.business_day(came_at):%Y%m%d}:TH{number:06d}',
        came_at=came_at,
        amount_fen=fen or payment['amount_fen'],
        payer_name=payer,
        payer_tail=f'{(payment["id"] * 7919 + number) % 10_000:04d}',
        memo=memo,
        status=BankLineStatus.ON_HOLD,
        reason='',
        payment_id=None,
    )


def _add_step(rows: Rows, line_id: int, to: BankLineStatus, reason: str, at: Any, actor_id: int) -> None:
    rows.add(
        PaymentStep,
        payment_id=None,
        refund_id=None,
        bank_line_id=line_id,
        at=at,
        actor_id=actor_id,
        from_status=BankLineStatus.ON_HOLD.value,
        to_status=to.value,
        reason=reason,
    )


def _hold_one(rows: Rows) -> None:
    """Let the last payment that expired have come with too little."""
    expired = [payment for payment in rows.of(Payment) if payment['status'] is PaymentStatus.EXPIRED]
    for payment in expired[-1:]:
        captured = max(1, payment['amount_fen'] - SHORT_BY_FEN)
        at = payment['created_at'] + timedelta(minutes=3)
        payment.update(status=PaymentStatus.HELD, captured_fen=captured, captured_currency='CNY')
        key = f'paid-{payment["reference"]}'
        rows.add(
            PaymentEvent,
            gateway=payment['gateway'],
            event_key=key,
            kind='payment.succeeded',
            payload={
                'id': key,
                'kind': 'payment.succeeded',
                'reference': payment['reference'],
                'amount_fen': captured,
                'currency': 'CNY',
                'occurred_at': at.isoformat(),
            },
            received_at=at,
            outcome=EventOutcome.HELD,
            payment_id=payment['id'],
        )
