"""How the three household measures grew, at the end of each month."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from sqlalchemy import func, select

from shop.benefits.models import AgreementShare, AgreementVersion
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.models import BenefitPayout, HouseholdReach
from shop.ledger.reach import first_reached
from shop.statistics.places import WHOLE, Scope
from shop.statistics.sales import Sources
from shop.villages.models import Household, Village


@dataclass(frozen=True, slots=True)
class HouseholdPoint:
    """The three measures at the end of a month, or at the day asked for in the last one."""

    month: date
    covered: int
    accrued: int
    paid: int


def household_trend(months: Sequence[date], parts: Sources, scope: Scope = WHOLE) -> list[HouseholdPoint]:
    """Return the measures at the end of each month, the last one at the day asked for."""
    covered = _covered(months, parts.on, scope)
    accrued = _running(_accrued(parts, scope), months)
    paid = _running(_paid(parts.on, scope), months)
    return [HouseholdPoint(*point) for point in zip(months, covered, accrued, paid, strict=True)]


def _accrued(parts: Sources, scope: Scope) -> Counter[date]:
    """Count the households first reached, by month: whole months from the bitmaps' counts, then from the shares."""
    bitmaps = (
        select(HouseholdReach.month, func.sum(HouseholdReach.household_count))
        .join(Village, Village.id == HouseholdReach.village_id)
        .where(HouseholdReach.month < parts.months_until, *scope.conditions)
        .group_by(HouseholdReach.month)
    )
    found = Counter({month: int(count) for month, count in db.session.execute(bitmaps)})
    shares = (
        first_reached(parts.months_until, parts.on)
        .join(Village, Village.id == Household.village_id)
        .where(*scope.conditions)
    )
    for row in db.session.execute(shares):
        found[clock.month_of(row.accrued_on)] += 1
    return found


def _paid(on: date, scope: Scope) -> Counter[date]:
    first = (
        select(func.min(BenefitPayout.booked_on).label('day'))
        .join(Household, Household.id == BenefitPayout.household_id)
        .join(Village, Village.id == Household.village_id)
        .where(BenefitPayout.booked_on <= on, *scope.conditions)
        .group_by(BenefitPayout.household_id)
        .subquery()
    )
    days = select(first.c.day, func.count()).group_by(first.c.day)
    found: Counter[date] = Counter()
    for day, count in db.session.execute(days):
        found[clock.month_of(day)] += count
    return found


def _covered(months: Sequence[date], on: date, scope: Scope) -> list[int]:
    """Count the households with an agreement in force at the end of each month."""
    ends = [min(clock.next_month(month) - timedelta(days=1), on) for month in months]
    changes = [0] * (len(ends) + 1)
    for spans in _agreement_spans(on, scope).values():
        held = [any(since <= end and (until is None or until > end) for since, until in spans) for end in ends]
        for index, (before, now) in enumerate(zip([False, *held], held, strict=False)):
            changes[index] += now - before
    return list(accumulate(changes[: len(ends)]))


def _agreement_spans(on: date, scope: Scope) -> dict[int, list[tuple[date, date | None]]]:
    """Return from when to when each household stood on agreements that came into force by `on`."""
    spans: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for household_id, since, until in db.session.execute(
        select(AgreementShare.household_id, AgreementVersion.in_force_on, AgreementVersion.ended_on)
        .join(AgreementVersion, AgreementVersion.id == AgreementShare.version_id)
        .join(Household, Household.id == AgreementShare.household_id)
        .join(Village, Village.id == Household.village_id)
        .where(AgreementVersion.in_force_on <= on, *scope.conditions)
    ):
        assert since is not None
        spans[household_id].append((since, until))
    return spans


def _running(found: Counter[date], months: Sequence[date]) -> list[int]:
    """Return the running total at each month; what came before the first month counts from there on."""
    before = sum(count for month, count in found.items() if months and month < months[0])
    return list(accumulate((found[month] for month in months), initial=before))[1:]
