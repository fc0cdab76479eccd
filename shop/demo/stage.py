"""Who and what takes part in the planned campaign, as the later steps of the plan need to know them."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime

from shop.benefits.models import AgreementVersion
from shop.orders.basket import FreightTemplate


@dataclass(slots=True)
class TenureSpan:
    """A secretary's time in a village; `until` is the instant it ended, or None."""

    id: int
    secretary_id: int
    user_id: int
    since: datetime
    until: datetime | None


@dataclass(slots=True)
class VillagePlan:
    """A village with its people."""

    id: int
    name: str
    slug: str
    township: str
    county: str
    county_code: str
    scene: str
    county_id: int
    township_id: int
    township_reviewer_id: int = 0
    county_reviewer_id: int = 0
    tenures: list[TenureSpan] = field(default_factory=list)
    member_ids: list[int] = field(default_factory=list)
    household_ids: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    @property
    def present(self) -> TenureSpan:
        """The tenure in office at the end."""
        return next(tenure for tenure in reversed(self.tenures) if tenure.until is None)

    def insiders(self) -> list[int]:
        """The users who belong to the village now."""
        return [self.present.user_id, *self.member_ids]


@dataclass(slots=True)
class VariantPlan:
    """A variant as it is sold."""

    id: int
    name: str
    price_fen: int
    weight_grams: int


@dataclass(slots=True)
class Stint:
    """A time in which a product may be bought, under one endorsement."""

    endorsement_id: int
    tenure_id: int
    since: datetime
    until: datetime | None


@dataclass(slots=True)
class ForceSpan:
    """An agreement version and the instant from which it credits households."""

    since: datetime
    version: AgreementVersion
    household_ids: list[int]
    weights: list[int]


@dataclass(slots=True)
class ProductPlan:
    """A product with when, under whom and for whom it sells."""

    id: int
    name: str
    kind: str
    village: VillagePlan
    supplier_id: int
    category_id: int
    brand_id: int | None
    freight: FreightTemplate
    variants: list[VariantPlan]
    season: tuple[float, ...]
    popularity: float
    stints: list[Stint] = field(default_factory=list)
    versions: list[ForceSpan] = field(default_factory=list)
    accrues: bool = True
    in_force_at_end: bool = True

    def stint_at(self, at: datetime) -> Stint | None:
        """Return the endorsement under which it may be bought at an instant."""
        for stint in self.stints:
            if stint.since <= at and (stint.until is None or at < stint.until):
                return stint
        return None

    def version_at(self, at: datetime) -> ForceSpan:
        """Return the agreement version that holds at an instant; it must have one."""
        return self.versions[bisect_right([span.since for span in self.versions], at) - 1]

    def sells_on(self, first: datetime, last: datetime) -> Stint | None:
        """Return the endorsement that lasts from one instant to another."""
        for stint in self.stints:
            if stint.since <= first and (stint.until is None or last <= stint.until):
                return stint
        return None
