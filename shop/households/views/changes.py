"""What the secretary changes beside an entry: status, marks, members, pairing, consents, numbers; and reading one."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from shop.accounts.access import open_to, required_user
from shop.accounts.models import Role
from shop.households.consents import give_consent, keep_number, reveal_number, withdraw_consent
from shop.households.forms import (
    MAX_NOTE,
    MAX_PAPER,
    FormError,
    plain_text,
    read_reason,
    require_right,
)
from shop.households.models import (
    ConsentKind,
    ConsentMeans,
    HouseholdConsent,
    HouseholdMark,
    HouseholdMember,
    MarkKind,
    NumberKind,
    Pairing,
    Relation,
)
from shop.households.numbers import plain_number
from shop.households.policies import KEEPERS
from shop.households.services import (
    enter_member,
    leave_household,
    mark_household,
    pair_household,
    set_status,
    unmark_household,
    unpair_household,
)
from shop.households.views.desk import own_household
from shop.households.views.file import show_file
from shop.households.views.sheets import keep_nowhere, number_keys
from shop.households.vocabulary import status_kinds
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.fields import FieldReader
from shop.villages.models import Household

blueprint = Blueprint('desk_household_changes', __name__, url_prefix='/desk/households/<int:household_id>')
blueprint.after_request(keep_nowhere)
keepers_only = open_to(*KEEPERS)

Act = Callable[[Household, FieldReader], str]
Beside = TypeVar('Beside', HouseholdMark, HouseholdMember, Pairing, HouseholdConsent)


@blueprint.post('/statuses')
@keepers_only
def status(household_id: int) -> ResponseReturnValue:
    """Give a status from a day on."""

    def act(household: Household, reader: FieldReader) -> str:
        kinds = {kind.id: kind for kind in status_kinds()}
        kind_id = reader.one_of('status', _('脱贫状态'), kinds)
        since_on = reader.day('since_on', _('起始日'))
        require_right(reader)
        assert kind_id is not None
        assert since_on is not None
        set_status(household, kinds[kind_id], since_on=since_on, actor=required_user(), at=clock.now())
        return str(_('已改为“%(name)s”。', name=kinds[kind_id].name))

    return _change(household_id, 'status', act)


@blueprint.post('/marks')
@keepers_only
def mark(household_id: int) -> ResponseReturnValue:
    """Put a mark on the household."""

    def act(household: Household, reader: FieldReader) -> str:
        kind = reader.choice('mark', _('标记'), MarkKind)
        since_on = reader.day('mark_since_on', _('起始日'))
        text = plain_text(reader, 'mark_note', _('说明'), limit=MAX_NOTE, is_required=False)
        require_right(reader)
        assert kind is not None
        assert since_on is not None
        mark_household(household, kind, since_on=since_on, text=text, actor=required_user(), at=clock.now())
        return str(_('已加标记“%(name)s”。', name=kind.label))

    return _change(household_id, 'mark', act)


@blueprint.post('/marks/<int:mark_id>/ending')
@keepers_only
def unmark(household_id: int, mark_id: int) -> ResponseReturnValue:
    """Take a mark off."""

    def act(household: Household, reader: FieldReader) -> str:
        until_on = reader.day('until_on', _('解除日'))
        require_right(reader)
        assert until_on is not None
        found = _beside(household, HouseholdMark, mark_id)
        unmark_household(household, found, until_on=until_on, actor=required_user(), at=clock.now())
        return str(_('已解除标记。'))

    return _change(household_id, 'mark', act)


@blueprint.post('/members')
@keepers_only
def member(household_id: int) -> ResponseReturnValue:
    """Enter a member who must be known by name."""

    def act(household: Household, reader: FieldReader) -> str:
        name = plain_text(reader, 'member_name', _('姓名'), limit=40)
        relation = reader.choice('relation', _('与户主关系'), Relation)
        require_right(reader)
        assert relation is not None
        enter_member(household, name, relation, actor=required_user(), at=clock.now())
        return str(_('已登记成员。'))

    return _change(household_id, 'member', act)


@blueprint.post('/members/<int:member_id>/ending')
@keepers_only
def leave(household_id: int, member_id: int) -> ResponseReturnValue:
    """Let a member leave."""

    def act(household: Household, reader: FieldReader) -> str:
        left_on = reader.day('until_on', _('离户日'))
        require_right(reader)
        assert left_on is not None
        found = _beside(household, HouseholdMember, member_id)
        leave_household(household, found, left_on=left_on, actor=required_user(), at=clock.now())
        return str(_('已登记离户。'))

    return _change(household_id, 'member', act)


@blueprint.post('/pairings')
@keepers_only
def pair(household_id: int) -> ResponseReturnValue:
    """Let a party member stand by the household."""

    def act(household: Household, reader: FieldReader) -> str:
        name = plain_text(reader, 'party_member', _('党员姓名'), limit=40)
        unit = plain_text(reader, 'unit', _('单位及职务'), limit=60)
        since_on = reader.day('paired_since_on', _('结对日'))
        require_right(reader)
        assert since_on is not None
        pair_household(household, name, unit, since_on=since_on, actor=required_user(), at=clock.now())
        return str(_('已结对。'))

    return _change(household_id, 'pairing', act)


@blueprint.post('/pairings/<int:pairing_id>/ending')
@keepers_only
def unpair(household_id: int, pairing_id: int) -> ResponseReturnValue:
    """End a pairing."""

    def act(household: Household, reader: FieldReader) -> str:
        until_on = reader.day('until_on', _('结束日'))
        require_right(reader)
        assert until_on is not None
        found = _beside(household, Pairing, pairing_id)
        unpair_household(household, found, until_on=until_on, actor=required_user(), at=clock.now())
        return str(_('已结束结对。'))

    return _change(household_id, 'pairing', act)


@blueprint.post('/consents')
@keepers_only
def consent(household_id: int) -> ResponseReturnValue:
    """Write down a consent."""

    def act(household: Household, reader: FieldReader) -> str:
        kind = reader.choice('consent', _('同意事项'), ConsentKind)
        means = reader.choice('means', _('同意方式'), ConsentMeans)
        given_on = reader.day('given_on', _('同意日'))
        paper = plain_text(reader, 'paper', _('同意书编号或存放处'), limit=MAX_PAPER, is_required=False)
        require_right(reader)
        assert kind is not None
        assert means is not None
        assert given_on is not None
        give_consent(
            household, kind, given_on=given_on, means=means, paper=paper, actor=required_user(), at=clock.now()
        )
        return str(_('已登记对“%(what)s”的同意。', what=kind.label))

    return _change(household_id, 'consent', act)


@blueprint.post('/consents/<int:consent_id>/withdrawal')
@keepers_only
def withdraw(household_id: int, consent_id: int) -> ResponseReturnValue:
    """End a consent, and delete what rested on it."""

    def act(household: Household, reader: FieldReader) -> str:
        withdrawn_on = reader.day('withdrawn_on', _('撤回日'))
        require_right(reader)
        assert withdrawn_on is not None
        found = _beside(household, HouseholdConsent, consent_id)
        is_deleted = withdraw_consent(
            household, found, withdrawn_on=withdrawn_on, actor=required_user(), at=clock.now()
        )
        return str(_('已登记撤回，号码已删除。') if is_deleted else _('已登记撤回。'))

    return _change(household_id, 'consent', act)


@blueprint.post('/numbers')
@keepers_only
def number(household_id: int) -> ResponseReturnValue:
    """Keep an ID or bank number, sealed."""

    def act(household: Household, reader: FieldReader) -> str:
        kind = reader.choice('number_kind', _('号码类别'), NumberKind)
        text = plain_number(reader.text('number', _('号码'), limit=40))
        require_right(reader)
        assert kind is not None
        is_new = keep_number(household, kind, text, keys=number_keys(), actor=required_user(), at=clock.now())
        return str(_('已加密保存。') if is_new else _('与已保存的相同，没有改动。'))

    return _change(household_id, 'number', act)


@blueprint.post('/reveals')
@keepers_only
def reveal(household_id: int) -> ResponseReturnValue:
    """Show a number in clear, once, and write down who read it why."""
    household, reader, user = own_household(household_id), FieldReader(request.form), required_user()
    try:
        kind = reader.choice('kind', _('号码类别'), NumberKind)
        reason = read_reason(reader)
        assert kind is not None
        with transaction():
            found = reveal_number(
                household,
                kind,
                reason=reason,
                keys=number_keys(),
                role=Role.FIRST_SECRETARY,
                actor=user,
                at=clock.now(),
            )
    except BusinessError as error:
        return _refused(household_id, 'reveal', reader, error)
    return show_file(own_household(household_id), user, revealed=(kind, found))


def _change(household_id: int, part: str, act: Act) -> ResponseReturnValue:
    reader = FieldReader(request.form)
    try:
        with transaction():
            told = act(own_household(household_id), reader)
    except IntegrityError:
        error = BusinessError(_('刚刚有人做了同样的登记，请看现在的情况。'))
        return _refused(household_id, part, reader, error)
    except BusinessError as error:
        return _refused(household_id, part, reader, error)
    flash(told)
    return redirect(f'/desk/households/{household_id}', 303)


def _refused(household_id: int, part: str, reader: FieldReader, error: BusinessError) -> ResponseReturnValue:
    if not isinstance(error, FormError):
        reader.errors[error.field or part] = error.message
    typed = {name: reader.raw(name) for name in request.form}
    return show_file(own_household(household_id), required_user(), errors=reader.errors, typed=typed, opened=part)


def _beside(household: Household, model: type[Beside], row_id: int) -> Beside:
    """Return a row beside this very household; raises `NotFoundError` for any other."""
    found = db.session.get(model, row_id)
    if found is None or found.household_id != household.id:
        raise NotFoundError
    return found
