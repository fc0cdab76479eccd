"""Reads of reviews: averages from whole stars, pages of them, what a buyer may still write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from shop.kit.database import db
from shop.kit.pagination import Page
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.ratings.models import STARS, ProductReview, ReviewPhoto, ReviewStatus

S = ReviewStatus
PAGE_SIZE = 20
Columns = TypeVarTuple('Columns')


@dataclass(frozen=True, slots=True)
class Rating:
    """How many reviews count, and the sum of their stars."""

    count: int = 0
    stars_sum: int = 0

    @property
    def average(self) -> str:
        """The average with one decimal, halves up, from whole numbers: ``4.8``; empty without a review."""
        if not self.count:
            return ''
        tenths = (self.stars_sum * 20 + self.count) // (2 * self.count)
        return f'{tenths // 10}.{tenths % 10}'


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """What the published reviews of a product come to; `uncounted` are shown and do not count."""

    by_stars: dict[int, int] = field(default_factory=dict)
    uncounted: int = 0
    with_photos: int = 0
    all_by_stars: dict[int, int] = field(default_factory=dict)

    @property
    def rating(self) -> Rating:
        """The average of those that count."""
        return Rating(sum(self.by_stars.values()), sum(stars * count for stars, count in self.by_stars.items()))

    @property
    def total(self) -> int:
        """How many can be read."""
        return sum(self.all_by_stars.values())

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """Stars, how many reviews gave so many, and that in whole percent; five stars first."""
        total = max(1, self.rating.count)
        return [
            (stars, self.by_stars.get(stars, 0), (self.by_stars.get(stars, 0) * 200 + total) // (2 * total))
            for stars in reversed(STARS)
        ]


def is_counted() -> ColumnElement[bool]:
    """The condition that a review joined to its order counts: not paid back whole, not bought by the village itself."""
    return and_(Order.status != OrderStatus.CLOSED, Order.is_insider.is_(False))


def rating_columns(product_id: Any) -> tuple[Any, Any]:
    """Return the expressions that rate the product of a row: how many reviews count, and the sum of their stars."""
    of_product = _of_orders(select(func.count(ProductReview.id))).where(
        ProductReview.product_id == product_id, ProductReview.status == S.PUBLISHED, is_counted()
    )
    stars = of_product.with_only_columns(func.coalesce(func.sum(ProductReview.stars), 0), maintain_column_froms=True)
    return of_product.scalar_subquery(), stars.scalar_subquery()


def summary_of(product_id: int) -> ReviewSummary:
    """Return the bars of a product; one statement."""
    has_photo = exists().where(ReviewPhoto.review_id == ProductReview.id)
    rows = db.session.execute(
        _of_orders(
            select(
                ProductReview.stars,
                func.count(ProductReview.id),
                func.sum(case((is_counted(), 1), else_=0)),
                func.sum(case((has_photo, 1), else_=0)),
            )
        )
        .where(ProductReview.product_id == product_id, ProductReview.status == S.PUBLISHED)
        .group_by(ProductReview.stars)
    ).all()
    by_stars = {stars: int(counted) for stars, _total, counted, _photos in rows}
    every = {stars: total for stars, total, _counted, _photos in rows}
    return ReviewSummary(
        by_stars=by_stars,
        uncounted=sum(every.values()) - sum(by_stars.values()),
        with_photos=sum(int(photos) for _stars, _total, _counted, photos in rows),
        all_by_stars=every,
    )


def published_reviews(
    product_id: int, *, stars: int | None = None, with_photos: bool = False, number: int = 1, size: int = PAGE_SIZE
) -> list[ProductReview]:
    """Return one page of what can be read of a product, the newest first, with photos and order."""
    where = [ProductReview.product_id == product_id, ProductReview.status == S.PUBLISHED]
    if stars is not None:
        where.append(ProductReview.stars == stars)
    if with_photos:
        where.append(exists().where(ReviewPhoto.review_id == ProductReview.id))
    rows = db.session.scalars(
        select(ProductReview)
        .where(*where)
        .options(
            joinedload(ProductReview.line, innerjoin=True).joinedload(OrderLine.order, innerjoin=True),
            joinedload(ProductReview.photos),
        )
        .order_by(ProductReview.written_at.desc(), ProductReview.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    return list(rows.unique())


def reviews_of_order(order_id: int) -> dict[int, ProductReview]:
    """Return the reviews of an order's lines by the line's id."""
    rows = db.session.scalars(
        select(ProductReview)
        .join(OrderLine, OrderLine.id == ProductReview.order_line_id)
        .where(OrderLine.order_id == order_id)
        .options(selectinload(ProductReview.photos))
    )
    return {review.order_line_id: review for review in rows}


def orders_to_review(order_ids: Sequence[int]) -> set[int]:
    """Return which of these orders are completed and have a line without a review."""
    reviewed = exists().where(ProductReview.order_line_id == OrderLine.id)
    found = (
        select(OrderLine.order_id)
        .join(OrderLine.order)
        .where(
            OrderLine.order_id.in_(order_ids),
            Order.status == OrderStatus.COMPLETED,
            Order.is_test.is_(False),
            ~reviewed,
        )
    )
    return set(db.session.scalars(found)) if order_ids else set()


def page_for_desk(village_id: int, status: ReviewStatus, number: int) -> Page[ProductReview]:
    """Return a village's reviews in a status: the first to be published first, else the newest first."""
    where = (Order.village_id == village_id, ProductReview.status == status)
    total = db.session.scalar(_of_orders(select(func.count(ProductReview.id))).where(*where)) or 0
    order_by = ProductReview.publish_by if status is S.AWAITING else ProductReview.written_at.desc()
    rows = db.session.scalars(
        _of_orders(select(ProductReview))
        .where(*where)
        .options(
            joinedload(ProductReview.product),
            contains_eager(ProductReview.line).contains_eager(OrderLine.order),
            selectinload(ProductReview.photos),
        )
        .order_by(order_by, ProductReview.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows, number, PAGE_SIZE, total)


def counts_for_desk(village_id: int) -> dict[ReviewStatus, int]:
    """Return how many reviews of a village are in each status; one statement."""
    rows = db.session.execute(
        _of_orders(select(ProductReview.status, func.count(ProductReview.id)))
        .where(Order.village_id == village_id)
        .group_by(ProductReview.status)
    )
    return dict(rows.all())


def _of_orders(statement: Select[*Columns]) -> Select[*Columns]:
    """Join the line and the order of each review."""
    return statement.join(OrderLine, OrderLine.id == ProductReview.order_line_id).join(
        Order, Order.id == OrderLine.order_id
    )
