"""What stands beside the households of the campaign: party members, exits from poverty, consents, invented numbers."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from flask import current_app

from shop.demo import words
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.sizes import Sizes
from shop.demo.stage import VillagePlan
from shop.households.columns import USUAL_ATTRIBUTES
from shop.households.models import (
    ConsentKind,
    ConsentMeans,
    EventKind,
    HouseholdConsent,
    HouseholdEvent,
    HouseholdMark,
    HouseholdNumber,
    HouseholdReveal,
    MarkKind,
    NumberKind,
    Pairing,
    PartyMember,
)
from shop.households.numbers import NumberKeys, digest_of, id_check, luhn_check, masked_number
from shop.kit.crypto import seal_text
from shop.villages.models import Household, HouseholdStatus, HouseholdStatusKind

# By the article: so many party members beside so many households, of which so many have left poverty.
PARTY_MEMBERS, PAIRED, PAIRED_OUT = 306, 779, 460
# Households that are poor, or were never registered as poor, have not left poverty.
NOT_OUT = frozenset({'poor', 'returned', 'marginal', 'stricken'})
POSTS = ('村党支部书记', '村党支部委员', '村党支部党员', '村民小组长、党员', '乡镇机关党员', '驻村工作队党员')
MARK_SHARES = (
    (MarkKind.VILLAGE_CADRE, 0.012), (MarkKind.FISCALLY_PAID, 0.008), (MarkKind.DECEASED, 0.006),
    (MarkKind.CLOSED, 0.003),
)  # fmt: skip
MARK_NOTES = {
    MarkKind.VILLAGE_CADRE: '户主任村委会委员', MarkKind.FISCALLY_PAID: '户内有财政供养人员',
    MarkKind.DECEASED: '待办户主变更', MarkKind.CLOSED: '整户迁出',
}  # fmt: skip
CONSENT_SHARES = ((ConsentKind.ID_NUMBER, 0.7), (ConsentKind.BANK_ACCOUNT, 0.52), (ConsentKind.PHOTO, 0.2))
WITHDRAWN_SHARE, REPAIRED_SHARE = 0.01, 0.05
PAPERS = ('村委会档案柜，2026 年同意书', '村委会档案室第 3 盒', '乡镇民政办存档')
REASONS = ('核对一卡通开户信息', '兑付名册与银行回盘不符，核对账号', '县里抽查身份信息', '农户来村委会更正证件号码')


def plan_register(rows: Rows, seed: int, period: Period, sizes: Sizes, villages: list[VillagePlan]) -> None:
    """Write down everything beside the households; draws of its own, so nothing else of the campaign shifts."""
    rng = Random(f'{seed}:register')
    by_id = {village.id: village for village in villages}
    out = _leave_poverty(rows, rng)
    for household in rows.of(Household):
        at = office_time(rng, household['registered_on'])
        _event(rows, household['id'], at, None, EventKind.ENTERED, after=household['number'])
    _pair(rows, rng, period, sizes, by_id, out)
    _mark(rows, rng, period, by_id)
    _agree(rows, rng, period, by_id)
    _reveal(rows, rng, period, sizes, by_id)


def seal_numbers(rows: Rows) -> None:
    """Seal the planned numbers: each sealing differs, so the plan holds them plain until it is written."""
    keys = str(current_app.config['DATA_KEYS'])
    for row in rows.of(HouseholdNumber):
        row['sealed'] = seal_text(keys, row['sealed'])


def _leave_poverty(rows: Rows, rng: Random) -> set[int]:
    """Give each household its kind, and those out of poverty the day; return the latter's ids."""
    codes = {kind['id']: kind['code'] for kind in rows.of(HouseholdStatusKind)}
    statuses: dict[int, list[dict[str, Any]]] = {}
    for status in rows.of(HouseholdStatus):
        statuses.setdefault(status['household_id'], []).append(status)
    out: set[int] = set()
    for household in rows.of(Household):
        held = statuses[household['id']]
        household['attribute'], household['left_poverty_on'] = rng.choice(USUAL_ATTRIBUTES[1:-1]), None
        day = date(rng.randrange(2016, 2021), rng.choice((11, 12)), rng.randrange(1, 29))
        if codes[held[-1]['kind_id']] in NOT_OUT:
            household['attribute'] = USUAL_ATTRIBUTES[-1]
            continue
        household['left_poverty_on'] = held[-1]['since_on'] if len(held) > 1 else day
        out.add(household['id'])
    return out


