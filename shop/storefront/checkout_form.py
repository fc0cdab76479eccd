"""What a buyer types on the checkout page, read and checked field by field."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from shop.kit.fields import clean_text, read_email, read_id
from shop.orders.addresses import destination_of
from shop.orders.basket import Address
from shop.orders.invoice import InvoiceFacts
from shop.orders.placing import Destination
from shop.storefront.address_form import AddressFields
from shop.storefront.invoice_form import InvoiceForm

NEW_ADDRESS = 'new'


@dataclass
class CheckoutForm(AddressFields):
    """The fields as typed, and a message for each that cannot be used; `book` holds what can be chosen instead."""

    form_token: str = ''
    note: str = ''
    email: str = ''
    confirmed: frozenset[int] = frozenset()
    address: str = NEW_ADDRESS
    keeps_address: bool = False
    invoice: InvoiceForm = field(default_factory=InvoiceForm)
    invoice_facts: InvoiceFacts | None = None
    book: Sequence[Address] = ()

    @classmethod
    def read(cls, form: 'MultiDict[str, str]', book: Sequence[Address] = ()) -> 'CheckoutForm':
        """Read what was typed; never fails."""
        confirmed = frozenset(
            int(name.removeprefix('confirm-'))
            for name in form
            if name.startswith('confirm-') and name[8:].isascii() and name[8:].isdigit() and len(name) < 20
        )
        read = cls(
            form_token=clean_text(form.get('form_token', '')),
            note=clean_text(form.get('note', '')),
            email=clean_text(form.get('email', '')),
            confirmed=confirmed,
            address=form.get('address', NEW_ADDRESS),
            keeps_address=bool(form.get('keep_address')),
            invoice=InvoiceForm.read(form),
            book=book,
        )
        read.read_address(form)
        return read

    def check(self) -> bool:
        """Fill `errors`; tell whether there are none."""
        if self.address == NEW_ADDRESS:
            self.check_address()
        elif self.chosen is None:
            self.errors['address'] = _('这个地址已经不在地址簿里，请另选一个或填新地址。')
        if len(self.note) > 200:
            self.errors['note'] = _('留言最多 200 个字。')
        if self.email and read_email(self.email) is None:
            self.errors['email'] = _('邮箱应像 name@example.com；不想收邮件就留空。')
        if not 16 <= len(self.form_token) <= 64:
            self.errors['form_token'] = _('页面已过期，请再提交一次。')
        self.invoice_facts = self.invoice.check()
        self.errors.update(self.invoice.errors)
        return not self.errors

    @property
    def chosen(self) -> Address | None:
        """The address of the book that is chosen."""
        wanted = read_id(self.address)
        return next((one for one in self.book if one.id == wanted), None)

    @property
    def to_province(self) -> str:
        """The code of the province it goes to, as far as it is known."""
        return self.province if self.address == NEW_ADDRESS else self.chosen.province_code if self.chosen else ''

    @property
    def destination(self) -> Destination:
        """Where it goes, once checked."""
        return destination_of(self.chosen) if self.chosen is not None else self.typed
