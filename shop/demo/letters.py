"""The letters that the demo's shopper was sent, some that wait for the worker, and one that came back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shop.accounts.models import User
from shop.aftersales.letters import letter_facts, step_name
from shop.aftersales.models import AftersaleCase, AftersaleEvent
from shop.aftersales.states import AftersaleStatus
from shop.demo.aftersales import DUE
from shop.demo.orders import WrittenOrder
from shop.demo.period import Period
from shop.demo.rows import Rows
from shop.kit.money import Money
from shop.letters.models import Letter, LetterStatus, LetterStep
from shop.orders.models import Checkout, Order, OrderLine, OrderStatus, Shipment
from shop.orders.telling import News
from shop.payments.models import Payment, Refund

S = LetterStatus
RULED = AftersaleStatus.RULED
ADDRESS = 'guke@example.com'
MISTYPED = 'li.fang@exmaple.com'
REFUSED = '550 5.1.1 <li.fang@exmaple.com>: Recipient address rejected: User unknown'
WAITING = 3
Told = tuple[datetime, News, str, str, dict[str, Any]]


def plan_letters(rows: Rows, seed: int, period: Period, orders: list[WrittenOrder], shopper_id: int | None) -> None:
    """Let the shopper have had a letter at every step; the newest are sent by the worker, into the box of files."""
    assert shopper_id is not None
    rng = Random(f'{seed}:letters')
    rows.of(User)[shopper_id - 1]['email'] = ADDRESS
    mine = [order for order in orders if order.plan.buyer is not None and order.plan.buyer.user_id == shopper_id]
    told: list[Told] = []
    for order in mine:
        rows.of(Checkout)[order.checkout_id - 1]['email'] = ADDRESS
        told += _steps(rows, order)
    told.sort(key=lambda one: (one[0], one[2]))
    once = list({(kind, cause): one for one in told for kind, cause in [one[1:3]]}.values())
    waiting = [one for one in once if one[1] is not News.PLACED][-WAITING:]
    for one in once:
        left_at = None if one in waiting else one[0] + timedelta(seconds=rng.randrange(5, 60))
        _add(rows, one, left_at)
    _add_refused(rows, rng, period, orders)


def _steps(rows: Rows, order: WrittenOrder) -> Iterator[Told]:
    """Yield what was told of one order."""
    line, row = order.timeline, rows.of(Order)[order.id - 1]
    total = rows.of(Checkout)[order.checkout_id - 1]['total_fen']
    ids = {'order_ids': [order.id]}
    payment = next((one for one in rows.of(Payment) if one['checkout_id'] == order.checkout_id), None)
    yield order.plan.placed_at, News.PLACED, f'checkout:{order.checkout_id}', '订单已提交，请付款', ids
    if line.paid_at is not None and payment is not None:
        subject = f'付款成功，村里开始备货（¥{Money(total).grouped}）'
        yield line.paid_at, News.PAID, f'payment:{payment["id"]}', subject, ids
    elif row['status'] is OrderStatus.CANCELLED and line.ended_at is not None:
        yield line.ended_at, News.CANCELLED, f'order:{order.id}', '订单已取消', ids
    village = order.plan.lines[0].product.village.name
    for parcel in (one for one in rows.of(Shipment) if one['order_id'] == order.id):
        facts = {**ids, 'shipment_id': parcel['id']}
        yield parcel['shipped_at'], News.SHIPPED, f'shipment:{parcel["id"]}', f'{village}已发货', facts
    if line.completed_at is not None:
        fen = sum(piece.benefit_fen for piece in order.lines)
        subject = f'订单完成：这笔消费有 ¥{Money(fen).grouped} 到农户'
        yield line.completed_at, News.COMPLETED, f'order:{order.id}', subject, ids
    for refund in (one for one in rows.of(Refund) if one['order_id'] == order.id and one['succeeded_at'] is not None):
        yield (
            refund['succeeded_at'],
            News.REFUNDED,
            f'refund:{refund["id"]}:1',
            f'已退款 ¥{Money(refund["amount_fen"]).grouped}',
            {**ids, 'refund_id': refund['id']},
        )
    for case in (one for one in rows.of(AftersaleCase) if one['order_id'] == order.id):
        yield from _steps_of_case(rows, case)


def _steps_of_case(rows: Rows, row: dict[str, Any]) -> Iterator[Told]:
    """Yield what was told of a case, by the words and the rules of a living one."""
    line = rows.of(OrderLine)[row['order_line_id'] - 1]
    events = [AftersaleEvent(**one) for one in rows.of(AftersaleEvent) if one['case_id'] == row['id']]
    for index, event in enumerate(events):
        if event.to_status is AftersaleStatus.REFUNDED or (index and events[index - 1].to_status is RULED):
            continue
        at_then = {'settled_at': None} if event is not events[-1] else {}
        due_at = event.at + DUE[event.to_status] if event.to_status in DUE else None
        case = AftersaleCase(**row | at_then | {'due_at': due_at})
        case.refund = Refund(attempt=1) if row['refund_id'] is not None else None
        case.line = OrderLine(product_name=line['product_name'], variant_name=line['variant_name'])
        facts = letter_facts(case, event)
        subject = facts['title'] % facts['values']
        cause = f'case:{row["id"]}:{step_name(case, event)}'
        yield event.at, News.AFTER_SALE, cause, subject, {'order_ids': [row['order_id']], **facts}


def _add(rows: Rows, told: Told, sent_at: datetime | None) -> None:
    at, kind, cause, subject, facts = told
    status = S.SENT if sent_at is not None else S.QUEUED
    letter_id = rows.add(
        Letter,
        cause=f'{kind.value}:{cause}',
        kind=kind.value,
        recipient=ADDRESS,
        language='zh',
        facts=facts,
        status=status,
        attempts=1 if sent_at is not None else 0,
        queued_at=at,
        due_at=at,
        sent_at=sent_at,
        subject=subject if sent_at is not None else '',
        last_error='',
    )
    if sent_at is not None:
        rows.add(
            LetterStep,
            letter_id=letter_id, at=sent_at, actor_id=None, from_status=S.QUEUED, to_status=S.SENT, reason='',
        )  # fmt: skip


def _add_refused(rows: Rows, rng: Random, period: Period, orders: list[WrittenOrder]) -> None:
    """Let a guest have mistyped the address: the last letter about a paid order came back."""
    paid = [
        order
        for order in orders[-400:]
        if order.timeline.paid_at is not None and order.plan.buyer is not None and order.plan.buyer.user_id is None
    ]
    if not paid:
        return
    order = rng.choice(paid)
    rows.of(Checkout)[order.checkout_id - 1]['email'] = MISTYPED
    payment = next(one for one in rows.of(Payment) if one['checkout_id'] == order.checkout_id)
    at = order.timeline.paid_at
    assert at is not None
    letter_id = rows.add(
        Letter,
        cause=f'{News.PAID.value}:payment:{payment["id"]}',
        kind=News.PAID.value,
        recipient=MISTYPED,
        language='zh',
        facts={'order_ids': [order.id]},
        status=S.FAILED,
        attempts=1,
        queued_at=at,
        due_at=at,
        sent_at=None,
        subject='',
        last_error=REFUSED,
    )
    rows.add(
        LetterStep,
        letter_id=letter_id, at=min(at + timedelta(minutes=1), period.end), actor_id=None,
        from_status=S.QUEUED, to_status=S.FAILED, reason=REFUSED,
    )  # fmt: skip
