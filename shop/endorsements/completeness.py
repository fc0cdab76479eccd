"""What a draft still lacks before it may be sent to review, each gap with its step and field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from shop.benefits.findings import unanswered
from shop.benefits.models import AgreementVersion, VersionStatus
from shop.benefits.queries import is_rule_affordable, newest_version
from shop.benefits.services import OPEN_STATUSES
from shop.catalogue.labels import IN_BATCHES, LabelPart, label_lines, licence_number_message
from shop.catalogue.models import Product, ProductKind
from shop.endorsements.models import Endorsement
from shop.kit.enums import Labelled
from shop.kit.money import BASIS_POINTS
from shop.kit.words import told
from shop.suppliers.claims import find_claim_words
from shop.suppliers.licences import expired_licences, is_food_licence_number
from shop.villages.queries import comprised_villages


class ListingStep(Labelled):
    """The steps of listing a product."""

    PRODUCT = 'product', '产品'
    LABEL = 'label', '标签与批次'
    PHOTOS = 'photos', '图片'
    VARIANTS = 'variants', '规格与库存'
    PROJECTS = 'projects', '品牌与项目'
    AGREEMENT = 'agreement', '利益联结'
    STATEMENT = 'statement', '代言词与提交'


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
        *_label_gaps(product, today),
        *_photo_gaps(product),
        *_variant_gaps(product),
        *_project_gaps(product),
        *agreement_gaps(product, version, today=today),
        *_statement_gaps(endorsement),
    ]


def _product_gaps(product: Product, today: date) -> Iterator[Gap]:
    step = ListingStep.PRODUCT
    yield from _texts(
        step, ('name', _('品名'), product.name), ('summary', _('一句话介绍'), product.summary),
        ('description', _('详细介绍'), product.description),
    )  # fmt: skip
    if product.is_service:
        yield from _texts(step, ('redemption', _('使用说明'), product.redemption))
    if product.supplier.village_id != product.village_id:
        yield Gap(step, 'supplier_id', _('供货主体不在本村，请另选。'))
    for licence in expired_licences(product.supplier.licences, today):
        yield Gap(
            step,
            'supplier_id',
            _(
                '%(supplier)s的%(licence)s已于 %(day)s 到期。',
                supplier=product.supplier.name,
                licence=told(licence.kind),
                day=licence.expires_on,
            ),
        )


def _label_gaps(product: Product, today: date) -> Iterator[Gap]:
    step = ListingStep.LABEL
    for line in label_lines(product):
        field = line.part.value
        if line.is_required and not line.text.strip():
            yield Gap(step, field, _('%(kind)s要写%(label)s。', kind=product.kind.label, label=line.part.label))
        yield from _words(step, field, line.part.label, line.text)
        if line.part is LabelPart.LICENCE_NUMBER and line.text and not is_food_licence_number(line.text):
            yield Gap(step, field, licence_number_message())
    if product.kind not in IN_BATCHES or product.presale_day(today) is not None:
        return
    if not product.batches:
        yield Gap(step, 'batches', _('记下至少一个批次：采收或生产日、数量。'))
    elif product.needs_certificate and product.batches[0].certificate_number is None:
        yield Gap(step, 'batches', _('%(group)s的新批次要附承诺达标合格证。', group=product.produce_group.label))


def _variant_gaps(product: Product) -> Iterator[Gap]:
    offered = [variant for variant in product.variants if variant.is_offered]
    if not offered:
        yield Gap(ListingStep.VARIANTS, 'variants', _('至少要有一个在售规格。'))
    for variant in offered:
        yield from _words(ListingStep.VARIANTS, 'variants', _('规格'), variant.name)
        if product.kind is ProductKind.PREPACKED_FOOD and not variant.net_content:
            yield Gap(ListingStep.VARIANTS, 'variants', _('规格“%(name)s”要写净含量。', name=variant.name))


def _photo_gaps(product: Product) -> Iterator[Gap]:
    if not product.pictures:
        yield Gap(ListingStep.PHOTOS, 'photos', _('至少传一张图片。'))


def _project_gaps(product: Product) -> Iterator[Gap]:
    step = ListingStep.PROJECTS
    shares = product.project_shares
    if not shares:
        yield Gap(step, 'projects', _('选出这个产品带动的产业项目。'))
    elif sum(share.share_bp for share in shares) != BASIS_POINTS:
        yield Gap(step, 'projects', _('各项目占比相加要正好 100%。'))
    if any(share.project.village_id != product.village_id for share in shares):
        yield Gap(step, 'projects', _('只能选本村的产业项目。'))
    if product.brand is not None:
        yield from _words(step, 'brand_id', _('品牌名'), product.brand.name)


def agreement_gaps(product: Product, version: AgreementVersion | None, *, today: date) -> Iterator[Gap]:
    """Return what stands in the way of an agreement, whether it goes with an endorsement or by itself."""
    step = ListingStep.AGREEMENT
    if version is not None and version.sent_at is not None and version.status in OPEN_STATUSES:
        text = _('协议第 %(n)s 版%(now)s，等它有结果再提交。', n=version.number, now=version.status.label)
        yield Gap(step, 'rule_value', text)
        return
    if version is None or version.status not in {VersionStatus.DRAFT, VersionStatus.IN_FORCE}:
        yield Gap(step, 'rule_value', _('填写利益联结协议：每卖一件给农户多少。'))
        return
    if not version.shares:
        yield Gap(step, 'households', _('从农户名册里选出参加协议的农户。'))
    register = comprised_villages(product.village_id)
    if any(share.household.village_id not in register for share in version.shares):
        yield Gap(step, 'households', _('只能选本村农户名册里的农户。'))
    if version.meeting_on is None or version.meeting_on > today:
        yield Gap(step, 'meeting_on', _('填写村民代表会议通过的日期，不能晚于今天。'))
    prices = [variant.price_fen for variant in product.variants if variant.is_offered]
    if prices and not is_rule_affordable(version, min(prices)):
        yield Gap(step, 'rule_value', _('每件给农户的金额高于最低单价，请改低或提高单价。'))
    if version.status is VersionStatus.DRAFT:
        yield from _finding_gaps(version, today)


def _finding_gaps(version: AgreementVersion, today: date) -> Iterator[Gap]:
    for finding in unanswered(version, on=today):
        text = _('资格核查：%(number)s 户%(kind)s，写明为什么仍列入。', number=finding.number, kind=finding.kind.label)
        yield Gap(ListingStep.AGREEMENT, 'findings', text)


def _statement_gaps(endorsement: Endorsement) -> Iterator[Gap]:
    yield from _texts(ListingStep.STATEMENT, ('statement', _('代言词'), endorsement.statement))
    if not endorsement.tenure.is_in_office:
        yield Gap(
            ListingStep.STATEMENT,
            'tenure',
            _('任期状态为“%(status)s”，不能代言。', status=endorsement.tenure.status.label),
        )


def _texts(step: ListingStep, *texts: tuple[str, str, str]) -> Iterator[Gap]:
    for field, label, text in texts:
        if not text.strip():
            yield Gap(step, field, _('还没有写%(label)s。', label=label))
        yield from _words(step, field, label, text)


def _words(step: ListingStep, field: str, label: str, text: str) -> Iterator[Gap]:
    for finding in find_claim_words(text):
        yield Gap(step, field, _('%(label)s里的%(finding)s', label=label, finding=finding.message))
