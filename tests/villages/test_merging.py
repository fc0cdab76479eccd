"""A village is joined to another: the register grows, the past stays; odd wishes are refused."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.endorsements.models import EndorsementStatus
from shop.endorsements.services import TenureEndedError, draft_endorsement
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.closing import close_due_days
from shop.statistics.places import Level
from shop.statistics.tallies import breakdown
from shop.villages.models import Tenure, TenureStatus, Village, VillageMerge
from shop.villages.queries import comprised_villages, register_of
from shop.villages.services import VillageMergeError, VillageOccupiedError, end_tenure, merge_villages
from tests.factories.accounts import make_user
from tests.factories.catalogue import make_product
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of, make_completed_order, make_payout, pool_of
from tests.factories.regions import make_county, make_township
from tests.factories.villages import make_households, make_tenure, make_village

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


def merge(village: Village, into: Village) -> VillageMerge:
    with transaction():
        return merge_villages(village, into, reason='县政府批复', actor=None, at=clock.now())


def test_figures_of_every_day_stay_and_every_household_keeps_its_number():
    product = make_listed_product(households=3)
    village, into = product.village, make_village('柳树村')
    make_households(into, 2)
    make_completed_order((product, 2))
    make_payout(pool_of(product), households_of(product)[0], 400)
    numbers = [(household.id, household.number, household.ordinal) for household in register_of(village.id)]
    clock.shift(timedelta(days=40))
    with transaction():
        close_due_days(at=clock.now())
    days = [clock.today() - timedelta(days=n) for n in range(45)]
    before = [breakdown(day, level=Level.VILLAGE) for day in days]
    db.session.rollback()
    with transaction():
        tenure = db.session.scalars(select(Tenure).where(Tenure.village_id == village.id)).one()
        end_tenure(tenure, TenureStatus.ADJUSTED, reason='合村', actor=None, at=clock.now())
    merge(village, into)
    after = [breakdown(day, level=Level.VILLAGE) for day in days]
    assert after[1:] == before[1:]
    assert [(row.figures.sales_fen, row.figures.accrued, row.figures.paid) for row in after[0].rows] == [
        (7980, 3, 1), (0, 0, 0),
    ]  # fmt: skip
    joined = [(household.id, household.number, household.ordinal) for household in register_of(into.id)]
    assert joined[2:] == numbers
    assert len(register_of(village.id)) == 3
    assert find_faults() == []


def test_who_did_it_and_why_is_kept():
    village, into, actor = make_village(), make_village(), make_user()
    with transaction():
        merge_villages(village, into, reason='县政府批复', actor=actor, at=clock.now())
    kept = db.session.scalars(select(VillageMerge)).one()
    assert (kept.village_id, kept.into_id, kept.actor_id, kept.reason) == (village.id, into.id, actor.id, '县政府批复')
    assert (kept.merged_on, kept.at) == (clock.today(), clock.now())


def test_villages_joined_one_after_another_are_all_comprised():
    first, second, third = make_village(), make_village(), make_village()
    merge(first, second)
    merge(second, third)
    assert comprised_villages(third.id) == {first.id, second.id, third.id}
    assert comprised_villages(second.id) == {first.id, second.id}
    assert comprised_villages(first.id) == {first.id}


def test_the_secretary_of_the_other_village_speaks_for_the_goods_from_then_on():
    village, into = make_village(), make_village()
    product, tenure = make_product(village), make_tenure(into)
    with pytest.raises(TenureEndedError), transaction():
        draft_endorsement(product, tenure, actor=None, at=clock.now())
    merge(village, into)
    with transaction():
        assert draft_endorsement(product, tenure, actor=None, at=clock.now()).status is EndorsementStatus.DRAFT


def test_a_merge_that_cannot_be_is_refused_and_leaves_nothing():
    village, into = make_village(), make_village()
    elsewhere = make_village(township=make_township('钢铁街', county=make_county('二道江区')))
    for other in (village, elsewhere):
        with pytest.raises(VillageMergeError, match='同一个县'):
            merge(village, other)
    make_tenure(village)
    with pytest.raises(VillageOccupiedError, match='先办理交接'):
        merge(village, into)
    merge(into, village)
    for pair in ((into, make_village()), (make_village(), into)):
        with pytest.raises(VillageMergeError, match='已经并入'):
            merge(*pair)
    assert db.session.scalar(select(func.count()).select_from(VillageMerge)) == 1


def test_the_database_joins_no_village_twice_and_none_to_itself():
    village, into = make_village(), make_village()
    merge(village, into)
    values = {'merged_on': clock.today(), 'at': clock.now(), 'reason': ''}
    for pair in ((village.id, into.id), (into.id, into.id)):
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(VillageMerge(village_id=pair[0], into_id=pair[1], **values))
