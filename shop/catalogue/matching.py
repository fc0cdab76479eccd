"""The condition that a product answers a query, in the words of either database."""

from sqlalchemy import ColumnElement, Integer, cast, column, false, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from shop.catalogue.terms import SearchQuery, SearchTerm, SearchWord, Spelling


def matches(words: SearchQuery, dialect: str) -> ColumnElement[bool]:
    """Return the condition on `products` that every word is met; without words it is false.

    `dialect` is ``sqlite`` or ``postgresql``; the statement must read from `products` under its own name.
    """
    if not words:
        return false()
    if dialect == 'sqlite':
        index = table('products_fts', column('rowid'))
        holds = literal_column('products_fts').op('MATCH', is_comparison=True)(_fts5(words))
        return literal_column('products.id', Integer).in_(select(index.c.rowid).where(holds))
    vector = literal_column('products.search_vector', TSVECTOR)
    return vector.bool_op('@@')(cast(_tsquery(words), TSQUERY))


def _fts5(words: SearchQuery) -> str:
    """Write the words as an FTS5 expression; tokens hold nothing that would need escaping."""

    def term(one: SearchTerm) -> str:
        return f'"{one.token}"*' if one.is_prefix else f'"{one.token}"'

    def spelling(terms: Spelling) -> str:
        return f'({" AND ".join(map(term, terms))})'

    def word(one: SearchWord) -> str:
        return f'({" OR ".join(map(spelling, one.spellings))})'

    return ' AND '.join(map(word, words))


def _tsquery(words: SearchQuery) -> str:
    """Write the words as a tsquery; tokens hold nothing that would need escaping."""

    def term(one: SearchTerm) -> str:
        return f"'{one.token}':*" if one.is_prefix else f"'{one.token}'"

    def spelling(terms: Spelling) -> str:
        return f'({" & ".join(map(term, terms))})'

    def word(one: SearchWord) -> str:
        return f'({" | ".join(map(spelling, one.spellings))})'

    return ' & '.join(map(word, words))
