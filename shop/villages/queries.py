"""What forms and pages ask about villages."""

from sqlalchemy import case, select
from sqlalchemy.orm import aliased

from shop.kit.database import db
from shop.villages.models import Household, VillageMerge


def comprised_villages(village_id: int) -> set[int]:
    """Return the village and those that were joined to it, directly or by way of another; one statement."""
    joined = select(VillageMerge.village_id).where(VillageMerge.into_id == village_id).cte(recursive=True)
    before = aliased(VillageMerge)
    joined = joined.union(select(before.village_id).join(joined, before.into_id == joined.c.village_id))
    return {village_id, *db.session.scalars(select(joined.c.village_id))}


def register_of(village_id: int) -> list[Household]:
    """Return the households of a village's register, in its order, then those of villages that were joined to it."""
    own_first = case((Household.village_id == village_id, 0), else_=1)
    return list(
        db.session.scalars(
            select(Household)
            .where(Household.village_id.in_(comprised_villages(village_id)))
            .order_by(own_first, Household.village_id, Household.ordinal)
        )
    )
