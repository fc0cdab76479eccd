"""What part of the campaign an official looks at: the widest by default, any place inside on request."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.accounts.models import REGION_ROLES, User
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.regions.models import Region, RegionLevel
from shop.statistics.places import WHOLE, Level, Place, Scope, places
from shop.villages.models import Village

MAX_CODE = 12


@dataclass(frozen=True)
class View:
    """The place looked at: its scope, its code in addresses ('' for the widest), its name and what lies around it."""

    scope: Scope
    code: str
    name: str
    path: Sequence[tuple[str, str]]
    choices: Sequence[tuple[str, str]]

    @property
    def lines(self) -> Level:
        """The level of the lines of its table."""
        return self.scope.lines


def open_view(user: User, code: str | None) -> View:
    """Return the view of a place; without a code the widest the user has.

    Raises `NotFoundError` for a place that does not exist or lies outside the user's scope.
    """
    reach = _reach(user)
    if not code:
        top = reach[0]
        return _view(top, '', [(top.name, '')])
    if len(code) > MAX_CODE:
        raise NotFoundError
    place = _place(code)
    above = next((region for region in reach if region.id in _ancestors(place)), None)
    if above is None:
        raise NotFoundError
    if isinstance(place, Region) and place.id == above.id == reach[0].id:
        return _view(above, '', [(above.name, '')])
    path = [(above.name, '' if above.id == reach[0].id else above.code)]
    if place.id != above.id or isinstance(place, Village):
        path += [(step.name, step.code) for step in _steps_between(above, place)]
    return _view(place, code, path)


def _reach(user: User) -> list[Region]:
    """Return the regions of the user's roles, the widest first."""
    ids = {grant.region_id for grant in user.current_grants if grant.role in REGION_ROLES}
    order = list(RegionLevel)
    regions = db.session.scalars(
        select(Region).where(Region.id.in_(sorted(i for i in ids if i is not None))).options(joinedload(Region.parent))
    )
    found = sorted(regions, key=lambda region: (order.index(region.level), region.code))
    if not found:
        raise NotFoundError
    return found


def _place(code: str) -> Region | Village:
    region = db.session.scalar(select(Region).where(Region.code == code).options(joinedload(Region.parent)))
    if region is not None:
        return region
    village = db.session.scalar(
        select(Village)
        .where(Village.code == code)
        .options(joinedload(Village.township), joinedload(Village.county).joinedload(Region.parent))
    )
    if village is None:
        raise NotFoundError
    return village


def _ancestors(place: Region | Village) -> set[int]:
    """Return the ids of the regions a place lies in, itself among them."""
    if isinstance(place, Village):
        return {place.township_id, place.county_id, *_ancestors(place.county)}
    above = set() if place.parent is None else _ancestors(place.parent)
    return {place.id, *above}


def _steps_between(above: Region, place: Region | Village) -> list[Region | Village]:
    """Return the places from below `above` down to `place`."""
    steps: list[Region | Village] = [place]
    parent = place.township if isinstance(place, Village) else place.parent
    while parent is not None and parent.id != above.id:
        steps.insert(0, parent)
        parent = parent.parent
    return steps


def _view(place: Region | Village, code: str, path: Sequence[tuple[str, str]]) -> View:
    scope = _scope(place)
    inside: Sequence[Place] = places(scope.lines, scope) if not isinstance(place, Village) else []
    choices = [*path, *((choice.name, choice.code) for choice in inside)]
    return View(scope, code, place.name, path, choices)


def _scope(place: Region | Village) -> Scope:
    if isinstance(place, Village):
        return Scope(village_id=place.id)
    if place.level is RegionLevel.COUNTY:
        return Scope(county_id=place.id)
    return Scope(township_id=place.id) if place.level is RegionLevel.TOWNSHIP else WHOLE
