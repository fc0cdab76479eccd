"""Whatever is asked for: never a fault, never an empty page, always ours, never a way to another site."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shop.accounts.access import safe_target
from shop.accounts.models import Role
from shop.accounts.sessions import COOKIE
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db, transaction
from shop.payments.models import Payment
from tests.architecture.sources import templates
from tests.factories.accounts import make_user
from tests.factories.catalogue import make_brand, make_project
from tests.factories.endorsements import make_listed_product, make_submittable_endorsement
from tests.factories.orders import bought
from tests.support.client import start_session
from tests.support.rubbish import HEADERS, Request, fault_of, headers, paths, queries, stays_here

FEW = settings(max_examples=settings().max_examples * 3 // 2)
METHODS = ('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE', 'get', 'POST')
FIELDS = sorted({
    name.encode() for text in templates().values() for name in re.findall(r'\bname="([a-z_]+)"', text)
})  # fmt: skip
WITHOUT_COOKIES = tuple(name for name in HEADERS if name != 'HTTP_COOKIE')


@pytest.fixture
def known(app, clock_hand):
    """Values that exist, for the parts of routes that have names."""
    product = make_listed_product()
    gone = make_listed_product(village=product.village, name='下架的货')
    draft = make_submittable_endorsement()
    with transaction():
        listed = db.session.query(Endorsement).filter_by(product_id=gone.id).one()
        listed.status = EndorsementStatus.PAUSED
    number = bought((product, 1)).number
    pages = (product, gone, product.village, listed.tenure.secretary, make_brand(product.village))
    found = {
        'slug': [*(page.slug for page in pages), make_project(product.village).slug],
        'number': [number],
        'endorsement_id': [str(draft.id), str(listed.id)],
        'variant_id': [str(product.variants[0].id)],
        'line_id': ['1'],
        'metric': ['sales', 'households', 'endorsed_products'],
        'reference': db.session.scalars(select(Payment.reference)).all(),
        'gateway': ['sandbox'],
        'kind': ['products'],
    }
    return {name: [value.encode() for value in values] for name, values in found.items()}


def routes(app, method: str):
    return sorted((rule for rule in app.url_map.iter_rules() if method in rule.methods), key=lambda rule: rule.rule)


def test_reading_never_fails(app, known):
    asked = st.builds(Request, st.sampled_from(METHODS), paths(routes(app, 'GET'), known), queries(), headers())

    @FEW
    @given(asked)
    def never_a_fault(request):
        assert fault_of(app, request) == ''

    never_a_fault()


@pytest.mark.parametrize('role', [None, Role.FIRST_SECRETARY, Role.CITY_DEPARTMENT])
def test_writing_never_fails(app, known, role):
    village = db.session.query(Endorsement).first().tenure.village
    user = make_user(role, village=village, region=village.county.parent) if role else None
    cookie = {'HTTP_COOKIE': f'{COOKIE}={start_session(user)}'} if user else {}
    asked = st.builds(
        Request,
        st.just('POST'),
        paths(routes(app, 'POST'), known),
        queries(),
        headers(WITHOUT_COOKIES).map(lambda odd: {**odd, **cookie}),
        queries(FIELDS),
    )

    @settings(FEW, max_examples=FEW.max_examples // 2)
    @given(asked)
    def never_a_fault(request):
        assert fault_of(app, request) == ''

    never_a_fault()


@pytest.mark.parametrize(
    'target',
    [
        '//evil.example', '/\\evil.example', '/\t/evil.example', '/%09/evil.example', '/\n/evil.example',
        '\\\\evil.example', 'https://evil.example', 'https:evil.example', 'javascript:harm()', '/\x00/evil.example',
        ' //evil.example',
        '/ /evil.example', '/.//evil.example', '/..//evil.example', '///evil.example', '/\u2028/evil.example',
        '/' + 'a' * 600,
    ],
)  # fmt: skip
def test_after_signing_in_nobody_is_led_away(target):
    assert stays_here(safe_target(target))
    assert not re.match(r'/[\t\r\n \\/]', safe_target(target))


def test_after_a_preference_nobody_is_led_away(client):
    for target in ('//evil.example', '/\t/evil.example', '/%09/evil.example', '/.//evil.example'):
        answer = client.post('/preferences/type', data={'next': target, 'size': 'large'})
        assert stays_here(answer.headers['Location'])


@pytest.mark.parametrize(
    'path', ['/products/%00', '/products/%FF%FE', '/products/%ed%a0%80', '/' + 'a' * 9_000, '/%2e%2e/x']
)
def test_odd_paths_get_the_helpful_page(client, path):
    answer = client.get(path)
    assert answer.status_code in {400, 404}
    assert '<main id="main"' in answer.text
