"""Divisions stand in the official order, and three codes are a path only where they lie in each other."""

import pytest

from shop.regions.divisions import (
    Division,
    cities,
    counties,
    division_name,
    division_path,
    is_division_path,
    province_of,
    provinces,
)


def test_the_provinces_are_all_there_in_the_official_order() -> None:
    codes = [province.code for province in provinces()]
    assert codes == sorted(codes)
    assert len(codes) == 34
    assert provinces()[0] == Division('110000', '北京市')
    assert [province.name for province in provinces()[-3:]] == ['台湾省', '香港特别行政区', '澳门特别行政区']


def test_tonghua_has_its_seven_units_in_order() -> None:
    assert Division('220500', '通化市') in cities('220000')
    assert [tuple(county) for county in counties('220500')] == [
        ('220502', '东昌区'),
        ('220503', '二道江区'),
        ('220521', '通化县'),
        ('220523', '辉南县'),
        ('220524', '柳河县'),
        ('220581', '梅河口市'),
        ('220582', '集安市'),
    ]


def test_every_province_leads_to_counties_and_every_path_holds() -> None:
    found = 0
    for province in provinces():
        assert cities(province.code)
        for city in cities(province.code):
            assert counties(city.code)
            for county in counties(city.code):
                assert is_division_path(province.code, city.code, county.code)
                assert division_path(county.code) == (province, city, county)
                found += 1
    assert found > 2_900


def test_a_city_without_counties_stands_for_its_own_county() -> None:
    assert counties('441900') == (Division('441900', '东莞市'),)
    assert is_division_path('440000', '441900', '441900')


def test_hong_kong_stands_for_its_own_city_and_county() -> None:
    assert cities('810000') == counties('810000') == (Division('810000', '香港特别行政区'),)
    assert is_division_path('810000', '810000', '810000')


@pytest.mark.parametrize(
    'path',
    [
        ('220000', '220500', '210102'),
        ('210000', '220500', '220502'),
        ('220500', '220500', '220502'),
        ('220000', '220000', '220502'),
        ('220000', '220500', '220500'),
        ('', '', ''),
        ('22', '2205', '220502'),
        ('999999', '999999', '999999'),
    ],
)
def test_codes_that_do_not_lie_in_each_other_are_no_path(path: tuple[str, str, str]) -> None:
    assert not is_division_path(*path)


def test_a_code_has_its_name_and_province() -> None:
    assert division_name('220582') == '集安市'
    assert province_of('220582') == '220000'


@pytest.mark.parametrize('code', ['', '999999', '22', '220599'])
def test_an_unknown_code_is_a_key_error_and_leads_nowhere(code: str) -> None:
    for ask in (division_name, province_of, division_path):
        with pytest.raises(KeyError):
            ask(code)
    assert cities(code) == counties(code) == ()


@pytest.mark.parametrize('code', ['220000', '220500'])
def test_a_province_or_city_is_not_a_county(code: str) -> None:
    with pytest.raises(KeyError):
        division_path(code)
