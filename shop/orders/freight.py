"""Freight of one parcel: by pieces or grams, first and next, free above a sum, provinces apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.accounts.models import User
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.orders.basket import FreightMeasure, FreightRegion, FreightTemplate
from shop.suppliers.models import Supplier


class RegionRefusedError(BusinessError):
    """The supplier does not deliver to this province."""


def freight_fen(
    template: FreightTemplate | None, *, province_code: str, pieces: int, grams: int, goods_fen: int
) -> int:
    """Return the freight in fen of `pieces` units of `grams` in all, worth `goods_fen`; free without a template.

    Raises `RegionRefusedError` when the supplier does not deliver there.
    """
    if template is None:
        return 0
    region = region_of(template.regions, province_code)
    if region is not None and region.is_refused:
        raise RegionRefusedError(_('供货方暂时不能送到这个省份，请换一个收货地址。'), field='province')
    above = free_above(template, province_code)
    if above is not None and goods_fen >= above:
        return 0
    first, following = (region.first_fen, region.next_fen) if region else (template.first_fen, template.next_fen)
    units = grams if template.measure is FreightMeasure.WEIGHT else pieces
    more = max(0, units - template.first_units)
    return first + -(-more // template.next_units) * following


@dataclass(frozen=True, slots=True)
class FreightEstimate:
    """What sending costs in fen; `missing_fen` more of the same supplier's goods make it free."""

    fen: int
    is_refused: bool = False
    free_above_fen: int | None = None
    missing_fen: int = 0


def estimate_freight(
    template: FreightTemplate | None, *, province_code: str, pieces: int, grams: int, goods_fen: int
) -> FreightEstimate:
    """Return what a parcel would cost, and what is missing until it costs nothing; never raises."""
    if template is None:
        return FreightEstimate(0)
    try:
        fen = freight_fen(template, province_code=province_code, pieces=pieces, grams=grams, goods_fen=goods_fen)
    except RegionRefusedError:
        return FreightEstimate(0, is_refused=True)
    above = free_above(template, province_code)
    return FreightEstimate(fen, free_above_fen=above, missing_fen=max(0, above - goods_fen) if above and fen else 0)


def free_above(template: FreightTemplate, province_code: str) -> int | None:
    """Return the sum of goods from which on sending to a province is free, None where it never is."""
    region = region_of(template.regions, province_code)
    return None if region is not None and region.is_never_free else template.free_above_fen


def region_of(regions: Sequence[FreightRegion], province_code: str) -> FreightRegion | None:
    """Return the exception for a province (its first two digits count)."""
    return next((region for region in regions if region.province_code[:2] == province_code[:2]), None)


def save_freight(supplier: Supplier, template: FreightTemplate, *, actor: User, at: datetime) -> None:
    """Let a supplier's parcels cost what a template that is nobody's yet says; what was ordered keeps its freight."""
    lock_row(supplier)
    kept = freight_of(supplier.id)
    if kept is None:
        kept = FreightTemplate(supplier_id=supplier.id)
        db.session.add(kept)
    regions, template.regions, kept.regions = list(template.regions), [], []
    for name in ('measure', 'first_units', 'first_fen', 'next_units', 'next_fen', 'free_above_fen'):
        setattr(kept, name, getattr(template, name))
    kept.changed_by_id, kept.changed_at = actor.id, at
    db.session.flush()  # the rows of before must be gone: a province stands in one row
    kept.regions = regions
    db.session.flush()


def freight_of(supplier_id: int) -> FreightTemplate | None:
    """Return a supplier's template; None when its parcels are free."""
    statement = (
        select(FreightTemplate)
        .where(FreightTemplate.supplier_id == supplier_id)
        .options(joinedload(FreightTemplate.regions))
    )
    return db.session.scalars(statement).unique().first()
