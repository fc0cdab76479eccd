"""What the order page shows: where the order stands, its timeline, and what the purchase did."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.aftersales.models import AftersaleCase
from shop.aftersales.queries import cases_of_order
from shop.benefits.models import AgreementShare
from shop.coupons.models import CouponPart
from shop.coupons.spending import part_of_order
from shop.kit import clock
from shop.kit.database import db
from shop.kit.money import Money
from shop.ledger.days import last_closed_day
from shop.ledger.traces import LineEffect, what_line_did
from shop.orders.couriers import tracking_page
from shop.orders.invoice import InvoiceStatus
from shop.orders.invoices import MAY_ASK, request_of
from shop.orders.models import Order, OrderLine, OrderStatus, Shipment
from shop.payments.models import Refund
from shop.payments.refunds import refunds_of
from shop.presentation import day, instant
from shop.presentation import households as written
from shop.ratings.queries import orders_to_review
from shop.regions.divisions import place_name
from shop.storefront.buyer import is_payable
from shop.storefront.invoices import InvoiceRow, invoice_row
from shop.storefront.order_money import OrderMoney, order_money
from shop.storefront.order_timeline import TimelineStep, timeline_of

S = OrderStatus


@dataclass(frozen=True)
class ParcelPage:
    """A parcel as the page shows it: who carries it, where to follow it, and what is in it."""

    courier: str
    number: str
    address: str
    sent_at: datetime
    pieces: list[tuple[OrderLine, int]]


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
    parcels: list[ParcelPage]
    waiting: list[OrderLine]
    refunds: list[Refund]
    money: OrderMoney | None
    cases: list[AftersaleCase]
    region: str
    can_pay: bool
    can_review: bool
    is_sealed: bool
    invoice: InvoiceRow | None
    can_ask_invoice: bool
    coupon: CouponPart | None

    @property
    def flow(self) -> tuple[int, int, int]:
        """What stays paid: in all, for goods, for freight."""
        if self.money is None:
            return self.order.total_fen, self.order.goods_fen, self.order.freight_fen
        return self.money.kept_fen, self.money.goods_kept_fen, self.money.freight_kept_fen


def order_page(order: Order, *, at: datetime) -> OrderPage:
    """Gather the page of an order as it stands at an instant."""
    effects = [(line, what_line_did(line)) for line in order.lines] if order.is_paid else []
    refunds = refunds_of(order.id)
    money = order_money(order, refunds)
    benefit_fen = sum(effect.fen for _line, effect in effects) if money is None else money.benefit_fen
    is_exact = bool(effects) and all(effect.is_exact for _line, effect in effects)
    households = distinct_households(order)
    can_pay = is_payable(order, at=at)
    asked = request_of(order.id)
    return OrderPage(
        order=order,
        title=_title(order, can_pay=can_pay),
        lead=_lead(order, benefit_fen, households, can_pay=can_pay),
        effects=effects,
        benefit_fen=benefit_fen,
        households=households,
        is_exact=is_exact,
        timeline=timeline_of(order, refunds),
        parcels=[_parcel(shipment) for shipment in order.shipments],
        waiting=[line for line in order.lines if line.unshipped and order.status is S.PARTLY_SHIPPED],
        refunds=refunds,
        money=money,
        cases=cases_of_order(order.id) if order.is_paid else [],
        region=place_name(order.province_code, order.city_code, order.county_code),
        can_pay=can_pay,
        can_review=bool(orders_to_review([order.id])),
        is_sealed=_is_sealed(order),
        invoice=invoice_row(asked) if asked is not None else None,
        can_ask_invoice=order.status in MAY_ASK and (asked is None or asked.status is InvoiceStatus.REQUESTED),
        coupon=part_of_order(order.id) if any(line.discount_fen for line in order.lines) else None,
    )


def _parcel(shipment: Shipment) -> ParcelPage:
    return ParcelPage(
        courier=shipment.courier.label,
        number=shipment.tracking_number,
        address=tracking_page(shipment.courier, shipment.tracking_number),
        sent_at=shipment.shipped_at,
        pieces=[(piece.line, piece.quantity) for piece in shipment.lines],
    )


def _is_sealed(order: Order) -> bool:
    """Tell whether the day is closed on which the order was paid: from then on there is something to prove."""
    closed = last_closed_day()
    return order.paid_at is not None and closed is not None and clock.business_day(order.paid_at) <= closed


def distinct_households(order: Order) -> int:
    """Count the households under the agreements of an order, each once."""
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
