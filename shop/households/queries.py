"""What pages ask of the register: lists with their counts, one household with everything beside it, who read what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import selectinload

from shop.accounts.models import User
from shop.households.facts import mark_stands, status_kind_id
from shop.households.models import (
    HouseholdConsent,
    HouseholdEvent,
    HouseholdMark,
    HouseholdMember,
    HouseholdNumber,
    HouseholdReveal,
    NumberKind,
    Pairing,
    PartyMember,
)
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.villages.models import Household, HouseholdStatusKind, Village
from shop.villages.scope import villages_in_scope

Row = TypeVar('Row')

PAGE_SIZE = 40
SHOWN_EVENTS = 60
LONGEST_SEARCH = 40
# What the list can be narrowed to beside a status.
MARKED, PAIRED, UNPAIRED, OUT_OF_POVERTY, WITHOUT_ID, WITHOUT_BANK = (
    'marked', 'paired', 'unpaired', 'out', 'no-id', 'no-bank',
)  # fmt: skip
NARROWINGS = (MARKED, PAIRED, UNPAIRED, OUT_OF_POVERTY, WITHOUT_ID, WITHOUT_BANK)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; `names` tells whether the heads' names are searched too."""

    text: str = ''
    status_id: int | None = None
    narrowing: str = ''
    group: str = ''
    village_id: int | None = None
    names: bool = True
    page: int = 1


@dataclass
class ListedHousehold:
    """A row of the list."""

    household: Household
    status: HouseholdStatusKind | None
    marks: list[HouseholdMark] = field(default_factory=list)
    party_member: PartyMember | None = None


@dataclass(frozen=True)
class RegisterCounts:
    """The sums above the list, of the whole register."""

    households: int
    people: int
    paired: int
    party_members: int
    out_of_poverty: int
    paired_out_of_poverty: int
    with_id: int
    with_bank: int
    by_status: dict[int, int]
    groups: list[str]


def list_households(villages: Select[int], wanted: Wanted, *, on: date) -> Page[ListedHousehold]:
    """Return the households of these villages that are wanted, in the register's order."""
    status = status_kind_id(on)
    conditions = [Household.village_id.in_(villages), *_conditions(wanted, status)]
    total = db.session.scalar(select(func.count()).select_from(Household).where(*conditions)) or 0
    rows = db.session.execute(
        select(Household, HouseholdStatusKind)
        .join(Village, Village.id == Household.village_id)
        .outerjoin(HouseholdStatusKind, HouseholdStatusKind.id == status)
        .where(*conditions)
        .order_by(Village.county_id, Village.position, Village.id, Household.ordinal)
        .limit(PAGE_SIZE)
        .offset((wanted.page - 1) * PAGE_SIZE)
        .options(selectinload(Household.village))
    ).all()
    listed = {household.id: ListedHousehold(household, kind) for household, kind in rows}
    for mark in db.session.scalars(
        select(HouseholdMark).where(HouseholdMark.household_id.in_(listed), mark_stands(on))
    ):
        listed[mark.household_id].marks.append(mark)
    pairings = select(Pairing.household_id, PartyMember).join(PartyMember).where(Pairing.until_on.is_(None))
    for household_id, party_member in db.session.execute(pairings.where(Pairing.household_id.in_(listed))):
        listed[household_id].party_member = party_member
    return Page(list(listed.values()), wanted.page, PAGE_SIZE, total)


def count_register(villages: Select[int], *, on: date) -> RegisterCounts:
    """Count the register of these villages."""
    inside = Household.village_id.in_(villages)
    households, people, out = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Household.people), 0), func.count(Household.left_poverty_on)).where(
            inside
        )
    ).one()
    paired, party_members, paired_out = db.session.execute(
        select(func.count(), func.count(Pairing.party_member_id.distinct()), func.count(Household.left_poverty_on))
        .select_from(Pairing)
        .join(Household, Household.id == Pairing.household_id)
        .where(Pairing.until_on.is_(None), inside)
    ).one()
    numbers = db.session.execute(
        select(HouseholdNumber.kind, func.count().label('n'))
        .join(Household, Household.id == HouseholdNumber.household_id)
        .where(inside)
        .group_by(HouseholdNumber.kind)
    )
    kept = {row.kind: row.n for row in numbers}
    status = status_kind_id(on).label('status')
    held = select(status).where(inside).subquery()
    by_status = db.session.execute(select(held.c.status, func.count().label('n')).group_by(held.c.status))
    groups = db.session.scalars(
        select(Household.group_name).where(inside).group_by(Household.group_name).order_by(func.min(Household.ordinal))
    )
    return RegisterCounts(
        households=households,
        people=int(people),
        paired=paired,
        party_members=party_members,
        out_of_poverty=out,
        paired_out_of_poverty=paired_out,
        with_id=kept.get(NumberKind.ID_NUMBER, 0),
        with_bank=kept.get(NumberKind.BANK_ACCOUNT, 0),
        by_status={row.status: row.n for row in by_status if row.status is not None},
        groups=[group for group in groups if group],
    )


