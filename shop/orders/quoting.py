"""What a basket would cost: offers, parcels by supplier, freight; nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from shop.benefits.models import AgreementVersion, BenefitAgreement, VersionStatus
from shop.catalogue.models import Product, Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.orders.basket import FreightTemplate
from shop.orders.baskets import NotOnSaleError, require_quantity
from shop.orders.freight import RegionRefusedError, free_above, freight_fen
from shop.suppliers.models import Supplier


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
    """So many units of an offer, less what a coupon takes off."""

    offer: Offer
    quantity: int
    discount_fen: int = 0

    @property
    def gross_fen(self) -> int:
        """Units times price."""
        return self.offer.variant.price_fen * self.quantity

    @property
    def net_fen(self) -> int:
        """Units times price, less the discount."""
        return self.gross_fen - self.discount_fen

    @property
    def grams(self) -> int:
        """What the units weigh on their way."""
        return self.offer.variant.shipping_grams * self.quantity

    @property
    def benefit_fen(self) -> int:
        """What the households would get."""
        return self.offer.version.benefit_fen(self.net_fen, self.quantity)


@dataclass(frozen=True)
class Parcel:
    """What one supplier sends; `refusal` says why it cannot go there, `missing_fen` how much more makes it free."""

    supplier: Supplier
    lines: Sequence[QuoteLine]
    freight_fen: int
    refusal: str = ''
    missing_fen: int = 0
    template: FreightTemplate | None = None
    province_code: str = ''

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
    def discount_fen(self) -> int:
        """What a coupon takes off."""
        return sum(line.discount_fen for line in self.lines)

    @property
    def benefit_fen(self) -> int:
        """What the households would get."""
        return sum(line.benefit_fen for parcel in self.parcels for line in parcel.lines)

    @property
    def lines(self) -> list[QuoteLine]:
        """All lines."""
        return [line for parcel in self.parcels for line in parcel.lines]


def quote(quantities: Mapping[int, int], *, province_code: str) -> Quote:
    """Return what these variants cost now; variants not on sale raise `NotOnSaleError`."""
    offers = _offers(list(quantities))
    by_supplier: dict[int, list[QuoteLine]] = defaultdict(list)
    for variant_id, quantity in sorted(quantities.items()):
        require_quantity(quantity)
        offer = offers.get(variant_id)
        if offer is None:
            raise NotOnSaleError(_('购物车里有商品刚刚下架，请回购物车看一看。'))
        by_supplier[offer.product.supplier_id].append(QuoteLine(offer, quantity))
    templates = _templates(list(by_supplier))
    return Quote(
        [_parcel(lines, templates.get(supplier), province_code) for supplier, lines in sorted(by_supplier.items())]
    )


def discounted(costs: Quote, by_variant: Mapping[int, int]) -> Quote:
    """Return a quote with so many fen off its lines (`variant id → fen`); freight goes by the goods after that."""
    parcels = []
    for parcel in costs.parcels:
        lines = [replace(line, discount_fen=by_variant.get(line.offer.variant.id, 0)) for line in parcel.lines]
        parcels.append(_parcel(lines, parcel.template, parcel.province_code))
    return Quote(parcels)


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
    """Reckon a parcel; services are used at the place, so they neither cost freight nor make it free."""
    supplier = lines[0].offer.product.supplier
    sent = [line for line in lines if not line.offer.product.is_service]
    if not sent:
        return Parcel(supplier, lines, 0, '', 0, template, province_code)
    goods = sum(line.net_fen for line in sent)
    pieces = sum(line.quantity for line in sent)
    grams = sum(line.grams for line in sent)
    try:
        fen = freight_fen(template, province_code=province_code, pieces=pieces, grams=grams, goods_fen=goods)
    except RegionRefusedError as refused:
        return Parcel(supplier, lines, 0, refused.message, 0, template, province_code)
    above = free_above(template, province_code) if template is not None and fen else None
    return Parcel(supplier, lines, fen, '', max(0, above - goods) if above else 0, template, province_code)
