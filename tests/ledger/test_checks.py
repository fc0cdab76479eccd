"""Every rule of the book is broken by hand, past the database's own guards, and `ledger check` names the row."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.aftersales.services import agree
from shop.benefits.models import RuleKind
from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db, dialect_name, transaction
from shop.ledger import cli
from shop.ledger.checks import RULES, find_faults
from shop.ledger.closing import close_due_days
from shop.orders.models import Order
from shop.orders.services import cancel_order
from shop.payments.refunds import Piece, refund_lines, refund_whole_order
from shop.payments.services import GATEWAYS
from shop.payments.worker import deliver_within
from shop.payouts.lines import cancel_lines, line_ids_of, move_lines
from shop.payouts.models import LineStatus
from shop.payouts.paying import pay_cash
from shop.payouts.services import approve_batch, compute_batch, confirm_batch, end_due_notices, put_on_notice
from shop.procurement.employments import credit_checkout
from shop.villages.models import Tenure
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.aftersales import by_village, open_claim
from tests.factories.catalogue import make_brand
from tests.factories.coupons import claim, make_series, place_with_coupon
from tests.factories.earnings import make_batch, verify
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of, make_payout, pool_of
from tests.factories.orders import bought, make_freight, pay, place, receive, ship
from tests.factories.procurement import link_employee, make_people, settled_purchase
from tests.factories.villages import desk_user, make_team_member, make_tenure, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

DAY = timedelta(days=1)


@pytest.fixture
def book(app, clock_hand) -> None:
    """A book with everything in it: three kinds of rules, refunds, a payout, closed days and an open one."""
    village = make_village()
    tenure = make_tenure(village)
    by_unit = make_listed_product(tenure=tenure, households=3, rule=2, stock=99)
    by_rate = make_listed_product(
        tenure=tenure, households=3, rule=1_500, rule_kind=RuleKind.BP_OF_NET, supplier=by_unit.supplier, stock=99
    )
    capped = make_listed_product(tenure=tenure, households=1, rule=600, price_fen=500, supplier=by_unit.supplier)
    with transaction():
        by_rate.brand = make_brand(village)
    make_freight(by_unit.supplier)
    receive(ship(bought((by_unit, 1), (by_rate, 2), (capped, 1))))
    clock.shift(DAY)
    give_back(receive(ship(bought((by_rate, 3)))), 1)
    make_payout(pool_of(by_rate), households_of(by_rate)[0], 100)
    order = bought((by_rate, 2))
    give_back(order, 1)
    receive(ship(order))
    pay_out(tenure)
    clock.shift(18 * DAY)
    with transaction():
        close_due_days(at=clock.now())
    earned = make_batch(village, [(one, 15) for one in households_of(by_unit)])
    verify(earned, make_user(Role.TOWNSHIP_REVIEWER, region=village.township))
    refund_all(bought((by_unit, 1)))
    receive(ship(bought((by_rate, 1))))
    claimed = open_claim(bought((by_unit, 2)).lines[0])
    with transaction():
        agree(claimed, step=by_village(desk_user(tenure)))
    open_claim(ship(bought((by_unit, 1))).lines[0], 'return_refund')
    place((by_rate, 1))
    place((by_rate, 1))
    use_coupons(by_rate)
    buy_for_institution(capped)
    deliver_within(at=clock.now())
    assert find_faults() == []


def use_coupons(product: Product) -> None:
    """One coupon on three orders: received and part refunded, cancelled, waiting to be paid."""
    shopper = make_user()
    own = claim(make_series(product.village.county, per_person=3), shopper)
    placed = [place_with_coupon(own, shopper, (product, 2)) for _turn in range(3)]
    pay(placed[0])
    give_back(receive(ship(placed[0].orders[0])), 1, fen=2_000)
    with transaction():
        cancel_order(placed[1].orders[0], actor=None, at=clock.now(), reason='不要了')


def buy_for_institution(product: Product) -> None:
    """A settled purchase of an institution, and one of its employee's own that counts for it."""
    institution = settled_purchase((product, 4)).institution
    employee, (buyer, _approver) = make_user(), make_people(institution)
    link_employee(institution, buyer, employee)
    checkout = place((product, 1), actor=employee)
    with transaction():
        credit_checkout(checkout, actor=employee, at=clock.now())


