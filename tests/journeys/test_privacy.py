"""No public answer names a household or leads to a person: crawled with a canary in every field, its log read too."""

import logging
import re
from collections import Counter, deque
from collections.abc import Set as AbstractSet
from datetime import date
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from shop.accounts.models import User
from shop.demo.loading import load_campaign
from shop.households.models import EventKind, HouseholdEvent, HouseholdMember, HouseholdReveal, NumberKind, Relation
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.letters.models import Letter
from shop.orders.basket import Address
from shop.storefront.addresses import FINDABLE
from shop.storefront.order_letters import compose
from shop.villages.models import Household
from tests.browser.addresses import BUYER_PAGES, VISITOR_PAGES, find_places
from tests.factories.households import card_number, id_number
from tests.support.privacy import private_parts
from tests.support.sheets import rows_of

UNTIL = date(2026, 6, 14)
SCALE = 0.12  # the smallest campaign that has a notice and an objection to it
# A masked name keeps its first and last letter alone, so two letters together are a name that was not masked.
NAME, WORD = '龘齉', '靐龗'
CANARIES = (
    ('households', f"head_name = '{NAME}' || id || '鱻', number = '{WORD}' || id, attribute = '{WORD}'"),
    ('household_members', f"name = '{NAME}' || id || '鱻'"),
    ('household_marks', f"note = '{WORD}'"),
    ('household_consents', f"paper = '{WORD}'"),
    ('party_members', f"name = '{WORD}' || id, unit = '{WORD}'"),
    ('household_status_kinds', f"name = '{WORD}' || id"),
)
# Of everybody but the buyer whose own pages are read afterwards: `{buyer}` is that one's id.
OF_OTHERS = (
    ('users', f"name = '{WORD}' || id, email = 'u' || id || '@canary.test'", 'id <> {buyer}'),
    ('users', "login_name = '1390' || (1000000 + id)", "id <> {buyer} AND login_name NOT IN ('shuji', 'guke')"),
    (
        'orders',
        f"recipient = '{WORD}v' || village_id || 'e', phone = '1370' || (1000000 + id), street = '{WORD}'",
        'user_id IS NULL OR user_id <> {buyer}',
    ),
    ('checkouts', "email = 'c' || id || '@canary.test'", 'user_id IS NULL OR user_id <> {buyer}'),
    ('addresses', f"recipient = '{WORD}', phone = '1360' || (1000000 + id), street = '{WORD}'", 'user_id <> {buyer}'),
    ('letters', "recipient = 'l' || id || '@canary.test', last_error = ''", '1 = 1'),
    (
        'invoice_requests',
        f"title = '{WORD}', email = 'i' || id || '@canary.test'",
        'order_id NOT IN (SELECT id FROM orders WHERE user_id = {buyer})',
    ),
    (
        'procurement_orders',
        f"recipient = '{WORD}', phone = '1350' || (1000000 + id), street = '{WORD}', note = '{WORD}'",
        '1 = 1',
    ),
    ('procurement_orders', "invoice_email = 'p' || id || '@canary.test'", '1 = 1'),
    ('orders', f"note = '{WORD}'", 'user_id IS NULL OR user_id <> {buyer}'),
    ('institutions', f"phone = '1340' || (1000000 + id), address = '{WORD}'", '1 = 1'),
)
LINK = re.compile(r'(?:href|src|action)="([^"]+)"|<loc>([^<]+)</loc>')
MASKED = re.compile(r'\d{3}\*{6,}\w{4}')
TEXTS = ('text/', 'application/json', 'application/xml', 'application/manifest+json', 'application/ld+json')
MOST_OF_A_KIND = 6


@pytest.fixture
def buyer(app, clock_hand, monkeypatch) -> User:
    """A small campaign with a canary in every field of its households; the buyer of the demo."""
    monkeypatch.setattr('shop.demo.loading.hang_pictures', lambda **_: None)
    load_campaign(3, SCALE, UNTIL, tell=lambda _what, _part: None)
    buyer = db.session.scalars(select(User).where(User.login_name == 'guke')).one()
    households = db.session.scalars(select(Household.id)).all()
    with transaction() as session:
        session.add_all(
            HouseholdMember(household_id=household, name=NAME, relation=Relation.CHILD) for household in households
        )
        session.add(HouseholdEvent(household_id=households[0], at=clock.now(), kind=EventKind.CHANGED, before=NAME))
        session.add(
            HouseholdReveal(
                household_id=households[0], kind=NumberKind.ID_NUMBER, masked=WORD, actor_id=buyer.id, role='',
                reason=WORD, at=clock.now(),
            )
        )  # fmt: skip
        for table, values in CANARIES:
            session.execute(text(f'UPDATE {table} SET {values}'))
        for table, values, where in OF_OTHERS:
            session.execute(text(f'UPDATE {table} SET {values} WHERE {where.format(buyer=buyer.id)}'))
    return buyer


