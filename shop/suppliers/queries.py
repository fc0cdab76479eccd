"""What forms and pages ask about suppliers."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.suppliers.licences import expiring_licences
from shop.suppliers.models import Supplier, SupplierLicence


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


def licence_of(licence_id: int, village_id: int) -> SupplierLicence:
    """Return a licence of a supplier of this village; raises `NotFoundError` for any other."""
    found = db.session.scalar(
        select(SupplierLicence)
        .join(Supplier, Supplier.id == SupplierLicence.supplier_id)
        .where(SupplierLicence.id == licence_id, Supplier.village_id == village_id)
    )
    if found is None:
        raise NotFoundError
    return found


def licences_running_out(village_id: int, on: date) -> list[tuple[Supplier, SupplierLicence]]:
    """Return the licences of a village's suppliers that have run out or soon will, the most urgent first."""
    found = [
        (supplier, licence)
        for supplier in suppliers_of(village_id)
        for licence in expiring_licences(supplier.licences, on)
    ]
    return sorted(found, key=lambda pair: (pair[1].expires_on or date.max, pair[1].id))
