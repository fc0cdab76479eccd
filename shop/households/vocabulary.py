"""The vocabulary of household statuses: the city's department adds, renames, orders, retires; a used word stays."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.households.columns import USUAL_STATUSES
from shop.households.models import StatusKindEvent
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.villages.models import HouseholdStatus, HouseholdStatusKind

MAX_WORD = 30
RETIRED, BACK, DELETED = kept('停用'), kept('重新启用'), kept('删除')
SHOWN_EVENTS = 20


class StatusWordError(BusinessError):
    """The word is empty, too long, or there already."""


class StatusUsedError(BusinessError):
    """A word that stands on a household is not deleted."""


def status_kinds(*, with_retired: bool = False) -> list[HouseholdStatusKind]:
    """Return the vocabulary in its order."""
    statement = select(HouseholdStatusKind).order_by(HouseholdStatusKind.position, HouseholdStatusKind.id)
    return list(db.session.scalars(statement if with_retired else statement.where(~HouseholdStatusKind.is_retired)))


def status_uses() -> dict[int, int]:
    """Return how many entries carry each word, now or before."""
    rows = db.session.execute(
        select(HouseholdStatus.kind_id, func.count().label('uses')).group_by(HouseholdStatus.kind_id)
    )
    return {row.kind_id: row.uses for row in rows}


def status_events() -> list[StatusKindEvent]:
    """Return the last changes, newest first."""
    return list(db.session.scalars(select(StatusKindEvent).order_by(StatusKindEvent.id.desc()).limit(SHOWN_EVENTS)))


def add_status(name: str, *, actor: User, at: datetime) -> HouseholdStatusKind:
    """Add a word at the end; raises `StatusWordError`."""
    _require_new(name, None)
    last = db.session.scalar(select(func.max(HouseholdStatusKind.position))) or 0
    kind = HouseholdStatusKind(code=f'added_{_next_code()}', name=name, position=last + 1)
    db.session.add(kind)
    db.session.flush()
    _note(kind.id, '', name, actor, at)
    return kind


def add_usual_statuses(*, actor: User, at: datetime) -> None:
    """Add the words of the national register that are not there yet."""
    known = {kind.name for kind in status_kinds(with_retired=True)}
    for name in USUAL_STATUSES:
        if name not in known:
            add_status(name, actor=actor, at=at)


def rename_status(kind: HouseholdStatusKind, name: str, *, actor: User, at: datetime) -> None:
    """Give a word another name, on every household that carries it; raises `StatusWordError`."""
    lock_row(kind)
    if name == kind.name:
        return
    _require_new(name, kind.id)
    _note(kind.id, kind.name, name, actor, at)
    kind.name = name
    db.session.flush()


def move_status(kind: HouseholdStatusKind, *, up: bool, actor: User, at: datetime) -> None:
    """Let a word change places with its neighbour; at the end it stays."""
    kinds = status_kinds(with_retired=True)
    place = next(index for index, one in enumerate(kinds) if one.id == kind.id)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(kinds):
        return
    before = kinds[place].name
    kinds[place], kinds[other] = kinds[other], kinds[place]
    for position, one in enumerate(kinds, 1):
        one.position = position
    _note(kind.id, before, f'{before} → {other + 1}', actor, at)
    db.session.flush()


def retire_status(kind: HouseholdStatusKind, *, is_retired: bool, actor: User, at: datetime) -> None:
    """Take a word out of use, or back; those who carry it keep it."""
    lock_row(kind)
    if kind.is_retired == is_retired:
        return
    kind.is_retired = is_retired
    _note(kind.id, kind.name, RETIRED if is_retired else BACK, actor, at)


def delete_status(kind: HouseholdStatusKind, *, actor: User, at: datetime) -> None:
    """Delete a word nobody ever carried; raises `StatusUsedError`."""
    lock_row(kind)
    if db.session.scalar(select(HouseholdStatus.id).where(HouseholdStatus.kind_id == kind.id).limit(1)) is not None:
        raise StatusUsedError(_('“%(name)s”已有农户使用，不能删除，可以停用。', name=kind.name), field='name')
    for event in db.session.scalars(select(StatusKindEvent).where(StatusKindEvent.kind_id == kind.id)):
        event.kind_id = None
    _note(None, kind.name, DELETED, actor, at)
    db.session.flush()
    db.session.delete(kind)
    db.session.flush()


def _require_new(name: str, own_id: int | None) -> None:
    if not 0 < len(name) <= MAX_WORD:
        raise StatusWordError(_('填 1 到 %(n)s 个字。', n=MAX_WORD), field='name')
    other = db.session.scalar(select(HouseholdStatusKind.id).where(HouseholdStatusKind.name == name))
    if other is not None and other != own_id:
        raise StatusWordError(_('已经有“%(name)s”。', name=name), field='name')


def _next_code() -> int:
    """Return a number no word has had: events remember deleted ones too."""
    last_event = db.session.scalar(select(func.max(StatusKindEvent.id))) or 0
    last_kind = db.session.scalar(select(func.max(HouseholdStatusKind.id))) or 0
    return max(last_event, last_kind) + 1


def _note(kind_id: int | None, before: str, after: str, actor: User, at: datetime) -> None:
    db.session.add(StatusKindEvent(kind_id=kind_id, at=at, actor_id=actor.id, before=before, after=after))
