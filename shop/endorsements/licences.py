"""Goods go off sale when a licence of their supplier runs out, and come back when it is renewed."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement, EndorsementEvent, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.suppliers.licences import expired_licences
from shop.suppliers.models import Supplier, SupplierLicence

S = EndorsementStatus


class LicenceExpiredError(BusinessError):
    """A licence of the supplier has run out, so the goods may not be sold (食品安全法 第三十五条)."""


def require_licences(product: Product, on: date) -> None:
    """Raise `LicenceExpiredError` when a licence of the supplier does not hold on this day."""
    expired = expired_licences(product.supplier.licences, on)
    if expired:
        raise LicenceExpiredError(
            _(
                '%(supplier)s的%(licence)s已于 %(day)s 到期，更新后才能销售。',
                supplier=product.supplier.name,
                licence=expired[0].kind,
                day=expired[0].expires_on,
            )
        )


def follow_licences(*, at: datetime) -> int:
    """Pause what is sold under a licence that has run out, resume what was paused so; return how many moved."""
    today = clock.business_day(at)
    return _pause_unlicensed(today, at) + _resume_licensed(today, at)


def _pause_unlicensed(today: date, at: datetime) -> int:
    ended = select(SupplierLicence.supplier_id).where(SupplierLicence.expires_on < today)
    moved = 0
    for endorsement in _endorsements(S.LISTED, ended):
        expired = expired_licences(endorsement.product.supplier.licences, today)
        if expired:
            lock_row(endorsement)
            reason = _('%(licence)s已于 %(day)s 到期，自动停售', licence=expired[0].kind, day=expired[0].expires_on)
            endorsement.move(S.PAUSED, actor_id=None, at=at, reason=reason)
            moved += 1
    return moved


def _resume_licensed(today: date, at: datetime) -> int:
    """Only what nobody but the clock has paused comes back by itself."""
    newest = (
        select(EndorsementEvent.actor_id.is_(None))
        .where(EndorsementEvent.endorsement_id == Endorsement.id, EndorsementEvent.to_status == S.PAUSED)
        .order_by(EndorsementEvent.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    moved = 0
    for endorsement in _endorsements(S.PAUSED, select(SupplierLicence.supplier_id), newest):
        product = endorsement.product
        if endorsement.tenure.is_in_office and not expired_licences(product.supplier.licences, today):
            lock_row(endorsement)
            endorsement.move(S.LISTED, actor_id=None, at=at, reason=_('证照已更新，自动恢复销售'))
            moved += 1
    return moved


def _endorsements(status: EndorsementStatus, suppliers: object, *conditions: object) -> list[Endorsement]:
    statement = (
        select(Endorsement)
        .join(Endorsement.product)
        .where(Endorsement.status == status, Product.supplier_id.in_(suppliers), *conditions)  # type: ignore[arg-type]
        .options(
            joinedload(Endorsement.product).joinedload(Product.supplier).selectinload(Supplier.licences),
            joinedload(Endorsement.tenure),
        )
        .order_by(Endorsement.id)
    )
    return list(db.session.scalars(statement))
