"""A stranger buys, sends one of two pieces back, and finds every fen on the order page."""

import email
from dataclasses import dataclass
from email.policy import default

import pytest
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.benefits.models import RuleKind
from shop.catalogue.models import Product
from shop.jobs.schedule import run_due_work
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitEntry, SalesEntry
from shop.orders.basket import FreightMeasure
from shop.orders.models import Order, OrderStatus
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.aftersales import make_photo
from tests.factories.coupons import make_series, spent_of
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of, make_payout, pool_of
from tests.factories.orders import make_freight, stock_of
from tests.factories.suppliers import make_supplier
from tests.factories.villages import desk_user, make_tenure
from tests.journeys import buying, listing
from tests.support.browsers import DESK, PHONE

ADDRESS = 'li.xiao@example.com'
HOUSEHOLDS = 5
# The letter that asks for payment is not sent to somebody who has paid.
STEPS = ('付款成功', '松岭村已发货', '订单完成', '售后申请已提交', '售后已同意，请把商品寄回')
STEPS_OF_RETURN = ('寄回的运单已记下', '退货办完，退款', '已退款')


@dataclass(frozen=True)
class Told:
    """What is to stand on the order page after the return, and in the book."""

    refund: str
    pieces: tuple[str, str, str]
    by_weight: tuple[str, str, str]
    total: tuple[str, str, str]
    benefit: str
    facts: tuple[str, ...]
    paid_goods_fen: int
    kept_goods_fen: int
    benefit_fen: int
    coupon_fen: int


# 2 at ¥40.00 and 3 of 500 g at ¥15.00; 2.1 kg cost ¥8.00 and three times ¥1.50; ¥1.00 of that goes back.
GUEST = Told(
    refund='¥41.00',
    pieces=('¥80.00', '¥40.00 1 件', '¥40.00'),
    by_weight=('¥45.00', '¥0.00', '¥45.00'),
    total=('¥137.50', '¥41.00', '¥96.50'),
    benefit='退款前 ¥16.50，现在 ¥10.50',
    facts=(),
    paid_goods_fen=12_500,
    kept_goods_fen=8_500,
    benefit_fen=1_050,
    coupon_fen=0,
)
# ¥10.00 off: ¥6.40 and ¥3.60. One household had its ¥2.40 before the return: 5 households are left with ¥11.96.
MEMBER = Told(
    refund='¥37.80',
    pieces=('¥73.60', '¥36.80 1 件', '¥36.80'),
    by_weight=('¥41.40', '¥0.00', '¥41.40'),
    total=('¥127.50', '¥37.80', '¥89.70'),
    benefit='退款前 ¥16.14，现在 ¥16.10',
    facts=(
        '市商务局承担 ¥10.00：¥3.20 随退货回到券的预算，¥6.80 用在留下的商品上',
        '¥5.96：农户已经到手的，不往回要',
    ),
    paid_goods_fen=11_500,
    kept_goods_fen=7_820,
    benefit_fen=1_610,
    coupon_fen=680,
)


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def goods(tenure) -> tuple[Product, Product]:
    """Two of one supplier: by the piece for so much a piece, and loose for a part of what is paid."""
    supplier = make_supplier(tenure.village)
    usual = {'supplier': supplier, 'tenure': tenure, 'households': HOUSEHOLDS}
    pieces = make_listed_product(name='秋木耳', price_fen=4_000, rule=600, **usual)
    loose = make_listed_product(name='散装榛蘑', price_fen=1_500, rule=1_000, rule_kind=RuleKind.BP_OF_NET, **usual)
    freight = make_freight(supplier, first=(1_000, 800), following=(500, 150))
    with transaction():
        loose.variants[0].name, loose.variants[0].weight_grams = '500 g', 500
        freight.measure = FreightMeasure.WEIGHT
        for product in (pieces, loose):
            product.pictures[0].photo = make_photo()
    return pieces, loose


@pytest.fixture
def shopper(app, clock_hand) -> User:
    return make_user(name='李晓', login_name='13800138000')


