"""Where figures are counted: the whole campaign, a county, a township or a village, within a reader's reach.

Inside a place they may be counted for a subject: the tenures of a secretary, a brand, a project or a product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from shop.kit.database import db
from shop.regions.models import Region, RegionLevel
from shop.statistics.subjects import Subject
from shop.villages.models import Village


class Level(Enum):
    """The lines a table may have."""

    COUNTY = 'county'
    TOWNSHIP = 'township'
    VILLAGE = 'village'

    @property
    def column(self) -> Any:
        """The village's column that says which line it belongs to."""
        return {Level.COUNTY: Village.county_id, Level.TOWNSHIP: Village.township_id, Level.VILLAGE: Village.id}[self]


@dataclass(frozen=True)
class Scope:
    """Which villages count: all of them, those of one place, and of those only the ones `within` a reach.

    With a `subject` only what belongs to it counts.
    """

    county_id: int | None = None
    township_id: int | None = None
    village_id: int | None = None
    within: Select[*tuple[Any, ...]] | None = None
    subject: Subject | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What a village must meet; nothing for the whole campaign."""
        met: list[ColumnElement[bool]] = []
        if self.county_id is not None:
            met.append(Village.county_id == self.county_id)
        if self.township_id is not None:
            met.append(Village.township_id == self.township_id)
        if self.village_id is not None:
            met.append(Village.id == self.village_id)
        if self.within is not None:
            met.append(Village.id.in_(self.within))
        return met

    @property
    def lines(self) -> Level:
        """The level just below this place."""
        if self.township_id is not None or self.village_id is not None:
            return Level.VILLAGE
        return Level.TOWNSHIP if self.county_id is not None else Level.COUNTY


WHOLE = Scope()


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a table: a county, a township or a village, by id, code and name."""

    level: Level
    id: int
    code: str
    name: str


def places(level: Level, scope: Scope = WHOLE) -> Sequence[Place]:
    """Return the places of a level that have a village in scope, in the official order."""
    if level is Level.VILLAGE:
        villages = (
            select(Village.id, Village.code, Village.name)
            .join(Region, Region.id == Village.township_id)
            .where(*scope.conditions)
            .order_by(Village.county_id, Region.position, Village.position, Village.id)
        )
        return [Place(level, *row) for row in db.session.execute(villages)]
    regions = (
        select(Region.id, Region.code, Region.name)
        .where(
            Region.level == (RegionLevel.COUNTY if level is Level.COUNTY else RegionLevel.TOWNSHIP),
            Region.id.in_(select(level.column).where(*scope.conditions)),
        )
        .order_by(Region.parent_id, Region.position)
    )
    return [Place(level, *row) for row in db.session.execute(regions)]
