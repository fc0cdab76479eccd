"""Notices for everybody, the form for an objection, and the department's page."""

import re

import pytest
from sqlalchemy import select

from shop.accounts.models import Role
from shop.benefits.queries import newest_version
from shop.endorsements.models import EndorsementStatus
from shop.kit.database import db, transaction
from shop.objections.models import Objection, ObjectionStatus
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.objections import TEXT, make_notice, make_objection
from tests.factories.regions import make_county, make_township
from tests.factories.villages import desk_user, make_village
from tests.support.statements import counted_statements


@pytest.fixture
def notice(app, clock_hand):
    with transaction():
        found = make_notice()
        for share, name in zip(newest_version(found.product_id).shares, ('赵德林', '孙芝'), strict=False):
            share.household.head_name = name
    return found


def typed(client, notice, **given):
    page = client.get(f'/sunshine/notices/{notice.id}').text
    token = re.search(r'name="form_token" value="([\w-]+)"', page)[1]
    return {'form_token': token, 'kind': 'left_out', 'text': TEXT, 'name': '', 'phone': '', 'website': '', **given}


def send(client, notice, **given):
    return client.post(f'/sunshine/notices/{notice.id}/objections', data=typed(client, notice, **given))


def test_names_stand_masked_while_the_notice_stands_and_are_gone_after(client, notice, clock_hand):
    page = client.get(f'/sunshine/notices/{notice.id}').text
    assert '赵*林' in page
    assert '孙*' in page
    assert '赵德林' not in page
    clock_hand.move(days=5)
    after = client.get(f'/sunshine/notices/{notice.id}')
    assert after.status_code == 200
    assert '赵*林' not in after.text
    assert 'form_token' not in after.text
    assert f'/sunshine/notices/{notice.id}' not in client.get('/sunshine/notices').text


def test_no_names_while_the_notice_is_suspended(client, notice):
    assert send(client, notice).status_code == 303
    page = client.get(f'/sunshine/notices/{notice.id}').text
    assert '赵*林' not in page
    assert '核查中' in page


@pytest.mark.parametrize(
    'status', [EndorsementStatus.DRAFT, EndorsementStatus.CITY_REVIEW], ids=lambda status: status.value
)
def test_what_was_never_on_notice_has_no_page(client, notice, status):
    with transaction():
        notice.status, notice.notice_ends_on = status, None
    assert client.get(f'/sunshine/notices/{notice.id}').status_code == 404
    assert client.post(f'/sunshine/notices/{notice.id}/objections').status_code in {404, 422}


def test_an_objection_gets_a_number_nobody_guesses_and_can_be_followed(client, notice):
    answer = send(client, notice, name='钱某人', phone='139 1234 5678')
    number = answer.headers['Location'].rsplit('/', 1)[1]
    assert re.fullmatch(r'[2-9A-Z]{4}(-[2-9A-Z]{4}){3}', number)
    page = client.get(f'/sunshine/objections/{number}').text
    assert '已收到' in page
    assert '钱某人' not in page
    assert '139' not in page
    followed = client.get(f'/sunshine/objections?number={number.lower().replace("-", " ")}')
    assert followed.headers['Location'] == f'/sunshine/objections/{number}'
    assert client.get('/sunshine/objections').headers['Location'] == '/sunshine/notices#follow'
    assert client.get('/sunshine/objections?number=1').status_code == 404
    assert client.get('/sunshine/objections/AAAA-AAAA-AAAA-AAAA').status_code == 404


def test_the_same_form_sent_twice_is_one_objection(client, notice):
    form = typed(client, notice)
    answers = [client.post(f'/sunshine/notices/{notice.id}/objections', data=form) for _ in range(2)]
    assert answers[0].headers['Location'] == answers[1].headers['Location']
    assert len(db.session.scalars(select(Objection)).all()) == 1


@pytest.mark.parametrize(
    ('field', 'value', 'says'),
    [
        ('text', '太短', '写 10 到 1000 字，现有 2 字'),
        ('text', '长' * 1001, '现有 1001 字'),
        ('kind', 'rubbish', '选择异议事由'),
        ('phone', 'call me', '电话填 6 到 20 位数字'),
        ('name', '长' * 41, '称呼最多 40 字'),
        ('website', 'http', '请留空'),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(client, notice, field, value, says):
    answer = send(client, notice, **{field: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert (TEXT in answer.text) == (field != 'text')
    assert db.session.scalars(select(Objection)).all() == []


def test_the_sixth_in_an_hour_must_wait_and_keeps_what_was_typed(client, notice):
    for _ in range(5):
        assert send(client, notice).status_code == 303
    answer = send(client, notice, text='这是第六条异议，写得清清楚楚。')
    assert answer.status_code == 429
    assert '这是第六条异议，写得清清楚楚。' in answer.text


def test_the_county_reads_takes_up_and_decides(client, notice):
    objection = make_objection(notice, name='钱某人', phone='13912345678')
    client.sign_in(make_reviewers(notice.product.village)[1])
    assert notice.product.name in client.get('/office/objections').text
    assert notice.product.name in client.get('/office/objections?status=received').text
    assert notice.product.name not in client.get('/office/objections?status=upheld&page=7').text
    address = f'/office/objections/{objection.id}'
    assert '13912345678' in client.get(address).text
    assert client.post(f'{address}/decision', data={'decision': 'upheld', 'answer': '是'}).status_code == 409
    assert client.post(f'{address}/inquiry').status_code == 303
    assert client.post(f'{address}/inquiry').status_code == 409
    empty = client.post(f'{address}/decision', data={'decision': 'not_upheld', 'answer': ' '})
    assert (empty.status_code, '填写答复' in empty.text) == (422, True)
    done = client.post(f'{address}/decision', data={'decision': 'not_upheld', 'answer': '已入户核实，名单无误。'})
    assert done.status_code == 303
    db.session.refresh(objection)
    assert objection.status is ObjectionStatus.NOT_UPHELD
    assert '已入户核实，名单无误。' in client.get(f'/sunshine/objections/{objection.number}').text


def test_others_see_no_objection_and_the_auditor_only_reads(client, notice):
    objection = make_objection(notice, name='钱某人', phone='13912345678')
    village = notice.product.village
    address = f'/office/objections/{objection.id}'
    elsewhere = make_reviewers(make_village(township=make_township('南山镇', county=make_county('集安市'))))[1]
    for stranger in (elsewhere, make_reviewers(village)[0], desk_user(notice.tenure)):
        client.sign_in(stranger)
        assert client.get(address).status_code == 404
        assert client.post(f'{address}/inquiry').status_code == 404
        assert village.name not in client.get('/office/objections').text
    client.sign_in(make_user(Role.AUDITOR, region=village.county))
    page = client.get(address)
    assert page.status_code == 200
    assert '13912345678' not in page.text
    assert client.post(f'{address}/inquiry').status_code == 404


def test_the_village_learns_that_there_is_an_objection_and_not_from_whom(client, notice):
    objection = make_objection(notice, name='钱某人', phone='13912345678')
    client.sign_in(desk_user(notice.tenure))
    for address in ('/desk/', f'/desk/endorsements/{notice.id}'):
        page = client.get(address).text
        assert '收到异议' in page
        assert not [secret for secret in ('钱某人', '13912345678', TEXT, objection.number) if secret in page]


def test_the_list_takes_the_same_statements_for_many_notices(client, notice):
    with counted_statements() as few:
        client.get('/sunshine/notices')
    with transaction():
        for _ in range(4):
            make_notice(notice.tenure)
    with counted_statements() as many:
        client.get('/sunshine/notices')
    assert len(few) == len(many) <= 4
