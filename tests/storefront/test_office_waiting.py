"""What waits stands beside its entry on every page of the department, for whoever can act on it."""

import pytest

from shop.accounts.models import Role
from tests.factories.accounts import make_user
from tests.factories.earnings import make_batch
from tests.factories.villages import make_households, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@pytest.mark.parametrize(('role', 'level', 'waits'), [
    (Role.TOWNSHIP_REVIEWER, 'township', True), (Role.COUNTY_DEPARTMENT, 'county', False),
])  # fmt: skip
def test_a_batch_to_verify_is_counted_on_every_page(client, role, level, waits):
    village = make_village()
    make_batch(village, [(make_households(village, 1)[0], 10)])
    client.sign_in(make_user(role, region=getattr(village, level)))
    for address in ('/office/', '/office/earnings', '/office/households'):
        entry = client.get(address).text.split('href="/office/earnings"', 1)[1].split('</a>', 1)[0]
        assert ('<span class="n due">1</span>' in entry) == waits, address
