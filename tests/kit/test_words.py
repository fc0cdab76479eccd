"""Counted things, lists, and words the shop keeps in a row, in both languages."""

import pytest
from flask_babel import force_locale
from markupsafe import Markup

from shop.kit.words import counted, counted_markup, kept, listed, told

BENEFITS = '惠及 %(n)s 户'
LEFT = '“%(name)s”只剩 %(num)s 件，请改少一些再下单。'


@pytest.fixture
def app_context(make_app):
    with make_app().app_context():
        yield


def test_a_counted_sentence_has_the_number_of_its_language(app_context):
    assert counted(LEFT, 1, name='蜜') == '“蜜”只剩 1 件，请改少一些再下单。'
    with force_locale('en_GB'):
        assert counted(LEFT, 1, name='蜜') == 'Only 1 of “蜜” is left; please order fewer.'
        assert counted(LEFT, 2_000, name='蜜') == 'Only 2,000 of “蜜” are left; please order fewer.'


def test_a_counted_sentence_on_a_page_escapes_what_is_put_in(app_context):
    assert counted_markup(LEFT, 3, name='<i>') == Markup('“&lt;i&gt;”只剩 3 件，请改少一些再下单。')
    assert counted_markup(BENEFITS, 3, n=Markup('<b>3</b>')) == Markup('惠及 <b>3</b> 户')


def test_a_list_is_parted_in_the_way_of_its_language(app_context):
    assert listed(['黑木耳', '榛蘑', 3]) == '黑木耳、榛蘑、3'
    with force_locale('en_GB'):
        assert listed(['黑木耳', '榛蘑']) == '黑木耳, 榛蘑'


def test_only_words_of_the_shop_are_told_in_another_language(app_context):
    of_the_shop = kept('到期自动收货')
    assert of_the_shop == '到期自动收货'
    with force_locale('en_GB'):
        assert told(of_the_shop) == 'Received automatically when the time was up'
        assert told('合计') == '合计', 'a person wrote this, though the catalogue knows the word'
        assert [told(''), told(None)] == ['', '']
