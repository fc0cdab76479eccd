"""The home page: what the campaign reached, what is new on each shelf, who speaks for it, and where it comes from."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.statistics.places import WHOLE, Level
from shop.statistics.tallies import Figures, Headline, breakdown, headline
from shop.storefront.cards import ProductCard, cards_of, is_listed, listed_products
from shop.storefront.listing import Choice, categories_on_sale, counties_on_sale
from shop.storefront.villages import VillageCard, village_cards
from shop.villages.models import FirstSecretary, Tenure, Village

CARDS = 8
VILLAGES = 4
ENDORSEMENTS = 3


@dataclass(frozen=True)
class CountyCard:
    """A county in the row: goods on sale, villages with a secretary in office, households accrued."""

    code: str
    name: str
    goods: int
    villages: int
    households: int


@dataclass(frozen=True)
class HomePage:
    """What the home page shows."""

    tally: Headline
    cards: list[ProductCard]
    categories: list[Choice]
    counties: list[CountyCard]
    villages: list[VillageCard]
    endorsements: list[Endorsement]

    @property
    def example(self) -> ProductCard | None:
        """The card whose money is drawn: the first that gives so many fen per unit."""
        return next((card for card in self.cards if card.is_per_unit and card.benefit_fen), None)


def open_home_page(*, on: date) -> HomePage:
    """Return the home page as of a day."""
    tally = headline(on)
    return HomePage(
        tally=tally,
        cards=cards_of(_newest_of_each_shelf()),
        categories=categories_on_sale(),
        counties=_counties(tally),
        villages=village_cards(on=on, limit=VILLAGES),
        endorsements=_newest_endorsements(),
    )


def _newest_of_each_shelf() -> list[int]:
    """Return ids of goods on sale: the newest of every category, then the second newest, and so on."""
    place = (
        func.row_number()
        .over(partition_by=Product.category_id, order_by=(Endorsement.listed_on.desc(), Product.id.desc()))
        .label('place')
    )
    ranked = listed_products().add_columns(place, Endorsement.listed_on).subquery()
    rows = select(ranked.c.id).order_by(ranked.c.place, ranked.c.listed_on.desc(), ranked.c.id.desc()).limit(CARDS)
    return list(db.session.scalars(rows))


def _counties(tally: Headline) -> list[CountyCard]:
    lines = {line.place.code: line.figures for line in breakdown(tally.on, WHOLE, Level.COUNTY, total=tally).rows}
    return [_county(choice, lines.get(choice.value, Figures())) for choice in counties_on_sale()]


def _county(choice: Choice, figures: Figures) -> CountyCard:
    return CountyCard(choice.value, choice.name, choice.count or 0, figures.villages, figures.accrued)


def _newest_endorsements() -> list[Endorsement]:
    """Return the endorsements listed last, at most one of a tenure, with what their cards show."""
    newest = select(func.max(Endorsement.id)).where(is_listed()).group_by(Endorsement.tenure_id)
    return list(
        db.session.scalars(
            select(Endorsement)
            .where(Endorsement.id.in_(newest))
            .order_by(Endorsement.listed_on.desc(), Endorsement.id.desc())
            .limit(ENDORSEMENTS)
            .options(
                joinedload(Endorsement.product).joinedload(Product.village).joinedload(Village.county),
                joinedload(Endorsement.tenure).joinedload(Tenure.secretary).joinedload(FirstSecretary.photo),
            )
        )
    )
