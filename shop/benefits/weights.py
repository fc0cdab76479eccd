"""How a household's weight is typed, kept and shown, by the kind of weight."""

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy

from shop.benefits.models import WeightKind
from shop.kit.errors import BusinessError
from shop.villages.models import Household

MAX_WEIGHT = 10**9
TENTHS = 10

_WHOLE = re.compile(r'^\d{1,9}$', re.ASCII)
_TENTHS = re.compile(r'^(\d{1,8})(?:\.(\d))?$', re.ASCII)
UNITS = {
    WeightKind.HOUSEHOLD: _lazy('户'),
    WeightKind.PEOPLE: _lazy('人'),
    WeightKind.SHARES: _lazy('股'),
    WeightKind.DELIVERIES: 'kg',
    WeightKind.CUSTOM: _lazy('份'),
}
FROM_REGISTER = frozenset({WeightKind.HOUSEHOLD, WeightKind.PEOPLE})


class WeightError(BusinessError):
    """A weight is missing or is not a positive amount of its unit."""


def register_weight(kind: WeightKind, household: Household) -> int | None:
    """Return the weight the register itself gives a household, or None where it has to be typed."""
    if kind is WeightKind.HOUSEHOLD:
        return 1
    return household.people if kind is WeightKind.PEOPLE else None


def parse_weight(kind: WeightKind, text: str) -> int:
    """Read a typed weight: whole shares or parts, or kilograms with one decimal (kept as tenths).

    Raises `WeightError` for anything that is not a positive amount.
    """
    text = text.strip().replace('，', '').replace(',', '')
    if kind is WeightKind.DELIVERIES:
        match = _TENTHS.match(text)
        weight = int(match[1]) * TENTHS + int(match[2] or 0) if match else 0
        if not 0 < weight <= MAX_WEIGHT:
            raise WeightError(_('交售量填公斤数，最多一位小数，如 84.6。'))
        return weight
    weight = int(text) if _WHOLE.match(text) else 0
    if not 0 < weight <= MAX_WEIGHT:
        raise WeightError(_('权重填正整数，如 2。'))
    return weight


def weight_text(kind: WeightKind, weight: int) -> str:
    """Write a kept weight the way it is typed."""
    if kind is WeightKind.DELIVERIES:
        whole, tenth = divmod(weight, TENTHS)
        return f'{whole}.{tenth}'
    return str(weight)
