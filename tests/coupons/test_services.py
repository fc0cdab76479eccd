"""Drafting, releasing, pausing, ending; claiming by button and by code; who sees which series."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.accounts.models import Role
from shop.coupons.claims import ClaimRefusedError, claim_by_code, claim_coupon, claimable_series
from shop.coupons.models import SERIES_MOVES, CouponClaim, CouponScope, CouponSeries, SeriesMoveError, SeriesStatus
from shop.coupons.queries import drafts_waiting, page_of_series, series_in_scope
from shop.coupons.services import (
    CodeTakenError,
    NotDraftError,
    OwnDraftError,
    SeriesOverError,
    change_draft,
    draft_series,
    end_series,
    pause_series,
    release_series,
)
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from tests.factories.accounts import make_user
from tests.factories.coupons import claim, make_department, make_draft, make_series, plan_of
from tests.factories.regions import make_city, make_county
from tests.factories.villages import make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')
S = SeriesStatus


def act(service, series, *args, actor) -> None:
    with transaction():
        service(series, *args, actor=actor, at=clock.now())


def test_whoever_wrote_any_of_the_draft_cannot_release_it():
    author, other = make_department(make_city())
    third = make_department(make_city())[0]
    series = make_draft(make_city(), author=author)
    act(change_draft, series, plan_of(name='改过的券'), actor=other)
    for writer in (author, other):
        with pytest.raises(OwnDraftError, match='另一位同事'):
            act(release_series, series, actor=writer)
    act(release_series, series, actor=third)
    act(pause_series, series, '核查', actor=author)
    act(release_series, series, actor=author)  # it was approved before
    act(end_series, series, '活动到期', actor=author)
    assert [(event.from_status, event.to_status, event.actor_id, event.reason) for event in series.events] == [
        (None, S.DRAFT, author.id, ''),
        (S.DRAFT, S.DRAFT, other.id, ''),
        (S.DRAFT, S.RUNNING, third.id, ''),
        (S.RUNNING, S.PAUSED, author.id, '核查'),
        (S.PAUSED, S.RUNNING, author.id, ''),
        (S.RUNNING, S.ENDED, author.id, '活动到期'),
    ]


def test_what_was_released_is_not_written_anew_and_no_status_is_skipped():
    series = make_series(make_city())
    actor = make_department(make_city())[0]
    with pytest.raises(NotDraftError):
        act(change_draft, series, plan_of(), actor=actor)
    for before, to in ((before, to) for before in S for to in S if to not in SERIES_MOVES[before]):
        with pytest.raises(SeriesMoveError), db.session.no_autoflush:
            CouponSeries(status=before).move(to, actor_id=1, at=clock.now())
    with pytest.raises(SeriesMoveError, match='现在是“发放中”，不能改为“发放中”'):
        act(release_series, series, actor=actor)


def test_a_series_whose_days_are_over_is_not_released(clock_hand):
    series = make_draft(make_city(), starts_on=clock.today(), ends_on=clock.today())
    clock_hand.move(days=1)
    with pytest.raises(SeriesOverError, match='已经过了'):
        act(release_series, series, actor=make_department(make_city())[0])
    assert series.status is S.DRAFT


def test_a_form_sent_twice_is_one_draft_and_a_code_belongs_to_one_series():
    author, _other = make_department(make_city())
    token = new_token()
    with transaction():
        first = draft_series(plan_of(code='国庆山货'), token, actor=author, at=clock.now())
        assert draft_series(plan_of(), token, actor=author, at=clock.now()) is first
    with pytest.raises(CodeTakenError, match='换一个') as told:
        make_draft(make_city(), code='国庆山货')
    assert told.value.field == 'code'
    act(change_draft, first, plan_of(code='国庆山货', name='还是它'), actor=author)


def test_the_goods_of_a_draft_are_written_anew():
    one, two = make_village(), make_village('青石村')
    series = make_draft(make_city(), scope=CouponScope.VILLAGES, subject_ids=[one.id, two.id])
    plan = plan_of(scope=CouponScope.VILLAGES, subject_ids=[two.id])
    for wanted, ids in ((plan, [two.id]), (replace(plan, scope=CouponScope.COUNTIES, subject_ids=[one.county_id]),
                        [one.county_id]), (plan_of(), [])):  # fmt: skip
        act(change_draft, series, wanted, actor=make_department(make_city())[0])
        db.session.expire_all()
        assert [goods.subject_id for goods in series.goods] == ids


def test_a_county_sees_its_own_the_city_all_an_auditor_reads():
    liuhe, jian = make_county(), make_county('集安市')
    series = {place.name: make_draft(place) for place in (liuhe, jian, make_city())}
    county, _colleague = make_department(liuhe)
    city, _colleague = make_department(make_city())
    auditor = make_user(Role.AUDITOR, region=make_city())

    def seen(user):
        return {row.region.name for row in page_of_series(user, None, 1).rows}

    assert (seen(county), seen(city)) == ({'柳河县'}, {'柳河县', '集安市', '通化市'})
    assert seen(auditor) == {'柳河县', '集安市', '通化市'}
    assert (drafts_waiting(county), drafts_waiting(city)) == (1, 3)
    for foreign in (series['集安市'], series['通化市']):
        with pytest.raises(NotFoundError):
            series_in_scope(foreign.id, county)
        with pytest.raises(NotFoundError):
            act(pause_series, foreign, '不归我管', actor=county)
    assert series_in_scope(series['集安市'].id, auditor).id == series['集安市'].id
    with pytest.raises(NotFoundError):
        act(end_series, series['集安市'], '只看不动', actor=auditor)
    act(release_series, series['集安市'], actor=city)


def test_a_coupon_is_claimed_once_by_button_or_by_code():
    user = make_user()
    button, coded = make_series(make_city(), per_person=3), make_series(make_city(), code='SH2026')
    assert claim(button, user).id == claim(button, user).id
    with transaction():
        assert claim_by_code(' sh 2026 ', actor=user, at=clock.now()).series_id == coded.id
    assert db.session.scalar(select(func.count()).select_from(CouponClaim)) == 2
    assert db.session.scalars(select(CouponClaim.limit_count).order_by(CouponClaim.id)).all() == [3, 1]
    assert [one.id for one in claimable_series(clock.now())] == [button.id]
    with pytest.raises(NotFoundError), transaction():
        claim_coupon(coded.id, actor=user, at=clock.now())  # one with a code has no button


@pytest.mark.parametrize(
    ('state', 'why'), [('ahead', '开始'), ('over', '已经结束'), ('paused', '暂停使用'), ('spent', '已经发完')]
)
def test_what_is_closed_cannot_be_claimed_and_says_why(clock_hand, state, why):
    late = {'starts_on': clock.today() + timedelta(days=3)} if state == 'ahead' else {}
    series = make_series(make_city(), code='SH2026', **late)
    if state == 'over':
        clock_hand.move(days=30)
    elif state == 'paused':
        act(pause_series, series, '核查', actor=make_department(make_city())[0])
    elif state == 'spent':
        with transaction():
            series.spent_fen = series.budget_fen - 999
    for code, told in (('SH2026', why), ('NOPE', '没有口令是“NOPE”的消费券')):
        with pytest.raises(ClaimRefusedError, match=told), transaction():
            claim_by_code(code, actor=make_user(), at=clock.now())


def test_a_draft_is_nothing_to_claim():
    series, coded = make_draft(make_city()), make_draft(make_city(), code='SH2026')
    with pytest.raises(NotFoundError), transaction():
        claim_coupon(series.id, actor=make_user(), at=clock.now())
    with pytest.raises(ClaimRefusedError, match='没有口令'), transaction():
        claim_by_code(coded.code, actor=make_user(), at=clock.now())
