"""The published figures at any date, whole and by place: `Σ lines − repeats = total`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, literal, select, union_all

from shop.catalogue.models import ProjectShare
from shop.kit.database import db
from shop.kit.money import BASIS_POINTS
from shop.statistics.members import COUNTED, HOUSEHOLD_METRICS, members
from shop.statistics.places import WHOLE, Level, Place, Scope, places
from shop.statistics.sales import Sources, sales_parts, sources
from shop.statistics.subjects import SubjectKind
from shop.villages.models import Village

__all__ = ['Breakdown', 'Figures', 'Headline', 'Line', 'breakdown', 'by_county', 'headline']


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one place; households are counted once each, people apart."""

    villages: int = 0
    endorsed_products: int = 0
    projects: int = 0
    brands: int = 0
    sales_fen: int = 0
    covered: int = 0
    accrued: int = 0
    paid: int = 0
    people_covered: int = 0
    people_accrued: int = 0
    people_paid: int = 0

    def __add__(self, other: 'Figures') -> 'Figures':
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Figures)))

    def __sub__(self, other: 'Figures') -> 'Figures':
        return Figures(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Figures)))


@dataclass(frozen=True, slots=True)
class Headline(Figures):
    """The figures at the end of a day."""

    on: date = date.min

    @property
    def figures(self) -> Figures:
        """The figures without their day."""
        return Figures(*(getattr(self, f.name) for f in fields(Figures)))


@dataclass(frozen=True, slots=True)
class Line:
    """One place of a table and its figures."""

    place: Place
    figures: Figures

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.place.name


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The lines of a table in the official order, and how they come to the total."""

    rows: Sequence[Line]
    total: Figures

    @property
    def sum(self) -> Figures:
        """The sum of the lines."""
        return sum((row.figures for row in self.rows), Figures())

    @property
    def repeats(self) -> Figures:
        """What more than one line counts: the sum of the lines less the total."""
        return self.sum - self.total


def headline(on: date, *, scope: Scope = WHOLE, parts: Sources | None = None) -> Headline:
    """Return the figures at the end of a day."""
    figures = _figures(on, scope, None, parts or sources(on)).get(0, Figures())
    return Headline(**{f.name: getattr(figures, f.name) for f in fields(Figures)}, on=on)


def by_county(on: date, scope: Scope = WHOLE) -> Breakdown:
    """Return the figures at the end of a day by county."""
    return breakdown(on, scope, Level.COUNTY)


def breakdown(
    on: date,
    scope: Scope = WHOLE,
    level: Level = Level.COUNTY,
    *,
    total: Figures | None = None,
    parts: Sources | None = None,
) -> Breakdown:
    """Return the figures at the end of a day by county, township or village.

    The total is counted by itself, not added up; one that is known already may be handed in.
    """
    parts = parts or sources(on)
    found = _figures(on, scope, level, parts)
    rows = [Line(place, found.get(place.id, Figures())) for place in places(level, scope)]
    return Breakdown(rows, total if total is not None else headline(on, scope=scope, parts=parts).figures)


def _figures(on: date, scope: Scope, level: Level | None, parts: Sources) -> Mapping[int, Figures]:
    """Return every figure by place id (0 for the whole scope), in one statement."""
    counts = [_count(metric, on, scope, level) for metric in COUNTED]
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for metric, place_id, value, people in db.session.execute(union_all(*counts, _sales(scope, level, parts))):
        figures = found[place_id]
        figures[metric] = int(value or 0)
        if metric == 'sales_fen' and _is_by_share(scope):
            figures[metric] //= BASIS_POINTS
        if metric in HOUSEHOLD_METRICS:
            figures[f'people_{metric}'] = int(people or 0)
    return {place_id: Figures(**figures) for place_id, figures in found.items()}


def _count(metric: str, on: date, scope: Scope, level: Level | None) -> Select[*tuple[Any, ...]]:
    counted = members(metric, on, scope).subquery()
    figures = (func.count().label('value'), func.sum(counted.c.people).label('people'))
    if level is None:
        return select(literal(metric).label('metric'), literal(0).label('place_id'), *figures).select_from(counted)
    return (
        select(literal(metric).label('metric'), level.column.label('place_id'), *figures)
        .select_from(counted)
        .join(Village, Village.id == counted.c.village_id)
        .group_by(level.column)
    )


def _sales(scope: Scope, level: Level | None, parts: Sources) -> Select[*tuple[Any, ...]]:
    """Sum the sales; a project has its share of each product, in basis points of a fen until they are summed."""
    part = sales_parts(parts, ('village_id', 'product_id'), scope).subquery()
    amount = part.c.amount_fen * ProjectShare.share_bp if _is_by_share(scope) else part.c.amount_fen
    figures = (func.sum(amount).label('value'), literal(0).label('people'))
    place = literal(0) if level is None else level.column
    statement = select(literal('sales_fen').label('metric'), place.label('place_id'), *figures).select_from(part)
    if scope.subject is not None and _is_by_share(scope):
        shares = and_(ProjectShare.product_id == part.c.product_id, ProjectShare.project_id.in_(scope.subject.ids))
        statement = statement.join(ProjectShare, shares)
    if level is not None or scope.conditions:
        statement = statement.join(Village, Village.id == part.c.village_id).where(*scope.conditions)
    return statement if level is None else statement.group_by(level.column)


def _is_by_share(scope: Scope) -> bool:
    return scope.subject is not None and scope.subject.kind is SubjectKind.PROJECT
