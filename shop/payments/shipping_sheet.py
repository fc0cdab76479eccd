"""Sending many orders from a sheet: read row by row, held against the orders, and sent all together or not at all."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from shop.accounts.models import User
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.kit.sheets import Cell, SheetError, read_sheet, write_sheet
from shop.kit.words import listed
from shop.orders.couriers import clean_number, read_tracking_number
from shop.orders.models import Courier, Order, OrderStatus
from shop.orders.services import ship_order
from shop.payments.shipping_columns import COLUMNS, EMS_NAMES, GUIDANCE, NEEDED, PICKUP_NAMES, POST_NAMES, SHORT_NAME

MAX_ROWS = 500
HEADER_WITHIN = 10
EXACT_DIGITS = 15
WIDTHS = (20, 14, 22, 12, 60)
OPEN = (OrderStatus.AWAITING_SHIPMENT, OrderStatus.PARTLY_SHIPPED)
_SCIENTIFIC = re.compile(r'\d(\.\d+)?E\+?\d+', re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class ShippingRow:
    """One order that is to be sent, as a row says; `row` is 0 for one that came back from the page."""

    row: int
    number: str
    courier: Courier
    tracking: str


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row: the column, the value that stands there, and what would be right."""

    row: int
    column: str
    value: str
    what: str


@dataclass
class ShippingSheet:
    """What was read: rows that can be sent, what is wrong with others, and how many were left empty."""

    rows: list[ShippingRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    empty: int = 0


def read_shipping_sheet(content: bytes) -> ShippingSheet:
    """Read a sheet; raises `SheetError` when it is none, else every bad row is named."""
    rows = read_sheet(content, max_rows=MAX_ROWS)
    header = next(((number, found) for number, cells in rows[:HEADER_WITHIN] if (found := _header(cells))), None)
    if header is None:
        raise SheetError(_('没有找到表头。第一行要有这些列：%(wanted)s。', wanted=listed(NEEDED.values())))
    first, places = header
    sheet = ShippingSheet()
    for row, cells in rows:
        if row > first:
            _read_row(sheet, row, {name: _at(cells, place) for name, place in places.items()})
    return sheet


def hold_against_orders(sheet: ShippingSheet, village_id: int) -> None:
    """Keep the rows whose order is the village's and waits to be sent, each once; the others become faults."""
    orders = _orders(village_id, [row.number for row in sheet.rows])
    good: dict[str, ShippingRow] = {}
    for row in sheet.rows:
        order = orders.get(row.number)
        if order is None:
            what = _('本村没有这个已付款的订单，请照订单页核对。')
        elif order.status not in OPEN:
            what = _('这一单现在是“%(status)s”，不用再发。', status=order.status.label)
        elif row.number in good:
            what = _('和第 %(other)s 行是同一单；一单分几个包裹，请在订单页逐个发。', other=good[row.number].row)
        else:
            good[row.number] = row
            continue
        sheet.faults.append(Fault(row.row, NEEDED['number'], row.number, what))
    sheet.rows = list(good.values())


def ship_rows(
    rows: Sequence[ShippingRow], village_id: int, *, receive_within: timedelta, actor: User, at: datetime
) -> int:
    """Send everything that waits of each order, all of them or none; return how many orders.

    Raises `BusinessError` naming the order that could not be sent.
    """
    orders = _orders(village_id, [row.number for row in rows])
    by_number = {row.number: row for row in rows}
    for order in sorted(orders.values(), key=lambda one: one.id):
        row = by_number[order.number]
        try:
            pieces = {line.id: line.unshipped for line in order.lines}
            ship_order(order, pieces, row.courier, row.tracking, receive_within=receive_within, actor=actor, at=at)
        except BusinessError as error:
            message = _('订单 %(number)s：%(why)s', number=order.number, why=error.message)
            raise BusinessError(message, field='sheet') from error
    return len(orders)


def sheet_to_fill(orders: Iterable[Order]) -> bytes:
    """Return a workbook of orders that wait, with the columns to fill; every cell is text, so that no digit is lost."""
    rows = []
    for order in orders:
        goods = listed(
            f'{line.product_name} {line.variant_name} × {line.unshipped}' for line in order.lines if line.unshipped
        )
        rows.append((order.number, '', '', order.recipient, goods))
    return write_sheet(_('待发货'), [*NEEDED.values(), *GUIDANCE], rows, widths=WIDTHS)


def find_courier(text: str) -> Courier | None:
    """Return the courier a name means: its code, its name, or the beginning of it."""
    name = re.sub(r'\s', '', text).upper()
    for names, courier in ((EMS_NAMES, Courier.EMS), (PICKUP_NAMES, Courier.PICKUP), (POST_NAMES, Courier.POST)):
        if name in names:
            return courier
    for courier in Courier:
        known = courier.source_label.upper()
        if name in {courier.value.upper(), courier.label.upper(), known} or (
            len(name) >= SHORT_NAME and known.startswith(name[:SHORT_NAME])
        ):
            return courier
    return None


def _read_row(sheet: ShippingSheet, row: int, found: Mapping[str, Cell]) -> None:
    """Read one row: an order that names neither courier nor number is not sent today."""
    texts = {name: _text(cell) for name, cell in found.items()}
    if not texts['number'] and not texts['tracking']:
        return None
    if not texts['courier'] and not texts['tracking']:
        sheet.empty += 1
        return None

    def refuse(name: str, what: str) -> None:
        sheet.faults.append(Fault(row, NEEDED[name], texts[name][:40], what))

    for name in ('number', 'tracking'):
        if found[name].is_formula or found[name].is_error:
            return refuse(name, _('这是公式或错误值，请粘贴为文本。'))
        if _is_mangled(found[name], texts[name]):
            return refuse(name, _('这一格被表格当成数字改短了，请把整列设为“文本”再填。'))
    if not texts['number']:
        return refuse('number', _('请填订单号。'))
    courier = find_courier(texts['courier'])
    if courier is None:
        return refuse('courier', _('请填这里有的快递：%(names)s。', names=listed(one.label for one in Courier)))
    try:
        tracking = read_tracking_number(courier, texts['tracking'])
    except BusinessError as error:
        return refuse('tracking', error.message)
    sheet.rows.append(ShippingRow(row, clean_number(texts['number']), courier, tracking))
    return None


def _text(cell: Cell) -> str:
    return cell.text.removeprefix("'")


def _is_mangled(cell: Cell, text: str) -> bool:
    is_number = isinstance(cell.value, int | float)
    return (is_number and len(text) > EXACT_DIGITS) or _SCIENTIFIC.fullmatch(text) is not None


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else Cell(None)


def _header(cells: Sequence[Cell]) -> dict[str, int] | None:
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        places.setdefault(cell.text.lower(), place)
    found = {
        name: places[known[0]]
        for name, aliases in COLUMNS.items()
        if (known := [alias for alias in aliases if alias in places])
    }
    return found if set(NEEDED) == set(found) else None


def _orders(village_id: int, numbers: Sequence[str]) -> dict[str, Order]:
    statement = (
        select(Order)
        .where(Order.village_id == village_id, Order.paid_at.is_not(None), Order.number.in_(numbers))
        .options(selectinload(Order.lines))
    )
    return {order.number: order for order in db.session.scalars(statement)}
