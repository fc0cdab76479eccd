"""Who may act in a case for the village and for the department; pure, no queries of their own."""

from shop.accounts.models import VILLAGE_ROLES, Role, User
from shop.aftersales.models import AftersaleCase
from shop.villages.scope import has_role_over

READERS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)
DECIDERS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT)


def may_answer(actor: User, case: AftersaleCase) -> bool:
    """The first secretary answers for the village where money is given."""
    return has_role_over(actor, Role.FIRST_SECRETARY, case.order.village)


def may_handle(actor: User, case: AftersaleCase) -> bool:
    """Everybody at the village's desk handles goods: sends them, counts them, and shows what they found."""
    return any(has_role_over(actor, role, case.order.village) for role in VILLAGE_ROLES)


def is_party(actor: User, case: AftersaleCase) -> bool:
    """Whoever bought, works for the village, or has acted in the case before is party to it."""
    acted = {event.actor_id for event in case.events}
    return actor.id in acted | {case.order.user_id} or may_handle(actor, case)


def may_rule(actor: User, case: AftersaleCase) -> bool:
    """The county's or the city's department decides about its villages, and nobody who is party to the case."""
    has_scope = any(has_role_over(actor, role, case.order.village) for role in DECIDERS)
    return has_scope and not is_party(actor, case)
