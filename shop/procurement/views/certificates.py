"""Purchase certificates: printed from a stable address, and checked by anybody who holds the code."""

import io

import segno
from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from shop.accounts.access import open_to_everyone
from shop.kit import clock
from shop.kit.errors import NotFoundError
from shop.kit.fields import clean_text
from shop.presentation import public_address
from shop.procurement.queries import certificate_by_code
from shop.procurement.settling import net_lines

blueprint = Blueprint('certificates', __name__, url_prefix='/procurement/certificates')


@blueprint.get('')
@open_to_everyone
def lookup() -> ResponseReturnValue:
    """Show the form that asks for a code; a right one leads to its certificate."""
    code = clean_text(request.args.get('code', ''))[:40]
    if code:
        try:
            return redirect(f'/procurement/certificates/{certificate_by_code(code).code}', 303)
        except NotFoundError:
            error = _('没有这个验证码的采购证明，请对照证明右下角核对。')
            return render_template('procurement/certificates.html', code=code, error=error), 404
    return render_template('procurement/certificates.html', code='', error='')


@blueprint.get('/<code>')
@open_to_everyone
def show(code: str) -> str:
    """Show a certificate as it was issued, and what was refunded since."""
    certificate = certificate_by_code(code)
    order = certificate.procurement_order
    lines = net_lines(order, at=certificate.issued_at)
    now_fen = sum(one.net_fen for one in net_lines(order, at=clock.now()))
    return render_template(
        'procurement/certificate.html',
        certificate=certificate,
        order=order,
        lines=lines,
        villages=list(dict.fromkeys(one.line.order.village for one in lines)),
        returned_fen=certificate.amount_fen - now_fen,
        code_picture=_picture(public_address(f'/procurement/certificates/{certificate.code}')),
    )


def _picture(address: str) -> Markup:
    """Return a QR code of an address as SVG without a declaration, so that it can stand in a page."""
    out = io.BytesIO()
    segno.make(address, error='m', micro=False).save(
        out, kind='svg', xmldecl=False, svgns=False, nl=False, border=0, omitsize=True, title=_('查验二维码')
    )
    return Markup(out.getvalue().decode())  # noqa: S704  made here of our own address
