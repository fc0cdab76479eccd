"""Employees whose own purchases count to their institution as well, if both agree."""

import pytest

from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.ledger.checks import find_faults
from shop.procurement.employment import EmploymentStatus
from shop.procurement.employments import (
    ask_employment,
    credit_checkout,
    credited_sales,
    decide_employment,
    employment_of,
    end_employment,
)
from tests.factories.accounts import make_user
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import pay, place
from tests.factories.procurement import link_employee, make_institution, make_people

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


def buy(employee, product, *, credited=True):
    checkout = place((product, 1), actor=employee)
    with transaction():
        credit = credit_checkout(checkout, actor=employee, at=clock.now()) if credited else None
        has_credit = credit is not None
    pay(checkout)
    return has_credit


def test_three_people_make_a_sum_and_fewer_none():
    institution = make_institution()
    buyer, _ = make_people(institution)
    product = make_listed_product(stock=50, price_fen=3000)
    assert (credited_sales(institution.id).people, credited_sales(institution.id).amount_fen) == (0, 0)
    for number in range(1, 4):
        employee = make_user()
        link_employee(institution, buyer, employee)
        assert buy(employee, product)
        buy(employee, product, credited=False)
        found = credited_sales(institution.id)
        assert (found.people, found.orders) == (number, number)
        assert found.amount_fen == (9_000 if number == 3 else None)
    assert find_faults() == []


def test_it_needs_both_and_ends_with_either():
    institution = make_institution('市第一中学')
    buyer, _ = make_people(institution)
    product = make_listed_product(stock=50)
    employee = make_user()
    with pytest.raises(BusinessError, match='全称'), transaction():
        ask_employment('市第一', actor=employee, at=clock.now())
    with transaction():
        employment = ask_employment(' 市第一中学 ', actor=employee, at=clock.now())
    assert not buy(employee, product), 'the institution has not agreed'
    with pytest.raises(BusinessError, match='先解除'), transaction():
        ask_employment('市第一中学', actor=employee, at=clock.now())
    with pytest.raises(NotFoundError), transaction():
        decide_employment(make_institution(), employment.id, EmploymentStatus.LINKED, actor=buyer, at=clock.now())
    with pytest.raises(BusinessError, match='自己的申请'), transaction():
        decide_employment(institution, employment.id, EmploymentStatus.LINKED, actor=employee, at=clock.now())
    with transaction():
        decide_employment(institution, employment.id, EmploymentStatus.LINKED, actor=buyer, at=clock.now())
    assert buy(employee, product)
    with transaction():
        end_employment(actor=employee, at=clock.now())
    assert employment_of(employee) is None
    assert not buy(employee, product), 'leaving ends the credit to come'
    assert credited_sales(institution.id).orders == 1, 'what was credited stays'
    with pytest.raises(NotFoundError), transaction():
        end_employment(actor=employee, at=clock.now())


def test_a_checkout_of_somebody_else_is_not_credited():
    institution = make_institution()
    buyer, _ = make_people(institution)
    employee = make_user()
    link_employee(institution, buyer, employee)
    checkout = place((make_listed_product(), 1), actor=make_user())
    with transaction():
        assert credit_checkout(checkout, actor=employee, at=clock.now()) is None
