"""The life of a review: who may write it, when, what it may hold, who may refuse it and why."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.orders.services import close_order
from shop.ratings.models import MAX_PHOTOS, ProductReview, RefusalReason, ReviewMoveError, ReviewPhoto, ReviewStatus
from shop.ratings.privacy import PrivateNumberError
from shop.ratings.services import (
    AnswerError,
    NotReviewableError,
    ReviewContentError,
    ReviewDraft,
    answer_review,
    publish_due_reviews,
    publish_review,
    refuse_review,
    withdraw_review,
    write_review,
)
from tests.factories.accounts import make_user
from tests.factories.catalogue import make_photo
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import bought
from tests.factories.ratings import WORDS, make_received, make_review
from tests.factories.villages import desk_user, make_team_member, make_tenure

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

S = ReviewStatus


@pytest.fixture
def tenure():
    return make_tenure()


@pytest.fixture
def order(tenure) -> Order:
    return make_received((make_listed_product(tenure=tenure), 1))


def story(review: ProductReview) -> list[tuple[ReviewStatus | None, ReviewStatus, RefusalReason | None]]:
    return [(event.from_status, event.to_status, event.refusal) for event in review.events]


def test_a_review_waits_for_the_village(order):
    review = make_review(order, stars=2)
    assert (review.status, review.stars, review.text) == (S.AWAITING, 2, WORDS)
    assert review.shown_as == '买家'
    assert review.publish_by == clock.now() + timedelta(hours=72)
    assert story(review) == [(None, S.AWAITING, None)]


def test_only_a_completed_order_is_spoken_of(tenure, order):
    paid = bought((make_listed_product(tenure=tenure), 1))
    with pytest.raises(NotReviewableError, match='收到货'):
        make_review(paid)
    with transaction():
        close_order(order, actor=None, at=clock.now(), reason='退款')
    with pytest.raises(NotReviewableError):
        make_review(order)
    assert db.session.scalar(select(func.count()).select_from(ProductReview)) == 0


def test_a_test_order_is_nobodys_purchase(order):
    with transaction():
        order.is_test = True
    with pytest.raises(NotReviewableError):
        make_review(order)


@pytest.mark.parametrize(
    ('stars', 'text', 'field'),
    [
        (0, WORDS, 'stars'),
        (6, WORDS, 'stars'),
        (5, '好东西。', 'text'),
        (5, '好' * 501, 'text'),
        (5, '好吃，打13800138000找我', 'text'),
    ],
)
def test_what_a_review_may_not_be(order, stars, text, field):
    with pytest.raises((ReviewContentError, PrivateNumberError)) as refused:
        make_review(order, stars=stars, text=text)
    assert refused.value.field == field
    assert db.session.scalar(select(func.count()).select_from(ProductReview)) == 0


def test_each_picture_counts_once_and_there_are_six_at_most(order):
    photos = tuple(make_photo() for _ in range(MAX_PHOTOS + 1))
    with pytest.raises(ReviewContentError, match='最多 6 张'):
        make_review(order, photos=photos)
    review = make_review(order, photos=(photos[0], *photos[:MAX_PHOTOS]))
    assert [row.photo_id for row in review.photos] == [photo.id for photo in photos[:MAX_PHOTOS]]


def test_a_line_has_one_review(order):
    make_review(order)
    with pytest.raises(NotReviewableError, match='已经评价过'):
        make_review(order)


def test_of_two_that_arrive_at_once_one_is_kept(app, order):
    line_id, ready, told = order.lines[0].id, Barrier(2, timeout=30), []
    db.session.rollback()

    def write() -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    line = db.session.get_one(OrderLine, line_id)
                    write_review(line, ReviewDraft(5, WORDS), actor=None, at=clock.now())
                told.append('kept')
            except NotReviewableError:
                told.append('told')
            db.session.remove()

    threads = [Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ['kept', 'told']
    assert db.session.scalar(select(func.count()).select_from(ProductReview)) == 1


@pytest.mark.parametrize(
    ('name', 'is_anonymous', 'shown'),
    [('山里来客', True, '山**客'), ('山里来客', False, '山里来客'), ('13800138000', False, '1**0')],
)
def test_a_buyer_is_masked_unless_asked_otherwise(tenure, name, is_anonymous, shown):
    user = make_user(name=name)
    order = make_received((make_listed_product(tenure=tenure), 1), actor=user)
    assert make_review(order, actor=user, is_anonymous=is_anonymous).shown_as == shown


def test_the_village_publishes_answers_and_says_it_differently(tenure, order):
    review, user = make_review(order), make_team_member(tenure.village)
    with transaction(), pytest.raises(AnswerError, match='发布以后'):
        answer_review(review, '谢谢', actor=user, at=clock.now())
    with transaction():
        publish_review(review, actor=user, at=clock.now())
        answer_review(review, '谢谢您。', actor=user, at=clock.now())
        answer_review(review, '谢谢您。', actor=user, at=clock.now())
        answer_review(review, '谢谢您，下次挑大朵的。', actor=user, at=clock.now())
    assert review.answer == '谢谢您，下次挑大朵的。'
    assert [event.answer for event in review.events] == [None, None, '谢谢您。', '谢谢您，下次挑大朵的。']
    assert review.published_at == clock.now()


@pytest.mark.parametrize('answer', ['', '谢' * 301, '请打 13800138000', '这是全国第一的木耳，能降血压。'])
def test_an_answer_that_cannot_be_given_changes_nothing(tenure, order, answer):
    review = make_review(order, is_published=True)
    with pytest.raises((AnswerError, PrivateNumberError)), transaction():
        answer_review(review, answer, actor=desk_user(tenure), at=clock.now())
    assert (review.answer, len(review.events)) == (None, 2)


def test_a_refusal_has_a_reason_and_what_was_refused_may_be_put_right(tenure, order):
    review, photo = make_review(order, stars=1, photos=(make_photo(),)), make_photo()
    with transaction():
        refuse_review(review, RefusalReason.PRIVACY, actor=desk_user(tenure), at=clock.now())
    assert (review.status, review.refusal) == (S.REFUSED, RefusalReason.PRIVACY)
    make_review(order, stars=1, text='还是一颗星，不写名字了。', photos=(photo,))
    assert (review.status, review.refusal) == (S.AWAITING, None)
    assert [row.photo_id for row in review.photos] == [photo.id]
    assert story(review) == [
        (None, S.AWAITING, None),
        (S.AWAITING, S.REFUSED, RefusalReason.PRIVACY),
        (S.REFUSED, S.AWAITING, None),
    ]


def test_another_village_moderates_nothing(order):
    review, stranger = make_review(order), desk_user(make_tenure())
    for act in (
        lambda: publish_review(review, actor=stranger, at=clock.now()),
        lambda: refuse_review(review, RefusalReason.ABUSE, actor=stranger, at=clock.now()),
        lambda: answer_review(review, '谢谢', actor=stranger, at=clock.now()),
    ):
        with pytest.raises(NotFoundError), transaction():
            act()
    assert (review.status, len(review.events)) == (S.AWAITING, 1)


def test_what_is_withdrawn_stays_withdrawn(tenure, order):
    review = make_review(order, photos=(make_photo(),), is_published=True)
    with transaction():
        withdraw_review(review, actor=None, at=clock.now())
    assert review.status is S.WITHDRAWN
    assert db.session.scalar(select(func.count()).select_from(ReviewPhoto)) == 0
    with pytest.raises(ReviewMoveError), transaction():
        publish_review(review, actor=desk_user(tenure), at=clock.now())
    with pytest.raises(NotReviewableError):
        make_review(order)


def test_what_nobody_moderates_is_published_by_itself_however_late(order, clock_hand):
    review = make_review(order)
    clock_hand.move(hours=72, seconds=-1)
    with transaction():
        assert publish_due_reviews(at=clock.now()) == 0
    clock_hand.move(days=30)
    with transaction():
        assert publish_due_reviews(at=clock.now()) == 1
        assert publish_due_reviews(at=clock.now()) == 0
    assert (review.status, review.published_at) == (S.PUBLISHED, clock.now())
    assert [event.actor_id for event in review.events] == [None, None]


def test_a_review_outlives_its_order(order):
    review = make_review(order, is_published=True)
    with transaction():
        close_order(order, actor=None, at=clock.now(), reason='全额退款')
    assert (order.status, review.status) == (OrderStatus.CLOSED, S.PUBLISHED)
