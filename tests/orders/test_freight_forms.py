"""The form of a freight template: what was typed is what is kept, and what is wrong is told beside its field."""

from werkzeug.datastructures import MultiDict

from shop.orders.basket import FreightMeasure
from shop.orders.freight_forms import read_template, read_typed, typed_of
from shop.regions.divisions import short_name

FORM = [
    ('measure', 'weight'), ('first_units', '1.5'), ('first_fee', '8'), ('next_units', '0.5'), ('next_fee', '2.50'),
    ('free_above', '168'),
    ('row-0-province', '540000'), ('row-0-province', '650000'), ('row-0-rule', 'never_free'),
    ('row-0-first', '25'), ('row-0-next', '12'),
    ('row-2-province', '810000'), ('row-2-rule', 'refused'),
]  # fmt: skip


def form(**changes: str) -> 'MultiDict[str, str]':
    typed = MultiDict(FORM)
    for name, value in changes.items():
        typed.setlist(name.replace('__', '-'), value.split(','))
    return typed


def test_what_is_typed_is_what_is_kept_and_shown_again():
    template, errors = read_template(read_typed(form()))
    assert errors == {}
    assert (template.measure, template.first_units, template.next_units) == (FreightMeasure.WEIGHT, 1_500, 500)
    assert (template.first_fen, template.next_fen, template.free_above_fen) == (800, 250, 16_800)
    assert [
        (one.position, one.province_code, one.is_refused, one.is_never_free, one.first_fen, one.next_fen)
        for one in template.regions
    ] == [
        (1, '540000', False, True, 2_500, 1_200),
        (1, '650000', False, True, 2_500, 1_200),
        (2, '810000', True, False, 0, 0),
    ]
    again, errors = read_template(typed_of(template))
    assert errors == {}
    assert (again.first_units, len(again.regions), again.free_above_fen) == (1_500, 3, 16_800)


def test_each_wrong_field_is_told():
    for changes, field, words in (
        ({'measure': 'volume'}, 'measure', '选择计费方式'),
        ({'first_units': '0'}, 'first_units', '千克'),
        ({'first_units': '1.2345'}, 'first_units', '千克'),
        ({'measure': 'pieces'}, 'first_units', '首件数填 1 到 999'),
        ({'next_fee': '-1'}, 'next_fee', '续费填金额'),
        ({'free_above': '0'}, 'free_above', '包邮金额填金额'),
        ({'row__0__first': ''}, 'row-0-first', '首费填金额'),
        ({'row__0__rule': 'x'}, 'row-0-rule', '怎么收'),
        ({'row__1__first': '3'}, 'row-1-province', '勾选'),
        ({'row__2__province': '650000,810000'}, 'row-1-province', '新疆在第 1 组已经选过'),
    ):
        template, errors = read_template(read_typed(form(**changes)))
        assert template is None
        assert words in errors[field], (changes, errors)


def test_short_names_of_provinces():
    names = [short_name(code) for code in ('220000', '150000', '650000', '450000', '110000', '810000')]
    assert names == ['吉林', '内蒙古', '新疆', '广西', '北京', '香港']
