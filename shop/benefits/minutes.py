"""Minutes of the villagers' representatives' meeting that agreed to a version."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from shop.benefits.models import AgreementMinutes, AgreementVersion
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader

MINUTES_FIELDS = ('eligible', 'present', 'in_favour', 'resolution')
MAX_REPRESENTATIVES = 1_000
MAX_RESOLUTION = 500


class MinutesError(BusinessError):
    """A meeting that could not be held, or a resolution that was not passed."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Who should have met on a day, who did, who agreed, and to what."""

    held_on: date
    eligible: int
    present: int
    in_favour: int
    resolution: str


def read_minutes(reader: FieldReader, held_on: date | None) -> Minutes | None:
    """Read the minutes of a meeting; all fields are empty or none is, else there are messages beside them."""
    if not any(reader.raw(name) for name in MINUTES_FIELDS):
        return None
    if held_on is None:
        reader.errors.setdefault('meeting_on', _('有会议记录就要填会议日期。'))
    minutes = Minutes(
        held_on=held_on or date.min,
        eligible=reader.whole('eligible', _('应到代表'), least=1, most=MAX_REPRESENTATIVES),
        present=reader.whole('present', _('实到代表'), least=1, most=MAX_REPRESENTATIVES),
        in_favour=reader.whole('in_favour', _('同意人数'), least=1, most=MAX_REPRESENTATIVES),
        resolution=reader.text('resolution', _('决议'), limit=MAX_RESOLUTION),
    )
    if not reader.errors.keys() & set(MINUTES_FIELDS):
        reader.errors |= minutes_errors(minutes)
    return None if reader.errors else minutes


def minutes_errors(minutes: Minutes) -> dict[str, str]:
    """Return by field why such a meeting decided nothing; empty when it did.

    By the law on villagers' committees two thirds of the representatives make a meeting, and more than half of
    those present a resolution.
    """
    errors = {}
    quorum, majority = -(-minutes.eligible * 2 // 3), minutes.present // 2 + 1
    if minutes.present > minutes.eligible:
        errors['present'] = _('实到不能多于应到的 %(n)s 人。', n=minutes.eligible)
    elif minutes.present < quorum:
        errors['present'] = _(
            '应到 %(n)s 人，三分之二以上（至少 %(least)s 人）到会才能开会。', n=minutes.eligible, least=quorum
        )
    if minutes.in_favour > minutes.present:
        errors['in_favour'] = _('同意人数不能多于实到的 %(n)s 人。', n=minutes.present)
    elif minutes.in_favour < majority:
        errors['in_favour'] = _(
            '实到 %(n)s 人，过半数（至少 %(least)s 人）同意才算通过。', n=minutes.present, least=majority
        )
    return errors


def record_minutes(version: AgreementVersion, minutes: Minutes | None) -> None:
    """Keep the minutes of a draft, or that there are none; raises `MinutesError` for a meeting that decided nothing."""
    if minutes is None:
        version.minutes = None
        return
    for field, message in minutes_errors(minutes).items():
        raise MinutesError(message, field=field)
    kept = version.minutes
    if kept is None:
        kept = version.minutes = AgreementMinutes()
    kept.held_on, kept.resolution = minutes.held_on, minutes.resolution
    kept.eligible, kept.present, kept.in_favour = minutes.eligible, minutes.present, minutes.in_favour
    db.session.flush()


def typed_minutes(kept: AgreementMinutes | None) -> dict[str, str]:
    """Return kept minutes as they are typed."""
    return {name: str(getattr(kept, name)) for name in MINUTES_FIELDS} if kept is not None else {}
