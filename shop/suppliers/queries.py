"""What forms and pages ask about suppliers."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from shop.kit.database import db
from shop.suppliers.models import Supplier


def suppliers_of(village_id: int) -> list[Supplier]:
    """Return the suppliers of a village with their licences."""
    return list(
        db.session.scalars(
            select(Supplier)
            .where(Supplier.village_id == village_id)
            .options(selectinload(Supplier.licences))
            .order_by(Supplier.id)
        )
    )
