"""The village sends many orders at once: a sheet to fill, the sheet taken in, and the good rows of a faulty one."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import RequestEntityTooLarge

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.models import Role
from shop.accounts.privacy_models import AccessKind
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.sheets import MAX_BYTES, XLSX, SheetError, too_large_words
from shop.orders.couriers import clean_number
from shop.orders.models import Courier, Order
from shop.payments.shipping_sheet import (
    MAX_ROWS,
    OPEN,
    ShippingRow,
    ShippingSheet,
    hold_against_orders,
    read_shipping_sheet,
    sheet_to_fill,
    ship_rows,
)
from shop.villages.scope import village_for_desk

ROOM_FOR_FORM = 64 * 1024
UNPROCESSABLE = 422
FIELDS = 3

blueprint = Blueprint('desk_shipments', __name__, url_prefix='/desk/shipments')
village_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)


@blueprint.get('')
@village_only
def show() -> str:
    """Say how it is done."""
    return _page(ShippingSheet(), '')


@blueprint.get('/sheet.xlsx')
@village_only
def sheet() -> ResponseReturnValue:
    """Give the village a sheet of the orders that wait, to fill in."""
    village = village_for_desk(required_user())
    waiting = (
        select(Order)
        .where(Order.village_id == village.id, Order.status.in_(OPEN))
        .options(selectinload(Order.lines))
        .order_by(Order.paid_at, Order.id)
        .limit(MAX_ROWS - 1)
    )
    name = f'{clock.today():%Y%m%d}-orders.xlsx'
    orders = db.session.scalars(waiting).all()
    note_access(AccessKind.SHIPPING_SHEET, village_id=village.id, order_ids=[order.id for order in orders])
    headers = {'Content-Disposition': f'attachment; filename="{name}"', 'Cache-Control': 'no-store'}
    return Response(sheet_to_fill(orders), mimetype=XLSX, headers=headers)


@blueprint.post('')
@village_only
def send() -> ResponseReturnValue:
    """Send what a sheet names; when a row is wrong nothing is sent until somebody says that the others shall be."""
    request.max_content_length = MAX_BYTES + ROOM_FOR_FORM
    village, actor = village_for_desk(required_user()), required_user()
    try:
        found = _given()
    except RequestEntityTooLarge:
        return _page(ShippingSheet(), too_large_words()), 413
    except SheetError as error:
        return _page(ShippingSheet(), error.message), UNPROCESSABLE
    hold_against_orders(found, village.id)
    if found.faults:
        return _page(found, ''), UNPROCESSABLE
    if not found.rows:
        return _page(found, _('表里没有填好运单号的订单。')), UNPROCESSABLE
    try:
        with transaction():
            count = ship_rows(
                found.rows,
                village.id,
                receive_within=timedelta(days=current_app.config['AUTO_RECEIVE_DAYS']),
                actor=actor,
                at=clock.now(),
            )
    except BusinessError as error:
        return _page(found, error.message), UNPROCESSABLE
    flash(_('已发货 %(n)s 单。', n=count))
    return redirect('/desk/orders?tab=shipped', 303)


def _given() -> ShippingSheet:
    """Return the rows of the file, or those the page kept of one before."""
    kept = request.form.getlist('row')
    if kept:
        return ShippingSheet(rows=[row for text in kept[:MAX_ROWS] if (row := _kept_row(text)) is not None])
    given = request.files.get('sheet')
    return read_shipping_sheet(given.read() if given is not None else b'')


def _kept_row(text: str) -> ShippingRow | None:
    parts = text.split('|')
    courier = Courier.find(parts[1]) if len(parts) == FIELDS else None
    return ShippingRow(0, clean_number(parts[0]), courier, clean_number(parts[2])) if courier is not None else None


def _page(found: ShippingSheet, message: str) -> str:
    return render_template(
        'orders/desk/shipments.html',
        village=village_for_desk(required_user()),
        sheet=found,
        faults=sorted(found.faults, key=lambda fault: fault.row),
        message=message,
        most=MAX_ROWS - 1,
    )
