"""Who of the staff has looked: at a buyer's orders, for the buyer; at anybody, for the auditor within the scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from shop.accounts.models import Role, RoleGrant, User
from shop.accounts.privacy_models import AccessEntry, AccessKind
from shop.kit import clock
from shop.kit.database import db
from shop.kit.pagination import Page
from shop.orders.baskets import Buyer
from shop.orders.models import Checkout, Order
from shop.regions.models import Region
from shop.villages.models import Village
from shop.villages.scope import villages_in_scope

PAGE_SIZE = 50
MOST_ORDERS = 200
READERS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)
OF_AN_ORDER = (AccessKind.ORDER, AccessKind.AFTERSALE)
OF_MANY = (AccessKind.ORDERS, AccessKind.SHIPPING_SHEET, AccessKind.INVOICES)


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked: when, in which role, what was opened; not who, which is for the auditor."""

    at: datetime
    role: str
    kind: AccessKind
    village: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader of the log asks for."""

    kind: AccessKind | None = None
    village_id: int | None = None
    who: str = ''
    subject: str = ''
    since: date | None = None
    until: date | None = None


def looks_at_order(order: Order) -> list[Look]:
    """Return who looked at an order, the newest first."""
    alone = (AccessEntry.subject == order.number) & AccessEntry.kind.in_(OF_AN_ORDER)
    among = (
        (AccessEntry.village_id == order.village_id)
        & (AccessEntry.at >= order.placed_at)
        & AccessEntry.kind.in_(OF_MANY)
        & AccessEntry.order_ids.contains(f',{order.id},')
    )
    rows = db.session.execute(
        select(AccessEntry.at, AccessEntry.role, AccessEntry.kind, Village.name)
        .outerjoin(Village, Village.id == AccessEntry.village_id)
        .where(or_(alone, among))
        .order_by(AccessEntry.id.desc())
        .limit(PAGE_SIZE)
    )
    return [Look(at, _role_name(role), kind, village or '') for at, role, kind, village in rows]


def looks_at_orders(buyer: Buyer, *, newest: int = MOST_ORDERS) -> list[tuple[str, Look]]:
    """Return who looked at a buyer's newest orders, each with the order's number."""
    own = select(Order).join(Checkout).where(buyer.owns(Checkout)).order_by(Order.id.desc()).limit(newest)
    found = [(order.number, look) for order in db.session.scalars(own).all() for look in looks_at_order(order)]
    return sorted(found, key=lambda one: one[1].at, reverse=True)


def log_in_scope(user: User, wanted: Wanted, number: int) -> Page[AccessEntry]:
    """Return a page of the log within the reader's scope.

    It holds what was opened of one of its villages, and what somebody of its regions opened across villages.
    """
    where = _where(user, wanted)
    total = db.session.scalar(select(func.count(AccessEntry.id)).where(*where)) or 0
    rows = db.session.scalars(
        select(AccessEntry)
        .where(*where)
        .options(joinedload(AccessEntry.user))
        .order_by(AccessEntry.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def village_names(user: User) -> dict[int, str]:
    """Return the villages of the reader's scope by id."""
    inside = select(Village.id, Village.name).where(Village.id.in_(_scope(user))).order_by(Village.name)
    return {row.id: row.name for row in db.session.execute(inside)}


def _scope(user: User) -> Select[int]:
    return villages_in_scope(user, READERS)


def _where(user: User, wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [AccessEntry.village_id.in_(_scope(user)) | _across_villages(user)]
    if wanted.kind is not None:
        where.append(AccessEntry.kind == wanted.kind)
    if wanted.village_id is not None:
        where.append(AccessEntry.village_id == wanted.village_id)
    if wanted.who:
        named = select(User.id).where(User.name.contains(wanted.who, autoescape=True))
        where.append(AccessEntry.user_id.in_(named))
    if wanted.subject:
        where.append(AccessEntry.subject == wanted.subject)
    if wanted.since is not None:
        where.append(AccessEntry.at >= clock.day_start(wanted.since))
    if wanted.until is not None:
        where.append(AccessEntry.at < clock.day_end(wanted.until))
    return where


def _across_villages(user: User) -> ColumnElement[bool]:
    """Return the condition that an entry is of no one village and was made within the reader's region."""
    own = [grant.region_id for grant in user.current_grants if grant.role in READERS and grant.region_id is not None]
    below = select(Region.id).where(Region.parent_id.in_(own))
    inside = select(Region.id).where(or_(Region.id.in_(own), Region.parent_id.in_(own), Region.parent_id.in_(below)))
    makers = select(RoleGrant.user_id).where(RoleGrant.region_id.in_(inside))
    return AccessEntry.village_id.is_(None) & AccessEntry.user_id.in_(makers)


def _role_name(value: str) -> str:
    role = Role.find(value)
    return role.label if role is not None else value


def known_roles() -> dict[str, str]:
    """Return the names of roles as the log keeps them."""
    return {role.value: role.label for role in Role}


def kinds() -> Sequence[tuple[str, str]]:
    """Return what can be asked for."""
    return AccessKind.choices()
