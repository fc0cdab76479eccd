"""Listing and reviewing as browsers ask for it: every step, its refusals, and who may not be there."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from shop.accounts.models import Role
from shop.benefits.models import AgreementShare, AgreementVersion
from shop.catalogue.models import Brand, IndustryProject, Product, Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.endorsements.services import list_due_endorsements
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.photos.models import Photo
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.catalogue import make_category
from tests.factories.endorsements import make_listed_product, make_submittable_endorsement
from tests.factories.suppliers import make_supplier
from tests.factories.villages import desk_user, make_households, make_team_member, make_tenure, make_village

S = EndorsementStatus


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def desk(client, tenure):
    return client.sign_in(desk_user(tenure))


@pytest.fixture
def facts(tenure) -> dict[str, str]:
    return {
        'name': '秋木耳',
        'supplier_id': str(make_supplier(tenure.village).id),
        'category_id': str(make_category().id),
        'kind': 'farm_produce',
        'produce_group': 'other',
        'summary': '柞木段种，林下晾',
        'description': '凉水泡两小时，凉拌、清炒都好。',
        'return_class': 'seven_days',
        'ships_within_hours': '48',
        'do': 'next',
    }


def jpeg() -> BytesIO:
    file = BytesIO()
    Image.new('RGB', (900, 700), (90, 70, 50)).save(file, 'JPEG')
    file.seek(0)
    return file


def only(model):
    db.session.rollback()
    return db.session.scalars(select(model)).one()


def status() -> EndorsementStatus:
    return only(Endorsement).status


def test_from_the_first_step_to_the_shelf(desk, client, tenure, facts, clock_hand):
    households = make_households(tenure.village, 3)
    began = desk.post('/desk/endorsements', data=facts)
    base = began.headers['Location'].removesuffix('/label')
    labelled = {'origin': '吉林省通化市松岭村', 'producer': '合作社', 'do': 'next'}
    assert desk.post(f'{base}/label', data=labelled).headers['Location'] == f'{base}/photos'
    batch = {'number': 'QSG-2606-07', 'made_on': clock_hand.day.isoformat(), 'quantity': '260', 'unit': '公斤'}
    assert desk.post(f'/desk/products/{only(Product).id}/batches', data=batch).status_code == 303
    row = {'name-0': '250 g', 'price-0': '39.90', 'stock-0': '12', 'weight-0': '300', 'do': 'next'}
    sent = desk.post(f'{base}/photos', data={'photo': (jpeg(), 'a.jpg'), 'do': 'next'})
    assert sent.headers['Location'] == f'{base}/variants'
    assert desk.post(f'{base}/variants', data=row).headers['Location'] == f'{base}/projects'
    named = {'brand_id': 'new', 'brand_name': '松岭红', 'brand_status': 'own_name', 'project_name': '木耳大棚'}
    named |= {'project_kind': '种植', 'project_funding': '50000', 'project_operator': '合作社', 'project_share': '100'}
    assert desk.post(f'{base}/projects', data={**named, 'do': 'next'}).headers['Location'] == f'{base}/agreement'
    agreed = {'rule_kind': 'fen_per_unit', 'rule_value': '6.00', 'weight_kind': 'people'}
    agreed |= {'meeting_on': (clock_hand.day - timedelta(days=2)).isoformat()}
    agreed |= {f'pick-{household.id}': '1' for household in households}
    assert desk.post(f'{base}/agreement', data={**agreed, 'do': 'next'}).headers['Location'] == f'{base}/statement'
    assert '提交前还差 1 处' in desk.get(f'{base}/statement').text
    assert desk.post(f'{base}/submission', data={'statement': '我在松岭村驻村第二年。'}).headers['Location'] == base
    assert status() is S.TOWNSHIP_REVIEW
    assert [share.weight for share in only(AgreementVersion).shares] == [1, 2, 3]
    assert (only(Variant).price_fen, only(Variant).stock) == (3990, 12)
    assert (only(Brand).name, only(IndustryProject).funding_fen) == ('松岭红', 5_000_000)
    _pass_the_ladder(client, tenure, base.rsplit('/', 1)[1])
    assert status() is S.ON_NOTICE
    clock_hand.move(days=30)
    with transaction():
        assert list_due_endorsements(at=clock.now()) == 1
    page = client.sign_out().get(f'/products/{only(Product).slug}')
    assert page.status_code == 200
    assert '惠及 少于 5 户 · 每件 ¥6.00 到农户' in page.text


def _pass_the_ladder(client, tenure, number: str) -> None:
    reviewers = make_reviewers(tenure.village)
    for reviewer, step in zip(reviewers, ('township', 'county', 'city'), strict=True):
        client.sign_in(reviewer)
        assert '秋木耳' in client.get('/office/endorsements').text
        client.post(f'/office/endorsements/{number}/approval', data={'step': step, 'comment': '同意。'})


def test_a_return_reaches_the_village_with_its_reason(client, tenure, clock_hand):
    endorsement = make_submittable_endorsement(tenure)
    number, reviewer = endorsement.id, make_reviewers(tenure.village)[0]
    secretary = desk_user(tenure)
    client.sign_in(secretary).post(f'/desk/endorsements/{number}/submission', data={})
    client.sign_in(reviewer)
    refused = client.post(f'/office/endorsements/{number}/return', data={'step': 'township', 'reason': ' '})
    assert refused.status_code == 422
    assert status() is S.TOWNSHIP_REVIEW
    client.post(f'/office/endorsements/{number}/return', data={'step': 'township', 'reason': '照片有水印。'})
    assert status() is S.DRAFT
    client.sign_in(secretary)
    for path in ('', f'/{number}', f'/{number}/product', f'/{number}/statement'):
        assert '照片有水印。' in client.get(f'/desk/endorsements{path}').text
    client.post(f'/desk/endorsements/{number}/submission', data={})
    assert status() is S.TOWNSHIP_REVIEW


def test_a_decision_taken_twice_is_refused_the_second_time(client, tenure, clock_hand):
    number = make_submittable_endorsement(tenure).id
    client.sign_in(desk_user(tenure)).post(f'/desk/endorsements/{number}/submission', data={})
    client.sign_in(make_reviewers(tenure.village)[0])
    form = {'step': 'township'}
    assert client.post(f'/office/endorsements/{number}/approval', data=form).status_code == 303
    assert client.post(f'/office/endorsements/{number}/approval', data=form).status_code == 409
    assert status() is S.COUNTY_REVIEW


@pytest.mark.parametrize(
    ('field', 'typed', 'message'),
    [
        ('name', '', '填写品名'),
        ('name', '木' * 61, '最多 60 字'),
        ('supplier_id', '999', '选择供货主体'),
        ('category_id', '', '选择类目'),
        ('kind', 'gold', '选择商品性质'),
        ('ships_within_hours', '0', '1 到 720'),
        ('ships_within_hours', '四十八', '1 到 720'),
    ],
)
def test_a_wrong_product_field_keeps_what_was_typed(desk, facts, field, typed, message):
    answer = desk.post('/desk/endorsements', data={**facts, 'summary': '一泡就发', field: typed})
    assert answer.status_code == 422
    assert message in answer.text
    assert '一泡就发' in answer.text
    assert db.session.scalar(select(Product.id)) is None


@pytest.mark.parametrize(
    ('field', 'typed', 'message'),
    [
        ('price-0', '0', '单价填金额'),
        ('price-0', '39.999', '单价填金额'),
        ('stock-0', '-1', '库存填 0 到'),
        ('name-0', '', '填写规格'),
        ('weight-0', 'x', '毛重填'),
    ],
)
def test_a_wrong_variant_keeps_what_was_typed(desk, tenure, field, typed, message):
    number = make_submittable_endorsement(tenure).id
    row = {'name-0': '特级 250 g', 'price-0': '39.90', 'stock-0': '12', 'weight-0': '300', field: typed}
    answer = desk.post(f'/desk/endorsements/{number}/variants', data=row)
    assert answer.status_code == 422
    assert message in answer.text
    if field != 'name-0':
        assert '特级 250 g' in answer.text
    if field != 'stock-0':
        assert 'value="12"' in answer.text


def test_more_rows_are_given_without_losing_any(desk, tenure):
    number = make_submittable_endorsement(tenure).id
    answer = desk.post(f'/desk/endorsements/{number}/variants', data={'name-0': '半斤', 'do': 'more'})
    assert answer.status_code == 200
    assert '半斤' in answer.text
    assert 'name="name-2"' in answer.text


@pytest.mark.parametrize(
    ('content', 'message'), [(b'', '空的'), (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 'SVG'), (b'hello', '')]
)
def test_a_bad_picture_is_named_and_nothing_is_kept(desk, tenure, content, message):
    number = make_submittable_endorsement(tenure).id
    before = len(db.session.scalars(select(Photo.id)).all())
    db.session.rollback()
    answer = desk.post(f'/desk/endorsements/{number}/photos', data={'photo': (BytesIO(content), '木耳.jpg')})
    assert answer.status_code == 422
    assert '木耳.jpg' in answer.text
    assert message in answer.text
    assert len(db.session.scalars(select(Photo.id)).all()) == before


def test_pictures_change_places_and_go(desk, tenure):
    number = make_submittable_endorsement(tenure).id
    base = f'/desk/endorsements/{number}/photos'
    desk.post(base, data={'photo': (jpeg(), 'b.jpg')})
    first, second = [picture.id for picture in only(Product).pictures]
    desk.post(f'{base}/{second}/lead')
    assert [picture.id for picture in only(Product).pictures] == [second, first]
    desk.post(f'{base}/{first}/removal')
    assert [picture.id for picture in only(Product).pictures] == [second]


@pytest.mark.parametrize(
    ('form', 'message'),
    [
        ({'project_name': '大棚', 'project_share': '60'}, '填写项目类型'),
        ({'share-ID': '60'}, '正好 100%'),
        ({'share-ID': 'half'}, '占比填百分数'),
        ({'brand_id': 'new', 'brand_name': '', 'brand_status': 'own_name'}, '填写品牌名'),
        ({'brand_id': 'new', 'brand_name': '松岭红', 'brand_status': 'registered'}, '填写注册号'),
    ],
)
def test_a_wrong_brand_or_project_is_told(desk, tenure, form, message):
    endorsement = make_submittable_endorsement(tenure)
    number, project_id = endorsement.id, endorsement.product.project_shares[0].project_id
    typed = {name.replace('ID', str(project_id)): value for name, value in form.items()}
    answer = desk.post(f'/desk/endorsements/{number}/projects', data=typed)
    assert answer.status_code == 422
    assert message in answer.text
    for value in typed.values():
        assert value in answer.text


@pytest.mark.parametrize(
    ('typed', 'message'),
    [
        ({'rule_value': '0'}, '每件给农户的金额'),
        ({'rule_value': 'six'}, '每件给农户的金额'),
        ({'rule_kind': 'bp_of_net', 'rule_value': '101'}, '比例填 0.01 到 100'),
        ({'meeting_on': '2026-02-30'}, '填日期'),
        ({'weight_kind': 'deliveries', 'weight': '0'}, '交售量填公斤数'),
        ({'weight_kind': 'luck'}, '选择分配方式'),
    ],
)
def test_a_wrong_agreement_keeps_what_was_typed(desk, tenure, typed, message):
    endorsement = make_submittable_endorsement(tenure)
    number, household = endorsement.id, make_households(tenure.village, 1)[0]
    form = {'rule_kind': 'fen_per_unit', 'rule_value': '6.00', 'weight_kind': 'household', 'meeting_on': '2026-06-01'}
    form |= {f'pick-{household.id}': '1', **{key: value for key, value in typed.items() if key != 'weight'}}
    form |= {f'weight-{household.id}': typed.get('weight', '')}
    answer = desk.post(f'/desk/endorsements/{number}/agreement', data=form)
    assert answer.status_code == 422
    assert message in answer.text
    assert f'name="pick-{household.id}" value="1" checked' in answer.text


def test_the_calculator_reckons_without_keeping(desk, tenure):
    endorsement = make_submittable_endorsement(tenure)
    number, households = endorsement.id, make_households(tenure.village, 3)
    shares = len(db.session.scalars(select(AgreementShare.id)).all())
    form = {'rule_kind': 'fen_per_unit', 'rule_value': '1.00', 'weight_kind': 'people', 'units': '10'}
    form |= {f'pick-{household.id}': '1' for household in households}
    db.session.rollback()
    part = desk.post(f'/desk/endorsements/{number}/calculation', data=form).text
    assert '10 件 × 100 分 = 1,000 分，3 户相加正好 1,000 分' in part
    assert '<html' not in part
    whole = desk.post(f'/desk/endorsements/{number}/agreement', data=form)
    assert whole.status_code == 200
    assert '最少一户 167 分，最多一户 500 分' in whole.text
    assert len(db.session.scalars(select(AgreementShare.id)).all()) == shares


def test_what_is_missing_stands_in_the_way_of_a_submission(desk, facts):
    base = desk.post('/desk/endorsements', data=facts).headers['Location'].removesuffix('/label')
    answer = desk.post(f'{base}/submission', data={'statement': '最好的木耳，能治疗咳嗽。'})
    assert answer.status_code == 422
    for words in (
        '要写产地',
        '至少一个批次',
        '至少要有一个在售规格',
        '至少传一张图片',
        '带动的产业项目',
        '填写利益联结协议',
        '最好',
        '治疗',
    ):
        assert words in answer.text
    assert '最好的木耳，能治疗咳嗽。' in answer.text
    assert status() is S.DRAFT


def test_under_review_nothing_changes(desk, tenure, facts):
    number = make_submittable_endorsement(tenure).id
    desk.post(f'/desk/endorsements/{number}/submission', data={})
    answer = desk.post(f'/desk/endorsements/{number}/product', data={**facts, 'name': '别的'})
    assert answer.headers['Location'] == f'/desk/endorsements/{number}'
    assert '现在不能改' in desk.get(f'/desk/endorsements/{number}').text
    assert only(Product).name == '秋木耳'


def test_the_team_drafts_and_the_secretary_submits(client, tenure):
    number = make_submittable_endorsement(tenure).id
    client.sign_in(make_team_member(tenure.village))
    assert '由第一书记提交' in client.get(f'/desk/endorsements/{number}/statement').text
    assert client.post(f'/desk/endorsements/{number}/submission', data={}).status_code == 404
    assert status() is S.DRAFT


def test_another_village_has_no_desk_here(client, tenure):
    number = make_submittable_endorsement(tenure).id
    client.sign_in(desk_user(make_tenure(make_village('云盘岭村'))))
    for step in ('', '/product', '/label', '/variants', '/photos', '/projects', '/agreement', '/statement', '/preview'):
        assert client.get(f'/desk/endorsements/{number}{step}').status_code == 404
    assert client.post(f'/desk/endorsements/{number}/submission', data={}).status_code == 404


def test_officials_see_their_own_places_only(client, tenure):
    number = make_submittable_endorsement(tenure).id
    client.sign_in(desk_user(tenure)).post(f'/desk/endorsements/{number}/submission', data={})
    _, county, city = make_reviewers(tenure.village)
    elsewhere = make_user(Role.TOWNSHIP_REVIEWER, region=make_village('外村').county)
    assert client.sign_in(county).get(f'/office/endorsements/{number}').status_code == 200
    assert '这一步不由您审' in client.get(f'/office/endorsements/{number}').text
    assert client.sign_in(city).get('/office/endorsements?status=township_review').status_code == 200
    assert client.sign_in(elsewhere).get(f'/office/endorsements/{number}').status_code == 404
    answer = client.post(f'/office/endorsements/{number}/approval', data={'step': 'township'})
    assert answer.status_code == 404


def test_every_page_of_a_draft_opens(desk, tenure):
    number = make_submittable_endorsement(tenure).id
    for path in ('', '/new', *(f'/{number}{step}' for step in ('', '/product', '/variants', '/photos', '/projects'))):
        assert desk.get(f'/desk/endorsements{path}').status_code == 200
    for step in ('agreement', 'statement', 'preview'):
        assert desk.get(f'/desk/endorsements/{number}/{step}').status_code == 200


def test_a_listed_product_pauses_and_comes_back(desk, client, tenure):
    slug = make_listed_product(tenure=tenure).slug
    number = only(Endorsement).id
    desk.post(f'/desk/endorsements/{number}/pause', data={'reason': '断货'})
    assert status() is S.PAUSED
    assert '恢复销售' in desk.get(f'/desk/endorsements/{number}').text
    assert desk.get(f'/products/{slug}').status_code != 200
    desk.post(f'/desk/endorsements/{number}/resumption')
    assert status() is S.LISTED


@pytest.mark.parametrize(
    ('form', 'message'),
    [
        ({'stock': '-1', 'price': '39.90', 'seen': '10'}, '库存填 0 到'),
        ({'stock': '5', 'price': 'x', 'seen': '10'}, '单价填金额'),
        ({'stock': '5', 'price': '3.00', 'seen': '10'}, ''),
        ({'stock': '5', 'price': '39.90', 'seen': '9'}, '5'),
    ],
)
def test_a_stock_count_that_cannot_be_is_refused(desk, tenure, form, message):
    variant_id = make_listed_product(tenure=tenure, rule=600, stock=10).variants[0].id
    answer = desk.post(f'/desk/stock/{variant_id}', data=form)
    assert answer.status_code == 422
    assert message in answer.text
    assert (only(Variant).stock, only(Variant).price_fen) == (10, 3990)


def test_stock_and_price_are_kept(desk, tenure):
    variant_id = make_listed_product(tenure=tenure, rule=600, stock=10).variants[0].id
    assert '10' in desk.get('/desk/stock').text
    desk.post(f'/desk/stock/{variant_id}', data={'stock': '25', 'price': '42.00', 'seen': '10'})
    assert (only(Variant).stock, only(Variant).price_fen) == (25, 4200)
    foreign = make_listed_product(name='外村蜜').variants[0].id
    assert desk.post(f'/desk/stock/{foreign}', data={'stock': '1', 'price': '1', 'seen': '10'}).status_code == 404


def test_farm_produce_says_its_group(desk, facts):
    answer = desk.post('/desk/endorsements', data={**facts, 'produce_group': ''})
    assert answer.status_code == 422
    assert '选择农产品类别。' in answer.text
    assert desk.post('/desk/endorsements', data={**facts, 'kind': 'handicraft', 'produce_group': ''}).status_code == 303
