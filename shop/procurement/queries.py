"""What the pages of institutions show: whom somebody acts for, orders with where they stand, and the figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from shop.accounts.models import INSTITUTION_ROLES, Role, RoleGrant, User
from shop.catalogue.models import Product, Variant
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.orders.models import Channel, Order
from shop.payments.models import Payment, Refund
from shop.procurement.employment import Employment, EmploymentStatus
from shop.procurement.following import orders_of, standing
from shop.procurement.institution import Institution, InstitutionStatus
from shop.procurement.models import ProcurementLine, ProcurementOrder, ProcurementStatus, PurchaseCertificate
from shop.regions.models import Region, RegionLevel
from shop.villages.models import Village

MAX_SHOWN = 200
OFFICIALS = frozenset({Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An institution's order with the shop's orders it became, and where it stands now."""

    order: ProcurementOrder
    orders: Sequence[Order]
    status: ProcurementStatus

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to be done."""
        return self.status in {ProcurementStatus.SETTLED, ProcurementStatus.CANCELLED}

    @property
    def amount_fen(self) -> int:
        """What is to be paid or was; before it is placed, the goods at the prices seen."""
        return self.order.checkout.total_fen if self.order.checkout is not None else self.order.goods_fen


@dataclass(frozen=True, slots=True)
class Spending:
    """What an institution has bought by itself, in fen: goods less refunds, and its budget over all orders."""

    orders: int
    amount_fen: int
    budget_fen: int


def institutions_of(user: User, roles: Collection[Role] = INSTITUTION_ROLES) -> list[Institution]:
    """Return the institutions somebody has one of these roles in, the first given first."""
    ids = [
        grant.institution_id
        for grant in user.current_grants
        if grant.role in roles and grant.institution_id is not None
    ]
    rows = {row.id: row for row in db.session.scalars(select(Institution).where(Institution.id.in_(ids)))}
    return [rows[institution_id] for institution_id in dict.fromkeys(ids)]


def institution_for(user: User, roles: Collection[Role] = INSTITUTION_ROLES) -> Institution:
    """Return the institution somebody acts for; raises `NotFoundError` without one."""
    found = institutions_of(user, roles)
    if not found:
        raise NotFoundError
    return found[0]


def roles_in(user: User, institution_id: int) -> frozenset[Role]:
    """Return what somebody is in an institution."""
    return frozenset(grant.role for grant in user.current_grants if grant.institution_id == institution_id)


def order_for(user: User, number: str, roles: Collection[Role] = INSTITUTION_ROLES) -> ProcurementOrder:
    """Return an order of an institution in which somebody has one of these roles; raises `NotFoundError`."""
    ids = [institution.id for institution in institutions_of(user, roles)]
    order = (
        db.session.scalars(
            select(ProcurementOrder)
            .where(ProcurementOrder.number == number, ProcurementOrder.institution_id.in_(ids))
            .options(
                joinedload(ProcurementOrder.institution),
                selectinload(ProcurementOrder.lines)
                .joinedload(ProcurementLine.variant)
                .joinedload(Variant.product)
                .joinedload(Product.village)
                .joinedload(Village.county),
            )
        )
        .unique()
        .first()
    )
    if order is None:
        raise NotFoundError
    return order


def shown(orders: Sequence[ProcurementOrder], *, at: datetime) -> list[ShownOrder]:
    """Return orders with where they stand at an instant."""
    parts = orders_of(orders)
    return [ShownOrder(order, parts[order.id], standing(order, parts[order.id], at=at)) for order in orders]


def orders_of_institution(institution_id: int, *, at: datetime) -> list[ShownOrder]:
    """Return an institution's orders, the newest first."""
    rows = db.session.scalars(
        select(ProcurementOrder)
        .where(ProcurementOrder.institution_id == institution_id)
        .options(
            joinedload(ProcurementOrder.checkout),
            selectinload(ProcurementOrder.lines),
            joinedload(ProcurementOrder.certificate),
            joinedload(ProcurementOrder.drafted_by),
        )
        .order_by(ProcurementOrder.id.desc())
        .limit(MAX_SHOWN)
    ).all()
    return shown(rows, at=at)