def _pair(
    rows: Rows, rng: Random, period: Period, sizes: Sizes, villages: dict[int, VillagePlan], out: set[int]
) -> None:
    """Let party members of each village stand by some of its households."""
    part = min(sizes.scale, 1.0)
    others = [row['id'] for row in rows.of(Household) if row['id'] not in out]
    wanted, wanted_out = max(2, round(PAIRED * part)), max(1, round(PAIRED_OUT * part))
    chosen = rng.sample(sorted(out), min(len(out), wanted_out))
    chosen += rng.sample(others, min(len(others), wanted - wanted_out))
    households = rows.of(Household)
    by_village: dict[int, list[int]] = {}
    for household_id in sorted(chosen):
        by_village.setdefault(households[household_id - 1]['village_id'], []).append(household_id)
    counts = _share_members({village: len(ids) for village, ids in by_village.items()}, round(PARTY_MEMBERS * part))
    for village_id, ids in by_village.items():
        members = _party_members(rows, rng, village_id, counts[village_id])
        for place, household_id in enumerate(ids):
            _stand_by(rows, rng, period, villages[village_id], members, place, household_id)


def _share_members(pairs: dict[int, int], total: int) -> dict[int, int]:
    """Share party members out over villages, at least one to each and no more than it has households to stand by."""
    counts = dict.fromkeys(pairs, 1)
    for _ in range(min(total, sum(pairs.values())) - len(pairs)):
        counts[max(pairs, key=lambda village: (pairs[village] / counts[village], -village))] += 1
    return counts


def _party_members(rows: Rows, rng: Random, village_id: int, count: int) -> list[int]:
    taken: set[str] = set()
    units = words.sponsor_units()
    return [
        rows.add(
            PartyMember,
            village_id=village_id,
            name=words.household_name(rng, taken),
            unit=rng.choice(POSTS) if rng.random() < 0.7 else f'{rng.choice(units)}党员',
        )
        for _ in range(count)
    ]


def _stand_by(
    rows: Rows,
    rng: Random,
    period: Period,
    village: VillagePlan,
    members: list[int],
    place: int,
    household_id: int,
) -> None:
    """Pair a household: in turn with the village's party members, so that each has one; a few had another before."""
    registered: date = rows.of(Household)[household_id - 1]['registered_on']
    since = max(registered, period.share(rng.uniform(0.0, 0.4)))
    member_id = members[place % len(members)]
    if rng.random() < REPAIRED_SHARE and since > registered and len(members) > 1:
        before = members[(place + 1) % len(members)]
        rows.add(
            Pairing, party_member_id=before, household_id=household_id, since_on=registered,
            until_on=since - timedelta(days=1),
        )  # fmt: skip
    rows.add(Pairing, party_member_id=member_id, household_id=household_id, since_on=since, until_on=None)
    at = office_time(rng, since)
    name = rows.of(PartyMember)[member_id - 1]['name']
    _event(rows, household_id, at, _secretary(village, at), EventKind.PAIRED, after=name, note=since.isoformat())


def _mark(rows: Rows, rng: Random, period: Period, villages: dict[int, VillagePlan]) -> None:
    for household in rows.of(Household):
        draw = rng.random()
        for kind, share in MARK_SHARES:
            draw -= share
            if draw < 0:
                since = period.share(rng.uniform(0.8, 0.98))
                at = office_time(rng, since)
                note = MARK_NOTES[kind]
                rows.add(
                    HouseholdMark, household_id=household['id'], kind=kind, since_on=since, until_on=None, note=note
                )
                actor = _secretary(villages[household['village_id']], at)
                text = since.isoformat()
                _event(
                    rows, household['id'], at, actor, EventKind.MARKED, subject=kind.source_label, after=text, note=note
                )
                break


