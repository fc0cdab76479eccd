"""Goods leave the shelf with their supplier's licence and come back with the new one."""

from datetime import timedelta

import pytest

from shop.endorsements.licences import LicenceExpiredError, follow_licences
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.endorsements.services import list_due_endorsements, pause_endorsement, resume_endorsement
from shop.kit.database import db, transaction
from tests.factories.catalogue import make_product
from tests.factories.endorsements import make_endorsement, make_listed_product
from tests.factories.suppliers import make_licence, make_supplier
from tests.factories.villages import desk_user, make_tenure

S = EndorsementStatus


def follow(at) -> int:
    with transaction():
        return follow_licences(at=at)


def endorsement_of(product) -> Endorsement:
    return db.session.query(Endorsement).filter_by(product_id=product.id).one()


@pytest.fixture
def tenure(app):
    return make_tenure()


def test_goods_leave_the_shelf_the_day_after_a_licence_ends_and_return_with_the_new_one(tenure, clock_hand):
    product, other = make_listed_product(tenure=tenure), make_listed_product(tenure=tenure)
    licence = make_licence(product.supplier, kind='食品生产许可证', expires_on=clock_hand.day)
    endorsement = endorsement_of(product)
    assert follow(clock_hand.at) == 0
    clock_hand.move(days=1)
    assert (follow(clock_hand.at), follow(clock_hand.at)) == (1, 0)
    assert (endorsement.status, endorsement_of(other).status) == (S.PAUSED, S.LISTED)
    event = endorsement.events[-1]
    assert (event.actor_id, event.reason) == (None, '食品生产许可证已于 2026-06-15 到期，自动停售')
    with pytest.raises(LicenceExpiredError), transaction():
        resume_endorsement(endorsement, actor=None, at=clock_hand.at)
    with transaction():
        licence.expires_on = clock_hand.day + timedelta(days=365)
    assert (follow(clock_hand.at), follow(clock_hand.at)) == (1, 0)
    assert endorsement.status is S.LISTED


def test_what_a_person_has_paused_stays_paused(tenure, clock_hand):
    product = make_listed_product(tenure=tenure)
    make_licence(product.supplier, expires_on=clock_hand.day)
    endorsement = endorsement_of(product)
    with transaction():
        pause_endorsement(endorsement, reason='下雪封路', actor=desk_user(tenure), at=clock_hand.at)
    assert follow(clock_hand.at) == 0
    assert endorsement.status is S.PAUSED


def test_nothing_goes_on_sale_without_a_licence(tenure, clock_hand):
    supplier = make_supplier(tenure.village)
    licence = make_licence(supplier, expires_on=clock_hand.day)
    product = make_product(tenure.village, supplier=supplier)
    endorsement = make_endorsement(product, tenure, status=S.ON_NOTICE)
    clock_hand.move(days=6)
    with transaction():
        assert list_due_endorsements(at=clock_hand.at) == 0
    with transaction():
        licence.expires_on = None
        assert list_due_endorsements(at=clock_hand.at) == 1
    assert endorsement.status is S.LISTED


def test_the_desk_renews_a_licence_and_sells_on(client, tenure, clock_hand):
    product = make_listed_product(tenure=tenure)
    licence = make_licence(product.supplier, expires_on=clock_hand.day)
    number, slug = licence.number, product.slug
    desk = client.sign_in(desk_user(tenure))
    clock_hand.move(days=1)
    follow(clock_hand.at)
    assert '证照过期，商品已停售' in desk.get('/desk/').text
    assert desk.get(f'/products/{slug}').status_code == 410
    address = f'/desk/licences/{licence.id}'
    refused = desk.post(address, data={f'number-{licence.id}': number, f'expires_on-{licence.id}': '2026-06-15'})
    assert refused.status_code == 422
    assert '有效期至要晚于今天。' in refused.text
    typed = {f'number-{licence.id}': number, f'expires_on-{licence.id}': '2031-06-14'}
    assert desk.post(address, data=typed).status_code == 303
    assert desk.get(f'/products/{slug}').status_code == 200
    foreign = make_licence(make_supplier(name='外村'), expires_on=clock_hand.day)
    assert desk.post(f'/desk/licences/{foreign.id}', data=typed).status_code == 404
