"""The agreement's form before anybody types, and the rates it reads."""

from shop.benefits.forms import read_agreement, shown_agreement
from shop.benefits.models import RuleKind, WeightKind
from shop.villages.queries import register_of
from tests.factories.benefits import make_version
from tests.factories.catalogue import make_product
from tests.factories.villages import make_households, make_village


def test_without_a_version_the_form_is_empty(app):
    form = shown_agreement(None, register=make_households(make_village(), 2))
    assert (form.rule_kind, form.weight_kind) == (RuleKind.FEN_PER_UNIT, WeightKind.HOUSEHOLD)
    assert (form.shares, form.typed, form.meeting_on) == ([], {'rule_value': ''}, None)


def test_a_version_is_shown_the_way_it_is_typed(app):
    product = make_product()
    version = make_version(product, households=2, rule=1250, rule_kind=RuleKind.BP_OF_NET)
    version.meeting_on = None
    register = register_of(product.village_id)
    form = shown_agreement(version, register=register)
    assert form.typed['rule_value'] == '12.5'
    assert 'meeting_on' not in form.typed
    assert [household.id for household, _weight in form.shares] == [household.id for household in register]


def test_a_rate_is_read_as_basis_points(app):
    register = make_households(make_village(), 2)
    typed = {'rule_kind': 'bp_of_net', 'rule_value': '12.5', 'weight_kind': 'shares'}
    typed |= {f'pick-{register[0].id}': '1', f'weight-{register[0].id}': '7'}
    form = read_agreement(typed, register=register)
    assert (form.rule_value, form.errors) == (1250, {})
    assert form.shares == [(register[0], 7)]
