"""What an official or a village may see: one predicate for pages, exports and the interface alike."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, false, or_, select

from shop.accounts.models import VILLAGE_ROLES, Role, RoleGrant, User
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.villages.models import Village


def villages_in_scope(user: User, roles: Collection[Role] | None = None) -> Select[int]:
    """Select the ids of the villages that this user's roles reach, or only those of `roles`."""
    return select(Village.id).where(
        _reach([grant for grant in user.current_grants if roles is None or grant.role in roles])
    )


def is_in_scope(user: User, village: Village) -> bool:
    """Tell whether the user's roles reach this village."""
    return any(_covers(grant, village) for grant in user.current_grants)


def reaches_everything(user: User, roles: Collection[Role]) -> bool:
    """Tell whether one of these roles reaches every village there is."""
    return not db.session.scalar(select(Village.id).where(Village.id.not_in(villages_in_scope(user, roles))).limit(1))


def has_role_over(user: User, role: Role, village: Village) -> bool:
    """Tell whether the user holds this very role for this village."""
    return any(grant.role is role and _covers(grant, village) for grant in user.current_grants)


def village_for_desk(user: User) -> Village:
    """Return the village whose desk the user works at; raises `NotFoundError` for anybody else."""
    for grant in user.current_grants:
        if grant.role in VILLAGE_ROLES:
            village = db.session.get(Village, grant.village_id)
            if village is not None:
                return village
    raise NotFoundError


def _covers(grant: RoleGrant, village: Village) -> bool:
    if grant.role in VILLAGE_ROLES:
        return grant.village_id == village.id
    if grant.role is Role.TOWNSHIP_REVIEWER:
        return grant.region_id == village.township_id
    if grant.role is Role.COUNTY_DEPARTMENT:
        return grant.region_id == village.county_id
    if grant.role is Role.CITY_DEPARTMENT:
        return grant.region_id == village.county.parent_id
    if grant.role is Role.AUDITOR:
        return grant.region_id in {village.township_id, village.county_id, village.county.parent_id}
    return False


def _reach(grants: list[RoleGrant]) -> ColumnElement[bool]:
    return or_(false(), *(_reach_of(grant) for grant in grants))


def _reach_of(grant: RoleGrant) -> ColumnElement[bool]:
    if grant.role in VILLAGE_ROLES:
        return Village.id == grant.village_id
    if grant.role is Role.TOWNSHIP_REVIEWER:
        return Village.township_id == grant.region_id
    if grant.role is Role.COUNTY_DEPARTMENT:
        return Village.county_id == grant.region_id
    if grant.role is Role.CITY_DEPARTMENT:
        return Village.county.has(parent_id=grant.region_id)
    if grant.role is Role.AUDITOR:
        return or_(
            Village.township_id == grant.region_id,
            Village.county_id == grant.region_id,
            Village.county.has(parent_id=grant.region_id),
        )
    return false()
