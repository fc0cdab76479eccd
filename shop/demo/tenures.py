"""First secretaries and their tenures: most stay, some rotate, one is recalled, one is still to come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from shop.accounts.models import Role
from shop.demo import words
from shop.demo.people import Officials, add_user, grant
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.sizes import Sizes
from shop.demo.stage import TenureSpan, VillagePlan
from shop.villages.models import FirstSecretary, Gender, SponsorUnit, Tenure, TenureEvent, TenureStatus

ENDED = {
    TenureStatus.ROTATED: '驻村期满，按期轮换',
    TenureStatus.RECALLED: '履职不力，群众反映差，按规定召回',
    TenureStatus.ADJUSTED: '原单位机构调整，个别调整',
}


@dataclass(frozen=True, slots=True)
class _Ending:
    """When and how a first tenure ends."""

    on: date
    status: TenureStatus


def plan_tenures(
    rows: Rows,
    rng: Random,
    period: Period,
    sizes: Sizes,
    villages: list[VillagePlan],
    officials: Officials,
    *,
    keep: VillagePlan,
) -> None:
    """Give every village a secretary in office at the end; `keep` has the same one all the time."""
    endings = _endings(rng, period, sizes, [village for village in villages if village is not keep])
    roster = Roster(rows, rng)
    for village in villages:
        starts = period.first - timedelta(days=rng.randrange(20, 240))
        ending = endings.get(village.id)
        village.tenures.append(_add_tenure(rows, rng, roster, village, starts, ending, officials))
        if ending is not None:
            starts = ending.on + timedelta(days=rng.randrange(1, 9))
            village.tenures.append(_add_tenure(rows, rng, roster, village, starts, None, officials))
    _add_planned(rows, rng, roster, period, villages[-1], officials)


def _endings(rng: Random, period: Period, sizes: Sizes, villages: list[VillagePlan]) -> dict[int, _Ending]:
    """Choose whose first tenure ends: rotations over the middle of the campaign, two so late that goods still wait."""
    late, rotated = sizes.few(2), sizes.few(12)
    chosen = rng.sample(villages, min(len(villages), late + rotated + 2))
    endings = {}
    for turn, village in enumerate(chosen):
        if turn < late:
            on, status = period.last - timedelta(days=rng.randrange(12, 16)), TenureStatus.ROTATED
        elif turn == late:
            on, status = period.share(0.34), TenureStatus.RECALLED
        elif turn == late + 1:
            on, status = period.share(0.47), TenureStatus.ADJUSTED
        else:
            on, status = period.share(rng.uniform(0.3, 0.85)), TenureStatus.ROTATED
        endings[village.id] = _Ending(on, status)
    return endings


class Roster:
    """Who is sent where: a secretary in office for each village, the others were there before or are still to come."""

    def __init__(self, rows: Rows, rng: Random) -> None:
        self._rows = rows
        self._rng = rng
        everyone = words.secretaries()
        slugs = [row.slug for row in words.villages()]
        self._present = dict(zip(slugs, everyone, strict=False))
        self._others = list(everyone[len(slugs) :])
        self._units = {
            name: rows.add(SponsorUnit, name=name, position=position)
            for position, name in enumerate(words.sponsor_units(), 1)
        }

    def unit_of(self, village: VillagePlan) -> int:
        """Return the unit that answers for a village."""
        return self._units[self._present[village.slug].unit]

    def add_secretary(self, village: VillagePlan, at: datetime, *, is_present: bool) -> tuple[int, int]:
        """Add a secretary of a village with an account; return both ids."""
        row = self._present[village.slug] if is_present else self._others.pop(0)
        number = len(self._rows.of(FirstSecretary)) + 1
        user_id = add_user(self._rows, f'yanshi-secretary-{number}', row.name, at)
        secretary_id = self._rows.add(
            FirstSecretary,
            slug=row.slug,
            name=row.name,
            gender=Gender(row.gender),
            introduction=row.introduction,
            photo_id=None,
            user_id=user_id,
            is_name_hidden=number % 29 == 0,
        )
        return secretary_id, user_id


def _add_tenure(
    rows: Rows,
    rng: Random,
    roster: Roster,
    village: VillagePlan,
    starts: date,
    ending: _Ending | None,
    officials: Officials,
) -> TenureSpan:
    appointed = office_time(rng, starts - timedelta(days=12))
    arrived = office_time(rng, starts)
    left = office_time(rng, ending.on) if ending else None
    secretary_id, user_id = roster.add_secretary(village, appointed, is_present=ending is None)
    tenure_id = rows.add(
        Tenure,
        secretary_id=secretary_id,
        village_id=village.id,
        sponsor_unit_id=roster.unit_of(village),
        starts_on=starts,
        ends_on=ending.on if ending else None,
        status=ending.status if ending else TenureStatus.IN_OFFICE,
    )
    _event(rows, tenure_id, appointed, officials.city, None, TenureStatus.PLANNED, '选派')
    _event(rows, tenure_id, arrived, officials.city, TenureStatus.PLANNED, TenureStatus.IN_OFFICE, '到任')
    if ending and left:
        reason = ENDED[ending.status]
        _event(rows, tenure_id, left, officials.city, TenureStatus.IN_OFFICE, ending.status, reason)
    grant(rows, user_id, Role.FIRST_SECRETARY, at=arrived, village_id=village.id, revoked_at=left)
    return TenureSpan(tenure_id, secretary_id, user_id, arrived, left)


def _add_planned(
    rows: Rows, rng: Random, roster: Roster, period: Period, village: VillagePlan, officials: Officials
) -> None:
    """Add a tenure that begins after the last day."""
    appointed = office_time(rng, period.last - timedelta(days=4))
    secretary_id, _ = roster.add_secretary(village, appointed, is_present=False)
    tenure_id = rows.add(
        Tenure,
        secretary_id=secretary_id,
        village_id=village.id,
        sponsor_unit_id=roster.unit_of(village),
        starts_on=period.last + timedelta(days=45),
        ends_on=None,
        status=TenureStatus.PLANNED,
    )
    _event(rows, tenure_id, appointed, officials.city, None, TenureStatus.PLANNED, '选派，待到任')


def _event(
    rows: Rows,
    tenure_id: int,
    at: datetime,
    actor_id: int,
    from_status: TenureStatus | None,
    to_status: TenureStatus,
    reason: str,
) -> None:
    rows.add(
        TenureEvent,
        tenure_id=tenure_id,
        at=at,
        actor_id=actor_id,
        from_status=from_status,
        to_status=to_status,
        reason=reason,
    )
