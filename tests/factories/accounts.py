"""People who can sign in; every one of them with the same password."""

from functools import cache

from shop.accounts.models import INSTITUTION_ROLES, REGION_ROLES, VILLAGE_ROLES, Role, RoleGrant, User
from shop.accounts.services import hash_password
from shop.kit import clock
from shop.kit.database import db
from shop.procurement.institution import Institution
from shop.regions.models import Region
from shop.villages.models import Village
from tests.factories.building import building, next_number

PASSWORD = 'tonghua-2026'


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)


@building
def make_user(
    role: Role | None = None,
    *,
    village: Village | None = None,
    region: Region | None = None,
    institution: Institution | None = None,
    name: str = '',
    login_name: str = '',
    is_active: bool = True,
) -> User:
    """A person; with a role, for its village or region: ``make_user(Role.COUNTY_DEPARTMENT, region=county)``."""
    number = next_number()
    user = User(
        login_name=login_name or f'user{number}',
        name=name or (role.source_label if role else f'买家{number}'),
        password_hash=_password_hash(),
        is_active=is_active,
        is_demo=False,
        created_at=clock.now(),
    )
    db.session.add(user)
    if role is not None:
        user.grants.append(
            RoleGrant(
                role=role,
                village_id=village.id if village is not None and role in VILLAGE_ROLES else None,
                region_id=region.id if region is not None and role in REGION_ROLES else None,
                institution_id=institution.id if institution is not None and role in INSTITUTION_ROLES else None,
                granted_at=clock.now(),
            )
        )
    return user


def make_reviewers(village: Village) -> tuple[User, User, User]:
    """The township's, the county's and the city's reviewer of a village, in the order of the ladder."""
    city = village.county.parent
    assert city is not None
    return (
        make_user(Role.TOWNSHIP_REVIEWER, region=village.township, name='冯立'),
        make_user(Role.COUNTY_DEPARTMENT, region=village.county, name='王丽萍'),
        make_user(Role.CITY_DEPARTMENT, region=city, name='郑启文'),
    )
