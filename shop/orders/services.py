"""The life of an order: paid, cancelled, expired, shipped, completed, closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from shop.accounts.models import User
from shop.benefits.models import AgreementVersion, BenefitAgreement, VersionStatus
from shop.catalogue.stock import return_stock
from shop.coupons.spending import release_orders
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.orders.couriers import read_tracking_number
from shop.orders.models import Courier, Order, OrderLine, OrderStatus, Shipment, ShipmentLine
from shop.orders.telling import News, tell_buyer

BATCH = 200
EXPIRED = kept('超过付款时限，自动取消')
CANCELLED_BY_BUYER = kept('买家取消')
RECEIVED_BY_ITSELF = kept('到期自动收货')
REST_REFUNDED = kept('其余未发的已退款，已发的全部发出')


class ShipmentPiecesError(BusinessError):
    """More units than wait, or none at all."""


class PaymentWindowClosedError(BusinessError):
    """The time to pay is over."""


def mark_paid(order: Order, *, actor: User | None = None, at: datetime) -> None:
    """Move an order to awaiting shipment and copy onto its lines what holds now.

    A product that was taken off sale between placing and paying keeps what held when it was placed.
    """
    listed = _listings([line.product_id for line in order.lines])
    for line in order.lines:
        found = listed.get(line.product_id)
        if found is not None:
            endorsement, version = found
            line.endorsement_id, line.tenure_id = endorsement.id, endorsement.tenure_id
            line.agreement_version_id = version.id
            line.benefit_fen = version.benefit_fen(line.net_fen, line.quantity)
    order.move(OrderStatus.AWAITING_SHIPMENT, actor_id=actor.id if actor else None, at=at)
    order.paid_at = at


def cancel_order(order: Order, *, actor: User | None, at: datetime, reason: str) -> None:
    """Cancel an unpaid order; its stock goes back exactly once."""
    lock_row(order)
    cancel_orders([order], actor=actor, at=at, reason=reason)


def cancel_orders(orders: Sequence[Order], *, actor: User | None, at: datetime, reason: str) -> None:
    """Cancel unpaid orders that the caller has locked; all their stock goes back at once, in key order."""
    for order in orders:
        order.move(OrderStatus.CANCELLED, actor_id=actor.id if actor else None, at=at, reason=reason)
    return_stock(_units([line for order in orders for line in order.lines]))
    discounted = [order.id for order in orders if any(line.discount_fen for line in order.lines)]
    if discounted:
        release_orders(discounted, at=at)
    together: dict[int, list[Order]] = {}
    for order in orders:
        together.setdefault(order.checkout_id, []).append(order)
    for first, *others in together.values():
        ids = [first.id, *(order.id for order in others)]
        tell_buyer(first, News.CANCELLED, f'order:{first.id}', at=at, facts={'order_ids': ids})


def expire_orders(*, at: datetime) -> int:
    """Cancel the unpaid orders whose time to pay is over; return how many."""
    orders = locked_orders(Order.status == OrderStatus.PENDING_PAYMENT, Order.payable_until <= at)
    cancel_orders(orders, actor=None, at=at, reason=EXPIRED)
    return len(orders)


def locked_orders(*where: ColumnElement[bool]) -> Sequence[Order]:
    """Return the first orders of which this holds, as they are now, locked in key order."""
    return db.session.scalars(
        select(Order)
        .where(*where)
        .order_by(Order.id)
        .limit(BATCH)
        .with_for_update()
        .options(selectinload(Order.lines), selectinload(Order.checkout))
        .execution_options(populate_existing=True)
    ).all()


def ship_order(
    order: Order,
    pieces: Mapping[int, int],
    courier: Courier,
    tracking_number: str,
    *,
    receive_within: timedelta,
    actor: User | None,
    at: datetime,
) -> Shipment:
    """Send units of an order's lines (`line id → units`); the last parcel starts the time to receive.

    Raises `ShipmentPiecesError`, `TrackingNumberError`, `OrderMoveError`.
    """
    lock_row(order)
    number = read_tracking_number(courier, tracking_number)
    lines = lines_now(order)
    chosen = [(line, pieces.get(line.id, 0)) for line in lines if pieces.get(line.id, 0)]
    if not chosen or any(not 0 < quantity <= line.unshipped for line, quantity in chosen):
        raise ShipmentPiecesError(_('发货数量要大于 0，且不多于还没发的数量。'), field='pieces')
    shipment = Shipment(
        courier=courier, tracking_number=number, shipped_at=at, shipped_by_id=actor.id if actor else None
    )
    for line, quantity in chosen:
        line.shipped_quantity += quantity
        shipment.lines.append(ShipmentLine(line=line, quantity=quantity))
    order.shipments.append(shipment)
    is_whole = _is_sent(order, lines)
    if is_whole:
        order.shipped_at, order.receive_by = at, at + receive_within
    to = OrderStatus.AWAITING_RECEIPT if is_whole else OrderStatus.PARTLY_SHIPPED
    order.move(to, actor_id=actor.id if actor else None, at=at, reason=f'{courier.source_label} {number}'.strip())
    db.session.flush()
    tell_buyer(order, News.SHIPPED, f'shipment:{shipment.id}', at=at, facts={'shipment_id': shipment.id})
    return shipment


def withhold_units(line: OrderLine, units: int) -> None:
    """Keep units of a locked order's line from being sent while their refund is asked for."""
    if not 0 < units <= line.unshipped:
        raise ShipmentPiecesError(_('还没发货的件数不够，请重新填写。'), field='units')
    line.withheld_quantity += units


