"""Fields of forms that anybody may send: a phone that is not asked for, a trap for robots, a token for one sending."""

import re
from collections.abc import Mapping

from flask_babel import gettext as _

from shop.kit.crypto import new_token
from shop.kit.fields import FieldReader

# A field no person sees; what fills it in is no person.
TRAP = 'website'
_PHONE = re.compile(r'^\+?[\d -]{6,20}$', re.ASCII)
_TOKEN = re.compile(r'^[\w-]{20,64}$', re.ASCII)


def read_contact_phone(reader: FieldReader) -> str:
    """Read a phone that may be left out, from wherever somebody is called."""
    phone = reader.raw('phone')[:40]
    if phone and not _PHONE.match(phone):
        reader.errors['phone'] = _('电话填 6 到 20 位数字，如 13800000000 或 0435-3910000；也可以不填。')
    return phone


def spring_trap(reader: FieldReader) -> None:
    """Refuse what only a robot fills in."""
    if reader.raw(TRAP):
        reader.errors[TRAP] = _('这一栏请留空，它只用来识别自动程序。')


def read_token(form: Mapping[str, str]) -> str:
    """Return the token that makes a second sending the same one."""
    token = form.get('form_token', '')
    return token if _TOKEN.match(token) else new_token()
