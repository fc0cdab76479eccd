"""What a draft still lacks before it may be sent to review, each gap with its step and field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shop.benefits.models import AgreementVersion, VersionStatus
from shop.benefits.queries import is_rule_affordable, newest_version
from shop.catalogue.models import Product, ProductKind
from shop.endorsements.models import Endorsement
from shop.kit.enums import Labelled
from shop.kit.money import BASIS_POINTS
from shop.suppliers.claims import find_claim_words


class ListingStep(Labelled):
    """The steps of listing a product."""

    PRODUCT = 'product', '产品'
    VARIANTS = 'variants', '规格与库存'
    PHOTOS = 'photos', '图片'
    PROJECTS = 'projects', '品牌与项目'
    AGREEMENT = 'agreement', '利益联结'
    STATEMENT = 'statement', '代言词与提交'


LABELLED_FOODS = frozenset({ProductKind.PREPACKED_FOOD, ProductKind.BULK_FOOD})


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or wrong, where it is mended, and what would be right."""

    step: ListingStep
    field: str
    message: str


def find_gaps(endorsement: Endorsement, *, today: date) -> list[Gap]:
    """Return everything that stands in the way of a submission, in the order of the steps; empty when complete."""
    product = endorsement.product
    version = newest_version(product.id)
    return [
        *_product_gaps(product, today),
        *_variant_gaps(product),
        *_photo_gaps(product),
        *_project_gaps(product),
        *_agreement_gaps(product, version, today),
        *_statement_gaps(endorsement),
    ]


def _product_gaps(product: Product, today: date) -> Iterator[Gap]:
    step = ListingStep.PRODUCT
    yield from _texts(
        step, ('name', '品名', product.name), ('summary', '一句话介绍', product.summary),
        ('description', '详细介绍', product.description),
    )  # fmt: skip
    if product.kind in LABELLED_FOODS:
        needed = (('storage', '贮存条件', product.storage), ('shelf_life', '保质期', product.shelf_life))
        for field, label, text in needed:
            if not text.strip():
                yield Gap(step, field, f'{product.kind.label}要写{label}。')
    if product.supplier.village_id != product.village_id:
        yield Gap(step, 'supplier_id', '供货主体不在本村，请另选。')
    for licence in product.supplier.licences:
        if licence.expires_on is not None and licence.expires_on < today:
            yield Gap(step, 'supplier_id', f'{product.supplier.name}的{licence.kind}已于 {licence.expires_on} 到期。')


def _variant_gaps(product: Product) -> Iterator[Gap]:
    offered = [variant for variant in product.variants if variant.is_offered]
    if not offered:
        yield Gap(ListingStep.VARIANTS, 'variants', '至少要有一个在售规格。')
    for variant in offered:
        yield from _words(ListingStep.VARIANTS, 'variants', '规格', variant.name)


def _photo_gaps(product: Product) -> Iterator[Gap]:
    if not product.pictures:
        yield Gap(ListingStep.PHOTOS, 'photos', '至少传一张图片。')


def _project_gaps(product: Product) -> Iterator[Gap]:
    step = ListingStep.PROJECTS
    shares = product.project_shares
    if not shares:
        yield Gap(step, 'projects', '选出这个产品带动的产业项目。')
    elif sum(share.share_bp for share in shares) != BASIS_POINTS:
        yield Gap(step, 'projects', '各项目占比相加要正好 100%。')
    if any(share.project.village_id != product.village_id for share in shares):
        yield Gap(step, 'projects', '只能选本村的产业项目。')
    if product.brand is not None:
        yield from _words(step, 'brand_id', '品牌名', product.brand.name)


def _agreement_gaps(product: Product, version: AgreementVersion | None, today: date) -> Iterator[Gap]:
    step = ListingStep.AGREEMENT
    if version is None or version.status not in {VersionStatus.DRAFT, VersionStatus.IN_FORCE}:
        yield Gap(step, 'rule_value', '填写利益联结协议：每卖一件给农户多少。')
        return
    if not version.shares:
        yield Gap(step, 'households', '从农户名册里选出参加协议的农户。')
    if any(share.household.village_id != product.village_id for share in version.shares):
        yield Gap(step, 'households', '只能选本村农户名册里的农户。')
    if version.meeting_on is None or version.meeting_on > today:
        yield Gap(step, 'meeting_on', '填写村民代表会议通过的日期，不能晚于今天。')
    prices = [variant.price_fen for variant in product.variants if variant.is_offered]
    if prices and not is_rule_affordable(version, min(prices)):
        yield Gap(step, 'rule_value', '每件给农户的金额高于最低单价，请改低或提高单价。')


def _statement_gaps(endorsement: Endorsement) -> Iterator[Gap]:
    yield from _texts(ListingStep.STATEMENT, ('statement', '代言词', endorsement.statement))
    if not endorsement.tenure.is_in_office:
        yield Gap(ListingStep.STATEMENT, 'tenure', f'任期状态为“{endorsement.tenure.status.label}”，不能代言。')


def _texts(step: ListingStep, *texts: tuple[str, str, str]) -> Iterator[Gap]:
    for field, label, text in texts:
        if not text.strip():
            yield Gap(step, field, f'还没有写{label}。')
        yield from _words(step, field, label, text)


def _words(step: ListingStep, field: str, label: str, text: str) -> Iterator[Gap]:
    for finding in find_claim_words(text):
        yield Gap(step, field, f'{label}里的{finding.message}')
