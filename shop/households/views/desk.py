"""The village's register: the list, one household, entering and changing it, taking it along."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.privacy_models import AccessKind
from shop.households.columns import USUAL_ATTRIBUTES
from shop.households.exports import write_record, write_template
from shop.households.forms import FormError, read_entry, read_wanted, shown_entry
from shop.households.policies import DESK_READERS, KEEPERS, may_keep, may_read_names
from shop.households.queries import count_register, household_in, list_households, open_file
from shop.households.services import change_household, enter_household, set_status
from shop.households.views.file import show_file
from shop.households.views.sheets import keep_nowhere, number_keys, register_answer, sheet_answer
from shop.households.vocabulary import status_kinds
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader
from shop.villages.models import Household, Village
from shop.villages.scope import village_for_desk

UNPROCESSABLE = 422

blueprint = Blueprint('desk_households', __name__, url_prefix='/desk/households')
blueprint.after_request(keep_nowhere)
village_only = open_to(*DESK_READERS)
keepers_only = open_to(*KEEPERS)


@blueprint.get('')
@village_only
def index() -> str:
    """List the village's households, with the sums above."""
    user, on = required_user(), clock.today()
    village = village_for_desk(user)
    wanted = read_wanted(request.args, names=may_read_names(user.roles))
    note_access(AccessKind.HOUSEHOLDS, village_id=village.id)
    return render_template(
        'households/desk/list.html',
        village=village,
        counts=count_register(_own(village), on=on),
        page=list_households(_own(village), wanted, on=on),
        wanted=wanted,
        kinds=status_kinds(with_retired=True),
        may_keep=may_keep(user.roles),
        may_read_names=may_read_names(user.roles),
    )


@blueprint.get('/new')
@keepers_only
def new() -> ResponseReturnValue:
    """Show the form of a new household."""
    return _form(None, {'people': '1'}, {})


@blueprint.post('')
@keepers_only
def create() -> ResponseReturnValue:
    """Enter a household, with its status from today."""
    user, reader, at = required_user(), FieldReader(request.form), clock.now()
    village = village_for_desk(user)
    kinds = {kind.id: kind for kind in status_kinds()}
    try:
        status_id = reader.one_of('status', _('脱贫状态'), kinds)
        entry = read_entry(reader)
        with transaction():
            household = enter_household(village, entry, key=number_keys().digest, actor=user, at=at)
            set_status(household, kinds[status_id or 0], since_on=clock.today(), actor=user, at=at)
            household_id = household.id
    except BusinessError as error:
        return _refused(None, reader, error)
    flash(_('已登记 %(number)s 号户。', number=entry.number))
    return redirect(f'/desk/households/{household_id}', 303)


@blueprint.get('/<int:household_id>')
@village_only
def show(household_id: int) -> ResponseReturnValue:
    """Show one household."""
    return show_file(own_household(household_id), required_user())


@blueprint.get('/<int:household_id>/entry')
@keepers_only
def entry(household_id: int) -> ResponseReturnValue:
    """Show the form of an entry."""
    household = own_household(household_id)
    return _form(household, shown_entry(household), {})


@blueprint.post('/<int:household_id>/entry')
@keepers_only
def change(household_id: int) -> ResponseReturnValue:
    """Change an entry; the history keeps what it was."""
    user, reader = required_user(), FieldReader(request.form)
    household = own_household(household_id)
    try:
        read = read_entry(reader)
        with transaction():
            changed = change_household(own_household(household_id), read, actor=user, at=clock.now())
    except IntegrityError:
        return _refused(household, reader, BusinessError(_('本村已有这个户编号，请核对。'), field='number'))
    except BusinessError as error:
        return _refused(household, reader, error)
    flash(_('已改好。') if changed else _('没有改动。'))
    return redirect(f'/desk/households/{household_id}', 303)


@blueprint.get('/<int:household_id>/record.xlsx')
@keepers_only
def record(household_id: int) -> Response:
    """Answer with everything held of a household, to hand over when it asks."""
    household = own_household(household_id)
    note_access(AccessKind.RECORD, household.number, village_id=household.village_id)
    return sheet_answer(write_record(open_file(household)), f'record-{household_id}.xlsx')


@blueprint.get('/register.xlsx')
@keepers_only
def export() -> Response:
    """Answer with the register, numbers masked."""
    village = village_for_desk(required_user())
    note_access(AccessKind.REGISTER, village_id=village.id)
    return register_answer(_own(village), names=True, on=clock.today())


@blueprint.get('/template.xlsx')
@keepers_only
def template() -> Response:
    """Answer with the table to fill in."""
    return sheet_answer(write_template(), 'template.xlsx')


def own_household(household_id: int) -> Household:
    """Return a household of the village at whose desk the user works."""
    return household_in(_own(village_for_desk(required_user())), household_id)


def _own(village: Village) -> Select[int]:
    return select(Village.id).where(Village.id == village.id)


def _refused(household: Household | None, reader: FieldReader, error: BusinessError) -> ResponseReturnValue:
    if not isinstance(error, FormError):
        reader.errors[error.field or 'number'] = error.message
    return _form(household, {name: reader.raw(name) for name in request.form}, reader.errors, code=UNPROCESSABLE)


def _form(
    household: Household | None, values: dict[str, str], errors: dict[str, str], *, code: int = 200
) -> ResponseReturnValue:
    page = render_template(
        'households/desk/entry.html',
        village=village_for_desk(required_user()),
        household=household,
        values=values,
        errors=errors,
        kinds=status_kinds(),
        attributes=USUAL_ATTRIBUTES,
    )
    return page, code
