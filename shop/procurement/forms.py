"""Reads what people type into the forms of institutions and of their orders."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from shop.kit.credit_codes import read_credit_code
from shop.kit.fields import FieldReader, is_phone, read_email, read_id
from shop.orders.basket import MOST_FOR_INSTITUTIONS
from shop.orders.placing import Destination
from shop.procurement.budget_list import MAX_HEADS
from shop.regions.divisions import is_division_path

MAX_BUDGET_FEN = 10_000_000
_INVOICE_NUMBER = re.compile(r'\d{8}(\d{12})?', re.ASCII)


@dataclass(frozen=True, slots=True)
class InstitutionForm:
    """An institution as typed; `errors` by field."""

    name: str
    code: str
    address: str
    phone: str
    region_id: int
    budget_per_head_fen: int | None
    errors: dict[str, str]


def read_institution(form: Mapping[str, str], region_ids: Collection[int]) -> InstitutionForm:
    """Read the application of an institution; one of `region_ids` is to decide on it."""
    reader = FieldReader(form)
    name = reader.text('name', _('单位名称'), limit=60)
    if name and 'name' not in reader.errors and len(name) < 4:
        reader.errors['name'] = _('单位名称写全称，与登记证书一致。')
    return InstitutionForm(
        name=name,
        code=read_credit_code(reader, 'credit_code'),
        address=reader.text('address', _('单位地址'), limit=120),
        phone=_phone(reader, _('单位电话')),
        region_id=reader.one_of('region', _('受理的县'), region_ids) or 0,
        budget_per_head_fen=read_budget(reader, 'budget'),
        errors=reader.errors,
    )


@dataclass(slots=True)
class OrderForm:
    """An institution's order as typed; the units, prices seen and confirmations by variant."""

    title: str = ''
    heads: int = 1
    budget_per_head_fen: int | None = None
    recipient: str = ''
    phone: str = ''
    province: str = ''
    city: str = ''
    county: str = ''
    street: str = ''
    note: str = ''
    invoice_title: str = ''
    invoice_code: str = ''
    invoice_email: str = ''
    quantities: dict[int, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def destination(self) -> Destination:
        """Where it goes, once checked."""
        return Destination(self.recipient, self.phone, self.province, self.city, self.county, self.street)


def read_order(form: Mapping[str, str], variant_ids: Collection[int]) -> OrderForm:
    """Read the form of an institution's order of these variants; 0 units take one out."""
    reader = FieldReader(form)
    typed = OrderForm(
        title=reader.text('title', _('名目'), limit=40),
        heads=reader.whole('heads', _('人数'), least=1, most=MAX_HEADS),
        budget_per_head_fen=read_budget(reader, 'budget'),
        recipient=reader.text('recipient', _('收货人'), limit=40),
        phone=_phone(reader, _('收货电话')),
        province=reader.raw('province')[:6],
        city=reader.raw('city')[:6],
        county=reader.raw('county')[:6],
        street=reader.text('street', _('街道、门牌'), limit=120),
        note=reader.text('note', _('留言'), limit=200, is_required=False),
        invoice_title=reader.text('invoice_title', _('发票抬头'), limit=60),
        invoice_code=read_credit_code(reader, 'invoice_code'),
        invoice_email=reader.text('invoice_email', _('收票邮箱'), limit=80, is_required=False),
        quantities={
            variant: reader.whole(f'quantity-{variant}', _('数量'), least=0, most=MOST_FOR_INSTITUTIONS)
            for variant in variant_ids
        },
        seen={variant: fen for variant in variant_ids if (fen := read_id(form.get(f'price-{variant}'))) is not None},
        confirmed=frozenset(variant for variant in variant_ids if form.get(f'confirm-{variant}')),
        errors=reader.errors,
    )
    if not is_division_path(typed.province, typed.city, typed.county):
        reader.errors['province'] = _('请选全省、市、县三级。')
    if typed.invoice_email and 'invoice_email' not in reader.errors and read_email(typed.invoice_email) is None:
        reader.errors['invoice_email'] = _('邮箱应像 caiwu@example.com。')
    if not any(typed.quantities.values()):
        reader.errors['lines'] = _('至少留一件商品。')
    return typed


@dataclass(frozen=True, slots=True)
class ListForm:
    """The head of a budget list and the units of its lines as typed: `line id → (units, per head)`."""

    title: str
    heads: int
    budget_per_head_fen: int | None
    lines: dict[int, tuple[int, bool]]
    errors: dict[str, str]


def read_list(form: Mapping[str, str], line_ids: Collection[int]) -> ListForm:
    """Read the form of a budget list; 0 units take a line out."""
    reader = FieldReader(form)
    return ListForm(
        title=reader.text('title', _('名目'), limit=40, is_required=False),
        heads=reader.whole('heads', _('人数'), least=1, most=MAX_HEADS),
        budget_per_head_fen=read_budget(reader, 'budget'),
        lines={
            line_id: (
                reader.whole(f'quantity-{line_id}', _('数量'), least=0, most=MOST_FOR_INSTITUTIONS),
                form.get(f'mode-{line_id}') == 'per_head',
            )
            for line_id in line_ids
            if f'quantity-{line_id}' in form
        },
        errors=reader.errors,
    )


def read_budget(reader: FieldReader, name: str) -> int | None:
    """Read a budget per head in fen; nothing typed is none."""
    if not reader.raw(name):
        return None
    return reader.money(name, _('人均预算'), most=MAX_BUDGET_FEN)


def read_invoice_number(reader: FieldReader) -> str:
    """Read the number of an invoice: 20 digits, or the 8 of an older one."""
    number = reader.raw('number').replace(' ', '')
    if not _INVOICE_NUMBER.fullmatch(number):
        reader.errors['number'] = _('发票号码是 20 位数字（数电票），或 8 位数字。')
    return number[:20]


def _phone(reader: FieldReader, label: str) -> str:
    phone = reader.raw('phone')
    if not is_phone(phone):
        reader.errors['phone'] = _('%(label)s填 11 位手机号，或带区号的座机号，如 0435-7212345。', label=label)
    return phone[:20]
