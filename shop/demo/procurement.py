"""The institutions' orders of the campaign: the paper around the orders it has planned, and some not placed yet."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from shop.benefits.models import AgreementShare
from shop.catalogue.models import Product, ReturnClass
from shop.demo.goods import Goods
from shop.demo.institutions import Unit, add_step, plan_applicant, plan_employees, plan_units
from shop.demo.people import Officials
from shop.demo.period import Period
from shop.demo.rows import Rows
from shop.demo.sheets_of_orders import Sheets
from shop.demo.trade import Buyer
from shop.demo.transfers import make_transfer
from shop.kit import clock
from shop.ledger.models import SalesEntry
from shop.orders.models import Channel, Checkout, Order, OrderEvent, OrderLine, OrderStatus
from shop.payments.models import Payment, PaymentStatus
from shop.procurement.budget_list import BudgetLine, BudgetList
from shop.procurement.models import ProcurementLine, ProcurementOrder, ProcurementStatus

S = ProcurementStatus
O = OrderStatus  # noqa: E741
TITLES = {1: '春节慰问', 2: '春节慰问', 5: '端午福利', 6: '端午福利', 8: '中秋慰问', 9: '中秋慰问', 10: '国庆慰问'}
ALL_YEAR = ('食堂食材', '职工生日福利', '困难职工慰问')
RECENT = 2  # of the first institution: the last received still to be accepted, those before still to be invoiced
MOVED = 2
STATION = {
    O.PENDING_PAYMENT: S.AWAITING_PAYMENT,
    O.AWAITING_SHIPMENT: S.FUNDED,
    O.PARTLY_SHIPPED: S.FUNDED,
    O.AWAITING_RECEIPT: S.SHIPPED,
    O.COMPLETED: S.SETTLED,
    O.CANCELLED: S.CANCELLED,
    O.CLOSED: S.CANCELLED,
}
STATIONS = (S.AWAITING_PAYMENT, S.FUNDED, S.SHIPPED, S.AWAITING_ACCEPTANCE, S.AWAITING_INVOICE, S.SETTLED)
UNPLACED = (
    (S.DRAFT, '职工运动会奖品', 40),
    (S.IN_REVIEW, '夏季高温慰问', 180),
    (S.IN_REVIEW, '支教返校礼包', 12),
    (S.RETURNED, '退休教师慰问', 25),
    (S.CANCELLED, '校庆伴手礼', 60),
)
RETURN_REASON = '数量按实有人数核一下，名单附在内网'


def plan_procurement(
    rows: Rows,
    seed: int,
    period: Period,
    buyers: list[Buyer],
    officials: Officials,
    goods: Goods,
    consumer_id: int | None,
) -> None:
    """Bind the institutions' orders to institutions, each with the paper it went through; figures stay as they are."""
    rng = Random(f'{seed}:procurement')
    assert consumer_id is not None
    units = plan_units(rows, rng, period, buyers, officials)
    plan_applicant(rows, rng, period, consumer_id)
    _move_some(rows, rng, units[0], consumer_id)
    _Writer(rows, rng, period, units).write()
    _draft_some(rows, rng, period, units[0], goods)
    plan_employees(rows, rng, period, units[0], consumer_id)


def _move_some(rows: Rows, rng: Random, unit: Unit, consumer_id: int) -> None:
    """Let some retail orders that are under way be the institution's: the sales stay, their channel is another."""
    alone: dict[int, int] = {}
    for order in rows.of(Order):
        alone[order['checkout_id']] = alone.get(order['checkout_id'], 0) + 1
    moved: set[int] = set()
    for status in (O.AWAITING_SHIPMENT, O.AWAITING_RECEIPT):
        fit = [
            order
            for order in rows.of(Order)
            if order['status'] is status
            and order['channel'] is Channel.ONLINE
            and order['user_id'] not in {None, consumer_id}
            and not order['is_insider']
            and alone[order['checkout_id']] == 1
        ]
        for order in fit[-MOVED:]:
            _move(rows, rng, unit, order)
            moved.add(order['id'])
    lines = {line['id'] for line in rows.of(OrderLine) if line['order_id'] in moved}
    for entry in rows.of(SalesEntry):
        if entry['order_line_id'] in lines:
            entry['channel'] = Channel.INSTITUTION
    for event in rows.of(OrderEvent):
        if event['order_id'] in moved and event['to_status'] is O.PENDING_PAYMENT:
            event['actor_id'] = unit.buyer_id


