"""Invoices of a village's orders: what was asked for, and over what sum: paid less given back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.orders.invoice import InvoiceRequest, InvoiceStatus
from shop.orders.models import Order
from shop.payments.models import Refund

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A request with the sum its invoice is over now; an issued one over another sum must be made out anew."""

    request: InvoiceRequest
    amount_fen: int

    @property
    def is_outdated(self) -> bool:
        """Whether money was given back after it was made out."""
        return self.request.amount_fen is not None and self.request.amount_fen != self.amount_fen


def invoice_row(request: InvoiceRequest) -> InvoiceRow:
    """Return a request with its sum."""
    return _with_sums([request])[0]


def rows_of_village(village_id: int, status: InvoiceStatus, number: int) -> Page[InvoiceRow]:
    """Return a page of a village's requests: the open ones with the oldest first, the others with the newest."""
    where = _of_village(village_id, status)
    total = db.session.scalar(select(func.count(InvoiceRequest.id)).join(InvoiceRequest.order).where(*where)) or 0
    order_by = InvoiceRequest.id if status is InvoiceStatus.REQUESTED else InvoiceRequest.id.desc()
    requests = db.session.scalars(
        select(InvoiceRequest)
        .join(InvoiceRequest.order)
        .where(*where)
        .options(joinedload(InvoiceRequest.order).joinedload(Order.supplier))
        .order_by(order_by)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(_with_sums(requests), number, PAGE_SIZE, total)


def count_open(village_id: int) -> int:
    """Count a village's requests that wait for an invoice."""
    where = _of_village(village_id, InvoiceStatus.REQUESTED)
    return db.session.scalar(select(func.count(InvoiceRequest.id)).join(InvoiceRequest.order).where(*where)) or 0


def request_of_village(request_id: int, village_id: int) -> InvoiceRequest:
    """Return one of a village's requests of a paid order; raises `NotFoundError` for any other."""
    request = db.session.scalar(
        select(InvoiceRequest)
        .join(InvoiceRequest.order)
        .where(InvoiceRequest.id == request_id, Order.village_id == village_id, Order.paid_at.is_not(None))
    )
    if request is None:
        raise NotFoundError
    return request


def _of_village(village_id: int, status: InvoiceStatus) -> tuple[ColumnElement[bool], ...]:
    """Return what makes a request the village's business: its order is paid, and not given back whole before."""
    refunded = select(func.coalesce(func.sum(Refund.amount_fen), 0)).where(Refund.order_id == Order.id)
    conditions = [Order.village_id == village_id, Order.paid_at.is_not(None), InvoiceRequest.status == status]
    if status is InvoiceStatus.REQUESTED:
        conditions.append(Order.total_fen > refunded.correlate(Order).scalar_subquery())
    return tuple(conditions)


def _with_sums(requests: Sequence[InvoiceRequest]) -> list[InvoiceRow]:
    refunded = _refunded([request.order_id for request in requests])
    return [InvoiceRow(one, one.order.total_fen - refunded.get(one.order_id, 0)) for one in requests]


def _refunded(order_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Refund.order_id, func.sum(Refund.amount_fen))
        .where(Refund.order_id.in_(order_ids))
        .group_by(Refund.order_id)
    )
    return {order_id: int(fen) for order_id, fen in rows if order_id is not None}
