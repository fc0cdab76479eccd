"""What a buyer types on the checkout page, read and checked field by field."""

import re
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from shop.kit.fields import read_email
from shop.orders.placing import Destination
from shop.regions.divisions import is_division_path

TEXT_FIELDS = ('form_token', 'recipient', 'phone', 'province', 'city', 'county', 'street', 'note', 'email')
_PHONE = re.compile(r'1[3-9]\d{9}|0\d{2,3}-?\d{7,8}')


@dataclass
class CheckoutForm:
    """The fields as typed, and a message for each that cannot be used."""

    form_token: str = ''
    recipient: str = ''
    phone: str = ''
    province: str = ''
    city: str = ''
    county: str = ''
    street: str = ''
    note: str = ''
    email: str = ''
    confirmed: frozenset[int] = frozenset()
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: 'MultiDict[str, str]') -> 'CheckoutForm':
        """Read what was typed; never fails."""
        confirmed = frozenset(
            int(name.removeprefix('confirm-'))
            for name in form
            if name.startswith('confirm-') and name[8:].isascii() and name[8:].isdigit() and len(name) < 20
        )
        typed = cls(confirmed=confirmed)
        for name in TEXT_FIELDS:
            setattr(typed, name, form.get(name, '').replace('\x00', '').strip())
        return typed

    def check(self) -> bool:
        """Fill `errors`; tell whether there are none."""
        if not 1 <= len(self.recipient) <= 40:
            self.errors['recipient'] = _('请填写收货人姓名，最多 40 个字。')
        if not _PHONE.fullmatch(self.phone):
            self.errors['phone'] = _('请填写 11 位手机号，或带区号的座机号。')
        if not is_division_path(self.province, self.city, self.county):
            self.errors['province'] = _('请选全省、市、县三级。')
        if not 2 <= len(self.street) <= 120:
            self.errors['street'] = _('请填写街道门牌，2 到 120 个字。')
        if len(self.note) > 200:
            self.errors['note'] = _('留言最多 200 个字。')
        if self.email and read_email(self.email) is None:
            self.errors['email'] = _('邮箱应像 name@example.com；不想收邮件就留空。')
        if not 16 <= len(self.form_token) <= 64:
            self.errors['form_token'] = _('页面已过期，请再提交一次。')
        return not self.errors

    @property
    def destination(self) -> Destination:
        """Where it goes, once checked."""
        return Destination(self.recipient, self.phone, self.province, self.city, self.county, self.street)
