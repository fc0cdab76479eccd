"""From a basket to a checkout: placed once per form, at the prices the buyer saw."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from shop.accounts.models import VILLAGE_ROLES, User
from shop.catalogue.models import ReturnClass
from shop.catalogue.stock import take_stock
from shop.coupons.spending import spend_coupon
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.orders.basket import Basket, BasketLine
from shop.orders.baskets import Buyer, NotOnSaleError
from shop.orders.changes import Seen, freight_change, line_changes, raise_all, shortage
from shop.orders.coupon_choice import ChosenCoupon, apply_coupon
from shop.orders.freight import RegionRefusedError
from shop.orders.invoice import InvoiceFacts
from shop.orders.invoices import new_request
from shop.orders.models import Channel, Checkout, Order, OrderEvent, OrderLine, OrderStatus
from shop.orders.quoting import Parcel, Quote, QuoteLine, quote
from shop.orders.share_link import ShareLink
from shop.orders.share_links import links_by_village
from shop.orders.telling import News, tell_buyer

NUMBER_DIGITS = 8


class ReturnConfirmationError(BusinessError):
    """Goods that cannot be returned need a confirmation per purchase."""


class FormTokenError(BusinessError):
    """The form was made for somebody else."""


@dataclass(frozen=True)
class Destination:
    """Where a checkout goes; codes of province, city and county."""

    recipient: str
    phone: str
    province_code: str
    city_code: str
    county_code: str
    street: str


@dataclass(frozen=True)
class Purchase:
    """What a buyer sends in: the units and the price seen of each variant, and where it goes.

    `presales` are the days seen from which goods sold ahead are sent, `versions` the agreement seen of each variant,
    `freights` the fen seen of each supplier's parcel; each None where no page has shown them. `email` and `language`
    are for the letters about it.
    """

    form_token: str
    wanted: Mapping[int, tuple[int, int]]
    destination: Destination
    note: str = ''
    confirmed: frozenset[int] = frozenset()
    channel: Channel = Channel.ONLINE
    share_link_ids: frozenset[int] = frozenset()
    presales: Mapping[int, date] | None = None
    versions: Mapping[int, int] | None = None
    freights: Mapping[int, int] | None = None
    invoice: InvoiceFacts | None = None
    coupon: ChosenCoupon | None = None
    email: str | None = None
    language: str = 'zh'


def place_order(purchase: Purchase, buyer: Buyer, *, actor: User | None, window: timedelta, at: datetime) -> Checkout:
    """Place a purchase once per form token and hold its stock until `window` has passed.

    The same token gives the same checkout again. Raises `NotOnSaleError`, `FormTokenError`, and, more than one of them
    as a `SeveralReasonsError`: `PriceChangedError`, `PresaleChangedError`, `AgreementChangedError`,
    `FreightChangedError`, `OutOfStockError`, `RegionRefusedError`, `ReturnConfirmationError`; once none of these
    stands against it, `CouponChangedError`, `CouponUsedError`, `BudgetSpentError`.
    """
    placed = find_checkout(purchase.form_token, buyer)
    if placed is not None:
        return placed
    if buyer == Buyer() or not purchase.wanted:
        raise NotOnSaleError(_('购物车是空的，请先挑一件山货。'))
    costs = quote(
        {variant: quantity for variant, (quantity, _price) in purchase.wanted.items()},
        province_code=purchase.destination.province_code,
    )
    claim = None
    reasons = _reasons_against(costs, purchase, clock.business_day(at))
    if purchase.coupon is None or not reasons:
        costs, claim = apply_coupon(costs, purchase.coupon, buyer, at=at)
        reasons += _freight_changes(costs, purchase)
    raise_all(reasons)
    checkout = _checkout(purchase, buyer, costs, at, at + window)
    db.session.add(checkout)
    db.session.flush()
    take_stock({line.offer.variant.id: line.quantity for line in costs.lines})
    links = links_by_village(purchase.share_link_ids, at=at)
    for parcel in costs.parcels:
        order = _order(parcel, purchase, checkout, actor, links.get(parcel.supplier.village_id))
        checkout.orders.append(order)
        if purchase.invoice is not None:
            db.session.add(new_request(order, purchase.invoice, actor=actor, at=at))
    _forget_lines(buyer, list(purchase.wanted))
    db.session.flush()
    if claim is not None:
        by_order = {order.id: sum(line.discount_fen for line in order.lines) for order in checkout.orders}
        spend_coupon(claim, checkout.id, by_order, at=at)
    ids = [order.id for order in checkout.orders]
    tell_buyer(checkout.orders[0], News.PLACED, f'checkout:{checkout.id}', at=at, facts={'order_ids': ids})
    return checkout


def find_checkout(form_token: str, buyer: Buyer) -> Checkout | None:
    """Return the checkout a form token has made before; raises `FormTokenError` if it is somebody else's."""
    found = db.session.scalar(select(Checkout).where(Checkout.form_token == form_token))
    if found is not None and (found.user_id, found.guest_digest) != (buyer.user_id, buyer.guest_digest):
        raise FormTokenError(_('这张结算单属于另一个账号，请从购物车重新结算。'))
    return found


