"""What forms and pages ask about villages."""

from sqlalchemy import select

from shop.kit.database import db
from shop.villages.models import Household


def register_of(village_id: int) -> list[Household]:
    """Return the households of a village's register, in its order."""
    return list(
        db.session.scalars(select(Household).where(Household.village_id == village_id).order_by(Household.ordinal))
    )
