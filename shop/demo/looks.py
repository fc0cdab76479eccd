"""What the demo's shopper agreed to, and who of desk and department looked at orders and households."""

from datetime import timedelta
from random import Random

from shop.accounts.access_log import order_list
from shop.accounts.consents import NOTICE_VERSION
from shop.accounts.models import Role
from shop.accounts.privacy_models import AccessEntry, AccessKind, ConsentKind, ConsentPlace, UserConsent
from shop.demo.period import Period
from shop.demo.rows import Rows
from shop.orders.models import Order
from shop.villages.models import Household

NEWEST = 30
LISTED = 10
HOUSEHOLDS = 6


def plan_looks(rows: Rows, seed: int, period: Period, village_id: int, user_ids: dict[str, int]) -> None:
    """Let the desk have opened its newest orders, one list and a sheet of them, and the department some households."""
    rng = Random(f'{seed}:looks')
    shopper = user_ids['guke']
    _consents(rows, period, shopper)
    paid = [
        (number, order)
        for number, order in enumerate(rows.of(Order), 1)
        if order['village_id'] == village_id and order['paid_at'] is not None
    ]
    # The shopper's own are among them, so that there is something to see.
    newest = sorted(paid[-NEWEST:] + [one for one in paid[:-NEWEST] if one[1]['user_id'] == shopper][-3:])
    found = []
    for _order_id, order in newest:
        at = order['paid_at'] + timedelta(minutes=rng.randrange(20, 600))
        who = rng.choice(('shuji', 'duiyuan'))
        found.append((at, who, AccessKind.ORDER, order['number'], ''))
    listed = order_list(order_id for order_id, _order in newest[-LISTED:])
    last = period.end - timedelta(hours=2)
    found += [
        (last, 'shuji', AccessKind.ORDERS, '', listed),
        (last + timedelta(minutes=4), 'shuji', AccessKind.SHIPPING_SHEET, '', listed),
    ]
    for household in [one for one in rows.of(Household) if one['village_id'] == village_id][:HOUSEHOLDS]:
        at = period.end - timedelta(days=rng.randrange(1, 20), minutes=rng.randrange(600))
        found.append((at, 'xian', AccessKind.HOUSEHOLD, household['number'], ''))
    roles = {'shuji': Role.FIRST_SECRETARY, 'duiyuan': Role.TEAM_MEMBER, 'xian': Role.COUNTY_DEPARTMENT}
    for at, who, kind, subject, order_ids in sorted(found, key=lambda one: one[0]):
        rows.add(
            AccessEntry,
            at=min(at, period.end),
            user_id=user_ids[who],
            role=roles[who].value,
            kind=kind,
            subject=subject,
            village_id=village_id,
            order_ids=order_ids,
        )


def _consents(rows: Rows, period: Period, shopper: int) -> None:
    at = period.end - timedelta(days=20)
    for kind, place in ((ConsentKind.NOTICE, ConsentPlace.ACCOUNT), (ConsentKind.LETTERS, ConsentPlace.CHECKOUT)):
        rows.add(
            UserConsent,
            user_id=shopper, kind=kind, version=NOTICE_VERSION, place=place, given_at=at, withdrawn_at=None,
        )  # fmt: skip
