"""Unified social credit codes (GB 32100-2015): 18 letters, the last of which checks the others."""

from flask_babel import gettext as _
from stdnum.cn import uscc

from shop.kit.fields import FieldReader

LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
CODE_LENGTH = 18


def with_check_letter(body: str) -> str:
    """Return the code that begins with these seventeen letters."""
    return body + uscc.calc_check_digit(body)


def is_credit_code(code: str) -> bool:
    """Tell whether a code has the right letters and check letter.

    A code may begin with a letter, as those of rural collectives do (N); the library alone would refuse them.
    """
    return len(code) == CODE_LENGTH and set(code) <= set(LETTERS) and with_check_letter(code[:-1]) == code


def credit_code_words() -> str:
    """Say what would be right."""
    return str(_('统一社会信用代码为 18 位，校验位要相符。'))


def read_credit_code(reader: FieldReader, name: str, *, is_required: bool = True) -> str:
    """Read a code from a form."""
    code = reader.text(name, _('统一社会信用代码'), limit=CODE_LENGTH, is_required=is_required).upper()
    if code and name not in reader.errors and not is_credit_code(code):
        reader.errors[name] = credit_code_words()
    return code
