"""What the letters about an order say; written when they are sent, in the buyer's language, without any household."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from shop.kit import clock
from shop.kit.database import db
from shop.kit.money import Money
from shop.kit.words import listed, told
from shop.ledger.traces import what_line_did
from shop.letters.messages import Content
from shop.letters.models import Letter
from shop.orders.couriers import tracking_page
from shop.orders.models import Checkout, Order, OrderLine, OrderStatus, Shipment
from shop.orders.telling import News
from shop.payments.models import Payment, PaymentStatus, Refund
from shop.presentation import households, instant
from shop.storefront.buyer import is_payable
from shop.storefront.order_page import distinct_households

Facts = Mapping[str, Any]
Composer = Callable[[list[Order], Facts, datetime], Content | None]


def compose(letter: Letter) -> Content | None:
    """Write a letter about orders from the facts it was queued with; None when it has become untrue."""
    orders = _orders(letter.facts['order_ids'])
    return COMPOSERS[letter.kind](orders, letter.facts, clock.now())


def closing_words() -> dict[str, str]:
    """Return what every letter ends with."""
    config = current_app.config
    phone = config['SERVICE_PHONE']
    foot = _('这是订单通知，请勿直接回复。请在「我的订单」里查看；没有登录时，请用下单的那台设备打开。')
    help_line = _('客服电话：%(phone)s', phone=phone) if phone else ''
    return {'shop_name': told(config['SHOP_NAME']), 'foot': f'{foot} {help_line}'.strip()}


def placed(orders: list[Order], facts: Facts, at: datetime) -> Content | None:
    """Say until when the goods are kept, and where to pay; nothing once it cannot be paid any more."""
    if not any(is_payable(order, at=at) for order in orders):
        return None
    checkout = orders[0].checkout
    return Content(
        subject=_('订单已提交，请在 %(until)s 前付款', until=instant(orders[0].payable_until)),
        paragraphs=(
            _('我们收到了您的订单 %(numbers)s。', numbers=_numbers(orders)),
            _('库存为您保留到 %(until)s，过时自动取消，不会扣款。', until=instant(orders[0].payable_until)),
        ),
        rows=(*_goods(orders), _sum_row(orders, _('应付'))),
        links=((_('去付款'), _address(_payment_path(checkout, orders[0]))),),
    )


def paid(orders: list[Order], facts: Facts, at: datetime) -> Content:
    """Say that the money has come, and what is expected for the villagers."""
    expected = sum(line.benefit_fen or 0 for order in orders for line in order.lines)
    return Content(
        subject=_('付款成功，村里开始备货'),
        paragraphs=(
            _('订单 %(numbers)s 已付款，谢谢您。发货后会再写信给您，附上运单号。', numbers=_numbers(orders)),
            _('收货后，预计有 ¥%(yuan)s 记到农户名下。', yuan=Money(expected).grouped),
        ),
        rows=(*_goods(orders), _sum_row(orders, _('实付'))),
        links=_order_links(orders),
    )


def shipped(orders: list[Order], facts: Facts, at: datetime) -> Content:
    """Say what is in the parcel, and where to follow it."""
    order = orders[0]
    shipment = db.session.get_one(Shipment, facts['shipment_id'])
    courier, number = shipment.courier, shipment.tracking_number
    page = tracking_page(courier, number)
    follow = ((_('到%(courier)s查物流', courier=courier.label), page),) if page else ()
    waiting = sum(line.unshipped for line in order.lines)
    paragraphs = [
        _(
            '%(village)s发出了订单 %(number)s 的一个包裹：%(parcel)s。',
            village=order.village.name,
            number=order.number,
            parcel=f'{courier.label} {number}'.strip(),
        )
    ]
    if waiting:
        paragraphs.append(_('这一单还有 %(n)s 件没发，发出时再告诉您。', n=waiting))
    return Content(
        subject=_('%(village)s已发货', village=order.village.name),
        paragraphs=tuple(paragraphs),
        rows=tuple((_name(piece.line), f'× {piece.quantity}') for piece in shipment.lines),
        links=(*follow, *_order_links(orders)),
    )


def completed(orders: list[Order], facts: Facts, at: datetime) -> Content:
    """Say what this purchase did: how much reached how many households, none of them named."""
    order = orders[0]
    fen = sum(what_line_did(line).fen for line in order.lines)
    count = households(distinct_households(order))
    return Content(
        subject=_('订单完成：这笔消费有 ¥%(yuan)s 到农户', yuan=Money(fen).grouped),
        paragraphs=(
            _('订单 %(number)s 已完成，谢谢您。', number=order.number),
            _('这笔消费有 ¥%(yuan)s 记到了 %(n)s 户农户名下。', yuan=Money(fen).grouped, n=count),
            _('第一书记和平台不从中取一分钱；账目可以在订单页核对。'),
        ),
        rows=(
            (_('您实付'), f'¥{Money(order.total_fen).grouped}'),
            (_('其中到农户'), f'¥{Money(fen).grouped}'),
        ),
        links=(
            (_('看这笔消费做了什么'), _address(f'/orders/{order.number}#effect')),
            (_('评价这些山货'), _address(f'/orders/{order.number}/reviews')),
        ),
    )


def cancelled(orders: list[Order], facts: Facts, at: datetime) -> Content:
    """Say why, and that no money was taken."""
    reason = next(
        (event.reason for event in reversed(orders[0].events) if event.to_status is OrderStatus.CANCELLED), ''
    )
    return Content(
        subject=_('订单已取消'),
        paragraphs=(
            _('订单 %(numbers)s 已取消：%(reason)s。', numbers=_numbers(orders), reason=told(reason)),
            _('没有扣款；如果您刚好在取消时付了款，会自动原路退回。想要可以再来一单。'),
        ),
        rows=_goods(orders),
        links=_order_links(orders),
    )


def refunded(orders: list[Order], facts: Facts, at: datetime) -> Content:
    """Say how much went back and why."""
    refund = db.session.get_one(Refund, facts['refund_id'])
    yuan = Money(refund.amount_fen).grouped
    freight = ((_('运费'), f'¥{Money(refund.freight_fen).grouped}'),) if refund.freight_fen else ()
    return Content(
        subject=_('已退款 ¥%(yuan)s', yuan=yuan),
        paragraphs=(
            _('订单 %(numbers)s 的 ¥%(yuan)s 已原路退回。', numbers=_numbers(orders), yuan=yuan),
            _('原因：%(reason)s', reason=told(refund.reason)),
            _('银行或支付平台到账可能要 1 到 7 天。'),
        ),
        rows=(*((_name(piece.line), f'¥{Money(piece.amount_fen).grouped}') for piece in refund.lines), *freight),
        links=_order_links(orders),
    )


def after_sale(orders: list[Order], facts: Facts, at: datetime) -> Content:
    """Say what an after-sale step says: its texts are kept in the source language, with values."""
    values: dict[str, str] = facts.get('values', {})
    return Content(
        subject=_filled(facts['title'], values),
        paragraphs=(
            _('关于订单 %(numbers)s：', numbers=_numbers(orders)),
            *(_filled(line, values) for line in facts.get('lines', ())),
        ),
        links=((_('看这件售后'), _address(f'/aftersales/{facts["case"]}')), *_order_links(orders)),
    )


COMPOSERS: dict[str, Composer] = {
    News.PLACED.value: placed,
    News.PAID.value: paid,
    News.SHIPPED.value: shipped,
    News.COMPLETED.value: completed,
    News.CANCELLED.value: cancelled,
    News.REFUNDED.value: refunded,
    News.AFTER_SALE.value: after_sale,
}


def _orders(ids: Sequence[int]) -> list[Order]:
    return list(
        db.session.scalars(
            select(Order)
            .where(Order.id.in_(ids))
            .order_by(Order.id)
            .options(selectinload(Order.lines), joinedload(Order.village), joinedload(Order.checkout))
        )
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    return told(text) % values if values else told(text)


def _address(path: str) -> str:
    return f'{current_app.config["LETTERS_LEAD_TO"]}{path}'


def _numbers(orders: Sequence[Order]) -> str:
    return listed(order.number for order in orders)


def _name(line: OrderLine) -> str:
    return f'{line.product_name} {line.variant_name}'


def _goods(orders: Sequence[Order]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f'{_name(line)} × {line.quantity}', f'¥{Money(line.net_fen).grouped}')
        for order in orders
        for line in order.lines
    )


def _sum_row(orders: Sequence[Order], name: str) -> tuple[str, str]:
    freight = sum(order.freight_fen for order in orders)
    total = Money(sum(order.total_fen for order in orders)).grouped
    return (_('%(name)s（含运费 ¥%(freight)s）', name=name, freight=Money(freight).grouped), f'¥{total}')


def _order_links(orders: Sequence[Order]) -> tuple[tuple[str, str], ...]:
    if len(orders) == 1:
        return ((_('看订单'), _address(f'/orders/{orders[0].number}')),)
    return tuple((_('看订单 %(number)s', number=order.number), _address(f'/orders/{order.number}')) for order in orders)


def _payment_path(checkout: Checkout, order: Order) -> str:
    """Return where the buyer goes on: to the payment that was begun, which opens on any device, else to the order."""
    reference = db.session.scalar(
        select(Payment.reference)
        .where(Payment.checkout_id == checkout.id, Payment.status == PaymentStatus.PENDING)
        .order_by(Payment.id.desc())
        .limit(1)
    )
    return f'/payments/{reference}' if reference is not None else f'/orders/{order.number}'
