"""What the words of a query stand for: synonyms, and secretaries whose names are public."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import String, cast, literal, select, union_all
from sqlalchemy.orm import aliased

from shop.catalogue.models import SearchSynonym
from shop.catalogue.search import cut_words, is_han, simplified
from shop.catalogue.terms import SearchQuery, Synonyms, read_query, spans_of
from shop.kit.database import db
from shop.villages.models import FirstSecretary

NAME_LENGTHS = range(2, 9)


@dataclass(frozen=True)
class Sought:
    """A query as search takes it: words that must all be met, and words that may also be met by a secretary's goods."""

    query: str = ''
    words: SearchQuery = ()
    secretaries: tuple[tuple[SearchQuery, tuple[int, ...]], ...] = ()
    synonyms: Synonyms | None = None

    @property
    def people(self) -> list[str]:
        """The names of secretaries in the query."""
        return [''.join(word.text for word in words) for words, _ids in self.secretaries]


def look_up(query: str, *, is_exact: bool) -> Sought:
    """Read a query, in one statement."""
    if not query:
        return Sought()
    pieces = query.split()
    names = {piece: simplified(piece) for piece in pieces if _may_be_a_name(piece)}
    synonyms, people = _known([] if is_exact else spans_of(query), {*names, *names.values()})
    named = [piece for piece in names if piece in people or names[piece] in people]
    rest = ' '.join(piece for piece in pieces if piece not in named)
    return Sought(
        query,
        read_query(rest, synonyms, is_exact=is_exact),
        tuple(
            (read_query(piece, is_exact=True), tuple({*people.get(piece, ()), *people.get(names[piece], ())}))
            for piece in named
        ),
        synonyms,
    )


def _known(spans: list[str], names: set[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, list[int]]]:
    other = aliased(SearchSynonym)
    statement = union_all(
        select(
            cast(literal('synonym'), String).label('kind'),
            SearchSynonym.word.label('word'),
            other.word.label('other'),
            other.position.label('number'),
        )
        .join(other, other.group_id == SearchSynonym.group_id)
        .where(SearchSynonym.word.in_(spans)),
        select(
            cast(literal('secretary'), String), FirstSecretary.name, cast(literal(''), String), FirstSecretary.id
        ).where(FirstSecretary.name.in_(names), FirstSecretary.is_name_hidden.is_(False)),
    )
    synonyms: dict[str, list[str]] = defaultdict(list)
    people: dict[str, list[int]] = defaultdict(list)
    for kind, word, also, number in sorted(db.session.execute(statement).all(), key=lambda row: tuple(row)[::3]):
        if kind == 'synonym':
            synonyms[word].append(also)
        else:
            people[word].append(number)
    return {word: tuple(others) for word, others in synonyms.items()}, dict(people)


def _may_be_a_name(piece: str) -> bool:
    return len(piece) in NAME_LENGTHS and cut_words(piece) == [piece] and is_han(piece)
