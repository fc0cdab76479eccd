"""A query that found nothing, read again as if one letter of a word were wrong."""

from dataclasses import dataclass, replace

from shop.catalogue.models import Product
from shop.catalogue.search import cut_words
from shop.catalogue.terms import correct_words, may_be_mistyped, read_query, with_neighbours
from shop.kit.database import db
from shop.storefront.conditions import on_sale
from shop.storefront.lookup import Sought

SAMPLE = 50


@dataclass(frozen=True)
class Correction:
    """What was typed, what was searched instead."""

    typed: str
    used: str
    sought: Sought


def correct(sought: Sought) -> Correction | None:
    """Return the likeliest reading of a mistyped query, or None where it finds something as it is, or never would.

    The words are looked for together with everything one letter away; the goods found say which was meant.
    """
    if not may_be_mistyped(sought.words):
        return None
    if db.session.scalar(on_sale(sought).limit(1)) is not None:
        return None
    around = replace(sought, words=with_neighbours(sought.words))
    found = on_sale(around).with_only_columns(Product.search_tokens)
    corrected = correct_words(sought.words, list(db.session.scalars(found.order_by(Product.id).limit(SAMPLE))))
    if not corrected:
        return None
    used = ' '.join(corrected.get(word, word) for word in cut_words(sought.query))
    words = tuple(
        read_query(corrected[word.text], sought.synonyms)[0] if word.text in corrected else word
        for word in sought.words
    )
    return Correction(sought.query, used, replace(sought, query=used, words=words))
