"""The day a figure is asked for, as it stands in an address."""

import re
from datetime import date

from flask_babel import gettext as _

from shop.kit.errors import BusinessError

_DAY = re.compile(r'\d{4}-\d{2}-\d{2}', re.ASCII)


class DayFormatError(BusinessError):
    """The text is not a day of the calendar."""


class FutureDayError(BusinessError):
    """The day has not come yet."""


def parse_day(text: str | None, *, today: date) -> date:
    """Read ``YYYY-MM-DD``; nothing is today. Raises `DayFormatError` or `FutureDayError`."""
    if not text:
        return today
    day = _calendar_day(text)
    if day is None:
        raise DayFormatError(_('“%(text)s”不是日期，请写成 2026-10-31 这样的年-月-日。', text=text[:20]), field='on')
    if day > today:
        raise FutureDayError(
            _('%(day)s 还没有到，最晚可查 %(today)s。', day=day.isoformat(), today=today.isoformat()), field='on'
        )
    return day


def _calendar_day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
