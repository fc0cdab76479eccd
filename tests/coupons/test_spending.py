"""A coupon on an order: taken once, given back once, never more than the budget."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from shop.coupons.models import CouponPart, CouponScope, CouponUse
from shop.coupons.services import end_series, pause_series
from shop.coupons.spending import BudgetSpentError, part_of_order
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.orders.baskets import Buyer
from shop.orders.coupon_choice import ChosenCoupon, CouponChangedError, best_option, coupon_options
from shop.orders.models import Checkout, Order, OrderStatus
from shop.orders.placing import place_order
from shop.orders.quoting import quote
from shop.orders.services import cancel_order, expire_orders
from shop.payments.refunds import Piece, refund_lines, refund_whole_order
from tests.factories.accounts import make_user
from tests.factories.coupons import claim, make_department, make_series, spent_of, used_of
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import HOME, WINDOW, make_freight, pay, purchase_of, receive, ship, stock_of
from tests.factories.regions import make_county

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@pytest.fixture
def goods(app, clock_hand):
    return make_listed_product(price_fen=3_000, stock=50)


@pytest.fixture
def shopper(app, clock_hand):
    return make_user()


def city_of(product):
    return product.village.county.parent


def buy(user, coupon, *pieces, seen: int = 1_000, token: str = '') -> Checkout:
    """Place pieces with a claimed coupon that took off `seen` on the page."""
    purchase = replace(purchase_of(*pieces, form_token=token), coupon=ChosenCoupon(coupon.id, seen))
    with transaction():
        return place_order(purchase, Buyer(user_id=user.id), actor=user, window=WINDOW, at=clock.now())


def cancel(order: Order) -> None:
    with transaction():
        cancel_order(order, actor=None, at=clock.now(), reason='买家取消')


def uses() -> int:
    return db.session.scalar(select(func.count()).select_from(CouponUse)) or 0


def test_a_coupon_is_spread_over_lines_and_suppliers_and_said_on_every_order(goods, shopper):
    other = make_listed_product(price_fen=2_000, stock=5, village=goods.village)
    series = make_series(city_of(goods))
    own = claim(series, shopper)
    placed = buy(shopper, own, (goods, 1), (other, 1))
    assert (placed.goods_fen, placed.total_fen) == (4_000, 4_000)
    assert [(order.goods_fen, order.lines[0].discount_fen) for order in placed.orders] == [(2_400, 600), (1_600, 400)]
    parts = [part_of_order(order.id) for order in placed.orders]
    assert [(part.discount_fen, part.use.name, part.use.funder) for part in parts] == [
        (600, series.name, '市商务局'),
        (400, series.name, '市商务局'),
    ]
    assert (spent_of(series), used_of(own)) == (1_000, 1)
    benefit = placed.orders[0].lines[0].benefit_fen
    assert benefit == 600
    pay(placed)
    assert find_faults() == []


def test_a_benefit_by_the_unit_is_never_more_than_the_net(shopper):
    goods = make_listed_product(price_fen=3_000, rule=2_900, stock=5)
    placed = buy(shopper, claim(make_series(city_of(goods)), shopper), (goods, 2), seen=1_000)
    assert placed.orders[0].lines[0].benefit_fen == placed.orders[0].lines[0].net_fen == 5_000


def test_freight_goes_by_the_goods_after_the_discount(goods, shopper):
    make_freight(goods.supplier, free_above_fen=5_500)
    own = claim(make_series(city_of(goods)), shopper)
    costs = quote({goods.variants[0].id: 2}, province_code='220000')
    assert costs.freight_fen == 0
    (option,) = coupon_options(costs, shopper.id, at=clock.now())
    assert (option.costs.goods_fen, option.costs.freight_fen) == (5_000, 1_100)
    assert best_option([option], costs) is None  # it would make the whole dearer
    assert buy(shopper, own, (goods, 2)).total_fen == 6_100


def test_the_best_of_several_is_the_one_with_which_all_costs_least(goods, shopper):
    small, large = make_series(city_of(goods)), make_series(city_of(goods), off_bp=5_000)
    for series in (small, large):
        claim(series, shopper)
    costs = quote({goods.variants[0].id: 2}, province_code='220000')
    options = coupon_options(costs, shopper.id, at=clock.now())
    assert [(option.series.id, option.discount_fen) for option in options] == [(large.id, 2_000), (small.id, 1_000)]
    assert best_option(options, costs) is options[0]
    assert coupon_options(costs, None, at=clock.now()) == []


def test_the_budget_is_not_overdrawn_and_a_use_that_does_not_fit_places_nothing(goods):
    series = make_series(city_of(goods), budget_fen=1_500)
    first, second = make_user(), make_user()
    own, others = claim(series, first), claim(series, second)
    buy(first, own, (goods, 2))
    with pytest.raises(CouponChangedError, match='用不了：已经发完。少减 ¥10'):
        buy(second, others, (goods, 2))
    assert (spent_of(series), used_of(others), uses(), stock_of(goods)) == (1_000, 0, 1, 48)


def test_a_budget_spent_between_the_look_and_the_update_is_told(goods, shopper, monkeypatch):
    series = make_series(city_of(goods))
    own = claim(series, shopper)
    monkeypatch.setattr('shop.coupons.spending._take_budget', lambda *_: False)
    with pytest.raises(BudgetSpentError, match='刚刚用完或停用，这一次减不了 ¥10') as told:
        buy(shopper, own, (goods, 2))
    assert told.value.field == 'coupon'
    assert (used_of(own), uses(), stock_of(goods)) == (0, 0, 50)


@pytest.mark.parametrize('statement', ['UPDATE coupon_series SET spent_fen = budget_fen + 1',
                                       'UPDATE coupon_claims SET used_count = limit_count + 1'])  # fmt: skip
def test_the_database_itself_refuses_more_than_budget_and_limit(goods, shopper, statement):
    claim(make_series(city_of(goods)), shopper)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(text(statement))


def test_the_same_form_twice_uses_the_coupon_once(goods, shopper):
    own = claim(make_series(city_of(goods), per_person=5), shopper)
    first = buy(shopper, own, (goods, 2), token='t' * 30)
    assert buy(shopper, own, (goods, 2), token='t' * 30).id == first.id
    assert (used_of(own), uses()) == (1, 1)


def test_nobody_uses_a_coupon_more_often_than_its_limit(goods, shopper):
    own = claim(make_series(city_of(goods), per_person=2), shopper)
    for _turn in range(2):
        buy(shopper, own, (goods, 2))
    with pytest.raises(CouponChangedError, match='每人限用 2 次'):
        buy(shopper, own, (goods, 2))
    assert used_of(own) == 2


def test_a_claim_of_somebody_else_or_of_a_guest_is_none(goods, shopper):
    own = claim(make_series(city_of(goods)), make_user())
    with pytest.raises(CouponChangedError, match='用自己领的'):
        buy(shopper, own, (goods, 2))
    purchase = replace(purchase_of((goods, 2)), coupon=ChosenCoupon(own.id, 1_000))
    with pytest.raises(CouponChangedError, match='要登录'), transaction():
        place_order(purchase, Buyer(guest_digest='g' * 64), actor=None, window=WINDOW, at=clock.now())
    assert used_of(own) == 0


def test_another_discount_than_the_page_showed_is_told(goods, shopper):
    own = claim(make_series(city_of(goods), off_bp=1_000), shopper)
    with pytest.raises(CouponChangedError, match=r'从 ¥10\.00 变成了 ¥6\.00'):
        buy(shopper, own, (goods, 2))
    assert buy(shopper, own, (goods, 2), seen=600).goods_fen == 5_400


@pytest.mark.parametrize(
    ('changed', 'why'),
    [
        ({'starts_on': timedelta(days=3)}, '开始'),
        ({'threshold_fen': 9_000}, '适用商品还差 ¥30'),
        ({'scope': CouponScope.CATEGORIES}, '不在适用范围'),
    ],
)
def test_what_does_not_fit_says_why(goods, shopper, clock_hand, changed, why):
    late, changed = changed.get('starts_on'), {name: to for name, to in changed.items() if name != 'starts_on'}
    if 'scope' in changed:
        changed['subject_ids'] = [make_listed_product(name='山葡萄酒').category_id]
        with transaction():
            goods.category = type(goods.category)(slug='honey', name='蜂蜜', icon='honey', position=77)
    series = make_series(city_of(goods), **changed)
    own = claim(series, shopper)
    if late:
        with transaction():
            series.starts_on = clock.today() + late
    with pytest.raises(CouponChangedError, match=why):
        buy(shopper, own, (goods, 2))
    assert uses() == 0


@pytest.mark.parametrize('close', [pause_series, end_series])
def test_a_series_that_was_stopped_takes_nothing_more_off_and_placed_orders_keep_theirs(goods, close):
    first, second = make_user(), make_user()
    series = make_series(city_of(goods))
    own, late = claim(series, first), claim(series, second)
    placed = buy(first, own, (goods, 2))
    with transaction():
        close(series, '核查', actor=make_department(city_of(goods))[0], at=clock.now())
    with pytest.raises(CouponChangedError, match='用不了'):
        buy(second, late, (goods, 2))
    pay(placed)
    assert (placed.orders[0].status, spent_of(series)) == (OrderStatus.AWAITING_SHIPMENT, 1_000)


def test_a_county_s_coupon_is_for_goods_of_the_county(goods, shopper):
    own = claim(make_series(make_county('集安市')), shopper)
    with pytest.raises(CouponChangedError, match='不在适用范围'):
        buy(shopper, own, (goods, 2))


@pytest.mark.parametrize('way', ['cancelled', 'expired'])
def test_a_cancelled_or_expired_order_gives_budget_and_use_back_once(goods, shopper, clock_hand, way):
    series = make_series(city_of(goods))
    own = claim(series, shopper)
    order = buy(shopper, own, (goods, 2)).orders[0]
    if way == 'cancelled':
        cancel(order)
    else:
        clock_hand.move(minutes=31)
        with transaction():
            expire_orders(at=clock.now())
    clock_hand.move(minutes=1)
    with transaction():
        expire_orders(at=clock.now())
    assert (spent_of(series), used_of(own), stock_of(goods)) == (0, 0, 50)
    again = buy(shopper, own, (goods, 2))
    assert (spent_of(series), used_of(own), again.goods_fen) == (1_000, 1, 5_000)
    assert find_faults() == []


def test_one_cancelled_order_of_two_gives_its_part_back_and_the_use_stays_used(goods, shopper):
    other = make_listed_product(price_fen=2_000, stock=5, village=goods.village)
    series = make_series(city_of(goods))
    own = claim(series, shopper)
    first, second = buy(shopper, own, (goods, 1), (other, 1)).orders
    cancel(first)
    assert (spent_of(series), used_of(own)) == (400, 1)
    cancel(second)
    assert (spent_of(series), used_of(own)) == (0, 0)
    assert find_faults() == []


def test_refunds_give_the_budget_its_part_back_exactly_and_not_the_use(goods, shopper):
    series = make_series(city_of(goods), off_fen=1_001)
    own = claim(series, shopper)
    placed = buy(shopper, own, (goods, 3), seen=1_001)
    pay(placed)
    order = placed.orders[0]
    net = order.lines[0].net_fen
    assert net == 7_999
    with transaction():
        refund_lines(
            order, [Piece(order.lines[0].id, 1, 2_666)], freight_fen=0, reason='坏果', actor=None, at=clock.now()
        )
    assert spent_of(series) == 1_001 - 1_001 * 2_666 // 7_999
    assert find_faults() == []
    receive(ship(order))
    with transaction():
        refund_whole_order(order, reason='退货', actor=None, at=clock.now())
    assert (order.status, spent_of(series), used_of(own)) == (OrderStatus.CLOSED, 0, 1)
    assert db.session.scalars(select(CouponPart.returned_fen)).all() == [1_001]
    assert find_faults() == []


def test_where_it_goes_makes_no_difference_to_what_comes_off(goods, shopper):
    claim(make_series(city_of(goods)), shopper)
    far = replace(HOME, province_code='110000')
    costs = quote({goods.variants[0].id: 2}, province_code=far.province_code)
    assert coupon_options(costs, shopper.id, at=clock.now())[0].discount_fen == 1_000
