"""The institutions that buy in the campaign, their people, and employees who let their own purchases count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shop.accounts.models import Role, User
from shop.accounts.services import hash_password
from shop.demo import words
from shop.demo.accounts import PASSWORD
from shop.demo.people import Officials, add_user, grant
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.trade import Buyer
from shop.kit.credit_codes import LETTERS, with_check_letter
from shop.orders.models import Channel, Checkout, Order, OrderStatus
from shop.procurement.employment import Employment, EmploymentStatus, PurchaseCredit
from shop.procurement.institution import Institution, InstitutionStatus, ProcurementStep
from shop.regions.models import Region, RegionLevel

EMPLOYEES = 5
BUDGETS_FEN = (20_000, 30_000, 50_000)


@dataclass(frozen=True, slots=True)
class Unit:
    """An institution as it stands in the rows, with its buyer, approver and finance."""

    id: int
    buyer: Buyer
    buyer_id: int
    approver_id: int
    finance_id: int
    heads: int
    budget_fen: int
    name: str
    code: str
    since: datetime


def plan_units(rows: Rows, rng: Random, period: Period, buyers: list[Buyer], officials: Officials) -> list[Unit]:
    """Admit every institution that buys; the first one's people can sign in."""
    counties = {row['code'][:6]: row['id'] for row in rows.of(Region) if row['level'] is RegionLevel.COUNTY}
    plans = {row.name: row for row in words.institutions()}
    units = []
    for buyer in buyers:
        assert buyer.user_id is not None
        at = office_time(rng, period.first - timedelta(days=2))
        region_id = counties.get(buyer.county, min(counties.values()))
        officer = officials.counties.get(region_id, officials.city)
        name, code, budget = buyer.name, _credit_code(rng), rng.choice(BUDGETS_FEN)
        unit_id = _add(rows, name, code, buyer, region_id, budget, buyer.user_id, at)
        add_step(rows, 'institution_id', unit_id, at, buyer.user_id, None, InstitutionStatus.APPLIED)
        add_step(
            rows, 'institution_id', unit_id, at + timedelta(hours=5), officer, InstitutionStatus.APPLIED,
            InstitutionStatus.ADMITTED,
        )  # fmt: skip
        approver, finance = (
            add_user(rows, f'yanshi-unit-{unit_id}-{role}', words.person_name(rng), at)
            for role in ('approver', 'finance')
        )
        for user_id, role in (
            (buyer.user_id, Role.INSTITUTION_BUYER),
            (approver, Role.INSTITUTION_APPROVER),
            (finance, Role.INSTITUTION_FINANCE),
        ):
            grant(rows, user_id, role, at=at + timedelta(hours=5), institution_id=unit_id)
        heads = plans[name].people
        units.append(Unit(unit_id, buyer, buyer.user_id, approver, finance, heads, budget, name, code, at))
    _let_sign_in(rows, rng, units[0])
    return units


def plan_applicant(rows: Rows, rng: Random, period: Period, applicant_id: int) -> None:
    """Let one more institution wait to be admitted."""
    at = period.end - timedelta(hours=20)
    region_id = next(row['id'] for row in rows.of(Region) if row['level'] is RegionLevel.COUNTY)
    unit_id = rows.add(
        Institution,
        name='通化市江畔中医院工会',
        credit_code=_credit_code(rng),
        address='滨江西路 108 号',
        phone='0435-7212888',
        region_id=region_id,
        budget_per_head_fen=30_000,
        status=InstitutionStatus.APPLIED,
        applied_by_id=applicant_id,
        applied_at=at,
        decided_at=None,
    )
    add_step(rows, 'institution_id', unit_id, at, applicant_id, None, InstitutionStatus.APPLIED)