def pay_out(tenure: Tenure) -> None:
    """A batch of which one household has its money, one is frozen, and one was withdrawn."""
    village, at = tenure.village, clock.now
    secretary, member, (township, _, _) = desk_user(tenure), make_team_member(village), make_reviewers(village)
    with transaction():
        batch = compute_batch(village, form_token='t' * 30, actor=member, at=at())
        confirm_batch(batch, actor=secretary, at=at())
        put_on_notice(batch, days=10, actor=secretary, at=at())
    first, frozen, withdrawn = line_ids_of(batch, {LineStatus.WAITING})[:3]
    clock.shift(12 * DAY)
    with transaction():
        end_due_notices(at=at())
        move_lines([frozen], LineStatus.FROZEN, actor_id=None, at=at())
        cancel_lines([withdrawn], actor_id=township.id, at=at(), reason='')
        approve_batch(batch, actor=township, at=at())
        pay_cash(batch, [first], evidence='签领', paid_on=clock.today(), actor=member, at=at())


def give_back(order: Order, units: int, *, fen: int = 0) -> None:
    line = order.lines[0]
    with transaction():
        refund = refund_lines(
            order, [Piece(line.id, units, fen or line.unit_price_fen * units)], freight_fen=0, reason='坏果',
            actor=None, at=clock.now(),
        )  # fmt: skip
        GATEWAYS['sandbox'].request_refund(refund, at=clock.now())


def refund_all(order: Order) -> None:
    with transaction():
        refund = refund_whole_order(order, reason='不要了', actor=None, at=clock.now())
        GATEWAYS['sandbox'].request_refund(refund, at=clock.now())


def take_guards_down(session: Session) -> None:
    """Let rows be changed as by somebody with the database in hand: no trigger, no foreign key, no CHECK says no."""
    if dialect_name() == 'sqlite':
        session.execute(text('PRAGMA ignore_check_constraints = ON'))
        session.execute(text('PRAGMA defer_foreign_keys = ON'))
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            if re.search('_(no_update|no_delete|closed_day)$', name):
                session.execute(text(f'DROP TRIGGER {name}'))
        return
    session.execute(text("SET LOCAL session_replication_role = 'replica'"))
    checks = "SELECT CAST(conrelid::regclass AS TEXT), conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
    for table, name in session.execute(text(checks)).all():
        session.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT {name}'))


def past_the_guards(statement: str) -> None:
    """Change rows for good."""
    with transaction() as session:
        take_guards_down(session)
        session.execute(text(statement))


@dataclass(frozen=True)
class Break:
    """How a rule is broken: which row, found by a query, and what is done to it (`{id}` is the row)."""

    rule: str
    table: str
    row: str
    does: str
    named: str = ''
    says: str = ''


SALE = 'SELECT min(id) FROM sales_entries WHERE order_line_id IS NOT NULL'
REFUND_ENTRY = 'SELECT min(id) FROM sales_entries WHERE refund_line_id IS NOT NULL'
ORDER_OF_SALE = """
    id = (SELECT order_id FROM order_lines l JOIN sales_entries e ON e.order_line_id = l.id WHERE e.id = {id})
"""
REFUNDED_CASE = 'SELECT min(id) FROM aftersale_cases WHERE refund_id IS NOT NULL'
CLAIMED = 'SELECT min(order_line_id) FROM aftersale_cases WHERE settled_at IS NULL'
WITHHELD = 'SELECT min(id) FROM order_lines WHERE withheld_quantity > 0'
DISPUTED = 'SELECT min(id) FROM orders WHERE disputed_at IS NOT NULL'
CREDIT = 'SELECT min(id) FROM benefit_entries WHERE order_line_id IS NOT NULL'
REVERSAL = 'SELECT min(id) FROM benefit_entries WHERE refund_line_id IS NOT NULL'
PAID_LINE = 'SELECT min(order_line_id) FROM sales_entries'
REFUNDED_LINE = 'SELECT min(order_line_id) FROM refund_lines'
OF_RULE = """
    SELECT min(l.id) FROM order_lines l JOIN agreement_versions v ON v.id = l.agreement_version_id
    WHERE v.rule_kind = '{kind}' AND v.rule_value {value}
"""
POOL = 'SELECT min(id) FROM benefit_pools WHERE entry_count > 1'
WAITING_POOL = 'SELECT min(id) FROM benefit_pools WHERE next_reach_fen IS NOT NULL'
REACHED = 'SELECT min(id) FROM agreement_shares WHERE accrued_on IS NOT NULL'
CLOSED_DAY = 'SELECT min(id) FROM sales_days WHERE refunded_fen < 0'
CLOSED_MONTH = 'SELECT min(id) FROM sales_months WHERE refunded_fen < 0'
COUPON_PART = 'SELECT min(id) FROM coupon_parts'
RELEASED_PART = 'SELECT min(id) FROM coupon_parts WHERE released_at IS NOT NULL'
SECOND_DAY = 'SELECT min(day) FROM day_seals WHERE day > (SELECT min(day) FROM day_seals)'
HELD_PART = 'SELECT min(id) FROM payout_parts WHERE NOT is_released'
PAYOUT_LINE = "SELECT min(id) FROM payout_lines WHERE status = 'paid'"
SOLD_ON_SECOND_DAY = f'SELECT min(id) FROM sales_entries WHERE booked_on = ({SECOND_DAY})'

