"""Who may moderate and answer a review; pure, no queries of their own."""

from shop.accounts.models import VILLAGE_ROLES, User
from shop.orders.models import Order, OrderStatus
from shop.villages.models import Village
from shop.villages.scope import has_role_over


def may_moderate(actor: User, village: Village) -> bool:
    """The secretary and the team members of the very village the goods come from."""
    return any(has_role_over(actor, role, village) for role in VILLAGE_ROLES)


def is_reviewable(order: Order) -> bool:
    """Only who has received the goods may speak of them; a test order is nobody's purchase."""
    return order.status is OrderStatus.COMPLETED and not order.is_test
