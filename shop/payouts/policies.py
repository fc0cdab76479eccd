"""Who may do what with a payout batch; pure, no queries."""

from shop.accounts.models import Role, User
from shop.payouts.models import PayoutBatch
from shop.reviews.policies import is_author
from shop.villages.models import Village
from shop.villages.scope import has_role_over

MAKERS = (Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
READERS = (Role.TOWNSHIP_REVIEWER, Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT, Role.AUDITOR)


def may_make(actor: User, village: Village) -> bool:
    """The village's secretary and team compute batches and write down what was handed over."""
    return any(has_role_over(actor, role, village) for role in MAKERS)


def may_confirm(actor: User, village: Village) -> bool:
    """Only the secretary confirms for the village."""
    return has_role_over(actor, Role.FIRST_SECRETARY, village)


def holds_review(actor: User, batch: PayoutBatch) -> bool:
    """The township of the village reviews, and decides about objections."""
    return has_role_over(actor, Role.TOWNSHIP_REVIEWER, batch.village)


def may_review(actor: User, batch: PayoutBatch) -> bool:
    """Nobody reviews what they computed or confirmed."""
    return holds_review(actor, batch) and not is_author(actor, (batch.computed_by_id, batch.confirmed_by_id))
