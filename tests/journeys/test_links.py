"""Every link on every page leads somewhere, for everybody who may see it."""

from datetime import date

import pytest
from sqlalchemy import select

from shop.accounts.models import User
from shop.demo.accounts import LOGIN_NAMES
from shop.demo.loading import load_campaign
from shop.kit.database import db
from tests.journeys.crawling import crawl

UNTIL = date(2026, 6, 14)


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_no_link_is_dead(app, client, clock_hand, database_kind):
    load_campaign(3, 0.03, UNTIL, tell=lambda _what, _part: None)
    users = db.session.scalars(select(User).where(User.login_name.in_(LOGIN_NAMES))).all()
    dead = []
    for user in [None, *users]:
        if user is not None:
            client.sign_in(user)
        dead += _dead_links(client, user.login_name if user is not None else 'visitor')
    assert dead == []


def _dead_links(client, who: str) -> list[str]:
    dead, seen = [], 0
    for address, source, answer in crawl(client, per_kind=3):
        seen += 1
        if answer.status_code >= 400 and source is not None:
            dead.append(f'{who}: {answer.status_code} {address} on {source}')
    assert seen > 40
    return dead
