"""Freight of one parcel: first and next pieces, free above a sum, provinces apart."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.orders.basket import FreightRegion, FreightTemplate


class RegionRefusedError(BusinessError):
    """The supplier does not deliver to this province."""


def freight_fen(template: FreightTemplate | None, *, province_code: str, pieces: int, goods_fen: int) -> int:
    """Return the freight in fen of `pieces` units worth `goods_fen`; without a template it is free.

    Raises `RegionRefusedError` when the supplier does not deliver there.
    """
    if template is None:
        return 0
    region = region_of(template.regions, province_code)
    if region is not None and region.is_refused:
        raise RegionRefusedError(_('供货方暂时不能送到这个省份，请换一个收货地址。'), field='province')
    if template.free_above_fen is not None and goods_fen >= template.free_above_fen:
        return 0
    first, following = (region.first_fen, region.next_fen) if region else (template.first_fen, template.next_fen)
    more = max(0, pieces - template.first_pieces)
    return first + -(-more // template.next_pieces) * following


def region_of(regions: Sequence[FreightRegion], province_code: str) -> FreightRegion | None:
    """Return the exception for a province (its first two digits count)."""
    return next((region for region in regions if region.province_code[:2] == province_code[:2]), None)


def freight_of(supplier_id: int) -> FreightTemplate | None:
    """Return a supplier's template; None when its parcels are free."""
    return db.session.scalar(select(FreightTemplate).where(FreightTemplate.supplier_id == supplier_id))
