"""What the register says against households of a version, what is answered, and minutes of the meeting."""

from datetime import date, timedelta

import pytest

from shop.benefits.findings import (
    FindingGoneError,
    FindingReasonError,
    Named,
    UnansweredError,
    answer_finding,
    examine,
    find_findings,
    require_answered,
    unanswered,
)
from shop.benefits.forms import read_agreement, shown_agreement
from shop.benefits.minutes import Minutes, MinutesError, minutes_errors, record_minutes
from shop.benefits.models import FindingKind, VersionMoveError, VersionStatus, WeightKind
from shop.benefits.services import submit_version, withdraw_version
from shop.households.facts import FindingsFacts
from shop.households.models import HouseholdMark, HouseholdNumber, MarkKind, NumberKind
from shop.kit import clock
from shop.kit.database import db, transaction
from tests.factories.benefits import make_version
from tests.factories.catalogue import make_product
from tests.factories.households import card_number, make_number
from tests.factories.villages import desk_user, make_tenure

K = FindingKind
DAY = date(2026, 5, 1)
TWO = (Named(1, 1, '001', '赵德林', 3), Named(2, 2, '002', '孙芝', 1))
WHOLE = {'eligible': '30', 'present': '20', 'in_favour': '11', 'resolution': '同意'}
BARE = {'rule_kind': 'fen_per_unit', 'rule_value': '6', 'weight_kind': 'household', 'meeting_on': '2026-06-01'}


def facts(people: int = 3, named: int = 1, **since: date) -> FindingsFacts:
    marks = {MarkKind(kind): day for kind, day in since.items()}
    return FindingsFacts(people, named, False, False, False, False, '', marks)


@pytest.mark.parametrize(
    ('weight_kind', 'named', 'first', 'found'),
    [
        (WeightKind.PEOPLE, TWO, facts(), []),
        (WeightKind.PEOPLE, TWO, facts(people=4), [(K.WEIGHT_DIFFERS, '3/4')]),
        (WeightKind.CUSTOM, TWO, facts(people=4), []),
        (WeightKind.CUSTOM, TWO, facts(people=2, named=3), [(K.MEMBERS_EXCEED, '3/2')]),
        (WeightKind.CUSTOM, TWO, facts(village_cadre=DAY), [(K.VILLAGE_CADRE, '2026-05-01')]),
        (WeightKind.CUSTOM, TWO, facts(fiscally_paid=DAY), [(K.FISCALLY_PAID, '2026-05-01')]),
        (
            WeightKind.CUSTOM,
            TWO,
            facts(deceased=DAY, closed=DAY),
            [(K.DECEASED, '2026-05-01'), (K.CLOSED, '2026-05-01')],
        ),
    ],
)
def test_a_household_is_held_against_the_register(weight_kind, named, first, found):
    findings = find_findings(weight_kind, named, {1: first, 2: facts(people=1)})
    assert [(one.household_id, one.kind, one.facts) for one in findings] == [(1, kind, text) for kind, text in found]


@pytest.mark.parametrize(
    ('other', 'found'),
    [
        (Named(2, 1, '002', '孙芝', 1, frozenset({'same'})), ['002', '001']),
        (Named(2, 1, '002', '孙芝', 1, frozenset({'else'})), []),
        (Named(2, 2, '002', '赵德林', 1), ['002', '001']),
        (Named(2, 1, '002', '赵德林', 1), []),
    ],
    ids=['one number', 'two numbers', 'one head after a merge', 'two heads of one name in a village'],
)
def test_a_household_that_stands_twice_is_found(other, found):
    one = Named(1, 1, '001', '赵德林', 3, frozenset({'same'}))
    findings = find_findings(WeightKind.CUSTOM, [one, other], {1: facts(), 2: facts()})
    assert [finding.facts for finding in findings if finding.kind is K.TWICE] == found


@pytest.mark.parametrize(
    ('counts', 'fields'),
    [
        ((30, 20, 11), set()),
        ((30, 19, 11), {'present'}),
        ((30, 31, 16), {'present'}),
        ((30, 20, 10), {'in_favour'}),
        ((30, 20, 21), {'in_favour'}),
    ],
)
def test_two_thirds_make_a_meeting_and_more_than_half_a_resolution(app, counts, fields):
    eligible, present, in_favour = counts
    assert minutes_errors(Minutes(DAY, eligible, present, in_favour, '同意')).keys() == fields


@pytest.fixture
def version(app, clock_hand):
    return make_version(make_product(), households=2, status=VersionStatus.DRAFT)


@pytest.fixture
def cadre(version):
    household = version.shares[0].household
    with transaction():
        db.session.add(HouseholdMark(household_id=household.id, kind=MarkKind.VILLAGE_CADRE, since_on=DAY))
    return household


