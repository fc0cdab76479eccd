"""Pages of counties, villages, secretaries, brands and projects; small groups and hidden names."""

import re
from collections import deque
from html import unescape

import pytest

from shop.catalogue.models import ProjectShare
from shop.endorsements.models import EndorsementStatus
from shop.endorsements.queries import listed_endorsement
from shop.kit import clock
from shop.kit.database import transaction
from shop.villages.models import TenureStatus
from tests.factories.accounts import make_user
from tests.factories.catalogue import make_brand, make_project
from tests.factories.endorsements import make_endorsement, make_listed_product
from tests.factories.ledger import households_of, make_completed_order
from tests.factories.objections import make_notice
from tests.factories.orders import pay, receive, ship
from tests.factories.orders import place as place_order
from tests.factories.villages import make_secretary, make_tenure
from tests.support.statements import counted_statements

LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
MARKER = '殷忘川'


@pytest.fixture
def place(app, clock_hand):
    """A village with a former and a present secretary, a brand, a project, and a product that has sold."""
    with transaction():
        former = make_tenure(secretary=make_secretary('顾长河'), status=TenureStatus.ROTATED)
        tenure = make_tenure(former.village, secretary=make_secretary('林知夏'))
        product = make_listed_product(tenure=tenure, households=6, name='秋木耳')
        product.brand, project = make_brand(former.village, name='松岭红'), make_project(former.village)
        product.brand.approved_on = project.approved_on = clock.today()
        product.project_shares = [ProjectShare(project=project, share_bp=10_000)]
    make_completed_order((product, 2))
    return product


def addresses(product) -> dict[str, str]:
    village = product.village
    tenure = product_tenure(product)
    return {
        'counties': '/counties',
        'county': f'/counties/{village.county.code}',
        'village': f'/villages/{village.slug}',
        'secretary': f'/secretaries/{tenure.secretary.slug}',
        'brands': '/brands',
        'brand': f'/brands/{product.brand.slug}',
        'projects': '/projects',
        'project': f'/projects/{product.project_shares[0].project.slug}',
        'sunshine': '/sunshine',
    }


def product_tenure(product):
    return listed_endorsement(product.id).tenure


def test_every_page_shows_its_own_figures_and_opens_their_definitions(client, place):
    for name, address in addresses(place).items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        if name not in {'brands', 'projects'}:
            assert '79.80' in re.sub(r'<[^>]+>', '', answer.text), name
            assert '#' in answer.text
        if name in {'village', 'county', 'secretary', 'brand', 'project'}:
            assert '/sunshine#sales' in answer.text, name


def test_the_interface_says_the_same_of_each_place_and_thing(client, place):
    names = {
        'county': place.village.county.code,
        'village': place.village.slug,
        'secretary': product_tenure(place).secretary.slug,
        'brand': place.brand.slug,
        'project': place.project_shares[0].project.slug,
        'product': place.slug,
    }
    for kind, name in names.items():
        found = client.get(f'/api/v1/tallies?{kind}={name}').json
        assert (found[kind], found['sales_fen']) == (name, 7980), kind
        assert found['households'] == {'covered': 6, 'accrued': 6, 'paid': 0}, kind
        assert client.get(f'/api/v1/tallies?{kind}=no-such').status_code == 404
    assert client.get(f'/api/v1/tallies?county={names["county"]}&brand=x').status_code == 400


def test_the_interface_tells_small_groups_and_hidden_secretaries_no_more_than_the_pages(client, place):
    few = make_listed_product(households=4, name='蜂蜜')
    found = client.get(f'/api/v1/tallies?product={few.slug}').json['households']
    assert found == {'covered': None, 'accrued': 0, 'paid': 0}
    tenure = product_tenure(place)
    with transaction():
        tenure.secretary.is_name_hidden = True
    assert client.get(f'/api/v1/tallies?secretary={tenure.secretary.slug}').status_code == 404


def test_a_village_tells_who_was_there_before(client, place):
    page = client.get(addresses(place)['village']).text
    assert page.index('林知夏') < page.index('顾长河')
    assert '已轮换' in page


