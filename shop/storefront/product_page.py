"""The product page: one product with everything a shopper wants to know before buying."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from shop.benefits.forms import rule_text
from shop.benefits.models import AgreementShare, AgreementVersion, BenefitAgreement, RuleKind, VersionStatus
from shop.catalogue.batches import newest_batches
from shop.catalogue.models import Batch, Product, ProjectShare, Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.ledger.models import BenefitPayout, BenefitPool
from shop.orders.basket import FreightTemplate
from shop.orders.freight import freight_of
from shop.photos.models import Photo
from shop.statistics.sales import units_sold
from shop.storefront.cards import ProductCard, neighbour_cards
from shop.storefront.delivery import BuyerWish, Delivery, delivery_of
from shop.suppliers.licences import current_licences
from shop.suppliers.models import Supplier, SupplierLicence
from shop.villages.models import FirstSecretary, Tenure, Village

SHOWN_BATCHES = 6
RELATED = 4
PUBLIC = (EndorsementStatus.LISTED,)
WAS_PUBLIC = (
    EndorsementStatus.PAUSED,
    EndorsementStatus.RECTIFYING,
    EndorsementStatus.RENEWAL_DUE,
    EndorsementStatus.HANDING_OVER,
    EndorsementStatus.UNDER_INQUIRY,
    EndorsementStatus.DELISTED,
)


@dataclass(frozen=True)
class ProductPage:
    """What the page shows; the three measures count the households of this product's agreements."""

    product: Product
    endorsement: Endorsement
    version: AgreementVersion
    variants: list[Variant]
    chosen: Variant | None
    quantity: int
    covered: int
    accrued: int
    paid: int
    sold: int
    template: FreightTemplate | None
    delivery: Delivery | None
    batches: list[Batch]
    licences: list[SupplierLicence]
    related: list[ProductCard]
    today: date

    @property
    def stock(self) -> int:
        """Units left over all variants."""
        return sum(variant.stock for variant in self.variants)

    @property
    def price_fen(self) -> int:
        """The price of the variant that is looked at."""
        return self.chosen.price_fen if self.chosen is not None else 0

    @property
    def benefit_fen(self) -> int:
        """Benefit in fen of one unit of the variant that is looked at."""
        return self.version.benefit_fen(self.price_fen, 1) if self.chosen is not None else 0

    @property
    def freight_of_one_fen(self) -> int:
        """What sending one unit to the province costs, 0 where nothing is sent."""
        return self.delivery.of_one.fen if self.delivery is not None else 0

    @property
    def refused_provinces(self) -> frozenset[str]:
        """The codes of the provinces where the supplier does not deliver."""
        regions = self.template.regions if self.template is not None else []
        return frozenset(region.province_code for region in regions if region.is_refused)

    @property
    def pictures(self) -> list[Photo]:
        """The pictures, that of the variant that is looked at first."""
        photos = [picture.photo for picture in self.product.pictures]
        wanted = self.chosen.photo_id if self.chosen is not None else None
        return sorted(photos, key=lambda photo: photo.id != wanted)

    @property
    def rule(self) -> str:
        """The rule of the agreement as it is typed: yuan per unit, or per cent."""
        return rule_text(self.version.rule_kind, self.version.rule_value)

    @property
    def is_per_unit(self) -> bool:
        """Whether the rule gives so much per unit, not a part of the price."""
        return self.version.rule_kind is RuleKind.FEN_PER_UNIT


class ProductWithdrawnError(Exception):
    """The product was on sale once and is not now; `alternatives` are."""

    def __init__(self, product: Product, alternatives: list[ProductCard]) -> None:
        """Keep what to offer instead."""
        super().__init__(product.name)
        self.product = product
        self.alternatives = alternatives


def open_product_page(slug: str, wish: BuyerWish, *, at: datetime) -> ProductPage:
    """Return the page of a product on sale, as a visitor with these wishes sees it; six statements.

    Raises `ProductWithdrawnError` for one that was on sale before, `NotFoundError` for any other.
    """
    row = db.session.execute(_page_row(slug)).unique().first()
    if row is None:
        raise _absence(slug)
    product, endorsement, version, covered, accrued, paid, sold = row
    variants = [variant for variant in product.variants if variant.is_offered]
    chosen = _chosen(variants, wish.variant_id)
    template = None if product.is_service else freight_of(product.supplier_id)
    is_sent = chosen is not None and not product.is_service
    return ProductPage(
        product=product,
        endorsement=endorsement,
        version=version,
        variants=variants,
        chosen=chosen,
        quantity=wish.quantity,
        covered=covered,
        accrued=accrued,
        paid=paid,
        sold=int(sold),
        template=template,
        delivery=delivery_of(product, chosen, template, wish, at=at) if chosen is not None and is_sent else None,
        batches=newest_batches(product.id, SHOWN_BATCHES),
        licences=current_licences(product.supplier.licences),
        related=neighbour_cards(product, RELATED),
        today=clock.business_day(at),
    )


def _chosen(variants: list[Variant], variant_id: int) -> Variant | None:
    """Return the variant that is asked for, else the first that can be bought, else the first."""
    asked = next((variant for variant in variants if variant.id == variant_id), None)
    in_stock = next((variant for variant in variants if variant.stock), None)
    return asked or in_stock or (variants[0] if variants else None)


def _page_row(slug: str) -> Select[*tuple[Any, ...]]:
    pool = select(BenefitPool.id).where(BenefitPool.version_id == AgreementVersion.id)
    shares = select(func.count(AgreementShare.id)).where(AgreementShare.version_id == AgreementVersion.id)
    return (
        select(
            Product,
            Endorsement,
            AgreementVersion,
            shares.correlate(AgreementVersion).scalar_subquery(),
            shares.where(AgreementShare.accrued_on.is_not(None)).correlate(AgreementVersion).scalar_subquery(),
            select(func.count(BenefitPayout.household_id.distinct()))
            .where(BenefitPayout.pool_id.in_(pool.correlate(AgreementVersion)))
            .correlate(AgreementVersion)
            .scalar_subquery(),
            units_sold(Product.id),
        )
        .join(Endorsement, and_(Endorsement.product_id == Product.id, Endorsement.status.in_(PUBLIC)))
        .join(BenefitAgreement, BenefitAgreement.product_id == Product.id)
        .join(
            AgreementVersion,
            and_(
                AgreementVersion.agreement_id == BenefitAgreement.id, AgreementVersion.status == VersionStatus.IN_FORCE
            ),
        )
        .where(Product.slug == slug)
        .options(
            joinedload(Product.village).options(
                joinedload(Village.county), joinedload(Village.township), joinedload(Village.photo)
            ),
            joinedload(Product.supplier).joinedload(Supplier.licences),
            joinedload(Product.category),
            joinedload(Product.brand),
            joinedload(Product.variants),
            joinedload(Product.pictures),
            joinedload(Product.label),
            joinedload(Product.project_shares).joinedload(ProjectShare.project),
            joinedload(Endorsement.tenure).options(
                joinedload(Tenure.secretary).joinedload(FirstSecretary.photo), joinedload(Tenure.sponsor_unit)
            ),
        )
    )


def _absence(slug: str) -> Exception:
    product = db.session.scalars(
        select(Product)
        .join(Endorsement, Endorsement.product_id == Product.id)
        .where(Product.slug == slug, Endorsement.listed_on.is_not(None), Endorsement.status.in_(WAS_PUBLIC))
        .options(joinedload(Product.village), joinedload(Product.category))
    ).first()
    if product is None:
        return NotFoundError()
    return ProductWithdrawnError(product, neighbour_cards(product, RELATED))
