"""What the desk and the department read on their pages: where it stands, what was said, what each may do."""

from datetime import date

import pytest

from shop.accounts.models import Role
from shop.benefits.models import VersionStatus
from shop.endorsements.handover import hand_over_tenure
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.endorsements.services import submit_endorsement
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.reviews.ladder import ReviewStep
from shop.villages.models import TenureStatus
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.benefits import make_version
from tests.factories.catalogue import make_batch, make_label, make_product
from tests.factories.endorsements import make_endorsement, make_listed_product, make_submittable_endorsement
from tests.factories.regions import make_county, make_township
from tests.factories.suppliers import make_licence, make_supplier
from tests.factories.villages import (
    desk_user,
    make_households,
    make_secretary,
    make_team_member,
    make_tenure,
    make_village,
)

S = EndorsementStatus
LADDER = (ReviewStep.TOWNSHIP, ReviewStep.COUNTY, ReviewStep.CITY)


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def sent(tenure):
    endorsement = make_submittable_endorsement(tenure)
    with transaction():
        submit_endorsement(endorsement, ladder=LADDER, actor=desk_user(tenure), at=clock.now())
    return endorsement


def test_the_history_and_the_ladder_speak_in_words(client, tenure, sent, clock_hand):
    number, secretary, reviewers = sent.id, desk_user(tenure), make_reviewers(tenure.village)
    address = f'/office/endorsements/{number}'
    clock_hand.move(days=1)
    client.sign_in(reviewers[0]).post(f'{address}/return', data={'step': 'township', 'reason': '补一张晾晒的照片。'})
    assert '已退回，村里在改' in client.get(address).text
    client.sign_in(secretary).post(f'/desk/endorsements/{number}/statement', data={'statement': '照片补好了。'})
    client.post(f'/desk/endorsements/{number}/submission', data={})
    for reviewer, step in zip(reviewers, LADDER, strict=True):
        client.sign_in(reviewer).post(f'{address}/approval', data={'step': step.value})
    page = client.get(address).text
    for words in ('乡镇初审退回', '补一张晾晒的照片。', '第 2 次送审', '乡镇初审通过', '县级复审通过', '市级审定通过'):
        assert words in page
    assert '期满没有异议就自动上架' in page
    assert f'{reviewers[1].name} 06-16' in page
    told = client.sign_in(secretary).get(f'/desk/endorsements/{number}').text
    assert '公示到 2026年6月' in told
    assert '被退回，请照理由改' not in told


def test_what_was_typed_into_a_refused_decision_stays(client, tenure, sent):
    client.sign_in(make_reviewers(tenure.village)[0])
    form = {'step': 'township', 'reason': '', 'comment': '先记一笔'}
    answer = client.post(f'/office/endorsements/{sent.id}/return', data=form)
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert '先记一笔' in answer.text


def test_a_county_has_its_own_villages_on_its_list(client, tenure, sent):
    other = make_village('远山村', township=make_township('远山镇', county=make_county('通化县')))
    foreign = make_endorsement(make_product(other, name='远山蜜'), make_tenure(other), status=S.COUNTY_REVIEW)
    number, foreign_number = sent.id, foreign.id
    _, county, city = make_reviewers(tenure.village)
    stranger = make_user(Role.COUNTY_DEPARTMENT, region=other.county)
    page = client.sign_in(county).get('/office/endorsements').text
    assert '秋木耳' in page
    assert '远山蜜' not in page
    assert client.get(f'/office/endorsements/{foreign_number}').status_code == 404
    assert client.sign_in(stranger).get(f'/office/endorsements/{number}').status_code == 404
    assert '远山蜜' in client.sign_in(city).get('/office/endorsements').text
    assert '没有这种状态的代言' in client.get('/office/endorsements?status=paused').text


def test_a_new_version_shows_what_it_changes(client, tenure):
    first, second, third = make_households(tenure.village, 3)
    product = make_product(tenure.village)
    make_version(product, households=[first, second], rule=550)
    make_version(product, households=[first, third], weights=[3, 1], rule=600, status=VersionStatus.IN_REVIEW)
    number = make_endorsement(product, tenure, status=S.TOWNSHIP_REVIEW).id
    added, left = third.number, second.number
    page = client.sign_in(make_reviewers(tenure.village)[0]).get(f'/office/endorsements/{number}').text
    assert '<del>每件 ¥5.50</del> <ins>每件 ¥6.00</ins>' in page
    assert f'新增 {added} 号；退出 {left} 号' in page
    assert '<ins>差异化</ins>' in page


