"""Keeping the register: entering and changing a household, its status, marks, members and pairing."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.households.models import (
    HEAD_NAME,
    EventKind,
    HouseholdEvent,
    HouseholdMark,
    HouseholdMember,
    MarkKind,
    Pairing,
    PartyMember,
    Relation,
)
from shop.kit import clock
from shop.kit.crypto import keyed_code
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.villages.models import Household, HouseholdStatus, HouseholdStatusKind, Village

# The columns of an entry that a person changes, with the words the history has for them.
FIELDS = {
    'number': kept('户编号'),
    'head_name': HEAD_NAME,
    'group_name': kept('村民小组'),
    'people': kept('家庭人口数'),
    'attribute': kept('户属性'),
    'left_poverty_on': kept('脱贫日'),
}
MAX_CODE_TURNS = 1_000


class NumberTakenError(BusinessError):
    """Another household of the village has this number."""


class DayError(BusinessError):
    """The day lies before what it should follow, or is still to come."""


class StillMarkedError(BusinessError):
    """The household carries this mark already."""


class StillPairedError(BusinessError):
    """Somebody stands by this household already."""


class RetiredStatusError(BusinessError):
    """The word is in use no longer."""


@dataclass(frozen=True)
class Entry:
    """What is written down of a household."""

    number: str
    head_name: str
    group_name: str
    people: int
    attribute: str = ''
    left_poverty_on: date | None = None


def note(
    household: Household,
    kind: EventKind,
    *,
    actor: User | None,
    at: datetime,
    subject: str = '',
    before: object = '',
    after: object = '',
    text: str = '',
) -> None:
    """Keep what happened."""
    db.session.add(
        HouseholdEvent(
            household_id=household.id,
            at=at,
            actor_id=actor.id if actor is not None else None,
            kind=kind,
            subject=subject,
            before=_written(before),
            after=_written(after),
            note=text,
        )
    )


def enter_household(village: Village, entry: Entry, *, key: str, actor: User, at: datetime) -> Household:
    """Enter a household at the end of the village's register; raises `NumberTakenError`, `DayError`."""
    lock_row(village)
    _require_free(village.id, entry.number)
    today = clock.business_day(at)
    _require_past(entry.left_poverty_on, today, 'left_poverty_on')
    last = db.session.scalar(select(func.max(Household.ordinal)).where(Household.village_id == village.id))
    household = Household(
        village_id=village.id,
        ordinal=0 if last is None else last + 1,
        self_check_code=_free_code(key, f'{village.id}:{entry.number}'),
        registered_on=today,
        **vars(entry),
    )
    db.session.add(household)
    db.session.flush()
    note(household, EventKind.ENTERED, actor=actor, at=at, after=entry.number)
    return household


def change_household(household: Household, entry: Entry, *, actor: User, at: datetime) -> list[str]:
    """Change an entry and keep what it was; return the names of what changed. Raises `NumberTakenError`, `DayError`."""
    lock_row(household)
    if entry.number != household.number:
        _require_free(household.village_id, entry.number)
    _require_past(entry.left_poverty_on, clock.business_day(at), 'left_poverty_on')
    changed = [name for name in FIELDS if getattr(entry, name) != getattr(household, name)]
    for name in changed:
        note(
            household,
            EventKind.CHANGED,
            actor=actor,
            at=at,
            subject=FIELDS[name],
            before=getattr(household, name),
            after=getattr(entry, name),
        )
        setattr(household, name, getattr(entry, name))
    db.session.flush()
    return changed


def set_status(
    household: Household, kind: HouseholdStatusKind, *, since_on: date, actor: User, at: datetime
) -> HouseholdStatus:
    """Give a status from a day on; of two on one day the later stands. Raises `DayError`, `RetiredStatusError`."""
    lock_row(household)
    _require_past(since_on, clock.business_day(at), 'since_on')
    if kind.is_retired:
        raise RetiredStatusError(_('“%(name)s”已停用，请选另一个。', name=kind.name), field='status')
    before = status_on(household, since_on)
    own = next((status for status in household.statuses if status.since_on == since_on), None)
    if own is None:
        own = HouseholdStatus(kind=kind, since_on=since_on)
        household.statuses.append(own)
    own.kind = kind
    text = since_on.isoformat()
    old = before.kind.name if before is not None and before is not own else ''
    note(household, EventKind.STATUS, actor=actor, at=at, before=old, after=kind.name, text=text)
    db.session.flush()
    return own


def status_on(household: Household, on: date) -> HouseholdStatus | None:
    """Return the status that holds on a day."""
    held = [status for status in household.statuses if status.since_on <= on]
    return max(held, key=lambda status: status.since_on, default=None)


