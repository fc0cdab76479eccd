"""Enums with their labels, errors with their fields."""

import pytest

from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError


class Light(Labelled):
    RED = 'red', '红灯'
    GREEN = 'green', '绿灯'


def test_a_member_has_a_value_and_a_label():
    assert (Light.RED.value, Light.RED.source_label) == ('red', '红灯')


def test_a_value_finds_its_member():
    assert Light.find('green') is Light.GREEN


@pytest.mark.parametrize('value', [None, '', 'blue', 'RED'])
def test_an_unknown_value_finds_nothing(value):
    assert Light.find(value) is None


def test_choices_come_in_the_order_of_definition(make_app):
    with make_app().test_request_context():
        assert Light.choices() == [('red', '红灯'), ('green', '绿灯')]


def test_an_error_says_what_is_wrong_and_where():
    error = BusinessError('库存不足', field='quantity')
    assert (str(error), error.message, error.field) == ('库存不足', '库存不足', 'quantity')
    assert BusinessError('库存不足').field is None
