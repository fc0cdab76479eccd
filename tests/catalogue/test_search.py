"""Search finds Chinese by any two characters, by pinyin and by initials, the same on both databases."""

import sqlite3
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from shop.catalogue.matching import matches
from shop.catalogue.models import Product, ProductPhoto, ProjectShare, Variant
from shop.catalogue.search import heard_in, search_tokens, simplified
from shop.catalogue.terms import (
    MAX_TERMS,
    SearchTerm,
    correct_words,
    one_edit_away,
    read_query,
    spans_of,
    with_neighbours,
)
from shop.kit.database import db, dialect_name, transaction
from tests.factories.catalogue import make_product

NAMES = {
    'fungus': '长白山黑木耳 250g',
    'autumn': '秋木耳 5.5kg 装',
    'frog': '林蛙油雪蛤',
    'wine': '野生蓝莓酒',
    'sauce': "O'Neil 辣酱 5.55kg",
    'beans': '绿豆',
}
HOSTILE = [
    '',
    ' ',
    '"',
    "'; DROP TABLE products; --",
    '\x00',
    '木\x00耳',
    '\ud800',
    '😀😀',
    '。，！？、',
    '*',
    '(((',
    ':*',
    'AND',
    'NOT a',
    'NEAR(木 耳, 2)',
    'search_tokens:木耳',
    '^木',
    '木' * 10_000,
    'a' * 10_000,
    '木耳 ' * 10_000,
    'ﷺ' * 10_000,
    '1.' * 10_000,
    '%_\\',
    '&|!<->',
    '\u202e木',
    '々〇𠀀鿿',
]


@pytest.fixture
def names(app: Flask) -> dict[int, str]:
    """The products by id, under their short names."""
    found = {}
    for short, name in NAMES.items():
        product = make_product(name=name)
        with transaction():
            db.session.merge(product).search_tokens = search_tokens(name)
        found[product.id] = short
    return found


def find(names: dict[int, str], query: str, **how: Any) -> list[str]:
    """Search, and answer with short names."""
    statement = select(Product.id).where(matches(read_query(query, **how), dialect_name())).order_by(Product.id)
    return [names[product_id] for product_id in db.session.scalars(statement)]


@pytest.mark.parametrize(
    ('query', 'expected'),
    [
        ('木耳', ['fungus', 'autumn']),
        ('黑木耳', ['fungus']),
        ('耳', ['fungus', 'autumn']),
        ('雪蛤', ['frog']),
        ('heimuer', ['fungus']),
        ('HeiMu', ['fungus']),
        ('muer', ['fungus', 'autumn']),
        ('hme', ['fungus']),
        ('lvdou', ['beans']),
        ('蓝莓 酒', ['wine']),
        ('酒 豆', []),
        ('5.5', ['autumn', 'sauce']),
        ('5.5kg', ['autumn']),
        ('５．５KG', ['autumn']),
        ('木耳 250g', ['fungus']),
        ('neil', ['sauce']),
        ("o'neil", ['sauce']),
        ('-木耳', ['fungus', 'autumn']),
        ('木耳，长白山', ['fungus']),
        ('人参', []),
    ],
)
def test_what_people_type_finds_what_they_mean(names: dict[int, str], query: str, expected: list[str]) -> None:
    assert find(names, query) == expected


def test_no_query_is_an_error_and_nothing_searchable_finds_nothing(names: dict[int, str]) -> None:
    found = {query: find(names, query) for query in HOSTILE}
    assert found['木耳 ' * 10_000] == ['fungus', 'autumn']
    assert {query for query in found if not read_query(query) and found[query]} == set()
    assert found["'; DROP TABLE products; --"] == found['NEAR(木 耳, 2)'] == found['search_tokens:木耳'] == []


def test_the_index_follows_the_products(names: dict[int, str]) -> None:
    ids = {short: product_id for product_id, short in names.items()}
    with transaction() as session:
        session.get_one(Product, ids['fungus']).search_tokens = search_tokens('椴树蜂蜜')
    assert find(names, '黑木耳') == []
    assert find(names, 'fengmi') == ['fungus']
    with transaction() as session:
        session.get_one(Product, ids['fungus']).search_tokens = ''
    assert find(names, '蜂蜜') == []


def test_a_deleted_product_is_not_found(names: dict[int, str]) -> None:
    with transaction() as session:
        first = next(iter(names))
        for part in (ProductPhoto, ProjectShare, Variant):
            session.execute(delete(part).where(part.product_id == first))
        session.execute(delete(Product).where(Product.id == first))
    assert find(names, '木耳') == ['autumn']


def test_tokens_are_unique_and_keep_their_order() -> None:
    assert search_tokens('木耳', '木耳 5.5KG') == '木 耳 木耳 muer er me 5点5kg'
    assert search_tokens('', '——', '😀') == ''


