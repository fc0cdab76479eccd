"""The pages of the register: who may open and change what, what they show, and what a mistake leads to."""

import io

import pytest
from sqlalchemy import select

from shop.accounts.models import Role
from shop.households.models import (
    HouseholdConsent,
    HouseholdEvent,
    HouseholdMark,
    HouseholdMember,
    HouseholdNumber,
    HouseholdReveal,
    NumberKind,
    Pairing,
    RegisterImport,
)
from shop.kit.database import db, transaction
from shop.villages.models import Household, HouseholdStatus, HouseholdStatusKind
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.households import card_number, id_number, make_number, make_status_kind
from tests.factories.villages import desk_user, make_household, make_team_member, make_tenure, make_village
from tests.support.sheets import csv_of, rows_of

pytestmark = pytest.mark.parametrize('database_kind', ['sqlite'])
NAME = '欧阳德林'


@pytest.fixture
def village(app, clock_hand):
    make_status_kind()
    return make_village()


@pytest.fixture
def secretary(village):
    return desk_user(make_tenure(village))


@pytest.fixture
def household(village, secretary):
    household = make_household(village, head_name=NAME)
    make_number(household, id_number(1), actor=secretary)
    return household


@pytest.fixture
def desk(client, secretary):
    return client.sign_in(secretary)


def only(model):
    return db.session.scalars(select(model).order_by(model.id.desc()).limit(1)).one()


def count(model) -> int:
    return db.session.query(model).count()


def entry(**changes) -> dict[str, str]:
    kind = str(db.session.scalars(select(HouseholdStatusKind.id).limit(1)).one())
    given = {'number': '009', 'head_name': '孙芝', 'group_name': '二组', 'people': '2', 'status': kind}
    return {**given, 'attribute': '', 'left_poverty_on': '', **changes}


def test_the_secretary_enters_finds_and_changes_a_household(desk, household):
    answer = desk.post('/desk/households', data=entry())
    assert answer.status_code == 303
    entered = only(Household)
    assert (entered.number, entered.head_name, only(HouseholdStatus).household_id) == ('009', '孙芝', entered.id)
    found = desk.get('/desk/households?q=孙芝').text
    assert ('孙芝' in found, NAME in found) == (True, False)
    assert desk.get(f'/desk/households/{entered.id}/entry').status_code == 200
    changed = desk.post(f'/desk/households/{entered.id}/entry', data=entry(people='3'))
    assert (changed.status_code, only(Household).people) == (303, 3)
    same = desk.post(f'/desk/households/{entered.id}/entry', data=entry(people='3'), follow_redirects=True)
    assert '没有改动' in same.text


@pytest.mark.parametrize(
    ('changes', 'says'),
    [
        ({'number': ''}, '填写户编号'),
        ({'number': '001'}, '本村已有户编号 001'),
        ({'people': '0'}, '1 到 30'),
        ({'status': '0'}, '选择脱贫状态'),
        ({'head_name': id_number(7)}, '不要写证件号码'),
        ({'left_poverty_on': '2030-01-01'}, '不能填以后的日期'),
    ],
)
def test_a_mistake_is_told_beside_the_field_and_what_was_typed_stays(desk, household, changes, says):
    answer = desk.post('/desk/households', data=entry(attribute='监测对象', **changes))
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="监测对象"' in answer.text
    assert count(Household) == 1


CHANGES = (
    ('statuses', {'status': '{kind}', 'since_on': '2026-06-01'}, HouseholdStatus),
    ('marks', {'mark': 'deceased', 'mark_since_on': '2026-06-01', 'mark_note': '已报'}, HouseholdMark),
    ('members', {'member_name': '赵小林', 'relation': 'child'}, HouseholdMember),
    ('pairings', {'party_member': '李建国', 'unit': '村支委', 'paired_since_on': '2026-06-01'}, Pairing),
    ('consents', {'consent': 'photo', 'means': 'paper', 'given_on': '2026-06-01', 'paper': '3 号'}, HouseholdConsent),
)
ENDINGS = {
    'marks': ('ending', 'until_on'),
    'members': ('ending', 'until_on'),
    'pairings': ('ending', 'until_on'),
    'consents': ('withdrawal', 'withdrawn_on'),
}


