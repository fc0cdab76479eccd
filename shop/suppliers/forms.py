"""Reads the form that registers a supplier."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from shop.kit.credit_codes import read_credit_code
from shop.kit.fields import FieldReader
from shop.suppliers.models import SupplierKind

_PHONE = re.compile(r'^[0-9+() -]{7,20}$')


@dataclass(frozen=True, slots=True)
class SupplierForm:
    """A supplier with its first licence as typed; `errors` by field."""

    name: str
    kind: SupplierKind | None
    credit_code: str
    phone: str
    licence_kind: str
    licence_number: str
    expires_on: date | None
    errors: dict[str, str]


def read_supplier(form: Mapping[str, str]) -> SupplierForm:
    """Read the form; a licence is asked of everybody but a household."""
    reader = FieldReader(form)
    kind = reader.choice('supplier_kind', _('主体类型'), SupplierKind)
    is_licensed = kind is not SupplierKind.HOUSEHOLD
    code = read_credit_code(reader, 'credit_code', is_required=is_licensed)
    phone = reader.text('phone', _('售后电话'), limit=20)
    if phone and not _PHONE.match(phone):
        reader.errors['phone'] = _('电话只填数字、空格、加号和横线，如 0435-7212345。')
    return SupplierForm(
        name=reader.text('supplier_name', _('供货主体名称'), limit=60),
        kind=kind,
        credit_code=code,
        phone=phone,
        licence_kind=reader.text('licence_kind', _('证照种类'), limit=30, is_required=is_licensed),
        licence_number=reader.text('licence_number', _('证照编号'), limit=40, is_required=is_licensed),
        expires_on=reader.day('expires_on', _('有效期至'), is_required=False),
        errors=reader.errors,
    )
