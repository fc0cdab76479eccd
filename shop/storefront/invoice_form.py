"""What a buyer types to ask for an invoice, read and checked field by field."""

import re
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from shop.kit.fields import clean_text
from shop.orders.invoice import InvoiceFacts, InvoiceRequest, InvoiceTitle
from shop.orders.tax_numbers import TaxNumberError, clean_tax_number, tax_number_kind

MAX_TITLE, MAX_EMAIL = 100, 120
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)


@dataclass
class InvoiceForm:
    """The fields as typed, and a message for each that cannot be used."""

    is_wanted: bool = False
    kind: str = InvoiceTitle.PERSON.value
    title: str = ''
    tax_number: str = ''
    email: str = ''
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, form: 'MultiDict[str, str]') -> 'InvoiceForm':
        """Read what was typed; never fails."""
        return cls(
            is_wanted=bool(form.get('invoice')),
            kind=form.get('invoice_kind', InvoiceTitle.PERSON.value),
            title=' '.join(clean_text(form.get('invoice_title', '')).split()),
            tax_number=clean_tax_number(clean_text(form.get('tax_number', ''))),
            email=clean_text(form.get('invoice_email', '')),
        )

    @classmethod
    def of(cls, request: InvoiceRequest | None) -> 'InvoiceForm':
        """Show what was asked for before."""
        if request is None:
            return cls()
        kind, tax_number = request.title_kind.value, request.tax_number or ''
        return cls(is_wanted=True, kind=kind, title=request.title, tax_number=tax_number, email=request.email)

    def check(self) -> InvoiceFacts | None:
        """Return the request; None when none is wanted, and when a field was wrong, which `errors` then tells."""
        if not self.is_wanted:
            return None
        kind = InvoiceTitle.find(self.kind)
        if kind is None:
            self.errors['invoice_kind'] = _('请选开给个人还是单位。')
        if not 1 <= len(self.title) <= MAX_TITLE:
            self.errors['invoice_title'] = _('请填写发票抬头，最多 %(most)s 个字。', most=MAX_TITLE)
        if kind is InvoiceTitle.UNIT:
            try:
                tax_number_kind(self.tax_number)
            except TaxNumberError as error:
                self.errors['tax_number'] = error.message
        if len(self.email) > MAX_EMAIL or not _EMAIL.fullmatch(self.email):
            self.errors['invoice_email'] = _('请填写收电子发票的邮箱，如 name@example.com。')
        if self.errors or kind is None:
            return None
        return InvoiceFacts(kind, self.title, self.tax_number if kind is InvoiceTitle.UNIT else None, self.email)
