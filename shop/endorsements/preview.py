"""The public page as it will be, for those who decide before it is public."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from shop.benefits.models import AgreementVersion
from shop.benefits.queries import newest_version, version_before, version_in_force
from shop.benefits.weights import UNITS, weight_text
from shop.catalogue.labels import IN_BATCHES, LabelLine, LabelPart, label_lines
from shop.catalogue.models import Product, ProductKind, Variant
from shop.endorsements.calculator import DEFAULT_UNITS, Calculation, calculate_version, weight_label
from shop.endorsements.changes import Change, changes_between
from shop.endorsements.models import Endorsement
from shop.kit.words import listed, told
from shop.suppliers.claims import Finding, find_claim_words
from shop.suppliers.licences import current_licences, expired_licences, is_food_licence_number
from shop.suppliers.models import SupplierKind


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """One thing a label must show, what stands there, and whether that is enough."""

    name: str
    value: str
    is_met: bool = True


@dataclass(frozen=True, slots=True)
class TextFinding:
    """A claim word with the text it stands in."""

    place: str
    finding: Finding


@dataclass(frozen=True)
class Preview:
    """A product with its variants on offer, its agreement, and what the agreement would bring."""

    endorsement: Endorsement
    product: Product
    variants: list[Variant]
    version: AgreementVersion | None
    before: AgreementVersion | None
    calculation: Calculation | None
    findings: list[TextFinding]

    @property
    def price_fen(self) -> int:
        """The price of the first variant, 0 without any."""
        return self.variants[0].price_fen if self.variants else 0

    @property
    def benefit_fen(self) -> int:
        """What one unit of the first variant brings."""
        return self.version.benefit_fen(self.price_fen, 1) if self.version is not None and self.price_fen else 0

    @property
    def weight_label(self) -> str:
        """What the households are weighed by."""
        return weight_label(self.version.weight_kind) if self.version is not None else ''

    @property
    def weight_unit(self) -> str:
        """The unit of the weights."""
        return UNITS[self.version.weight_kind] if self.version is not None else ''

    def weight_text(self, weight: int) -> str:
        """Write a weight in its unit."""
        return weight_text(self.version.weight_kind, weight) if self.version is not None else ''

    @property
    def changes(self) -> list[Change]:
        """What the agreement changes against its version before, if there is one."""
        if self.before is None or self.version is None:
            return []
        return changes_between(self.before, self.version)

    @property
    def households(self) -> int:
        """How many households the agreement names."""
        return len(self.version.shares) if self.version is not None else 0


def open_preview(endorsement: Endorsement) -> Preview:
    """Gather the public page of an endorsement that is not public yet."""
    product = endorsement.product
    variants = [variant for variant in product.variants if variant.is_offered]
    version = newest_version(product.id)
    if endorsement.listed_on is not None:  # what the village still writes is no part of what was decided
        version = version_in_force(product.id) or version
    price = variants[0].price_fen if variants else 0
    return Preview(
        endorsement=endorsement,
        product=product,
        variants=variants,
        version=version,
        before=version_before(version) if version is not None else None,
        calculation=calculate_version(version, price, units=DEFAULT_UNITS) if version is not None else None,
        findings=_findings(endorsement, variants),
    )


def check_labels(product: Product, variants: list[Variant], *, today: date) -> list[LabelCheck]:
    """Return what the label must show for this kind of goods, in the order reviewers read."""
    supplier = product.supplier
    is_exempt = supplier.kind is SupplierKind.HOUSEHOLD
    licences = listed(
        _('%(kind)s %(number)s（至 %(day)s）', kind=told(licence.kind), number=licence.number, day=licence.expires_on)
        if licence.expires_on
        else f'{told(licence.kind)} {licence.number}'
        for licence in current_licences(supplier.licences)
    )
    is_licensed = not expired_licences(supplier.licences, today)
    checks = [
        LabelCheck(_('产品名称'), product.name, bool(product.name)),
        LabelCheck(_('商品性质'), product.kind.label),
        LabelCheck(_('规格'), listed(variant.name for variant in variants), bool(variants)),
        *_net_content(product, variants),
        LabelCheck(_('供货主体'), f'{supplier.name} · {supplier.kind.label}'),
        LabelCheck(
            _('证照'),
            licences or (_('农户自产自销，依法豁免登记') if is_exempt else ''),
            (bool(licences) or is_exempt) and is_licensed,
        ),
        *(LabelCheck(line.part.label, line.text, _is_met(line)) for line in label_lines(product)),
        *_newest_batch(product, today),
        LabelCheck(_('使用说明'), product.redemption, bool(product.redemption) or not product.is_service),
        *([] if product.is_service else [LabelCheck(_('退货'), product.return_class.label)]),
    ]
    return [check for check in checks if check.value or not check.is_met]


def _net_content(product: Product, variants: list[Variant]) -> list[LabelCheck]:
    texts = [variant.net_content for variant in variants]
    is_met = product.kind is not ProductKind.PREPACKED_FOOD or all(texts)
    return [LabelCheck(_('净含量'), listed(filter(None, texts)), is_met)]


def _is_met(line: LabelLine) -> bool:
    if line.part is LabelPart.LICENCE_NUMBER and line.text:
        return is_food_licence_number(line.text)
    return bool(line.text) or not line.is_required


def _newest_batch(product: Product, today: date) -> list[LabelCheck]:
    """Return the newest batch and its certificate; goods sold ahead have none yet."""
    if product.kind not in IN_BATCHES:
        return []
    batch = product.batches[0] if product.batches else None
    presale = product.presale_day(today)
    if batch is None:
        text = _('预售，%(day)s 起发货', day=presale) if presale else ''
        return [LabelCheck(_('批次'), text, presale is not None)]
    certificate = batch.certificate_number or ''
    made = _(
        '%(number)s（%(day)s，%(n)s %(unit)s）',
        number=batch.number, day=batch.made_on, n=f'{batch.quantity:,}', unit=batch.unit,
    )  # fmt: skip
    return [
        LabelCheck(_('批次'), made),
        LabelCheck(_('承诺达标合格证'), certificate, bool(certificate) or not product.needs_certificate),
    ]


def _findings(endorsement: Endorsement, variants: list[Variant]) -> list[TextFinding]:
    product = endorsement.product
    texts = [
        (_('品名'), product.name),
        (_('一句话介绍'), product.summary),
        (_('详细介绍'), product.description),
        (_('使用说明'), product.redemption),
        (_('代言词'), endorsement.statement),
        *((line.part.label, line.text) for line in label_lines(product)),
        *((_('规格'), variant.name) for variant in variants),
    ]
    return [TextFinding(place, finding) for place, text in texts for finding in find_claim_words(text)]
