"""Search finds Chinese by any two characters, by pinyin and by initials, the same on both databases."""

import sqlite3

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from shop.catalogue.models import Product, ProductPhoto, ProjectShare, Variant
from shop.catalogue.search import MAX_TERMS, SearchTerm, matches, query_terms, search_tokens
from shop.kit.database import db, transaction
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


def find(names: dict[int, str], query: str) -> list[str]:
    """Search, and answer with short names."""
    statement = select(Product.id).where(matches(query, db.engine.dialect.name)).order_by(Product.id)
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
    assert {query for query in found if not query_terms(query) and found[query]} == set()
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


def test_a_query_is_cut_into_words_and_these_into_pairs() -> None:
    assert query_terms('黑木耳 蓝莓酒 5.5kg h') == (
        SearchTerm('黑木'),
        SearchTerm('木耳'),
        SearchTerm('蓝莓'),
        SearchTerm('酒'),
        SearchTerm('5点5kg', is_prefix=True),
        SearchTerm('h'),
    )
    assert len(query_terms('a1 b2 c3 d4 e5 f6 g7 h8 i9 j1 k2 l3 m4 n5 o6 p7 q8 r9 s1')) == MAX_TERMS


@given(st.text(max_size=60))
def test_the_embedded_index_takes_every_token_as_one_word(text: str) -> None:
    tokens = search_tokens(text)
    connection = sqlite3.connect(':memory:')
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(tokens, tokenize='unicode61')")
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(words, 'row')")
    connection.execute('INSERT INTO words VALUES (?)', (tokens,))
    assert {term for (term,) in connection.execute('SELECT term FROM terms')} == set(tokens.split())
    connection.close()
