"""An objection stops a notice, and what the inquiry finds lets it go on or ends it."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import func, select

from shop.benefits.models import VersionStatus
from shop.benefits.queries import newest_version
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.endorsements.services import list_due_endorsements
from shop.kit import clock
from shop.kit.crypto import unseal_text
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.objections.models import OBJECTION_MOVES, Objection, ObjectionMoveError, ObjectionStatus
from shop.objections.services import (
    MOST_PER_NOTICE,
    MOST_PER_VISIT,
    NoticeOverError,
    OwnWorkError,
    TooManyObjectionsError,
    decide_objection,
    take_up_objection,
)
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.building import next_number
from tests.factories.objections import make_notice, make_objection
from tests.factories.regions import make_county, make_township
from tests.factories.villages import desk_user, make_village

pytestmark = pytest.mark.usefixtures('app')
S = ObjectionStatus
E = EndorsementStatus


def decided(objection, actor, *, is_upheld: bool) -> None:
    with transaction():
        take_up_objection(objection, actor=actor, at=clock.now())
        decide_objection(objection, is_upheld=is_upheld, answer='已入户核实。', actor=actor, at=clock.now())


def test_an_objection_stops_the_notice_and_it_is_not_listed(clock_hand):
    notice = make_notice()
    objection = make_objection(notice, name='钱某人', phone='13912345678')
    assert notice.status is E.UNDER_INQUIRY
    assert objection.status is S.RECEIVED
    clock_hand.move(days=9)
    with transaction():
        assert list_due_endorsements(at=clock.now()) == 0
    assert notice.status is E.UNDER_INQUIRY


def test_a_second_objection_is_kept_and_moves_nothing():
    notice = make_notice()
    make_objection(notice)
    make_objection(notice, visit='another')
    assert [event.to_status for event in notice.events] == [E.UNDER_INQUIRY]
    assert db.session.scalar(select(func.count(Objection.id))) == 2


def test_who_objects_is_sealed_in_the_database():
    objection = make_objection(make_notice(), name='钱某人', phone='13912345678')
    row = db.session.execute(select(Objection.__table__)).one()
    assert not [value for value in row if '钱某人' in str(value) or '13912345678' in str(value)]
    assert unseal_text('new,test', objection.sealed_name) == '钱某人'
    assert unseal_text('test', objection.sealed_phone) == '13912345678'


def test_not_upheld_the_notice_goes_on_with_the_days_it_had_left(clock_hand):
    notice = make_notice()
    county = make_reviewers(notice.product.village)[1]
    clock_hand.move(days=2)
    objection = make_objection(notice)
    clock_hand.move(days=10)
    decided(objection, county, is_upheld=False)
    assert notice.status is E.ON_NOTICE
    assert notice.notice_ends_on == clock.today() + timedelta(days=3)
    assert (objection.status, objection.answer) == (S.NOT_UPHELD, '已入户核实。')
    clock_hand.move(days=3)
    with transaction():
        assert list_due_endorsements(at=clock.now()) == 1


def test_the_notice_waits_for_the_last_open_objection():
    notice = make_notice()
    city = make_reviewers(notice.product.village)[2]
    first, second = make_objection(notice), make_objection(notice, visit='another')
    decided(first, city, is_upheld=False)
    assert notice.status is E.UNDER_INQUIRY
    decided(second, city, is_upheld=False)
    assert notice.status is E.ON_NOTICE


def test_upheld_the_endorsement_comes_down_and_the_agreement_goes_back():
    notice = make_notice()
    county = make_reviewers(notice.product.village)[1]
    first, second = make_objection(notice), make_objection(notice, visit='another')
    decided(first, county, is_upheld=True)
    assert notice.status is E.DELISTED
    assert newest_version(notice.product_id).status is VersionStatus.DRAFT
    decided(second, county, is_upheld=False)
    assert notice.status is E.DELISTED


def test_after_the_notice_nobody_objects(clock_hand):
    notice = make_notice()
    clock_hand.move(days=5)
    with pytest.raises(NoticeOverError):
        make_objection(notice)
    assert notice.status is E.ON_NOTICE
    assert db.session.scalar(select(func.count(Objection.id))) == 0


def test_a_visit_and_a_notice_take_only_so_many(clock_hand):
    notice = make_notice()
    for _ in range(MOST_PER_VISIT):
        make_objection(notice)
    with pytest.raises(TooManyObjectionsError):
        make_objection(notice)
    for _ in range(MOST_PER_NOTICE - MOST_PER_VISIT):
        make_objection(notice, visit=str(next_number()))
    with pytest.raises(TooManyObjectionsError):
        make_objection(notice, visit='a new one')
    clock_hand.move(days=1, seconds=1)
    make_objection(notice)


def test_others_cannot_decide_and_authors_cannot_decide_their_own():
    notice = make_notice()
    village = notice.product.village
    objection = make_objection(notice)
    township, county, _ = make_reviewers(village)
    other_county = make_reviewers(make_village(township=make_township('南山镇', county=make_county('集安市'))))[1]
    for stranger in (township, other_county, desk_user(notice.tenure), make_user()):
        with pytest.raises(NotFoundError), transaction():
            take_up_objection(objection, actor=stranger, at=clock.now())
    with transaction():
        notice.drafted_by_id = county.id
    with pytest.raises(OwnWorkError), transaction():
        take_up_objection(objection, actor=county, at=clock.now())
    assert objection.status is S.RECEIVED


@pytest.mark.parametrize('before', S)
@pytest.mark.parametrize('after', S)
def test_every_move_is_allowed_or_refused_as_the_table_says(before, after):
    objection = Objection(status=before)
    if after in OBJECTION_MOVES[before]:
        objection.move(after, actor_id=None, at=clock.now())
        assert (objection.status, len(objection.events)) == (after, 1)
    else:
        with pytest.raises(ObjectionMoveError):
            objection.move(after, actor_id=None, at=clock.now())
        assert (objection.status, objection.events) == (before, [])


def test_two_at_once_stop_the_notice_once(app):
    notice = make_notice()
    notice_id, failures = notice.id, []
    db.session.rollback()

    def object_to_it(visit: str) -> None:
        with app.app_context():
            try:
                make_objection(db.session.get(Endorsement, notice_id), visit=visit)
            except Exception as error:  # noqa: BLE001  told below
                failures.append(error)

    workers = [Thread(target=object_to_it, args=(str(n),)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert [event.to_status for event in db.session.get(Endorsement, notice_id).events] == [E.UNDER_INQUIRY]
    assert db.session.scalar(select(func.count(Objection.id))) == 3
