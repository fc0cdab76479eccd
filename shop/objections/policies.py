"""Who may read and who may decide an objection; pure, no queries of their own."""

from collections.abc import Collection

from shop.accounts.models import Role, User
from shop.objections.models import Objection
from shop.reviews.policies import is_author
from shop.villages.scope import has_role_over

READERS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)
DECIDERS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT)


def may_read(actor: User, objection: Objection) -> bool:
    """The departments and the auditors of the place read objections; the village only learns that there is one."""
    return any(has_role_over(actor, role, objection.endorsement.product.village) for role in READERS)


def may_decide(actor: User, objection: Objection, author_ids: Collection[int | None]) -> bool:
    """The county's or the city's department decides, unless it wrote what is objected to."""
    village = objection.endorsement.product.village
    return any(has_role_over(actor, role, village) for role in DECIDERS) and not is_author(actor, author_ids)
