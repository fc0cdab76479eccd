"""Who reads the whole book may prove it and take it away; who sees a part of it finds nothing here."""

import io
import zipfile

import pytest
from sqlalchemy import text

from shop.accounts.models import Role
from shop.kit import clock
from shop.kit.database import dialect_name, transaction
from shop.ledger.checks import RULES
from shop.ledger.closing import close_due_days
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import make_paid_order
from tests.factories.regions import make_county, make_township
from tests.factories.villages import make_village

pytestmark = pytest.mark.usefixtures('app')


@pytest.fixture
def product(app, clock_hand):
    product = make_listed_product(households=2)
    make_paid_order((product, 1))
    return product


def signed_in(client, product, role: Role, level: str):
    county = product.village.county
    client.sign_in(make_user(role, region=county.parent if level == 'city' else county))
    return client


def seal_yesterday(clock_hand) -> None:
    clock_hand.move(days=1)
    with transaction():
        close_due_days(at=clock.now())


@pytest.mark.parametrize('role', [Role.AUDITOR, Role.CITY_DEPARTMENT])
def test_the_book_is_proved_rule_by_rule(client, product, role):
    signed_in(client, product, role, 'city')
    assert f'{len(RULES)} 条规则' in client.get('/office/books').text
    page = client.post('/office/books/check').text
    assert f'{len(RULES)} 条规则全部相符' in page
    assert page.count('✓') == len(RULES)


def test_what_is_off_is_named_with_its_row(client, product):
    with transaction() as session:
        if dialect_name() == 'sqlite':
            session.execute(text('DROP TRIGGER sales_entries_no_delete'))
        else:
            session.execute(text("SET LOCAL session_replication_role = 'replica'"))
        session.execute(text('DELETE FROM sales_entries'))
    signed_in(client, product, Role.AUDITOR, 'city')
    page = client.post('/office/books/check').text
    assert '1 处不符' in page
    assert 'sale_booked' in page


def test_the_bundle_is_handed_out_once_a_day_is_sealed(client, product, clock_hand):
    signed_in(client, product, Role.AUDITOR, 'city')
    refused = client.get('/office/books/bundle.zip')
    assert (refused.status_code, '还没有封过账' in refused.text) == (409, True)
    seal_yesterday(clock_hand)
    given = client.get('/office/books/bundle.zip')
    assert given.headers['Content-Disposition'] == 'attachment; filename=book-2026-06-15.zip'
    assert given.headers['Cache-Control'] == 'no-store'
    with zipfile.ZipFile(io.BytesIO(given.data)) as bundle:
        assert 'manifest.json' in bundle.namelist()
    given.close()
    assert '下载审计包' in client.get('/office/books').text


def test_an_auditor_of_one_county_among_two_is_not_shown_the_whole_book(client, product):
    elsewhere = make_county('辉南县', city=product.village.county.parent)
    make_village('石门村', township=make_township('石门镇', county=elsewhere))
    signed_in(client, product, Role.AUDITOR, 'county')
    for answer in (
        client.get('/office/books'),
        client.post('/office/books/check'),
        client.get('/office/books/bundle.zip'),
    ):
        assert answer.status_code == 404