def answer(version, household, reason='照常种植，代表会议同意', kind=K.VILLAGE_CADRE):
    with transaction():
        answer_finding(version, household.id, kind, reason, actor=None, at=clock.now())


def test_an_answer_holds_for_the_facts_it_answers(version, cadre, clock_hand):
    with pytest.raises(UnansweredError, match='001 户：村干部户'):
        require_answered(version, on=clock.today())
    answer(version, cadre)
    answer(version, cadre, '改一改说法')
    assert [one.answer.reason for one in examine(version, on=clock.today())] == ['改一改说法']
    require_answered(version, on=clock.today())
    with transaction():
        mark = db.session.query(HouseholdMark).one()
        mark.until_on = clock.today() - timedelta(days=9)
        db.session.add(HouseholdMark(household_id=cadre.id, kind=MarkKind.VILLAGE_CADRE, since_on=clock.today()))
    again = unanswered(version, on=clock.today())
    assert [one.facts for one in again] == [clock.today().isoformat()]
    assert clock.today().isoformat() in again[0].detail


def test_after_the_approval_the_answers_stand_and_nothing_is_looked_for(version, cadre):
    answer(version, cadre)
    with transaction():
        version.status = VersionStatus.ON_NOTICE
    assert [one.answer.reason for one in examine(version, on=clock.today())] == ['照常种植，代表会议同意']
    with transaction():
        version.shares.remove(version.shares[0])
    assert examine(version, on=clock.today()) == []


def test_an_answer_that_cannot_be_is_refused(version, cadre):
    for reason in ('', '长' * 301):
        with pytest.raises(FindingReasonError) as refusal:
            answer(version, cadre, reason)
        assert refusal.value.field == f'answer-{cadre.id}-village_cadre'
    with pytest.raises(FindingGoneError):
        answer(version, cadre, kind=K.CLOSED)
    with transaction():
        submit_version(version, actor=None, at=clock.now())
    with pytest.raises(VersionMoveError, match='审核中'):
        answer(version, cadre)


def test_a_shared_account_is_found_in_the_register(version):
    actor = desk_user(make_tenure(version.agreement.product.village))
    for place, share in enumerate(version.shares):
        make_number(share.household, card_number(place), actor=actor, kind=NumberKind.BANK_ACCOUNT)
    assert unanswered(version, on=clock.today()) == []
    with transaction():
        for number in db.session.query(HouseholdNumber):
            number.digest = 'same'
    with transaction() as session:
        session.add(HouseholdMark(household_id=version.shares[0].household_id, kind=MarkKind.CLOSED, since_on=DAY))
    found = unanswered(version, on=clock.today())
    assert [one.kind for one in found] == [K.CLOSED, K.TWICE, K.TWICE]
    assert [one.detail for one in found[1:]] == ['与 002 户疑为同一户', '与 001 户疑为同一户']


def test_minutes_are_kept_changed_and_dropped_with_their_draft(version):
    with transaction():
        record_minutes(version, Minutes(DAY, 30, 25, 20, '同意'))
    with transaction():
        record_minutes(version, Minutes(DAY, 30, 26, 20, '同意每件 6 元'))
    assert (version.minutes.present, version.minutes.resolution) == (26, '同意每件 6 元')
    assert shown_agreement(version, register=[]).typed['in_favour'] == '20'
    anew = shown_agreement(version, register=[], is_new=True)
    assert 'in_favour' not in anew.typed
    assert (anew.meeting_on, 'meeting_on' in anew.typed) == (None, False)
    with pytest.raises(MinutesError) as refusal, transaction():
        record_minutes(version, Minutes(DAY, 30, 10, 9, '同意'))
    assert refusal.value.field == 'present'
    with transaction():
        record_minutes(version, None)
    assert version.minutes is None


@pytest.mark.parametrize(
    ('typed', 'wrong'),
    [
        ({}, set()),
        ({'present': '20'}, {'eligible', 'in_favour', 'resolution'}),
        (WHOLE | {'present': '9', 'in_favour': '9'}, {'present'}),
        (
            {'eligible': '30', 'present': '20', 'in_favour': '11', 'resolution': '同意', 'meeting_on': ''},
            {'meeting_on'},
        ),
        (WHOLE, set()),
    ],
)
def test_minutes_are_typed_whole_or_not_at_all(app, typed, wrong):
    form = read_agreement(BARE | typed, register=[])
    assert form.errors.keys() == wrong
    assert (form.minutes is not None) == (bool(typed) and not wrong)
    assert form.typed.get('present') == typed.get('present')


def test_a_withdrawn_version_is_followed_by_the_next_number(version):
    with transaction():
        withdraw_version(version, reason='不变了', actor=None, at=clock.now())
    assert version.status is VersionStatus.WITHDRAWN
