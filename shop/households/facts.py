"""What holds for households on a day: their status, their marks, and what decides whether they may benefit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from shop.households.models import HouseholdMark, HouseholdMember, MarkKind
from shop.kit.database import db
from shop.villages.models import Household, HouseholdStatus, HouseholdStatusKind


@dataclass(frozen=True)
class FindingsFacts:
    """What the register says of a household on a day, for whoever looks whether it may benefit."""

    people: int
    named_people: int
    is_village_cadre: bool
    is_fiscally_paid: bool
    is_deceased: bool
    is_closed: bool
    status: str
    marked_since: Mapping[MarkKind, date] = field(default_factory=dict)


def household_findings_facts(household_ids: Collection[int], *, on: date) -> dict[int, FindingsFacts]:
    """Return the facts of these households on a day; `named_people` counts the head and the members by name."""
    status = status_kind_id(on)
    members = (
        select(func.count())
        .select_from(HouseholdMember)
        .where(
            HouseholdMember.household_id == Household.id,
            or_(HouseholdMember.left_on.is_(None), HouseholdMember.left_on > on),
        )
        .correlate(Household)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Household.id, Household.people, members.label('members'), HouseholdStatusKind.name)
        .outerjoin(HouseholdStatusKind, HouseholdStatusKind.id == status)
        .where(Household.id.in_(household_ids))
    )
    marks: dict[int, dict[MarkKind, date]] = {}
    standing = select(HouseholdMark.household_id, HouseholdMark.kind, HouseholdMark.since_on).where(
        HouseholdMark.household_id.in_(household_ids), mark_stands(on)
    )
    for household_id, kind, since_on in db.session.execute(standing):
        marks.setdefault(household_id, {})[kind] = since_on
    return {
        row.id: FindingsFacts(
            people=row.people,
            named_people=row.members + 1,
            is_village_cadre=MarkKind.VILLAGE_CADRE in marks.get(row.id, ()),
            is_fiscally_paid=MarkKind.FISCALLY_PAID in marks.get(row.id, ()),
            is_deceased=MarkKind.DECEASED in marks.get(row.id, ()),
            is_closed=MarkKind.CLOSED in marks.get(row.id, ()),
            status=row.name or '',
            marked_since=marks.get(row.id, {}),
        )
        for row in rows
    }


def mark_stands(on: date) -> ColumnElement[bool]:
    """Tell whether a mark stands on a day."""
    return and_(HouseholdMark.since_on <= on, or_(HouseholdMark.until_on.is_(None), HouseholdMark.until_on > on))


def status_kind_id(on: date) -> ColumnElement[int]:
    """Select the id of the word that holds for a household on a day."""
    status = aliased(HouseholdStatus)
    return (
        select(status.kind_id)
        .where(status.household_id == Household.id, status.since_on <= on)
        .order_by(status.since_on.desc())
        .limit(1)
        .correlate(Household)
        .scalar_subquery()
    )