def new_number(at: datetime) -> str:
    """Return an order number: the business day and eight random digits, not to be guessed from another."""
    return f'{clock.business_day(at):%y%m%d}{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}d}'


def _reasons_against(costs: Quote, purchase: Purchase, today: date) -> list[BusinessError]:
    """Return all that keeps a purchase from being placed as it was seen."""
    reasons: list[BusinessError] = []
    for parcel in costs.parcels:
        if parcel.refusal:
            refusal = _('%(name)s：%(why)s', name=parcel.supplier.name, why=parcel.refusal)
            reasons.append(RegionRefusedError(refusal, field='province'))
        for line in parcel.lines:
            reasons += line_changes(line, _seen(purchase, line.offer.variant.id), today)
            reasons += filter(None, (shortage(line), _unconfirmed(line, purchase)))
    return reasons


def _freight_changes(costs: Quote, purchase: Purchase) -> list[BusinessError]:
    """Return what is no longer as seen of the freight; it goes by the goods after a coupon."""
    if purchase.freights is None:
        return []
    changes = [freight_change(parcel, purchase.freights.get(parcel.supplier.id)) for parcel in costs.parcels]
    return [change for change in changes if change is not None]


def _seen(purchase: Purchase, variant_id: int) -> Seen:
    presales, versions = purchase.presales, purchase.versions or {}
    return Seen(
        price_fen=purchase.wanted[variant_id][1],
        version_id=versions.get(variant_id),
        presale_on=presales.get(variant_id) if presales is not None else None,
        tells_presale=presales is not None,
    )


def _unconfirmed(line: QuoteLine, purchase: Purchase) -> ReturnConfirmationError | None:
    variant, product = line.offer.variant, line.offer.product
    if product.return_class is ReturnClass.SEVEN_DAYS or variant.id in purchase.confirmed:
        return None
    return ReturnConfirmationError(
        _('“%(name)s”不适用七天无理由退货，请勾选确认后再提交。', name=product.name), field=f'confirm-{variant.id}'
    )


def _checkout(purchase: Purchase, buyer: Buyer, costs: Quote, at: datetime, until: datetime) -> Checkout:
    return Checkout(
        form_token=purchase.form_token,
        user_id=buyer.user_id,
        guest_digest=buyer.guest_digest,
        goods_fen=costs.goods_fen,
        freight_fen=costs.freight_fen,
        total_fen=costs.total_fen,
        placed_at=at,
        payable_until=until,
        email=purchase.email,
        language=purchase.language,
        orders=[],
    )


def _order(parcel: Parcel, purchase: Purchase, checkout: Checkout, actor: User | None, link: ShareLink | None) -> Order:
    to = purchase.destination
    village_id = parcel.supplier.village_id
    order = Order(
        number=new_number(checkout.placed_at),
        user_id=checkout.user_id,
        supplier_id=parcel.supplier.id,
        village_id=village_id,
        status=OrderStatus.PENDING_PAYMENT,
        channel=link.channel if link is not None else purchase.channel,
        share_link_id=link.id if link is not None else None,
        is_test=False,
        is_insider=is_insider(actor, village_id),
        goods_fen=parcel.goods_fen,
        freight_fen=parcel.freight_fen,
        total_fen=parcel.goods_fen + parcel.freight_fen,
        recipient=to.recipient,
        phone=to.phone,
        province_code=to.province_code,
        city_code=to.city_code,
        county_code=to.county_code,
        street=to.street,
        note=purchase.note,
        placed_at=checkout.placed_at,
        payable_until=checkout.payable_until,
    )
    today = clock.business_day(checkout.placed_at)
    order.lines = [_line(line, position, today) for position, line in enumerate(parcel.lines, 1)]
    order.events = [
        OrderEvent(
            at=checkout.placed_at,
            actor_id=actor.id if actor else None,
            from_status=None,
            to_status=OrderStatus.PENDING_PAYMENT,
            reason='',
        )
    ]
    return order


def _line(line: QuoteLine, position: int, today: date) -> OrderLine:
    offer = line.offer
    return OrderLine(
        position=position,
        variant_id=offer.variant.id,
        product_id=offer.product.id,
        product_name=offer.product.name,
        variant_name=offer.variant.name,
        unit_price_fen=offer.variant.price_fen,
        quantity=line.quantity,
        discount_fen=line.discount_fen,
        net_fen=line.net_fen,
        category_id=offer.product.category_id,
        brand_id=offer.product.brand_id,
        endorsement_id=offer.endorsement.id,
        tenure_id=offer.endorsement.tenure_id,
        agreement_version_id=offer.version.id,
        benefit_fen=line.benefit_fen,
        ships_on=offer.product.presale_day(today),
    )


def is_insider(actor: User | None, village_id: int) -> bool:
    """Tell whether the buyer works for the village the goods come from."""
    return actor is not None and any(
        grant.role in VILLAGE_ROLES and grant.village_id == village_id for grant in actor.current_grants
    )


def _forget_lines(buyer: Buyer, variant_ids: list[int]) -> None:
    basket = select(Basket.id).where(buyer.owns(Basket)).with_for_update()
    db.session.execute(
        delete(BasketLine)
        .where(BasketLine.variant_id.in_(variant_ids), BasketLine.basket_id.in_(basket))
        .execution_options(synchronize_session=False)
    )