def release_units(line: OrderLine, units: int) -> None:
    """Let units be sent after all: their refund was refused or withdrawn."""
    line.withheld_quantity -= units


def pause_receipt(order: Order, *, at: datetime) -> None:
    """Stop the time after which a locked order is received by itself; a dispute has begun."""
    order.disputed_at = order.disputed_at or at


def resume_receipt(order: Order, *, receive_within: timedelta, at: datetime) -> None:
    """Let a locked order go on after its last dispute, with the time that was left to receive it.

    When what was still to be sent has been refunded meanwhile, the order now waits to be received.
    """
    since, order.disputed_at = order.disputed_at, None
    if order.status is OrderStatus.PARTLY_SHIPPED and _is_sent(order, order.lines):
        order.shipped_at, order.receive_by = at, at + receive_within
        order.move(OrderStatus.AWAITING_RECEIPT, actor_id=None, at=at, reason=REST_REFUNDED)
    elif order.status is OrderStatus.AWAITING_RECEIPT and since is not None and order.receive_by is not None:
        assert order.shipped_at is not None
        order.receive_by += at - max(since, order.shipped_at)


def complete_order(order: Order, *, actor: User | None, at: datetime, reason: str = '') -> None:
    """Move a received order that the caller has locked to completed; the ledger credits the households beside this."""
    order.move(OrderStatus.COMPLETED, actor_id=actor.id if actor else None, at=at, reason=reason)
    order.completed_at = at
    tell_buyer(order, News.COMPLETED, f'order:{order.id}', at=at)


def close_order(order: Order, *, actor: User | None, at: datetime, reason: str) -> None:
    """Close an order whose goods were refunded whole; restocking is the village's decision."""
    order.move(OrderStatus.CLOSED, actor_id=actor.id if actor else None, at=at, reason=reason)


def lines_now(order: Order) -> Sequence[OrderLine]:
    """Read the lines of a locked order again: somebody may have sent a parcel while we waited for the lock."""
    return db.session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id == order.id)
        .order_by(OrderLine.position)
        .execution_options(populate_existing=True)
    ).all()


def _is_sent(order: Order, lines: Sequence[OrderLine]) -> bool:
    """Tell whether nothing is left to send; what a dispute withholds may have to be sent after all."""
    is_open = order.disputed_at is not None and any(line.withheld_quantity for line in lines)
    return not is_open and all(line.unshipped == 0 for line in lines)


def _units(lines: Sequence[OrderLine]) -> dict[int, int]:
    units: dict[int, int] = {}
    for line in lines:
        units[line.variant_id] = units.get(line.variant_id, 0) + line.quantity
    return units


def _listings(product_ids: list[int]) -> dict[int, tuple[Endorsement, AgreementVersion]]:
    rows = db.session.execute(
        select(Endorsement, AgreementVersion)
        .join(BenefitAgreement, BenefitAgreement.product_id == Endorsement.product_id)
        .join(
            AgreementVersion,
            (AgreementVersion.agreement_id == BenefitAgreement.id)
            & (AgreementVersion.status == VersionStatus.IN_FORCE),
        )
        .where(Endorsement.product_id.in_(product_ids), Endorsement.status == EndorsementStatus.LISTED)
    )
    return {endorsement.product_id: (endorsement, version) for endorsement, version in rows}
