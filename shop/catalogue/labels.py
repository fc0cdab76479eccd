"""What a label must show by the kind of goods, and writing it down."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from shop.catalogue.models import Product, ProductKind, ProductLabel
from shop.kit.database import db
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.presentation import home_region
from shop.suppliers.licences import FOOD_LICENCE, current_licences, is_food_licence_number


class LabelPart(Labelled):
    """The parts of a label, in the order in which they are printed."""

    INGREDIENTS = 'ingredients', '配料'
    ALLERGENS = 'allergens', '致敏物'
    ORIGIN = 'origin', '产地'
    PRODUCER = 'producer', '生产者'
    PRODUCER_ADDRESS = 'producer_address', '生产者地址'
    LICENCE_NUMBER = 'licence_number', '食品生产许可证编号'
    STANDARD_NUMBER = 'standard_number', '执行标准'
    SHELF_LIFE = 'shelf_life', '保质期'
    STORAGE = 'storage', '贮存条件'


P = LabelPart
ON_PRODUCT = frozenset({P.SHELF_LIFE, P.STORAGE})
LIMITS = {
    P.INGREDIENTS: 400,
    P.ALLERGENS: 120,
    P.ORIGIN: 60,
    P.PRODUCER: 60,
    P.PRODUCER_ADDRESS: 120,
    P.LICENCE_NUMBER: 16,
    P.STANDARD_NUMBER: 40,
    P.SHELF_LIFE: 60,
    P.STORAGE: 120,
}
# 食品安全法 第六十七条 (prepacked), 第六十八条 (bulk); GB 7718; 农产品质量安全法 第三十八条 (origin of produce).
REQUIRED: Mapping[ProductKind, frozenset[LabelPart]] = {
    ProductKind.PREPACKED_FOOD: frozenset(LabelPart),
    ProductKind.BULK_FOOD: frozenset(
        {P.INGREDIENTS, P.ALLERGENS, P.PRODUCER, P.PRODUCER_ADDRESS, P.SHELF_LIFE, P.STORAGE}
    ),
    ProductKind.FARM_PRODUCE: frozenset({P.ORIGIN}),
    ProductKind.HANDICRAFT: frozenset(),
    ProductKind.SERVICE: frozenset(),
}
OFFERED: Mapping[ProductKind, frozenset[LabelPart]] = {
    ProductKind.PREPACKED_FOOD: frozenset(LabelPart),
    ProductKind.BULK_FOOD: frozenset(LabelPart),
    ProductKind.FARM_PRODUCE: frozenset({P.ORIGIN, P.PRODUCER, P.STANDARD_NUMBER, P.SHELF_LIFE, P.STORAGE}),
    ProductKind.HANDICRAFT: frozenset({P.ORIGIN, P.PRODUCER, P.STANDARD_NUMBER, P.STORAGE}),
    ProductKind.SERVICE: frozenset(),
}
IN_BATCHES = frozenset({ProductKind.PREPACKED_FOOD, ProductKind.BULK_FOOD, ProductKind.FARM_PRODUCE})


class LicenceNumberError(BusinessError):
    """The number of a food production licence has the wrong form or check digit."""


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One part of a label with what stands there."""

    part: LabelPart
    text: str
    is_required: bool


def label_lines(product: Product) -> list[LabelLine]:
    """Return the parts that suit the kind of goods, in print order, also those that are empty."""
    return [
        LabelLine(part, label_text(product, part), part in REQUIRED[product.kind])
        for part in LabelPart
        if part in OFFERED[product.kind]
    ]


def label_text(product: Product, part: LabelPart) -> str:
    """Return what a part of a label says, empty when nobody has written it."""
    holder = product if part in ON_PRODUCT else product.label
    return str(getattr(holder, part.value)) if holder is not None else ''


def suggested_label(product: Product) -> dict[str, str]:
    """Return what the label probably says, by the name of the part: the village, the supplier, its food licence."""
    village, supplier = product.village, product.supplier
    numbers = [one.number for one in current_licences(supplier.licences) if one.kind == FOOD_LICENCE]
    return {
        P.ORIGIN.value: f'{home_region()}{village.county.name}{village.township.name}{village.name}',
        P.PRODUCER.value: supplier.name,
        P.LICENCE_NUMBER.value: numbers[0] if numbers else '',
    }


def save_label(product: Product, texts: Mapping[LabelPart, str]) -> None:
    """Write down the parts of a label that are given; raises `LicenceNumberError`."""
    number = texts.get(P.LICENCE_NUMBER, '')
    if number and not is_food_licence_number(number):
        raise LicenceNumberError(licence_number_message(), field=P.LICENCE_NUMBER.value)
    if product.label is None:
        product.label = ProductLabel()
    for part, text in texts.items():
        setattr(product if part in ON_PRODUCT else product.label, part.value, text)
    db.session.flush()


def licence_number_message() -> str:
    """Say what a right licence number looks like."""
    return str(_('食品生产许可证编号是 SC 加 14 位数字，末位是校验码；请照许可证再核对一遍。'))
