"""Coupons as browsers ask for them: claiming, the checkout, one's own, the order page, the department's pages."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.coupons.models import CouponClaim, CouponKind, CouponScope, CouponSeries, CouponUse, SeriesStatus
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.orders.models import Checkout, Order
from tests.factories.accounts import make_user
from tests.factories.coupons import claim, make_department, make_draft, make_series, place_with_coupon, spent_of
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import pay, stock_of
from tests.factories.regions import make_county

pytestmark = pytest.mark.usefixtures('clock_hand')
ADDRESS = {
    'recipient': '李晓',
    'phone': '13800138000',
    'province': '220000',
    'city': '220100',
    'county': '220102',
    'street': '人民大街 1 号',
    'note': '请放门卫',
}


@pytest.fixture
def goods(app, clock_hand):
    return make_listed_product(price_fen=6_000, stock=20)


@pytest.fixture
def shopper(client, goods):
    """Somebody signed in with one of the goods in the basket."""
    user = make_user()
    client.sign_in(user)
    client.post('/basket/lines', data={'variant': goods.variants[0].id, 'quantity': 1})
    return user


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def plain(page: str) -> str:
    """The words of a page without their blanks."""
    return re.sub(r'\s+', '', re.sub(r'<[^>]+>', '', page))


def form_of(page: str) -> dict[str, object]:
    """What the checkout page would send in."""
    chosen = re.findall(r'name="coupon" value="([^"]+)"[^>]*checked', page)
    hidden = {name: re.findall(rf'name="{name}" value="([^"]+)"', page) for name in ('line', 'presale')}
    token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
    return {**ADDRESS, **hidden, 'form_token': token, **({'coupon': chosen[0]} if chosen else {})}


def test_from_claiming_to_the_order_page(client, goods, shopper):
    series = make_series(goods.village.county, name='立冬山货券')
    assert '立冬山货券' in client.get('/coupons').text
    client.post(f'/coupons/{series.id}/claims')
    assert client.post(f'/coupons/{series.id}/claims').headers['Location'] == '/coupons'
    assert count(CouponClaim) == 1
    assert '已领取' in client.get('/coupons').text
    page = client.get('/checkout').text
    assert '省 ¥10.00' in page
    assert '已替您勾上最省的一张' in page
    assert '合计 ¥50.00' in page
    assert '消费券“立冬山货券”，市商务局承担' in plain(page)
    assert client.post('/checkout', data=form_of(page)).status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert (order.goods_fen, spent_of(series)) == (5_000, 1_000)
    shown = plain(client.get(f'/orders/{order.number}').text)
    assert '商品原价¥60.00' in shown
    assert '消费券“立冬山货券”，市商务局承担−¥10.00' in shown
    mine = client.get('/account/coupons').text
    assert '用过的' in mine
    assert order.number in mine
    client.post(f'/orders/{order.number}/cancellation')
    assert '的订单取消了，次数已还回' in client.get('/account/coupons').text


def test_somebody_may_go_without_and_choose_again(client, goods, shopper):
    small, large = make_series(goods.village.county), make_series(goods.village.county, off_bp=5_000)
    own = {series.id: claim(series, shopper).id for series in (small, large)}
    page = client.get('/checkout').text
    assert form_of(page)['coupon'] == f'{own[large.id]}:2000'
    again = client.post('/checkout', data={**form_of(page), 'coupon': f'{own[small.id]}:1000', 'reload': '1'}).text
    assert form_of(again)['coupon'] == f'{own[small.id]}:1000'
    assert '已替您勾上' not in again
    assert '请放门卫' in again
    without = client.post('/checkout', data={**form_of(page), 'coupon': 'none'})
    assert (without.status_code, db.session.scalars(select(Order.goods_fen)).all()) == (303, [6_000])
    assert count(CouponUse) == 0


def test_a_coupon_that_ran_out_meanwhile_is_told_and_nothing_is_placed(client, goods, shopper):
    series = make_series(goods.village.county, name='快抢券', budget_fen=1_000)
    claim(series, shopper)
    form = form_of(client.get('/checkout').text)
    other = make_user()
    place_with_coupon(claim(series, other), other, (goods, 1))
    refused = client.post('/checkout', data=form)
    assert refused.status_code == 409
    assert '“快抢券”这一次用不了：已经发完。少减 ¥10.00' in refused.text
    assert '请放门卫' in refused.text
    assert form_of(refused.text)['coupon'] == 'none' if 'name="coupon"' in refused.text else True
    assert '¥60' in plain(refused.text)
    assert (count(Checkout), stock_of(goods)) == (1, 19)
    assert client.post('/checkout', data={**form_of(refused.text), 'coupon': 'none'}).status_code == 303


def test_a_code_is_redeemed_on_the_checkout_page_with_everything_typed_kept(client, goods, shopper):
    kept = claim(make_series(goods.village.county), shopper)
    better = make_series(goods.village.county, name='口令券', code='通化山货', off_bp=5_000)
    make_series(goods.village.county, name='高门槛券', code='GAO8888', threshold_fen=90_000)
    form = {**form_of(client.get('/checkout').text), 'redeem': '1'}
    wrong = client.post('/checkout', data={**form, 'coupon_code': '没有的'})
    assert wrong.status_code == 422
    assert '没有口令是“没有的”的消费券' in wrong.text
    assert form_of(wrong.text)['coupon'] == f'{kept.id}:1000'
    assert client.post('/checkout', data={**form, 'coupon_code': ''}).status_code == 422
    high = client.post('/checkout', data={**form, 'coupon_code': 'gao8888'})
    assert '“高门槛券”已领取，这一次用不了：适用商品还差 ¥840.00' in high.text
    assert form_of(high.text)['coupon'] == f'{kept.id}:1000'
    form.pop('redeem')  # pressing submit with a code typed does not place past the buyer's eyes
    found = client.post('/checkout', data={**form, 'coupon_code': ' 通化 山货 '})
    assert (found.status_code, count(Checkout)) == (200, 0)
    assert '请放门卫' in found.text
    assert str(form_of(found.text)['coupon']).endswith(':2000')
    assert client.post('/checkout', data=form_of(found.text)).status_code == 303
    assert spent_of(better) == 2_000


def test_a_guest_is_led_to_sign_in_and_cannot_use_a_code(client, goods):
    series = make_series(goods.village.county, code='SH2026')
    assert '登录后领取' not in client.get('/coupons').text
    client.post('/basket/lines', data={'variant': goods.variants[0].id, 'quantity': 1})
    page = client.get('/checkout').text
    assert '登录后能领、能用' in page
    refused = client.post('/checkout', data={**form_of(page), 'coupon_code': 'SH2026'})
    assert refused.status_code == 422
    assert '消费券要登录后才能领和用' in refused.text
    assert client.post(f'/coupons/{series.id}/claims').headers['Location'].startswith('/sign-in')
    assert client.get('/account/coupons').headers['Location'] == '/sign-in?next=/account/coupons'


def test_without_any_coupon_the_checkout_says_nothing_of_them(client, shopper):
    assert '消费券' not in re.sub(r'<footer.*', '', client.get('/checkout').text, flags=re.DOTALL)
    assert '现在没有可以领的消费券' in client.get('/coupons').text


@pytest.mark.parametrize('typed', ['x', '1', '1:x', ':', '9' * 30 + ':1', '-1:5', 'none:none'])
def test_an_odd_choice_is_no_coupon(client, goods, shopper, typed):
    form = form_of(client.get('/checkout').text)
    assert client.post('/checkout', data={**form, 'coupon': typed}).status_code == 303
    assert count(CouponUse) == 0


def test_codes_on_the_claiming_page(client, goods, shopper):
    make_series(goods.village.county, name='口令券', code='SH2026')
    assert '口令券' not in client.get('/coupons').text
    for typed, says in (('', '填写领取口令'), ('NOPE', '没有口令是“NOPE”')):
        wrong = client.post('/coupons/claims', data={'coupon_code': typed})
        assert wrong.status_code == 422
        assert says in wrong.text
    assert client.post('/coupons/claims', data={'coupon_code': 'sh2026'}).headers['Location'] == '/account/coupons'
    assert '口令券' in client.get('/account/coupons').text


FIELDS = {
    'name': '立冬山货券',
    'funder': '市商务局',
    'kind': 'fixed',
    'threshold': '100',
    'off': '20',
    'budget': '5000',
    'per_person': '2',
    'scope': 'all',
}


def draft(client, **changed):
    days = {'starts_on': clock.today().isoformat(), 'ends_on': (clock.today() + timedelta(days=9)).isoformat()}
    return client.post('/office/coupons', data={**FIELDS, **days, 'form_token': new_token(), **changed})


def test_the_department_drafts_another_releases_and_every_figure_opens(client, goods):
    author, releaser = make_department(goods.village.county)
    client.sign_in(author)
    assert '起草消费券' in client.get('/office/coupons/new').text
    address = draft(client, scope='villages', villages=str(goods.village_id), threshold='50').headers['Location']
    series = db.session.scalars(select(CouponSeries)).one()
    assert (series.kind, series.threshold_fen, series.off_fen) == (CouponKind.FIXED, 5_000, 2_000)
    assert (series.scope, series.goods[0].village_id) == (CouponScope.VILLAGES, goods.village_id)
    assert '要由另一位同事发放' in client.get(address).text
    refused = client.post(f'{address}/release')
    assert refused.status_code == 409
    assert '另一位同事核对后发放' in refused.text
    client.sign_in(releaser)
    assert '草稿' in client.get('/office/coupons').text
    assert client.post(f'{address}/release').status_code == 303
    shopper, waiting = make_user(), make_user()
    pay(place_with_coupon(claim(series, shopper), shopper, (goods, 1), seen_fen=2_000))
    place_with_coupon(claim(series, waiting), waiting, (goods, 1), seen_fen=2_000)
    shown = plain(client.get(address).text)
    for words in ('预算5,000.00', '已用20.00', '待付款占用20.00', '剩余4,960.00', '领取人数、用过的人数2/2'):
        assert words in shown, words
    number = db.session.scalars(select(Order.number).order_by(Order.id)).all()
    used = client.get(f'{address}/uses?state=used&village={goods.village_id}').text
    assert number[0] in used
    assert number[1] not in used
    assert number[1] in client.get(f'{address}/uses?state=held').text
    assert client.get(f'{address}/uses?state=odd&village=x&page=9').status_code == 200
    assert client.post(f'{address}/pause', data={'reason': ''}).status_code == 422
    assert client.post(f'{address}/pause', data={'reason': '核查'}).status_code == 303
    assert client.post(f'{address}/end', data={'reason': '到期'}).status_code == 303
    assert '结束后不能恢复' not in client.get(address).text
    assert series.status is SeriesStatus.ENDED


@pytest.mark.parametrize(
    ('changed', 'says'),
    [
        ({'name': ''}, '填写名称'),
        ({'funder': 'x' * 41}, '最多 40 字'),
        ({'kind': 'odd'}, '选择优惠方式'),
        ({'threshold': '20', 'off': '20'}, '减的要比满的 ¥20.00 少'),
        ({'budget': '19.99'}, '预算填金额'),
        ({'kind': 'percent', 'percent': '95', 'cap': '20'}, '比例填到 90 为止'),
        ({'kind': 'percent', 'percent': '10', 'cap': ''}, '最多减多少填金额'),
        ({'per_person': '0'}, '每人限用次数填 1 到'),
        ({'scope': 'villages'}, '至少勾选一项'),
        ({'scope': 'products', 'products': '999999'}, '至少勾选一项'),
        ({'ends_on': '2026-06-14'}, '不能早于今天'),
        ({'ends_on': '2028-06-14'}, '最长用一年'),
        ({'starts_on': '2026-02-30'}, '起用日填日期'),
        ({'code': 'a-1'}, '个汉字、字母或数字'),
    ],
)
@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_a_wrong_field_says_what_is_right_and_keeps_the_rest(client, goods, changed, says, database_kind):
    client.sign_in(make_department(goods.village.county)[0])
    answer = draft(client, **changed)
    assert answer.status_code == 422
    assert says in answer.text
    if 'funder' not in changed:
        assert '市商务局' in answer.text
    assert count(CouponSeries) == 0


def test_a_draft_is_changed_and_a_taken_code_is_told(client, goods):
    make_series(goods.village.county, code='SH2026')
    author = make_department(goods.village.county)[0]
    series = make_draft(goods.village.county, author=author, off_bp=1_000)
    client.sign_in(author)
    address = f'/office/coupons/{series.id}/draft'
    page = client.get(address).text
    assert re.search(r'name="percent"[^>]*value="10"', page)
    days = {'starts_on': series.starts_on.isoformat(), 'ends_on': series.ends_on.isoformat()}
    taken = client.post(address, data={**FIELDS, **days, 'code': 'sh2026'})
    assert taken.status_code == 409
    assert '口令“SH2026”已经用过' in taken.text
    assert draft(client, code='SH2026').status_code == 409
    assert client.post(address, data={**FIELDS, **days, 'off': ''}).status_code == 422
    assert client.post(address, data={**FIELDS, **days}).status_code == 303
    db.session.expire_all()
    assert (series.kind, series.off_fen, series.cap_fen) == (CouponKind.FIXED, 2_000, None)


def test_another_county_s_coupons_are_not_there(client, goods):
    series = make_draft(make_county('集安市'))
    client.sign_in(make_department(goods.village.county)[1])
    for path in ('', '/uses', '/draft'):
        assert client.get(f'/office/coupons/{series.id}{path}').status_code == 404
    for path in ('/draft', '/release', '/pause', '/end'):
        assert client.post(f'/office/coupons/{series.id}{path}', data={'reason': '试试'}).status_code == 404
    with transaction():
        db.session.refresh(series)
    assert series.status is SeriesStatus.DRAFT
