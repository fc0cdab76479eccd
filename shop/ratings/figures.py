"""How villages deal with reviews: figures for the department, so that hiding bad ones is visible."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import case, func, select

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.kit.database import db
from shop.orders.models import Order, OrderLine
from shop.ratings.models import ProductReview, RefusalReason, ReviewEvent, ReviewStatus
from shop.ratings.queries import Rating, is_counted
from shop.regions.models import Region
from shop.villages.models import Village
from shop.villages.scope import villages_in_scope

FEW_STARS = 2


@dataclass
class VillageReviews:
    """The reviews of one village; `refused` counts every refusal there ever was, `refused_low` those of 1–2 stars."""

    county: str = ''
    village: str = ''
    slug: str = ''
    by_status: dict[ReviewStatus, int] = field(default_factory=lambda: defaultdict(int))
    rating: Rating = field(default_factory=Rating)
    answered: int = 0
    refused: dict[RefusalReason, int] = field(default_factory=lambda: defaultdict(int))
    refused_low: int = 0

    @property
    def total(self) -> int:
        """How many were written."""
        return sum(self.by_status.values())

    @property
    def refusals(self) -> int:
        """How many were refused, for whatever reason."""
        return sum(self.refused.values())


def review_figures(user: User) -> list[VillageReviews]:
    """Return the villages of the user's scope that have reviews, in the official order."""
    rows: dict[int, VillageReviews] = {}
    _count_reviews(rows, user)
    _count_refusals(rows, user)
    return list(rows.values())


def sum_of(rows: Sequence[VillageReviews]) -> VillageReviews:
    """Return the sums of several villages."""
    total = VillageReviews()
    for row in rows:
        for status, count in row.by_status.items():
            total.by_status[status] += count
        for reason, count in row.refused.items():
            total.refused[reason] += count
        total.rating = Rating(total.rating.count + row.rating.count, total.rating.stars_sum + row.rating.stars_sum)
        total.answered += row.answered
        total.refused_low += row.refused_low
    return total


def _count_reviews(rows: dict[int, VillageReviews], user: User) -> None:
    counted = case((is_counted(), 1), else_=0)
    found = db.session.execute(
        select(
            Village,
            Region.name,
            ProductReview.status,
            func.count(ProductReview.id),
            func.sum(counted),
            func.sum(counted * ProductReview.stars),
            func.count(ProductReview.answer),
        )
        .join(Product, Product.id == ProductReview.product_id)
        .join(Village, Village.id == Product.village_id)
        .join(Region, Region.id == Village.county_id)
        .join(OrderLine, OrderLine.id == ProductReview.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Village.id.in_(villages_in_scope(user)))
        .group_by(Village.id, Region.id, ProductReview.status)
        .order_by(Region.position, Village.township_id, Village.position)
    )
    for village, county, status, count, counting, stars, answered in found:
        row = rows.setdefault(village.id, VillageReviews(county, village.name, village.slug))
        row.by_status[status] += count
        row.answered += answered
        if status is ReviewStatus.PUBLISHED:
            row.rating = Rating(int(counting), int(stars))


def _count_refusals(rows: dict[int, VillageReviews], user: User) -> None:
    low = case((ProductReview.stars <= FEW_STARS, 1), else_=0)
    found = db.session.execute(
        select(Product.village_id, ReviewEvent.refusal, func.count(ReviewEvent.id), func.sum(low))
        .join(ProductReview, ProductReview.id == ReviewEvent.review_id)
        .join(Product, Product.id == ProductReview.product_id)
        .where(ReviewEvent.refusal.is_not(None), Product.village_id.in_(villages_in_scope(user)))
        .group_by(Product.village_id, ReviewEvent.refusal)
    )
    for village_id, reason, count, few in found:
        rows[village_id].refused[reason] += count
        rows[village_id].refused_low += int(few)
