"""The sunshine board: what anybody may check, without a household being shown."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.ledger.models import DaySeal
from shop.statistics.metrics import METRICS
from shop.statistics.tallies import Headline, by_county, headline
from shop.villages.models import Tenure, Village

SEALS = 10


@dataclass(frozen=True)
class SunshineBoard:
    """What the board shows; `by_county` has rows in the official order and the repeats."""

    tally: Headline
    by_county: Any
    metrics: list[Any]
    notices: list[Endorsement]
    seals: list[DaySeal]


def open_sunshine_board(*, on: date) -> SunshineBoard:
    """Return the board as of a day."""
    notices = db.session.scalars(
        select(Endorsement)
        .where(Endorsement.status == EndorsementStatus.ON_NOTICE)
        .order_by(Endorsement.notice_ends_on, Endorsement.id)
        .options(
            joinedload(Endorsement.product).joinedload(Product.village).joinedload(Village.county),
            joinedload(Endorsement.tenure).joinedload(Tenure.secretary),
        )
    ).all()
    seals = db.session.scalars(select(DaySeal).order_by(DaySeal.day.desc()).limit(SEALS)).all()
    return SunshineBoard(headline(on), by_county(on), list(METRICS.values()), list(notices), list(seals))
