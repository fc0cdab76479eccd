"""The village's share links: made with channel and days, with their QR code, ended, and what each brought."""

import io

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import FieldReader
from shop.kit.pagination import page_number
from shop.orders.models import Channel
from shop.orders.share_link import LINK_CHANNELS, MAX_LABEL, ShareLink
from shop.orders.share_links import LinkPlan, create_share_link, end_share_link, find_share_link
from shop.presentation import public_address
from shop.storefront.share_figures import days_of, figures_of, page_of_links
from shop.villages.models import Village
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422
QR_KINDS = {'svg': 'image/svg+xml', 'png': 'image/png'}

blueprint = Blueprint('desk_share_links', __name__, url_prefix='/desk/share-links')
village_only = open_to(Role.FIRST_SECRETARY, Role.TEAM_MEMBER)


@blueprint.get('')
@village_only
def index() -> str:
    """List the village's links with what they brought, and the form of a new one."""
    today = clock.today().isoformat()
    return _page({'starts_on': today, 'ends_on': today, 'channel': Channel.LIVESTREAM.value}, {})


@blueprint.post('')
@village_only
def create() -> ResponseReturnValue:
    """Make a link; what was typed stays when it cannot be made."""
    village, reader = village_for_desk(required_user()), FieldReader(request.form)
    plan = _plan(reader, [product.id for product in _goods(village)])
    if plan is not None:
        try:
            with transaction():
                code = create_share_link(village, plan, actor=required_user(), at=clock.now()).code
            flash(_('链接已生成，可以复制网址或打印二维码。'))
            return redirect(f'/desk/share-links/{code}', 303)
        except BusinessError as error:
            reader.errors[error.field or 'label'] = error.message
    return _page(request.form.to_dict(), reader.errors), UNPROCESSABLE


@blueprint.get('/<code>')
@village_only
def show(code: str) -> str:
    """Show one link: its address, its QR code, visits by day, orders and sales."""
    link = _link(code)
    return render_template(
        'storefront/desk/share_link.html',
        link=link,
        state=link.state(clock.now()),
        figures=figures_of([link.id])[link.id],
        days=days_of(link.id),
        address=_address(link),
    )


@blueprint.post('/<code>/ending')
@village_only
def end(code: str) -> ResponseReturnValue:
    """Let a link carry its channel no longer."""
    try:
        with transaction():
            end_share_link(_link(code), actor=required_user(), at=clock.now())
        flash(_('链接已停用；再打开只到页面，不再记渠道。'))
    except BusinessError as error:
        flash(error.message)
    return redirect(f'/desk/share-links/{code}', 303)


@blueprint.get('/<code>/qr.<kind>')
@village_only
def qr(code: str, kind: str) -> Response:
    """Answer with the QR code as a drawing or a picture, large enough to print."""
    if kind not in QR_KINDS:
        raise NotFoundError
    out = io.BytesIO()
    segno.make(_address(_link(code)), error='m', micro=False).save(out, kind=kind, scale=12, border=4)
    response = Response(out.getvalue(), mimetype=QR_KINDS[kind])
    response.headers['Cache-Control'] = 'private, max-age=3600'
    return response


def _link(code: str) -> ShareLink:
    link = find_share_link(code)
    if link is None or link.village_id != village_for_desk(required_user()).id:
        raise NotFoundError
    return link


def _address(link: ShareLink) -> str:
    return public_address(f'/s/{link.code}')


def _goods(village: Village) -> list[Product]:
    return list(
        db.session.scalars(
            select(Product)
            .join(Endorsement, Endorsement.product_id == Product.id)
            .where(Product.village_id == village.id, Endorsement.status == EndorsementStatus.LISTED)
            .order_by(Product.id)
        )
    )


def _plan(reader: FieldReader, product_ids: list[int]) -> LinkPlan | None:
    """Read the form of a link; `errors` of the reader say what would be right."""
    label = reader.text('label', _('名目'), limit=MAX_LABEL)
    channel = Channel.find(reader.raw('channel'))
    if channel not in LINK_CHANNELS:
        reader.errors['channel'] = _('选渠道：直播、展销或线上零售。')
    product_id = reader.one_of('product', _('产品'), product_ids) if reader.raw('product') else None
    starts_on, ends_on = reader.day('starts_on', _('起用日')), reader.day('ends_on', _('最后一日'))
    if reader.errors or channel is None or starts_on is None or ends_on is None:
        return None
    return LinkPlan(product_id, channel, label, starts_on, ends_on)


def _page(values: dict[str, str], errors: dict[str, str]) -> str:
    village, at = village_for_desk(required_user()), clock.now()
    page = page_of_links(village.id, page_number(request.args.get('page')))
    return render_template(
        'storefront/desk/share_links.html',
        village=village,
        page=page,
        states={link.id: link.state(at) for link, _figures in page.rows},
        goods=_goods(village),
        channels=LINK_CHANNELS,
        longest=MAX_LABEL,
        values=values,
        errors=errors,
    )
