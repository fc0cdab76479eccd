"""The agreement as it is typed."""

import pytest

from shop.benefits.forms import read_agreement, shown_agreement
from shop.benefits.models import RuleKind, VersionStatus, WeightKind
from shop.kit.database import transaction
from tests.factories.benefits import make_version
from tests.factories.catalogue import make_product

pytestmark = pytest.mark.usefixtures('app')


def test_before_anybody_types_the_form_is_empty():
    form = shown_agreement(None, register=[])
    assert (form.rule_kind, form.weight_kind, form.meeting_on) == (RuleKind.FEN_PER_UNIT, WeightKind.HOUSEHOLD, None)
    assert (form.shares, form.typed, form.errors) == ([], {'rule_value': ''}, {})


def test_a_draft_whose_meeting_is_still_to_come_shows_none():
    version = make_version(make_product(), households=2, status=VersionStatus.DRAFT)
    with transaction():
        version.meeting_on = None
    form = shown_agreement(version, register=[])
    assert 'meeting_on' not in form.typed
    assert (form.typed['rule_value'], len(form.shares)) == ('6.00', 2)


@pytest.mark.parametrize('text', ['', '0', '-1', '100.01', '0.001', 'half', '1e1', '15%%'])
def test_a_rate_that_is_no_part_of_the_whole_is_refused(text):
    read = read_agreement({'rule_kind': 'bp_of_net', 'weight_kind': 'household', 'rule_value': text}, register=[])
    assert '0.01 到 100' in read.errors['rule_value']
    assert read.rule_value == 0


@pytest.mark.parametrize(('text', 'rate'), [('0.01', 1), ('15', 1_500), ('100', 10_000)])
def test_a_rate_is_read_as_basis_points(text, rate):
    read = read_agreement({'rule_kind': 'bp_of_net', 'weight_kind': 'household', 'rule_value': text}, register=[])
    assert (read.rule_value, 'rule_value' in read.errors) == (rate, False)
