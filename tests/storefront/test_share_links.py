"""What is bought through a share link counts to its channel: that village's order alone, and nothing a browser says."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from shop.accounts.models import WebSession
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import SalesEntry
from shop.orders.models import Channel, Order
from shop.orders.share_link import ShareLink, ShareLinkDay
from shop.orders.share_links import LinkPlan, create_share_link
from shop.payments.refunds import refund_whole_order
from shop.payments.services import settle_payment, start_payment
from shop.storefront.share_figures import LinkFigures, figures_of
from tests.factories.endorsements import make_listed_product
from tests.factories.villages import desk_user, make_tenure
from tests.storefront.buying import check_out, put

TODAY = date(2026, 6, 15)


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def product(tenure):
    return make_listed_product(tenure=tenure, price_fen=3990, stock=50)


def make_link(tenure, product=None, *, channel=Channel.LIVESTREAM, days: int = 0) -> ShareLink:
    plan = LinkPlan(product.id if product else None, channel, '抖音直播', TODAY, TODAY + timedelta(days=days))
    with transaction():
        return create_share_link(tenure.village, plan, actor=None, at=clock.now())


def buy(client, *products) -> list[Order]:
    """Buy one of each and pay; return the orders by village."""
    for product in products:
        put(client, product)
    assert check_out(client).status_code == 303
    with transaction():
        newest = db.session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
        payment = start_payment(newest.checkout, 'sandbox', at=clock.now())
        settle_payment(payment, occurred_at=clock.now(), at=clock.now())
        return sorted(newest.checkout.orders, key=lambda order: order.village_id)


def sales() -> dict[Channel, int]:
    rows = db.session.execute(select(SalesEntry.channel, func.sum(SalesEntry.amount_fen)).group_by(SalesEntry.channel))
    return dict(rows.all())


def test_the_villages_order_gets_the_channel_and_the_other_stays_online(client, tenure, product):
    link, other = make_link(tenure, product), make_listed_product(price_fen=1000, stock=50)
    opened = client.get(f'/s/{link.code}')
    assert (opened.status_code, opened.headers['Location']) == (303, f'/products/{product.slug}')
    here, there = buy(client, product, other)
    assert (here.channel, here.share_link_id) == (Channel.LIVESTREAM, link.id)
    assert (there.channel, there.share_link_id) == (Channel.ONLINE, None)
    assert sales() == {Channel.LIVESTREAM: 3990, Channel.ONLINE: 1000}
    assert figures_of([link.id]) == {link.id: LinkFigures(visits=1, orders=1, sales_fen=3990)}
    with transaction():
        refund_whole_order(here, reason='不要了', actor=None, at=clock.now())
    assert sales() == {Channel.LIVESTREAM: 0, Channel.ONLINE: 1000}
    assert figures_of([link.id]) == {link.id: LinkFigures(visits=1, orders=1, sales_fen=0)}


def test_it_lasts_a_day_and_no_longer_than_the_link(client, tenure, product, clock_hand):
    long = make_link(tenure, days=9, channel=Channel.EXPO)
    client.get(f'/s/{long.code}')
    clock_hand.move(hours=24, seconds=-1)
    assert buy(client, product)[0].channel is Channel.EXPO
    clock_hand.move(seconds=1)
    assert buy(client, product)[0].channel is Channel.ONLINE
    client.get(f'/s/{long.code.lower()}')
    with transaction():
        db.session.get_one(ShareLink, long.id).ended_at = clock.now()
    assert buy(client, product)[0].channel is Channel.ONLINE


def test_the_newest_link_of_a_village_counts(client, tenure, product):
    first, second = make_link(tenure), make_link(tenure, channel=Channel.EXPO)
    client.get(f'/s/{first.code}')
    client.get(f'/s/{second.code}')
    assert buy(client, product)[0].share_link_id == second.id


def test_a_link_that_is_over_leads_on_and_carries_nothing(client, tenure, product, clock_hand):
    link = make_link(tenure)
    clock_hand.move(days=1)
    opened = client.get(f'/s/{link.code}')
    assert opened.headers['Location'] == f'/villages/{tenure.village.slug}'
    assert 'Set-Cookie' not in opened.headers
    assert buy(client, product)[0].channel is Channel.ONLINE
    assert db.session.scalars(select(ShareLinkDay)).all() == []
    assert client.get('/s/23456789').status_code == 404
    assert client.get('/s/%00%ff').status_code == 404


def test_nothing_a_browser_says_changes_the_channel(client, tenure, product):
    link = make_link(tenure, product)
    for name in ('share_links', 'share_link', 'channel', 'code'):
        client.set_cookie(name, f'{{"{tenure.village_id}": [{link.id}, 9999999999]}}')
    client.set_cookie('shop_session', link.code)
    client.get(f'/products/{product.slug}?channel=livestream&code={link.code}&share_link_id={link.id}')
    put(client, product, channel='livestream')
    forged = {'channel': 'livestream', 'share_link_id': str(link.id), 'share_link_ids': str(link.id), 'code': link.code}
    assert check_out(client, **forged).status_code == 303
    order = db.session.scalars(select(Order)).one()
    assert (order.channel, order.share_link_id) == (Channel.ONLINE, None)


def test_the_visit_keeps_no_person_and_a_look_ahead_counts_nothing(client, tenure):
    link = make_link(tenure)
    assert client.head(f'/s/{link.code}').status_code == 303
    assert db.session.scalars(select(WebSession)).all() == []
    assert db.session.scalars(select(ShareLinkDay)).all() == []
    client.get(f'/s/{link.code}')
    client.get(f'/s/{link.code}')
    assert db.session.scalars(select(ShareLinkDay.visits)).all() == [2]
    assert set(db.session.scalars(select(WebSession)).one().values) == {'share_links'}


def test_the_desk_makes_shows_and_ends_a_link(client, tenure, product):
    desk = client.sign_in(desk_user(tenure))
    form = {'label': '抖音直播 06-15', 'channel': 'livestream', 'product': product.id}
    days = {'starts_on': '2026-06-15', 'ends_on': '2026-06-16'}
    address = desk.post('/desk/share-links', data={**form, **days}).headers['Location']
    link = db.session.scalars(select(ShareLink)).one()
    assert address == f'/desk/share-links/{link.code}'
    page = desk.get(address).text
    assert f'http://localhost/s/{link.code}' in page
    assert desk.get(f'{address}/qr.svg').mimetype == 'image/svg+xml'
    assert desk.get(f'{address}/qr.png').data.startswith(b'\x89PNG')
    assert desk.get(f'{address}/qr.exe').status_code == 404
    assert '抖音直播 06-15' in desk.get('/desk/share-links').text
    for _again in range(2):
        assert desk.post(f'{address}/ending').status_code == 303
    assert '已停用' in desk.get(address).text


@pytest.mark.parametrize(
    ('field', 'typed', 'message'),
    [
        ('label', '', '填写名目'),
        ('channel', 'institution', '选渠道'),
        ('product', '999999', '选择产品'),
        ('starts_on', '明天', '填日期'),
        ('ends_on', '2026-06-14', '不能早于'),
    ],
)
def test_a_wrong_field_says_what_is_right(client, tenure, field, typed, message):
    desk = client.sign_in(desk_user(tenure))
    form = {'label': '留着的名目', 'channel': 'expo', 'starts_on': '2026-06-15', 'ends_on': '2026-06-15'}
    answer = desk.post('/desk/share-links', data={**form, field: typed})
    assert answer.status_code == 422
    assert message in answer.text
    assert field == 'label' or '留着的名目' in answer.text
    assert db.session.scalars(select(ShareLink)).all() == []


def test_a_link_and_goods_of_another_village_are_not_there(client, tenure, product):
    link = make_link(tenure, product)
    client.sign_in(desk_user(make_tenure()))
    address = f'/desk/share-links/{link.code}'
    assert [client.get(path).status_code for path in (address, f'{address}/qr.svg')] == [404, 404]
    assert client.post(f'{address}/ending').status_code == 404
    form = {'label': '别村的货', 'channel': 'expo', 'starts_on': '2026-06-15', 'ends_on': '2026-06-15'}
    assert client.post('/desk/share-links', data={**form, 'product': product.id}).status_code == 422
