"""What a pool is called: by the product whose sales feed it, or by the batch of earnings it shares out."""

from collections.abc import Collection

from sqlalchemy import select

from shop.benefits.models import BenefitAgreement
from shop.catalogue.models import Product
from shop.earnings.models import EarningsBatch
from shop.kit.database import db


def titles_of(agreement_ids: Collection[int]) -> dict[int, str]:
    """Return the names of these agreements; one statement."""
    rows = db.session.execute(
        select(BenefitAgreement.id, Product.name, EarningsBatch.kind, EarningsBatch.title)
        .outerjoin(Product, Product.id == BenefitAgreement.product_id)
        .outerjoin(EarningsBatch, EarningsBatch.id == BenefitAgreement.earnings_id)
        .where(BenefitAgreement.id.in_(agreement_ids))
    )
    return {row.id: row.name or f'{row.kind.label} · {row.title}' for row in rows}
