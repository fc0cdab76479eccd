"""The one place where payouts read households' bank accounts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.accounts.models import Role, User
from shop.households.consents import open_bank_accounts
from shop.households.numbers import NumberKeys
from shop.kit.database import db
from shop.villages.models import Household


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a household's money goes, in clear: it goes into the file for the bank and nowhere else.

    The register knows no bank by name: the number says which one it is.
    """

    number: str
    holder: str
    bank: str = ''


def bank_accounts_of(
    household_ids: Collection[int], *, keys: NumberKeys, actor: User, reason: str, at: datetime
) -> Mapping[int, BankAccount]:
    """Return the accounts of these households, opened for this reason by the first secretary; each reading is kept."""
    numbers = open_bank_accounts(household_ids, reason=reason, keys=keys, role=Role.FIRST_SECRETARY, actor=actor, at=at)
    holders = db.session.execute(select(Household.id, Household.head_name).where(Household.id.in_(list(numbers))))
    return {household_id: BankAccount(numbers[household_id], name) for household_id, name in holders}
