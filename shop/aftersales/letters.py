"""What the buyer is told of a case: the sentences of its page, and the letter that goes with each step.

What a person wrote is put into a letter as a value and never as a sentence of its own.
"""

from datetime import datetime
from typing import Any

from shop.aftersales.models import AftersaleCase, AftersaleEvent
from shop.aftersales.states import AftersaleKind, AftersaleStatus, Party, Ruling
from shop.kit.database import db
from shop.kit.money import Money
from shop.kit.words import kept
from shop.languages import SOURCE, find_language, speaking
from shop.orders.telling import News, tell_buyer
from shop.presentation import instant

K = AftersaleKind
S = AftersaleStatus
RETURNED_MONEY = kept('退款没有到账，村里会重新退')
NO_APPEAL = kept('到期没有申请平台介入，这件售后已经了结。')
CLOSED = kept('售后已关闭')
GOODS = kept('商品：%(goods)s')
REASON = kept('理由：%(reason)s')
SENT_BACK = kept('运单：%(sent_back)s')
RECEIVED = kept('村里收到了寄回的商品。')
REPLACE_ON_ITS_WAY = kept('寄回的包裹在路上。村里收到后给您换；最晚 %(until)s 自动进入换货。')
# What happens next, by where a case stands.
NEXT: dict[S, str] = {
    S.AWAITING_VILLAGE: kept('村里最晚 %(until)s 前处理；到时没有处理，就自动同意。'),
    S.AWAITING_RETURN: kept('村里同意了。请在 %(until)s 前寄回并填上快递单号，过时售后会关闭。'),
    S.AWAITING_ARRIVAL: kept('寄回的包裹在路上。村里收到后退款；最晚 %(until)s 自动退款。'),
    S.AWAITING_RESEND: kept('村里会在 %(until)s 前把货发出；过时没发，转平台处理。'),
    S.AT_PLATFORM: kept('县、市组织部在看双方的说明和照片，看完就裁定。裁定是最后的。'),
    S.WITHDRAWN: kept('这件售后已经撤销，没有退款。'),
    S.REFUNDING: kept('%(money)s 正在原路退回，一般 1 到 3 个工作日到账。'),
    S.REFUNDED: kept('%(money)s 已经原路退回。'),
    S.REPLACED: kept('换的货已经发出：%(parcel)s。'),
    S.RESENT: kept('补的货已经发出：%(parcel)s。'),
    S.RULED: kept('平台已经裁定，这件售后到此结束。'),
    S.REFUSED: kept('村里没有同意。不服的话，%(until)s 前可以申请平台介入。'),
}
TITLES: dict[S, str] = {
    S.AWAITING_VILLAGE: kept('售后申请已提交'),
    S.AWAITING_RETURN: kept('售后已同意，请把商品寄回'),
    S.AWAITING_ARRIVAL: kept('寄回的运单已记下'),
    S.AT_PLATFORM: kept('售后已转平台处理'),
    S.WITHDRAWN: CLOSED,
    S.REPLACED: kept('换的货已经发出'),
    S.RESENT: kept('补的货已经发出'),
    S.REFUSED: kept('村里没有同意您的售后'),
}
RULINGS: dict[Ruling, str] = {
    Ruling.BUYER: kept('平台裁定：支持买家，退款 %(money)s'),
    Ruling.VILLAGE: kept('平台裁定：支持商家'),
}
# Where money goes back or goods are sent again, the title says from where it came to that.
REFUNDS: dict[S, str] = {
    S.AWAITING_VILLAGE: kept('售后已同意，退款 %(money)s'),
    S.AWAITING_ARRIVAL: kept('退货办完，退款 %(money)s'),
    S.AWAITING_RESEND: kept('村里没有货可发，改为退款 %(money)s'),
    S.REFUNDED: RETURNED_MONEY,
}
RESENDS: dict[S, str] = {
    S.AWAITING_VILLAGE: kept('售后已同意，村里会补发'),
    S.AWAITING_ARRIVAL: kept('退货办完，村里会发出换的货'),
}


def sentence(case: AftersaleCase, status: AftersaleStatus) -> str:
    """Return what happens next at a status, in the source language, with places for `values`."""
    if status is S.AWAITING_ARRIVAL and case.kind is K.REPLACE:
        return REPLACE_ON_ITS_WAY
    if status is S.REFUSED and not case.is_open:
        return NO_APPEAL
    return NEXT[status]


def values(case: AftersaleCase) -> dict[str, str]:
    """Return what fills the sentences of a case, in the language that is spoken here and now."""
    return {
        'until': instant(case.due_at) if case.due_at is not None else '',
        'money': str(Money((case.granted_fen or 0) + case.freight_fen)),
        'parcel': f'{case.resend_courier.label if case.resend_courier else ""} {case.resend_number}'.strip(),
    }


def letter_facts(case: AftersaleCase, event: AftersaleEvent) -> dict[str, Any]:
    """Return what the letter about a step of a case is written from."""
    status = S.REFUNDING if event.to_status is S.RULED and case.ruling is Ruling.BUYER else event.to_status
    units = f' × {case.units}' if case.units else ''
    return {
        'case': case.number,
        'title': _title(case, event),
        'lines': [GOODS, *_what_was_said(event), sentence(case, status)],
        'values': {
            **values(case),
            'goods': f'{case.line.product_name} {case.line.variant_name}{units}',
            'sent_back': f'{case.return_courier.label if case.return_courier else ""} {case.return_number}'.strip(),
            'reason': event.reason,
        },
    }


def tell_step(case: AftersaleCase, event: AftersaleEvent, *, at: datetime) -> None:
    """Queue the letter about a step, in the step's unit of work; nothing when the buyer left no address."""
    if not case.order.checkout.email:
        return
    with speaking(find_language(case.order.checkout.language) or SOURCE):
        facts = letter_facts(case, event)
    db.session.flush()
    tell_buyer(case.order, News.AFTER_SALE, f'case:{case.id}:{step_name(case, event)}', at=at, facts=facts)


def step_name(case: AftersaleCase, event: AftersaleEvent) -> str:
    """Name a step: each is told once, but money may come back after every attempt."""
    if event.from_status is event.to_status:
        return 'closed'
    if event.from_status is S.REFUNDED and case.refund is not None:
        return f'came_back:{case.refund.attempt}'
    return str(event.to_status.value)


def _title(case: AftersaleCase, event: AftersaleEvent) -> str:
    before, to = event.from_status, event.to_status
    if before is to:
        return CLOSED
    if to is S.RULED and case.ruling is not None:
        return RULINGS[case.ruling]
    if before is not None and to in {S.REFUNDING, S.AWAITING_RESEND}:
        return (REFUNDS if to is S.REFUNDING else RESENDS)[before]
    return TITLES[to]


def _what_was_said(event: AftersaleEvent) -> tuple[str, ...]:
    """Return why the shop went on by itself, why somebody decided so, or what has arrived."""
    if event.party is Party.SYSTEM:
        return (event.reason,) if event.from_status is not event.to_status else ()
    if event.to_status in {S.REFUSED, S.RULED}:
        return (REASON,)
    if event.to_status is S.AWAITING_ARRIVAL:
        return (SENT_BACK,)
    return (RECEIVED,) if event.from_status is S.AWAITING_ARRIVAL else ()
