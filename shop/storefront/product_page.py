"""The product page: one product with everything a shopper wants to know before buying."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload

from shop.benefits.models import AgreementShare, AgreementVersion, BenefitAgreement, VersionStatus
from shop.catalogue.models import Product, ProjectShare, Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.ledger.models import BenefitPayout, BenefitPool
from shop.orders.basket import FreightTemplate
from shop.orders.freight import freight_of
from shop.statistics.tallies import sold_units
from shop.storefront.cards import ProductCard, cards_of, listed_products
from shop.suppliers.models import Supplier
from shop.villages.models import Tenure, Village

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
    covered: int
    accrued: int
    paid: int
    sold: int
    freight: FreightTemplate | None
    related: list[ProductCard]

    @property
    def stock(self) -> int:
        """Units left over all variants."""
        return sum(variant.stock for variant in self.variants)

    @property
    def benefit_fen(self) -> int:
        """Benefit in fen of one unit of the first variant."""
        return self.version.benefit_fen(self.variants[0].price_fen, 1) if self.variants else 0


class ProductWithdrawnError(Exception):
    """The product was on sale once and is not now; `alternatives` are."""

    def __init__(self, name: str, alternatives: list[ProductCard]) -> None:
        """Keep what to offer instead."""
        super().__init__(name)
        self.name = name
        self.alternatives = alternatives


def open_product_page(slug: str) -> ProductPage:
    """Return the page of a product on sale.

    Raises `ProductWithdrawnError` for one that was on sale before, `NotFoundError` for any other.
    """
    row = db.session.execute(_page_row(slug)).unique().first()
    if row is None:
        raise _absence(slug)
    product, endorsement, version, covered, accrued, paid = row
    return ProductPage(
        product=product,
        endorsement=endorsement,
        version=version,
        variants=[variant for variant in product.variants if variant.is_offered],
        covered=covered,
        accrued=accrued,
        paid=paid,
        sold=sold_units([product.id]).get(product.id, 0),
        freight=freight_of(product.supplier_id),
        related=related_to(product),
    )


def related_to(product: Product) -> list[ProductCard]:
    """Return cards of other goods: of the same shelf or the same village first."""
    ids = db.session.scalars(
        listed_products()
        .where(Product.id != product.id)
        .order_by(
            (Product.village_id == product.village_id).desc(),
            (Product.category_id == product.category_id).desc(),
            Product.id.desc(),
        )
        .limit(RELATED)
    ).all()
    return cards_of(ids)


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
            joinedload(Product.project_shares).joinedload(ProjectShare.project),
            joinedload(Endorsement.tenure).options(joinedload(Tenure.secretary), joinedload(Tenure.sponsor_unit)),
        )
    )


def _absence(slug: str) -> Exception:
    product = db.session.scalar(
        select(Product)
        .join(Endorsement, Endorsement.product_id == Product.id)
        .where(Product.slug == slug, Endorsement.listed_on.is_not(None), Endorsement.status.in_(WAS_PUBLIC))
    )
    if product is None:
        return NotFoundError()
    return ProductWithdrawnError(product.name, related_to(product))
