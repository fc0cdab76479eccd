"""The desk's first page: what waits, in the village's own figures."""

from datetime import timedelta

from shop.endorsements.models import EndorsementStatus
from shop.endorsements.services import return_endorsement, submit_endorsement
from shop.kit import clock
from shop.kit.database import transaction
from shop.reviews.ladder import ReviewStep
from shop.storefront.desk_today import desk_today
from tests.factories.accounts import make_reviewers
from tests.factories.catalogue import make_product
from tests.factories.endorsements import make_endorsement, make_listed_product, make_submittable_endorsement
from tests.factories.orders import bought, receive, ship
from tests.factories.villages import desk_user, make_tenure

LADDER = (ReviewStep.TOWNSHIP, ReviewStep.COUNTY, ReviewStep.CITY)


def test_what_waits_and_the_figures_of_the_month(app, clock_hand):
    tenure = make_tenure()
    product = make_listed_product(tenure=tenure, price_fen=3990, rule=600, stock=14)
    first = bought((product, 2))
    clock_hand.move(hours=3)
    bought((product, 3))
    clock_hand.move(hours=1)
    receive(ship(first))
    today = desk_today(tenure.village, at=clock.now())
    assert (today.to_ship.orders, today.to_ship.units) == (1, 3)
    assert today.to_ship.first_due == clock.now() - timedelta(hours=1) + timedelta(hours=48)
    assert [variant.stock for variant in today.low] == [9]
    assert (today.sales_fen, today.benefit_fen) == (5 * 3990, 2 * 600)
    assert (today.figures.covered, today.figures.accrued) == (3, 3)
    assert today.days_in_office > 0
    clock_hand.move(days=30)
    next_month = desk_today(tenure.village, at=clock.now())
    assert (next_month.sales_fen, next_month.benefit_fen) == (0, 0)


def test_an_order_past_its_promise_is_said_to_be_late(client, clock_hand):
    tenure = make_tenure()
    bought((make_listed_product(tenure=tenure, stock=5), 2))
    desk = client.sign_in(desk_user(tenure))
    clock_hand.move(hours=48)
    assert not desk_today(tenure.village, at=clock.now()).to_ship.is_late
    assert '前发出，已过时' not in desk.get('/desk/').text
    clock_hand.move(seconds=1)
    assert desk_today(tenure.village, at=clock.now()).to_ship.is_late
    assert '前发出，已过时' in desk.get('/desk/').text


def test_another_village_does_not_count(app, clock_hand):
    bought((make_listed_product(stock=3), 1))
    mine = make_tenure()
    today = desk_today(mine.village, at=clock.now())
    assert (today.to_ship.orders, today.to_ship.units, today.to_ship.first_due) == (0, 0, None)
    assert (today.low, today.sales_fen, today.waiting) == ([], 0, 0)


def test_the_page_names_returns_and_notices(client, clock_hand):
    tenure = make_tenure()
    secretary = desk_user(tenure)
    endorsement = make_submittable_endorsement(tenure)
    reviewer = make_reviewers(tenure.village)[0]
    with transaction():
        submit_endorsement(endorsement, ladder=LADDER, actor=secretary, at=clock.now())
    with transaction():
        return_endorsement(endorsement, reason='照片有水印。', actor=reviewer, at=clock.now(), step=ReviewStep.TOWNSHIP)
    noticed = make_product(tenure.village, name='椴树蜜')
    make_endorsement(noticed, tenure, status=EndorsementStatus.ON_NOTICE)
    page = client.sign_in(secretary).get('/desk/').text
    assert '都发完了' in page
    assert '照片有水印。' in page
    assert '公示中：椴树蜜' in page


def test_only_the_village_opens_its_desk(client, clock_hand):
    tenure = make_tenure()
    assert client.get('/desk/').headers['Location'] == '/sign-in?next=/desk/'
    assert client.sign_in(make_reviewers(tenure.village)[0]).get('/desk/').status_code == 404