PURCHASE = 'SELECT min(id) FROM procurement_orders'
ORDER_OF_PURCHASE = 'checkout_id = (SELECT checkout_id FROM procurement_orders WHERE id = {id})'
ACCEPTED = 'SELECT min(id) FROM acceptance_lines'
INVOICED = 'SELECT min(order_id) FROM procurement_invoices'


def change(rule: str, table: str, row: str, to: str, *, where: str = 'id = {id}', **rest: str) -> Break:
    return Break(rule, table, row, f'UPDATE {rest.pop("of", table)} SET {to} WHERE {where}', **rest)


BREAKS = (
    change('stock_not_negative', 'variants', 'SELECT max(id) FROM variants', 'stock = -1', says='库存为 -1'),
    change('line_net', 'order_lines', PAID_LINE, 'net_fen = net_fen + 1'),
    change('line_net', 'order_lines', PAID_LINE, 'discount_fen = 1'),
    change('order_total', 'orders', 'SELECT min(id) FROM orders', 'total_fen = total_fen + 1'),
    change(
        'order_total', 'orders', 'SELECT min(id) FROM orders', 'goods_fen = goods_fen - 1, total_fen = total_fen - 1'
    ),
    Break('order_total', 'orders', 'SELECT max(id) FROM orders', 'DELETE FROM order_lines WHERE order_id = {id}'),
    change('checkout_total', 'checkouts', 'SELECT min(id) FROM checkouts', 'total_fen = total_fen - 1'),
    change('checkout_total', 'checkouts', 'SELECT min(id) FROM checkouts', 'goods_fen = goods_fen + 1'),
    change(
        'paid_by_payment',
        'orders',
        'SELECT min(id) FROM orders',
        'settles_orders = (1 = 0)',
        of='payments',
        where='checkout_id = (SELECT checkout_id FROM orders WHERE id = {id})',
        says='入账支付 0 分',
    ),
    change(
        'paid_by_payment',
        'orders',
        'SELECT min(id) FROM orders',
        'amount_fen = amount_fen + 1',
        of='payments',
        where='checkout_id = (SELECT checkout_id FROM orders WHERE id = {id})',
    ),
    *(
        change(
            'refund_within_line',
            'order_lines',
            REFUNDED_LINE,
            f'{column} = 1000000',
            of='refund_lines',
            where='order_line_id = {id}',
        )
        for column in ('amount_fen', 'quantity', 'benefit_fen')
    ),
    change(
        'refund_within_payment',
        'payments',
        'SELECT min(payment_id) FROM refunds',
        'amount_fen = 100000000',
        of='refunds',
        where='payment_id = {id}',
    ),
    change('refund_is_sum', 'refunds', 'SELECT min(id) FROM refunds', 'amount_fen = amount_fen + 1'),
    change('refund_is_sum', 'refunds', 'SELECT min(id) FROM refunds', 'freight_fen = freight_fen + 1'),
    change(
        'project_shares_whole',
        'products',
        'SELECT min(product_id) FROM project_shares',
        'share_bp = 9999',
        of='project_shares',
        where='product_id = {id}',
        says='9999 万分点',
    ),
    change(
        'listed_has_agreement',
        'endorsements',
        'SELECT min(id) FROM endorsements',
        "status = 'draft'",
        of='agreement_versions',
        where='1 = 1',
    ),
    change('coupon_budget', 'coupon_series', 'SELECT min(id) FROM coupon_series', 'spent_fen = spent_fen + 1'),
    change('coupon_budget', 'coupon_series', 'SELECT min(id) FROM coupon_series', 'budget_fen = 1', says='预算 1 分'),
    change('coupon_use_is_sum', 'coupon_uses', 'SELECT min(id) FROM coupon_uses', 'discount_fen = discount_fen + 1'),
    Break(
        'coupon_use_is_sum',
        'coupon_uses',
        'SELECT min(id) FROM coupon_uses',
        'DELETE FROM coupon_parts WHERE use_id = {id}',
        says='各订单分摊 0 分',
    ),
    change('coupon_part_on_lines', 'coupon_parts', COUPON_PART, 'discount_fen = discount_fen + 1'),
    change(
        'coupon_part_on_lines',
        'coupon_parts',
        COUPON_PART,
        'net_fen = net_fen + discount_fen, discount_fen = 0',
        of='order_lines',
        where='order_id = (SELECT order_id FROM coupon_parts WHERE id = {id})',
        says='各行优惠 0 分',
    ),
    change(
        'coupon_part_on_lines',
        'coupon_parts',
        COUPON_PART,
        'checkout_id = 999999',
        of='coupon_uses',
        where='id = (SELECT use_id FROM coupon_parts WHERE id = {id})',
    ),
    change('coupon_returned', 'coupon_parts', COUPON_PART, 'returned_fen = returned_fen + 1'),
    change('coupon_returned', 'coupon_parts', RELEASED_PART, 'returned_fen = 0', says='退回 0 分'),
    change('coupon_returned', 'coupon_parts', RELEASED_PART, 'released_at = NULL'),
    change('coupon_uses_counted', 'coupon_claims', 'SELECT min(id) FROM coupon_claims', 'used_count = used_count - 1'),
    change(
        'coupon_uses_counted',
        'coupon_claims',
        'SELECT min(id) FROM coupon_claims',
        'released_at = NULL',
        of='coupon_uses',
        where='claim_id = {id}',
    ),
    change('case_refund_equal', 'aftersale_cases', REFUNDED_CASE, 'granted_fen = granted_fen + 1'),
    change('case_refund_equal', 'aftersale_cases', REFUNDED_CASE, 'freight_fen = freight_fen + 1'),
    *(
        change('claims_within_line', 'order_lines', CLAIMED, to, of='aftersale_cases', where='order_line_id = {id}')
        for to in ('units = 1000', 'amount_fen = 100000000')
    ),
    change('withheld_by_cases', 'order_lines', WITHHELD, 'withheld_quantity = 0', says='扣住 0 件'),
    change('dispute_has_case', 'orders', DISPUTED, 'disputed_at = NULL', says='未了结的售后 1 件'),
    Break('sale_booked', 'order_lines', PAID_LINE, 'DELETE FROM sales_entries WHERE order_line_id = {id}'),
    change(
        'sale_founded',
        'sales_entries',
        SALE,
        'is_test = (1 = 1)',
        of='orders',
        where=ORDER_OF_SALE,
    ),
    change(
        'sale_founded',
        'sales_entries',
        SALE,
        'paid_at = NULL',
        of='orders',
        where=ORDER_OF_SALE,
    ),
    change('sale_amount', 'sales_entries', SALE, 'amount_fen = amount_fen + 1'),
    change('sale_amount', 'sales_entries', SALE, 'quantity = quantity + 1'),
    *(
        change('sale_snapshot', 'sales_entries', entry, to)
        for entry in (SALE, REFUND_ENTRY)
        for to in (
            "channel = 'expo'",
            'is_insider = NOT is_insider',
            'county_id = county_id + 1',
            'tenure_id = tenure_id + 1',
            'product_id = product_id + 1',
            'brand_id = coalesce(brand_id, 0) + 1',
            'category_id = category_id + 1',
        )
    ),
    change(
        'sale_snapshot',
        'sales_entries',
        SALE,
        'village_id = 999999',
        of='orders',
        where=ORDER_OF_SALE,
    ),
    change('sale_period', 'sales_entries', SALE, "period = '2026-06-02'", says='2026-06-02'),
    change('sale_period', 'sales_entries', SALE, "period = '2026-05-01'"),
    change('sale_period', 'sales_entries', SALE, "occurred_on = '2026-06-16'"),
    Break(
        'refund_booked',
        'refund_lines',
        'SELECT min(id) FROM refund_lines',
        'DELETE FROM sales_entries WHERE refund_line_id = {id}',
    ),
    change('refund_amount', 'sales_entries', REFUND_ENTRY, 'amount_fen = amount_fen - 1'),
    change('refund_amount', 'sales_entries', REFUND_ENTRY, 'quantity = quantity - 1'),
    *(
        change(
            'benefit_follows_rule',
            'order_lines',
            OF_RULE.format(kind=kind, value=value),
            'benefit_fen = benefit_fen - 1',
        )
        for kind, value in (('bp_of_net', '> 0'), ('fen_per_unit', '= 2'), ('fen_per_unit', '= 600'))
    ),
    change(
        'benefit_follows_rule',
        'order_lines',
        PAID_LINE,
        'product_id = product_id + 1000',
        of='benefit_agreements',
        where='product_id = (SELECT product_id FROM order_lines WHERE id = {id})',
        says='应为 -1',
    ),
    Break(
        'benefit_booked',
        'order_lines',
        'SELECT min(order_line_id) FROM benefit_entries',
        'DELETE FROM benefit_entries WHERE order_line_id = {id}',
    ),
    *(
        change(
            'benefit_founded',
            'benefit_entries',
            CREDIT,
            to,
            of='orders',
            where='id = (SELECT order_id FROM order_lines l JOIN benefit_entries e ON e.order_line_id = l.id'
            ' WHERE e.id = {id})',
        )
        for to in ('completed_at = NULL', 'is_test = (1 = 1)')
    ),
    change('benefit_amount', 'benefit_entries', CREDIT, 'amount_fen = amount_fen + 1'),
    change('reversal_amount', 'benefit_entries', REVERSAL, 'amount_fen = amount_fen - 1'),
    change('reversal_amount', 'benefit_entries', REVERSAL, 'borne_by_supplier_fen = borne_by_supplier_fen + 1'),
    *(
        change(
            'benefit_in_its_pool',
            'benefit_entries',
            entry,
            'sequence = 99, pool_id = (SELECT max(id) FROM benefit_pools p WHERE p.id <> benefit_entries.pool_id)',
        )
        for entry in (CREDIT, REVERSAL)
    ),
    change('pool_is_sum', 'benefit_pools', POOL, 'amount_fen = amount_fen + 1'),
    change('pool_is_sum', 'benefit_pools', POOL, 'entry_count = entry_count + 1'),
    change('pool_sequence', 'benefit_entries', CREDIT, 'sequence = sequence + 50'),
    change('pool_sequence', 'benefit_entries', CREDIT, 'pool_after_fen = pool_after_fen + 1'),
    change('first_fen', 'agreement_shares', REACHED, 'first_fen_at = first_fen_at + 1'),
    change('first_fen', 'agreement_shares', REACHED, 'first_fen_at = NULL'),
    change('accrual_day', 'agreement_shares', REACHED, 'accrued_on = NULL'),
    change('accrual_day', 'agreement_shares', REACHED, "accrued_on = '2026-06-20'", says='2026-06-20'),
    change('next_reach', 'benefit_pools', POOL, 'next_reach_fen = 1'),
    change('next_reach', 'benefit_pools', WAITING_POOL, 'next_reach_fen = NULL'),
    Break(
        'shares_sum_to_pool',
        'benefit_pools',
        POOL,
        'DELETE FROM agreement_shares WHERE version_id = (SELECT version_id FROM benefit_pools WHERE id = {id})',
    ),
    change('shares_sum_to_pool', 'benefit_pools', POOL, 'amount_fen = -5'),
    change('payout_within_due', 'benefit_payouts', 'SELECT min(id) FROM benefit_payouts', 'amount_fen = 1000000'),
    change(
        'payout_within_due',
        'benefit_payouts',
        'SELECT min(id) FROM benefit_payouts',
        'household_id = (SELECT max(id) FROM households)',
        says='应得 0 分',
    ),
    change('held_within_due', 'payout_parts', HELD_PART, 'amount_fen = 1000000', says='应得'),
    change('line_is_its_parts', 'payout_lines', PAYOUT_LINE, 'amount_fen = amount_fen + 1'),
    change('batch_is_its_lines', 'payout_batches', 'SELECT min(id) FROM payout_batches', 'line_count = 9'),
    change('batch_is_its_lines', 'payout_batches', 'SELECT min(id) FROM payout_batches', 'amount_fen = 1'),
    change('part_of_its_line', 'payout_parts', HELD_PART, 'household_id = household_id + 1'),
    change('released_when_cancelled', 'payout_parts', HELD_PART, 'is_released = true'),
    change(
        'released_when_cancelled',
        'payout_parts',
        'SELECT min(id) FROM payout_parts WHERE is_released',
        'is_released = false',
        says='没有退回',
    ),
    Break(
        'paid_line_in_book',
        'payout_parts',
        'SELECT min(part_id) FROM benefit_payouts',
        'DELETE FROM benefit_payouts WHERE part_id = {id}',
    ),
    Break(
        'unpaid_line_not_in_book',
        'benefit_payouts',
        'SELECT min(id) FROM benefit_payouts WHERE part_id IS NOT NULL',
        """UPDATE payout_lines SET status = 'frozen' WHERE id = (SELECT p.line_id FROM payout_parts p
        JOIN benefit_payouts y ON y.part_id = p.id WHERE y.id = {id})""",
        says='是 frozen',
    ),
    change(
        'payout_is_its_part',
        'benefit_payouts',
        'SELECT min(id) FROM benefit_payouts WHERE part_id IS NOT NULL',
        'amount_fen = amount_fen - 1',
    ),
    change(
        'paid_after_review',
        'payout_lines',
        PAYOUT_LINE,
        "status = 'in_review'",
        of='payout_batches',
        where='1 = 1',
        says='是 in_review',
    ),
    *(
        change('earnings_sum', 'earnings_batches', 'SELECT min(id) FROM earnings_batches', f'{column} = {column} + 1')
        for column in ('amount_fen', 'gross_fen')
    ),
    Break(
        'earnings_booked',
        'earnings_batches',
        'SELECT min(id) FROM earnings_batches',
        'DELETE FROM benefit_entries WHERE earnings_id = {id}',
        says='的分录 0 分',
    ),
    change(
        'earnings_booked',
        'earnings_batches',
        'SELECT min(id) FROM earnings_batches',
        "status = 'recorded', kind = 'donation'",
        says='应为 0 分',
    ),
    change('earnings_shared', 'earnings_lines', 'SELECT min(id) FROM earnings_lines', 'amount_fen = amount_fen + 1'),
    change(
        'earnings_in_its_pool',
        'benefit_entries',
        'SELECT id FROM benefit_entries WHERE earnings_id IS NOT NULL',
        'sequence = 99, pool_id = (SELECT min(id) FROM benefit_pools)',
    ),
    *(
        change(rule, table, row, f'{column} = {column} + 1')
        for rule, table, row in (('day_sums', 'sales_days', CLOSED_DAY), ('month_sums', 'sales_months', CLOSED_MONTH))
        for column in ('amount_fen', 'refunded_fen', 'quantity', 'entry_count', 'county_id', 'product_id')
    ),
    Break('day_sums', 'sales_days', CLOSED_DAY, 'DELETE FROM sales_days WHERE id = {id}', named='-', says='记 None 分'),
    Break(
        'month_sums',
        'sales_months',
        CLOSED_MONTH,
        'DELETE FROM sales_months WHERE id = {id}',
        named='-',
        says='记 None 分',
    ),
    change(
        'reach_bitmaps',
        'household_reaches',
        'SELECT min(id) FROM household_reaches',
        'household_count = household_count + 1',
    ),
    change(
        'reach_bitmaps',
        'household_reaches',
        'SELECT min(id) FROM household_reaches',
        "month = '2026-01-01'",
        says='应为 0 户',
    ),
    Break(
        'reach_bitmaps',
        'household_reaches',
        'SELECT min(id) FROM household_reaches',
        'DELETE FROM household_reaches WHERE id = {id}',
        named='-',
        says='户的位图',
    ),
    change(
        'seals',
        'day_seals',
        SECOND_DAY,
        'amount_fen = amount_fen + 1',
        of='sales_entries',
        where=f'id = ({SOLD_ON_SECOND_DAY})',
        says='的分录在封账后变动过',
    ),
    change(
        'seals',
        'day_seals',
        SECOND_DAY,
        "evidence = '另一张回单'",
        of='benefit_payouts',
        where='1 = 1',
        says='的分录在封账后变动过',
    ),
    change(
        'seals',
        'day_seals',
        'SELECT max(booked_on) FROM benefit_payouts WHERE part_id IS NOT NULL',
        'part_id = NULL',
        of='benefit_payouts',
        where='part_id IS NOT NULL',
        says='的分录在封账后变动过',
    ),
    change(
        'seals', 'day_seals', SECOND_DAY, "previous_root = 'another'", where="day = '{id}'", says='上一日封签对不上'
    ),
    change('seals', 'day_seals', SECOND_DAY, 'sales_fen = sales_fen + 1', where="day = '{id}'", says='按分录应为'),
    change('seals', 'day_seals', SECOND_DAY, 'reached_count = 7', where="day = '{id}'", says='按分录应为'),
    change('seals', 'day_seals', SECOND_DAY, "root = 'another'", where="day = '{id}'", says='封签与其内容对不上'),
    Break(
        'seals',
        'day_seals',
        SECOND_DAY,
        "DELETE FROM day_seals WHERE day = '{id}'",
        named='2026-06-17',
        says='2026-06-16 没有封签',
    ),
    change(
        'seals',
        'day_leaves',
        SECOND_DAY,
        'leaves = substr(leaves, 1, 41)',
        where="day = '{id}'",
        says='不通向封签',
    ),
    *(
        Break('seals', table, f'SELECT min(id) FROM {table} WHERE booked_on = ({SECOND_DAY})', does, says=says)
        for table, does, says in (
            ('sales_entries', "UPDATE sales_entries SET booked_at = '2026-06-16 01:02:03' WHERE id = {id}", '被改动'),
            ('sales_entries', 'DELETE FROM sales_entries WHERE id = {id}', '被删除或挪走'),
            (
                'benefit_entries',
                'UPDATE benefit_entries SET pool_id = pool_id + 1, sequence = 77 WHERE id = {id}',
                '被改动',
            ),
            ('benefit_payouts', "UPDATE benefit_payouts SET evidence = '另一张回单' WHERE id = {id}", '被改动'),
        )
    ),
    change(
        'seals',
        'sales_entries',
        f'SELECT max(id) FROM sales_entries WHERE booked_on > ({SECOND_DAY})',
        "booked_on = '2026-06-16', occurred_on = '2026-06-16'",
        says='2026-06-16 封账后插入',
    ),
    change(
        'sealed_from_the_start',
        'sales_entries',
        SALE,
        "booked_on = '2026-06-01', occurred_on = '2026-06-01'",
        says='2026-06-01',
    ),
    change('procurement_two_people', 'procurement_orders', PURCHASE, 'approved_by_id = drafted_by_id'),
    *(
        change(rule, 'procurement_orders', PURCHASE, to, of='orders', where=ORDER_OF_PURCHASE)
        for rule, to in (
            ('procurement_of_institution', 'institution_id = NULL'),
            ('procurement_of_institution', "channel = 'online'"),
            ('procurement_follows_orders', 'paid_at = NULL'),
            ('procurement_follows_orders', "status = 'awaiting_receipt'"),
        )
    ),
    change('acceptance_whole', 'acceptance_lines', ACCEPTED, 'accepted = accepted + 1'),
    change('acceptance_whole', 'acceptance_lines', ACCEPTED, 'accepted = accepted - 1, quantity = quantity - 1'),
    change('acceptance_refunded', 'acceptance_lines', ACCEPTED, 'refund_line_id = NULL', says='短缺与损坏 1 件'),
    change('acceptance_refunded', 'acceptance_lines', ACCEPTED, 'damaged = 1, accepted = accepted - 1'),
    *(
        Break('settled_adds_up', 'orders', f'SELECT id FROM orders WHERE id = ({INVOICED})', does)
        for does in (
            'UPDATE procurement_invoices SET amount_fen = amount_fen + 1 WHERE order_id = {id}',
            'DELETE FROM procurement_invoices WHERE order_id = {id}',
            'UPDATE refunds SET amount_fen = amount_fen - 1 WHERE order_id = {id}',
        )
    ),
    *(
        change('credit_of_employee', 'purchase_credits', 'SELECT min(id) FROM purchase_credits', to, **rest)
        for to, rest in (
            ('institution_id = institution_id + 1', {}),
            ('user_id = user_id - 1', {'of': 'employments', 'where': '1 = 1'}),
            ("channel = 'institution'", {'of': 'orders', 'where': '1 = 1'}),
        )
    ),
)


