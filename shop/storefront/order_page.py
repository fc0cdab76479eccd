"""What the order page shows: where the order stands, its timeline, and what the purchase did."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.benefits.models import AgreementShare
from shop.coupons.models import CouponPart
from shop.coupons.spending import part_of_order
from shop.kit import clock
from shop.kit.database import db
from shop.kit.money import Money
from shop.kit.words import told
from shop.ledger.days import last_closed_day
from shop.ledger.traces import LineEffect, what_line_did
from shop.orders.models import Order, OrderEvent, OrderLine, OrderStatus
from shop.payments.models import Refund
from shop.payments.refunds import refunds_of
from shop.presentation import day, instant
from shop.presentation import households as written
from shop.ratings.queries import orders_to_review
from shop.regions.divisions import place_name
from shop.storefront.buyer import is_payable

S = OrderStatus


@dataclass(frozen=True)
class TimelineStep:
    """One thing that happened to the order."""

    at: datetime
    title: str
    note: str


@dataclass(frozen=True)
class OrderPage:
    """Everything the page says; amounts in fen."""

    order: Order
    title: str
    lead: str
    effects: list[tuple[OrderLine, LineEffect]]
    benefit_fen: int
    households: int
    is_exact: bool
    timeline: list[TimelineStep]
    refunds: list[Refund]
    region: str
    can_pay: bool
    can_review: bool
    is_sealed: bool
    coupon: CouponPart | None


def order_page(order: Order, *, at: datetime) -> OrderPage:
    """Gather the page of an order as it stands at an instant."""
    effects = [(line, what_line_did(line)) for line in order.lines] if order.is_paid else []
    benefit_fen = sum(effect.fen for _line, effect in effects)
    is_exact = bool(effects) and all(effect.is_exact for _line, effect in effects)
    households = _distinct_households(order)
    can_pay = is_payable(order, at=at)
    return OrderPage(
        order=order,
        title=_title(order, can_pay=can_pay),
        lead=_lead(order, benefit_fen, households, can_pay=can_pay),
        effects=effects,
        benefit_fen=benefit_fen,
        households=households,
        is_exact=is_exact,
        timeline=_timeline(order),
        refunds=refunds_of(order.id),
        region=place_name(order.province_code, order.city_code, order.county_code),
        can_pay=can_pay,
        can_review=bool(orders_to_review([order.id])),
        is_sealed=_is_sealed(order),
        coupon=part_of_order(order.id) if any(line.discount_fen for line in order.lines) else None,
    )


def _is_sealed(order: Order) -> bool:
    """Tell whether the day is closed on which the order was paid: from then on there is something to prove."""
    closed = last_closed_day()
    return order.paid_at is not None and closed is not None and clock.business_day(order.paid_at) <= closed


def _distinct_households(order: Order) -> int:
    versions = [line.agreement_version_id for line in order.lines]
    households = select(func.count(func.distinct(AgreementShare.household_id)))
    return db.session.scalar(households.where(AgreementShare.version_id.in_(versions))) or 0


def _title(order: Order, *, can_pay: bool) -> str:
    if order.status is S.PENDING_PAYMENT:
        return str(_('等您付款') if can_pay else _('付款时限已过'))
    titles: dict[OrderStatus, str] = {
        S.AWAITING_SHIPMENT: _preparing(order),
        S.PARTLY_SHIPPED: _('一部分已经发出'),
        S.AWAITING_RECEIPT: _('已发货，请留意查收'),
        S.COMPLETED: _('已完成，谢谢您'),
        S.CANCELLED: _('订单已取消'),
        S.CLOSED: _('订单已关闭'),
    }
    return titles[order.status]


def _preparing(order: Order) -> str:
    """Say that the village packs, or from which day it sends what was sold ahead."""
    days = [line.ships_on for line in order.lines if line.ships_on is not None]
    if days and len(days) == len(order.lines):
        return str(_('已付款，预售商品 %(day)s起发货', day=day(min(days))))
    return str(_('已付款，村里正在备货'))


def _lead(order: Order, benefit_fen: int, households: int, *, can_pay: bool) -> str:
    yuan = Money(benefit_fen).grouped
    if order.status is S.PENDING_PAYMENT and can_pay:
        return str(_('库存为您保留到 %(until)s，过时自动取消。', until=instant(order.payable_until)))
    if order.status is S.PENDING_PAYMENT:
        return str(_('库存已放回，想要请重新下单；没有扣款。'))
    if order.status is S.COMPLETED:
        return str(_('这笔消费有 ¥%(yuan)s 记到了 %(n)s 户农户名下。', yuan=yuan, n=written(households)))
    if order.status is S.CANCELLED:
        return str(_('没有扣款；想要可以重新下单。'))
    if order.status is S.CLOSED:
        return str(_('款项已原路退回，退款记录见下。'))
    return str(_('收货后，预计有 ¥%(yuan)s 记到 %(n)s 户农户名下。', yuan=yuan, n=written(households)))


def _timeline(order: Order) -> list[TimelineStep]:
    """Return what happened, the newest first."""
    steps = [_step(order, event) for event in order.events]
    if order.status is S.COMPLETED and order.completed_at is not None:
        steps.append(TimelineStep(order.completed_at, _('收益记入协议池'), _('精确到每户每分')))
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _step(order: Order, event: OrderEvent) -> TimelineStep:
    parcels = ' · '.join(
        f'{shipment.courier.label} {shipment.tracking_number}'
        for shipment in order.shipments
        if shipment.shipped_at <= event.at
    )
    titles = {
        S.PENDING_PAYMENT: (_('已下单'), ''),
        S.AWAITING_SHIPMENT: (_('已付款'), f'¥{Money(order.total_fen).grouped}'),
        S.PARTLY_SHIPPED: (_('%(village)s发出一部分', village=order.village.name), parcels),
        S.AWAITING_RECEIPT: (_('%(village)s已发货', village=order.village.name), parcels),
        S.COMPLETED: (_('已收货，订单完成'), ''),
        S.CANCELLED: (_('订单取消'), ''),
        S.CLOSED: (_('订单关闭'), ''),
    }
    title, note = titles[event.to_status]
    return TimelineStep(event.at, title, note or told(event.reason))
