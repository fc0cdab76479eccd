"""Reads what people type into forms: each reader keeps the value or a message for the field, never raises."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from typing import TypeVar

from flask_babel import gettext as _

from shop.kit.enums import Labelled
from shop.kit.money import Money, MoneyFormatError

MAX_ID = 2**63 - 1
MAX_AMOUNT_FEN = 10**10

_WHOLE = re.compile(r'^\d{1,12}$', re.ASCII)
MAX_EMAIL = 120
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII | re.IGNORECASE,
)
# A mobile number, or a fixed one with its area code.
_PHONE = re.compile(r'1[3-9]\d{9}|0\d{2,3}-?\d{7,8}', re.ASCII)
_PERCENT = re.compile(r'^(\d{1,3})(?:\.(\d{1,2}))?%?$', re.ASCII)

Choice = TypeVar('Choice', bound=Labelled)


def clean_text(text: str) -> str:
    """Return text a database can keep: line ends as one letter, no other control characters, no blank ends."""
    text = text.replace('\r\n', '\n').replace('\r', '\n')
    return ''.join(
        letter for letter in text if letter == '\n' or unicodedata.category(letter) not in {'Cc', 'Cs'}
    ).strip()


def read_id(text: str | None) -> int | None:
    """Read the id of a row, or None for anything that cannot be one."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    number = int(text)
    return number if 0 < number <= MAX_ID else None


def read_percent(text: str) -> int | None:
    """Read a percentage with at most two decimals as basis points: ``12.5%`` is 1,250; None for anything else."""
    match = _PERCENT.match(text.strip().replace('％', '%'))
    return int(match[1]) * 100 + int((match[2] or '').ljust(2, '0')) if match else None


def is_phone(text: str) -> bool:
    """Tell whether this is a mobile number, or a fixed one with its area code, of the mainland."""
    return _PHONE.fullmatch(text) is not None


def read_email(text: str) -> str | None:
    """Read an e-mail address, or None for anything that cannot be one."""
    text = unicodedata.normalize('NFKC', text).strip()
    local = text.rpartition('@')[0]
    return text if len(text) <= MAX_EMAIL and len(local) <= 64 and _EMAIL.fullmatch(text) else None


class FieldReader:
    """Reads fields one by one; `errors` holds a message under the name of each that was not right."""

    def __init__(self, form: Mapping[str, str]) -> None:
        """Read from this form."""
        self.form = form
        self.errors: dict[str, str] = {}

    def raw(self, name: str) -> str:
        """Return what was typed, cleaned, or an empty string."""
        return clean_text(self.form.get(name, ''))

    def text(self, name: str, label: str, *, limit: int, is_required: bool = True) -> str:
        """Read a text of at most `limit` characters."""
        text = self.raw(name)
        if not text and is_required:
            self.errors[name] = _('填写%(label)s。', label=label)
        elif len(text) > limit:
            self.errors[name] = _(
                '%(label)s最多 %(limit)s 字，现有 %(now)s 字。', label=label, limit=limit, now=len(text)
            )
        return text[:limit]

    def whole(self, name: str, label: str, *, least: int = 0, most: int = 1_000_000) -> int:
        """Read a whole number in a range; `least` when it was not right."""
        text = self.raw(name).replace(',', '').replace('，', '')
        number = int(text) if _WHOLE.match(text) else -1
        if not least <= number <= most:
            self.errors[name] = _(
                '%(label)s填 %(least)s 到 %(most)s 的整数。', label=label, least=least, most=f'{most:,}'
            )
            return least
        return number

    def money(self, name: str, label: str, *, least: int = 1, most: int = MAX_AMOUNT_FEN) -> int:
        """Read yuan as fen in a range; `least` when it was not right."""
        try:
            fen = Money.parse(self.raw(name)).fen
        except MoneyFormatError:
            fen = -1
        if not least <= fen <= most:
            self.errors[name] = _(
                '%(label)s填金额，如 39.90，在 ¥%(least)s 到 ¥%(most)s 之间。',
                label=label,
                least=Money(least).yuan,
                most=Money(most).grouped,
            )
            return least
        return fen

    def choice(self, name: str, label: str, kind: type[Choice]) -> Choice | None:
        """Read one of the values of an enum."""
        found = kind.find(self.raw(name))
        if found is None:
            self.errors[name] = _('选择%(label)s。', label=label)
        return found

    def one_of(self, name: str, label: str, ids: Collection[int]) -> int | None:
        """Read the id of one of these rows."""
        number = read_id(self.raw(name))
        if number is None or number not in ids:
            self.errors[name] = _('选择%(label)s。', label=label)
            return None
        return number

    def day(self, name: str, label: str, *, is_required: bool = True) -> date | None:
        """Read a day written as ``2026-11-23``."""
        text = self.raw(name)
        if not text and not is_required:
            return None
        try:
            day = date.fromisoformat(text) if len(text) == 10 else None
        except ValueError:
            day = None
        if day is None or day.year < 1949:
            self.errors[name] = _('%(label)s填日期，如 2026-05-18。', label=label)
            return None
        return day
