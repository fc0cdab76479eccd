"""The home page: what the campaign reached, what is in season, and where it comes from."""

from dataclasses import dataclass
from datetime import date

from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.statistics.tallies import Headline, headline
from shop.storefront.cards import ProductCard, cards_of, listed_products
from shop.storefront.listing import Choice, categories_on_sale, counties_on_sale
from shop.storefront.villages import VillageCard, village_cards

CARDS = 8
VILLAGES = 4


@dataclass(frozen=True)
class HomePage:
    """What the home page shows."""

    tally: Headline
    cards: list[ProductCard]
    categories: list[Choice]
    counties: list[Choice]
    villages: list[VillageCard]

    @property
    def example(self) -> ProductCard | None:
        """The card whose money is drawn: the first that gives so many fen per unit."""
        return next((card for card in self.cards if card.is_per_unit and card.benefit_fen), None)


def open_home_page(*, on: date) -> HomePage:
    """Return the home page as of a day."""
    newest = db.session.scalars(
        listed_products().order_by(Endorsement.listed_on.desc(), Product.id.desc()).limit(CARDS)
    ).all()
    return HomePage(
        tally=headline(on),
        cards=cards_of(newest),
        categories=categories_on_sale(),
        counties=counties_on_sale(),
        villages=village_cards(on=on, limit=VILLAGES),
    )
