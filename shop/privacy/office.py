"""Who of the staff has looked at whose data, for those who watch over it."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from shop.accounts.access import open_to, required_user
from shop.accounts.privacy_models import AccessKind
from shop.kit.fields import FieldReader, read_id
from shop.kit.pagination import page_number
from shop.privacy.looks import READERS, Wanted, kinds, known_roles, log_in_scope, village_names

MAX_TYPED = 40

blueprint = Blueprint('access_log', __name__, url_prefix='/office/access-log')


@blueprint.get('')
@open_to(*READERS)
def show() -> str:
    """List what was opened within the reader's scope, by kind, village, person, order or household, and day."""
    user, reader = required_user(), FieldReader(request.args)
    wanted = Wanted(
        kind=AccessKind.find(request.args.get('kind')),
        village_id=read_id(request.args.get('village')),
        who=reader.raw('who')[:MAX_TYPED],
        subject=reader.raw('subject')[:MAX_TYPED],
        since=reader.day('since', _('起始日'), is_required=False),
        until=reader.day('until', _('截止日'), is_required=False),
    )
    return render_template(
        'privacy/office/access_log.html',
        page=log_in_scope(user, wanted, page_number(request.args.get('page'))),
        wanted=wanted,
        villages=village_names(user),
        kinds=kinds(),
        roles=known_roles(),
        typed={name: reader.raw(name)[:MAX_TYPED] for name in ('since', 'until')},
        errors=reader.errors,
    )
