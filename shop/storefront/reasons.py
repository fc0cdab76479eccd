"""Why a list shows what it shows, and the places, brands and shelves a query may have meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from shop.catalogue.search import cut_words, heard_in, is_han, simplified
from shop.catalogue.terms import SearchQuery
from shop.kit.words import listed
from shop.storefront.cards import ProductCard
from shop.storefront.correcting import Correction
from shop.storefront.facets import Facets
from shop.storefront.lookup import Sought
from shop.storefront.wishes import Facet, Wish

MOST_NEAR = 6


class ReasonKind(Enum):
    """In what way the words were understood."""

    TYPO = 'typo'
    TRADITIONAL = 'traditional'
    SYNONYM = 'synonym'
    PINYIN = 'pinyin'
    SECRETARY = 'secretary'


LOOSE = frozenset({ReasonKind.TYPO, ReasonKind.TRADITIONAL, ReasonKind.SYNONYM})


@dataclass(frozen=True)
class Reason:
    """How a word was understood: as typed, and as what it was taken."""

    kind: ReasonKind
    typed: str
    taken: str


@dataclass(frozen=True)
class Near:
    """A village, brand, shelf or county the query names, with its address."""

    kind: Facet
    name: str
    href: str


def reasons_for(
    sought: Sought, cards: Sequence[ProductCard], facets: Facets, correction: Correction | None
) -> list[Reason]:
    """Return how the query was understood, where that differs from what was typed; nothing for an empty page."""
    if not cards:
        return []
    reasons = [Reason(ReasonKind.SECRETARY, name, name) for name in sought.people]
    if correction is not None:
        reasons.append(Reason(ReasonKind.TYPO, correction.typed, correction.used))
    if sought.synonyms is not None:
        runs = [(run, simplified(run)) for run in cut_words(sought.query) if is_han(run)]
        reasons += [Reason(ReasonKind.TRADITIONAL, run, plain) for run, plain in runs if run != plain]
    for word in sought.words:
        if word.synonyms and any(word.text not in card.name.lower() for card in cards):
            reasons.append(Reason(ReasonKind.SYNONYM, word.text, listed(word.synonyms)))
        elif (
            correction is None and word.is_latin and len(word.text) > 1 and (heard := _heard(word.text, cards, facets))
        ):
            reasons.append(Reason(ReasonKind.PINYIN, word.text, heard))
    return reasons


def near_names(sought: Sought, facets: Facets) -> list[Near]:
    """Return the shelves, counties, villages and brands among the choices whose name the query is part of."""
    if not sought.words:
        return []
    found = [
        Near(facet, choice.name, address_of(facet, choice.value))
        for facet in (Facet.CATEGORY, Facet.COUNTY, Facet.VILLAGE, Facet.BRAND)
        for choice in facets.of(facet.value)
        if choice.count and is_named(sought.words, choice.name)
    ]
    return found[:MOST_NEAR]


def is_named(words: SearchQuery, name: str) -> bool:
    """Tell whether each word or a synonym of it is in a name, or sounds like part of it."""
    return bool(words) and all(
        any(text in name.lower() for text in (word.text, *word.synonyms))
        or (word.is_latin and len(word.text) > 1 and heard_in(word.text, name) != '')
        for word in words
    )


def address_of(facet: Facet, value: str) -> str:
    """Return the page of a village or brand, or the list of a shelf or county."""
    if facet is Facet.VILLAGE:
        return f'/villages/{value}'
    return f'/brands/{value}' if facet is Facet.BRAND else Wish().with_value(facet, value).address()


def _heard(word: str, cards: Sequence[ProductCard], facets: Facets) -> str:
    """Return the ideographs a Latin word was found by; nothing where the word itself stands in a name."""
    if any(word in card.name.lower() for card in cards):
        return ''
    return next(filter(None, (heard_in(word, name) for name in _names(cards, facets))), '')


def _names(cards: Sequence[ProductCard], facets: Facets) -> Iterable[str]:
    yield from (card.name for card in cards)
    yield from (card.summary for card in cards)
    for facet in (Facet.CATEGORY, Facet.VILLAGE, Facet.BRAND, Facet.COUNTY):
        yield from (choice.name for choice in facets.of(facet.value) if choice.count)
