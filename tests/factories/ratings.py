"""Reviews the way they come about: goods bought, received, and spoken of."""

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.kit import clock
from shop.orders.models import Order
from shop.photos.models import Photo
from shop.ratings.models import ProductReview
from shop.ratings.services import ReviewDraft, publish_review, write_review
from tests.factories.building import building
from tests.factories.orders import pay, place, receive, ship

WORDS = '泡了一小把就是一大盘，没有碎渣。'


def make_received(*pieces: tuple[Product, int], actor: User | None = None) -> Order:
    """An order that its buyer, or a guest, has received."""
    checkout = place(*pieces, actor=actor)
    pay(checkout)
    return receive(ship(checkout.orders[0]))


@building
def make_review(
    order: Order,
    *,
    stars: int = 5,
    text: str = WORDS,
    is_anonymous: bool = True,
    photos: tuple[Photo, ...] = (),
    actor: User | None = None,
    is_published: bool = False,
) -> ProductReview:
    """A review of an order's first line, waiting for the village or published by time."""
    draft = ReviewDraft(stars, text, is_anonymous=is_anonymous, photos=photos)
    review = write_review(order.lines[0], draft, actor=actor, at=clock.now())
    if is_published:
        publish_review(review, actor=None, at=clock.now())
    return review
