"""The people of the campaign, all of them invented: officials, secretaries, team members and households."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from flask import current_app

from shop.accounts.models import Role, RoleGrant, User
from shop.demo import words
from shop.demo.period import Period, office_time, split
from shop.demo.rows import Rows
from shop.demo.sizes import Sizes
from shop.demo.stage import VillagePlan
from shop.kit.crypto import keyed_code
from shop.villages.models import Household, HouseholdStatus, HouseholdStatusKind, TeamMember

PEOPLE_WEIGHTS = (9, 24, 22, 18, 14, 8, 5)
GROUPS = ('一组', '二组', '三组', '四组', '五组')
# What the register says of a household: mostly out of poverty with the policies going on.
STATUS_WEIGHTS = (9, 62, 2, 5, 5, 3, 14)


@dataclass(slots=True)
class Officials:
    """The users who decide above the village; `townships` and `counties` by region id."""

    city: int
    townships: dict[int, int]
    counties: dict[int, int]


def add_user(rows: Rows, login_name: str, name: str, at: datetime) -> int:
    """Add somebody of the demo who cannot sign in until an account is made of them."""
    return rows.add(
        User,
        login_name=login_name,
        name=name,
        password_hash=None,
        is_active=True,
        is_demo=True,
        created_at=at,
        email=None,
    )


def grant(
    rows: Rows,
    user_id: int,
    role: Role,
    *,
    at: datetime,
    village_id: int | None = None,
    region_id: int | None = None,
    revoked_at: datetime | None = None,
) -> None:
    """Give a role in a village or a region."""
    rows.add(
        RoleGrant,
        user_id=user_id,
        role=role,
        village_id=village_id,
        region_id=region_id,
        granted_at=at,
        revoked_at=revoked_at,
    )


def plan_officials(
    rows: Rows, rng: Random, period: Period, villages: list[VillagePlan], city_region_id: int
) -> Officials:
    """Appoint the city's, the counties' and the townships' reviewers; every village learns its own."""
    at = office_time(rng, period.first - timedelta(days=90))
    city = add_user(rows, 'yanshi-city', words.person_name(rng), at)
    grant(rows, city, Role.CITY_DEPARTMENT, at=at, region_id=city_region_id)
    officials = Officials(city, {}, {})
    for village in villages:
        if village.county_id not in officials.counties:
            user = add_user(rows, f'yanshi-county-{village.county_id}', words.person_name(rng), at)
            grant(rows, user, Role.COUNTY_DEPARTMENT, at=at, region_id=village.county_id)
            officials.counties[village.county_id] = user
        if village.township_id not in officials.townships:
            user = add_user(rows, f'yanshi-township-{village.township_id}', words.person_name(rng), at)
            grant(rows, user, Role.TOWNSHIP_REVIEWER, at=at, region_id=village.township_id)
            officials.townships[village.township_id] = user
        village.county_reviewer_id = officials.counties[village.county_id]
        village.township_reviewer_id = officials.townships[village.township_id]
    return officials


def plan_team(rows: Rows, rng: Random, period: Period, sizes: Sizes, villages: list[VillagePlan]) -> None:
    """Add the members of the work teams, and some who have left."""
    counts = split(sizes.team_members, [1.0] * len(villages), least=1)
    for village, count in zip(villages, counts, strict=True):
        for _ in range(count):
            joined = period.first - timedelta(days=rng.randrange(10, 300))
            village.member_ids.append(_add_member(rows, rng, village, joined, None))
    for village in rng.sample(villages, sizes.few(8)):
        joined = period.first - timedelta(days=rng.randrange(10, 300))
        _add_member(rows, rng, village, joined, period.share(rng.uniform(0.2, 0.9)))


def _add_member(rows: Rows, rng: Random, village: VillagePlan, joined: date, left: date | None) -> int:
    number = len(rows.of(TeamMember))
    names = words.team_members()
    name = names[number] if number < len(names) else words.person_name(rng)
    at = office_time(rng, joined)
    user_id = add_user(rows, f'yanshi-team-{number + 1}', name, at)
    rows.add(TeamMember, village_id=village.id, name=name, user_id=user_id, joined_on=joined, left_on=left)
    revoked = office_time(rng, left) if left else None
    grant(rows, user_id, Role.TEAM_MEMBER, at=at, village_id=village.id, revoked_at=revoked)
    return user_id


@dataclass(slots=True)
class Register:
    """What entering households needs: the status vocabulary, the key of the codes, and the codes given so far."""

    kind_ids: list[int]
    key: bytes
    codes: set[str]

    def self_check_code(self, subject: str) -> str:
        """Return a code for a household; among thousands two may fall on the same letters, so another is drawn."""
        turn = 0
        while (code := keyed_code(self.key, f'{subject}#{turn}' if turn else subject)) in self.codes:
            turn += 1
        self.codes.add(code)
        return code


def open_register(rows: Rows) -> Register:
    """Add the vocabulary of household statuses."""
    kind_ids = [
        rows.add(HouseholdStatusKind, code=code, name=name, position=position)
        for position, (code, name) in enumerate(words.household_statuses(), 1)
    ]
    return Register(kind_ids, str(current_app.config['SELF_CHECK_KEY']).encode(), set())


def plan_households(
    rows: Rows, rng: Random, period: Period, village: VillagePlan, count: int, register: Register
) -> None:
    """Enter so many households into a village's register; numbers and ordinals follow the register's order."""
    taken: set[str] = set()
    groups = sorted(rng.choices(range(rng.randrange(3, len(GROUPS) + 1)), k=count))
    for ordinal, group in enumerate(groups):
        registered = period.first - timedelta(days=rng.randrange(30, 700))
        people = rng.choices(range(1, 8), PEOPLE_WEIGHTS)[0]
        number = f'{ordinal + 1:03d}'
        household_id = rows.add(
            Household,
            village_id=village.id,
            ordinal=ordinal,
            number=number,
            head_name=words.household_name(rng, taken),
            group_name=GROUPS[group],
            people=people,
            self_check_code=register.self_check_code(f'{village.id}:{number}'),
            registered_on=registered,
        )
        village.household_ids.append(household_id)
        village.people.append(people)
        _add_statuses(rows, rng, household_id, registered, period, register.kind_ids)


def _add_statuses(
    rows: Rows, rng: Random, household_id: int, registered: date, period: Period, kind_ids: list[int]
) -> None:
    weights = STATUS_WEIGHTS[: len(kind_ids)]
    kind = rng.choices(range(len(weights)), weights)[0]
    rows.add(HouseholdStatus, household_id=household_id, kind_id=kind_ids[kind], since_on=registered)
    if kind == 0 and rng.random() < 0.8:
        since = period.share(rng.uniform(0.1, 0.95))
        rows.add(HouseholdStatus, household_id=household_id, kind_id=kind_ids[1], since_on=since)
