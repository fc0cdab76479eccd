"""What a public text must not hold, and how a buyer is called in public."""

import pytest

from shop.ratings.privacy import has_private_number, masked_nickname


@pytest.mark.parametrize(
    'text',
    [
        '打我电话13800138000',
        '138-0013-8000 随时',
        '138 0013 8000',
        '１３８００１３８０００',
        '+86 13800138000',
        '一三八零零一三八零零零',
        '幺三八零零幺三八零零零',
        '0435-7212345 找我',
        '(0435)7212345',
        '身份证22050219800101123X',
        '220502 19800101 1234',
        '220502800101123',
    ],
)
def test_a_number_that_leads_to_a_person_is_found(text):
    assert has_private_number(text)


@pytest.mark.parametrize(
    'text',
    [
        '2026-11-23 收到，500 克，¥39.90',
        '订单 26061512345678 的货',
        '买了 3 次，一共 12 袋，花了 1380 元',
        '一三五吃木耳，二四六吃榛蘑',
        'SC12022052401234 看得清',
        '',
    ],
)
def test_other_numbers_are_left_alone(text):
    assert not has_private_number(text)


@pytest.mark.parametrize(
    ('name', 'shown'),
    [
        ('山里来客', '山**客'),
        ('赵德林', '赵**林'),
        ('孙芝', '孙**'),
        ('李', '李**'),
        ('13800138000', '1**0'),
        ('于海（演示）', '于**示'),
        ('（）', '**'),
        ('🍄菇娘', '菇**'),
    ],
)
def test_a_name_shows_its_ends_alone(name, shown):
    assert masked_nickname(name) == shown