def test_a_character_without_a_sound_keeps_its_neighbours() -> None:
    assert 'mu' in search_tokens('木𠀂').split()
    assert '木𠀂' in search_tokens('木𠀂').split()


def terms_of(query: str) -> tuple[SearchTerm, ...]:
    return tuple(term for word in read_query(query) for term in word.spellings[0])


def test_a_query_is_cut_into_words_and_these_into_pairs() -> None:
    assert terms_of('黑木耳 蓝莓酒 5.5kg h') == (
        SearchTerm('黑木'),
        SearchTerm('木耳'),
        SearchTerm('蓝莓'),
        SearchTerm('酒'),
        SearchTerm('5点5kg', is_prefix=True),
        SearchTerm('h'),
    )
    assert len(terms_of('a1 b2 c3 d4 e5 f6 g7 h8 i9 j1 k2 l3 m4 n5 o6 p7 q8 r9 s1')) == MAX_TERMS


def test_traditional_characters_find_simplified_ones_and_the_other_way_round(names: dict[int, str]) -> None:
    gift = make_product(name='長白山藍莓乾 禮盒')
    with transaction():
        db.session.merge(gift).search_tokens = search_tokens(gift.name)
    names[gift.id] = 'gift'
    assert find(names, '藍莓') == find(names, '蓝莓') == ['wine', 'gift']
    assert find(names, '禮盒') == find(names, '礼盒') == find(names, 'lihe') == ['gift']
    assert find(names, '藍莓', is_exact=True) == ['gift']
    assert simplified('乾') == '干'


SYNONYMS = {'雪蛤': ('林蛙油', '雪蛤', '哈士蟆'), '哈士蟆': ('林蛙油', '雪蛤', '哈士蟆'), '云耳': ('木耳', '云耳')}


def test_a_synonym_finds_what_its_group_finds(names: dict[int, str]) -> None:
    assert find(names, '哈士蟆') == []
    assert find(names, '哈士蟆', synonyms=SYNONYMS) == ['frog']
    assert find(names, '长白山云耳250g', synonyms=SYNONYMS) == ['fungus']
    assert find(names, '雲耳', synonyms=SYNONYMS) == ['fungus', 'autumn']
    assert find(names, '云耳', synonyms=SYNONYMS, is_exact=True) == []
    assert [word.synonyms for word in read_query('云耳 酒', SYNONYMS)] == [('木耳',), ()]


def test_every_piece_that_may_have_synonyms_is_looked_up() -> None:
    assert spans_of('秋木耳 250g 參') == ['秋木耳', '秋木', '木耳', '250g', '参']


@pytest.mark.parametrize('typed', ['heimur', 'heimueer', 'heimuar', 'hiemuer', 'hemuer'])
def test_a_letter_missing_too_many_wrong_or_swapped_is_forgiven(names: dict[int, str], typed: str) -> None:
    words = read_query(typed)
    assert find(names, typed) == []
    found = list(
        db.session.scalars(select(Product.search_tokens).where(matches(with_neighbours(words), dialect_name())))
    )
    assert correct_words(words, found) == {typed: 'heimuer'}


def test_short_words_are_not_corrected_and_right_ones_stay() -> None:
    assert with_neighbours(read_query('hme 木耳')) == read_query('hme 木耳')
    assert correct_words(read_query('heimuer lanmi'), ['heimuer lanmei']) == {'lanmi': 'lanmei'}
    assert correct_words(read_query('lanmi'), ['蓝莓']) == {}


@given(st.text('abc', min_size=1, max_size=5))
def test_neighbours_are_exactly_the_words_one_edit_away(word: str) -> None:
    found = one_edit_away(word)
    assert len(found) == len(set(found))
    assert word not in found
    assert all(word in one_edit_away(other) for other in found if len(other) <= 6)


@pytest.mark.parametrize(
    ('word', 'text', 'heard'),
    [
        ('heimu', '沟口黑木耳', '黑木'),
        ('hme', '沟口黑木耳', '黑木耳'),
        ('muer', '秋木耳', '木耳'),
        ('kg', '5kg 秋木耳', ''),
    ],
)
def test_what_a_pinyin_word_was_found_by_can_be_said(word: str, text: str, heard: str) -> None:
    assert heard_in(word, text) == heard


@given(st.text(max_size=60))
def test_the_embedded_index_takes_every_token_as_one_word(text: str) -> None:
    tokens = search_tokens(text)
    connection = sqlite3.connect(':memory:')
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(tokens, tokenize='unicode61')")
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(words, 'row')")
    connection.execute('INSERT INTO words VALUES (?)', (tokens,))
    assert {term for (term,) in connection.execute('SELECT term FROM terms')} == set(tokens.split())
    connection.close()
