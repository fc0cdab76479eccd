"""Licences: which hold, which run out, and whether the number of a food production licence can be right."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from shop.kit.words import kept
from shop.suppliers.models import SupplierLicence

WARNING_DAYS = 30
# The kinds nearly everybody has; they are typed, and translated when they are read.
FOOD_LICENCE = kept('食品生产许可证')
BUSINESS_LICENCE = kept('营业执照')
_FOOD_LICENCE = re.compile(r'SC[12]\d{13}', re.ASCII)


def is_food_licence_number(number: str) -> bool:
    """Tell whether a number is ``SC`` and 14 digits whose last one checks the others.

    食品生产许可管理办法 第二十九条; the check digit is MOD 11,10 of GB/T 17710 (ISO 7064).
    """
    if not _FOOD_LICENCE.fullmatch(number):
        return False
    product = 10
    for digit in number[2:-1]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(number[-1])) % 10 == 1


def current_licences(licences: Iterable[SupplierLicence]) -> list[SupplierLicence]:
    """Return the one of each kind that lasts longest: a renewed licence stands for the one before."""
    lasting: dict[str, SupplierLicence] = {}
    for licence in licences:
        known = lasting.get(licence.kind)
        if known is None or _end(licence) >= _end(known):
            lasting[licence.kind] = licence
    return list(lasting.values())


def expired_licences(licences: Iterable[SupplierLicence], on: date) -> list[SupplierLicence]:
    """Return the licences in use that no longer hold on a day."""
    return [licence for licence in current_licences(licences) if _end(licence) < on]


def expiring_licences(licences: Iterable[SupplierLicence], on: date) -> list[SupplierLicence]:
    """Return the licences in use that have run out or will within the days of warning."""
    last = on + timedelta(days=WARNING_DAYS)
    return [licence for licence in current_licences(licences) if _end(licence) <= last]


def _end(licence: SupplierLicence) -> date:
    return licence.expires_on or date.max