def test_every_rule_is_broken_by_somebody():
    assert [rule.name for rule in RULES] == list(dict.fromkeys(broken.rule for broken in BREAKS))


def test_a_shop_that_has_sold_nothing_is_proved():
    assert find_faults() == []


@pytest.mark.usefixtures('book')
def test_every_rule_broken_by_hand_is_named_with_its_row():
    rules = {rule.name: rule for rule in RULES}
    missed = []
    with transaction() as session:
        take_guards_down(session)
        for broken in BREAKS:
            row_id = session.scalar(text(broken.row))
            assert row_id is not None, broken
            with session.begin_nested() as attempt:
                done = cast(CursorResult[Any], session.execute(text(broken.does.format(id=row_id))))
                assert done.rowcount, broken
                session.expire_all()
                faults = list(rules[broken.rule].find(rules[broken.rule]))
                attempt.rollback()
            row = broken.named or str(row_id)
            if not any(
                (fault.table, fault.row_id) == (broken.table, row) and broken.says in fault.message for fault in faults
            ):
                missed.append((broken, row_id, faults))
        assert missed == []
        assert find_faults() == [], 'every break was taken back'


@pytest.mark.usefixtures('book')
def test_the_command_proves_a_sound_book_rule_by_rule(app):
    result = app.test_cli_runner().invoke(args=['ledger', 'check'])
    assert result.exit_code == 0
    *rules, last = result.stdout.splitlines()
    assert rules == [f'无误  {rule.name}  {rule.says}' for rule in RULES]
    assert last == f'账目核对：{len(RULES)} 条规则全部相符。'
    assert result.stderr == ''


