"""The acceptance sheet: what arrived well is received, what is short or damaged is refunded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.ledger.receipts import DisputedOrderError, confirm_receipt
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.orders.services import locked_orders
from shop.payments.models import Refund, RefundLine
from shop.payments.refunds import Piece, refund_lines
from shop.payments.services import GATEWAYS
from shop.procurement.following import follow_order
from shop.procurement.models import Acceptance, AcceptanceLine, ProcurementOrder, ProcurementStatus
from shop.procurement.settling import settle_if_invoiced

S = ProcurementStatus
ACCEPTABLE = (OrderStatus.AWAITING_RECEIPT, OrderStatus.COMPLETED)
REASON = kept('验收短缺或损坏')


@dataclass(frozen=True, slots=True)
class Found:
    """What was not right with a line: units that did not come, and units that came damaged."""

    short: int = 0
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """What of an order's line should have arrived: units and fen not refunded before."""

    line: OrderLine
    quantity: int
    fen: int


def lines_due(orders: Sequence[Order]) -> list[Due]:
    """Return the lines to be accepted, what was refunded before left out."""
    lines = [line for order in orders if order.status in ACCEPTABLE for line in order.lines]
    refunded = {
        line_id: (int(fen), int(units))
        for line_id, fen, units in db.session.execute(
            select(RefundLine.order_line_id, func.sum(RefundLine.amount_fen), func.sum(RefundLine.quantity))
            .where(RefundLine.order_line_id.in_([line.id for line in lines]))
            .group_by(RefundLine.order_line_id)
        )
    }
    due = []
    for line in lines:
        fen, units = refunded.get(line.id, (0, 0))
        if line.quantity > units:
            due.append(Due(line, line.quantity - units, line.net_fen - fen))
    return due


def accept_delivery(
    order: ProcurementOrder,
    found: Mapping[int, Found],
    *,
    signed_name: str,
    note: str,
    actor: User,
    at: datetime,
) -> Acceptance:
    """Sign for what arrived: `found` says by order line what did not, or not well.

    Raises `BusinessError` naming the field, and when the order does not wait for it.
    """
    lock_row(order)
    follow_order(order, at=at)
    if order.status is not S.AWAITING_ACCEPTANCE:
        raise BusinessError(_('采购单状态为“%(now)s”，现在不能验收。', now=order.status.label))
    if not 1 <= len(signed_name) <= 40:
        raise BusinessError(_('验收人签名，最多 %(n)s 个字。', n=40), field='signed_name')
    orders = locked_orders(Order.checkout_id == order.checkout_id)
    if any(one.disputed_at is not None for one in orders):
        raise DisputedOrderError(_('有售后还没有办完，办完或撤销以后才能验收。'))
    acceptance = Acceptance(
        procurement_order=order, signed_by_id=actor.id, signed_name=signed_name, signed_at=at, note=note, lines=[]
    )
    db.session.add(acceptance)
    due = lines_due(orders)
    for one in orders:
        mine = [each for each in due if each.line.order_id == one.id]
        if mine:
            _accept_parcel(acceptance, one, mine, found, actor=actor, at=at)
    order.move(S.AWAITING_INVOICE, actor_id=actor.id, at=at)
    db.session.flush()
    settle_if_invoiced(order, actor=actor, at=at)
    return acceptance


def _accept_parcel(
    acceptance: Acceptance, order: Order, due: list[Due], found: Mapping[int, Found], *, actor: User, at: datetime
) -> None:
    pieces: list[Piece] = []
    rows: dict[int, AcceptanceLine] = {}
    for each in due:
        wrong = found.get(each.line.id, Found())
        bad = wrong.short + wrong.damaged
        if wrong.short < 0 or wrong.damaged < 0 or bad > each.quantity:
            raise BusinessError(
                _('“%(name)s”应到 %(n)s 件，短缺与损坏合计不能更多。', name=each.line.product_name, n=each.quantity),
                field=f'short-{each.line.id}',
            )
        rows[each.line.id] = AcceptanceLine(
            line=each.line,
            quantity=each.quantity,
            accepted=each.quantity - bad,
            short=wrong.short,
            damaged=wrong.damaged,
        )
        acceptance.lines.append(rows[each.line.id])
        fen = each.fen * bad // each.quantity
        if fen:
            pieces.append(Piece(each.line.id, bad, fen))
    if pieces:
        is_whole = all(not row.accepted for row in rows.values())
        freight = order.freight_fen - _refunded_freight(order) if is_whole else 0
        refund = refund_lines(order, pieces, freight_fen=freight, reason=REASON, actor=actor, at=at)
        GATEWAYS[refund.payment.gateway].request_refund(refund, at=at)
        for part in refund.lines:
            rows[part.order_line_id].refund_line = part
    if order.status is OrderStatus.AWAITING_RECEIPT:
        confirm_receipt(order, actor=actor, at=at)


def _refunded_freight(order: Order) -> int:
    statement = select(func.coalesce(func.sum(Refund.freight_fen), 0)).where(Refund.order_id == order.id)
    return int(db.session.scalar(statement) or 0)