def _move(rows: Rows, rng: Random, unit: Unit, order: dict[str, Any]) -> None:
    buyer = unit.buyer
    order.update(
        user_id=unit.buyer_id,
        channel=Channel.INSTITUTION,
        institution_name=unit.name,
        recipient='总务处',
        phone=buyer.phone,
        province_code=buyer.province,
        city_code=buyer.city,
        county_code=buyer.county,
        street=buyer.street,
        note='',
    )
    rows.of(Checkout)[order['checkout_id'] - 1].update(user_id=unit.buyer_id, guest_digest=None)
    for payment in rows.of(Payment):
        if payment['checkout_id'] == order['checkout_id'] and payment['transfer_code'] is None:
            make_transfer(rows, rng, payment)


class _Writer:
    """Adds what stands around the orders of institutions."""

    def __init__(self, rows: Rows, rng: Random, period: Period, units: list[Unit]) -> None:
        self._rows = rows
        self._rng = rng
        self._end = period.end
        self._units = {unit.name: unit for unit in units}
        self._first = units[0]
        self._lines: dict[int, list[dict[str, Any]]] = {}
        for line in rows.of(OrderLine):
            self._lines.setdefault(line['order_id'], []).append(line)
        self._payments = {row['checkout_id']: row for row in rows.of(Payment)}
        self._sheets = Sheets(rows, rng, period, rows.of(AgreementShare))

    def write(self) -> None:
        """Go through all of them, the oldest first."""
        orders = [order for order in self._rows.of(Order) if order['channel'] is Channel.INSTITUTION]
        mine = [
            order['id']
            for order in sorted(orders, key=lambda one: (one['completed_at'] or self._end, one['id']))
            if order['status'] is O.COMPLETED and order['institution_name'] == self._first.name
        ]
        back = dict.fromkeys(mine[-RECENT:], S.AWAITING_ACCEPTANCE)
        back |= dict.fromkeys(mine[-2 * RECENT : -RECENT], S.AWAITING_INVOICE)
        for order in orders:
            unit = self._units[order['institution_name']]
            order['institution_id'] = unit.id
            if order['status'] is O.PENDING_PAYMENT:
                self._await_transfer(order)
            self._add(order, unit, back.get(order['id'], STATION[order['status']]))

    def _await_transfer(self, order: dict[str, Any]) -> None:
        payment = self._payments.get(order['checkout_id'])
        if payment is None:
            payment_id = self._rows.add(
                Payment,
                checkout_id=order['checkout_id'],
                gateway='transfer',
                reference=f'P{order["checkout_id"]:09d}',
                provider_reference=None,
                amount_fen=order['total_fen'],
                status=PaymentStatus.PENDING,
                settles_orders=False,
                captured_fen=None,
                captured_currency=None,
                transfer_code=None,
                provider_payment=None,
                created_at=order['placed_at'],
                succeeded_at=None,
            )
            payment = self._rows.of(Payment)[payment_id - 1]
        if payment['transfer_code'] is None:
            make_transfer(self._rows, self._rng, payment)

    def _add(self, order: dict[str, Any], unit: Unit, status: ProcurementStatus) -> None:
        lines = self._lines[order['id']]
        status = self._sheets.latest(order, status)
        heads = max(1, min(unit.heads, order['goods_fen'] // unit.budget_fen + 1))
        row_id = _add_order(
            self._rows, unit, status, _title(self._rng, order), heads, order, order['number'],
            order['placed_at'] - timedelta(hours=self._rng.randrange(3, 40)),
        )  # fmt: skip
        for line in lines:
            _add_line(self._rows, row_id, line['variant_id'], line['quantity'], line['unit_price_fen'])
        self._walk(row_id, order, unit, status)
        if status in {S.AWAITING_INVOICE, S.SETTLED}:
            self._sheets.accept(row_id, order, lines, unit)
        if status is S.SETTLED:
            self._sheets.settle(row_id, order, lines, unit)

    def _walk(self, row_id: int, order: dict[str, Any], unit: Unit, status: ProcurementStatus) -> None:
        placed = order['placed_at']
        drafted = self._rows.of(ProcurementOrder)[row_id - 1]['created_at']
        moments: list[tuple[datetime | None, int | None]] = [
            (placed, unit.approver_id),
            (order['paid_at'], None),
            (order['shipped_at'], None),
            (order['completed_at'], None),
            (self._sheets.accepted_at(order), unit.buyer_id),
            (self._sheets.settled_at(order), unit.buyer_id),
        ]
        _step(self._rows, row_id, drafted, unit.buyer_id, None, S.DRAFT)
        _step(self._rows, row_id, drafted + timedelta(minutes=20), unit.buyer_id, S.DRAFT, S.IN_REVIEW)
        before = S.IN_REVIEW
        last = STATIONS.index(status) if status in STATIONS else 0
        for station, (at, actor_id) in zip(STATIONS[: last + 1], moments, strict=False):
            assert at is not None
            _step(self._rows, row_id, at, actor_id, before, station)
            before = station
        if status is S.CANCELLED:
            at = min(order['payable_until'], self._end)
            _step(self._rows, row_id, at, None, before, S.CANCELLED, '超过付款时限，自动取消')


def _title(rng: Random, order: dict[str, Any]) -> str:
    return TITLES.get(clock.local(order['placed_at']).month) or rng.choice(ALL_YEAR)


def _draft_some(rows: Rows, rng: Random, period: Period, unit: Unit, goods: Goods) -> None:
    """Let the institution have orders that nobody has approved yet, and a list that is being filled."""
    shown = [
        product
        for product in goods.listed
        if product.in_force_at_end and rows.of(Product)[product.id - 1]['return_class'] is ReturnClass.SEVEN_DAYS
    ]
    for turn, (status, title, heads) in enumerate(UNPLACED):
        at = period.end - timedelta(days=2 + turn, hours=turn)
        row_id = _add_order(rows, unit, status, title, heads, None, f'{at:%y%m%d}9{turn:07d}', at)
        for product in rng.sample(shown, min(3, len(shown))):
            variant = product.variants[0]
            _add_line(rows, row_id, variant.id, heads, variant.price_fen)
        _step(rows, row_id, at, unit.buyer_id, None, S.DRAFT)
        if status is not S.DRAFT:
            _step(rows, row_id, at + timedelta(hours=1), unit.buyer_id, S.DRAFT, S.IN_REVIEW)
        if status is S.RETURNED:
            _step(rows, row_id, at + timedelta(hours=4), unit.approver_id, S.IN_REVIEW, status, RETURN_REASON)
        if status is S.CANCELLED:
            _step(rows, row_id, at + timedelta(hours=9), unit.buyer_id, S.IN_REVIEW, status, '单位取消采购')
    at = period.end - timedelta(hours=6)
    list_id = rows.add(
        BudgetList, user_id=unit.buyer_id, guest_digest=None, title='教师节慰问', heads=unit.heads,
        budget_per_head_fen=unit.budget_fen, updated_at=at,
    )  # fmt: skip
    for product in rng.sample(shown, min(4, len(shown))):
        variant = product.variants[0]
        rows.add(
            BudgetLine, budget_list_id=list_id, variant_id=variant.id, quantity=1, is_per_head=True,
            seen_price_fen=variant.price_fen, added_at=at,
        )  # fmt: skip


def _add_order(
    rows: Rows,
    unit: Unit,
    status: ProcurementStatus,
    title: str,
    heads: int,
    order: dict[str, Any] | None,
    number: str,
    at: datetime,
) -> int:
    buyer = unit.buyer
    return rows.add(
        ProcurementOrder,
        number=f'CG{number}',
        institution_id=unit.id,
        status=status,
        title=title,
        heads=heads,
        budget_per_head_fen=unit.budget_fen,
        recipient='总务处',
        phone=buyer.phone,
        province_code=buyer.province,
        city_code=buyer.city,
        county_code=buyer.county,
        street=buyer.street,
        note='',
        invoice_title=unit.name,
        invoice_code=unit.code,
        invoice_email='',
        drafted_by_id=unit.buyer_id,
        approved_by_id=unit.approver_id if order is not None else None,
        approved_at=order['placed_at'] if order is not None else None,
        checkout_id=order['checkout_id'] if order is not None else None,
        created_at=at,
    )


def _add_line(rows: Rows, row_id: int, variant_id: int, quantity: int, price_fen: int) -> None:
    rows.add(
        ProcurementLine,
        procurement_order_id=row_id,
        variant_id=variant_id,
        quantity=quantity,
        seen_price_fen=price_fen,
        is_confirmed=True,
    )


def _step(rows: Rows, row_id: int, at: datetime, actor_id: int | None, before: Any, to: Any, reason: str = '') -> None:
    add_step(rows, 'procurement_order_id', row_id, at, actor_id, before, to, reason)
