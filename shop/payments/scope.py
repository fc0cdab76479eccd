"""Which payments, refunds and statements a department reaches: all orders of a payment, or it is not there."""

from sqlalchemy import Select, exists, or_, select

from shop.accounts.models import Role, User
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.orders.models import Order
from shop.payments.bank_models import BankStatement
from shop.payments.models import Payment, Refund
from shop.regions.models import Region
from shop.villages.scope import villages_in_scope

DEPARTMENTS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT)
OFFICIALS = frozenset({*DEPARTMENTS, Role.AUDITOR})


def payments_in_scope(user: User) -> Select[Payment]:
    """Select the payments none of whose orders is of a village outside the scope."""
    outside = exists().where(Order.checkout_id == Payment.checkout_id, Order.village_id.not_in(villages_in_scope(user)))
    return select(Payment).where(~outside)


def payment_in_scope(payment_id: int, user: User) -> Payment:
    """Return a payment; raises `NotFoundError` outside the scope."""
    payment = db.session.scalar(payments_in_scope(user).where(Payment.id == payment_id))
    if payment is None:
        raise NotFoundError
    return payment


def refund_in_scope(refund_id: int, user: User) -> Refund:
    """Return a refund; raises `NotFoundError` outside the scope."""
    refund = db.session.get(Refund, refund_id)
    if refund is None:
        raise NotFoundError
    payment_in_scope(refund.payment_id, user)
    return refund


def department_region(user: User) -> int:
    """Return the division of a department's user."""
    return next(
        grant.region_id for grant in user.current_grants if grant.role in DEPARTMENTS and grant.region_id is not None
    )


def statements_in_scope(user: User) -> Select[int]:
    """Select the statements that the user's divisions, or those below them, have uploaded."""
    own = [grant.region_id for grant in user.current_grants if grant.role in OFFICIALS]
    return select(BankStatement.id).join(Region).where(or_(Region.id.in_(own), Region.parent_id.in_(own)))


def is_statement_in_scope(statement: BankStatement, user: User) -> bool:
    """Tell whether the user's divisions reach a statement."""
    found = statements_in_scope(user).where(BankStatement.id == statement.id)
    return db.session.scalar(found) is not None
