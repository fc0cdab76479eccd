"""Asking for an invoice, and writing down the one that the village has made out."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.money import Money
from shop.orders.invoice import InvoiceFacts, InvoiceRequest, InvoiceStatus, InvoiceStep
from shop.orders.models import PAID_STATUSES, Order, OrderStatus

MAX_LINK = 300
# The number of an electronic invoice has 20 digits, that of a paper one 8.
_NUMBER = re.compile(r'\d{8}|\d{20}', re.ASCII)
_LINK = re.compile(r'https://[^\s/?#@:"<>\\]+(:\d{1,5})?([/?#][^\s"<>\\]*)?')
MAY_ASK = PAID_STATUSES | {OrderStatus.PENDING_PAYMENT}


class InvoiceError(BusinessError):
    """An invoice cannot be asked for or written down like this."""


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """The invoice that the village made out."""

    number: str
    issued_on: date
    link: str = ''


def new_request(order: Order, facts: InvoiceFacts, *, actor: User | None, at: datetime) -> InvoiceRequest:
    """Return the request of an order that is being placed."""
    request = InvoiceRequest(order=order, status=InvoiceStatus.REQUESTED, requested_at=at)
    _fill(request, facts)
    request.steps = [
        InvoiceStep(at=at, actor_id=actor.id if actor else None, from_status=None, to_status=InvoiceStatus.REQUESTED)
    ]
    return request


def request_of(order_id: int) -> InvoiceRequest | None:
    """Return an order's request."""
    return db.session.scalar(select(InvoiceRequest).where(InvoiceRequest.order_id == order_id))


def request_invoice(order: Order, facts: InvoiceFacts, *, actor: User | None, at: datetime) -> InvoiceRequest:
    """Ask for an order's invoice, or for another one than before as long as none is made out.

    Raises `InvoiceError`, `InvoiceMoveError`.
    """
    lock_row(order)
    if order.status not in MAY_ASK:
        raise InvoiceError(_('订单已取消或关闭，没有可开票的金额。'), field='invoice')
    request = request_of(order.id)
    if request is None:
        request = new_request(order, facts, actor=actor, at=at)
        db.session.add(request)
    else:
        request.move(InvoiceStatus.REQUESTED, actor_id=actor.id if actor else None, at=at)
        _fill(request, facts)
    db.session.flush()
    return request


def issue_invoice(
    request: InvoiceRequest, issued: IssuedInvoice, amount_fen: int, *, actor: User, at: datetime
) -> None:
    """Write down the invoice of a request, over `amount_fen`: what was paid less what was given back.

    Raises `InvoiceError`; another invoice takes the place of one with a mistake, the steps keep both.
    """
    lock_row(request)
    order, today = request.order, clock.business_day(at)
    if order.paid_at is None or amount_fen <= 0:
        raise InvoiceError(_('这笔订单没有可开票的金额。'), field='number')
    if not _NUMBER.fullmatch(issued.number):
        raise InvoiceError(_('发票号码填 20 位数字（电子发票）或 8 位数字（纸质发票）。'), field='number')
    if not clock.business_day(order.paid_at) <= issued.issued_on <= today:
        raise InvoiceError(_('开票日期要在付款日和今天之间。'), field='issued_on')
    if issued.link and not (len(issued.link) <= MAX_LINK and _LINK.fullmatch(issued.link)):
        raise InvoiceError(_('网址要以 https:// 开头，最多 %(most)s 个字符。', most=MAX_LINK), field='link')
    reason = f'{issued.number} · {Money(amount_fen)}'
    request.move(InvoiceStatus.ISSUED, actor_id=actor.id, at=at, reason=reason)
    request.number, request.issued_on, request.link = issued.number, issued.issued_on, issued.link
    request.amount_fen = amount_fen


def _fill(request: InvoiceRequest, facts: InvoiceFacts) -> None:
    request.title_kind, request.title = facts.title_kind, facts.title
    request.tax_number, request.email = facts.tax_number, facts.email
