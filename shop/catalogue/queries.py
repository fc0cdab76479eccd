"""What forms and pages ask about a village's goods."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from shop.catalogue.models import Brand, Category, IndustryProject, Product, Variant
from shop.kit.database import db
from shop.kit.errors import NotFoundError


def categories() -> list[Category]:
    """Return the shelves in their order."""
    return list(db.session.scalars(select(Category).order_by(Category.position, Category.id)))


def brands_of(village_id: int) -> list[Brand]:
    """Return the brands of a village."""
    return list(db.session.scalars(select(Brand).where(Brand.village_id == village_id).order_by(Brand.id)))


def projects_of(village_id: int) -> list[IndustryProject]:
    """Return the industry projects of a village."""
    statement = select(IndustryProject).where(IndustryProject.village_id == village_id).order_by(IndustryProject.id)
    return list(db.session.scalars(statement))


def variants_of(village_id: int) -> list[Variant]:
    """Return the variants that a village offers, product by product."""
    return list(
        db.session.scalars(
            select(Variant)
            .join(Variant.product)
            .where(Product.village_id == village_id, Variant.is_offered)
            .options(contains_eager(Variant.product))
            .order_by(Product.id, Variant.position)
        )
    )


def variant_of(variant_id: int, village_id: int) -> Variant:
    """Return a variant of this village's goods; raises `NotFoundError`."""
    found = db.session.scalar(
        select(Variant).join(Variant.product).where(Variant.id == variant_id, Product.village_id == village_id)
    )
    if found is None:
        raise NotFoundError
    return found
