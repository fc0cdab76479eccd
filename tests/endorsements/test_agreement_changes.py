"""Changing the agreement of a product on sale: the desk drafts, the county decides, time puts it in force."""

import pytest

from shop.accounts.models import Role
from shop.benefits.models import AgreementVersion, FindingAnswer, VersionStatus
from shop.benefits.queries import newest_version, version_in_force
from shop.endorsements.agreement_changes import (
    EndorsementOnItsWayError,
    approve_change,
    put_due_changes_in_force,
    return_change,
    submit_change,
)
from shop.endorsements.completeness import find_gaps
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.endorsements.services import AlreadyDecidedError, OwnDraftError
from shop.households.models import HouseholdMark, MarkKind
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.villages.models import Household
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.regions import make_county
from tests.factories.villages import desk_user, make_households, make_team_member, make_tenure, make_village

V = VersionStatus


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def product(tenure):
    return make_listed_product(tenure=tenure, households=2)


@pytest.fixture
def desk(client, tenure, product):
    return client.sign_in(desk_user(tenure))


def address(product) -> str:
    return f'/desk/agreements/{newest_version(product.id).agreement_id}'


def typed(product, **given) -> dict[str, str]:
    households = db.session.query(Household).filter_by(village_id=product.village_id)
    form = {'rule_kind': 'fen_per_unit', 'rule_value': '7.00', 'weight_kind': 'people', 'do': 'save'}
    form |= {'meeting_on': clock.today().isoformat(), 'eligible': '30', 'present': '24', 'in_favour': '22'}
    form |= {'resolution': '每件提高到 7 元，按人口分。'} | {f'pick-{one.id}': '1' for one in households}
    return form | given


def household_name(household_id: int) -> str:
    return db.session.get_one(Household, household_id).head_name


def sent(desk, product) -> AgreementVersion:
    base = address(product)
    assert desk.post(f'{base}/change', data=typed(product)).headers['Location'] == base
    assert desk.post(f'{base}/submission').headers['Location'] == base
    return newest_version(product.id)


def test_a_change_goes_its_whole_way(client, desk, product, tenure, clock_hand):
    make_households(product.village, 1)
    base, old = address(product), version_in_force(product.id)
    assert '起草变更' in desk.get(base).text
    assert '7.00' not in desk.get(f'{base}/change').text
    version = sent(desk, product)
    assert (version.number, version.status, version.minutes.in_favour, version.sent_at) == (
        2,
        V.IN_REVIEW,
        22,
        clock.now(),
    )
    number, old_id = version.id, old.id
    assert '已送县里审核' in desk.get(base).text
    township, county, _city = make_reviewers(tenure.village)
    page = client.sign_in(township).get(f'/office/agreements/{number}').text
    assert '由县级审核' in page
    assert client.post(f'/office/agreements/{number}/approval').status_code == 404
    client.sign_in(county)
    assert product.name in client.get('/office/agreements').text
    page = client.get(f'/office/agreements/{number}').text
    for words in ('每件 ¥6.00', '每件 ¥7.00', '新增 003 号', '应到 30 人', '每件提高到 7 元'):
        assert words in page
    assert client.post(f'/office/agreements/{number}/approval', data={'comment': '同意'}).status_code == 303
    notice = client.sign_out().get(f'/sunshine/agreements/{number}')
    household = newest_version(product.id).shares[0].household
    code, name = household.self_check_code, household.masked_name
    assert name in notice.text
    assert code in notice.text
    assert '003 号' not in notice.text
    assert f'/sunshine/agreements/{number}' in client.get('/sunshine/notices').text
    assert f'/sunshine/agreements/{number}' in client.get('/sunshine').text
    clock_hand.move(days=5)
    ended = client.get(f'/sunshine/agreements/{number}').text
    assert name not in ended
    assert code not in ended
    clock_hand.move(days=2)
    for done in (1, 0):
        with transaction():
            assert put_due_changes_in_force(at=clock.now()) == done
    now = version_in_force(product.id)
    assert (now.id, now.in_force_on) == (number, clock.today())
    assert db.session.get(AgreementVersion, old_id).status is V.SUPERSEDED
    assert '办结的' in client.sign_in(county).get('/office/agreements').text


def test_what_is_missing_is_named_before_a_change_is_sent(desk, product):
    base = address(product)
    bare = typed(product, meeting_on='2026-06-01') | dict.fromkeys(
        ('eligible', 'present', 'in_favour', 'resolution'), ''
    )
    desk.post(f'{base}/change', data=bare)
    answer = desk.post(f'{base}/submission')
    assert answer.status_code == 422
    for words in ('送审前还差 2 处', '日期不能早于上一版', '补上村民代表会议记录'):
        assert words in answer.text
    wrong = desk.post(f'{base}/change', data=typed(product, present='12'))
    assert wrong.status_code == 422
    assert '至少 20 人' in wrong.text
    assert 'value="12"' in wrong.text
    assert '2 户相加正好' in desk.post(f'{base}/calculation', data=typed(product, units='10')).text
    assert desk.post(f'{base}/change', data=typed(product, rule_value='99.00')).status_code == 303
    assert '高于最低单价' in desk.get(base).text


