"""What a public text must not hold: telephone and identity numbers; and how a buyer's name is shown."""

import re
import unicodedata

from flask_babel import gettext as _

from shop.kit.errors import BusinessError

_SPOKEN = str.maketrans('零〇一二三四五六七八九幺', '001234567891')
_BETWEEN = re.compile(r'(?<=\d)[\s\-_.·•,，、~/()（）]{1,3}(?=\d)')
_PRIVATE = re.compile(r'(?<!\d)(?:(?:0?086|86)?1[3-9]\d{9}|0\d{2,3}[\s\-]?\d{7,8}|\d{17}[\dXx]|\d{15})(?!\d)', re.ASCII)


class PrivateNumberError(BusinessError):
    """A text that everybody would read holds a number that leads to a person."""


def has_private_number(text: str) -> bool:
    """Tell whether a text holds a telephone or identity number, however it is spaced or written."""
    plain = unicodedata.normalize('NFKC', text)
    return any(
        _PRIVATE.search(form) or _PRIVATE.search(_BETWEEN.sub('', form)) for form in (plain, plain.translate(_SPOKEN))
    )


def require_no_private_number(text: str, *, field: str) -> None:
    """Raise `PrivateNumberError` for a text with a telephone or identity number."""
    if has_private_number(text):
        raise PrivateNumberError(
            _('公开评价里不要写电话号码或身份证号，请删去后再提交；要联系村里，请打商品页上的售后电话。'), field=field
        )


def masked_nickname(name: str) -> str:
    """Show a first and a last letter alone, as shops do: ``山里来客`` becomes ``山**客``, ``孙芝`` becomes ``孙**``."""
    letters = [letter for letter in name if letter.isalnum()]
    if not letters:
        return '**'
    return f'{letters[0]}**{letters[-1] if len(letters) > 2 else ""}'
