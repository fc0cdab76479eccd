"""Agreement versions: drafted from the register, reviewed, put in force."""

from datetime import timedelta

import pytest

from shop.benefits.apportionment import first_fen
from shop.benefits.models import (
    AgreementVersion,
    RuleKind,
    VersionMoveError,
    VersionStatus,
    WeightKind,
)
from shop.benefits.queries import covered_counts, newest_version, preview_shares, version_before
from shop.benefits.services import (
    HouseholdOutsideVillageError,
    HouseholdTwiceError,
    MeetingMissingError,
    NoHouseholdsError,
    RuleError,
    VersionUnderReviewError,
    draft_version,
    live_versions,
    notice_version,
    put_in_force,
    reprice_variant,
    return_version,
    submit_version,
    terminate_version,
)
from shop.benefits.weights import WeightError
from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.villages.models import Household
from tests.factories.benefits import make_version
from tests.factories.catalogue import make_product
from tests.factories.villages import desk_user, make_household, make_households, make_tenure, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


def draft(product: Product, shares, **changes) -> AgreementVersion:
    facts = {
        'rule_kind': RuleKind.FEN_PER_UNIT,
        'rule_value': 600,
        'weight_kind': WeightKind.CUSTOM,
        'meeting_on': clock.today(),
        'shares': shares,
        'actor': None,
        'at': clock.now(),
    } | changes
    return draft_version(product, **facts)


@pytest.fixture
def product() -> Product:
    return make_product()


@pytest.fixture
def households(product) -> list[Household]:
    return make_households(product.village, 4)


def to_notice(version: AgreementVersion, at) -> None:
    submit_version(version, actor=None, at=at)
    notice_version(version, actor=None, at=at)


def test_a_draft_names_households_of_the_register_in_their_order(product, households, clock_hand):
    secretary = desk_user(make_tenure(product.village))
    with transaction():
        version = draft(product, [(households[2].id, 5), (households[0].id, 7)], actor=secretary)

    assert (version.number, version.status, version.drafted_by_id) == (1, VersionStatus.DRAFT, secretary.id)
    assert [(s.household_id, s.position, s.weight, s.first_fen_at) for s in version.shares] == [
        (households[2].id, 0, 5, None),
        (households[0].id, 1, 7, None),
    ]
    assert [(e.from_status, e.to_status, e.actor_id) for e in version.events] == [
        (None, VersionStatus.DRAFT, secretary.id)
    ]


def test_drafting_again_rewrites_the_open_draft(product, households):
    with transaction():
        first = draft(product, [(households[0].id, 1), (households[1].id, 1)])
    with transaction():
        again = draft(product, [(households[1].id, 2), (households[0].id, 3)], rule_value=700)

    assert again.id == first.id
    assert again.rule_value == 700
    assert [(s.household_id, s.weight) for s in again.shares] == [(households[1].id, 2), (households[0].id, 3)]


@pytest.mark.parametrize(('kind', 'weights'), [(WeightKind.HOUSEHOLD, [1, 1]), (WeightKind.PEOPLE, [1, 2])])
def test_by_household_and_by_people_the_register_gives_the_weight(product, households, kind, weights):
    with transaction():
        version = draft(product, [(h.id, 999) for h in households[:2]], weight_kind=kind)

    assert [share.weight for share in version.shares] == weights


def test_a_household_of_another_village_is_refused_and_nothing_is_kept(product):
    stranger = make_household(make_village('北沟村'))

    with pytest.raises(HouseholdOutsideVillageError), transaction():
        draft(product, [(stranger.id, 1)])

    assert newest_version(product.id) is None


def test_a_household_that_does_not_exist_is_refused(product):
    with pytest.raises(HouseholdOutsideVillageError), transaction():
        draft(product, [(10**12, 1)])


def test_a_household_is_named_once(product, households):
    with pytest.raises(HouseholdTwiceError), transaction():
        draft(product, [(households[0].id, 1), (households[0].id, 2)])


@pytest.mark.parametrize('weight', [0, -1, 10**9 + 1, 1.5, True])
def test_a_typed_weight_is_a_positive_whole_number(product, households, weight):
    with pytest.raises(WeightError) as refusal, transaction():
        draft(product, [(households[0].id, weight)])

    assert refusal.value.field == f'weight-{households[0].id}'


@pytest.mark.parametrize(
    ('kind', 'value'), [(RuleKind.FEN_PER_UNIT, 0), (RuleKind.FEN_PER_UNIT, -5), (RuleKind.BP_OF_NET, 10_001)]
)
def test_a_rule_takes_something_and_not_more_than_everything(product, households, kind, value):
    with pytest.raises(RuleError), transaction():
        draft(product, [(households[0].id, 1)], rule_kind=kind, rule_value=value)


def test_a_version_without_households_cannot_be_sent_in(product, clock_hand):
    with pytest.raises(NoHouseholdsError), transaction():
        submit_version(draft(product, []), actor=None, at=clock_hand.at)