@pytest.mark.parametrize(
    'address', ['/counties/1', '/counties/220500', '/villages/x', '/secretaries/x', '/brands/x', '/projects/%E6%9C%A8']
)
def test_what_is_not_there_is_404(client, place, address):
    assert client.get(address).status_code == 404


def test_odd_filters_show_an_empty_list_that_leads_on(client, place):
    for page in ('villages', 'brands', 'projects'):
        answer = client.get(f'/{page}?county={"龘" * 500}')
        assert (answer.status_code, f'href="/{page}"' in answer.text) == (200, True)


def test_what_is_not_approved_has_no_page(client, place):
    with transaction():
        place.brand.approved_on = place.project_shares[0].project.approved_on = None
    for name in ('brand', 'project'):
        assert client.get(addresses(place)[name]).status_code == 404


def test_statements_do_not_grow_with_rows(client, place):
    tenure, found = product_tenure(place), addresses(place)
    make_notice(tenure)
    few = {}
    for name, address in found.items():
        with counted_statements() as made:
            client.get(address)
        few[name] = len(made)
    with transaction():
        for number in range(3):
            more = make_listed_product(tenure=tenure, households=6, name=f'蜂蜜{number}')
            more.brand, project = make_brand(tenure.village), make_project(tenure.village)
            more.brand.approved_on = project.approved_on = clock.today()
            more.project_shares = [ProjectShare(project=project, share_bp=10_000)]
            make_notice(tenure)
    for name, address in found.items():
        with counted_statements() as made:
            client.get(address)
        assert (name, len(made)) == (name, few[name])
    assert max(few.values()) <= 14


@pytest.mark.parametrize(('households', 'shown'), [(3, '少于 5'), (4, '少于 5'), (5, '5')])
def test_a_group_under_five_is_counted_nowhere_in_public(client, app, clock_hand, households, shown):
    product = make_listed_product(households=households)
    make_completed_order((product, 1))
    for address in (
        '/products',
        f'/products/{product.slug}',
        f'/villages/{product.village.slug}',
        '/sunshine',
        '/counties',
    ):
        words = ' '.join(re.sub(r'<[^>]+>', '', client.get(address).text).split())
        assert f'{shown} 户' in words, address
        assert households == 5 or not re.search(rf'(?<![\d.]){households} ?户', words), address


@pytest.mark.parametrize('households', [4, 5])
def test_a_buyer_reads_codes_only_of_groups_that_are_large_enough(client, app, clock_hand, households):
    buyer = make_user()
    checkout = place_order((make_listed_product(households=households), 1), actor=buyer)
    pay(checkout)
    order = receive(ship(checkout.orders[0]))
    codes = [household.self_check_code for household in households_of(order.lines[0].product)]
    page = client.sign_in(buyer).get(f'/orders/{order.number}').text
    assert {code in page for code in codes} == {households == 5}


def test_a_hidden_secretary_is_found_nowhere(client, place):
    """Every public page that can be reached, the searches and the interface, signed in to nothing."""
    tenure = product_tenure(place)
    with transaction():
        tenure.secretary.name, tenure.secretary.is_name_hidden = MARKER, True
        notice = make_notice(tenure)
        make_endorsement(notice.product, make_tenure(status=TenureStatus.ROTATED), status=EndorsementStatus.DELISTED)
    assert f'没有找到“{MARKER}”' in client.get(f'/products?q={MARKER}').text
    starts = [
        *addresses(place).values(), '/', '/products', '/villages', '/sunshine/notices',
        f'/sunshine/notices/{notice.id}', '/api/v1/tallies', '/api/v1/seals',
    ]  # fmt: skip
    waiting, known, read = deque(starts), set(starts), 0
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        is_text = (answer.mimetype or '').startswith(('text/', 'application/json', 'application/xml'))
        text = answer.text.replace(address, '') if is_text else ''  # without the way back to where one is
        answer.close()
        assert MARKER not in text, answer.request.path
        assert tenure.secretary.slug not in text, answer.request.path
        read += 1
        for found in map(unescape, LINK.findall(text)):
            if found not in known and len(known) < 80 and not found.startswith('/static'):
                known.add(found)
                waiting.append(found)
    assert client.get(f'/secretaries/{tenure.secretary.slug}').status_code == 404
    assert read > 20
