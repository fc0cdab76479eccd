"""The demo accounts: one per role, all with the same password, all marked as demo."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from shop.accounts.models import Role, User
from shop.accounts.services import hash_password
from shop.demo import words
from shop.demo.buyers import new_buyer
from shop.demo.people import Officials, add_user, grant
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.stage import VillagePlan
from shop.demo.trade import Buyer
from shop.orders.basket import Address

PASSWORD = 'yanshi2026'  # noqa: S105  public, for the demo alone
# The login names in the order in which they are shown; the labels are the roles', the consumer has none.
LOGIN_NAMES = {
    'guke': None,
    'shuji': Role.FIRST_SECRETARY,
    'duiyuan': Role.TEAM_MEMBER,
    'xiangzhen': Role.TOWNSHIP_REVIEWER,
    'xian': Role.COUNTY_DEPARTMENT,
    'shi': Role.CITY_DEPARTMENT,
    'shenji': Role.AUDITOR,
    'guanli': Role.ADMINISTRATOR,
    'caigou': Role.INSTITUTION_BUYER,
    'shenpi': Role.INSTITUTION_APPROVER,
    'caiwu': Role.INSTITUTION_FINANCE,
}


@dataclass(slots=True)
class Accounts:
    """Who signs in at the demo: the ids of their users, and the consumer as a buyer."""

    consumer: Buyer
    user_ids: dict[str, int]


def appoint_accounts(
    rows: Rows, rng: Random, period: Period, city_region_id: int, home: VillagePlan, officials: Officials
) -> Accounts:
    """Let one person of each role sign in; the officials are those the home village reports to."""
    at = office_time(rng, period.first - timedelta(days=2))
    auditor = add_user(rows, 'shenji', words.person_name(rng), at)
    grant(rows, auditor, Role.AUDITOR, at=at, region_id=city_region_id)
    administrator = add_user(rows, 'guanli', words.person_name(rng), at)
    grant(rows, administrator, Role.ADMINISTRATOR, at=at)
    consumer = new_buyer(rng, add_user(rows, 'guke', words.person_name(rng), at), '')
    assert consumer.user_id is not None
    user_ids = {
        'guke': consumer.user_id,
        'shuji': home.present.user_id,
        'duiyuan': home.member_ids[0],
        'xiangzhen': home.township_reviewer_id,
        'xian': home.county_reviewer_id,
        'shi': officials.city,
        'shenji': auditor,
        'guanli': administrator,
    }
    consumer.name = rows.of(User)[consumer.user_id - 1]['name']
    for login_name, user_id in user_ids.items():
        row = rows.of(User)[user_id - 1]
        row['login_name'] = login_name
        row['name'] = f'{row["name"]}（演示）'
        row['password_hash'] = hash_password(PASSWORD)
    _add_addresses(rows, rng, consumer)
    return Accounts(consumer, user_ids)


def _add_addresses(rows: Rows, rng: Random, consumer: Buyer) -> None:
    second = words.buyer_address(rng)
    first = (consumer.province, consumer.city, consumer.county, consumer.street)
    other = (second.province, second.city, second.county, second.street)
    for is_default, (province, city, county, street) in ((True, first), (False, other)):
        rows.add(
            Address,
            user_id=consumer.user_id,
            recipient=consumer.name,
            phone=consumer.phone,
            province_code=province,
            city_code=city,
            county_code=county,
            street=street,
            is_default=is_default,
        )
