"""Chinese full-text search: the tokens a product is found by, and the clause that finds it."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import rjieba
from pypinyin import Style, lazy_pinyin
from sqlalchemy import ColumnElement, Integer, cast, column, false, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

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

    `dialect` is ``sqlite`` or ``postgresql``; the statement must read from `products` under its own name.
    Any text is allowed; none is an error.
    """
    terms = query_terms(query)
    if not terms:
        return false()
    if dialect == 'sqlite':
        index = table('products_fts', column('rowid'))
        holds = literal_column('products_fts').op('MATCH', is_comparison=True)(_fts5(terms))
        return literal_column('products.id', Integer).in_(select(index.c.rowid).where(holds))
    vector = literal_column('products.search_vector', TSVECTOR)
    return vector.bool_op('@@')(cast(_tsquery(terms), TSQUERY))


def _words(text: str) -> list[str]:
    """Cut into runs of ideographs, and words and numbers with their unit: ``5.5kg``."""
    plain = unicodedata.normalize('NFKC', text).lower()
    return _WORD.findall(plain[:MAX_TEXT])


def _bigrams(run: str) -> list[str]:
    """Return each two neighbours of a run; none for a single ideograph."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _han_tokens(run: str) -> list[str]:
    """Return what a run of ideographs is found by."""
    syllables = lazy_pinyin(run, style=Style.NORMAL, errors=_apart, v_to_u=False)
    syllables = [_IS_HAN.sub('', syllable) for syllable in syllables]
    starts = range(len(run))
    sounds = (''.join(syllables[at : at + PINYIN_SPAN]) for at in starts)
    initials = (''.join(syllable[:1] for syllable in syllables[at : at + PINYIN_SPAN]) for at in starts)
    return [*run, *_bigrams(run), *filter(None, sounds), *(token for token in initials if len(token) > 1)]


def _apart(unknown: str) -> Any:
    """Keep ideographs without a known sound apart, so that sounds stay beside their ideographs."""
    return list(unknown)


def _encode(word: str) -> str:
    """Return the word as one token on both databases."""
    return word[:MAX_TOKEN].replace('.', _DECIMAL_POINT)


def _fts5(terms: tuple[SearchTerm, ...]) -> str:
    """Write the terms as an FTS5 expression; tokens hold nothing that would need escaping."""
    return ' AND '.join(f'"{term.token}"*' if term.is_prefix else f'"{term.token}"' for term in terms)


def _tsquery(terms: tuple[SearchTerm, ...]) -> str:
    """Write the terms as a tsquery; tokens hold nothing that would need escaping."""
    return ' & '.join(f"'{term.token}':*" if term.is_prefix else f"'{term.token}'" for term in terms)
