"""Chinese full-text search: the tokens a product is found by, and the clause that finds it."""

import re
import unicodedata
from dataclasses import dataclass

import rjieba
from pypinyin import Style, lazy_pinyin
from sqlalchemy import ColumnElement, column, false, func, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.sql.expression import cast

MAX_TEXT = 4_000
MAX_QUERY = 64
MAX_TERMS = 16
MAX_TOKEN = 40
PINYIN_SPAN = 6

# The ideographs SQLite's unicode61 (Unicode 6.1) takes for letters; newer ones would split a token there.
_HAN = '\u3007\u3400-\u4db5\u4e00-\u9fcc\U00020000-\U0002a6d6'
_WORD = re.compile(rf'[{_HAN}]+|\d+(?:\.\d+)*[a-z]*|[a-z][a-z0-9]*', re.ASCII)
_IS_HAN = re.compile(f'[{_HAN}]')
# unicode61 splits at a dot; an ideograph between digits is a letter to it and occurs in no other token.
_DECIMAL_POINT = '点'

_products = table('products', column('id'), column('search_vector'))
_products_fts = table('products_fts', column('rowid'))


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One token a product must have; a prefix is satisfied by any token that starts with it."""

    token: str
    is_prefix: bool = False


def search_tokens(*texts: str) -> str:
    """Return the tokens of the texts, unique, in order of appearance, joined by spaces.

    Single ideographs, bigrams, pinyin and pinyin initials from every ideograph on, and words and numbers
    in lower case. Holds nothing but letters, digits and spaces, so both databases keep it as it is.
    """
    tokens: dict[str, None] = {}
    for text in texts:
        for word in _words(text[:MAX_TEXT]):
            tokens.update(dict.fromkeys(_han_tokens(word) if _IS_HAN.match(word) else [_encode(word)]))
    return ' '.join(tokens)


def query_terms(query: str) -> tuple[SearchTerm, ...]:
    """Cut what somebody typed into the terms that must all be met; empty when nothing in it can be searched for.

    Only the first `MAX_QUERY` characters and `MAX_TERMS` terms count.
    """
    terms: dict[SearchTerm, None] = {}
    for word in _words(query[:MAX_QUERY]):
        if not _IS_HAN.match(word):
            terms[SearchTerm(_encode(word), is_prefix=len(word) > 1)] = None
            continue
        for part in rjieba.cut(word):
            terms.update((SearchTerm(token), None) for token in (_bigrams(part) or [part]))
    return tuple(terms)[:MAX_TERMS]


def matches(query: str, dialect: str) -> ColumnElement[bool]:
    """Return the condition on `products` that every term of the query is met; without terms it is false.

    `dialect` is ``sqlite`` or ``postgresql``. Any text is allowed; none is an error.
    """
    terms = query_terms(query)
    if not terms:
        return false()
    if dialect == 'sqlite':
        found = select(_products_fts.c.rowid).where(literal(_fts5(terms)).op('=')(column('products_fts')))
        return _products.c.id.in_(found)
    return cast(_products.c.search_vector, TSVECTOR).op('@@', is_comparison=True)(cast(literal(_tsquery(terms)), TSQUERY))
