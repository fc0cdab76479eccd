"""Reviews as the public reads them: the part of the product page, and the page of all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page, page_number
from shop.ratings.models import STARS, ProductReview
from shop.ratings.queries import PAGE_SIZE, ReviewSummary, published_reviews, summary_of
from shop.villages.models import Village

NEWEST = 5


@dataclass(frozen=True)
class ReviewSection:
    """What the product page shows: the bars and the newest."""

    summary: ReviewSummary
    newest: list[ProductReview]


@dataclass(frozen=True)
class ReviewsPage:
    """All reviews of a product under the wishes in the address."""

    product: Product
    is_on_sale: bool
    summary: ReviewSummary
    stars: int | None
    with_photos: bool
    page: Page[ProductReview]

    def address(self, *, page: int = 1, stars: int | None = None, photos: bool = False) -> str:
        """Return the address of a page, of a number of stars or of those with photos."""
        wishes = {'stars': stars or '', 'photos': '1' if photos else '', 'page': page if page > 1 else ''}
        query = urlencode({name: value for name, value in wishes.items() if value})
        return f'/products/{self.product.slug}/reviews{"?" + query if query else ""}'

    def turned(self, page: int) -> str:
        """Return the address of another page of the same."""
        return self.address(page=page, stars=self.stars, photos=self.with_photos)


def open_review_section(product_id: int) -> ReviewSection:
    """Return what the product page shows; a product without reviews costs one statement."""
    summary = summary_of(product_id)
    return ReviewSection(summary, published_reviews(product_id, size=NEWEST) if summary.total else [])


def open_reviews_page(slug: str, wishes: Mapping[str, str]) -> ReviewsPage:
    """Return the reviews of a product that is or was on sale; raises `NotFoundError` for any other."""
    was_listed = exists().where(Endorsement.product_id == Product.id, Endorsement.listed_on.is_not(None))
    listed = exists().where(Endorsement.product_id == Product.id, Endorsement.status == EndorsementStatus.LISTED)
    row = db.session.execute(
        select(Product, listed)
        .where(Product.slug == slug, was_listed)
        .options(joinedload(Product.village).joinedload(Village.county), joinedload(Product.category))
    ).first()
    if row is None:
        raise NotFoundError
    product, is_on_sale = row
    stars = wishes.get('stars', '')
    chosen = int(stars) if stars in {str(number) for number in STARS} else None
    with_photos = wishes.get('photos') == '1' and chosen is None
    summary = summary_of(product.id)
    total = summary.with_photos if with_photos else summary.all_by_stars.get(chosen, 0) if chosen else summary.total
    last = max(1, -(-total // PAGE_SIZE))
    number = min(page_number(wishes.get('page')), last)
    rows = published_reviews(product.id, stars=chosen, with_photos=with_photos, number=number)
    return ReviewsPage(product, bool(is_on_sale), summary, chosen, with_photos, Page(rows, number, PAGE_SIZE, total))
