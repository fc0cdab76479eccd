"""From a basket to a checkout: what it would cost, and placing it once."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, selectinload

from shop.accounts.models import VILLAGE_ROLES, User
from shop.benefits.models import AgreementVersion, BenefitAgreement, VersionStatus
from shop.catalogue.models import Product, ReturnClass, Variant
from shop.catalogue.stock import take_stock
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.orders.basket import Basket, BasketLine, FreightTemplate
from shop.orders.baskets import Buyer, NotOnSaleError, require_quantity
from shop.orders.freight import RegionRefusedError, freight_fen
from shop.orders.models import Channel, Checkout, Order, OrderEvent, OrderLine, OrderStatus
from shop.suppliers.models import Supplier

NUMBER_DIGITS = 8


class PriceChangedError(BusinessError):
    """A price is not the one the buyer saw."""


class ReturnConfirmationError(BusinessError):
    """Goods that cannot be returned need a confirmation per purchase."""


class FormTokenError(BusinessError):
    """The form was made for somebody else."""


@dataclass(frozen=True)
class Offer:
    """A variant with what holds for it now: the listing and the agreement version that would be credited."""

    variant: Variant
    endorsement: Endorsement
    version: AgreementVersion

    @property
    def product(self) -> Product:
        """Its product."""
        return self.variant.product


@dataclass(frozen=True)
class QuoteLine:
    """So many units of an offer."""

    offer: Offer
    quantity: int

    @property
    def net_fen(self) -> int:
        """Units times price."""
        return self.offer.variant.price_fen * self.quantity

    @property
    def benefit_fen(self) -> int:
        """What the households would get."""
        return self.offer.version.benefit_fen(self.net_fen, self.quantity)


@dataclass(frozen=True)
class Parcel:
    """What one supplier sends; `refusal` says why it cannot be sent there."""

    supplier: Supplier
    lines: Sequence[QuoteLine]
    freight_fen: int
    refusal: str = ''

    @property
    def goods_fen(self) -> int:
        """The sum of the lines."""
        return sum(line.net_fen for line in self.lines)


@dataclass(frozen=True)
class Quote:
    """Everything a checkout would cost, parcel by parcel, in fen."""

    parcels: Sequence[Parcel]

    @property
    def goods_fen(self) -> int:
        """All goods."""
        return sum(parcel.goods_fen for parcel in self.parcels)

    @property
    def freight_fen(self) -> int:
        """All freight."""
        return sum(parcel.freight_fen for parcel in self.parcels)

    @property
    def total_fen(self) -> int:
        """What is to be paid."""
        return self.goods_fen + self.freight_fen

    @property
    def benefit_fen(self) -> int:
        """What the households would get."""
        return sum(line.benefit_fen for parcel in self.parcels for line in parcel.lines)

    @property
    def lines(self) -> list[QuoteLine]:
        """All lines."""
        return [line for parcel in self.parcels for line in parcel.lines]


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
    """What a buyer sends in: the units and the price seen of each variant, and where it goes."""

    form_token: str
    wanted: Mapping[int, tuple[int, int]]
    destination: Destination
    note: str = ''
    confirmed: frozenset[int] = frozenset()
    channel: Channel = Channel.ONLINE


def quote(quantities: Mapping[int, int], *, province_code: str) -> Quote:
    """Return what these variants cost now; variants not on sale raise `NotOnSaleError`."""
    offers = _offers(list(quantities))
    by_supplier: dict[int, list[QuoteLine]] = defaultdict(list)
    for variant_id, quantity in sorted(quantities.items()):
        require_quantity(quantity)
        offer = offers.get(variant_id)
        if offer is None:
            raise NotOnSaleError('购物车里有商品刚刚下架，请回购物车看一看。')
        by_supplier[offer.product.supplier_id].append(QuoteLine(offer, quantity))
    templates = _templates(list(by_supplier))
    return Quote(
        [_parcel(lines, templates.get(supplier), province_code) for supplier, lines in sorted(by_supplier.items())]
    )


def place_order(purchase: Purchase, buyer: Buyer, *, actor: User | None, window: timedelta, at: datetime) -> Checkout:
    """Place a purchase once per form token and hold its stock until `window` has passed.

    The same token gives the same checkout again. Raises `PriceChangedError`, `OutOfStockError`,
    `RegionRefusedError`, `ReturnConfirmationError`, `NotOnSaleError`, `FormTokenError`.
    """
    placed = find_checkout(purchase.form_token, buyer)
    if placed is not None:
        return placed
    costs = quote(
        {variant: quantity for variant, (quantity, _) in purchase.wanted.items()},
        province_code=purchase.destination.province_code,
    )
    _require_as_seen(costs, purchase)
    checkout = _checkout(purchase, buyer, costs, at, at + window)
    db.session.add(checkout)
    db.session.flush()
    take_stock({line.offer.variant.id: line.quantity for line in costs.lines})
    for parcel in costs.parcels:
        checkout.orders.append(_order(parcel, purchase, checkout, actor))
    _forget_lines(buyer, list(purchase.wanted))
    db.session.flush()
    return checkout


def find_checkout(form_token: str, buyer: Buyer) -> Checkout | None:
    """Return the checkout a form token has made before; raises `FormTokenError` if it is somebody else's."""
    found = db.session.scalar(select(Checkout).where(Checkout.form_token == form_token))
    if found is not None and (found.user_id, found.guest_digest) != (buyer.user_id, buyer.guest_digest):
        raise FormTokenError('这张结算单属于另一个账号，请从购物车重新结算。')
    return found