def test_a_licence_that_has_expired_is_to_be_checked(client, tenure, clock_hand):
    supplier = make_supplier(tenure.village)
    make_licence(supplier, expires_on=date(2026, 6, 15))
    product = make_product(tenure.village, supplier=supplier)
    make_label(product)
    make_batch(product)
    number = make_endorsement(product, tenure, status=S.TOWNSHIP_REVIEW).id
    client.sign_in(make_reviewers(tenure.village)[0])
    assert '◆ 待核' not in client.get(f'/office/endorsements/{number}').text
    clock_hand.move(days=1)
    assert '◆ 待核' in client.get(f'/office/endorsements/{number}').text


def test_claim_words_are_marked_and_the_reason_is_written_from_them(client, tenure):
    product = make_product(tenure.village)
    number = make_endorsement(product, tenure, status=S.TOWNSHIP_REVIEW, statement='秋木耳润肺，治疗咳嗽。').id
    page = client.sign_in(make_reviewers(tenure.village)[0]).get(f'/office/endorsements/{number}').text
    assert '<mark>润肺<sup>1</sup></mark>' in page
    assert '必须改' in page
    assert '1. 代言词：删去或改写' in page


def test_a_statement_that_is_too_long_is_kept_and_told(client, tenure):
    number = make_submittable_endorsement(tenure).id
    long = '好' * 601
    answer = client.sign_in(desk_user(tenure)).post(f'/desk/endorsements/{number}/submission', data={'statement': long})
    assert answer.status_code == 422
    assert long in answer.text
    assert 'id="statement-error"' in answer.text
    assert db.session.get(Endorsement, number).status is S.DRAFT


def test_the_whole_register_is_picked_at_once_and_nothing_kept(client, tenure):
    endorsement = make_submittable_endorsement(tenure)
    households = make_households(tenure.village, 2)
    number, ids = endorsement.id, [household.id for household in households]
    form = {'rule_kind': 'fen_per_unit', 'rule_value': '6.00', 'weight_kind': 'household', 'pick': 'all'}
    answer = client.sign_in(desk_user(tenure)).post(f'/desk/endorsements/{number}/agreement', data=form)
    assert answer.status_code == 200
    assert all(f'name="pick-{id_}" value="1" checked' in answer.text for id_ in ids)
    assert '名册共 5 户，已选 5 户' in answer.text
    assert '已选 3 户' in client.get(f'/desk/endorsements/{number}/agreement').text


def test_pausing_is_offered_to_the_secretary_only(client, tenure):
    make_listed_product(tenure=tenure)
    number = db.session.query(Endorsement.id).scalar()
    address = f'/desk/endorsements/{number}'
    assert f'{address}/pause' in client.sign_in(desk_user(tenure)).get(address).text
    client.sign_in(make_team_member(tenure.village))
    assert f'{address}/pause' not in client.get(address).text
    assert client.post(f'{address}/pause', data={'reason': '断货'}).status_code == 404


def test_the_successor_is_offered_what_waits(client, tenure, clock_hand):
    product = make_listed_product(tenure=tenure)
    former = db.session.query(Endorsement).one()
    number, village, name = former.id, product.village, tenure.secretary.name
    with transaction():
        hand_over_tenure(tenure, TenureStatus.ROTATED, reason='轮换', actor=None, at=clock_hand.at)
    account = make_user(Role.FIRST_SECRETARY, village=village, name='许静')
    successor = make_tenure(village, secretary=make_secretary('许静', user=account), starts_on=clock_hand.day)
    client.sign_in(desk_user(successor))
    assert '代言交接中' in client.get('/desk/endorsements').text
    page = client.get(f'/desk/endorsements/{number}').text
    assert '接过代言' in page
    assert f'这件产品原由 {name} 代言' in page
    answer = client.post(f'/desk/endorsements/{number}/takeover')
    assert answer.status_code == 303
    following = client.get(answer.headers['Location'])
    assert following.status_code == 200
    assert '以 许静 的名义' in following.text


def test_goods_are_listed_by_what_the_desk_has_to_do(client, tenure, sent):
    make_listed_product(tenure=tenure, name='在卖的蜜')
    make_endorsement(make_product(tenure.village, name='刚起草的菇'), tenure)
    page = client.sign_in(desk_user(tenure)).get('/desk/endorsements').text
    places = [page.index(words) for words in ('刚起草的菇', '审核与公示', '待乡镇初审', '在卖的蜜')]
    assert places == sorted(places)
    assert '报新产品' in page