def test_a_finding_is_answered_by_the_secretary_before_anybody_approves(client, desk, product, tenure):
    household = version_in_force(product.id).shares[0].household
    with transaction():
        db.session.add(HouseholdMark(household_id=household.id, kind=MarkKind.VILLAGE_CADRE, since_on=clock.today()))
    base, key, head = address(product), f'answer-{household.id}-village_cadre', household.id
    desk.post(f'{base}/change', data=typed(product))
    assert '写明为什么仍列入' in desk.post(f'{base}/submission').text
    member = make_team_member(tenure.village)
    assert client.sign_in(member).post(f'{base}/answers', data={key: '照常'}).status_code == 404
    desk.sign_in(desk_user(tenure))
    assert desk.post(f'{base}/answers', data={key: '长' * 301}).status_code == 422
    assert desk.post(f'{base}/answers', data={key: '照常种植，会上同意'}).status_code == 303
    assert desk.post(f'{base}/submission').status_code == 303
    number = newest_version(product.id).id
    name, county = household_name(head), make_reviewers(tenure.village)[1]
    page = client.sign_in(county).get(f'/office/agreements/{number}').text
    assert '照常种植，会上同意' in page
    assert name not in page
    with transaction():
        db.session.add(HouseholdMark(household_id=head, kind=MarkKind.CLOSED, since_on=clock.today()))
    answer = client.post(f'/office/agreements/{number}/approval')
    assert answer.status_code == 409
    assert '没有说明' in answer.text
    assert client.post(f'/office/agreements/{number}/return', data={'reason': ''}).status_code == 422
    assert client.post(f'/office/agreements/{number}/return', data={'reason': '说明销户的一户'}).status_code == 303
    assert '说明销户的一户' in desk.sign_in(desk_user(tenure)).get('/desk/').text
    assert db.session.query(FindingAnswer).count() == 1


def test_a_notice_is_stopped_and_a_change_withdrawn(client, desk, product, tenure):
    version, base = sent(desk, product), address(product)
    number, county = version.id, make_reviewers(tenure.village)[1]
    with transaction():
        approve_change(version, notice_days=5, actor=county, at=clock.now())
    with pytest.raises(AlreadyDecidedError), transaction():
        approve_change(version, notice_days=5, actor=county, at=clock.now())
    assert desk.post(f'{base}/withdrawal').status_code == 422
    with transaction():
        return_change(version, reason='名单有误', actor=county, at=clock.now())
    assert (version.status, version.sent_at, version.notice_ends_on) == (V.DRAFT, None, None)
    assert client.get(f'/sunshine/agreements/{number}').status_code == 404
    assert desk.post(f'{base}/withdrawal', data={'reason': '不变了'}).status_code == 303
    assert newest_version(product.id).number == 1
    assert '已撤回' in desk.get(base).text
    assert sent(desk, product).number == 3


def test_without_notice_days_a_change_counts_at_once_and_its_author_never_decides(desk, product, tenure):
    version = sent(desk, product)
    county = make_reviewers(tenure.village)[1]
    with transaction():
        version.drafted_by_id = county.id
    with pytest.raises(OwnDraftError), transaction():
        approve_change(version, notice_days=0, actor=county, at=clock.now())
    other = make_user(Role.COUNTY_DEPARTMENT, region=tenure.village.county)
    with transaction():
        approve_change(version, notice_days=0, actor=other, at=clock.now())
    assert version.status is V.IN_FORCE


def test_an_endorsement_and_a_change_do_not_go_their_ways_at_once(desk, product, tenure):
    base = address(product)
    desk.post(f'{base}/change', data=typed(product))
    version = newest_version(product.id)
    endorsement = db.session.query(Endorsement).one()
    with transaction():
        endorsement.status = EndorsementStatus.COUNTY_REVIEW
    with pytest.raises(EndorsementOnItsWayError), transaction():
        submit_change(version, actor=desk_user(tenure), at=clock.now())
    with transaction():
        endorsement.status = EndorsementStatus.LISTED
        submit_change(version, actor=desk_user(tenure), at=clock.now())
    assert any('等它有结果' in gap.message for gap in find_gaps(endorsement, today=clock.today()))
    assert desk.get(f'{base}/change').status_code == 404


def test_other_villages_and_places_have_no_agreement_here(client, desk, product, tenure):
    version, base = sent(desk, product), address(product)
    number = version.id
    client.sign_in(desk_user(make_tenure(make_village('云盘岭村'))))
    for path in ('', '/change'):
        assert client.get(base + path).status_code == 404
    for path in ('/change', '/answers', '/submission', '/withdrawal', '/calculation'):
        assert client.post(base + path).status_code == 404
    elsewhere = make_user(Role.COUNTY_DEPARTMENT, region=make_county('通化县'))
    client.sign_in(elsewhere)
    assert client.get(f'/office/agreements/{number}').status_code == 404
    assert client.post(f'/office/agreements/{number}/approval').status_code == 404
    assert product.name not in client.get('/office/agreements').text
    assert client.get('/desk/agreements').status_code == 404
    assert version.status is V.IN_REVIEW
