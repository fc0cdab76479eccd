"""The letters about an order: one at each step, true when it is sent, and never about a household."""

import email
from email.policy import default

import pytest
from sqlalchemy import select

from shop.accounts.models import Role
from shop.jobs.schedule import run_due_work, send_letters
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.words import kept
from shop.letters.models import Letter, LetterStatus
from shop.orders.models import Courier
from shop.orders.placing import place_order
from shop.orders.services import ship_order
from shop.orders.telling import News, tell_buyer
from shop.payments.refunds import Piece, refund_lines
from shop.payments.services import GATEWAYS
from shop.payments.worker import deliver_within
from shop.villages.models import Household
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import RECEIVE_WITHIN, WINDOW, make_guest, make_payment, pay, purchase_of, receive, ship
from tests.factories.villages import make_tenure

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

ADDRESS = 'li.hong@example.com'
NOTE = kept('售后测试')
LINE = kept('村里同意退 %(n)s 件。')


def place(*pieces, language: str = 'zh', address: str | None = ADDRESS):
    purchase = purchase_of(*pieces)
    with transaction():
        return place_order(
            type(purchase)(**{**vars(purchase), 'email': address, 'language': language}),
            make_guest(),
            actor=None,
            window=WINDOW,
            at=clock.now(),
        )


def box(tmp_path) -> list[email.message.EmailMessage]:
    """Let the worker send what is due; return everything in the box, in the order it was queued."""
    db.session.rollback()
    send_letters()
    files = sorted((tmp_path / 'mail').iterdir()) if (tmp_path / 'mail').exists() else []
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def text(message) -> str:
    return message.get_body(('plain',)).get_content()


@pytest.fixture
def product():
    return make_listed_product(price_fen=3990, rule=600, stock=20)


def test_every_step_of_an_order_is_told_once(product, tmp_path):
    order = place((product, 3)).orders[0]
    payment = make_payment(order.checkout)
    assert f'/payments/{payment.reference}' in text(box(tmp_path)[0])
    pay(order.checkout)
    line = order.lines[0]
    with transaction():
        ship_order(
            order,
            {line.id: 1},
            Courier.ZTO,
            '75123456789012',
            receive_within=RECEIVE_WITHIN,
            actor=None,
            at=clock.now(),
        )
    box(tmp_path)
    receive(ship(order))
    with transaction():
        refund = refund_lines(
            order, [Piece(line.id, 1, 3990)], freight_fen=0, reason='少发一袋', actor=None, at=clock.now()
        )
        GATEWAYS['sandbox'].request_refund(refund, at=clock.now())
    deliver_within(at=clock.now())
    deliver_within(at=clock.now())
    letters = box(tmp_path)
    assert [message['Subject'] for message in letters] == [
        '订单已提交，请在 2026-06-15 12:30 前付款',
        '付款成功，村里开始备货',
        '松岭村已发货',
        '松岭村已发货',
        '订单完成：这笔消费有 ¥18.00 到农户',
        '已退款 ¥39.90',
    ]
    assert all(message['To'] == ADDRESS for message in letters)
    first, rest = text(letters[2]), text(letters[3])
    assert 'https://www.zto.com/express/expressCheck.html?txtBill=75123456789012' in first
    assert '还有 2 件没发' in first
    assert '× 1' in first
    assert '没发' not in rest
    assert '× 2' in rest
    assert '¥18.00 记到了 少于 5 户' in text(letters[4])
    assert '原因：少发一袋' in text(letters[5])
    assert box(tmp_path)[6:] == []


def test_no_letter_says_anything_of_a_household(product, tmp_path):
    order = place((product, 2)).orders[0]
    pay(order.checkout)
    receive(ship(order))
    said = ''.join(
        str(part) for message in box(tmp_path) for part in (text(message), message.get_body(('html',)).get_content())
    )
    households = db.session.scalars(select(Household)).all()
    assert households
    for household in households:
        assert household.head_name not in said
        assert household.self_check_code not in said


def test_who_leaves_no_address_gets_no_letter(product):
    pay(place((product, 1), address=None))
    assert db.session.scalars(select(Letter)).all() == []


