"""Scope: which villages a role reaches, as a predicate in Python and in SQL."""

import pytest
from sqlalchemy import select

from shop.accounts.models import Role
from shop.accounts.services import grant_role, register_user, revoke_role
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.villages.models import Village
from shop.villages.scope import is_in_scope, village_for_desk, villages_in_scope
from tests.factories.villages import make_village


@pytest.fixture
def places(app):
    with transaction():
        here = make_village()
        beside = make_village()
    return here, beside


def reached(user) -> set[int]:
    ids = set(db.session.scalars(villages_in_scope(user)))
    assert ids == {village.id for village in db.session.scalars(select(Village)) if is_in_scope(user, village)}
    return ids


def official(role: Role, *, village: Village | None = None, region_id: int | None = None):
    with transaction():
        user = register_user(f'user-{role.value}', '某人', 'password-1', at=clock.now())
        grant_role(user, role, at=clock.now(), village_id=village.id if village else None, region_id=region_id)
    return user


def test_a_secretary_reaches_the_own_village_only(places):
    here, _ = places
    user = official(Role.FIRST_SECRETARY, village=here)
    assert reached(user) == {here.id}
    assert village_for_desk(user).id == here.id


@pytest.mark.parametrize(
    ('role', 'region'),
    [
        (Role.TOWNSHIP_REVIEWER, lambda village: village.township_id),
        (Role.COUNTY_DEPARTMENT, lambda village: village.county_id),
        (Role.CITY_DEPARTMENT, lambda village: village.county.parent_id),
        (Role.AUDITOR, lambda village: village.county_id),
    ],
)
def test_an_official_reaches_the_villages_of_the_region(places, role, region):
    region_id = region(places[0])
    user = official(role, region_id=region_id)
    assert reached(user) == {village.id for village in places if region(village) == region_id}


def test_a_revoked_role_reaches_nothing(places):
    user = official(Role.TEAM_MEMBER, village=places[0])
    with transaction():
        revoke_role(user.current_grants[0], at=clock.now())
    db.session.expire_all()
    assert reached(user) == set()
    with pytest.raises(NotFoundError):
        village_for_desk(user)


def test_an_administrator_and_a_shopper_reach_no_village(places):
    with transaction():
        user = register_user('admin-1', '管理员', 'password-1', at=clock.now())
        grant_role(user, Role.ADMINISTRATOR, at=clock.now())
    assert reached(user) == set()
