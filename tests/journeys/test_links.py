"""Every link on every page leads somewhere, for everybody who may see it."""

import re
from collections import deque
from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from shop.accounts.models import User
from shop.demo.accounts import LOGIN_NAMES
from shop.demo.loading import load_campaign
from shop.kit.database import db

UNTIL = date(2026, 6, 14)
LINK = re.compile(r'<(?:a|img|link|script|source|use)\b[^>]*?\s(?:href|src)="(/[^"#]*)')
PER_KIND = 3  # pages of one kind differ in their rows alone


def kind_of(address: str) -> str:
    """Take the numbers and names out of an address."""
    path, _, query = address.partition('?')
    parts = path.split('/')
    named = '/'.join(parts[:2] + ['*' for _ in parts[2:]]) if parts[1] != 'desk' else re.sub(r'\d+', '*', path)
    return f'{named}?{re.sub("=[^&]*", "", query)}'


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_no_link_is_dead(app, client, clock_hand, database_kind):
    load_campaign(3, 0.03, UNTIL, tell=lambda _what, _part: None)
    users = db.session.scalars(select(User).where(User.login_name.in_(LOGIN_NAMES))).all()
    dead = []
    for user in [None, *users]:
        if user is not None:
            client.sign_in(user)
        dead += _crawl(client, user.login_name if user is not None else 'visitor')
    assert dead == []


def _crawl(client, who: str) -> list[str]:
    starts = ('/', '/account', '/orders', '/desk/', '/desk/endorsements', '/office/', '/office/endorsements')
    waiting, known, counts, dead = deque((start, 'start') for start in starts), set(starts), {}, []
    while waiting:
        address, source = waiting.popleft()
        answer = client.get(address)
        if answer.status_code >= 400 and source != 'start':
            dead.append(f'{who}: {answer.status_code} {address} on {source}')
        is_page = answer.status_code == 200 and answer.mimetype == 'text/html'
        links = LINK.findall(answer.text) if is_page else []
        answer.close()
        for found in map(unescape, links):
            kind = kind_of(found)
            if found not in known and counts.get(kind, 0) < PER_KIND:
                counts[kind] = counts.get(kind, 0) + 1
                known.add(found)
                waiting.append((found, address))
    assert len(known) > 40
    return dead
