"""Closing an account: what only served its owner is deleted, what the law keeps loses the person."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from shop.accounts.models import User, WebSession
from shop.accounts.privacy_models import UserConsent
from shop.accounts.sign_in_models import PhoneCode
from shop.aftersales.models import AftersaleCase
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.orders.basket import Address, Basket, BasketLine
from shop.orders.favourite import Favourite
from shop.orders.invoice import InvoiceRequest, InvoiceStatus
from shop.orders.models import Checkout, Order, OrderStatus
from shop.payments.models import Refund, RefundStatus
from shop.privacy.erasing import erase_orders, forget_recipients, letters_about
from shop.procurement.budget_list import BudgetLine, BudgetList
from shop.procurement.employments import employment_of, end_employment
from shop.ratings.models import ProductReview

S = OrderStatus
OPEN = (S.PENDING_PAYMENT, S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED, S.AWAITING_RECEIPT)
CLOSED_NAME = kept('已注销用户')
ANONYMOUS = kept('匿名买家')


class ClosingError(BusinessError):
    """The account cannot be closed yet; the message says what comes first."""


def hindrances(user: User) -> list[str]:
    """Return what must be settled before the account can be closed, each as a sentence."""
    own = select(Order.id).where(Order.user_id == user.id)
    open_orders = _count(select(func.count(Order.id)).where(Order.user_id == user.id, Order.status.in_(OPEN)))
    cases = _count(
        select(func.count(AftersaleCase.id)).where(AftersaleCase.order_id.in_(own), AftersaleCase.settled_at.is_(None))
    )
    refunds = _count(
        select(func.count(Refund.id)).where(Refund.order_id.in_(own), Refund.status != RefundStatus.SUCCEEDED)
    )
    invoices = _count(
        select(func.count(InvoiceRequest.id))
        .join(Order, Order.id == InvoiceRequest.order_id)
        .where(Order.user_id == user.id, InvoiceRequest.status == InvoiceStatus.REQUESTED, Order.paid_at.is_not(None))
    )
    found = []
    if user.current_grants:
        found.append(_('这个账号还担任工作角色，请先由主管单位收回。'))
    if open_orders:
        found.append(_('还有 %(n)s 个订单没有完成，请等收货，或先取消、退款。', n=open_orders))
    if cases:
        found.append(_('还有 %(n)s 个售后申请没有办完。', n=cases))
    if refunds:
        found.append(_('还有 %(n)s 笔退款没有到账。', n=refunds))
    if invoices:
        found.append(_('还有 %(n)s 张发票没有开出。', n=invoices))
    return found


def close_account(user: User, *, at: datetime) -> bool:
    """Close an account, all in the caller's unit of work; tell whether it was open. Raises `ClosingError`."""
    lock_row(user)
    if user.closed_at is not None:
        return False
    if found := hindrances(user):
        raise ClosingError(found[0], field='closing')
    employment = employment_of(user)
    if employment is not None:
        end_employment(actor=user, at=at)
    _forget_orders(user, at)
    _delete_belongings(user)
    _hide_reviews(user)
    _run(
        update(UserConsent)
        .where(UserConsent.user_id == user.id, UserConsent.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
    )
    # No login name can be typed like this, so the old one is free again.
    user.login_name, user.name = f'#{user.id}', CLOSED_NAME
    user.password_hash = user.email = user.phone_proven_at = None
    user.is_active, user.closed_at = False, at
    db.session.flush()
    return True


def _forget_orders(user: User, at: datetime) -> None:
    """Keep completed orders as the law wants them; notes, addresses for letters and what was never paid go."""
    rows = db.session.execute(select(Order.id, Order.status).where(Order.user_id == user.id)).all()
    forget_recipients(letters_about([row.id for row in rows]), at=at)
    db.session.flush()
    erase_orders([row.id for row in rows if row.status is S.CANCELLED], at=at)
    _run(update(Order).where(Order.user_id == user.id).values(note=''))
    _run(update(Checkout).where(Checkout.user_id == user.id).values(email=None))
    own = select(Order.id).where(Order.user_id == user.id)
    _run(update(InvoiceRequest).where(InvoiceRequest.order_id.in_(own)).values(email=''))


def _delete_belongings(user: User) -> None:
    baskets = select(Basket.id).where(Basket.user_id == user.id)
    lists = select(BudgetList.id).where(BudgetList.user_id == user.id)
    _run(delete(BasketLine).where(BasketLine.basket_id.in_(baskets)))
    _run(delete(Basket).where(Basket.user_id == user.id))
    _run(delete(BudgetLine).where(BudgetLine.budget_list_id.in_(lists)))
    _run(delete(BudgetList).where(BudgetList.user_id == user.id))
    _run(delete(Favourite).where(Favourite.user_id == user.id))
    _run(delete(Address).where(Address.user_id == user.id))
    _run(delete(PhoneCode).where(PhoneCode.phone == user.login_name))
    _run(delete(WebSession).where(WebSession.user_id == user.id))


def _hide_reviews(user: User) -> None:
    lines = select(ProductReview.id).join(ProductReview.line).join(Order).where(Order.user_id == user.id)
    _run(
        update(ProductReview)
        .where(ProductReview.id.in_(lines.scalar_subquery()))
        .values(is_anonymous=True, shown_as=ANONYMOUS)
    )


def _count(statement: object) -> int:
    return db.session.scalar(statement) or 0  # type: ignore[call-overload]


def _run(statement: object) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))  # type: ignore[attr-defined]
