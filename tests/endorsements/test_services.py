"""The life of an endorsement, from the draft to the shelf."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import delete

from shop.accounts.models import INSTITUTION_ROLES, Role
from shop.benefits.models import VersionStatus
from shop.benefits.queries import newest_version
from shop.catalogue.models import Batch, ProduceGroup, ProductKind, ProductPhoto
from shop.endorsements.handover import hand_over_tenure, take_over_endorsement
from shop.endorsements.models import Endorsement, EndorsementMoveError, EndorsementStatus
from shop.endorsements.policies import may_decide
from shop.endorsements.queries import (
    due_count,
    endorsements_of_village,
    last_return,
    listed_by_product,
    listed_endorsement,
    returned_endorsements,
    waiting_for,
)
from shop.endorsements.services import (
    AlreadyDecidedError,
    AlreadyEndorsedError,
    IncompleteError,
    NoticeRunningError,
    OwnDraftError,
    ReasonMissingError,
    TenureEndedError,
    approve_endorsement,
    draft_endorsement,
    list_due_endorsements,
    list_endorsement,
    pause_endorsement,
    resume_endorsement,
    return_endorsement,
    save_draft,
    submit_endorsement,
)
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.reviews.ladder import ReviewStep
from shop.villages.models import TenureStatus
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.benefits import make_version
from tests.factories.catalogue import make_batch, make_brand, make_label, make_product
from tests.factories.endorsements import make_endorsement, make_listed_product, make_submittable_endorsement
from tests.factories.regions import make_county, make_township
from tests.factories.suppliers import make_licence
from tests.factories.villages import desk_user, make_secretary, make_team_member, make_tenure, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

LADDER = tuple(ReviewStep)
S = EndorsementStatus


def submit(endorsement: Endorsement, at) -> None:
    with transaction():
        submit_endorsement(endorsement, ladder=LADDER, actor=desk_user(endorsement.tenure), at=at)


def approve(endorsement: Endorsement, actor, at, **given) -> None:
    with transaction():
        approve_endorsement(endorsement, ladder=LADDER, notice_days=5, actor=actor, at=at, **given)


def send_back(endorsement: Endorsement, actor, at, reason='协议缺 2 户签字。', **given) -> None:
    with transaction():
        return_endorsement(endorsement, reason=reason, actor=actor, at=at, **given)


@pytest.fixture
def endorsement() -> Endorsement:
    return make_submittable_endorsement()


@pytest.fixture
def sent(endorsement, clock_hand) -> Endorsement:
    submit(endorsement, clock_hand.at)
    return endorsement


@pytest.fixture
def reviewers(endorsement):
    return make_reviewers(endorsement.product.village)


def test_it_climbs_the_ladder_and_goes_up_when_its_notice_ends(sent, reviewers, clock_hand):
    assert sent.status is S.TOWNSHIP_REVIEW
    assert newest_version(sent.product_id).status is VersionStatus.IN_REVIEW
    for reviewer, after in zip(reviewers, (S.COUNTY_REVIEW, S.CITY_REVIEW, S.ON_NOTICE), strict=True):
        assert [waiting.id for waiting in waiting_for(reviewer)] == [sent.id]
        approve(sent, reviewer, clock_hand.at, comment='一致')
        assert sent.status is after
        assert due_count(reviewer) == 0

    assert (sent.approved_on, sent.notice_ends_on) == (date(2026, 6, 15), date(2026, 6, 20))
    assert newest_version(sent.product_id).status is VersionStatus.ON_NOTICE
    assert listed_endorsement(sent.product_id) is None
    clock_hand.move(days=4)
    with transaction():
        assert list_due_endorsements(at=clock_hand.at) == 0
    clock_hand.move(days=1)
    with transaction():
        assert list_due_endorsements(at=clock_hand.at) == 1

    assert (sent.status, sent.listed_on) == (S.LISTED, date(2026, 6, 20))
    assert newest_version(sent.product_id).status is VersionStatus.IN_FORCE
    assert listed_by_product([sent.product_id]) == {sent.product_id: sent}
    assert [(event.to_status, event.actor_id) for event in sent.events] == [
        (S.TOWNSHIP_REVIEW, desk_user(sent.tenure).id),
        (S.COUNTY_REVIEW, reviewers[0].id),
        (S.CITY_REVIEW, reviewers[1].id),
        (S.ON_NOTICE, reviewers[2].id),
        (S.LISTED, None),
    ]


def test_the_last_approval_lets_brand_and_projects_count_once(endorsement, reviewers, clock_hand):
    with transaction():
        endorsement.product.brand = make_brand(endorsement.product.village)
        earlier = endorsement.product.project_shares[0].project
        earlier.approved_on = date(2026, 1, 1)
    submit(endorsement, clock_hand.at)
    for reviewer in reviewers[:2]:
        approve(endorsement, reviewer, clock_hand.at)
    assert endorsement.product.brand.approved_on is None
    approve(endorsement, reviewers[2], clock_hand.at)

    assert endorsement.product.brand.approved_on == clock_hand.day
    assert earlier.approved_on == date(2026, 1, 1)


def test_without_notice_days_it_goes_up_with_the_last_approval(endorsement, reviewers, clock_hand):
    ladder = (ReviewStep.CITY,)
    with transaction():
        submit_endorsement(endorsement, ladder=ladder, actor=None, at=clock_hand.at)
    assert endorsement.status is S.CITY_REVIEW
    with transaction():
        approve_endorsement(endorsement, ladder=ladder, notice_days=0, actor=reviewers[2], at=clock_hand.at)

    assert (endorsement.status, endorsement.listed_on) == (S.LISTED, clock_hand.day)
    assert [event.actor_id for event in endorsement.events[-2:]] == [reviewers[2].id, None]


def test_a_rung_taken_out_of_the_ladder_meanwhile_is_followed_by_the_next_above(sent, reviewers, clock_hand):
    with transaction():
        approve_endorsement(sent, ladder=(ReviewStep.CITY,), notice_days=5, actor=reviewers[0], at=clock_hand.at)

    assert sent.status is S.CITY_REVIEW


def test_a_return_gives_it_back_with_its_reason_and_it_can_be_sent_in_again(sent, reviewers, clock_hand):
    approve(sent, reviewers[0], clock_hand.at)
    send_back(sent, reviewers[1], clock_hand.at)

    assert sent.status is S.DRAFT
    assert newest_version(sent.product_id).status is VersionStatus.DRAFT
    assert last_return(sent).reason == '协议缺 2 户签字。'
    assert [(row.endorsement.id, row.event.actor_id) for row in returned_endorsements(sent.product.village_id)] == [
        (sent.id, reviewers[1].id)
    ]
    with transaction():
        save_draft(sent, statement='改好了：朵小肉厚。', actor=None, at=clock_hand.at)
    submit(sent, clock_hand.at)
    assert sent.status is S.TOWNSHIP_REVIEW
    assert returned_endorsements(sent.product.village_id) == []


@pytest.mark.parametrize('reason', ['', '  \n', '长' * 501])
def test_a_return_needs_a_reason_of_reasonable_length(sent, reviewers, clock_hand, reason):
    with pytest.raises(ReasonMissingError):
        send_back(sent, reviewers[0], clock_hand.at, reason)

    assert sent.status is S.TOWNSHIP_REVIEW


def test_what_is_under_review_does_not_change(sent, clock_hand):
    with pytest.raises(EndorsementMoveError), transaction():
        save_draft(sent, statement='偷偷改', actor=None, at=clock_hand.at)
    with pytest.raises(EndorsementMoveError), transaction():
        submit_endorsement(sent, ladder=LADDER, actor=None, at=clock_hand.at)


def test_the_second_decision_at_a_rung_is_told_so(sent, reviewers, clock_hand):
    approve(sent, reviewers[0], clock_hand.at, step=ReviewStep.TOWNSHIP)

    with pytest.raises(AlreadyDecidedError, match='待县级复审'):
        approve(sent, reviewers[0], clock_hand.at, step=ReviewStep.TOWNSHIP)
    with pytest.raises(AlreadyDecidedError):
        send_back(sent, reviewers[0], clock_hand.at, step=ReviewStep.TOWNSHIP)
    assert sent.status is S.COUNTY_REVIEW


def test_nobody_decides_on_a_draft(endorsement, reviewers, clock_hand):
    with pytest.raises(AlreadyDecidedError):
        approve(endorsement, reviewers[0], clock_hand.at)


@pytest.mark.parametrize('step', list(ReviewStep))
def test_only_the_role_of_the_rung_in_its_own_region_decides(clock_hand, step):
    endorsement = make_submittable_endorsement()
    own = endorsement.product.village
    foreign = make_village('北沟村', township=make_township('凤城镇', county=make_county('集安市')))
    with transaction():
        submit_endorsement(endorsement, ladder=(step,), actor=None, at=clock_hand.at)
    waiting = endorsement.status
    deciding = {
        ReviewStep.TOWNSHIP: (Role.TOWNSHIP_REVIEWER, own),
        ReviewStep.COUNTY: (Role.COUNTY_DEPARTMENT, own),
        ReviewStep.CITY: (Role.CITY_DEPARTMENT, own),
    }
    for role, village in product(set(Role) - INSTITUTION_ROLES, (foreign, own)):
        regions = {
            Role.TOWNSHIP_REVIEWER: village.township,
            Role.COUNTY_DEPARTMENT: village.county,
            Role.CITY_DEPARTMENT: village.county.parent,
            Role.AUDITOR: village.county,
        }
        actor = make_user(role, village=village, region=regions.get(role))
        # There is one city, so its department reaches every village.
        if deciding[step] == (role, village) or (step is ReviewStep.CITY and role is Role.CITY_DEPARTMENT):
            assert may_decide(actor, endorsement, newest_version(endorsement.product_id))
            continue
        with pytest.raises(NotFoundError):
            approve(endorsement, actor, clock_hand.at)
        with pytest.raises(NotFoundError):
            send_back(endorsement, actor, clock_hand.at)
        assert endorsement.status is waiting


def test_whoever_drafted_the_endorsement_the_agreement_or_sent_it_in_cannot_decide(clock_hand):
    for authorship in ('endorsement', 'agreement', 'submission'):
        endorsement = make_submittable_endorsement()
        actor = make_reviewers(endorsement.product.village)[0]
        with transaction():
            if authorship == 'endorsement':
                endorsement.drafted_by_id = actor.id
            if authorship == 'agreement':
                newest_version(endorsement.product_id).drafted_by_id = actor.id
            submit_endorsement(
                endorsement, ladder=LADDER, actor=actor if authorship == 'submission' else None, at=clock_hand.at
            )
        with pytest.raises(OwnDraftError):
            approve(endorsement, actor, clock_hand.at)
        with pytest.raises(OwnDraftError):
            send_back(endorsement, actor, clock_hand.at)
        assert endorsement.status is S.TOWNSHIP_REVIEW


@pytest.mark.parametrize(
    'status', [status for status in TenureStatus if status is not TenureStatus.IN_OFFICE], ids=lambda s: s.value
)
def test_only_a_secretary_in_office_endorses(status, clock_hand):
    tenure = make_tenure(status=status)
    product = make_product(tenure.village)

    with pytest.raises(TenureEndedError), transaction():
        draft_endorsement(product, tenure, actor=None, at=clock_hand.at)


def test_a_secretary_endorses_the_goods_of_the_own_village_once(clock_hand):
    tenure = make_tenure()
    product = make_product(tenure.village)
    with transaction():
        endorsement = draft_endorsement(product, tenure, actor=desk_user(tenure), at=clock_hand.at)
    assert (endorsement.status, endorsement.drafted_by_id) == (S.DRAFT, desk_user(tenure).id)

    with pytest.raises(AlreadyEndorsedError), transaction():
        draft_endorsement(product, tenure, actor=None, at=clock_hand.at)
    with pytest.raises(TenureEndedError), transaction():
        draft_endorsement(make_product(make_village('北沟村')), tenure, actor=None, at=clock_hand.at)


def empty_name(endorsement):
    endorsement.product.name = ' '


def claiming_statement(endorsement):
    endorsement.statement = '全国第一的木耳，能治疗高血压。'


def no_statement(endorsement):
    endorsement.statement = ''


def no_variant(endorsement):
    endorsement.product.variants[0].is_offered = False


def dear_rule(endorsement):
    version = newest_version(endorsement.product_id)
    version.rule_value = 3991


def no_photo(endorsement):
    endorsement.product.pictures.clear()


def no_project(endorsement):
    endorsement.product.project_shares.clear()


def half_a_project(endorsement):
    endorsement.product.project_shares[0].share_bp = 9_999


def no_household(endorsement):
    version = newest_version(endorsement.product_id)
    version.shares.clear()


def no_meeting(endorsement):
    version = newest_version(endorsement.product_id)
    version.meeting_on = None


def expired_licence(endorsement):
    make_licence(endorsement.product.supplier, expires_on=date(2026, 6, 14))


def no_batch(endorsement):
    db.session.execute(delete(Batch))
    db.session.expire_all()


def vegetable_without_certificate(endorsement):
    endorsement.product.produce_group = ProduceGroup.VEGETABLE


def service_without_words(endorsement):
    endorsement.product.kind = ProductKind.SERVICE


def prepacked_with_nothing(endorsement):
    product = endorsement.product
    product.kind, product.storage, product.shelf_life = ProductKind.PREPACKED_FOOD, '', ''
    product.label.licence_number = 'SC10122050200039'


PREPACKED = ('ingredients', 'allergens', 'producer', 'producer_address', 'licence_number', 'standard_number')


@pytest.mark.parametrize(
    ('damage', 'gaps'),
    [
        (empty_name, [('product', 'name')]),
        (expired_licence, [('product', 'supplier_id')]),
        (service_without_words, [('product', 'redemption')]),
        (no_batch, [('label', 'batches')]),
        (vegetable_without_certificate, [('label', 'batches')]),
        (
            prepacked_with_nothing,
            [*(('label', part) for part in (*PREPACKED, 'shelf_life', 'storage')), ('variants', 'variants')],
        ),
        (no_variant, [('variants', 'variants')]),
        (no_photo, [('photos', 'photos')]),
        (no_project, [('projects', 'projects')]),
        (half_a_project, [('projects', 'projects')]),
        (no_household, [('agreement', 'households')]),
        (no_meeting, [('agreement', 'meeting_on')]),
        (dear_rule, [('agreement', 'rule_value')]),
        (no_statement, [('statement', 'statement')]),
        (claiming_statement, [('statement', 'statement'), ('statement', 'statement')]),
    ],
)
def test_a_submission_names_every_gap_with_its_step_and_field(endorsement, clock_hand, damage, gaps):
    with transaction():
        damage(endorsement)

    with pytest.raises(IncompleteError) as refusal:
        submit(endorsement, clock_hand.at)

    assert [(gap.step.value, gap.field) for gap in refusal.value.gaps] == gaps
    assert (endorsement.status, endorsement.submitted_at) == (S.DRAFT, None)


def test_claim_words_are_named(endorsement, clock_hand):
    with transaction():
        claiming_statement(endorsement)

    with pytest.raises(IncompleteError) as refusal:
        submit(endorsement, clock_hand.at)

    assert '全国第一' in refusal.value.gaps[0].message
    assert '治疗' in refusal.value.gaps[1].message


def test_all_gaps_come_at_once(clock_hand):
    tenure = make_tenure()
    product = make_product(tenure.village, with_photo=False, with_project=False)
    endorsement = make_endorsement(product, tenure, statement='')

    with pytest.raises(IncompleteError, match='6') as refusal:
        submit(endorsement, clock_hand.at)

    steps = ['label', 'label', 'photos', 'projects', 'agreement', 'statement']
    assert [gap.step.value for gap in refusal.value.gaps] == steps


def test_a_licence_that_expires_today_still_holds(endorsement, clock_hand):
    make_licence(endorsement.product.supplier, expires_on=clock_hand.day)
    submit(endorsement, clock_hand.at)

    assert endorsement.status is S.TOWNSHIP_REVIEW


def test_a_picture_taken_off_is_gone_from_the_product(endorsement):
    with transaction():
        no_photo(endorsement)

    assert db.session.query(ProductPhoto).count() == 0


def test_the_notice_cannot_be_cut_short(clock_hand):
    tenure = make_tenure()
    product = make_product(tenure.village)
    make_version(product)
    endorsement = make_endorsement(product, tenure, status=S.ON_NOTICE)

    with pytest.raises(NoticeRunningError), transaction():
        list_endorsement(endorsement, actor=None, at=clock_hand.at)
    assert endorsement.status is S.ON_NOTICE


def test_a_pause_takes_it_off_sale_and_ends(clock_hand):
    product = make_listed_product()
    endorsement = listed_endorsement(product.id)
    first_listed = endorsement.listed_on
    with transaction():
        pause_endorsement(endorsement, reason='等新货', actor=None, at=clock_hand.at)
    assert listed_endorsement(product.id) is None
    clock_hand.move(days=3)
    with transaction():
        resume_endorsement(endorsement, actor=None, at=clock_hand.at)

    assert listed_endorsement(product.id) is endorsement
    assert endorsement.listed_on == first_listed
    with pytest.raises(EndorsementMoveError), transaction():
        resume_endorsement(endorsement, actor=None, at=clock_hand.at)


def test_the_successor_takes_over_and_the_former_word_ends(clock_hand):
    product = make_listed_product()
    make_label(product)
    make_batch(product)
    former = listed_endorsement(product.id)
    village = product.village
    waiting = make_submittable_endorsement(former.tenure)
    submit(waiting, clock_hand.at)
    leaving = desk_user(former.tenure)
    with transaction():
        assert hand_over_tenure(former.tenure, TenureStatus.ROTATED, reason='轮换', actor=None, at=clock_hand.at) == 1

    assert (former.status, former.listed_on) == (S.HANDING_OVER, clock_hand.day)
    assert waiting.status is S.DRAFT
    assert newest_version(waiting.product_id).status is VersionStatus.DRAFT
    assert (former.tenure.status, former.tenure.ends_on) == (TenureStatus.ROTATED, clock_hand.day)
    assert leaving.roles == frozenset()
    assert listed_endorsement(product.id) is None

    successor = make_tenure(village, secretary=make_secretary('许静'), starts_on=clock_hand.day)
    with transaction():
        new = take_over_endorsement(former, successor, actor=None, at=clock_hand.at)
        new.statement = '我接着为这里的木耳说话。'
    with transaction():
        submit_endorsement(new, ladder=(ReviewStep.CITY,), actor=None, at=clock_hand.at)
    with transaction():
        approve_endorsement(new, ladder=(ReviewStep.CITY,), notice_days=0, actor=None, at=clock_hand.at)

    assert listed_endorsement(product.id) is new
    assert former.status is S.DELISTED
    assert {row.id for row in endorsements_of_village(village.id)} == {new.id, waiting.id}


def test_a_word_that_is_still_given_is_not_taken_over(clock_hand):
    product = make_listed_product()
    endorsement = listed_endorsement(product.id)

    with pytest.raises(EndorsementMoveError), transaction():
        take_over_endorsement(endorsement, endorsement.tenure, actor=None, at=clock_hand.at)


def test_what_is_on_notice_when_the_secretary_leaves_waits_and_is_never_listed(clock_hand):
    tenure = make_tenure()
    product = make_product(tenure.village)
    version = make_version(product, status=VersionStatus.ON_NOTICE)
    endorsement = make_endorsement(product, tenure, status=S.ON_NOTICE)
    with transaction():
        hand_over_tenure(tenure, TenureStatus.RECALLED, reason='召回', actor=None, at=clock_hand.at)
    clock_hand.move(days=30)
    with transaction():
        assert list_due_endorsements(at=clock_hand.at) == 0

    assert (endorsement.status, version.status) == (S.HANDING_OVER, VersionStatus.DRAFT)


def test_a_handing_over_secretary_keeps_what_is_due_from_going_up(clock_hand):
    tenure = make_tenure(status=TenureStatus.HANDING_OVER)
    product = make_product(tenure.village)
    endorsement = make_endorsement(product, tenure, status=S.ON_NOTICE)
    clock_hand.move(days=30)
    with transaction():
        assert list_due_endorsements(at=clock_hand.at) == 0

    assert endorsement.status is S.ON_NOTICE


def test_a_team_member_sees_no_queue(sent):
    member = make_team_member(sent.product.village)

    assert waiting_for(member) == []
    assert due_count(member) == 0