def mark_household(
    household: Household, kind: MarkKind, *, since_on: date, text: str, actor: User, at: datetime
) -> HouseholdMark:
    """Put a mark on a household from a day on; raises `StillMarkedError`, `DayError`."""
    lock_row(household)
    _require_past(since_on, clock.business_day(at), 'mark_since_on')
    standing = select(HouseholdMark.id).where(
        HouseholdMark.household_id == household.id, HouseholdMark.kind == kind, HouseholdMark.until_on.is_(None)
    )
    if db.session.scalar(standing) is not None:
        raise StillMarkedError(_('这一户已有“%(mark)s”标记。', mark=kind.label), field='mark')
    mark = HouseholdMark(household_id=household.id, kind=kind, since_on=since_on, note=text)
    db.session.add(mark)
    note(household, EventKind.MARKED, actor=actor, at=at, subject=kind.source_label, after=since_on, text=text)
    db.session.flush()
    return mark


def unmark_household(household: Household, mark: HouseholdMark, *, until_on: date, actor: User, at: datetime) -> None:
    """Take a mark off; on one that is off already nothing happens. Raises `DayError`."""
    lock_row(household)
    lock_row(mark)
    if mark.until_on is not None:
        return
    _require_between(until_on, mark.since_on, clock.business_day(at))
    mark.until_on = until_on
    note(household, EventKind.UNMARKED, actor=actor, at=at, subject=mark.kind.source_label, after=until_on.isoformat())


def enter_member(household: Household, name: str, relation: Relation, *, actor: User, at: datetime) -> HouseholdMember:
    """Enter a member who must be known by name."""
    member = HouseholdMember(household_id=household.id, name=name, relation=relation)
    db.session.add(member)
    note(household, EventKind.MEMBER, actor=actor, at=at, subject=relation.source_label, after=name)
    db.session.flush()
    return member


def leave_household(household: Household, member: HouseholdMember, *, left_on: date, actor: User, at: datetime) -> None:
    """Let a member leave; one who has left already stays so. Raises `DayError`."""
    lock_row(member)
    if member.left_on is not None:
        return
    _require_past(left_on, clock.business_day(at), 'until_on')
    member.left_on = left_on
    note(
        household,
        EventKind.MEMBER,
        actor=actor,
        at=at,
        subject=member.relation.source_label,
        before=member.name,
        text=left_on.isoformat(),
    )


def pair_household(household: Household, name: str, unit: str, *, since_on: date, actor: User, at: datetime) -> Pairing:
    """Let a party member stand by a household from a day on; raises `StillPairedError`, `DayError`."""
    lock_row(household.village)
    lock_row(household)
    _require_past(since_on, clock.business_day(at), 'paired_since_on')
    open_pairing = select(Pairing.id).where(Pairing.household_id == household.id, Pairing.until_on.is_(None))
    if db.session.scalar(open_pairing) is not None:
        raise StillPairedError(_('这一户已有帮带党员，先结束原来的结对。'), field='party_member')
    pairing = Pairing(
        party_member=_party_member(household.village, name, unit), household_id=household.id, since_on=since_on
    )
    db.session.add(pairing)
    note(household, EventKind.PAIRED, actor=actor, at=at, after=name, text=since_on.isoformat())
    db.session.flush()
    return pairing


def unpair_household(household: Household, pairing: Pairing, *, until_on: date, actor: User, at: datetime) -> None:
    """End a pairing; an ended one stays as it is. Raises `DayError`."""
    lock_row(pairing)
    if pairing.until_on is not None:
        return
    _require_between(until_on, pairing.since_on, clock.business_day(at))
    pairing.until_on = until_on
    note(
        household,
        EventKind.UNPAIRED,
        actor=actor,
        at=at,
        before=pairing.party_member.name,
        text=until_on.isoformat(),
    )


def _party_member(village: Village, name: str, unit: str) -> PartyMember:
    """Return the party member of the village (whose row is held) with this name and unit, or a new one."""
    known = select(PartyMember).where(
        PartyMember.village_id == village.id, PartyMember.name == name, PartyMember.unit == unit
    )
    found = db.session.scalar(known)
    if found is None:
        found = PartyMember(village_id=village.id, name=name, unit=unit)
        db.session.add(found)
    return found


def _free_code(key: str, subject: str) -> str:
    """Return a self-check code nobody has; among thousands two may fall on the same letters, so another is drawn."""
    for turn in range(MAX_CODE_TURNS):
        code = keyed_code(key.encode(), f'{subject}#{turn}' if turn else subject)
        if db.session.scalar(select(Household.id).where(Household.self_check_code == code)) is None:
            return code
    raise RuntimeError('no free self-check code')


def _require_free(village_id: int, number: str) -> None:
    taken = select(Household.id).where(Household.village_id == village_id, Household.number == number)
    if db.session.scalar(taken) is not None:
        raise NumberTakenError(_('本村已有户编号 %(number)s，请核对。', number=number), field='number')


def _require_past(day: date | None, today: date, field: str) -> None:
    if day is not None and day > today:
        raise DayError(_('不能填以后的日期，最晚 %(today)s。', today=today), field=field)


def _require_between(day: date, first: date, today: date) -> None:
    if not first <= day <= today:
        raise DayError(_('日期应在 %(first)s 到 %(today)s 之间。', first=first, today=today), field='until_on')


def _written(value: object) -> str:
    return '' if value is None else str(value)[:120]
