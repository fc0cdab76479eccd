"""Employees linked to an institution if both agree, and which of their purchases are credited to it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.orders.models import Channel, Checkout, Order
from shop.payments.models import Refund
from shop.procurement.employment import Employment, EmploymentStatus, PurchaseCredit
from shop.procurement.institution import Institution, InstitutionStatus, step_of

E = EmploymentStatus
LIVE = (E.ASKED, E.LINKED)
# A sum of fewer people could say what one of them bought.
FEWEST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class CreditedSales:
    """What employees' own purchases come to for an institution; None where it could point at somebody."""

    people: int
    orders: int
    amount_fen: int | None


def employment_of(user: User) -> Employment | None:
    """Return whom somebody is linked to, or has asked to be."""
    return db.session.scalar(select(Employment).where(Employment.user_id == user.id, Employment.status.in_(LIVE)))


def linked_institution(user: User | None) -> Institution | None:
    """Return the institution that somebody's purchases may be credited to."""
    employment = employment_of(user) if user is not None else None
    return employment.institution if employment is not None and employment.status is E.LINKED else None


def ask_employment(institution_name: str, *, actor: User, at: datetime) -> Employment:
    """Ask an institution to be linked; raises `BusinessError` with the field."""
    if employment_of(actor) is not None:
        raise BusinessError(_('您已经关联或申请了一个单位，请先解除。'), field='institution')
    institution = db.session.scalar(
        select(Institution).where(
            Institution.name == institution_name.strip(), Institution.status == InstitutionStatus.ADMITTED
        )
    )
    if institution is None:
        raise BusinessError(_('没有找到这个单位，请按单位全称填写。'), field='institution')
    employment = Employment(institution=institution, user_id=actor.id, status=E.ASKED, asked_at=at)
    employment.steps.append(step_of(None, E.ASKED, actor.id, at, ''))
    db.session.add(employment)
    db.session.flush()
    return employment


def decide_employment(institution: Institution, employment_id: int, to: E, *, actor: User, at: datetime) -> None:
    """Let the institution agree, decline, or end a link; nobody agrees to their own asking."""
    employment = db.session.get(Employment, employment_id)
    if employment is None or employment.institution_id != institution.id:
        raise NotFoundError
    lock_row(employment)
    if to is E.LINKED and employment.user_id == actor.id:
        raise BusinessError(_('自己的申请要由本单位另一位采购人同意。'))
    employment.move(to, actor_id=actor.id, at=at)


def end_employment(*, actor: User, at: datetime) -> None:
    """Let the employee take back the asking, or end the link; what was credited stays."""
    employment = employment_of(actor)
    if employment is None:
        raise NotFoundError
    lock_row(employment)
    employment.move(E.ENDED, actor_id=actor.id, at=at)


def credit_checkout(checkout: Checkout, *, actor: User, at: datetime) -> PurchaseCredit | None:
    """Count a checkout to the institution its buyer is linked to; nothing happens without a link."""
    employment = employment_of(actor)
    if employment is None or employment.status is not E.LINKED or checkout.user_id != actor.id:
        return None
    known = db.session.scalar(select(PurchaseCredit).where(PurchaseCredit.checkout_id == checkout.id))
    if known is not None:
        return known
    credit = PurchaseCredit(
        checkout_id=checkout.id,
        institution_id=employment.institution_id,
        employment_id=employment.id,
        consented_at=at,
    )
    db.session.add(credit)
    db.session.flush()
    return credit


def credited_sales(institution_id: int) -> CreditedSales:
    """Sum what employees have bought for themselves and let count: goods less refunds, never by person."""
    paid = (
        select(
            func.count(func.distinct(Order.user_id)),
            func.count(Order.id),
            func.coalesce(func.sum(Order.goods_fen), 0),
        )
        .join(PurchaseCredit, PurchaseCredit.checkout_id == Order.checkout_id)
        .where(
            PurchaseCredit.institution_id == institution_id,
            Order.paid_at.is_not(None),
            Order.channel != Channel.INSTITUTION,
            ~Order.is_test,
        )
    )
    people, orders, goods = db.session.execute(paid).one()
    refunded = (
        select(func.coalesce(func.sum(Refund.amount_fen - Refund.freight_fen), 0))
        .join(Order, Order.id == Refund.order_id)
        .join(PurchaseCredit, PurchaseCredit.checkout_id == Order.checkout_id)
        .where(PurchaseCredit.institution_id == institution_id, Order.channel != Channel.INSTITUTION, ~Order.is_test)
    )
    amount = int(goods) - int(db.session.scalar(refunded) or 0)
    return CreditedSales(people, orders, amount if people >= FEWEST_PEOPLE or not people else None)
