"""Who may write an agreement."""

from shop.accounts.models import VILLAGE_ROLES, User
from shop.villages.models import Village
from shop.villages.scope import has_role_over


def may_draft_agreement(actor: User, village: Village) -> bool:
    """The secretary and the team members of the village write its agreements; nobody else."""
    return any(has_role_over(actor, role, village) for role in VILLAGE_ROLES)
