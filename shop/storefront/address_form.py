"""What somebody types to say where things go, read and checked field by field."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from shop.kit.fields import clean_text, is_phone
from shop.orders.addresses import destination_of
from shop.orders.basket import Address
from shop.orders.placing import Destination
from shop.regions.divisions import Division, cities, counties, is_division_path, provinces

ADDRESS_FIELDS = ('recipient', 'phone', 'province', 'city', 'county', 'street')


@dataclass
class AddressFields:
    """The fields as typed, and a message for each that cannot be used."""

    recipient: str = ''
    phone: str = ''
    province: str = ''
    city: str = ''
    county: str = ''
    street: str = ''
    errors: dict[str, str] = field(default_factory=dict)

    def read_address(self, form: 'MultiDict[str, str]') -> None:
        """Read what was typed; never fails."""
        for name in ADDRESS_FIELDS:
            setattr(self, name, ' '.join(clean_text(form.get(name, '')).split()))

    def fill(self, address: Address) -> None:
        """Show an address of the book."""
        to = destination_of(address)
        self.recipient, self.phone, self.street = to.recipient, to.phone, to.street
        self.province, self.city, self.county = to.province_code, to.city_code, to.county_code

    def check_address(self) -> bool:
        """Fill `errors`; tell whether there are none."""
        if not 1 <= len(self.recipient) <= 40:
            self.errors['recipient'] = _('请填写收货人姓名，最多 40 个字。')
        if not is_phone(self.phone):
            self.errors['phone'] = _('请填写 11 位手机号，或带区号的座机号。')
        if not is_division_path(self.province, self.city, self.county):
            self.errors['province'] = _('请选全省、市、县三级。')
        if not 2 <= len(self.street) <= 120:
            self.errors['street'] = _('请填写街道门牌，2 到 120 个字。')
        return not self.errors

    @property
    def typed(self) -> Destination:
        """Where it goes, once checked."""
        return Destination(self.recipient, self.phone, self.province, self.city, self.county, self.street)

    @property
    def divisions(self) -> tuple[tuple[Division, ...], tuple[Division, ...], tuple[Division, ...]]:
        """What can be chosen: the provinces, and below what is chosen already the cities and counties."""
        return (
            provinces(),
            cities(self.province) if self.province else (),
            counties(self.city) if self.city else (),
        )
