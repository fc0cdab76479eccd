"""The public page as it will be, for those who decide before it is public."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from shop.benefits.models import AgreementVersion
from shop.benefits.queries import newest_version, version_before
from shop.benefits.weights import UNITS, weight_text
from shop.catalogue.models import Product, ProductKind, Variant
from shop.endorsements.calculator import DEFAULT_UNITS, Calculation, calculate_version, weight_label
from shop.endorsements.changes import Change, changes_between
from shop.endorsements.models import Endorsement
from shop.kit.words import listed
from shop.presentation import home_region
from shop.suppliers.claims import Finding, find_claim_words
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
        _('%(kind)s %(number)s（至 %(day)s）', kind=licence.kind, number=licence.number, day=licence.expires_on)
        if licence.expires_on
        else f'{licence.kind} {licence.number}'
        for licence in supplier.licences
    )
    expired = [licence for licence in supplier.licences if licence.expires_on and licence.expires_on < today]
    is_food = product.kind in {ProductKind.PREPACKED_FOOD, ProductKind.BULK_FOOD}
    checks = [
        LabelCheck(_('产品名称'), product.name, bool(product.name)),
        LabelCheck(_('商品性质'), product.kind.label),
        LabelCheck(_('规格'), listed(variant.name for variant in variants), bool(variants)),
        LabelCheck(_('生产者'), f'{supplier.name} · {supplier.kind.label}'),
        LabelCheck(
            _('证照'),
            licences or (_('农户自产自销，依法豁免登记') if is_exempt else ''),
            (bool(licences) or is_exempt) and not expired,
        ),
        LabelCheck(_('贮存条件'), product.storage, bool(product.storage) or not is_food),
        LabelCheck(_('保质期'), product.shelf_life, bool(product.shelf_life) or not is_food),
        LabelCheck(_('产地'), f'{home_region()}{product.village.county.name}{product.village.name}'),
        LabelCheck(_('退货'), product.return_class.label),
    ]
    return [check for check in checks if check.value or not check.is_met]


def _findings(endorsement: Endorsement, variants: list[Variant]) -> list[TextFinding]:
    product = endorsement.product
    texts = [
        (_('品名'), product.name),
        (_('一句话介绍'), product.summary),
        (_('详细介绍'), product.description),
        (_('代言词'), endorsement.statement),
        *((_('规格'), variant.name) for variant in variants),
    ]
    return [TextFinding(place, finding) for place, text in texts for finding in find_claim_words(text)]
