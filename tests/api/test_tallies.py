"""The public interface: figures at any date, and divisions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shop.kit import clock
from shop.kit.database import transaction
from shop.ledger.closing import close_due_days
from shop.statistics.metrics import METRICS
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import make_completed_order

NOTHING = {
    'endorsed_products': 0,
    'projects': 0,
    'brands': 0,
    'sales_fen': 0,
    'households': {'covered': 0, 'accrued': 0, 'paid': 0},
}


def test_the_figures_are_exactly_as_promised(client, clock_hand):
    make_completed_order((make_listed_product(households=3, price_fen=3990), 2))
    answer = client.get('/api/v1/tallies?on=2026-06-15')
    assert answer.status_code == 200
    assert answer.json == {
        'on': '2026-06-15',
        'endorsed_products': 1,
        'projects': 0,
        'brands': 0,
        'sales_fen': 7980,
        'households': {'covered': 3, 'accrued': 3, 'paid': 0},
        'metrics': {name: metric.version for name, metric in METRICS.items()},
    }


def test_before_the_first_sale_everything_is_nought(client, clock_hand):
    make_completed_order((make_listed_product(), 1))
    for day in ('2026-06-14', '0001-01-01'):
        answer = client.get(f'/api/v1/tallies?on={day}')
        assert answer.status_code == 200
        assert NOTHING.items() <= answer.json.items()


def test_without_a_date_it_is_today_in_shanghai(client):
    with clock.frozen(datetime(2026, 6, 15, 16, 0, 1, tzinfo=UTC)):
        assert client.get('/api/v1/tallies').json['on'] == '2026-06-16'


BAD_DATES = [
    '',
    '2026',
    '2026-13-01',
    '2026-02-30',
    '20260101',
    '2026-W01-1',
    '2026-1-1',
    '２０２６-01-01',
    '0000-01-01',
]


@pytest.mark.parametrize('text', [*BAD_DATES, 'x' * 500, "1' OR 1=1"])
def test_a_bad_date_is_refused_with_a_reason(client, text):
    answer = client.get('/api/v1/tallies', query_string={'on': text})
    assert answer.status_code == 400
    assert answer.mimetype == 'application/json'
    assert '不是日期' in answer.json['error']
    assert len(answer.json['error']) < 60


def test_a_day_to_come_is_refused(client, clock_hand):
    answer = client.get('/api/v1/tallies?on=2026-06-16')
    assert answer.status_code == 400
    assert answer.json == {'error': '2026-06-16 还没有到，最晚可查 2026-06-15。'}


def test_an_unchanged_figure_costs_no_body(client, clock_hand):
    product = make_listed_product()
    make_completed_order((product, 1))
    first = client.get('/api/v1/tallies')
    assert first.headers['Cache-Control'] == 'public, max-age=60'
    again = client.get('/api/v1/tallies', headers={'If-None-Match': first.headers['ETag']})
    assert (again.status_code, again.data) == (304, b'')
    make_completed_order((product, 1))
    changed = client.get('/api/v1/tallies', headers={'If-None-Match': first.headers['ETag']})
    assert (changed.status_code, changed.json['sales_fen']) == (200, 7980)


def test_the_figures_of_a_closed_day_may_be_kept_for_long(client, clock_hand):
    make_completed_order((make_listed_product(), 1))
    clock_hand.move(days=1)
    with transaction():
        close_due_days(at=clock.now())
    answer = client.get(f'/api/v1/tallies?on={date(2026, 6, 16) - timedelta(days=1)}')
    assert answer.headers['Cache-Control'] == 'public, max-age=86400'
    assert answer.json['sales_fen'] == 3990


def test_nobody_writes_here(client):
    assert client.post('/api/v1/tallies').status_code == 405


def test_divisions_follow_each_other_down(client):
    top = client.get('/api/v1/divisions').json
    assert top['parent'] == ''
    assert {'code': '220000', 'name': '吉林省'} in top['divisions']
    assert {'code': '220500', 'name': '通化市'} in client.get('/api/v1/divisions?parent=220000').json['divisions']
    counties = client.get('/api/v1/divisions?parent=220500').json['divisions']
    assert [county['name'] for county in counties] == [
        '东昌区', '二道江区', '通化县', '辉南县', '柳河县', '梅河口市', '集安市',
    ]  # fmt: skip


def test_below_a_county_there_is_nothing_and_an_unknown_code_is_refused(client):
    assert client.get('/api/v1/divisions?parent=220524').json['divisions'] == []
    answer = client.get('/api/v1/divisions?parent=nowhere')
    assert (answer.status_code, answer.json) == (400, {'error': '没有代码为“nowhere”的行政区划。'})