def test_no_public_answer_leads_to_a_person(app, client, buyer, caplog):
    caplog.set_level(logging.INFO)
    places = find_places(buyer.id)
    plain = [rule.rule for rule in app.url_map.iter_rules() if 'GET' in (rule.methods or ()) and not rule.arguments]
    asked = [f'/products?q={NAME}', f'/search/suggestions?q={NAME}', '/no-such-page', '/api/v1/no-such']
    read = crawl(app, client, [*places.fill(VISITOR_PAGES), *plain, *asked])
    assert {endpoint for endpoint in FINDABLE if not read[endpoint]} == set()
    assert sum(read.values()) > 120
    typed = db.session.scalars(select(Address.phone).where(Address.user_id == buyer.id))
    own = frozenset({buyer.email, *typed})
    mine = crawl(app, client.sign_in(buyer), places.fill(BUYER_PAGES), follow=False, own=own)
    assert mine['orders.show'] == 1
    assert private_parts(caplog.text, names=(NAME, WORD), on=UNTIL) == []


def test_a_villages_sheets_hold_its_own_buyers_alone_and_a_letter_its_own_reader(app, client, buyer):
    secretary = db.session.scalars(select(User).where(User.login_name == 'shuji')).one()
    village_id = secretary.current_grants[0].village_id
    with transaction() as session:
        waiting = "status = 'awaiting_shipment' AND completed_at IS NULL"
        session.execute(text(f"UPDATE orders SET recipient = '{WORD}v' || village_id || 'e' WHERE {waiting}"))
    sheet = client.sign_in(secretary).get('/desk/shipments/sheet.xlsx')
    told = {str(cell) for row in rows_of(sheet.data) for cell in row if WORD in str(cell)}
    assert told <= {f'{WORD}v{village_id}e', WORD}
    register = client.get('/desk/households/register.xlsx')
    cells = ' '.join(str(cell) for row in rows_of(register.data) for cell in row)
    assert private_parts(cells.replace(NAME, '').replace(WORD, ''), on=UNTIL) == []
    for letter in db.session.scalars(select(Letter).order_by(Letter.id.desc()).limit(MOST_OF_A_KIND)):
        message = compose(letter)
        if message is not None:
            assert private_parts(str(message), names=(NAME, WORD), own=own_numbers(app), on=UNTIL) == []


def crawl(
    app: Flask, client, starts: list[str], *, follow: bool = True, own: AbstractSet[str] = frozenset()
) -> Counter[str]:
    """Read pages and what they lead to, a few of each kind; fail on the first that tells too much."""
    waiting, known, read = deque(starts), set(starts), Counter()
    while waiting:
        address = waiting.popleft()
        endpoint = endpoint_of(app, address)
        if read[endpoint] >= MOST_OF_A_KIND:
            continue
        answer = client.get(address)
        read[endpoint] += 1
        if not (answer.mimetype or '').startswith(TEXTS):
            answer.close()
            continue
        page = unescape(answer.text)
        answer.close()
        told = page.replace(NAME, '') if NAME in address else page  # what one asked for stands there again
        assert private_parts(told, names=(NAME, WORD), own=own_numbers(app) | own, on=UNTIL) == [], address
        assert not MASKED.search(told), address
        for found in LINK.findall(page) if follow else ():
            target = path_of(found[0] or found[1])
            if target and target not in known:
                known.add(target)
                waiting.append(target)
    return read


def path_of(link: str) -> str:
    """Return the path of a link on this site, else nothing."""
    parts = urlsplit(link)
    if parts.netloc not in {'', 'localhost'} or not parts.path.startswith('/') or parts.path.startswith('/static'):
        return ''
    return parts.path + (f'?{parts.query}' if parts.query else '')


def endpoint_of(app: Flask, address: str) -> str:
    """Return the endpoint that answers an address, or nothing."""
    try:
        endpoint, _arguments = app.url_map.bind('localhost').match(urlsplit(address).path)
    except (HTTPException, RequestRedirect):
        return ''
    return str(endpoint)


def own_numbers(app: Flask) -> set[str]:
    """Return the numbers of the shop itself, which it wants to be known."""
    return {''.join(filter(str.isdigit, app.config[name])) for name in ('SERVICE_PHONE', 'TRANSFER_ACCOUNT_NUMBER')}


@pytest.mark.parametrize(
    ('leak', 'is_found'),
    [
        (id_number(1), True),
        ('an li.fang@example.com.', True),
        ('name@example.com', False),
        (id_number(1)[:-1] + 'x', True),
        ('"phone": "13812345678"', True),
        (card_number(1), True),
        (NAME, True),
        ('龘**鱻 138****5678 2026061512345678', False),
        ('abc13812345678', False),
        ('0.13812345678', False),
    ],
)
def test_the_linter_finds_what_it_should(leak, is_found):
    assert bool(private_parts(f'<p>{leak}</p>', names=(NAME,), on=UNTIL)) is is_found


def test_the_linter_leaves_the_shops_own_number_alone():
    assert private_parts('电话 13900000000', own={'13900000000'}, on=UNTIL) == []
