"""Tenures: taking office, handing over and ending; and the switch that hides a secretary's name."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.villages.models import (
    FirstSecretary,
    SponsorUnit,
    Tenure,
    TenureEvent,
    TenureMoveError,
    TenureStatus,
    Village,
    VillageMerge,
)

PRESENT_STATUSES = frozenset({TenureStatus.IN_OFFICE, TenureStatus.HANDING_OVER})
ENDED_STATUSES = frozenset({TenureStatus.ROTATED, TenureStatus.RECALLED, TenureStatus.ADJUSTED})


class VillageOccupiedError(BusinessError):
    """The village or the secretary has a present tenure already."""


class VillageMergeError(BusinessError):
    """A village cannot be joined to this one."""


def plan_tenure(
    secretary: FirstSecretary,
    village: Village,
    unit: SponsorUnit,
    *,
    starts_on: date,
    actor: User | None,
    at: datetime,
) -> Tenure:
    """Write down a tenure that has not begun."""
    tenure = Tenure(
        secretary=secretary, village=village, sponsor_unit=unit, starts_on=starts_on, status=TenureStatus.PLANNED
    )
    tenure.events.append(TenureEvent(at=at, actor_id=_id_of(actor), to_status=TenureStatus.PLANNED))
    db.session.add(tenure)
    db.session.flush()
    return tenure


def begin_tenure(tenure: Tenure, *, actor: User | None, at: datetime) -> None:
    """Let a planned secretary take office; raises `VillageOccupiedError`, `TenureMoveError`."""
    lock_row(tenure)
    occupied = db.session.scalar(
        select(Tenure.id).where(
            Tenure.status.in_(PRESENT_STATUSES),
            Tenure.id != tenure.id,
            (Tenure.village_id == tenure.village_id) | (Tenure.secretary_id == tenure.secretary_id),
        )
    )
    if occupied is not None:
        raise VillageOccupiedError(_('该村或该书记已有在任的任期，请先办理交接。'))
    tenure.move(TenureStatus.IN_OFFICE, actor_id=_id_of(actor), at=at)


def end_tenure(tenure: Tenure, how: TenureStatus, *, reason: str, actor: User | None, at: datetime) -> None:
    """End a tenure today: rotated, recalled or adjusted; past credit stays with it. Raises `TenureMoveError`.

    The goods it speaks for are handed over by `shop.endorsements.handover.hand_over_tenure`.
    """
    if how not in ENDED_STATUSES:
        raise TenureMoveError(_('结束任期只能是轮换、召回或个别调整。'))
    lock_row(tenure)
    tenure.move(how, actor_id=_id_of(actor), at=at, reason=reason)
    tenure.ends_on = max(clock.business_day(at), tenure.starts_on)
    db.session.flush()


def merge_villages(village: Village, into: Village, *, reason: str, actor: User | None, at: datetime) -> VillageMerge:
    """Join a village to another of its county today, and keep who did it and why.

    Nothing that is written down moves: households keep their register, number and ordinal, sales and reach stay with
    the place they were booked for, so no figure of any day changes. From now on the register of the other village
    comprises this one's (`shop.villages.queries.register_of`), and its secretary may speak for these goods.
    Raises `VillageMergeError`, and `VillageOccupiedError` while a secretary is present in the village that ends.
    """
    for place in sorted((village, into), key=lambda place: place.id):
        lock_row(place)
    if village.id == into.id or village.county_id != into.county_id:
        raise VillageMergeError(_('只能并入同一个县(市、区)的另一个村。'))
    earlier = select(VillageMerge.village_id).where(VillageMerge.village_id.in_((village.id, into.id)))
    ended = set(db.session.scalars(earlier))
    if village.id in ended:
        raise VillageMergeError(_('%(name)s已经并入别的村。', name=village.name))
    if into.id in ended:
        raise VillageMergeError(_('%(name)s已经并入别的村，请选它并入的那个村。', name=into.name))
    if present_tenure(village.id) is not None:
        raise VillageOccupiedError(_('该村还有在任的第一书记，请先办理交接。'))
    merge = VillageMerge(
        village_id=village.id, into_id=into.id, merged_on=clock.business_day(at), at=at, actor_id=_id_of(actor),
        reason=reason,
    )  # fmt: skip
    db.session.add(merge)
    db.session.flush()
    return merge


def hide_secretary(secretary: FirstSecretary, *, is_hidden: bool) -> None:
    """Hide or show a secretary's name and photo in public."""
    secretary.is_name_hidden = is_hidden


def present_tenure(village_id: int) -> Tenure | None:
    """Return the tenure in office (or handing over) in a village."""
    return db.session.scalar(select(Tenure).where(Tenure.village_id == village_id, Tenure.status.in_(PRESENT_STATUSES)))


def _id_of(actor: User | None) -> int | None:
    return actor.id if actor is not None else None