def _agree(rows: Rows, rng: Random, period: Period, villages: dict[int, VillagePlan]) -> None:
    """Let households agree, and keep what they agreed to; some withdraw, and then nothing is kept."""
    keys = NumberKeys('', str(current_app.config['SELF_CHECK_KEY']))
    taken: set[str] = set()
    for household in rows.of(Household):
        given = max(household['registered_on'], period.share(rng.uniform(0.02, 0.3)))
        at = office_time(rng, given)
        paper = rng.choice(PAPERS)
        for kind, share in CONSENT_SHARES:
            draw, withdraws = rng.random(), rng.random() < WITHDRAWN_SHARE
            number = _draw_number(rng, NumberKind(kind.value), taken) if kind is not ConsentKind.PHOTO else ''
            if draw >= share:
                continue
            consent_id = rows.add(
                HouseholdConsent,
                household_id=household['id'],
                kind=kind,
                given_on=given,
                means=ConsentMeans.BATCH if rng.random() < 0.8 else ConsentMeans.PAPER,
                paper=paper,
                withdrawn_on=period.share(rng.uniform(0.6, 0.95)) if withdraws else None,
                recorded_at=at,
                recorded_by_id=_secretary(villages[household['village_id']], at),
            )
            if number and not withdraws:
                number_kind = NumberKind(kind.value)
                rows.add(
                    HouseholdNumber,
                    household_id=household['id'],
                    kind=number_kind,
                    sealed=number,
                    digest=digest_of(keys, number_kind, number),
                    masked=masked_number(number),
                    consent_id=consent_id,
                    stored_at=at,
                )


def _draw_number(rng: Random, kind: NumberKind, taken: set[str]) -> str:
    """Draw an invented number with a right check letter; no division and no bank begins with 99."""
    while True:
        if kind is NumberKind.ID_NUMBER:
            born = date(1938, 1, 1) + timedelta(days=rng.randrange(365 * 47))
            first = f'99{rng.randrange(100):02d}00{born:%Y%m%d}{rng.randrange(1_000):03d}'
            number = first + id_check(first)
        else:
            first = f'999999{rng.randrange(10**12):012d}'
            number = first + luhn_check(first)
        if number not in taken:
            taken.add(number)
            return number


def _reveal(rows: Rows, rng: Random, period: Period, sizes: Sizes, villages: dict[int, VillagePlan]) -> None:
    """Let some numbers have been read, by secretaries and counties."""
    stored = rows.of(HouseholdNumber)
    picked = sorted(rng.sample(range(len(stored)), min(len(stored), sizes.few(14))))
    times = sorted(office_time(rng, period.share(rng.uniform(0.5, 0.97))) for _ in picked)
    for place, at in zip(picked, times, strict=True):
        number = stored[place]
        village = villages[rows.of(Household)[number['household_id'] - 1]['village_id']]
        by_county = rng.random() < 0.3
        rows.add(
            HouseholdReveal,
            household_id=number['household_id'],
            kind=number['kind'],
            masked=number['masked'],
            actor_id=village.county_reviewer_id if by_county else _secretary(village, at),
            role='county_department' if by_county else 'first_secretary',
            reason=rng.choice(REASONS),
            is_for_bank=False,
            at=at,
        )


def _secretary(village: VillagePlan, at: datetime) -> int:
    """Return who was first secretary at an instant; before the first one, the first."""
    for tenure in village.tenures:
        if tenure.until is None or at < tenure.until:
            return tenure.user_id
    return village.present.user_id


def _event(
    rows: Rows,
    household_id: int,
    at: datetime,
    actor_id: int | None,
    kind: EventKind,
    *,
    subject: str = '',
    after: str = '',
    note: str = '',
) -> None:
    rows.add(
        HouseholdEvent,
        household_id=household_id,
        at=at,
        actor_id=actor_id,
        kind=kind,
        subject=subject,
        before='',
        after=after,
        note=note,
    )
