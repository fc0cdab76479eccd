"""Licences: numbers that can be right, the one that holds, and what happens when it no longer does."""

from datetime import date, timedelta

import pytest

from shop.kit.database import transaction
from shop.suppliers.licences import (
    current_licences,
    expired_licences,
    expiring_licences,
    is_food_licence_number,
)
from shop.suppliers.models import SupplierLicence
from shop.suppliers.queries import licences_running_out
from shop.suppliers.services import FoodLicenceError, LicenceEndedError, SupplierTakenError, renew_licence
from tests.factories.suppliers import make_licence, make_supplier
from tests.factories.villages import make_village

TODAY = date(2026, 6, 15)
RIGHT = 'SC10122050200032'


def licence(kind: str, expires_on: date | None) -> SupplierLicence:
    return SupplierLicence(kind=kind, number='1', expires_on=expires_on)


@pytest.mark.parametrize('number', [RIGHT, 'SC11622050200029', 'SC12622050200013', 'SC11922050200049'])
def test_a_licence_number_with_its_check_digit_can_be_right(number):
    assert is_food_licence_number(number)


def test_every_other_check_digit_is_wrong():
    assert [digit for digit in '0123456789' if is_food_licence_number(RIGHT[:-1] + digit)] == ['2']


def test_one_wrong_digit_anywhere_is_noticed():
    wrong = [
        RIGHT[:at] + digit + RIGHT[at + 1 :] for at in range(2, 16) for digit in '0123456789' if digit != RIGHT[at]
    ]
    assert len(wrong) == 126
    assert not any(is_food_licence_number(number) for number in wrong)


@pytest.mark.parametrize(
    'number',
    ['', 'SC', RIGHT[:-1], RIGHT + '0', 'QS220502000001', 'SC３0122050200032', 'sc10122050200032', RIGHT + '\n'],
)
def test_what_has_another_form_is_no_licence_number(number):
    assert not is_food_licence_number(number)


def test_a_renewed_licence_stands_for_the_one_before():
    old, new, ever = licence('许可证', TODAY), licence('许可证', TODAY.replace(year=2031)), licence('营业执照', None)
    assert current_licences([new, old, ever]) == [new, ever]
    assert expired_licences([old, new, ever], TODAY + timedelta(days=1)) == []
    assert expired_licences([old, ever], TODAY) == []
    assert expired_licences([old, ever], TODAY + timedelta(days=1)) == [old]


def test_the_warning_comes_thirty_days_ahead():
    ends = licence('许可证', TODAY + timedelta(days=30))
    assert expiring_licences([ends], TODAY) == [ends]
    assert expiring_licences([ends], TODAY - timedelta(days=1)) == []
    assert expiring_licences([licence('营业执照', None)], TODAY) == []


def test_a_village_sees_its_own_licences_the_most_urgent_first(app, clock_hand):
    village = make_village()
    later = make_licence(make_supplier(village), expires_on=clock_hand.day + timedelta(days=20))
    first = make_licence(make_supplier(village), expires_on=clock_hand.day - timedelta(days=1))
    make_licence(make_supplier(make_village('云盘岭村')), expires_on=clock_hand.day)
    found = licences_running_out(village.id, clock_hand.day)
    assert [one.id for _supplier, one in found] == [first.id, later.id]


def test_a_licence_is_renewed_once_it_holds_and_its_number_is_right(app, clock_hand):
    supplier, today = make_supplier(), clock_hand.day
    taken = make_licence(supplier, kind='食品生产许可证')
    mine = make_licence(make_supplier(supplier.village), kind='食品生产许可证', expires_on=today)
    for number, end, error in (
        (RIGHT, today, LicenceEndedError),
        (RIGHT[:-1] + '3', today + timedelta(days=1), FoodLicenceError),
    ):
        with pytest.raises(error), transaction():
            renew_licence(mine, number=number, expires_on=end, on=today)
    with transaction():
        renew_licence(taken, number=RIGHT, expires_on=None, on=today)
    with pytest.raises(SupplierTakenError), transaction():
        renew_licence(mine, number=RIGHT, expires_on=today + timedelta(days=1), on=today)
    assert (mine.expires_on, taken.number) == (today, RIGHT)
