"""The public page of a first secretary: the tenures with what each brought about, and the goods spoken for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.statistics.places import Level, Scope
from shop.statistics.sales import sources
from shop.statistics.subjects import tenures_of
from shop.statistics.tallies import Figures, Headline, breakdown, headline
from shop.storefront.cards import ProductCard
from shop.storefront.villages import newest_cards
from shop.villages.models import FirstSecretary, Tenure, TenureStatus, Village


@dataclass(frozen=True)
class SecretaryPage:
    """A secretary with the tenures, the newest first; figures are those of the tenures together and by village."""

    secretary: FirstSecretary
    tenures: Sequence[Tenure]
    cards: list[ProductCard]
    tally: Headline
    by_village: dict[int, Figures]


def open_secretary_page(slug: str, *, on: date) -> SecretaryPage:
    """Return the page of a secretary; raises `NotFoundError`, also for one whose name is hidden."""
    secretary = db.session.scalar(
        select(FirstSecretary).where(FirstSecretary.slug == slug).options(joinedload(FirstSecretary.photo))
    )
    if secretary is None or secretary.is_name_hidden:
        raise NotFoundError
    tenures = db.session.scalars(
        select(Tenure)
        .where(Tenure.secretary_id == secretary.id, Tenure.status != TenureStatus.PLANNED)
        .order_by(Tenure.starts_on.desc())
        .options(
            joinedload(Tenure.village).options(joinedload(Village.county), joinedload(Village.photo)),
            joinedload(Tenure.sponsor_unit),
        )
    ).all()
    ids = [tenure.id for tenure in tenures]
    villages = select(Tenure.village_id).where(Tenure.id.in_(ids))
    scope, parts = Scope(within=villages, subject=tenures_of(*ids)), sources(on)
    tally = headline(on, scope=scope, parts=parts)
    table = breakdown(on, scope, Level.VILLAGE, total=tally.figures, parts=parts)
    return SecretaryPage(
        secretary=secretary,
        tenures=tenures,
        cards=newest_cards(Endorsement.tenure_id.in_(ids)),
        tally=tally,
        by_village={line.place.id: line.figures for line in table.rows},
    )
