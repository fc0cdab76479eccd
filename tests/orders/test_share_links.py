"""Share links: their days, their codes, and what they decide about an order."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from shop.kit import clock
from shop.kit.crypto import CODE_ALPHABET
from shop.kit.database import db, transaction
from shop.orders.models import Channel
from shop.orders.share_link import LinkState, ShareLink, ShareLinkDay
from shop.orders.share_links import (
    LinkPlan,
    ShareLinkEndedError,
    ShareLinkError,
    count_visit,
    create_share_link,
    end_share_link,
    find_share_link,
    links_by_village,
)
from tests.factories.building import building
from tests.factories.villages import desk_user, make_tenure, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

TODAY = date(2026, 6, 15)


@building
def make_link(village=None, *, starts_on: date = TODAY, ends_on: date = TODAY, **more) -> ShareLink:
    plan = LinkPlan(
        more.get('product_id'), more.get('channel', Channel.LIVESTREAM), '抖音直播 06-15', starts_on, ends_on
    )
    return create_share_link(village or make_village(), plan, actor=None, at=clock.now())


def test_a_code_cannot_be_guessed_or_misread():
    codes = {make_link().code for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 8 and set(code) <= set(CODE_ALPHABET) for code in codes)
    code = codes.pop()
    assert find_share_link(code.lower()).code == code
    assert [find_share_link(odd) for odd in ('', code[:7], code + 'A', '0OIl1' + code[:3], '直播直播直播直播')] == [
        None
    ] * 5


def test_a_code_that_is_taken_is_drawn_again(monkeypatch):
    taken = make_link().code
    letters = iter(taken + '23456789')
    monkeypatch.setattr('shop.orders.share_links.secrets.choice', lambda _alphabet: next(letters))
    assert make_link().code == '23456789'


@pytest.mark.parametrize(
    ('days', 'channel', 'field'),
    [
        ((0, -1), Channel.LIVESTREAM, 'ends_on'),
        ((-3, -1), Channel.LIVESTREAM, 'ends_on'),
        ((0, 367), Channel.EXPO, 'ends_on'),
        ((0, 1), Channel.INSTITUTION, 'channel'),
        ((0, 1), Channel.OTHER_OFFLINE, 'channel'),
    ],
)
def test_what_a_link_may_not_be(days, channel, field):
    starts_on, ends_on = (TODAY + timedelta(days=n) for n in days)
    with pytest.raises(ShareLinkError) as refused:
        make_link(starts_on=starts_on, ends_on=ends_on, channel=channel)
    assert refused.value.field == field


def test_a_link_is_valid_on_its_days_in_shanghai():
    link = make_link(starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=2))
    start, over = clock.day_start(date(2026, 6, 16)), clock.day_start(date(2026, 6, 18))
    second = timedelta(seconds=1)
    assert [link.is_valid(at) for at in (start - second, start, over - second, over)] == [False, True, True, False]
    states = [link.state(at) for at in (start - second, start, over)]
    assert states == [LinkState.AHEAD, LinkState.RUNNING, LinkState.OVER]


def test_it_ends_early_once():
    tenure = make_tenure()
    link = make_link(tenure.village, ends_on=TODAY + timedelta(days=9))
    with transaction():
        end_share_link(link, actor=desk_user(tenure), at=clock.now())
    assert (link.is_valid(clock.now()), link.state(clock.now())) == (False, LinkState.ENDED)
    with pytest.raises(ShareLinkEndedError), transaction():
        end_share_link(link, actor=desk_user(tenure), at=clock.now())


def test_visits_of_many_at_once_are_all_counted(app, clock_hand):
    link_id, ready = make_link().id, Barrier(5, timeout=30)
    db.session.rollback()

    def visit() -> None:
        with app.app_context():
            ready.wait()
            with transaction():
                count_visit(db.session.get_one(ShareLink, link_id), at=clock.now())
            db.session.remove()

    threads = [Thread(target=visit) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clock_hand.move(days=1)
    with transaction():
        count_visit(db.session.get_one(ShareLink, link_id), at=clock.now())
    rows = db.session.execute(select(ShareLinkDay.day, ShareLinkDay.visits).order_by(ShareLinkDay.day)).all()
    assert rows == [(TODAY, 5), (TODAY + timedelta(days=1), 1)]


def test_only_valid_links_decide_and_each_for_its_own_village():
    here, there = make_village('松岭村'), make_village('榆树村')
    links = [make_link(here), make_link(there, starts_on=TODAY + timedelta(days=1), ends_on=TODAY + timedelta(days=1))]
    ids = [link.id for link in links]
    assert links_by_village(ids, at=clock.now()) == {here.id: links[0]}
    assert links_by_village(ids, at=clock.now() + timedelta(days=1)) == {there.id: links[1]}
    assert links_by_village([], at=clock.now()) == {}
