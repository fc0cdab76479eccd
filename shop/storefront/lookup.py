"""What the words of a query stand for, and the names a list stands between: all in one statement."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Row, Select, String, cast, literal_column, select, union_all
from sqlalchemy.orm import aliased

from shop.catalogue.models import Brand, Category
from shop.catalogue.search import cut_words, is_han, simplified
from shop.catalogue.search_synonym import SearchSynonym
from shop.catalogue.terms import SearchQuery, Synonyms, read_query, spans_of
from shop.kit.database import db
from shop.regions.models import Region, RegionLevel
from shop.storefront.wishes import Facet, Wish
from shop.villages.models import FirstSecretary, Village

NAME_LENGTHS = range(2, 9)
SYNONYM = 'synonym'
LEAST_SOUND = 3  # letters from which pinyin may stand for a synonym
SECRETARY = 'secretary'


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


def look_up(query: str) -> Sought:
    """Read a query."""
    parts = _parts(query, is_exact=False)
    return _sought(query, db.session.execute(union_all(*parts)).all() if parts else [], is_exact=False)


def look_up_wish(wish: Wish) -> tuple[Sought, Sequence[Row[Any]]]:
    """Read the query of a wish, and return the rows of all counties and shelves and the chosen villages and brands.

    Each row says its kind (the facet's name), value, name, number (its id) and place.
    """
    parts = [*NAMES, *_parts(wish.query, is_exact=wish.is_exact)]
    for facet, table in ((Facet.VILLAGE, Village), (Facet.BRAND, Brand)):
        if wish.values(facet):
            parts.append(named(facet.value, table.slug, table.name, table.id).where(table.slug.in_(wish.values(facet))))
    rows = db.session.execute(union_all(*parts)).all()
    return _sought(wish.query, rows, is_exact=wish.is_exact), rows


def named(kind: str, value: Any, name: Any, number: Any, place: Any = None) -> Select[Any]:
    """Select names in the columns that everything looked up shares; `kind` is a fixed word, never anything typed."""
    return select(
        literal_column(f"'{kind}'", String).label('kind'),
        value.label('value'),
        name.label('name'),
        number.label('number'),
        cast(number if place is None else place, Integer).label('place'),
    )


NAMES = (
    named(Facet.COUNTY.value, Region.code, Region.name, Region.id, Region.position).where(
        Region.level == RegionLevel.COUNTY
    ),
    named(Facet.CATEGORY.value, Category.slug, Category.name, Category.id, Category.position),
)


def _parts(query: str, *, is_exact: bool) -> list[Select[Any]]:
    parts = []
    names = _names_in(query)
    spans = [] if is_exact or not query else spans_of(query)
    if spans:
        other = aliased(SearchSynonym)
        synonyms = named(SYNONYM, SearchSynonym.word, other.word, other.position)
        parts.append(
            synonyms.join(other, other.group_id == SearchSynonym.group_id).where(SearchSynonym.word.in_(spans))
        )
        heard = named(SYNONYM, SearchSynonym.sound, other.word, other.position)
        sounds = [span for span in spans if span.isascii() and len(span) >= LEAST_SOUND]
        if sounds:
            parts.append(
                heard.join(other, other.group_id == SearchSynonym.group_id).where(SearchSynonym.sound.in_(sounds))
            )
    if names:
        people = named(SECRETARY, FirstSecretary.name, FirstSecretary.name, FirstSecretary.id)
        parts.append(
            people.where(FirstSecretary.name.in_({*names, *names.values()}), FirstSecretary.is_name_hidden.is_(False))
        )
    return parts


def _sought(query: str, rows: Iterable[Row[Any]], *, is_exact: bool) -> Sought:
    if not query:
        return Sought()
    found: dict[str, list[str]] = defaultdict(list)
    people: dict[str, set[int]] = defaultdict(set)
    for row in sorted((row for row in rows if row.kind in {SYNONYM, SECRETARY}), key=lambda row: row.place):
        if row.kind == SYNONYM:
            found[row.value].append(row.name)
        else:
            people[row.value].add(row.number)
    synonyms = {word: tuple(dict.fromkeys(others)) for word, others in found.items()}
    names = _names_in(query)
    spoken = {piece: people.get(piece, set()) | people.get(plain, set()) for piece, plain in names.items()}
    rest = ' '.join(piece for piece in query.split() if not spoken.get(piece))
    return Sought(
        query,
        read_query(rest, synonyms, is_exact=is_exact),
        tuple((read_query(piece, is_exact=True), tuple(sorted(ids))) for piece, ids in spoken.items() if ids),
        synonyms,
    )


def _names_in(query: str) -> dict[str, str]:
    """Return the pieces of a query that may be somebody's name, with what they are in simplified characters."""
    return {
        piece: simplified(piece)
        for piece in query.split()
        if len(piece) in NAME_LENGTHS and cut_words(piece) == [piece] and is_han(piece)
    }
