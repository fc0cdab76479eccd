"""The page of one household, at the desk and at the department."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from shop.accounts.access_log import note_access
from shop.accounts.models import Role, User
from shop.accounts.privacy_models import AccessKind
from shop.households.forms import free_marks, in_force
from shop.households.models import ConsentKind, ConsentMeans, NumberKind, Relation
from shop.households.policies import may_keep, may_read_names, may_reveal
from shop.households.queries import open_file
from shop.households.services import status_on
from shop.households.vocabulary import status_kinds
from shop.kit import clock
from shop.villages.models import Household
from shop.villages.scope import has_role_over

UNPROCESSABLE = 422


def roles_over(user: User, household: Household) -> frozenset[Role]:
    """Return the roles the user holds over a household's village."""
    return frozenset(role for role in user.roles if has_role_over(user, role, household.village))


def show_file(
    household: Household,
    user: User,
    *,
    template: str = 'households/desk/show.html',
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    opened: str = '',
    revealed: tuple[NumberKind, str] | None = None,
) -> ResponseReturnValue:
    """Show everything beside a household that the user may see; `opened` is the form that was not right."""
    found, on = open_file(household), clock.today()
    roles = roles_over(user, household)
    shown = AccessKind.HOUSEHOLD if revealed is None else AccessKind.NUMBER
    note_access(shown, household.number, village_id=household.village_id)
    standing = [mark for mark in found.marks if mark.until_on is None]
    page = render_template(
        template,
        household=household,
        village=household.village,
        found=found,
        status=status_on(household, on),
        standing=standing,
        pairing=next((pairing for pairing in found.pairings if pairing.until_on is None), None),
        consents=in_force(list(found.consents)),
        free_marks=free_marks({mark.kind for mark in standing}),
        kinds=status_kinds(),
        number_kinds=NumberKind,
        consent_kinds=ConsentKind,
        means=ConsentMeans,
        relations=Relation,
        may_keep=may_keep(roles),
        may_read_names=may_read_names(roles),
        may_reveal=may_reveal(roles),
        errors=errors or {},
        typed=typed or {},
        opened=opened,
        revealed=revealed,
        today=on.isoformat(),
    )
    return page, UNPROCESSABLE if errors else 200
