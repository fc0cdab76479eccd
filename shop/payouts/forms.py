"""Reads what people type about payouts."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from shop.kit.crypto import new_token
from shop.kit.fields import FieldReader

LEAST_TEXT, MOST_TEXT = 5, 500
MOST_EVIDENCE = 200
MOST_REASON = 300
TRAP = 'website'
_PHONE = re.compile(r'^\+?[\d -]{6,20}$', re.ASCII)
_TOKEN = re.compile(r'^[\w-]{20,64}$', re.ASCII)
_CODE = re.compile(r'^[0-9A-Z]{6,10}$', re.ASCII)


@dataclass(frozen=True, slots=True)
class ObjectionForm:
    """An objection to a line as typed; `codes` are the ways the self-check code may be written in the register."""

    code: str
    codes: Collection[str]
    text: str
    phone: str
    form_token: str
    errors: Mapping[str, str]


def empty_objection() -> ObjectionForm:
    """Return the form before anybody types."""
    return ObjectionForm('', (), '', '', new_token(), {})


def read_objection(form: Mapping[str, str]) -> ObjectionForm:
    """Read an objection; a phone is welcome and never asked for."""
    reader = FieldReader(form)
    code, codes = _read_code(reader)
    text = reader.raw('text')
    if not LEAST_TEXT <= len(text) <= MOST_TEXT:
        reader.errors['text'] = _(
            '写 %(least)s 到 %(most)s 字，现有 %(now)s 字：哪里不对，应当是多少。',
            least=LEAST_TEXT,
            most=MOST_TEXT,
            now=len(text),
        )
    phone = reader.raw('phone')[:40]
    if phone and not _PHONE.match(phone):
        reader.errors['phone'] = _('电话填 6 到 20 位数字，如 13800000000 或 0435-3910000；也可以不填。')
    if reader.raw(TRAP):
        reader.errors[TRAP] = _('这一栏请留空，它只用来识别自动程序。')
    return ObjectionForm(code, codes, text[:MOST_TEXT], phone, read_token(form), reader.errors)


@dataclass(frozen=True, slots=True)
class ReceiptForm:
    """A household's confirmation as typed."""

    code: str
    codes: Collection[str]
    name: str
    errors: Mapping[str, str]


def read_receipt(form: Mapping[str, str]) -> ReceiptForm:
    """Read code and name."""
    reader = FieldReader(form)
    code, codes = _read_code(reader)
    name = reader.text('name', _('户主姓名'), limit=40)
    return ReceiptForm(code, codes, name, reader.errors)


@dataclass(frozen=True, slots=True)
class PaymentForm:
    """What was handed over, as typed; no `line_ids` means everybody who waits."""

    paid_on: date | None
    evidence: str
    line_ids: frozenset[int] | None
    errors: Mapping[str, str]


def read_payment(form: Mapping[str, str], chosen: Collection[str]) -> PaymentForm:
    """Read a payment: its day, what proves it, and to whom."""
    reader = FieldReader(form)
    paid_on = reader.day('paid_on', _('发放日'))
    evidence = reader.text('evidence', _('凭证'), limit=MOST_EVIDENCE)
    ids = frozenset(int(one) for one in chosen if one.isascii() and one.isdigit() and len(one) < 19)
    scope = reader.raw('scope')
    if scope not in {'all', 'chosen'}:
        reader.errors['scope'] = _('选择发给全部待发的户，还是只发给勾选的户。')
    elif scope == 'chosen' and not ids:
        reader.errors['scope'] = _('在名单里勾选已经领到的户，或选全部。')
    return PaymentForm(paid_on, evidence, ids if scope == 'chosen' else None, reader.errors)


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """A decision with its reason, as typed; `is_yes` is None when neither was chosen."""

    is_yes: bool | None
    reason: str
    errors: Mapping[str, str]


def read_decision(form: Mapping[str, str], *, always_reason: bool) -> DecisionForm:
    """Read yes or no; a no always has a reason, a yes where somebody waits for the answer."""
    reader = FieldReader(form)
    found = {'yes': True, 'no': False}.get(reader.raw('decision'))
    if found is None:
        reader.errors['decision'] = _('选择一项。')
    reason = reader.text('reason', _('说明'), limit=MOST_REASON, is_required=always_reason or found is False)
    return DecisionForm(found, reason, reader.errors)


def read_token(form: Mapping[str, str]) -> str:
    """Return the token that makes a second sending the same one."""
    token = form.get('form_token', '')
    return token if _TOKEN.match(token) else new_token()


def _read_code(reader: FieldReader) -> tuple[str, Collection[str]]:
    typed = reader.raw('code')[:20]
    code = ''.join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    if not _CODE.match(code):
        reader.errors['code'] = _('自查码是 7 位字母数字，如 K7QN-3XA，村里发的卡片上有。')
        return typed, ()
    return typed, (code, f'{code[:4]}-{code[4:]}')