@pytest.mark.parametrize(('what', 'form', 'model'), CHANGES, ids=[change[0] for change in CHANGES])
def test_what_stands_beside_is_written_ended_and_kept_in_the_history(desk, household, what, form, model):
    address = f'/desk/households/{household.id}/{what}'
    before, events = count(model), count(HouseholdEvent)
    form = {name: value.format(kind=make_status_kind().id) for name, value in form.items()}
    refused = desk.post(address, data=dict.fromkeys(form, ''))
    assert refused.status_code == 422
    assert 'error-summary' in refused.text
    assert (count(model), count(HouseholdEvent)) == (before, events)
    assert desk.post(address, data=form).status_code == 303
    assert (count(model), count(HouseholdEvent)) == (before + 1, events + 1)
    if what in ENDINGS:
        ending, day = ENDINGS[what]
        address = f'{address}/{only(model).id}/{ending}'
        assert desk.post(address, data={day: '2030-01-01'}).status_code == 422
        assert desk.post(address, data={day: ''}).status_code == 422
        assert desk.post(address, data={day: '2026-06-15'}).status_code == 303
        assert count(HouseholdEvent) == events + 2
        other = make_household(household.village)
        beside = f'/desk/households/{other.id}/{what}/{only(model).id}/{ending}'
        assert desk.post(beside, data={day: '2026-06-15'}).status_code == 404
    assert desk.get(f'/desk/households/{household.id}').status_code == 200


def test_a_number_is_kept_masked_and_shown_once_with_a_reason(desk, household):
    address = f'/desk/households/{household.id}'
    assert desk.post(f'{address}/numbers', data={'number_kind': 'bank_account', 'number': '1'}).status_code == 422
    agreed = {'consent': 'bank_account', 'means': 'paper', 'given_on': '2026-06-01', 'paper': ''}
    assert desk.post(f'{address}/consents', data=agreed).status_code == 303
    kept = desk.post(f'{address}/numbers', data={'number_kind': 'bank_account', 'number': card_number(1)})
    assert kept.status_code == 303
    shown = desk.get(address)
    assert '999************' in shown.text
    assert card_number(1) not in shown.text
    assert id_number(1) not in shown.text
    assert shown.headers['Cache-Control'] == 'private, no-store'
    for reason, says in (('', '填写查看事由'), ('看', '至少 4 个字'), (f'核对 {id_number(1)}', '不要写证件号码')):
        refused = desk.post(f'{address}/reveals', data={'kind': 'id_number', 'reason': reason})
        assert (refused.status_code, says in refused.text, count(HouseholdReveal)) == (422, True, 0)
    revealed = desk.post(f'{address}/reveals', data={'kind': 'id_number', 'reason': '核对一卡通信息'})
    assert id_number(1) in revealed.text
    assert card_number(1) not in revealed.text
    assert revealed.headers['Cache-Control'] == 'private, no-store'
    assert id_number(1) not in desk.get(address).text
    assert (only(HouseholdReveal).kind, only(HouseholdReveal).reason) == (NumberKind.ID_NUMBER, '核对一卡通信息')


