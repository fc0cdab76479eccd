"""What a freight template would cost: one load that somebody asks about, and the village's own goods."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.catalogue.models import Product, ProductKind, Variant
from shop.kit.database import db
from shop.orders.basket import FreightMeasure, FreightTemplate
from shop.orders.freight import FreightEstimate, estimate_freight, region_of
from shop.storefront.delivery import HOME_PROVINCE

MORE = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A load somebody asks about."""

    province_code: str = HOME_PROVINCE
    pieces: int = 1
    grams: int = 1_000
    goods_fen: int = 5_000


@dataclass(frozen=True, slots=True)
class GoodsFreight:
    """A variant with what sending one and several costs."""

    variant: Variant
    one: FreightEstimate
    several: FreightEstimate


@dataclass(frozen=True)
class FreightPreview:
    """The answer to a question, how it comes about, and the goods of the supplier to the same province."""

    question: Question
    answer: FreightEstimate
    first_fen: int
    next_fen: int
    steps: int
    goods: Sequence[GoodsFreight]
    is_by_weight: bool

    @property
    def weightless(self) -> list[Variant]:
        """The goods of which nobody has written down a weight, where weight decides."""
        return [row.variant for row in self.goods if self.is_by_weight and not row.variant.shipping_grams]


def freight_preview(template: FreightTemplate, question: Question, variants: Sequence[Variant]) -> FreightPreview:
    """Reckon with a template, which need not be anybody's yet."""
    code = question.province_code
    region = region_of(template.regions, code)
    is_by_weight = template.measure is FreightMeasure.WEIGHT
    more = max(0, (question.grams if is_by_weight else question.pieces) - template.first_units)

    def estimate(variant: Variant, pieces: int) -> FreightEstimate:
        grams, goods_fen = variant.shipping_grams * pieces, variant.price_fen * pieces
        return estimate_freight(template, province_code=code, pieces=pieces, grams=grams, goods_fen=goods_fen)

    return FreightPreview(
        question=question,
        answer=estimate_freight(
            template,
            province_code=code,
            pieces=question.pieces,
            grams=question.grams,
            goods_fen=question.goods_fen,
        ),
        first_fen=region.first_fen if region else template.first_fen,
        next_fen=region.next_fen if region else template.next_fen,
        steps=-(-more // template.next_units),
        goods=[GoodsFreight(variant, estimate(variant, 1), estimate(variant, MORE)) for variant in variants],
        is_by_weight=is_by_weight,
    )


def sent_variants(supplier_id: int) -> Sequence[Variant]:
    """Return what a supplier offers that is sent at all."""
    return db.session.scalars(
        select(Variant)
        .join(Variant.product)
        .where(Product.supplier_id == supplier_id, Variant.is_offered, Product.kind != ProductKind.SERVICE)
        .options(joinedload(Variant.product))
        .order_by(Product.id, Variant.position)
    ).all()
