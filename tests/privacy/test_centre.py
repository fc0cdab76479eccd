"""A person sees what is held, takes it along, corrects it, takes consents back, and leaves for good."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from shop.accounts.models import User, WebSession
from shop.accounts.phone_codes import issue_code
from shop.accounts.privacy_models import ConsentKind, ConsentPlace, UserConsent
from shop.accounts.throttling import Caller
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.letters.models import Letter, LetterStatus
from shop.letters.services import queue_letter
from shop.orders.addresses import add_address
from shop.orders.basket import Address
from shop.orders.favourite import Favourite
from shop.orders.models import Checkout, Order
from shop.privacy.closing import close_account
from shop.ratings.models import ProductReview
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import HOME, place
from tests.factories.ratings import make_received, make_review
from tests.support.client import start_session

pytestmark = pytest.mark.usefixtures('clock_hand')
STRANGER = 'stranger@example.com'
OWN = 'own@example.com'


@pytest.fixture
def shopper(app) -> User:
    """Somebody with one of everything, beside a stranger who has the same."""
    product = make_listed_product(stock=50)
    for email, name in ((STRANGER, '生人'), (OWN, '李红')):
        user = make_user(name=name)
        order = make_received((product, 1), actor=user)
        make_review(order, actor=user, is_anonymous=False, is_published=True)
        with transaction():
            user = db.session.merge(user)
            add_address(user.id, HOME)
            user.email = order.checkout.email = email
            db.session.add(Favourite(user_id=user.id, product_id=product.id, price_fen=1, added_at=clock.now()))
            queue_letter(
                f'told:{email}', kind='paid', recipient=email, language='zh', facts={'order_ids': [order.id]},
                at=clock.now(),
            )  # fmt: skip
    return user


def parts_of(answer) -> dict[str, list[dict]]:
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name.removesuffix('.json'): json.loads(archive.read(name)) for name in archive.namelist()}


def test_the_file_to_take_along_holds_ones_own_data_and_nobody_elses(client, shopper):
    client.sign_in(shopper)
    page = client.get('/account/privacy').text
    assert '订单：买了什么' in page
    answer = client.get('/account/privacy/data.zip')
    parts = parts_of(answer)
    assert parts['account'][0]['email'] == parts['letters'][0]['recipient'] == OWN
    assert [order['recipient'] for order in parts['orders']] == ['李红']
    assert {key: len(rows) for key, rows in parts.items() if rows} == {
        'account': 1, 'addresses': 1, 'orders': 1, 'reviews': 1, 'favourites': 1, 'visits': 1, 'letters': 1,
    }  # fmt: skip
    whole = json.dumps(parts, ensure_ascii=False)
    assert STRANGER not in whole
    assert 'argon2' not in whole


def test_a_name_is_corrected_or_the_fault_stands_beside_it(client, shopper):
    client.sign_in(shopper)
    refused = client.post('/account/name', data={'name': '李' * 41})
    assert (refused.status_code, '称呼写 1 到 40 个字' in refused.text, '李' * 41 in refused.text) == (422, True, True)
    assert client.post('/account/name', data={'name': ' 李小红 '}).status_code == 303
    assert db.session.get_one(User, shopper.id).name == '李小红'


def test_consents_are_kept_once_with_version_and_end_with_their_date(client, shopper):
    client.sign_in(shopper)
    assert client.post('/account/consents').status_code == 422
    for _twice in range(2):
        assert client.post('/account/consents', data={'agree': '1'}).status_code == 303
    client.post('/account/email', data={'email': OWN})
    client.post('/account/consents/letters/withdrawal')
    assert client.post('/account/consents/nothing/withdrawal').status_code == 404
    rows = db.session.scalars(select(UserConsent).order_by(UserConsent.id)).all()
    assert [(row.kind, row.place, row.withdrawn_at is None) for row in rows] == [
        (ConsentKind.NOTICE, ConsentPlace.ACCOUNT, True),
        (ConsentKind.LETTERS, ConsentPlace.ACCOUNT, False),
    ]
    emails = db.session.scalars(select(Checkout.email).order_by(Checkout.id)).all()
    assert (db.session.get_one(User, shopper.id).email, list(emails)) == (None, [STRANGER, None])
    told = db.session.execute(select(Letter.recipient, Letter.status).order_by(Letter.id)).all()
    assert [tuple(row) for row in told] == [(STRANGER, LetterStatus.QUEUED), ('', LetterStatus.DROPPED)]


def test_signing_up_needs_the_tick_and_keeps_the_consent(client, app):
    form = {'login_name': 'xinke', 'name': '新客', 'password': PASSWORD}
    refused = client.post('/sign-up', data=form)
    assert (refused.status_code, '请先看隐私说明' in refused.text) == (422, True)
    assert client.post('/sign-up', data={**form, 'agree': '1'}).status_code == 303
    assert db.session.scalars(select(UserConsent.place)).all() == [ConsentPlace.SIGN_UP]


def test_other_visits_end_and_ones_own_goes_on(client, shopper):
    start_session(shopper)
    client.sign_in(shopper)
    assert '退出其他所有设备' in client.get('/account/sessions').text
    assert client.post('/account/sessions/revocation').status_code == 303
    assert client.get('/account/sessions').text.count('class="badge') == 1
    assert db.session.scalar(select(func.count(WebSession.id)).where(WebSession.revoked_at.is_(None))) == 1


def test_an_account_closes_whole_and_keeps_what_the_law_wants(client, shopper):
    client.sign_in(shopper)
    login_name, user_id = shopper.login_name, shopper.id
    refused = client.post('/account/closure', data={'sure': '1', 'password': 'wrong'})
    assert (refused.status_code, '口令不对' in refused.text) == (422, True)
    assert client.post('/account/closure', data={'password': PASSWORD}).status_code == 422
    assert client.post('/account/closure', data={'sure': '1', 'password': PASSWORD}).status_code == 303
    assert client.get('/account').status_code == 303
    assert client.post('/sign-in', data={'login_name': login_name, 'password': PASSWORD}).status_code == 422
    user = db.session.get_one(User, user_id)
    assert (user.name, user.email, user.password_hash, user.is_active) == ('已注销用户', None, None, False)
    order = db.session.scalars(select(Order).where(Order.user_id == user_id)).one()
    assert (order.recipient, order.checkout.email, order.erased_at) == ('李红', None, None)
    for model in (Address, Favourite):
        assert db.session.scalar(select(func.count()).where(model.user_id == user_id)) == 0
        assert db.session.scalar(select(func.count()).select_from(model)) == 1
    shown = db.session.scalars(select(ProductReview.shown_as).order_by(ProductReview.id)).all()
    assert shown == ['生人', '匿名买家']
    assert db.session.scalars(select(Letter.recipient).order_by(Letter.id)).all() == [STRANGER, '']
    with transaction():
        assert close_account(db.session.get_one(User, user_id), at=clock.now()) is False
    assert find_faults() == []


def test_an_open_order_keeps_an_account_from_closing_and_nothing_changes(client, shopper):
    place((make_listed_product(), 1), actor=shopper)
    client.sign_in(shopper)
    answer = client.post('/account/closure', data={'sure': '1', 'password': PASSWORD})
    assert (answer.status_code, '还有 1 个订单没有完成' in answer.text) == (422, True)
    assert db.session.get_one(User, shopper.id).is_active
    assert db.session.scalar(select(func.count()).select_from(Address)) == 2


def test_an_account_without_a_password_closes_by_a_fresh_code(app, client):
    user = make_user(login_name='13800000007')
    with transaction():
        user = db.session.merge(user)
        user.password_hash, user.phone_proven_at = None, clock.now()
        code = issue_code('13800000007', Caller.of('127.0.0.1', app.config['SECRET_KEY']), at=clock.now())
    client.sign_in(user)
    wrong = f'{(int(code) + 1) % 10**6:06d}'
    assert client.post('/account/closure', data={'sure': '1', 'code': wrong}).status_code == 422
    assert client.post('/account/closure', data={'sure': '1', 'code': code}).status_code == 303
    assert db.session.get_one(User, user.id).login_name == f'#{user.id}'


def test_a_guest_takes_an_order_along_and_stops_its_letters(client, app):
    client.post('/basket', data={})  # a stranger's order is nobody's business
    order = make_received((make_listed_product(), 1))
    assert client.get(f'/orders/{order.number}/privacy').status_code == 404
    user = make_user()
    own = make_received((make_listed_product(), 1), actor=user)
    with transaction():
        db.session.get_one(Checkout, own.checkout_id).email = OWN
    client.sign_in(user)
    assert client.get(f'/orders/{own.number}/privacy/data.json').json['email'] == OWN
    assert client.post(f'/orders/{own.number}/privacy/letters').status_code == 303
    assert db.session.get_one(Checkout, own.checkout_id).email is None


def test_a_session_ended_long_ago_is_not_shown(client, shopper):
    start_session(shopper)
    clock.shift(timedelta(days=31))
    client.sign_in(shopper)
    assert client.get('/account/sessions').text.count('登录，') == 1