def test_another_village_a_team_member_and_an_administrator(client, village, secretary, household):
    stranger = desk_user(make_tenure(make_village('柳河村')))
    member = make_team_member(village)
    address = f'/desk/households/{household.id}'
    client.sign_in(stranger)
    paths = ('statuses', 'marks', 'members', 'pairings', 'consents', 'numbers', 'reveals', 'entry', 'marks/1/ending')
    assert {client.post(f'{address}/{path}').status_code for path in paths} == {404}
    assert client.get(address).status_code == 404
    client.sign_in(member)
    page, listed = client.get(address).text, client.get('/desk/households').text
    assert (NAME in page + listed, '欧**林' in page, '欧**林' in listed, '<form class="fields"' in page) == (
        False, True, True, False,
    )  # fmt: skip
    assert NAME not in client.get(f'/desk/households?q={NAME}').text.split('regrow')[1]
    assert household.self_check_code not in page + listed
    assert {client.post(f'{address}/{path}').status_code for path in paths} == {404}
    assert client.get('/desk/households/register.xlsx').status_code == 404
    client.sign_in(make_user(Role.ADMINISTRATOR))
    for path in (address, f'/office/households/{household.id}', '/office/households', '/office/reveals'):
        assert client.get(path).status_code == 404
    assert client.post(f'/office/households/{household.id}/reveals', data={}).status_code == 404
    assert count(HouseholdReveal) == 0


def test_the_department_reads_masked_the_county_reveals_and_the_auditor_sees_who_did(client, household):
    township, county, city = make_reviewers(household.village)
    auditor = make_user(Role.AUDITOR, region=household.village.county.parent)
    address = f'/office/households/{household.id}'
    for official in (township, county, city):
        page = client.sign_in(official).get(address).text + client.get('/office/households').text
        assert (NAME in page, '欧**林' in page, id_number(1) in page) == (False, True, False)
        assert NAME not in str(rows_of(client.get('/office/households/register.xlsx').data))
        asked = client.post(f'{address}/reveals', data={'kind': 'id_number', 'reason': '核对身份信息'})
        assert (asked.status_code, id_number(1) in asked.text) == ((200, True) if official is county else (404, False))
    refused = client.sign_in(county).post(f'{address}/reveals', data={'kind': '', 'reason': ''})
    assert refused.status_code == 422
    trail = client.sign_in(auditor).get('/office/reveals').text
    assert ('核对身份信息' in trail, county.name in trail, NAME in trail, id_number(1) in trail) == (
        True, True, False, False,
    )  # fmt: skip
    assert NAME in client.get(address).text
    assert client.post(f'{address}/reveals', data={'kind': 'id_number', 'reason': '核对身份信息'}).status_code == 404
    elsewhere = make_user(Role.COUNTY_DEPARTMENT, region=make_village('集安村').county.parent)
    assert client.sign_in(elsewhere).get(address).status_code == 404


def test_a_household_is_handed_what_is_held_of_it(desk, household):
    address = f'/desk/households/{household.id}'
    desk.post(f'{address}/reveals', data={'kind': 'id_number', 'reason': '核对一卡通信息'})
    for path, form, _model in CHANGES:
        kind = make_status_kind().id
        sent = desk.post(f'{address}/{path}', data={name: value.format(kind=kind) for name, value in form.items()})
        assert sent.status_code == 303
    held = rows_of(desk.get(f'{address}/record.xlsx').data)
    assert {row[0] for row in held} == {
        '类别', '基本情况', '脱贫状态', '标记', '成员', '帮带党员', '单独同意', '加密保存的号码', '查看记录',
    }  # fmt: skip
    assert ['加密保存的号码', '证件号码', '990***********' + id_number(1)[-4:]] in held
    assert ['成员', '子女', '赵小林'] in held


def test_files_go_out_masked_and_the_template_comes_back_in(desk, household):
    header, row = rows_of(desk.get('/desk/households/register.xlsx').data)
    told = dict(zip(header, row, strict=True))
    assert (told['户主姓名'], told['证件号码'], told['银行账号']) == (NAME, '990***********' + id_number(1)[-4:], None)
    template = desk.get('/desk/households/template.xlsx').data
    assert rows_of(template)[0][:4] == ['户编号', '户主姓名', '证件号码', '脱贫状态']
    sent = desk.post('/desk/households/imports', data={'file': (io.BytesIO(template), 'template.xlsx')})
    assert '没有农户的行' in sent.text


