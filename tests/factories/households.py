"""What stands beside households: the vocabulary, consents, numbers, pairings."""

from sqlalchemy import select

from shop.accounts.models import User
from shop.households.consents import give_consent, keep_number
from shop.households.models import ConsentMeans, NumberKind
from shop.households.numbers import NumberKeys, id_check, luhn_check
from shop.kit import clock
from shop.kit.database import db
from shop.villages.models import Household, HouseholdStatusKind
from tests.factories.building import building, next_number

KEYS = NumberKeys(seal='test', digest='test')


def id_number(serial: int, born: str = '19500102') -> str:
    """A right ID number of nobody: no division begins with 99."""
    first = f'990100{born}{serial:03d}'
    return first + id_check(first)


def card_number(serial: int) -> str:
    """A right card number of no bank."""
    first = f'999999{serial:012d}'
    return first + luhn_check(first)


@building
def make_status_kind(name: str = '已脱贫享受政策') -> HouseholdStatusKind:
    """A word of the vocabulary; asking twice gives the same one."""
    kind = db.session.scalar(select(HouseholdStatusKind).where(HouseholdStatusKind.name == name))
    if kind is None:
        number = next_number()
        kind = HouseholdStatusKind(code=f'kind_{number}', name=name, position=number)
        db.session.add(kind)
    return kind


@building
def make_number(household: Household, number: str, *, actor: User, kind: NumberKind = NumberKind.ID_NUMBER) -> None:
    """A consent of today and the number that rests on it."""
    at = clock.now()
    give_consent(
        household, kind.consent, given_on=clock.today(), means=ConsentMeans.PAPER, paper='', actor=actor, at=at
    )
    keep_number(household, kind, number, keys=KEYS, actor=actor, at=at)