@pytest.mark.usefixtures('book')
def test_the_command_fails_and_names_the_rows_of_a_broken_book(app):
    line_id = db.session.scalar(text(PAID_LINE))
    past_the_guards(f'DELETE FROM sales_entries WHERE order_line_id = {line_id}')
    result = app.test_cli_runner().invoke(args=['ledger', 'check'])
    assert result.exit_code == 1
    assert '有误  sale_booked  每个已付款订单行有一笔销售分录：1 处' in result.stdout.splitlines()
    lines = result.stderr.splitlines()
    assert any(line.startswith(f'sale_booked  order_lines {line_id}  订单 ') for line in lines)
    assert lines[-1] == f'账目核对：{len(lines) - 1} 处不符。'


@pytest.mark.usefixtures('book')
def test_of_very_many_faults_the_command_shows_the_first_and_counts_the_rest(app, monkeypatch):
    monkeypatch.setattr(cli, 'SHOWN', 2)
    past_the_guards('DELETE FROM sales_entries')
    result = app.test_cli_runner().invoke(args=['ledger', 'check'])
    lines = result.stderr.splitlines()
    assert len(lines) == 4
    count = len(find_faults())
    assert lines[2:] == [f'…… 另有 {count - 2} 处', f'账目核对：{count} 处不符。']