@dataclass(frozen=True)
class HouseholdFile:
    """One household with everything beside it."""

    household: Household
    marks: Sequence[HouseholdMark]
    members: Sequence[HouseholdMember]
    pairings: Sequence[Pairing]
    consents: Sequence[HouseholdConsent]
    numbers: dict[NumberKind, HouseholdNumber]
    events: Sequence[HouseholdEvent]
    reveals: Sequence[HouseholdReveal]


def open_file(household: Household) -> HouseholdFile:
    """Gather what there is of a household."""
    own = household.id
    numbers = db.session.scalars(select(HouseholdNumber).where(HouseholdNumber.household_id == own))
    return HouseholdFile(
        household,
        _all(select(HouseholdMark).where(HouseholdMark.household_id == own).order_by(HouseholdMark.id)),
        _all(select(HouseholdMember).where(HouseholdMember.household_id == own).order_by(HouseholdMember.id)),
        _all(
            select(Pairing)
            .where(Pairing.household_id == own)
            .order_by(Pairing.id.desc())
            .options(selectinload(Pairing.party_member))
        ),
        _all(select(HouseholdConsent).where(HouseholdConsent.household_id == own).order_by(HouseholdConsent.id)),
        {number.kind: number for number in numbers},
        _all(
            select(HouseholdEvent)
            .where(HouseholdEvent.household_id == own)
            .order_by(HouseholdEvent.at.desc(), HouseholdEvent.id.desc())
            .limit(SHOWN_EVENTS)
            .options(selectinload(HouseholdEvent.actor))
        ),
        _all(
            select(HouseholdReveal)
            .where(HouseholdReveal.household_id == own)
            .order_by(HouseholdReveal.id.desc())
            .limit(SHOWN_EVENTS)
            .options(selectinload(HouseholdReveal.actor))
        ),
    )


def household_in(villages: Select[int], household_id: int) -> Household:
    """Return a household of these villages; raises `NotFoundError` for any other."""
    household = db.session.scalar(
        select(Household).where(Household.id == household_id, Household.village_id.in_(villages))
    )
    if household is None:
        raise NotFoundError
    return household


def page_of_reveals(user: User, number: int) -> Page[HouseholdReveal]:
    """Return who read which number in the user's scope, newest first."""
    inside = HouseholdReveal.household_id.in_(
        select(Household.id).where(Household.village_id.in_(villages_in_scope(user)))
    )
    total = db.session.scalar(select(func.count()).select_from(HouseholdReveal).where(inside)) or 0
    rows = db.session.scalars(
        select(HouseholdReveal)
        .where(inside)
        .order_by(HouseholdReveal.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
        .options(
            selectinload(HouseholdReveal.actor),
            selectinload(HouseholdReveal.household).selectinload(Household.village),
        )
    ).all()
    return Page(rows, number, PAGE_SIZE, total)


def _all(statement: Select[Row]) -> Sequence[Row]:
    return db.session.scalars(statement).all()


def _conditions(wanted: Wanted, status: ColumnElement[int]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = [Household.number, Household.group_name, *([Household.head_name] if wanted.names else [])]
        found.append(or_(false(), *(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.status_id is not None:
        found.append(status == wanted.status_id)
    if wanted.group:
        found.append(Household.group_name == wanted.group)
    if wanted.village_id is not None:
        found.append(Household.village_id == wanted.village_id)
    if wanted.narrowing in NARROWINGS:
        found.append(_narrowed(wanted.narrowing))
    return found


def _narrowed(narrowing: str) -> ColumnElement[bool]:
    paired = select(Pairing.id).where(Pairing.household_id == Household.id, Pairing.until_on.is_(None)).exists()
    marked = (
        select(HouseholdMark.id)
        .where(HouseholdMark.household_id == Household.id, HouseholdMark.until_on.is_(None))
        .exists()
    )

    def has(kind: NumberKind) -> ColumnElement[bool]:
        return (
            select(HouseholdNumber.id)
            .where(HouseholdNumber.household_id == Household.id, HouseholdNumber.kind == kind)
            .exists()
        )

    return {
        MARKED: marked,
        PAIRED: paired,
        UNPAIRED: ~paired,
        OUT_OF_POVERTY: Household.left_poverty_on.is_not(None),
        WITHOUT_ID: ~has(NumberKind.ID_NUMBER),
        WITHOUT_BANK: ~has(NumberKind.BANK_ACCOUNT),
    }[narrowing]
