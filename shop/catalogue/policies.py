"""Who may change a village's goods."""

from shop.accounts.models import VILLAGE_ROLES, User
from shop.villages.models import Village
from shop.villages.scope import has_role_over


def may_edit_goods(actor: User, village: Village) -> bool:
    """The secretary and the team members of the village keep its goods, stock and prices."""
    return any(has_role_over(actor, role, village) for role in VILLAGE_ROLES)
