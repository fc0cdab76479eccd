"""Reads the tax number of a unit and tells which kind it is; a wrong check digit is found out.

A unified social credit code (GB 32100-2015, 18 characters, modulo 31) and an identity number (GB 11643, 18 characters,
which sole traders use) hold a check digit. Numbers of before 2015 hold none or hold it inside: 15 characters are
a division and an organisation code, 20 are an identity number with two digits behind. They are taken by their form.
"""

import re

from flask_babel import gettext as _
from stdnum.cn import ric

from shop.kit.credit_codes import is_credit_code
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError

_ALPHABET = re.compile(r'[0-9A-Z]+', re.ASCII)
_OLD_15 = re.compile(r'\d{6}[0-9A-Z]{9}', re.ASCII)


class TaxNumberKind(Labelled):
    """Which kind of number it is."""

    CREDIT_CODE = 'credit_code', '统一社会信用代码'
    IDENTITY = 'identity', '以身份证号为税号（个体工商户）'
    OLD_15 = 'old_15', '15 位旧税号'
    OLD_20 = 'old_20', '20 位旧税号'


class TaxNumberError(BusinessError):
    """The text is no tax number."""


def clean_tax_number(text: str) -> str:
    """Return what was typed without blanks and hyphens, in capitals."""
    return re.sub(r'[\s-]', '', text).upper()


def tax_number_kind(number: str) -> TaxNumberKind:
    """Tell which kind a cleaned number is; raises `TaxNumberError` with what would be right."""
    if _ALPHABET.fullmatch(number):
        if is_credit_code(number):
            return TaxNumberKind.CREDIT_CODE
        if len(number) == 18 and ric.is_valid(number):
            return TaxNumberKind.IDENTITY
        if _OLD_15.fullmatch(number):
            return TaxNumberKind.OLD_15
        if len(number) == 20 and number[18:].isdigit() and ric.is_valid(number[:18]):
            return TaxNumberKind.OLD_20
        if len(number) == 18:
            raise TaxNumberError(
                _('税号的校验位对不上，请对照营业执照再核对一遍（字母 O、I 常被误作数字 0、1）。'), field='tax_number'
            )
    raise TaxNumberError(
        _('税号填 18 位统一社会信用代码，也收 15 位、20 位旧税号；现在是 %(n)s 位。', n=len(number)), field='tax_number'
    )
