"""Reads of cases: one's own, a village's at its desk, a department's in its scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from shop.accounts.models import User
from shop.aftersales.models import AftersaleCase, AftersaleEvent
from shop.aftersales.policies import READERS
from shop.aftersales.states import FOR_VILLAGE, AftersaleStatus
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.orders.models import Order, OrderLine
from shop.payments.models import Refund, RefundStatus
from shop.villages.models import Village
from shop.villages.scope import villages_in_scope

S = AftersaleStatus
PAGE_SIZE = 20
# A village's tabs: what it has to do, what it waits for, what the department decides, and what is over.
DESK_TABS: dict[str, tuple[AftersaleStatus, ...]] = {
    'todo': FOR_VILLAGE,
    'waiting': (S.AWAITING_RETURN, S.REFUNDING, S.REFUSED),
    'platform': (S.AT_PLATFORM,),
    'ended': (S.REFUNDED, S.REPLACED, S.RESENT, S.RULED, S.WITHDRAWN),
}
WHOLE = (
    joinedload(AftersaleCase.order, innerjoin=True).joinedload(Order.village).joinedload(Village.county),
    joinedload(AftersaleCase.order, innerjoin=True).joinedload(Order.supplier),
    joinedload(AftersaleCase.line, innerjoin=True).joinedload(OrderLine.product),
    joinedload(AftersaleCase.refund),
    selectinload(AftersaleCase.events).selectinload(AftersaleEvent.photos),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a village: how many cases, and when the first is due."""

    count: int = 0
    first_due: datetime | None = None


def find_case(number: str, *where: ColumnElement[bool]) -> AftersaleCase:
    """Return a case with what its page shows; raises `NotFoundError` unless all of this holds."""
    statement = select(AftersaleCase).join(AftersaleCase.order).join(Order.checkout).options(*WHOLE)
    case = db.session.scalars(statement.where(AftersaleCase.number == number, *where)).first()
    if case is None:
        raise NotFoundError
    return case


def case_at_desk(number: str, village_id: int) -> AftersaleCase:
    """Return a case of a village; raises `NotFoundError` for any other."""
    return find_case(number, Order.village_id == village_id)


def case_in_scope(number: str, user: User) -> AftersaleCase:
    """Return a case of a department's scope that the platform was asked about; raises `NotFoundError`."""
    was_asked = select(AftersaleEvent.case_id).where(AftersaleEvent.to_status == S.AT_PLATFORM)
    return find_case(number, Order.village_id.in_(villages_in_scope(user, READERS)), AftersaleCase.id.in_(was_asked))


def case_of_buyer(number: str, owned: ColumnElement[bool]) -> AftersaleCase:
    """Return one's own case; `owned` is what holds of one's checkouts. Raises `NotFoundError`."""
    return find_case(number, owned)


def cases_of_order(order_id: int) -> list[AftersaleCase]:
    """Return the cases of an order, the newest first."""
    statement = (
        select(AftersaleCase).where(AftersaleCase.order_id == order_id).options(joinedload(AftersaleCase.refund))
    )
    return list(db.session.scalars(statement.order_by(AftersaleCase.id.desc())))


def orders_with_cases(order_ids: Sequence[int]) -> set[int]:
    """Return which of these orders have or had a case, or a refund."""
    if not order_ids:
        return set()
    cases = select(AftersaleCase.order_id).where(AftersaleCase.order_id.in_(order_ids))
    refunds = select(Refund.order_id).where(Refund.order_id.in_(order_ids))
    return set(db.session.scalars(cases.union(refunds)))


def waiting_for_village(village_id: int) -> Waiting:
    """Return what a village has to do: cases to answer, parcels to confirm, goods to send, refunds to try again."""
    row = db.session.execute(
        select(func.count(AftersaleCase.id), func.min(AftersaleCase.due_at))
        .join(AftersaleCase.order)
        .outerjoin(AftersaleCase.refund)
        .where(Order.village_id == village_id, _is_for_village())
    ).one()
    return Waiting(*row)


def page_at_desk(village_id: int, tab: str, number: int) -> Page[AftersaleCase]:
    """Return a page of a village's cases under a tab: what is due first, else the newest first."""
    where = (Order.village_id == village_id, _under(tab))
    order_by = (AftersaleCase.due_at, AftersaleCase.id) if tab == 'todo' else (AftersaleCase.id.desc(),)
    total = _count(*where)
    rows = db.session.scalars(
        select(AftersaleCase)
        .join(AftersaleCase.order)
        .outerjoin(AftersaleCase.refund)
        .where(*where)
        .options(joinedload(AftersaleCase.line), joinedload(AftersaleCase.refund))
        .order_by(*order_by)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows, number, PAGE_SIZE, total)


def counts_at_desk(village_id: int) -> dict[str, int]:
    """Return how many cases of a village stand under each tab."""
    return {tab: _count(Order.village_id == village_id, _under(tab)) for tab in DESK_TABS}


def page_in_scope(user: User, *, is_decided: bool, number: int) -> Page[AftersaleCase]:
    """Return a page of what the platform was asked about in a scope: what waits longest first, or what was decided."""
    in_scope = Order.village_id.in_(villages_in_scope(user, READERS))
    decided = AftersaleCase.ruling.is_not(None)
    where = (in_scope, decided if is_decided else AftersaleCase.status == S.AT_PLATFORM)
    order_by = AftersaleCase.settled_at.desc() if is_decided else AftersaleCase.opened_at
    rows = db.session.scalars(
        select(AftersaleCase)
        .join(AftersaleCase.order)
        .where(*where)
        .options(
            joinedload(AftersaleCase.order).joinedload(Order.village).joinedload(Village.county),
            joinedload(AftersaleCase.line),
            selectinload(AftersaleCase.events),
        )
        .order_by(order_by, AftersaleCase.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows, number, PAGE_SIZE, _count(*where))


def waiting_in_scope(user: User) -> int:
    """Return how many cases wait for a ruling in a scope."""
    return _count(Order.village_id.in_(villages_in_scope(user, READERS)), AftersaleCase.status == S.AT_PLATFORM)


def _count(*where: ColumnElement[bool]) -> int:
    statement = (
        select(func.count(AftersaleCase.id)).join(AftersaleCase.order).outerjoin(AftersaleCase.refund).where(*where)
    )
    return db.session.scalar(statement) or 0


def _is_for_village() -> ColumnElement[bool]:
    return AftersaleCase.status.in_(FOR_VILLAGE) | (Refund.status == RefundStatus.FAILED)


def _under(tab: str) -> ColumnElement[bool]:
    """The condition that a case stands under a tab; money that came back is something to do."""
    statuses = AftersaleCase.status.in_(DESK_TABS[tab])
    failed = Refund.status == RefundStatus.FAILED
    return statuses | failed if tab == 'todo' else statuses & (Refund.id.is_(None) | ~failed)
