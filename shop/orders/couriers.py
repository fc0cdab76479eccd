"""What the numbers of each courier look like, and where everybody can follow a parcel.

No courier publishes a binding rule; the patterns are what two public collections agree on, the present form first,
then older ones that are still in use:

- Present forms (SF, ZTO, YTO, STO, Yunda, J&T, JD, Deppon, Post): https://github.com/BF-zh/Courier-Validation.
- Older forms, from what the couriers' own query pages let in: SF 12 digits, YTO 10 to 12 signs or 18 digits
  beginning with 88, STO 12 or 13 digits, Yunda 13 digits, Deppon 8 to 10 digits, EMS 13 signs
  (a list of patterns that has been copied from shop to shop, with those pages named as its source).
- Postal items with letters: two letters, eight digits and their check digit, the country, UPU standard S10
  (https://www.upu.int).

A pattern refuses what has another courier's form or nobody's; it cannot know whether a number was given out.
"""

import re
from urllib.parse import quote

from flask_babel import gettext as _

from shop.kit.errors import BusinessError
from shop.orders.models import Courier

C = Courier
_POSTAL = r'[189]\d{12}|P[A-Z]\d{11}|[A-Z]{2}\d{9}[A-Z]{2}'
_NUMBERS: dict[Courier, str] = {
    C.SF: r'SF[A-Z0-9]\d{12}|\d{12}|\d{15}',
    C.ZTO: r'\d{12}|7\d{13,14}',
    C.YTO: r'YT\d{13}|[A-Z0-9]{2}\d{8,10}|88\d{16}',
    C.STO: r'\d{12,13}|(77|43)\d{12,15}',
    C.YUNDA: r'\d{13}|[34]\d{14}',
    C.JT: r'JT\d{13}',
    C.JD: r'JD[A-Z0-9]{0,2}\d{11,18}(-\d+-\d+-?)?',
    C.DEPPON: r'DPK\d{12}|\d{8,10}',
    C.POST: _POSTAL,
    C.EMS: _POSTAL,
    C.PICKUP: r'[A-Z0-9]{0,20}',
}
EXAMPLES: dict[Courier, str] = {
    C.SF: 'SF1234567890123',
    C.ZTO: '75123456789012',
    C.YTO: 'YT1234567890123',
    C.STO: '772012345678901',
    C.YUNDA: '431234567890123',
    C.JT: 'JT1234567890123',
    C.JD: 'JDVB12345678901',
    C.DEPPON: 'DPK123456789012',
    C.POST: '9812345678901',
    C.EMS: '1234567890123',
}
# The page where a number can be typed in, and, where it can be named in the address, the address with it.
_PAGES: dict[Courier, tuple[str, str]] = {
    C.SF: ('https://www.sf-express.com/chn/sc/waybill/list', 'https://www.sf-express.com/chn/sc/waybill/waybill-detail/{}'),
    C.ZTO: ('https://www.zto.com/express/expressCheck.html', 'https://www.zto.com/express/expressCheck.html?txtBill={}'),
    C.YTO: ('https://www.yto.net.cn/query/order/', ''),
    C.STO: ('https://www.sto.cn/', ''),
    C.YUNDA: ('https://www.yundaex.com/cn/index.php', ''),
    C.JT: ('https://www.jtexpress.cn/', ''),
    C.JD: ('https://www.jdl.com/orderSearch/', 'https://www.jdl.com/orderSearch/?waybillCodes={}'),
    C.DEPPON: ('https://www.deppon.com/', ''),
    C.POST: ('https://www.ems.com.cn/', 'https://www.ems.com.cn/queryList?mailNum={}'),
    C.EMS: ('https://www.ems.com.cn/', 'https://www.ems.com.cn/queryList?mailNum={}'),
}  # fmt: skip
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class TrackingNumberError(BusinessError):
    """The tracking number does not look like one of this courier."""


def clean_number(text: str) -> str:
    """Return a number as it is kept: no blanks, capital letters, the plain digits of full-width ones."""
    return re.sub(r'\s', '', text).translate(_NARROW).upper()


def is_number_of(courier: Courier, number: str) -> bool:
    """Tell whether a clean number looks like one of this courier."""
    if not re.fullmatch(_NUMBERS[courier], number, re.ASCII):
        return False
    return courier not in {C.POST, C.EMS} or not number[-2:].isalpha() or is_s10(number)


def is_s10(number: str) -> bool:
    """Tell whether the check digit of an international postal number is right (UPU S10)."""
    digits = [int(digit) for digit in number[2:11]]
    total = sum(digit * weight for digit, weight in zip(digits, _S10_WEIGHTS, strict=False))
    return digits[8] == {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def read_tracking_number(courier: Courier, text: str) -> str:
    """Return the clean number; raises `TrackingNumberError` that says what one looks like."""
    number = clean_number(text)
    if is_number_of(courier, number):
        return number
    if courier not in EXAMPLES:
        message = _('自提或到店的凭证号最多 20 位字母、数字，可以不填。')
    elif fitting := [other.label for other in _NUMBERS if other in EXAMPLES and is_number_of(other, number)][:3]:
        message = _(
            '这不像%(courier)s的运单号，应像 %(example)s；它像是%(others)s的。',
            courier=courier.label,
            example=EXAMPLES[courier],
            others=_('、').join(fitting),
        )
    else:
        message = _(
            '这不像%(courier)s的运单号，应像 %(example)s，请核对后再填。',
            courier=courier.label,
            example=EXAMPLES[courier],
        )
    raise TrackingNumberError(message, field='tracking_number')


def tracking_page(courier: Courier, number: str) -> str:
    """Return the courier's public page of a parcel, else the one where its number can be typed in, else nothing."""
    page, with_number = _PAGES.get(courier, ('', ''))
    return with_number.format(quote(number)) if with_number and is_number_of(courier, number) else page


_NARROW = str.maketrans({chr(0xFF10 + digit): str(digit) for digit in range(10)})
