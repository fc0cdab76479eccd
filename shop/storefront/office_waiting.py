"""What waits for whoever reads the department's pages, by entry of its menu: one place, the same on every page."""

from shop.accounts.access import signed_in_user
from shop.aftersales.queries import waiting_in_scope
from shop.coupons.queries import drafts_waiting
from shop.earnings import queries as earnings
from shop.endorsements.agreement_queries import changes_due
from shop.endorsements.queries import due_count
from shop.objections.queries import open_count
from shop.payouts import queries as payouts

COUNTS = {
    'reviews': due_count,
    'agreements': changes_due,
    'objections': open_count,
    'earnings': earnings.waiting_count,
    'payouts': payouts.waiting_count,
    'aftersales': waiting_in_scope,
    'coupons': drafts_waiting,
}


def office_waiting() -> dict[str, int]:
    """Count what waits within the reader's scope; a statement per entry, asked only where the menu is shown."""
    user = signed_in_user()
    return {} if user is None else {entry: count(user) for entry, count in COUNTS.items()}