def test_a_late_worker_asks_nobody_to_pay_what_is_paid_or_over(product, tmp_path, clock_hand):
    pay(place((product, 1)))
    place((product, 1))
    clock_hand.move(minutes=31)
    run_due_work()
    assert [message['Subject'] for message in box(tmp_path)] == ['付款成功，村里开始备货', '订单已取消']
    statuses = db.session.scalars(select(Letter.status).where(Letter.kind == News.PLACED.value)).all()
    assert list(statuses) == [LetterStatus.DROPPED] * 2
    assert '超过付款时限，自动取消' in text(box(tmp_path)[1])


def test_orders_of_one_checkout_are_told_together(tmp_path, clock_hand):
    tenure = make_tenure()
    checkout = place((make_listed_product(tenure=tenure, name='椴树蜜'), 1), (make_listed_product(tenure=tenure), 1))
    numbers = [order.number for order in checkout.orders]
    assert len(numbers) == 2
    (placed,) = box(tmp_path)
    clock_hand.move(minutes=31)
    run_due_work()
    _placed, cancelled = box(tmp_path)
    for message in (placed, cancelled):
        assert all(number in text(message) for number in numbers)


def test_a_letter_speaks_the_buyers_language_whoever_does_the_step(product, tmp_path):
    order = place((product, 1), language='en').orders[0]
    pay(order.checkout)
    ship(order)
    assert {message['Content-Language'] for message in box(tmp_path)} == {'en'}


def test_an_after_sale_step_is_told_in_words_kept_for_it(product, tmp_path):
    order = place((product, 1)).orders[0]
    facts = {'case': 'A-1', 'title': NOTE, 'lines': [LINE], 'values': {'n': '1'}}
    with transaction():
        tell_buyer(order, News.AFTER_SALE, 'case:1:agreed', at=clock.now(), facts=facts)
        tell_buyer(order, News.AFTER_SALE, 'case:1:agreed', at=clock.now(), facts=facts)
    _placed, told = box(tmp_path)
    assert told['Subject'] == '售后测试'
    for words in ('村里同意退 1 件。', '/aftersales/A-1'):
        assert words in text(told)


def test_the_address_is_asked_for_at_checkout_and_kept_with_the_account(client, product):
    shopper = make_user(name='李晓')
    client.sign_in(shopper)
    assert client.post('/account/email', data={'email': 'li@'}).status_code == 422
    wrong = client.post('/account/email', data={'email': 'li@nowhere'})
    assert '邮箱应像 name@example.com' in wrong.text
    assert 'value="li@nowhere"' in wrong.text
    assert client.post('/account/email', data={'email': ' Li@Example.com '}).status_code == 303
    client.post('/basket/lines', data={'variant': product.variants[0].id, 'quantity': 1})
    assert 'value="Li@Example.com"' in client.get('/checkout').text
    answer = client.post('/checkout', data={'form_token': 'x' * 20, 'email': 'nobody'})
    assert 'id="email-error"' in answer.text
    client.post('/account/email', data={'email': ''})
    assert 'value="Li@Example.com"' not in client.get('/checkout').text


def test_the_office_sees_what_failed_and_sends_it_again(client, product):
    place((product, 1))
    with transaction() as session:
        letter = session.scalars(select(Letter)).one()
        letter.last_error = f'550 <{ADDRESS}> unknown'
        letter.move(LetterStatus.FAILED, actor_id=None, at=clock.now())
        letter_id = letter.id
    shi = make_tenure().village.county.parent
    client.sign_in(make_user(Role.CITY_DEPARTMENT, region=shi))
    page = client.get('/office/letters').text
    assert '550 &lt;l***@example.com&gt; unknown' in page
    assert ADDRESS not in page
    assert client.post(f'/office/letters/{letter_id}/attempts').status_code == 303
    assert client.post(f'/office/letters/{letter_id}/attempts').status_code == 303
    assert '状态为“待发送”' in client.get('/office/letters').text
    assert db.session.scalars(select(Letter.status)).one() is LetterStatus.QUEUED
    assert client.post('/office/letters/999/attempts').status_code == 404
