"""Sending many orders from a sheet: every bad row is named, and good ones may go first."""

import io

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from shop.kit.database import db
from shop.orders.models import Courier, Order, OrderStatus, Shipment
from shop.payments import desk_shipments
from shop.payments.shipping_sheet import find_courier, read_shipping_sheet
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import bought, place, ship
from tests.factories.villages import desk_user, make_tenure

pytestmark = pytest.mark.usefixtures('clock_hand')

HEAD = ['订单号', '快递', '运单号']
FIRST, SECOND = '75123456789012', 'SF1234567890123'


@pytest.fixture
def tenure(app):
    return make_tenure()


@pytest.fixture
def orders(tenure):
    product = make_listed_product(tenure=tenure, stock=20)
    return [bought((product, 2)), bought((product, 1))]


@pytest.fixture
def desk(client, tenure):
    return client.sign_in(desk_user(tenure))


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    for row in (HEAD, *rows):
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def upload(desk, content: bytes, name: str = 'a.xlsx'):
    return desk.post('/desk/shipments', data={'sheet': (io.BytesIO(content), name)})


def sent() -> list[tuple[str, str]]:
    db.session.rollback()
    found = select(Order.number, Shipment.tracking_number).join(Shipment).order_by(Order.id)
    return [tuple(row) for row in db.session.execute(found)]


def test_a_whole_sheet_is_sent_at_once(desk, orders):
    one, two = (order.number for order in orders)
    answer = upload(desk, book([int(one), '中通', FIRST], [two, '顺丰速运', SECOND.lower()], ['', '', '']))
    assert (answer.status_code, answer.headers['Location']) == (303, '/desk/orders?tab=shipped')
    assert sent() == [(one, FIRST), (two, SECOND)]
    assert '已发货 2 单' in desk.get('/desk/orders?tab=shipped').text
    statuses = set(db.session.scalars(select(Order.status)))
    assert statuses == {OrderStatus.AWAITING_RECEIPT}
    again = upload(desk, book([one, '中通', FIRST]))
    assert (again.status_code, '不用再发' in again.text) == (422, True)


def test_a_sheet_of_text_is_read_too_and_what_is_not_filled_in_stays(desk, orders):
    one, two = (order.number for order in orders)
    text = f'待发货\n订单编号\t物流公司\t快递单号\n{one}\tzto\t{FIRST}\n{two}\t\t\n{two}\n'
    assert upload(desk, text.encode('gb18030'), 'a.csv').status_code == 303
    assert sent() == [(one, FIRST)]


def test_bad_rows_are_named_nothing_is_sent_and_the_good_ones_may_go_first(desk, orders, tenure):
    one, two = (order.number for order in orders)
    foreign = bought((make_listed_product(), 1)).number
    unpaid = place((make_listed_product(tenure=tenure, name='椴树蜜'), 1)).orders[0].number
    gone = ship(bought((make_listed_product(tenure=tenure, name='松子'), 1))).number
    before = sent()
    answer = upload(
        desk,
        book(
            [one, '中通', FIRST],
            [two, '中通', SECOND],
            [two, '飞鸽', SECOND],
            ['', '中通', FIRST],
            [foreign, '中通', FIRST],
            [unpaid, '中通', FIRST],
            [gone, '中通', FIRST],
            [one, '中通', FIRST],
            [two, '圆通', 881234567890123456],
            [two, '中通', '7.51235E+13'],
            ['=1+1', '中通', FIRST],
        ),
    )
    assert answer.status_code == 422
    for said in (
        f'第 3 行“运单号”：{SECOND}', '它像是顺丰速运的', '第 4 行“快递”：飞鸽', '请填这里有的快递：顺丰速运、',
        '第 5 行“订单号”：空', f'第 6 行“订单号”：{foreign}', f'第 7 行“订单号”：{unpaid}', '没有这个已付款的订单',
        f'第 8 行“订单号”：{gone}', '现在是“待收货”，不用再发', f'第 9 行“订单号”：{one}', '和第 2 行是同一单',
        '第 10 行“运单号”', '请把整列设为“文本”再填', '第 11 行“运单号”：7.51235E+13', '第 12 行“订单号”', '粘贴为文本',
    ):  # fmt: skip
        assert said in answer.text, said
    assert sent() == before
    kept = f'{one}|zto|{FIRST}'
    assert f'value="{kept}"' in answer.text
    assert desk.post('/desk/shipments', data={'row': kept}).status_code == 303
    assert (one, FIRST) in sent()


def test_what_changed_between_looking_and_sending_sends_nothing(desk, orders, monkeypatch):
    one, two = (order.number for order in orders)
    monkeypatch.setattr(desk_shipments, 'hold_against_orders', lambda *_: None)
    ship(orders[1])
    before = sent()
    answer = upload(desk, book([one, '中通', FIRST], [two, '中通', FIRST]))
    assert answer.status_code == 422
    assert f'订单 {two}：发货数量要大于 0' in answer.text
    assert sent() == before


@pytest.mark.parametrize(
    ('content', 'said'),
    [
        (b'', '选择一个文件'),
        (b'hello', '没有找到表头'),
        (b'PK rubbish', '打不开'),
        (','.join(HEAD).encode() + b'\n', '没有填好运单号的订单'),
        (b'\n' * 501, '行数太多'),
        (b'x' * 3001, '文件太大'),
    ],
)
def test_rubbish_gets_words(desk, monkeypatch, content, said):
    monkeypatch.setattr('shop.kit.sheets.MAX_BYTES', 3000)
    answer = upload(desk, content)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_huge_file_is_not_even_read(desk, monkeypatch):
    monkeypatch.setattr(desk_shipments, 'MAX_BYTES', 100)
    monkeypatch.setattr(desk_shipments, 'ROOM_FOR_FORM', 0)
    assert upload(desk, b'x' * 1000).status_code == 413


def test_kept_rows_that_were_tampered_with_are_left_out(desk, orders):
    answer = desk.post('/desk/shipments', data={'row': ['rubbish', f'{orders[0].number}|pigeon|1']})
    assert answer.status_code == 422
    wrong = desk.post('/desk/shipments', data={'row': f'{orders[0].number}|zto|1'})
    assert '应像 75123456789012' in wrong.text
    assert sent() == []


def test_the_sheet_to_fill_holds_the_orders_that_wait_as_text(desk, orders):
    answer = desk.get('/desk/shipments/sheet.xlsx')
    page = load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == [*HEAD, '收货人', '商品']
    assert [row[0] for row in rows[1:]] == [order.number for order in orders]
    assert rows[1][4].endswith('× 2')
    assert all(cell.number_format == '@' for row in page.iter_rows() for cell in row)
    assert read_shipping_sheet(answer.data).empty == 2


@pytest.mark.parametrize(
    ('typed', 'courier'),
    [
        ('顺丰', Courier.SF), ('zto', Courier.ZTO), ('圆通快递', Courier.YTO), ('ems', Courier.EMS),
        ('中国邮政', Courier.POST), ('邮政EMS', Courier.EMS), ('自提', Courier.PICKUP), ('京东快递', Courier.JD),
        ('', None), ('中', None), ('百世', None),
    ],
)  # fmt: skip
def test_a_courier_is_known_by_what_people_call_it(make_app, typed, courier):
    with make_app().app_context():
        assert find_courier(typed) is courier