@pytest.mark.usefixtures('book')
@pytest.mark.parametrize('is_broken', [False, True])
def test_before_a_person_one_line_tells_how_far_the_check_is(app, monkeypatch, is_broken):
    monkeypatch.setattr(cli, '_is_terminal', lambda: True)
    if is_broken:
        past_the_guards('DELETE FROM sales_entries')
    result = app.test_cli_runner().invoke(args=['ledger', 'check'])
    assert f'{len(RULES)}/{len(RULES)} {RULES[-1].says}' in result.stdout
    # A rule that does not hold keeps its line; one that holds is written over.
    assert (result.stdout.count('\n') > 1) == is_broken
    assert result.exit_code == int(is_broken)


@pytest.mark.usefixtures('book')
def test_with_its_guards_up_the_book_takes_no_change():
    columns = {'day_seals': 'sealed_at', 'day_leaves': 'day'}
    for table in ('sales_entries', 'benefit_entries', 'benefit_payouts', 'day_seals', 'day_leaves'):
        column = columns.get(table, 'booked_on')
        for statement in (f'DELETE FROM {table}', f'UPDATE {table} SET {column} = {column}'):
            with pytest.raises(IntegrityError, match='append-only'), transaction() as session:
                session.execute(text(statement))
    assert find_faults() == []
