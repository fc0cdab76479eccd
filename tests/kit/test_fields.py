"""Forms: whatever is typed gives a value or a message beside the field, never an exception."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.kit.enums import Labelled
from shop.kit.fields import MAX_ID, FieldReader, clean_text, is_phone, read_email, read_id, read_percent


class Light(Labelled):
    RED = 'red', '红灯'


@pytest.fixture(autouse=True)
def _request(make_app):
    with make_app().test_request_context():
        yield


def reading(value: str) -> FieldReader:
    return FieldReader({'field': value})


def test_text_keeps_lines_and_loses_control_characters():
    assert clean_text(' a\r\nb\rc\x00\ud800\t ') == 'a\nb\nc'


@pytest.mark.parametrize(
    ('text', 'number'),
    [('1', 1), (str(MAX_ID), MAX_ID), (str(MAX_ID + 1), None), ('0', None), ('-1', None), ('', None), (None, None),
     ('²', None), ('٣', None), ('9' * 5_000, None)],
)  # fmt: skip
def test_an_id_is_a_positive_number_a_database_can_hold(text, number):
    assert read_id(text) == number


@pytest.mark.parametrize(
    ('text', 'rate_bp'),
    [
        ('12.5%', 1_250),
        ('12.5', 1_250),
        (' 8％', 800),
        ('0.05', 5),
        ('100', 10_000),
        ('1.234', None),
        ('-1', None),
        ('', None),
    ],
)
def test_a_percentage_is_basis_points(text, rate_bp):
    assert read_percent(text) == rate_bp


@pytest.mark.parametrize(
    ('text', 'address'),
    [
        (' Li.Hong+a@Example.com ', 'Li.Hong+a@Example.com'),
        ('li＠example.com', 'li@example.com'),
        ('a@b.c1.museum', 'a@b.c1.museum'),
        *((text, None) for text in ('', 'li', 'li@', '@b.cn', 'li@b', 'li@b.c', 'a b@c.cn', 'a@b..cn', '.a@b.cn')),
        *(
            (text, None)
            for text in ('a@-b.cn', '李@b.cn', 'a@b.cn\nBcc: x@y.cn', f'{"a" * 65}@b.cn', f'a@{"b" * 120}.cn')
        ),
    ],
)
def test_an_email_address_is_one_that_can_be_written_to(text, address):
    assert read_email(text) == address


def test_a_text_within_its_limit_is_taken():
    fields = reading(' 长白山蓝莓 ')
    assert fields.text('field', '名称', limit=5) == '长白山蓝莓'
    assert fields.errors == {}


def test_a_missing_text_is_asked_for_unless_it_may_be_left_out():
    fields = reading(' ')
    assert fields.text('field', '名称', limit=5, is_required=False) == ''
    assert fields.errors == {}
    assert fields.text('field', '名称', limit=5) == ''
    assert fields.errors == {'field': '填写名称。'}


def test_a_text_that_is_too_long_says_by_how_much():
    fields = reading('长白山野生蓝莓')
    assert fields.text('field', '名称', limit=5) == '长白山野生'
    assert fields.errors == {'field': '名称最多 5 字，现有 7 字。'}


@pytest.mark.parametrize(('text', 'number'), [('1', 1), ('1,000', 1_000), ('1，000', 1_000), ('5000', 5_000)])
def test_a_whole_number_in_its_range_is_taken(text, number):
    fields = reading(text)
    assert fields.whole('field', '数量', least=1, most=5_000) == number
    assert fields.errors == {}


@pytest.mark.parametrize('text', ['', '0', '5001', '1.5', '-2', 'x', '９', '9' * 99])
def test_any_other_whole_number_names_the_range(text):
    fields = reading(text)
    assert fields.whole('field', '数量', least=1, most=5_000) == 1
    assert fields.errors == {'field': '数量填 1 到 5,000 的整数。'}


def test_money_is_read_as_fen():
    fields = reading('39.9')
    assert fields.money('field', '单价') == 3_990
    assert fields.errors == {}


@pytest.mark.parametrize('text', ['', '0', '-1', '1.999', '100.01', 'x'])
def test_any_other_amount_names_the_range(text):
    fields = reading(text)
    assert fields.money('field', '单价', least=1, most=10_000) == 1
    assert fields.errors == {'field': '单价填金额，如 39.90，在 ¥0.01 到 ¥100.00 之间。'}


def test_a_choice_is_one_of_the_enum():
    assert reading('red').choice('field', '灯', Light) is Light.RED
    fields = reading('blue')
    assert fields.choice('field', '灯', Light) is None
    assert fields.errors == {'field': '选择灯。'}


def test_a_row_is_one_of_those_offered():
    assert reading('7').one_of('field', '品牌', {7, 8}) == 7
    for text in ('9', '', 'x'):
        fields = reading(text)
        assert fields.one_of('field', '品牌', {7, 8}) is None
        assert fields.errors == {'field': '选择品牌。'}


def test_a_day_is_read_as_browsers_send_it():
    fields = reading('2026-05-18')
    assert fields.day('field', '日期') == date(2026, 5, 18)
    assert reading('').day('field', '日期', is_required=False) is None
    assert fields.errors == {}


@pytest.mark.parametrize('text', ['', '2026-02-30', '20260518', '1948-12-31', '2026-5-18', 'tomorrow', '0000-00-00'])
def test_any_other_day_shows_how_to_write_one(text):
    fields = reading(text)
    assert fields.day('field', '日期') is None
    assert fields.errors == {'field': '日期填日期，如 2026-05-18。'}


@given(st.text())
def test_no_text_breaks_a_reader(text):
    fields = reading(text)
    fields.text('field', '名称', limit=20)
    fields.whole('field', '数量')
    fields.money('field', '单价')
    fields.choice('field', '灯', Light)
    fields.one_of('field', '品牌', {7})
    fields.day('field', '日期')
    read_percent(text)
    assert set(fields.errors) <= {'field'}


@pytest.mark.parametrize(
    ('text', 'is_right'),
    [
        ('13800000000', True), ('0435-7212345', True), ('02112345678', True), ('１3800000000', False),
        ('12800000000', False), ('110', False), ('13800000000 ', False),
    ],
)  # fmt: skip
def test_a_phone_is_a_mobile_or_has_its_area_code(text, is_right):
    assert is_phone(text) is is_right
