"""ID and bank numbers: whether they can be right, what may be shown of them, and their keyed hash."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.cn import ric

from shop.households.models import NumberKind
from shop.kit.crypto import signature

_ID_NUMBER = re.compile(r'[1-9]\d{16}[\dX]', re.ASCII)
_CARD_NUMBER = re.compile(r'\d{16,19}', re.ASCII)
_BETWEEN = re.compile(r'(?<=\d)[\s\-_.·]{1,3}(?=[\dXx])')
_LONG = re.compile(r'(?<!\d)\d{15,}[Xx]?', re.ASCII)
_EARLIEST_BIRTH = 1900


@dataclass(frozen=True)
class NumberKeys:
    """What seals numbers (`seal`, the newest key first) and what hashes them (`digest`, never changed)."""

    seal: str
    digest: str


def plain_number(text: str) -> str:
    """Return a number as it is kept: no blanks or dashes between, a capital X."""
    return re.sub(r'[\s\-·]', '', unicodedata.normalize('NFKC', text)).upper()


def id_check(first: str) -> str:
    """Return the check letter of the first seventeen digits of an ID number (GB 11643)."""
    return ric.calc_check_digit(f'{first}0')


def is_id_number(number: str, *, on: date) -> bool:
    """Tell whether this can be the ID number of somebody born by the day `on`."""
    if not _ID_NUMBER.fullmatch(number) or id_check(number[:17]) != number[17]:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return born.year >= _EARLIEST_BIRTH and born <= on


def luhn_check(first: str) -> str:
    """Return the check digit (Luhn) that follows these digits of a bank card."""
    return luhn.calc_check_digit(first)


def is_card_number(number: str) -> bool:
    """Tell whether this can be the number of a bank card."""
    return bool(_CARD_NUMBER.fullmatch(number)) and set(number) != {'0'} and luhn.is_valid(number)


def is_right(kind: NumberKind, number: str, *, on: date) -> bool:
    """Tell whether a number can be right."""
    return is_id_number(number, on=on) if kind is NumberKind.ID_NUMBER else is_card_number(number)


def masked_number(number: str) -> str:
    """Hide the middle of a number: ``110***********123X``."""
    return f'{number[:3]}{"*" * (len(number) - 7)}{number[-4:]}'


def digest_of(keys: NumberKeys, kind: NumberKind, number: str) -> str:
    """Return the keyed hash of a number; the same person or account gives the same one, in every village."""
    return signature(keys.digest.encode(), f'household:{kind.value}:{number}'.encode())


def holds_number(text: str) -> bool:
    """Tell whether a text holds something as long as an ID or bank number, however it is spaced."""
    plain = unicodedata.normalize('NFKC', text)
    return bool(_LONG.search(plain) or _LONG.search(_BETWEEN.sub('', plain)))
