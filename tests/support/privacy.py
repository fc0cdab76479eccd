"""What no public answer may hold: ID, telephone and card numbers, e-mail addresses, names of private persons."""

import re
from collections.abc import Collection
from datetime import date

from shop.households.numbers import is_card_number, is_id_number

_DIGITS = re.compile(r'(?<![\w.])\d{11,19}[Xx]?(?![\w.])', re.ASCII)
_MOBILE = re.compile(r'1[3-9]\d{9}', re.ASCII)
_EMAIL = re.compile(r'[\w.+-]+@[\w-]+\.[\w.-]*[a-z]', re.ASCII)
# Stands in messages to show what an address looks like.
EXAMPLES = frozenset({'name@example.com'})
_ID_SHAPE = re.compile(r'[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]', re.ASCII)


def private_parts(text: str, *, names: Collection[str] = (), own: Collection[str] = (), on: date) -> list[str]:
    """Return what a public answer holds and must not; `own` are numbers of the shop itself.

    A number is an ID number by its shape alone: one with a wrong check letter was meant to be one.
    """
    found = [name for name in names if name in text]
    found += [address for address in _EMAIL.findall(text) if address not in own and address not in EXAMPLES]
    for match in _DIGITS.finditer(text):
        number = match.group()
        if number in own:
            continue
        is_private = (
            _MOBILE.fullmatch(number)
            or _ID_SHAPE.fullmatch(number)
            or is_id_number(number.upper(), on=on)
            or is_card_number(number)
        )
        if is_private:
            found.append(number)
    return found