@pytest.mark.parametrize(('has_script', 'told'), [(True, MEMBER), (False, GUEST)], ids=['member', 'plain-guest'])
def test_one_of_two_pieces_comes_back(
    app, client, visitors, clock_hand, tmp_path, tenure, goods, shopper, has_script, told
):
    desk = visitors.arrive(width=DESK, javascript=has_script, user=desk_user(tenure))
    phone = visitors.arrive(width=PHONE, javascript=has_script)
    series = make_series(tenure.village.county) if told.coupon_fen else None
    if series is not None:
        buying.sign_in(phone, shopper.login_name, PASSWORD, then='/coupons')
        listing.press(phone, '领取')
    sold_before = _sold(client, clock_hand)

    buying.put_in_basket(phone, '秋木耳', 2)
    buying.put_in_basket(phone, '散装榛蘑', 3)
    number = buying.check_out(phone, has_script=has_script, email=ADDRESS)
    assert _sold(client, clock_hand) - sold_before == told.paid_goods_fen
    buying.ship(desk, number)
    buying.confirm_receipt(phone, number)
    if series is not None:
        make_payout(pool_of(goods[0]), households_of(goods[0])[0], 240)

    buying.ask_to_return(phone, number, '秋木耳', 1)
    buying.agree_to_return(desk, '1.00')
    buying.send_back(phone)
    buying.take_back(desk, 1, told.pieces[1].split()[0])
    run_due_work()

    _assert_every_fen(phone, number, told)
    _assert_booked(number, told)
    assert [stock_of(product) for product in goods] == [10 - 2 + 1, 10 - 3]
    assert _sold(client, clock_hand) - sold_before == told.kept_goods_fen
    assert (spent_of(series) if series is not None else 0) == told.coupon_fen
    clock_hand.move(days=1)
    run_due_work()
    assert find_faults() == []
    _assert_letters(tmp_path, told)


def _sold(client, clock_hand) -> int:
    return client.get('/api/v1/tallies', query_string={'on': clock_hand.day.isoformat()}).json['sales_fen']


def _assert_every_fen(phone, number: str, told: Told) -> None:
    phone.goto(f'/orders/{number}')
    rows = [' '.join(row.inner_text().split()) for row in phone.locator('#money tbody tr, #money tfoot tr').all()]
    assert rows == [
        ' '.join(('秋木耳 250 g 袋装 × 2', *told.pieces)),
        ' '.join(('散装榛蘑 500 g × 3', *told.by_weight)),
        '运费 ¥12.50 ¥1.00 ¥11.50',
        ' '.join(('合计', *told.total)),
    ]
    facts = [fact.inner_text() for fact in phone.locator('#money dd').all()]
    assert facts == [told.benefit, *told.facts]
    page = phone.inner_text('main')
    assert f'{told.refund} · 已退款' in page
    assert '售后退款' in page
    flow = phone.locator('svg.flow title').text_content() or ''
    assert f'运费 ¥11.50 · {HOUSEHOLDS * 2} 户农户 ¥{told.benefit_fen / 100:.2f}' in flow


def _assert_booked(number: str, told: Told) -> None:
    db.session.rollback()
    order = db.session.scalars(select(Order).where(Order.number == number)).one()
    assert order.status is OrderStatus.COMPLETED
    assert db.session.scalar(select(func.sum(SalesEntry.amount_fen))) == told.kept_goods_fen
    assert db.session.scalar(select(func.sum(BenefitEntry.amount_fen))) == told.benefit_fen


def _assert_letters(tmp_path, told: Told) -> None:
    files = sorted((tmp_path / 'mail').iterdir())
    subjects = [email.message_from_bytes(file.read_bytes(), policy=default)['Subject'] for file in files]
    assert subjects[-1] == f'已退款 {told.refund}'
    steps = zip(STEPS + STEPS_OF_RETURN, subjects, strict=True)
    assert [(step, subject) for step, subject in steps if not subject.startswith(step)] == []
