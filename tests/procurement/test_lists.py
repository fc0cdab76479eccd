"""The budget list: kept for a guest, counted per head, taken along as a workbook, read back row by row."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.sheets import MAX_GROWTH, SheetError
from shop.orders.baskets import Buyer
from shop.procurement import sheets
from shop.procurement.budget_list import BudgetList
from shop.procurement.lists import Wanted, budget_of, fill_list, list_of, merge_lists, put_on_list
from shop.procurement.picking import pick_rows, read_pasted
from shop.procurement.sheets import MAX_BYTES, read_list, write_list, write_template
from shop.storefront.views import budget_list
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.catalogue import make_product, make_variant
from tests.factories.endorsements import make_listed_product

ADDRESS = '/procurement/list'


@pytest.fixture
def goods(app, clock_hand):
    fungus = make_listed_product(name='秋木耳', price_fen=3990, stock=500)
    make_variant(fungus, name='500 g 礼盒', price_fen=7500)
    return fungus, make_listed_product(name='椴树蜜', price_fen=5000), make_product(name='林蛙油')


def sheet(*rows: tuple, header=('品名', '规格', '每人数量', '总数量')) -> bytes:
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, content: bytes, name: str = '清单.xlsx'):
    return client.post(
        f'{ADDRESS}/rows', data={'sheet': (io.BytesIO(content), name)}, content_type='multipart/form-data'
    )


def lines() -> list[tuple[str, int, bool]]:
    db.session.rollback()
    return [
        (line.variant.name, line.quantity, line.is_per_head)
        for row in db.session.scalars(select(BudgetList))
        for line in row.lines
    ]


def test_a_guest_fills_it_and_it_comes_along_when_signing_in(client, goods):
    fungus, honey, _ = goods
    assert '清单还是空的' in client.get(ADDRESS).text
    variant = fungus.variants[0].id
    assert client.post(f'{ADDRESS}/lines', data={'variant': variant, 'mode': 'per_head'}).location == ADDRESS
    client.post(f'{ADDRESS}/lines', data={'variant': honey.variants[0].id, 'quantity': '3'})
    line_id = db.session.scalars(select(BudgetList)).one().lines[0].id
    change = {
        'title': '中秋慰问',
        'heads': '20',
        'budget': '40',
        f'quantity-{line_id}': '2',
        f'mode-{line_id}': 'per_head',
    }
    assert client.post(ADDRESS, data=change).status_code == 303
    page = client.get(ADDRESS).text
    for told in ('1,596.00', '¥87.30', '超出预算 ¥946.00', '每人超 ¥47.30'):
        assert told in page, told
    user = make_user(login_name='sun')
    client.post('/sign-in', data={'login_name': 'sun', 'password': PASSWORD})
    assert budget_of(list_of(Buyer(user_id=user.id))).total_fen == 174_600
    assert '中秋慰问' in client.get(ADDRESS).text


def test_two_lists_are_joined_and_the_users_own_units_stay(goods):
    fungus, honey, _ = goods
    user = make_user()
    own, guest = Buyer(user_id=user.id), Buyer(guest_digest='a' * 64)
    with transaction():
        put_on_list(own, [Wanted(fungus.variants[0].id, 5)], at=clock.now())
        put_on_list(guest, [Wanted(fungus.variants[0].id, 9), Wanted(honey.variants[0].id, 2, True)], at=clock.now())
    with transaction():
        merge_lists('a' * 64, user, at=clock.now())
        merge_lists('b' * 64, user, at=clock.now())
    assert lines() == [('250 g 袋装', 5, False), ('250 g 袋装', 2, True)]


def test_a_changed_price_and_a_product_off_sale_are_told(client, goods):
    fungus, honey, _ = goods
    for product in (fungus, honey):
        client.post(f'{ADDRESS}/lines', data={'variant': product.variants[0].id})
    with transaction():
        fungus.variants[0].price_fen = 4500
        honey.variants[0].is_offered = False
    page = client.get(ADDRESS).text
    assert '价格从 ¥39.90 变成了 ¥45.00' in page
    assert '已下架，没有算进合计' in page
    assert '>45<small>.00' in page
    with transaction():
        found = db.session.scalars(select(BudgetList)).one()
        gone = fill_list(
            Buyer(guest_digest=found.guest_digest), {line.variant_id: 4 for line in found.lines},
            title='重来', heads=3, budget_fen=None, at=clock.now(),
        )  # fmt: skip
    assert gone == 1
    assert lines() == [('250 g 袋装', 4, False)]


@pytest.mark.parametrize('form', [{'heads': '0'}, {'heads': 'x'}, {'budget': '1.234'}, {'quantity': '100000'}])
def test_a_bad_number_is_told_beside_its_field_and_kept(client, goods, form):
    client.post(f'{ADDRESS}/lines', data={'variant': goods[0].variants[0].id})
    line_id = db.session.scalars(select(BudgetList)).one().lines[0].id
    typed = {f'quantity-{line_id}' if name == 'quantity' else name: value for name, value in form.items()}
    answer = client.post(ADDRESS, data={'heads': '5', **typed})
    assert answer.status_code == 422
    for name, value in typed.items():
        assert f'id="{name}-error"' in answer.text
        assert f'value="{value}"' in answer.text
    assert lines() == [('250 g 袋装', 1, False)]


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_what_cannot_be_put_on_the_list_is_told(client, goods, database_kind):
    for variant, status in ((goods[2].variants[0].id, 303), ('999999', 404), ('x', 404)):
        assert client.post(f'{ADDRESS}/lines', data={'variant': variant}).status_code == status
    assert (
        client.post(f'{ADDRESS}/lines', data={'variant': goods[0].variants[0].id, 'quantity': '0'}).status_code == 303
    )
    assert lines() == []


def test_a_list_comes_back_from_its_own_workbook(client, goods):
    fungus, honey, _ = goods
    with transaction():
        fungus.name = '=HYPERLINK("x")'
    wanted = [Wanted(fungus.variants[0].id, 2, True), Wanted(honey.variants[0].id, 30)]
    buyer = Buyer(guest_digest='c' * 64)
    with transaction():
        put_on_list(buyer, wanted, at=clock.now())
    content = write_list(budget_of(list_of(buyer)))
    cell = load_workbook(io.BytesIO(content)).worksheets[0]['B5']
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', 's')
    assert pick_rows(read_list(content)).wanted == wanted
    assert client.get(f'{ADDRESS}.xlsx').status_code == 200
    answer = client.get('/procurement/template.xlsx')
    assert "filename*=UTF-8''%E9%87%87%E8%B4%AD" in answer.headers['Content-Disposition']
    with pytest.raises(SheetError, match='没有商品'):
        read_list(answer.data)


def test_bad_rows_are_named_and_the_good_ones_can_be_kept(client, goods):
    content = sheet(
        ('秋木耳', '250 g 袋装', 2, None),
        ('秋木耳', None, None, 5),
        ('秋木耳', '散装', None, 5),
        ('人参', None, None, 5),
        ('椴树蜜', None, None, '三'),
        ('椴树蜜', None, 1, 1),
        ('林蛙油', None, None, 1),
        ('椴树蜜', None, None, 7),
        ('椴 树蜜', '250g袋装', None, 8),
        (None, None, 4, None),
    )
    answer = send(client, content)
    assert answer.status_code == 422
    for told in (
        '第 3 行“规格”现为“”。这种商品有几个规格：250 g 袋装、500 g 礼盒。请写一个。',
        '第 4 行“规格”现为“散装”。没有这个规格',
        '第 5 行“品名”现为“人参”。没有这个名字的在售商品',
        '第 6 行“总数量”现为“三”。填 1 到 99,999 的整数。',
        '第 7 行“总数量”现为“1”。“每人数量”和“总数量”只填一个。',
        '第 8 行“品名”现为“林蛙油”。',
        '第 10 行“品名”现为“椴 树蜜”。与第 9 行是同一种商品',
        '第 11 行“品名”现为“”。填商品页上的品名',
    ):
        assert told in answer.text, told
    assert lines() == [], 'nothing is half done'
    variants = [product.variants[0].id for product in goods[:2]]
    kept = [f'{variants[0]}:2:per_head', f'{variants[1]}:7:in_all', 'x:y', ':::', '1:0:']
    for row in kept[:2]:
        assert f'value="{row}"' in answer.text
    assert client.post(f'{ADDRESS}/rows', data={'row': kept}).status_code == 303
    assert lines() == [('250 g 袋装', 2, True), ('250 g 袋装', 7, False)]


def test_pasted_lines_are_read_as_people_write_them(client, goods):
    rows = read_pasted('秋木耳  250 g 袋装  30\n\n椴树蜜 × 12 件\n椴树蜜，5')
    assert [(row.number, dict(row.texts)) for row in rows] == [
        (1, {'name': '秋木耳', 'variant': '250 g 袋装', 'in_all': '30'}),
        (3, {'name': '椴树蜜', 'variant': '', 'in_all': '12'}),
        (4, {'name': '椴树蜜', 'variant': '', 'in_all': '5'}),
    ]
    assert client.post(f'{ADDRESS}/rows', data={'pasted': '木耳\t500g礼盒\t3'}).status_code == 303
    assert lines() == [('500 g 礼盒', 3, False)]
    answer = client.post(f'{ADDRESS}/rows', data={'pasted': '木耳 3'})
    assert answer.status_code == 422
    assert '木耳 3</textarea>' in answer.text
    assert client.post(f'{ADDRESS}/rows', data={'pasted': ' '}).status_code == 422


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as parts:
        parts.writestr('xl/worksheets/sheet1.xml', b'0' * (MAX_GROWTH * MAX_BYTES + 1))
    return out.getvalue()


@pytest.mark.parametrize('database_kind', ['sqlite'])
@pytest.mark.parametrize(
    ('content', 'code', 'told'),
    [
        (b'PK\x03\x04 no', 422, '打不开'),
        (b'\xd0\xcf\x11\xe0' + b'0' * 99, 422, '旧版 Excel'),
        (b'', 422, '粘贴几行'),
        (bomb(), 422, '展开后太大'),
        (sheet(('x',), header=('甲', '乙')), 422, '没有找到表头'),
        (sheet(*[('秋木耳', None, 1)] * 201), 422, '最多 200 行'),
    ],
    ids=['broken', 'old', 'empty', 'bomb', 'headless', 'long'],
)
def test_a_file_that_is_no_list_is_refused(app, client, content, code, told, database_kind):
    answer = send(client, content, '' if not content else '清单.xlsx')
    assert answer.status_code == code
    assert told in answer.text


@pytest.mark.parametrize('database_kind', ['sqlite'])
@pytest.mark.parametrize(('where', 'code'), [(sheets, 422), (budget_list, 413)])
def test_a_large_file_is_not_unpacked_and_a_huge_one_not_read(app, client, monkeypatch, where, code, database_kind):
    monkeypatch.setattr(where, 'MAX_BYTES', 50)
    monkeypatch.setattr(budget_list, 'ROOM_FOR_FORM', 0 if code == 413 else 10_000)
    answer = send(client, sheet(('秋木耳', None, 1)))
    assert (answer.status_code, '文件太大' in answer.text) == (code, True)


def test_the_template_asks_for_what_is_read():
    row = [cell.value for cell in load_workbook(io.BytesIO(write_template())).worksheets[0][4]]
    assert row[:3] + row[5:7] == ['商品编号', '品名', '规格', '每人数量', '总数量']