def plan_employees(rows: Rows, rng: Random, period: Period, unit: Unit, consumer_id: int) -> None:
    """Link the consumer and some shoppers to an institution, with purchases they let count; one more asks."""
    at = unit.since + timedelta(days=20)
    bought = _own_checkouts(rows, at + timedelta(days=1))
    shoppers = [user_id for user_id in bought if user_id != consumer_id][: EMPLOYEES + 1]
    asking = shoppers.pop()
    for user_id in dict.fromkeys([consumer_id, *shoppers]):
        employment_id = _employ(rows, unit, user_id, EmploymentStatus.LINKED, at)
        for checkout in bought.get(user_id, [])[-2:]:
            rows.add(
                PurchaseCredit,
                checkout_id=checkout['id'],
                institution_id=unit.id,
                employment_id=employment_id,
                consented_at=checkout['placed_at'],
            )
    _employ(rows, unit, asking, EmploymentStatus.ASKED, period.end - timedelta(hours=3))


def _own_checkouts(rows: Rows, since: datetime) -> dict[int, list[dict[str, Any]]]:
    """Return the checkouts of people that are wholly received and retail, by who bought them."""
    fit: dict[int, bool] = {}
    for order in rows.of(Order):
        good = (
            order['status'] is OrderStatus.COMPLETED
            and order['channel'] is Channel.ONLINE
            and not order['is_test']
            and not order['is_insider']
            and order['placed_at'] >= since
        )
        fit[order['checkout_id']] = fit.get(order['checkout_id'], True) and good
    found: dict[int, list[dict[str, Any]]] = {}
    for checkout in rows.of(Checkout):
        if checkout['user_id'] is not None and fit.get(checkout['id']):
            found.setdefault(checkout['user_id'], []).append(checkout)
    return found


def _employ(rows: Rows, unit: Unit, user_id: int, status: EmploymentStatus, at: datetime) -> int:
    is_linked = status is EmploymentStatus.LINKED
    decided = at + timedelta(hours=2)
    employment_id = rows.add(
        Employment,
        institution_id=unit.id,
        user_id=user_id,
        status=status,
        asked_at=at,
        decided_at=decided if is_linked else None,
    )
    add_step(rows, 'employment_id', employment_id, at, user_id, None, EmploymentStatus.ASKED)
    if is_linked:
        add_step(rows, 'employment_id', employment_id, decided, unit.buyer_id, EmploymentStatus.ASKED, status)
    return employment_id


def _add(
    rows: Rows, name: str, code: str, buyer: Buyer, region_id: int, budget: int, applicant: int, at: datetime
) -> int:
    return rows.add(
        Institution,
        name=name,
        credit_code=code,
        address=buyer.street,
        phone=buyer.phone,
        region_id=region_id,
        budget_per_head_fen=budget,
        status=InstitutionStatus.ADMITTED,
        applied_by_id=applicant,
        applied_at=at,
        decided_at=at + timedelta(hours=5),
    )


def _let_sign_in(rows: Rows, rng: Random, unit: Unit) -> None:
    people = {'caigou': unit.buyer_id, 'shenpi': unit.approver_id, 'caiwu': unit.finance_id}
    for login_name, user_id in people.items():
        row = rows.of(User)[user_id - 1]
        row.update(
            login_name=login_name, name=f'{words.person_name(rng)}（演示）', password_hash=hash_password(PASSWORD)
        )


def _credit_code(rng: Random) -> str:
    """Draw a credit code of an institution with its right check letter."""
    body = '12220500' + ''.join(rng.choice(LETTERS) for _ in range(9))
    return with_check_letter(body)


def add_step(
    rows: Rows, subject: str, row_id: int, at: datetime, actor_id: int | None, before: Any, to: Any, reason: str = ''
) -> None:
    """Keep a change of an institution, an order of one, or an employment."""
    subjects = dict.fromkeys(('institution_id', 'procurement_order_id', 'employment_id'))
    rows.add(
        ProcurementStep,
        **{**subjects, subject: row_id},
        at=at,
        actor_id=actor_id,
        from_status=before.value if before is not None else None,
        to_status=to.value,
        reason=reason,
    )