def test_a_register_is_uploaded_checked_and_kept(desk, household):
    header = ['户编号', '户主姓名', '证件号码', '脱贫状态', '家庭人口数']
    content = csv_of(header, ['002', '孙芝', id_number(2), '已脱贫享受政策', 2], ['003', '李四', '', '不知道', 1])
    batch = {'batch_id_number': '1', 'batch_on': '2026-06-01', 'batch_paper': '档案柜'}

    def upload(**form):
        return desk.post('/desk/households/imports', data={**form, 'file': (io.BytesIO(content), '名册.csv')})

    refused = upload(batch_id_number='1', batch_on='2030-01-01', batch_paper='')
    assert (refused.status_code, '填写同意书存放处' in refused.text, count(RegisterImport)) == (422, True, 0)
    sent = upload(**batch)
    page = desk.get(sent.location)
    assert '第 3 行' in page.text
    assert '可填：已脱贫享受政策' in page.text
    assert id_number(2) not in page.text
    assert desk.get('/desk/households/imports').status_code == 200
    kept = desk.post(f'{sent.location}/decision', data={'decision': 'keep'}, follow_redirects=True)
    assert '新增 1 户，变更 0 户，未变 0 户；1 行有误没有导入' in kept.text
    assert (only(Household).head_name, count(HouseholdNumber)) == ('孙芝', 2)
    again = desk.post(f'{sent.location}/decision', data={'decision': 'keep'}, follow_redirects=True)
    assert '刚才已经导入' in again.text
    assert count(Household) == 2
    dropped = upload(**batch)
    assert desk.post(f'{dropped.location}/decision', data={'decision': 'drop'}).status_code == 303
    assert desk.get(dropped.location).status_code == 303
    assert desk.post(f'{dropped.location}/decision', data={'decision': 'keep'}).status_code == 409
    other = desk_user(make_tenure(make_village('柳河村')))
    assert desk.sign_in(other).get(dropped.location).status_code == 404


def test_the_city_keeps_the_vocabulary_and_a_used_word_stays(client, village, household):
    city = make_reviewers(village)[2]
    client.sign_in(city)
    address = '/office/household-statuses'
    assert client.post(address, data={'usual': '1'}).status_code == 303
    names = [kind.name for kind in db.session.scalars(select(HouseholdStatusKind).order_by(HouseholdStatusKind.id))]
    assert (names[0], len(names)) == ('已脱贫享受政策', 7)
    for name, says in (('', '填 1 到 30 个字'), ('返贫', '已经有“返贫”')):
        refused = client.post(address, data={'name': name})
        assert (refused.status_code, says in refused.text) == (422, True)
    client.post(address, data={'name': '易返贫户'})
    added = only(HouseholdStatusKind)
    own = f'{address}/{added.id}'
    with transaction() as session:
        session.add(HouseholdStatus(household_id=household.id, kind_id=added.id, since_on=household.registered_on))
    assert client.post(own, data={'change': 'gone'}).status_code == 422
    for change in ('up', 'up', 'down', 'out', 'out', 'back', 'name', 'name'):
        assert client.post(own, data={'change': change, 'name': '易致贫户'}).status_code == 303
    assert client.post(own, data={'name': '返贫'}).status_code == 422
    renamed = db.session.get(HouseholdStatusKind, added.id)
    assert (renamed.name, renamed.is_retired, renamed.position) == ('易致贫户', False, 7)
    client.post(address, data={'name': '误加'})
    gone_id = only(HouseholdStatusKind).id
    assert client.post(f'{address}/{gone_id}', data={'change': 'gone'}).status_code == 303
    assert db.session.get(HouseholdStatusKind, gone_id) is None
    assert client.post(f'{address}/{gone_id}', data={'change': 'up'}).status_code == 404
    assert '误加' in client.get(address).text
