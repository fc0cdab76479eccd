"""Placing an order: exact sums, once per form, at the prices the buyer saw, all or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from shop.accounts.models import Role
from shop.benefits.models import RuleKind
from shop.catalogue.models import Product, ReturnClass
from shop.catalogue.stock import OutOfStockError
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.orders.basket import MAX_QUANTITY, FreightRegion
from shop.orders.baskets import Buyer, NotOnSaleError, QuantityError, basket_count, put_in_basket
from shop.orders.changes import FreightChangedError, PriceChangedError, SeveralReasonsError
from shop.orders.freight import RegionRefusedError
from shop.orders.models import Channel, Checkout, Order, OrderEvent, OrderLine, OrderStatus
from shop.orders.placing import (
    FormTokenError,
    Purchase,
    ReturnConfirmationError,
    find_checkout,
    new_number,
    place_order,
)
from shop.orders.quoting import quote
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import version_of
from tests.factories.orders import HOME, WINDOW, make_freight, make_guest, purchase_of, stock_of
from tests.factories.suppliers import make_supplier
from tests.factories.villages import make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

ROWS = (Checkout, Order, OrderLine, OrderEvent)


@pytest.fixture
def guest() -> Buyer:
    return make_guest()


def submit(purchase: Purchase, buyer: Buyer, *, actor=None) -> Checkout:
    with transaction():
        return place_order(purchase, buyer, actor=actor, window=WINDOW, at=clock.now())


def rows() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) for table in ROWS]


def assert_nothing_happened(product: Product, buyer: Buyer, *, stock: int = 10, in_basket: int = 2) -> None:
    assert rows() == [0, 0, 0, 0]
    assert stock_of(product) == stock
    assert basket_count(buyer) == in_basket


def fill(buyer: Buyer, product: Product, quantity: int = 2) -> None:
    with transaction():
        put_in_basket(buyer, product.variants[0].id, quantity, at=clock.now())


def test_everything_adds_up_parcel_by_parcel_to_the_fen(guest):
    village = make_village()
    first, second = make_supplier(village), make_supplier(village)
    ear = make_listed_product(supplier=first, price_fen=3990, rule=600)
    nuts = make_listed_product(supplier=first, price_fen=1999, rule=1_234, rule_kind=RuleKind.BP_OF_NET)
    honey = make_listed_product(supplier=second, price_fen=8800, rule=1000)
    make_freight(first, first=(1, 800), following=(2, 300))
    checkout = submit(purchase_of((ear, 2), (nuts, 3), (honey, 1)), guest)

    parcels = [(order.supplier_id, order.goods_fen, order.freight_fen, order.total_fen) for order in checkout.orders]
    assert parcels == [(first.id, 7980 + 5997, 800 + 2 * 300, 15_377), (second.id, 8800, 0, 8800)]
    assert (checkout.goods_fen, checkout.freight_fen, checkout.total_fen) == (22_777, 1400, 24_177)
    lines = [
        (line.position, line.product_id, line.quantity, line.unit_price_fen, line.net_fen, line.benefit_fen)
        for order in checkout.orders
        for line in order.lines
    ]
    assert lines == [
        (1, ear.id, 2, 3990, 7980, 1200),
        (2, nuts.id, 3, 1999, 5997, 740),
        (1, honey.id, 1, 8800, 8800, 1000),
    ]


def test_the_quote_shown_is_what_is_placed(guest):
    product = make_listed_product(price_fen=3990, rule=600)
    make_freight(product.supplier)
    purchase = purchase_of((product, 2))
    costs = quote({product.variants[0].id: 2}, province_code=HOME.province_code)
    checkout = submit(purchase, guest)
    assert (costs.goods_fen, costs.freight_fen, costs.total_fen) == (7980, 1100, 9080)
    assert costs.benefit_fen == 1200
    assert (checkout.goods_fen, checkout.freight_fen, checkout.total_fen) == (7980, 1100, 9080)


def test_an_order_waits_to_be_paid_with_its_stock_held_and_its_beginning_told(guest):
    product = make_listed_product(stock=10)
    fill(guest, product)
    checkout = submit(replace(purchase_of((product, 2)), note='请周末送'), guest)
    order = checkout.orders[0]
    assert (order.status, order.channel, order.is_test) == (OrderStatus.PENDING_PAYMENT, Channel.ONLINE, False)
    assert (order.placed_at, order.payable_until) == (clock.now(), clock.now() + WINDOW)
    assert (order.recipient, order.phone, order.street, order.note) == (
        HOME.recipient,
        HOME.phone,
        HOME.street,
        '请周末送',
    )
    assert (order.province_code, order.city_code, order.county_code) == ('220000', '220500', '220524')
    assert [(e.from_status, e.to_status, e.actor_id) for e in order.events] == [(None, order.status, None)]
    assert (order.user_id, order.is_insider, order.paid_at) == (None, False, None)
    assert stock_of(product) == 8
    assert basket_count(guest) == 0


def test_a_line_keeps_what_holds_when_it_is_placed(guest):
    product = make_listed_product(name='秋木耳')
    line = submit(purchase_of((product, 1)), guest).orders[0].lines[0]
    endorsement = db.session.scalars(select(Endorsement).where(Endorsement.product_id == product.id)).one()
    assert (line.product_name, line.variant_name) == ('秋木耳', '250 g 袋装')
    assert (line.endorsement_id, line.tenure_id) == (endorsement.id, endorsement.tenure_id)
    assert line.agreement_version_id == version_of(product).id


def test_only_what_was_bought_leaves_the_basket_and_only_the_buyers(guest):
    bought, kept, other = make_listed_product(), make_listed_product(), make_guest()
    fill(guest, bought)
    fill(guest, kept, 3)
    fill(other, bought)
    submit(purchase_of((bought, 2)), guest)
    assert basket_count(guest) == 3
    assert basket_count(other) == 2


def test_the_same_form_places_one_checkout_however_often_it_is_sent(guest):
    product = make_listed_product(stock=10)
    purchase = purchase_of((product, 2))
    first = submit(purchase, guest)
    again = submit(purchase, guest)
    assert again.id == first.id
    assert rows() == [1, 1, 1, 1]
    assert stock_of(product) == 8


def test_the_same_form_with_other_contents_changes_nothing(guest):
    product = make_listed_product(stock=10)
    purchase = purchase_of((product, 2))
    first = submit(purchase, guest)
    again = submit(replace(purchase, wanted={product.variants[0].id: (9, 1)}), guest)
    assert (again.id, again.total_fen) == (first.id, 7980)
    assert stock_of(product) == 8


def test_a_form_of_somebody_else_is_refused(guest):
    product, user = make_listed_product(), make_user()
    purchase = purchase_of((product, 2))
    submit(purchase, guest)
    for stranger in (make_guest(), Buyer(user_id=user.id), Buyer()):
        with pytest.raises(FormTokenError, match='另一个账号'):
            submit(purchase, stranger)
        with pytest.raises(FormTokenError):
            find_checkout(purchase.form_token, stranger)
    assert find_checkout('a form nobody has sent', guest) is None
    assert stock_of(product) == 8


def test_nobody_in_particular_buys_nothing():
    product = make_listed_product()
    other = make_user()
    fill(Buyer(user_id=other.id), product)
    with pytest.raises(NotOnSaleError, match='购物车是空的'):
        submit(purchase_of((product, 2)), Buyer())
    assert_nothing_happened(product, Buyer(user_id=other.id))


def test_an_empty_form_buys_nothing(guest):
    with pytest.raises(NotOnSaleError, match='购物车是空的'):
        submit(purchase_of(), guest)
    assert rows() == [0, 0, 0, 0]


@pytest.mark.parametrize('seen', [3989, 3991, 1, 0, 399, 399_000])
def test_a_price_the_buyer_did_not_see_is_told_and_nothing_is_written(guest, seen):
    product = make_listed_product(price_fen=3990)
    fill(guest, product)
    purchase = purchase_of((product, 2))
    with pytest.raises(PriceChangedError, match=r'[涨降]到了 ¥39\.90') as told:
        submit(replace(purchase, wanted={product.variants[0].id: (2, seen)}), guest)
    assert product.name in told.value.message
    assert_nothing_happened(product, guest)


def test_when_one_of_two_prices_changed_neither_is_bought(guest):
    village = make_village()
    same, dearer = make_listed_product(village=village), make_listed_product(village=village, name='榛蘑')
    fill(guest, same)
    purchase = purchase_of((same, 1), (dearer, 1))
    with transaction():
        dearer.variants[0].price_fen = 4000
    with pytest.raises(PriceChangedError, match=r'榛蘑.*¥39\.90.*¥40\.00'):
        submit(purchase, guest)
    assert_nothing_happened(same, guest)


@pytest.mark.parametrize(('stock', 'words'), [(1, '只剩 1 件'), (0, '刚刚售罄')])
def test_too_little_stock_is_told_and_the_basket_is_kept(guest, stock, words):
    product = make_listed_product(stock=stock)
    fill(guest, product)
    with pytest.raises(OutOfStockError, match=words) as told:
        submit(purchase_of((product, 2)), guest)
    assert (told.value.variant_id, told.value.left) == (product.variants[0].id, stock)
    assert_nothing_happened(product, guest, stock=stock)


def test_when_one_of_two_is_out_of_stock_the_other_is_not_taken(guest):
    plenty, scarce = make_listed_product(stock=10), make_listed_product(stock=1)
    fill(guest, plenty)
    with pytest.raises(OutOfStockError):
        submit(purchase_of((plenty, 2), (scarce, 2)), guest)
    assert_nothing_happened(plenty, guest)


def test_the_very_last_unit_can_be_bought(guest):
    product = make_listed_product(stock=2)
    submit(purchase_of((product, 2)), guest)
    assert stock_of(product) == 0


@pytest.mark.parametrize('quantity', [0, -1, MAX_QUANTITY + 1])
def test_a_quantity_no_line_can_hold_is_refused(guest, quantity):
    product = make_listed_product()
    fill(guest, product)
    with pytest.raises(QuantityError):
        submit(purchase_of((product, quantity)), guest)
    assert_nothing_happened(product, guest)


def test_what_was_taken_off_sale_is_told(guest):
    product = make_listed_product()
    fill(guest, product)
    purchase = purchase_of((product, 2))
    with transaction():
        product.variants[0].is_offered = False
    with pytest.raises(NotOnSaleError, match='刚刚下架'):
        submit(purchase, guest)
    with transaction():
        product.variants[0].is_offered = True
        endorsement = db.session.scalars(select(Endorsement).where(Endorsement.product_id == product.id)).one()
        endorsement.status = EndorsementStatus.PAUSED
    with pytest.raises(NotOnSaleError):
        submit(purchase, guest)
    assert_nothing_happened(product, guest)


@pytest.mark.parametrize('kind', [ReturnClass.NOT_RETURNABLE, ReturnClass.AFTER_CONFIRMATION])
def test_goods_that_cannot_be_returned_need_a_confirmation_each(guest, kind):
    product, other = make_listed_product(), make_listed_product()
    with transaction():
        product.return_class = other.return_class = kind
    fill(guest, product)
    purchase = purchase_of((product, 2), (other, 1))
    with pytest.raises(ReturnConfirmationError, match='七天无理由') as told:
        submit(replace(purchase, confirmed=frozenset({other.variants[0].id})), guest)
    assert told.value.field == f'confirm-{product.variants[0].id}'
    with pytest.raises(SeveralReasonsError) as both:
        submit(replace(purchase, confirmed=frozenset()), guest)
    assert {reason.field for reason in both.value.reasons} == {
        f'confirm-{one.variants[0].id}' for one in (product, other)
    }
    assert_nothing_happened(product, guest)
    submit(purchase, guest)
    assert rows()[0] == 1


def test_everything_that_changed_is_told_at_once_and_nothing_is_written(guest):
    village = make_village()
    dearer, later = make_listed_product(village=village), make_listed_product(village=village)
    make_freight(later.supplier, first=(1, 800))
    fill(guest, dearer)
    first, second = dearer.variants[0].id, later.variants[0].id
    seen = replace(
        purchase_of((dearer, 2), (later, 3)),
        presales={},
        versions={first: version_of(dearer).id, second: version_of(later).id - 1_000},
        freights={later.supplier_id: 700},
    )
    with transaction():
        dearer.variants[0].price_fen, later.variants[0].stock = 4990, 1
        later.presale_ships_on = clock.today() + timedelta(days=20)
    with pytest.raises(SeveralReasonsError, match='有 5 处') as told:
        submit(seen, guest)
    assert [reason.field for reason in told.value.reasons] == [
        f'price-{first}', f'presale-{second}', f'version-{second}', f'stock-{second}', f'freight-{later.supplier_id}',
    ]  # fmt: skip
    assert_nothing_happened(dearer, guest)


@pytest.mark.parametrize(
    ('shown', 'words'), [(1000, '从 ¥10.00 变成了 ¥8.00'), (0, '从 ¥0.00'), (None, '运费是 ¥8.00')]
)
def test_freight_the_buyer_did_not_see_is_never_asked(guest, shown, words):
    product = make_listed_product()
    make_freight(product.supplier, first=(1, 800))
    fill(guest, product)
    purchase = purchase_of((product, 1))
    with pytest.raises(FreightChangedError, match=words):
        submit(replace(purchase, freights={} if shown is None else {product.supplier_id: shown}), guest)
    assert_nothing_happened(product, guest)
    submit(replace(purchase, freights={product.supplier_id: 800}), guest)


def test_where_a_supplier_does_not_deliver_nothing_is_placed(guest):
    product = make_listed_product()
    fill(guest, product)
    refused = FreightRegion(province_code='650000', is_refused=True, first_fen=0, next_fen=0)
    make_freight(product.supplier, regions=[refused])
    far = replace(HOME, province_code='650000', city_code='650100', county_code='650102')
    with pytest.raises(RegionRefusedError, match=product.supplier.name) as told:
        submit(purchase_of((product, 2), destination=far), guest)
    assert told.value.field == 'province'
    assert_nothing_happened(product, guest)
    costs = quote({product.variants[0].id: 2}, province_code='650000')
    assert (costs.parcels[0].refusal != '', costs.freight_fen) == (True, 0)


@pytest.mark.parametrize(
    ('role', 'own_village', 'is_insider'),
    [
        (Role.FIRST_SECRETARY, True, True),
        (Role.TEAM_MEMBER, True, True),
        (Role.FIRST_SECRETARY, False, False),
        (None, False, False),
    ],
)
def test_who_works_for_the_village_is_an_insider_there_and_nowhere_else(role, own_village, is_insider):
    product = make_listed_product()
    user = make_user(role, village=product.village if own_village else make_village())
    order = submit(purchase_of((product, 1)), Buyer(user_id=user.id), actor=user).orders[0]
    assert (order.is_insider, order.user_id) == (is_insider, user.id)
    assert order.events[0].actor_id == user.id


def test_a_role_that_was_taken_back_makes_no_insider():
    product = make_listed_product()
    user = make_user(Role.TEAM_MEMBER, village=product.village)
    with transaction():
        user.grants[0].revoked_at = clock.now()
    assert not submit(purchase_of((product, 1)), Buyer(user_id=user.id), actor=user).orders[0].is_insider


def test_a_number_names_the_business_day_and_cannot_be_guessed():
    late_evening = clock.day_end(clock.today())
    numbers = {new_number(late_evening) for _ in range(50)}
    assert len(numbers) == 50
    assert {number[:6] for number in numbers} == {'260616'}
    assert {len(number) for number in numbers} == {14}
    assert {new_number(late_evening - timedelta(seconds=1))[:6] for _ in range(3)} == {'260615'}


@pytest.mark.parametrize('kinds', [1, 5])
def test_placing_takes_few_statements_and_one_stock_update_per_variant(guest, kinds):
    supplier = make_supplier()
    products = [make_listed_product(supplier=supplier) for _ in range(kinds)]
    make_freight(supplier)
    for product in products:
        fill(guest, product)
    purchase = purchase_of(*((product, 2) for product in products))
    seen: list[str] = []
    db.session.rollback()
    db.session.expire_all()

    def count(_connection, _cursor, statement, *_rest) -> None:
        seen.append(' '.join(statement.split()[:3]))

    event.listen(db.engine, 'before_cursor_execute', count)
    try:
        submit(purchase, guest)
    finally:
        event.remove(db.engine, 'before_cursor_execute', count)
    assert seen.count('UPDATE variants SET') == kinds
    by_row = {'BEGIN IMMEDIATE', 'UPDATE variants SET', 'INSERT INTO order_lines'}
    assert len([statement for statement in seen if statement not in by_row]) <= 9, seen
