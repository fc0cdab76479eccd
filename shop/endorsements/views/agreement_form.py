"""The form of an agreement, as the listing and a change by itself share it: fields, calculator, findings."""

from collections.abc import Sequence

from flask import flash, request
from flask_babel import gettext as _

from shop.accounts.models import Role, User
from shop.benefits.findings import answer_finding, examine
from shop.benefits.forms import PICKED, AgreementForm, read_agreement
from shop.benefits.models import SALE_RULES, AgreementVersion, VersionStatus, WeightKind
from shop.benefits.queries import newest_version
from shop.benefits.weights import FROM_REGISTER, weight_text
from shop.benefits.weights import UNITS as WEIGHT_UNITS
from shop.catalogue.models import Product
from shop.endorsements.calculator import DEFAULT_UNITS, UNITS, Calculation, calculate, weight_label
from shop.kit import clock
from shop.kit.database import transaction
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.villages.models import Household, Village
from shop.villages.scope import has_role_over


def read_typed(register: Sequence[Household]) -> AgreementForm:
    """Read the form sent; ``pick=all`` picks everybody of the register."""
    if request.form.get('pick') != 'all':
        return read_agreement(request.form, register=register)
    everybody = {f'{PICKED}{household.id}': '1' for household in register}
    return read_agreement({**request.form.to_dict(), **everybody}, register=register)


def is_only_shown() -> bool:
    """Tell whether the form was sent to be calculated with, not to be kept."""
    return request.form.get('pick') == 'all' or ('units' in request.form and 'do' not in request.form)


def agreement_values(product: Product, form: AgreementForm, register: Sequence[Household]) -> dict[str, object]:
    """Return what the fields of an agreement and its calculator show."""
    price = min((variant.price_fen for variant in product.variants if variant.is_offered), default=0)
    version = newest_version(product.id)
    return {
        'form': form,
        'errors': form.errors,
        'register': register,
        'price_fen': price,
        'calculation': _calculate(form, price),
        'units': _units(),
        'all_units': UNITS,
        'rule_choices': [(kind.value, kind.label) for kind in SALE_RULES],
        'weight_kinds': WeightKind,
        'weight_unit': WEIGHT_UNITS[form.weight_kind],
        'weight_label': weight_label(form.weight_kind),
        'weight_text': weight_text,
        'is_weight_typed': form.weight_kind not in FROM_REGISTER,
        'version_number': _next_number(product, version) if version is not None else 1,
    }


def finding_values(version: AgreementVersion | None, actor: User, village: Village) -> dict[str, object]:
    """Return what the findings about a draft show; only the secretary answers."""
    is_draft = version is not None and version.status is VersionStatus.DRAFT
    return {
        'examined': examine(version, on=clock.today()) if version is not None and is_draft else [],
        'may_answer': has_role_over(actor, Role.FIRST_SECRETARY, village),
    }


def keep_answers(version: AgreementVersion, actor: User) -> dict[str, str]:
    """Keep every answer that was typed, or none; returns messages by field."""
    errors: dict[str, str] = {}
    try:
        with transaction():
            for one in examine(version, on=clock.today()):
                typed = clean_text(request.form.get(one.key, ''))
                if typed and (one.answer is None or one.answer.reason != typed):
                    answer_finding(
                        version, one.finding.household_id, one.finding.kind, typed, actor=actor, at=clock.now()
                    )
    except BusinessError as error:
        errors[error.field or 'findings'] = error.message
    else:
        flash(_('说明已存。'))
    return errors


def _calculate(form: AgreementForm, price_fen: int) -> Calculation | None:
    if 'rule_value' in form.errors:
        return None
    return calculate(form.rule_kind, form.rule_value, price_fen, form.shares, units=_units())


def _units() -> int:
    asked = request.form.get('units', '')
    return next((units for units in UNITS if str(units) == asked), DEFAULT_UNITS)


def _next_number(product: Product, version: AgreementVersion) -> int:
    return version.number if version.status is VersionStatus.DRAFT else version.agreement.versions[-1].number + 1
