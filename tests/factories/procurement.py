"""Institutions with their people, and their orders at every point of their life."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from shop.accounts.models import Role, User
from shop.catalogue.models import Product, ReturnClass
from shop.kit import clock
from shop.kit.credit_codes import with_check_letter
from shop.kit.database import db
from shop.orders.models import Order
from shop.payments.models import Payment
from shop.payments.services import settle_payment
from shop.procurement.accepting import Found, accept_delivery
from shop.procurement.approval import approve_order
from shop.procurement.drafting import draft_order, submit_order
from shop.procurement.employment import Employment, EmploymentStatus
from shop.procurement.employments import ask_employment, decide_employment
from shop.procurement.following import confirm_arrival, follow_order
from shop.procurement.forms import OrderForm
from shop.procurement.institution import Institution, InstitutionStatus, step_of
from shop.procurement.models import ProcurementOrder
from shop.procurement.settling import record_invoice
from shop.regions.models import Region
from tests.factories.accounts import make_user
from tests.factories.building import building, next_number
from tests.factories.orders import ship
from tests.factories.regions import make_county

WINDOW = timedelta(days=3)


def credit_code(number: int) -> str:
    """A credit code with its right check letter."""
    return with_check_letter(f'1222050{number:010d}')


@building
def make_institution(
    name: str = '',
    *,
    region: Region | None = None,
    status: InstitutionStatus = InstitutionStatus.ADMITTED,
    applied_by: User | None = None,
) -> Institution:
    """An institution that may buy, without people."""
    number = next_number()
    institution = Institution(
        name=name or f'市第{number}中学',
        credit_code=credit_code(number),
        address='建设大街 1 号',
        phone='0435-7212345',
        region_id=(region or make_county()).id,
        status=status,
        applied_by_id=(applied_by or make_user()).id,
        applied_at=clock.now(),
        decided_at=None if status is InstitutionStatus.APPLIED else clock.now(),
    )
    institution.steps.append(step_of(None, status, None, clock.now(), ''))
    db.session.add(institution)
    return institution


def make_people(institution: Institution) -> tuple[User, User]:
    """Its buyer and its approver."""
    return (
        make_user(Role.INSTITUTION_BUYER, institution=institution, name='孙采购'),
        make_user(Role.INSTITUTION_APPROVER, institution=institution, name='高审批'),
    )


def order_form(*pieces: tuple[Product, int], heads: int = 10) -> OrderForm:
    """What the buyer types for these pieces."""
    return OrderForm(
        title='中秋慰问',
        heads=heads,
        budget_per_head_fen=50_000,
        recipient='孙采购',
        phone='13800000000',
        province='220000',
        city='220500',
        county='220524',
        street='建设大街 1 号',
        invoice_title='市第一中学',
        invoice_code=credit_code(1),
        quantities={product.variants[0].id: quantity for product, quantity in pieces},
        confirmed=frozenset(
            product.variants[0].id for product, _ in pieces if product.return_class is not ReturnClass.SEVEN_DAYS
        ),
    )


@building
def submit(institution: Institution, buyer: User, *pieces: tuple[Product, int]) -> ProcurementOrder:
    """An order that waits for the approver."""
    order = draft_order(institution, order_form(*pieces), actor=buyer, at=clock.now())
    submit_order(order, actor=buyer, at=clock.now())
    return order


@building
def approve(order: ProcurementOrder, approver: User) -> ProcurementOrder:
    """The order is placed and waits for the transfer."""
    approve_order(order, window=WINDOW, actor=approver, at=clock.now())
    return order


@building
def fund(order: ProcurementOrder) -> ProcurementOrder:
    """The transfer has come."""
    payment = db.session.scalars(select(Payment).where(Payment.checkout_id == order.checkout_id)).one()
    settle_payment(payment, occurred_at=clock.now(), at=clock.now())
    follow_order(order, at=clock.now())
    return order


def parts_of(order: ProcurementOrder) -> list[Order]:
    """The shop's orders it became."""
    return list(db.session.scalars(select(Order).where(Order.checkout_id == order.checkout_id).order_by(Order.id)))


@building
def deliver(order: ProcurementOrder, buyer: User) -> ProcurementOrder:
    """Everything was sent and is there."""
    for part in parts_of(order):
        ship(part)
    confirm_arrival(order, actor=buyer, at=clock.now())
    return order


@building
def accept(order: ProcurementOrder, buyer: User, found: Mapping[int, Found] | None = None) -> ProcurementOrder:
    """The acceptance sheet is signed."""
    accept_delivery(order, found or {}, signed_name='孙采购', note='', actor=buyer, at=clock.now())
    return order


@building
def invoice(order: ProcurementOrder, actor: User) -> ProcurementOrder:
    """Every supplier has issued its invoice; the order is settled."""
    for part in parts_of(order):
        record_invoice(order, part, f'{next_number():020d}', clock.today(), actor=actor, at=clock.now())
    return order


@building
def link_employee(institution: Institution, buyer: User, employee: User) -> Employment:
    """An employee whose purchases may be credited."""
    employment = ask_employment(institution.name, actor=employee, at=clock.now())
    decide_employment(institution, employment.id, EmploymentStatus.LINKED, actor=buyer, at=clock.now())
    return employment


def settled_purchase(*pieces: tuple[Product, int], short: int = 1) -> ProcurementOrder:
    """A settled order of an institution of which some units of the first piece did not come."""
    institution = make_institution()
    buyer, approver = make_people(institution)
    order = deliver(fund(approve(submit(institution, buyer, *pieces), approver)), buyer)
    line = parts_of(order)[0].lines[0]
    accept(order, buyer, {line.id: Found(short=short)})
    return invoice(order, buyer)
