"""Averages from whole stars, and what of a product can be read."""

import pytest
from sqlalchemy import select

from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.orders.services import close_order
from shop.ratings.queries import (
    Rating,
    orders_to_review,
    published_reviews,
    rating_columns,
    summary_of,
)
from tests.factories.catalogue import make_photo
from tests.factories.endorsements import make_listed_product
from tests.factories.ratings import make_received, make_review
from tests.factories.villages import make_tenure


@pytest.mark.parametrize(
    ('count', 'stars', 'average'),
    [(0, 0, ''), (1, 5, '5.0'), (4, 19, '4.8'), (20, 87, '4.4'), (3, 13, '4.3'), (213, 1022, '4.8'), (40, 198, '5.0')],
)
def test_an_average_has_one_decimal_and_halves_go_up(count, stars, average):
    assert Rating(count, stars).average == average


def test_only_what_is_published_counts_and_neither_refunds_nor_the_village_itself(app, clock_hand):
    tenure = make_tenure()
    product, other = make_listed_product(tenure=tenure, stock=50), make_listed_product(tenure=tenure)
    orders = [make_received((product, 1)) for _ in range(5)]
    for order, stars in zip(orders, (5, 4, 1, 1, 5), strict=True):
        make_review(order, stars=stars, is_published=order is not orders[4])
    with transaction():
        close_order(orders[2], actor=None, at=clock.now(), reason='全额退款')
        orders[3].is_insider = True
    ratings = select(Product.id, *rating_columns(Product.id)).order_by(Product.id)
    assert [tuple(row) for row in db.session.execute(ratings)] == [(product.id, 2, 9), (other.id, 0, 0)]
    summary = summary_of(product.id)
    assert (summary.rating, summary.total, summary.uncounted) == (Rating(2, 9), 4, 2)
    assert summary.all_by_stars == {5: 1, 4: 1, 1: 2}
    assert summary.bars == [(5, 1, 50), (4, 1, 50), (3, 0, 0), (2, 0, 0), (1, 0, 0)]
    assert [review.stars for review in published_reviews(product.id)] == [1, 1, 4, 5]


def test_reviews_are_read_by_stars_by_photo_and_page_by_page(app, clock_hand):
    product = make_listed_product(stock=50)
    reviews = []
    for stars in (5, 3, 5):
        photos = (make_photo(),) if stars == 3 else ()
        reviews.append(make_review(make_received((product, 1)), stars=stars, photos=photos, is_published=True))
        clock_hand.move(minutes=1)
    assert [row.id for row in published_reviews(product.id, stars=5)] == [reviews[2].id, reviews[0].id]
    assert [row.id for row in published_reviews(product.id, with_photos=True)] == [reviews[1].id]
    assert [row.id for row in published_reviews(product.id, number=2, size=2)] == [reviews[0].id]
    assert summary_of(product.id).with_photos == 1


def test_an_order_waits_for_its_review_until_every_line_has_one(app, clock_hand):
    tenure = make_tenure()
    first = make_listed_product(tenure=tenure)
    second = make_listed_product(tenure=tenure, supplier=first.supplier, name='榛蘑')
    order = make_received((first, 1), (second, 1))
    assert orders_to_review([order.id]) == {order.id}
    make_review(order)
    assert orders_to_review([order.id]) == {order.id}
    single = make_received((first, 1))
    make_review(single)
    assert orders_to_review([single.id]) == set()
    assert orders_to_review([]) == set()
