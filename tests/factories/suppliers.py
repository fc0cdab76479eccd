"""Suppliers of a village."""

from datetime import date

from shop.kit.database import db
from shop.suppliers.models import Supplier, SupplierKind, SupplierLicence
from shop.villages.models import Village
from tests.factories.building import building, next_number
from tests.factories.villages import make_village


@building
def make_supplier(
    village: Village | None = None, *, name: str = '', kind: SupplierKind = SupplierKind.COOPERATIVE
) -> Supplier:
    """A cooperative of the village, licensed without an end."""
    number = next_number()
    supplier = Supplier(
        village_id=(village or make_village()).id,
        name=name or f'松岭村黑木耳专业合作社{number}',
        kind=kind,
        credit_code=None if kind is SupplierKind.HOUSEHOLD else f'93{number:016d}',
        phone='0435-7212345',
    )
    db.session.add(supplier)
    db.session.flush()
    return supplier


@building
def make_licence(supplier: Supplier, *, kind: str = '营业执照', expires_on: date | None = None) -> SupplierLicence:
    """A licence of a supplier."""
    licence = SupplierLicence(supplier_id=supplier.id, kind=kind, number=f'L{next_number():08d}', expires_on=expires_on)
    db.session.add(licence)
    db.session.flush()
    return licence
