"""What a household gets for what it did or gave: a quantity times a rate, to the fen."""

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy

from shop.earnings.models import EarningsKind
from shop.kit.errors import BusinessError

TENTHS = 10
MAX_TENTHS = 10**8
_QUANTITY = re.compile(r'^(\d{1,7})(?:\.(\d))?$', re.ASCII)

UNITS = {
    EarningsKind.WAGES: _lazy('工日'),
    EarningsKind.PURCHASE: _lazy('公斤'),
    EarningsKind.DIVIDEND: _lazy('股'),
    EarningsKind.RENT: _lazy('亩'),
    EarningsKind.CONTRACT_RAISING: _lazy('头（只、箱）'),
    EarningsKind.DONATION: _lazy('份'),
}


class QuantityError(BusinessError):
    """A quantity is not a positive amount with at most one decimal."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What a quantity comes to, in fen: the benefit, and of a purchase what is paid for the goods in all."""

    gross_fen: int
    amount_fen: int


def reckon(quantity_tenths: int, rate_fen: int, gross_rate_fen: int | None) -> Earned:
    """Return what so many tenths of a unit come to, rounded to the nearest fen, a half up."""
    gross = _times(quantity_tenths, gross_rate_fen) if gross_rate_fen is not None else 0
    return Earned(gross, _times(quantity_tenths, rate_fen))


def parse_quantity(text: str) -> int:
    """Read a quantity as tenths: ``12.5`` is 125. Raises `QuantityError`."""
    match = _QUANTITY.match(text.strip().replace(',', '').replace('，', ''))
    tenths = int(match[1]) * TENTHS + int(match[2] or 0) if match else 0
    if not 0 < tenths <= MAX_TENTHS:
        raise QuantityError(_('数量填大于 0 的数，最多一位小数，如 12.5。'))
    return tenths


def quantity_text(tenths: int) -> str:
    """Write a quantity the way it is typed."""
    whole, tenth = divmod(tenths, TENTHS)
    return f'{whole}.{tenth}' if tenth else str(whole)


def _times(tenths: int, fen: int) -> int:
    return (2 * tenths * fen + TENTHS) // (2 * TENTHS)
