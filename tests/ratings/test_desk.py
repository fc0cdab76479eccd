"""The village moderates and answers at its desk; the department sees what every village refused."""

import pytest

from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ratings.figures import review_figures, sum_of
from shop.ratings.models import ProductReview, RefusalReason, ReviewStatus
from shop.ratings.services import refuse_review
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.ratings import WORDS, make_received, make_review
from tests.factories.regions import make_county, make_township
from tests.factories.villages import desk_user, make_team_member, make_tenure, make_village

S = ReviewStatus


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def review(tenure) -> ProductReview:
    return make_review(make_received((make_listed_product(tenure=tenure), 1)), stars=1)


@pytest.fixture
def desk(client, tenure):
    return client.sign_in(desk_user(tenure))


def test_a_review_waits_at_the_desk_and_on_its_first_page(desk, review):
    assert '评价待审核' in desk.get('/desk/').text
    page = desk.get('/desk/reviews').text
    assert WORDS in page
    assert '2026-06-18 12:00' in page
    assert WORDS not in desk.get('/desk/reviews?tab=published').text
    assert WORDS in desk.get('/desk/reviews?tab=odd&page=-1').text


def test_it_is_published_answered_and_the_answer_is_read_by_all(client, tenure, review):
    desk = client.sign_in(make_team_member(tenure.village))
    assert desk.post(f'/desk/reviews/{review.id}/publication').status_code == 303
    answer = {'answer': '  下一批先过筛。 '}
    assert desk.post(f'/desk/reviews/{review.id}/answer', data=answer).status_code == 303
    page = desk.sign_out().get(f'/products/{review.product.slug}').text
    assert '下一批先过筛。' in page
    assert WORDS in page


def test_an_answer_that_cannot_be_given_is_kept_beside_its_message(desk, review):
    desk.post(f'/desk/reviews/{review.id}/publication')
    answer = desk.post(f'/desk/reviews/{review.id}/answer', data={'answer': '请打 13800138000'})
    assert answer.status_code == 422
    assert '请打 13800138000' in answer.text
    assert '公开评价里不要写电话' in answer.text


@pytest.mark.parametrize('reason', ['', 'low_stars', 'one'])
def test_few_stars_are_no_reason(desk, review, reason):
    answer = desk.post(f'/desk/reviews/{review.id}/refusal', data={'reason': reason})
    assert answer.status_code == 422
    assert '星少不是原因' in answer.text
    assert db.session.get_one(ProductReview, review.id).status is S.AWAITING


def test_a_refusal_is_named(desk, review):
    assert desk.post(f'/desk/reviews/{review.id}/refusal', data={'reason': 'privacy'}).status_code == 303
    assert db.session.get_one(ProductReview, review.id).refusal is RefusalReason.PRIVACY
    assert '原因：隐私' in desk.get('/desk/reviews?tab=refused').text
    again = desk.post(f'/desk/reviews/{review.id}/refusal', data={'reason': 'privacy'})
    assert again.status_code == 422
    assert '不能改为' in again.text


def test_reviews_of_another_village_are_not_there(client, review):
    client.sign_in(desk_user(make_tenure()))
    assert WORDS not in client.get('/desk/reviews').text
    for act in ('publication', 'refusal', 'answer'):
        form = {'reason': 'abuse', 'answer': '谢谢'}
        assert client.post(f'/desk/reviews/{review.id}/{act}', data=form).status_code == 404
    assert len(db.session.get_one(ProductReview, review.id).events) == 1


def test_the_department_sees_every_refusal_even_when_it_was_put_right(client, tenure, review):
    order = review.line.order
    for reason in (RefusalReason.ABUSE, RefusalReason.OFF_TOPIC):
        with transaction():
            refuse_review(review, reason, actor=desk_user(tenure), at=clock.now())
        make_review(order, stars=1)
    product = make_listed_product(tenure=tenure, name='榛蘑')
    for stars in (5, 4):
        make_review(make_received((product, 1)), stars=stars, is_published=True)
    reviewers = make_reviewers(tenure.village)
    elsewhere = make_village('别处', township=make_township('别镇', county=make_county('集安市')))
    for reader in reviewers:
        (row,) = review_figures(reader)
        assert (row.village, row.total, row.refusals, row.refused_low) == ('松岭村', 3, 2, 2)
        assert dict(row.refused) == {RefusalReason.ABUSE: 1, RefusalReason.OFF_TOPIC: 1}
        assert (row.by_status[S.AWAITING], row.by_status[S.PUBLISHED], row.rating.average) == (1, 2, '4.5')
    assert review_figures(make_user(Role.COUNTY_DEPARTMENT, region=elsewhere.county)) == []
    page = client.sign_in(reviewers[2]).get('/office/reviews').text
    assert '柳河县 · 松岭村' in page
    assert sum_of(review_figures(reviewers[2])).refusals == 2
