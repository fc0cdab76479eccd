"""The register at the department: lists and households within the scope, masked; numbers with a reason; their trail."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.access import open_to, required_user
from shop.accounts.access_log import note_access
from shop.accounts.models import Role
from shop.accounts.privacy_models import AccessKind
from shop.households.consents import reveal_number
from shop.households.forms import FormError, read_reason, read_wanted
from shop.households.models import NumberKind
from shop.households.policies import OFFICE_READERS, TRAIL_READERS, may_read_names
from shop.households.queries import count_register, household_in, list_households, page_of_reveals
from shop.households.views.file import show_file
from shop.households.views.sheets import keep_nowhere, number_keys, register_answer
from shop.households.vocabulary import status_kinds
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import FieldReader
from shop.kit.pagination import page_number
from shop.villages.models import Household, Village
from shop.villages.scope import villages_in_scope

TEMPLATE = 'households/office/show.html'

blueprint = Blueprint('office_households', __name__, url_prefix='/office')
blueprint.after_request(keep_nowhere)
readers_only = open_to(*OFFICE_READERS)
trail_readers_only = open_to(*TRAIL_READERS)
county_only = open_to(Role.COUNTY_DEPARTMENT)


@blueprint.get('/households')
@readers_only
def households() -> str:
    """List the households of the reader's scope."""
    user, on = required_user(), clock.today()
    scope = villages_in_scope(user, OFFICE_READERS)
    wanted = read_wanted(request.args, names=may_read_names(user.roles))
    villages = db.session.scalars(
        select(Village).where(Village.id.in_(scope)).order_by(Village.county_id, Village.position)
    )
    note_access(AccessKind.HOUSEHOLDS, village_id=wanted.village_id)
    counted = scope if wanted.village_id is None else scope.where(Village.id == wanted.village_id)
    return render_template(
        'households/office/list.html',
        counts=count_register(counted, on=on),
        page=list_households(scope, wanted, on=on),
        wanted=wanted,
        villages=list(villages),
        kinds=status_kinds(with_retired=True),
        may_read_names=may_read_names(user.roles),
    )


@blueprint.get('/households/<int:household_id>')
@readers_only
def household(household_id: int) -> ResponseReturnValue:
    """Show one household."""
    return show_file(_in_scope(household_id), required_user(), template=TEMPLATE)


@blueprint.get('/households/register.xlsx')
@readers_only
def export() -> Response:
    """Answer with the register of the scope, masked."""
    user = required_user()
    scope = villages_in_scope(user, OFFICE_READERS)
    note_access(AccessKind.REGISTER)
    return register_answer(scope, names=may_read_names(user.roles), on=clock.today())


@blueprint.post('/households/<int:household_id>/reveals')
@county_only
def reveal(household_id: int) -> ResponseReturnValue:
    """Show a number in clear, once, and write down who read it why."""
    user, reader = required_user(), FieldReader(request.form)
    found = household_in(villages_in_scope(user, (Role.COUNTY_DEPARTMENT,)), household_id)
    try:
        kind = reader.choice('kind', _('号码类别'), NumberKind)
        reason = read_reason(reader)
        assert kind is not None
        with transaction():
            number = reveal_number(
                found,
                kind,
                reason=reason,
                keys=number_keys(),
                role=Role.COUNTY_DEPARTMENT,
                actor=user,
                at=clock.now(),
            )
    except BusinessError as error:
        if not isinstance(error, FormError):
            reader.errors[error.field or 'reason'] = error.message
        typed = {name: reader.raw(name) for name in request.form}
        return show_file(
            _in_scope(household_id), user, template=TEMPLATE, errors=reader.errors, typed=typed, opened='reveal'
        )
    return show_file(_in_scope(household_id), user, template=TEMPLATE, revealed=(kind, number))


@blueprint.get('/reveals')
@trail_readers_only
def reveals() -> str:
    """List who read which number when and why."""
    user = required_user()
    return render_template(
        'households/office/reveals.html',
        page=page_of_reveals(user, page_number(request.args.get('page'))),
        roles={role.value: role.label for role in Role},
    )


def _in_scope(household_id: int) -> Household:
    return household_in(villages_in_scope(required_user(), OFFICE_READERS), household_id)