def new_number(at: datetime) -> str:
    """Return an order number: the business day and eight random digits, not to be guessed from another."""
    return f'{clock.business_day(at):%y%m%d}{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}d}'


def _offers(variant_ids: list[int]) -> dict[int, Offer]:
    rows = db.session.execute(
        select(Variant, Endorsement, AgreementVersion)
        .join(Variant.product)
        .join(Endorsement, (Endorsement.product_id == Product.id) & (Endorsement.status == EndorsementStatus.LISTED))
        .join(BenefitAgreement, BenefitAgreement.product_id == Product.id)
        .join(
            AgreementVersion,
            (AgreementVersion.agreement_id == BenefitAgreement.id)
            & (AgreementVersion.status == VersionStatus.IN_FORCE),
        )
        .where(Variant.id.in_(variant_ids), Variant.is_offered)
        .options(joinedload(Variant.product).joinedload(Product.supplier))
    )
    return {variant.id: Offer(variant, endorsement, version) for variant, endorsement, version in rows}


def _templates(supplier_ids: list[int]) -> dict[int, FreightTemplate]:
    rows = db.session.scalars(
        select(FreightTemplate)
        .where(FreightTemplate.supplier_id.in_(supplier_ids))
        .options(selectinload(FreightTemplate.regions))
    )
    return {row.supplier_id: row for row in rows}


def _parcel(lines: list[QuoteLine], template: FreightTemplate | None, province_code: str) -> Parcel:
    supplier = lines[0].offer.product.supplier
    goods = sum(line.net_fen for line in lines)
    pieces = sum(line.quantity for line in lines)
    try:
        fen = freight_fen(template, province_code=province_code, pieces=pieces, goods_fen=goods)
    except RegionRefusedError as refused:
        return Parcel(supplier, lines, 0, refused.message)
    return Parcel(supplier, lines, fen)


def _require_as_seen(costs: Quote, purchase: Purchase) -> None:
    for parcel in costs.parcels:
        if parcel.refusal:
            raise RegionRefusedError(f'{parcel.supplier.name}：{parcel.refusal}', field='province')
    for line in costs.lines:
        variant, product = line.offer.variant, line.offer.product
        seen = purchase.wanted[variant.id][1]
        if seen != variant.price_fen:
            raise PriceChangedError(
                f'“{product.name} {variant.name}”的价格从 ¥{seen / 100:.2f} 变成了 ¥{variant.price_fen / 100:.2f}，'
                '请看过新价再提交。'
            )
        if product.return_class is not ReturnClass.SEVEN_DAYS and variant.id not in purchase.confirmed:
            raise ReturnConfirmationError(
                f'“{product.name}”不适用七天无理由退货，请勾选确认后再提交。', field=f'confirm-{variant.id}'
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
    )


def _order(parcel: Parcel, purchase: Purchase, checkout: Checkout, actor: User | None) -> Order:
    to = purchase.destination
    village_id = parcel.supplier.village_id
    order = Order(
        number=new_number(checkout.placed_at),
        user_id=checkout.user_id,
        supplier_id=parcel.supplier.id,
        village_id=village_id,
        status=OrderStatus.PENDING_PAYMENT,
        channel=purchase.channel,
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
    order.lines = [_line(line, position) for position, line in enumerate(parcel.lines, 1)]
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


def _line(line: QuoteLine, position: int) -> OrderLine:
    offer = line.offer
    return OrderLine(
        position=position,
        variant_id=offer.variant.id,
        product_id=offer.product.id,
        product_name=offer.product.name,
        variant_name=offer.variant.name,
        unit_price_fen=offer.variant.price_fen,
        quantity=line.quantity,
        discount_fen=0,
        net_fen=line.net_fen,
        category_id=offer.product.category_id,
        brand_id=offer.product.brand_id,
        endorsement_id=offer.endorsement.id,
        tenure_id=offer.endorsement.tenure_id,
        agreement_version_id=offer.version.id,
        benefit_fen=line.benefit_fen,
    )


def is_insider(actor: User | None, village_id: int) -> bool:
    """Tell whether the buyer works for the village the goods come from."""
    return actor is not None and any(
        grant.role in VILLAGE_ROLES and grant.village_id == village_id for grant in actor.current_grants
    )


def _forget_lines(buyer: Buyer, variant_ids: list[int]) -> None:
    owner = Basket.user_id == buyer.user_id if buyer.user_id else Basket.guest_digest == buyer.guest_digest
    db.session.execute(
        delete(BasketLine)
        .where(BasketLine.variant_id.in_(variant_ids), BasketLine.basket_id.in_(select(Basket.id).where(owner)))
        .execution_options(synchronize_session=False)
    )
