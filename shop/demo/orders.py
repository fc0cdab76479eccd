"""Planned orders become rows: checkout, order, lines with their snapshots, parcels, and what happened when."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from random import Random
from typing import Any

from shop.demo import words
from shop.demo.rows import Rows
from shop.demo.timelines import AUTO_RECEIVE, Timeline
from shop.demo.trade import Ending, PlannedOrder
from shop.kit import clock
from shop.orders.models import (
    Channel,
    Checkout,
    Courier,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Shipment,
    ShipmentLine,
)

S = OrderStatus
COURIERS = (Courier.SF, Courier.ZTO, Courier.YTO, Courier.POST, Courier.JD, Courier.YUNDA)
COURIER_WEIGHTS = (24, 20, 14, 18, 16, 8)
PICKED_UP = frozenset({'service'})


@dataclass(slots=True)
class WrittenLine:
    """A line as it stands in the rows."""

    id: int
    product_id: int
    net_fen: int
    quantity: int
    tenure_id: int | None
    version_id: int | None
    benefit_fen: int
    brand_id: int | None
    category_id: int


@dataclass(slots=True)
class WrittenOrder:
    """An order as it stands in the rows, with its plan and what happened to it."""

    id: int
    checkout_id: int
    plan: PlannedOrder
    timeline: Timeline
    freight_fen: int
    lines: list[WrittenLine]

    @property
    def counts(self) -> bool:
        """Whether the book knows it."""
        return self.timeline.paid_at is not None and not self.plan.is_test


class OrderWriter:
    """Adds the rows of orders; call it in the order in which they are placed."""

    def __init__(self, rows: Rows, rng: Random, seed: int) -> None:
        self._rows = rows
        self._rng = rng
        self._seed = seed
        self._numbers: dict[str, int] = {}

    def add_checkout(self, pieces: list[tuple[PlannedOrder, Timeline, int]]) -> list[WrittenOrder]:
        """Add the orders of one checkout, each with its timeline and freight."""
        first = pieces[0][0]
        buyer = first.buyer
        assert buyer is not None
        goods = sum(plan.goods_fen for plan, _, _ in pieces)
        freight = sum(fee for _, _, fee in pieces)
        token = f'{self._seed}:{len(self._rows.of(Checkout))}'
        checkout_id = self._rows.add(
            Checkout,
            form_token=sha256(token.encode()).hexdigest(),
            user_id=buyer.user_id,
            guest_digest=buyer.guest_digest,
            goods_fen=goods,
            freight_fen=freight,
            total_fen=goods + freight,
            placed_at=first.placed_at,
            payable_until=first.placed_at + first.payable_for,
            email=None,
            language='zh',
        )
        return [self._add_order(checkout_id, *piece) for piece in pieces]

    def _add_order(self, checkout_id: int, plan: PlannedOrder, timeline: Timeline, freight_fen: int) -> WrittenOrder:
        buyer = plan.buyer
        assert buyer is not None
        shipped_at = timeline.shipped_at
        goods = plan.goods_fen
        order_id = self._rows.add(
            Order,
            number=self._number(plan.placed_at),
            checkout_id=checkout_id,
            user_id=buyer.user_id,
            supplier_id=plan.lines[0].product.supplier_id,
            village_id=plan.village_id,
            status=_status(plan, timeline),
            channel=plan.channel,
            share_link_id=None,
            institution_name=plan.institution,
            is_test=plan.is_test,
            is_insider=plan.is_insider,
            goods_fen=goods,
            freight_fen=freight_fen,
            total_fen=goods + freight_fen,
            recipient=buyer.name,
            phone=buyer.phone,
            province_code=buyer.province,
            city_code=buyer.city,
            county_code=buyer.county,
            street=buyer.street,
            note=plan.note,
            placed_at=plan.placed_at,
            payable_until=plan.placed_at + plan.payable_for,
            paid_at=timeline.paid_at,
            shipped_at=shipped_at,
            receive_by=shipped_at + AUTO_RECEIVE if shipped_at else None,
            disputed_at=None,
            completed_at=timeline.completed_at,
        )
        lines = self._add_lines(order_id, plan, timeline)
        self._add_parcels(order_id, plan, timeline, lines)
        self._add_events(order_id, plan, timeline)
        return WrittenOrder(order_id, checkout_id, plan, timeline, freight_fen, lines)

    def _number(self, at: datetime) -> str:
        day = clock.business_day(at).strftime('%Y%m%d')
        self._numbers[day] = self._numbers.get(day, 0) + 1
        return f'{day}{self._numbers[day]:06d}'

    def _add_lines(self, order_id: int, plan: PlannedOrder, timeline: Timeline) -> list[WrittenLine]:
        written = []
        for position, line in enumerate(plan.lines):
            product = line.product
            snapshot: dict[str, Any] = dict.fromkeys(
                ('endorsement_id', 'tenure_id', 'agreement_version_id', 'benefit_fen')
            )
            if timeline.paid_at is not None:
                stint = plan.stint(line)
                version = product.version_at(timeline.paid_at).version
                snapshot = {
                    'endorsement_id': stint.endorsement_id,
                    'tenure_id': stint.tenure_id,
                    'agreement_version_id': version.id,
                    'benefit_fen': version.benefit_fen(line.net_fen, line.quantity),
                }
            shipped = sum(parcel.quantities[position] for parcel in timeline.parcels or [])
            line_id = self._rows.add(
                OrderLine,
                order_id=order_id,
                position=position,
                variant_id=line.variant.id,
                product_id=product.id,
                product_name=product.name,
                variant_name=line.variant.name,
                unit_price_fen=line.variant.price_fen,
                quantity=line.quantity,
                discount_fen=line.discount_fen,
                net_fen=line.net_fen,
                shipped_quantity=shipped,
                withheld_quantity=0,
                category_id=product.category_id,
                brand_id=product.brand_id,
                **snapshot,
            )
            written.append(
                WrittenLine(
                    line_id,
                    product.id,
                    line.net_fen,
                    line.quantity,
                    snapshot['tenure_id'],
                    snapshot['agreement_version_id'],
                    snapshot['benefit_fen'] or 0,
                    product.brand_id,
                    product.category_id,
                )
            )
        return written

    def _add_parcels(self, order_id: int, plan: PlannedOrder, timeline: Timeline, lines: list[WrittenLine]) -> None:
        village = plan.lines[0].product.village
        by_hand = plan.channel is Channel.EXPO or plan.lines[0].product.kind in PICKED_UP
        for turn, parcel in enumerate(timeline.parcels or [], 1):
            courier = Courier.PICKUP if by_hand else self._rng.choices(COURIERS, COURIER_WEIGHTS)[0]
            shipment_id = self._rows.add(
                Shipment,
                order_id=order_id,
                courier=courier,
                tracking_number=f'YS{order_id:08d}{turn:02d}',
                shipped_at=parcel.at,
                shipped_by_id=self._rng.choice(village.member_ids),
            )
            for line, quantity in zip(lines, parcel.quantities, strict=True):
                if quantity:
                    self._rows.add(ShipmentLine, shipment_id=shipment_id, order_line_id=line.id, quantity=quantity)

    def _add_events(self, order_id: int, plan: PlannedOrder, timeline: Timeline) -> None:
        status: OrderStatus | None = None
        for at, actor_id, to, reason in self._steps(plan, timeline):
            self._rows.add(
                OrderEvent,
                order_id=order_id,
                at=at,
                actor_id=actor_id,
                from_status=status,
                to_status=to,
                reason=reason,
            )
            status = to

    def _steps(self, plan: PlannedOrder, timeline: Timeline) -> list[tuple[datetime, int | None, OrderStatus, str]]:
        """Return the changes of an order in time order."""
        buyer = plan.buyer.user_id if plan.buyer else None
        member = plan.lines[0].product.village.member_ids[0]
        steps: list[tuple[datetime, int | None, OrderStatus, str]] = [(plan.placed_at, buyer, S.PENDING_PAYMENT, '')]
        if timeline.ended_at:
            by_buyer = plan.ending is Ending.CANCELLED
            reason = self._rng.choice(words.phrases('cancel_reasons')) if by_buyer else '超时未付款，自动取消'
            steps.append((timeline.ended_at, buyer if by_buyer else None, S.CANCELLED, reason))
        if timeline.paid_at:
            steps.append((timeline.paid_at, None, S.AWAITING_SHIPMENT, ''))
        parcels = timeline.parcels or []
        for parcel in parcels:
            is_last = parcel is parcels[-1] and timeline.is_sent
            steps.append((parcel.at, member, S.AWAITING_RECEIPT if is_last else S.PARTLY_SHIPPED, ''))
        if timeline.completed_at:
            by_itself = timeline.is_received_by_itself
            reason = '到期自动确认收货' if by_itself else ''
            steps.append((timeline.completed_at, None if by_itself else buyer, S.COMPLETED, reason))
        if timeline.refunded_at and plan.ending in {Ending.REFUNDED_BEFORE, Ending.REFUNDED_AFTER}:
            steps.append((timeline.refunded_at, member, S.CLOSED, '全额退款'))
        return steps


def _status(plan: PlannedOrder, timeline: Timeline) -> OrderStatus:
    """Return where an order stands at the end."""
    if timeline.refunded_at and plan.ending in {Ending.REFUNDED_BEFORE, Ending.REFUNDED_AFTER}:
        return S.CLOSED
    if timeline.completed_at:
        return S.COMPLETED
    if timeline.is_sent:
        return S.AWAITING_RECEIPT
    if timeline.parcels:
        return S.PARTLY_SHIPPED
    if timeline.paid_at:
        return S.AWAITING_SHIPMENT
    return S.CANCELLED if timeline.ended_at else S.PENDING_PAYMENT
