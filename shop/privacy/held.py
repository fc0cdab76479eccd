"""What the shop holds of a person, in sections: one definition for the page that counts them and the file of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from shop.accounts.models import RoleGrant, User, WebSession
from shop.accounts.privacy_models import UserConsent
from shop.aftersales.models import AftersaleCase
from shop.coupons.models import CouponClaim
from shop.kit.database import db
from shop.kit.words import kept
from shop.orders.basket import Address, Basket, BasketLine
from shop.orders.baskets import Buyer
from shop.orders.favourite import Favourite
from shop.orders.invoice import InvoiceRequest
from shop.orders.models import Checkout, Order
from shop.privacy.erasing import letters_about
from shop.privacy.looks import looks_at_orders
from shop.privacy.records import (
    account_record,
    address_record,
    basket_record,
    case_record,
    claim_record,
    consent_record,
    employment_record,
    favourite_record,
    grant_record,
    invoice_record,
    letter_record,
    order_record,
    review_record,
    visit_record,
)
from shop.procurement.employment import Employment
from shop.ratings.models import ProductReview

BATCH = 100
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of data: what, why, how long, who sees it, and the rows of a person."""

    key: str
    name: str
    why: str
    how_long: str
    seen_by: str
    statement: Callable[[int], Select[Any]]
    record: Callable[[Any], Record]

    def count(self, user_id: int) -> int:
        """Count the rows of a person."""
        return db.session.scalar(select(func.count()).select_from(self.statement(user_id).subquery())) or 0

    def records(self, user_id: int) -> Iterator[Record]:
        """Yield the rows of a person, a batch in memory at a time."""
        rows = db.session.scalars(self.statement(user_id).execution_options(yield_per=BATCH))
        for row in rows:
            yield self.record(row)


def _orders(user_id: int) -> Select[Any]:
    return select(Order).join(Checkout).where(Checkout.user_id == user_id).order_by(Order.id)


def _of_orders(model: Any) -> Callable[[int], Select[Any]]:
    def statement(user_id: int) -> Select[Any]:
        own = select(Order.id).join(Checkout).where(Checkout.user_id == user_id)
        return select(model).where(model.order_id.in_(own)).order_by(model.id)

    return statement


def _own(model: Any) -> Callable[[int], Select[Any]]:
    return lambda user_id: select(model).where(model.user_id == user_id).order_by(model.id)


def _basket_lines(user_id: int) -> Select[Any]:
    return select(BasketLine).join(Basket).where(Basket.user_id == user_id).order_by(BasketLine.id)


def _reviews(user_id: int) -> Select[Any]:
    of_user = select(ProductReview).join(ProductReview.line).join(Order).join(Checkout)
    return of_user.where(Checkout.user_id == user_id).order_by(ProductReview.id)


UNTIL_CLOSED = kept('到您删除或注销账号')
ONLY_YOU = kept('只有您自己')
THREE_YEARS = kept('收货信息：交易完成后 3 年；商品与金额：长期')

SECTIONS: tuple[Section, ...] = (
    Section(
        'account', kept('账号：登录名（手机号）、称呼、邮箱'), kept('让您登录，给您写信'), UNTIL_CLOSED,
        kept('只有您自己；勾了公开称呼的评价，大家看得到称呼'), lambda user_id: select(User).where(User.id == user_id),
        account_record,
    ),
    Section(
        'addresses', kept('地址簿'), kept('结算时不用再填'), UNTIL_CLOSED, ONLY_YOU, _own(Address), address_record
    ),
    Section(
        'orders', kept('订单：买了什么、收货人、电话、地址、留言'), kept('发货、售后，履行买卖合同'), THREE_YEARS,
        kept('卖这些东西的村，售后时还有上级部门'), _orders, order_record,
    ),
    Section(
        'aftersales', kept('售后申请'), kept('办理退换'), THREE_YEARS, kept('卖这些东西的村，上级部门'),
        _of_orders(AftersaleCase), case_record,
    ),
    Section(
        'invoices', kept('发票申请：抬头、税号、收票邮箱'), kept('开发票'), kept('按会计档案保存，30 年'),
        kept('卖这些东西的村'), _of_orders(InvoiceRequest), invoice_record,
    ),
    Section(
        'reviews', kept('评价'), kept('给别的买家参考'), kept('注销账号后变为匿名，内容保留'), kept('所有人'), _reviews,
        review_record,
    ),
    Section(
        'coupons', kept('领过的消费券'), kept('核对预算'), kept('随券的账保留，不含姓名'), kept('发券的部门只看到合计'),
        _own(CouponClaim), claim_record,
    ),
    Section(
        'basket', kept('购物车'), kept('记住您想买的'), UNTIL_CLOSED, ONLY_YOU, _basket_lines, basket_record
    ),
    Section(
        'favourites', kept('收藏'), kept('记住您喜欢的'), UNTIL_CLOSED, ONLY_YOU, _own(Favourite), favourite_record
    ),
    Section(
        'visits', kept('登录会话：设备、时间'), kept('让您看到并结束别处的登录'), kept('30 天'), ONLY_YOU,
        _own(WebSession), visit_record,
    ),
    Section(
        'roles', kept('担任的角色、所属单位'), kept('决定您能打开哪些页面'), kept('长期，作为工作记录'),
        kept('主管单位'), _own(RoleGrant), grant_record,
    ),
    Section(
        'employments', kept('与单位的关联'), kept('把购买计入单位消费帮扶'), kept('注销时解除'),
        kept('您的单位，只看到合计'), _own(Employment), employment_record,
    ),
    Section(
        'consents', kept('同意记录'), kept('证明您同意过什么、何时撤回'), kept('长期，作为凭据'), ONLY_YOU,
        _own(UserConsent), consent_record,
    ),
)  # fmt: skip


def letters_of(user_id: int) -> list[Record]:
    """Return the letters to a person that still know an address."""
    order_ids = db.session.scalars(select(Order.id).join(Checkout).where(Checkout.user_id == user_id)).all()
    return [letter_record(letter) for letter in letters_about(order_ids)]


def looks_of(user_id: int) -> list[Record]:
    """Return who of the staff has looked at a person's orders."""
    return [
        {
            'at': look.at.isoformat(),
            'role': look.role,
            'what': look.kind.label,
            'village': look.village,
            'order': number,
        }
        for number, look in looks_at_orders(Buyer(user_id=user_id))
    ]
