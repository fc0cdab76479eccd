"""Registering suppliers and their licences."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shop.kit.credit_codes import credit_code_words, is_credit_code
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.suppliers.licences import FOOD_LICENCE, is_food_licence_number
from shop.suppliers.models import Supplier, SupplierKind, SupplierLicence
from shop.villages.models import Village


class CreditCodeError(BusinessError):
    """The unified social credit code is missing or its check letter does not fit."""


class LicenceEndedError(BusinessError):
    """A licence that is written down anew must still hold."""


class FoodLicenceError(BusinessError):
    """The number of a food production licence has the wrong form or check digit."""


class SupplierTakenError(BusinessError):
    """There is such a supplier, or such a licence, already."""


def register_supplier(
    village: Village, *, name: str, kind: SupplierKind, credit_code: str | None, phone: str
) -> Supplier:
    """Write down a seller of the village; only a household needs no credit code.

    Raises `CreditCodeError`, `SupplierTakenError`.
    """
    code = (credit_code or '').strip().upper() or None
    if kind is SupplierKind.HOUSEHOLD:
        code = None
    elif code is None or not is_credit_code(code):
        raise CreditCodeError(credit_code_words(), field='credit_code')
    same_name = select(Supplier.id).where(Supplier.village_id == village.id, Supplier.name == name)
    if db.session.scalar(same_name) is not None:
        raise SupplierTakenError(_('本村已登记这个供货主体。'), field='supplier_name')
    if code is not None and db.session.scalar(select(Supplier.id).where(Supplier.credit_code == code)) is not None:
        raise SupplierTakenError(_('这个统一社会信用代码已经登记。'), field='credit_code')
    supplier = Supplier(village_id=village.id, name=name, kind=kind, credit_code=code, phone=phone)
    db.session.add(supplier)
    db.session.flush()
    return supplier


def add_licence(supplier: Supplier, *, kind: str, number: str, expires_on: date | None) -> SupplierLicence:
    """Write down a licence; raises `SupplierTakenError` when it is registered already."""
    taken = select(SupplierLicence.id).where(SupplierLicence.kind == kind, SupplierLicence.number == number)
    if db.session.scalar(taken) is not None:
        raise SupplierTakenError(_('这张证照已经登记。'), field='licence_number')
    licence = SupplierLicence(kind=kind, number=number, expires_on=expires_on)
    supplier.licences.append(licence)
    db.session.flush()
    return licence


def renew_licence(licence: SupplierLicence, *, number: str, expires_on: date | None, on: date) -> None:
    """Write down the new number and end of a licence; None is for ever.

    Raises `LicenceEndedError` for one that has ended already, `FoodLicenceError`, `SupplierTakenError`.
    """
    if expires_on is not None and expires_on <= on:
        raise LicenceEndedError(_('有效期至要晚于今天。'), field=f'expires_on-{licence.id}')
    if licence.kind == FOOD_LICENCE and not is_food_licence_number(number):
        raise FoodLicenceError(
            _('食品生产许可证编号是 SC 加 14 位数字，末位是校验码；请照许可证再核对一遍。'),
            field=f'number-{licence.id}',
        )
    try:
        with db.session.begin_nested():
            licence.number, licence.expires_on = number, expires_on
    except IntegrityError as error:
        raise SupplierTakenError(_('这张证照已经登记。'), field=f'number-{licence.id}') from error