@pytest.mark.parametrize('days', [None, 1])
def test_the_representatives_must_have_met(product, households, clock_hand, days):
    meeting_on = None if days is None else clock_hand.day + timedelta(days=days)

    with pytest.raises(MeetingMissingError), transaction():
        submit_version(draft(product, [(households[0].id, 1)], meeting_on=meeting_on), actor=None, at=clock_hand.at)


def test_a_returned_version_is_the_same_draft_again(product, households, clock_hand):
    with transaction():
        version = draft(product, [(households[0].id, 1)])
        submit_version(version, actor=None, at=clock_hand.at)
    with pytest.raises(VersionUnderReviewError), transaction():
        draft(product, [(households[1].id, 1)])
    with transaction():
        return_version(version, reason='缺签字', actor=None, at=clock_hand.at)
        again = draft(product, [(households[1].id, 1)])

    assert again.id == version.id
    assert [event.reason for event in version.events] == ['', '', '缺签字']


def test_in_force_every_share_knows_when_its_first_fen_comes(product, households, clock_hand):
    weights = [1, 9, 3, 3]
    with transaction():
        version = draft(product, [(h.id, w) for h, w in zip(households, weights, strict=True)])
        to_notice(version, clock_hand.at)
        put_in_force(version, actor=None, at=clock_hand.at)

    assert version.status is VersionStatus.IN_FORCE
    assert version.in_force_on == clock_hand.day
    assert [share.first_fen_at for share in version.shares] == first_fen(weights)


def test_the_next_version_ends_the_one_before_on_the_same_day(product, households, clock_hand):
    first = make_version(product, households=households[:2])
    clock_hand.move(days=30)
    with transaction():
        second = draft(product, [(h.id, 1) for h in households], rule_value=800)
        to_notice(second, clock_hand.at)
        put_in_force(second, actor=None, at=clock_hand.at)

    assert (first.status, first.ended_on) == (VersionStatus.SUPERSEDED, clock_hand.day)
    assert (second.number, second.status, second.in_force_on) == (2, VersionStatus.IN_FORCE, clock_hand.day)
    assert version_before(second) is first
    assert covered_counts([product.id]) == {product.id: (4, second)}


@pytest.mark.parametrize('status', [VersionStatus.DRAFT, VersionStatus.IN_REVIEW])
def test_only_a_version_on_notice_comes_into_force(product, clock_hand, status):
    version = make_version(product, status=status)

    with pytest.raises(VersionMoveError), transaction():
        put_in_force(version, actor=None, at=clock_hand.at)

    assert version.in_force_on is None


def test_a_terminated_version_covers_nobody(product, clock_hand):
    version = make_version(product)
    with transaction():
        terminate_version(version, reason='合作社解散', actor=None, at=clock_hand.at)

    assert version.ended_on == clock_hand.day
    assert covered_counts([product.id]) == {}
    assert live_versions(product.id) == []


def test_a_version_that_is_not_in_force_is_not_terminated(product, clock_hand):
    version = make_version(product, status=VersionStatus.DRAFT)
    with pytest.raises(VersionMoveError, match='“草稿”，不能改为“已终止”'), transaction():
        terminate_version(version, reason='', actor=None, at=clock_hand.at)
    assert (version.status, version.ended_on) == (VersionStatus.DRAFT, None)


def test_a_version_without_households_never_comes_into_force(product, clock_hand):
    version = make_version(product, households=0, weights=[], status=VersionStatus.ON_NOTICE)
    with pytest.raises(NoHouseholdsError, match='不能生效'), transaction():
        put_in_force(version, actor=None, at=clock_hand.at)
    assert version.status is VersionStatus.ON_NOTICE


def test_nothing_is_covered_when_nothing_is_asked():
    assert covered_counts([]) == {}


def test_a_price_below_the_benefit_of_a_unit_is_refused(product, clock_hand):
    make_version(product, rule=600)
    variant = product.variants[0]

    with pytest.raises(RuleError, match=r'¥6\.00'), transaction():
        reprice_variant(variant, 599, at=clock_hand.at)
    with pytest.raises(RuleError), transaction():
        reprice_variant(variant, 0, at=clock_hand.at)
    assert variant.price_fen == 3990

    with transaction():
        reprice_variant(variant, 600, at=clock_hand.at)
    assert variant.price_fen == 600


def test_a_rate_allows_any_price(product, clock_hand):
    version = make_version(product, rule=1_500, rule_kind=RuleKind.BP_OF_NET)
    with transaction():
        reprice_variant(product.variants[0], 1, at=clock_hand.at)

    assert version.benefit_fen(3990, 1) == 598
    assert db.session.get(type(product.variants[0]), product.variants[0].id).price_fen == 1


def test_the_calculator_shows_fen_that_add_up():
    lines = preview_shares(6_000, [846, 732, 705])

    assert sum(line.fen for line in lines) == 6_000
    assert [line.fen for line in lines] == [2223, 1924, 1853]
    assert [line.weight_bp for line in lines] == [3705, 3206, 3088]
