"""Which version of an agreement is held before something is decided about it."""

import pytest

from shop.benefits.models import BenefitAgreement
from shop.benefits.queries import hold_newest
from shop.kit import clock
from shop.kit.database import db, transaction
from tests.factories.catalogue import make_product
from tests.factories.endorsements import make_listed_product

pytestmark = pytest.mark.usefixtures('app')


def test_the_newest_version_is_held_where_there_is_one():
    listed, bare, unknown = make_listed_product(), make_product(), make_product()
    with transaction():
        db.session.add(BenefitAgreement(village_id=bare.village_id, product_id=bare.id, created_at=clock.now()))
    with transaction():
        held = hold_newest(listed.id)
        assert held is not None
        assert held.number == 1
        assert (hold_newest(bare.id), hold_newest(unknown.id)) == (None, None)
