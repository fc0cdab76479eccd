"""The county index and the page of one county: own figures, villages, goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.photos.models import Photo
from shop.regions.models import Region, RegionLevel
from shop.statistics.maps import MapCounty, draw_map
from shop.statistics.places import Level, Scope
from shop.statistics.sales import sales_cells, sources
from shop.statistics.summaries import summarise
from shop.statistics.tallies import Breakdown, Headline, Line, breakdown, headline
from shop.storefront.cards import ProductCard
from shop.storefront.sunshine import last_months
from shop.storefront.villages import VillageCard, newest_cards, village_cards
from shop.villages.models import Village

GOODS = 8
NO_RATE = (0, 0, 0)


@dataclass(frozen=True)
class CountyIndex:
    """The counties in the official order, each with its figures, a picture of one of its villages, and the map."""

    tally: Headline
    table: Breakdown
    photos: dict[int, Photo]

    @property
    def map(self) -> Sequence[MapCounty]:
        """The counties as they lie to one another; no colour, because counties are not ranked."""
        return draw_map([(line, NO_RATE) for line in self.table.rows])


@dataclass(frozen=True)
class CountyPage:
    """A county with its own figures, its villages and the newest of its goods."""

    county: Region
    tally: Headline
    table: Breakdown
    months: list[tuple[date, int]]
    villages: list[VillageCard]
    cards: list[ProductCard]
    photo: Photo | None

    @property
    def lines(self) -> list[tuple[VillageCard, Line]]:
        """The villages with their lines of the table."""
        found = {line.place.id: line for line in self.table.rows}
        return [(card, found[card.village_id]) for card in self.villages if card.village_id in found]


def open_county_index(*, on: date) -> CountyIndex:
    """Return the counties as of a day."""
    parts = sources(on)
    tally = headline(on, parts=parts)
    table = breakdown(on, level=Level.COUNTY, total=tally.figures, parts=parts)
    return CountyIndex(tally, table, _photos())


def open_county_page(code: str, *, on: date) -> CountyPage:
    """Return the page of a county by its division code; raises `NotFoundError`."""
    county = db.session.scalar(select(Region).where(Region.code == code, Region.level == RegionLevel.COUNTY))
    if county is None:
        raise NotFoundError
    scope, parts = Scope(county_id=county.id), sources(on)
    tally = headline(on, scope=scope, parts=parts)
    villages = village_cards(on=on, county=county.code)
    return CountyPage(
        county=county,
        tally=tally,
        table=breakdown(on, scope, Level.VILLAGE, total=tally.figures, parts=parts),
        months=last_months(summarise(sales_cells(parts, scope), on)),
        villages=villages,
        cards=newest_cards(Village.county_id == county.id, limit=GOODS),
        photo=next((card.photo for card in villages if card.photo is not None), None),
    )


def _photos() -> dict[int, Photo]:
    """Return, per county, the picture of its first village that has one."""
    rows = db.session.execute(
        select(Village.county_id, Photo)
        .join(Photo, Photo.id == Village.photo_id)
        .order_by(Village.township_id.desc(), Village.position.desc())
    )
    return {row[0]: row[1] for row in rows}
