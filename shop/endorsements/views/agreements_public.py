"""The public notice of a change: what becomes different, and, only while it stands, for which households."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from shop.accounts.access import open_to_everyone
from shop.benefits.queries import version_before
from shop.endorsements.agreement_changes import product_of
from shop.endorsements.agreement_queries import is_change_on_notice, notice_began, noticed_change
from shop.endorsements.changes import changes_between
from shop.kit import clock

blueprint = Blueprint('agreement_notices', __name__, url_prefix='/sunshine/agreements')


@blueprint.get('/<int:version_id>')
@open_to_everyone
def agreement(version_id: int) -> ResponseReturnValue:
    """Show the notice of a change; masked names and self-check codes only while it stands."""
    version = noticed_change(version_id)
    product = product_of(version.agreement)
    before = version_before(version)
    page = render_template(
        'endorsements/agreement_notice.html',
        version=version,
        product=product,
        village=product.village,
        began_on=notice_began(version),
        is_running=is_change_on_notice(version, on=clock.today()),
        days_left=max(0, (version.notice_ends_on - clock.today()).days) if version.notice_ends_on else 0,
        changes=changes_between(before, version) if before is not None else [],
    )
    return page, 200, {'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex'}