def spending_of(institution_id: int) -> Spending:
    """Sum what an institution has bought: goods of its paid orders less refunds; its budgets beside it."""
    paid = select(func.count(Order.id), func.coalesce(func.sum(Order.goods_fen), 0)).where(
        Order.institution_id == institution_id, Order.paid_at.is_not(None), Order.channel == Channel.INSTITUTION
    )
    count, goods = db.session.execute(paid).one()
    refunded = (
        select(func.coalesce(func.sum(Refund.amount_fen - Refund.freight_fen), 0))
        .join(Order, Order.id == Refund.order_id)
        .where(Order.institution_id == institution_id)
    )
    budget = select(func.coalesce(func.sum(ProcurementOrder.budget_per_head_fen * ProcurementOrder.heads), 0)).where(
        ProcurementOrder.institution_id == institution_id,
        ProcurementOrder.status.not_in([ProcurementStatus.DRAFT, ProcurementStatus.CANCELLED]),
    )
    return Spending(count, int(goods) - int(db.session.scalar(refunded) or 0), int(db.session.scalar(budget) or 0))


def members_of(institution_id: int) -> list[RoleGrant]:
    """Return who has a role in an institution."""
    return list(
        db.session.scalars(
            select(RoleGrant)
            .where(RoleGrant.institution_id == institution_id, RoleGrant.revoked_at.is_(None))
            .options(joinedload(RoleGrant.user))
            .order_by(RoleGrant.id)
        )
    )


def employments_at(institution_id: int) -> list[Employment]:
    """Return who is linked to an institution or asks to be, those who ask first."""
    rows = db.session.scalars(
        select(Employment)
        .where(
            Employment.institution_id == institution_id,
            Employment.status.in_([EmploymentStatus.ASKED, EmploymentStatus.LINKED]),
        )
        .options(joinedload(Employment.user))
        .order_by(Employment.id)
    ).all()
    return sorted(rows, key=lambda row: row.status is not EmploymentStatus.ASKED)


def applications_of(user: User) -> list[Institution]:
    """Return the institutions somebody has applied for that may not buy, the newest first."""
    return list(
        db.session.scalars(
            select(Institution)
            .where(Institution.applied_by_id == user.id, Institution.status != InstitutionStatus.ADMITTED)
            .options(joinedload(Institution.region), selectinload(Institution.steps))
            .order_by(Institution.id.desc())
        )
    )


def payment_of(order: ProcurementOrder) -> Payment | None:
    """Return the transfer an institution's order is paid by."""
    return db.session.scalar(
        select(Payment)
        .where(Payment.checkout_id == order.checkout_id, Payment.transfer_code.is_not(None))
        .order_by(Payment.settles_orders.desc(), Payment.id.desc())
        .limit(1)
    )


def counties() -> list[Region]:
    """Return the counties of the shop in the official order."""
    return list(db.session.scalars(select(Region).where(Region.level == RegionLevel.COUNTY).order_by(Region.position)))


def institutions_in_scope(user: User) -> Select[Institution]:
    """Select the institutions that a department's or auditor's divisions, or those below them, decide on."""
    own = [grant.region_id for grant in user.current_grants if grant.role in OFFICIALS]
    return (
        select(Institution)
        .join(Institution.region)
        .where(or_(Region.id.in_(own), Region.parent_id.in_(own)))
        .options(joinedload(Institution.region), joinedload(Institution.applied_by))
    )


def institution_in_scope(institution_id: int, user: User) -> Institution:
    """Return an institution; raises `NotFoundError` outside the scope."""
    found = db.session.scalar(institutions_in_scope(user).where(Institution.id == institution_id))
    if found is None:
        raise NotFoundError
    return found


def certificate_by_code(code: str) -> PurchaseCertificate:
    """Return the certificate with this verification code, however it was written; raises `NotFoundError`."""
    letters = ''.join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())[:20]
    plain = '-'.join(letters[at : at + 4] for at in range(0, len(letters), 4))
    found = db.session.scalar(select(PurchaseCertificate).where(PurchaseCertificate.code == plain))
    if found is None:
        raise NotFoundError
    return found


def order_awaiting_invoice(part: Order) -> ProcurementOrder | None:
    """Return the institution's order that a supplier's part belongs to."""
    return db.session.scalar(select(ProcurementOrder).where(ProcurementOrder.checkout_id == part.checkout_id))
