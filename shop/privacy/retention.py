"""How long everything is kept: one table that the scheduled work follows and the privacy page shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, or_, select

from shop.accounts.models import WebSession
from shop.accounts.throttling import KEPT as SIGN_IN_TRACES
from shop.kit import clock
from shop.kit.database import db
from shop.kit.words import kept
from shop.letters.models import Letter
from shop.orders.basket import Basket, BasketLine
from shop.orders.favourite import Favourite
from shop.orders.models import Order, OrderStatus
from shop.privacy.erasing import erase_orders, forget_recipients
from shop.procurement.budget_list import BudgetLine, BudgetList

MOST_AT_ONCE = 500
GUESTS = timedelta(days=90)
LETTERS = timedelta(days=180)
CANCELLED = timedelta(days=90)
YEARS_OF_ORDERS = 3


@dataclass(frozen=True, slots=True)
class Keeping:
    """Something that is kept: what, for how long, what happens then, and the work that does it, if it is ours."""

    what: str
    period: str
    then: str
    forget: Callable[[datetime], int] | None = None


def forget_visits(at: datetime) -> int:
    """Delete sessions that have run out."""
    return _rows(delete(WebSession).where(WebSession.expires_at <= at))


def forget_guests(at: datetime) -> int:
    """Delete baskets, lists and favourites of guests that nobody has touched for long."""
    old = at - GUESTS
    baskets = select(Basket.id).where(Basket.user_id.is_(None), Basket.updated_at <= old)
    lists = select(BudgetList.id).where(BudgetList.user_id.is_(None), BudgetList.updated_at <= old)
    _rows(delete(BasketLine).where(BasketLine.basket_id.in_(baskets)))
    _rows(delete(BudgetLine).where(BudgetLine.budget_list_id.in_(lists)))
    return (
        _rows(delete(Basket).where(Basket.user_id.is_(None), Basket.updated_at <= old))
        + _rows(delete(BudgetList).where(BudgetList.user_id.is_(None), BudgetList.updated_at <= old))
        + _rows(delete(Favourite).where(Favourite.user_id.is_(None), Favourite.added_at <= old))
    )


def forget_letters(at: datetime) -> int:
    """Take the address out of letters that were written long ago."""
    old = select(Letter).where(Letter.queued_at <= at - LETTERS, Letter.recipient != '').order_by(Letter.id)
    letters = db.session.scalars(old.limit(MOST_AT_ONCE)).all()
    forget_recipients(letters, at=at)
    return len(letters)


def forget_buyers(at: datetime) -> int:
    """Take the person out of orders that ended years ago, and out of those that were never paid."""
    ended = years_before(at, YEARS_OF_ORDERS)
    unpaid = (Order.status == OrderStatus.CANCELLED) & (Order.placed_at <= at - CANCELLED)
    completed = (Order.placed_at <= ended) & or_(
        Order.completed_at <= ended, (Order.status == OrderStatus.CLOSED) & Order.completed_at.is_(None)
    )
    due = select(Order.id).where(Order.erased_at.is_(None), Order.disputed_at.is_(None), or_(unpaid, completed))
    order_ids = db.session.scalars(due.order_by(Order.placed_at).limit(MOST_AT_ONCE)).all()
    return erase_orders(order_ids, at=at)


def years_before(at: datetime, years: int) -> datetime:
    """Return the same instant of the business day so many years ago; 29 February becomes the 28th."""
    local = clock.local(at)
    day = 28 if (local.month, local.day) == (2, 29) else local.day
    return local.replace(year=local.year - years, day=day)


KEEPINGS: tuple[Keeping, ...] = (
    Keeping(kept('登录会话（设备说明、时间）'), kept('30 天'), kept('删除'), forget_visits),
    Keeping(kept('登录尝试、短信验证码'), kept('2 天'), kept('删除')),
    Keeping(kept('游客的购物车、收藏、采购清单'), kept('最后改动后 90 天'), kept('删除'), forget_guests),
    Keeping(kept('通知邮件的收件地址'), kept('写信后 180 天'), kept('清除地址，只留寄出记录'), forget_letters),
    Keeping(
        kept('订单的收货人、电话、街道地址、留言、邮箱'),
        kept('交易完成后 3 年；没有付款的订单 90 天'),
        kept('清除，只留商品、金额和省份'),
        forget_buyers,
    ),
    Keeping(kept('订单、支付、退款的商品与金额'), kept('长期，作为账簿凭据'), kept('不含收货信息')),
    Keeping(kept('发票申请的抬头与税号'), kept('按会计档案保存，30 年'), kept('按会计档案办法销毁')),
    Keeping(kept('工作人员查看记录'), kept('至少 3 年，只增不改'), kept('供审计')),
)
assert timedelta(days=2) == SIGN_IN_TRACES


def forget_due(*, at: datetime) -> int:
    """Forget everything whose time is over; it may run at any time, twice or late. Return how much there was."""
    return sum(keeping.forget(at) for keeping in KEEPINGS if keeping.forget is not None)


def _rows(statement: Any) -> int:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast('CursorResult[Any]', result).rowcount
