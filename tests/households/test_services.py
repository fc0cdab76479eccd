"""The register's use cases: entering, changing, statuses, marks, pairings, facts; and what two at once meet."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from shop.households.exports import write_register
from shop.households.facts import household_findings_facts
from shop.households.models import (
    EventKind,
    HouseholdEvent,
    HouseholdMark,
    HouseholdReveal,
    MarkKind,
    NumberKind,
    Pairing,
    PartyMember,
    Relation,
)
from shop.households.queries import Wanted, count_register, list_households
from shop.households.services import (
    DayError,
    Entry,
    NumberTakenError,
    RetiredStatusError,
    StillMarkedError,
    StillPairedError,
    change_household,
    enter_household,
    enter_member,
    leave_household,
    mark_household,
    pair_household,
    set_status,
    status_on,
    unmark_household,
    unpair_household,
)
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.villages.models import Household, Village
from tests.factories.accounts import make_user
from tests.factories.households import make_status_kind
from tests.factories.villages import desk_user, make_household, make_tenure, make_village
from tests.support.sheets import rows_of

ENTRY = Entry('007', '周玉兰', '二组', 4)
DAY = timedelta(days=1)


@pytest.fixture
def village(app, clock_hand) -> Village:
    return make_village()


@pytest.fixture
def secretary(village):
    return desk_user(make_tenure(village))


@pytest.fixture
def household(village):
    return make_household(village)


def events(household) -> list[tuple[str, str, str, str]]:
    found = db.session.scalars(select(HouseholdEvent).where(HouseholdEvent.household_id == household.id))
    return [(event.kind.value, event.subject, event.before, event.after) for event in found]


def test_a_household_is_entered_once_at_the_end_of_the_register(village, secretary, household):
    with transaction():
        entered = enter_household(village, ENTRY, key='test', actor=secretary, at=clock.now())
    assert (entered.ordinal, entered.registered_on) == (household.ordinal + 1, clock.today())
    assert events(entered) == [('entered', '', '', '007')]
    with pytest.raises(NumberTakenError, match='007'), transaction():
        enter_household(village, ENTRY, key='test', actor=secretary, at=clock.now())
    with transaction():
        other = enter_household(make_village('柳河村'), ENTRY, key='test', actor=secretary, at=clock.now())
    assert other.self_check_code != entered.self_check_code


def test_a_code_that_is_taken_is_not_given_again(village, secretary):
    with transaction():
        first = enter_household(village, ENTRY, key='test', actor=secretary, at=clock.now())
        change_household(first, Entry('008', '周玉兰', '二组', 4), actor=secretary, at=clock.now())
        second = enter_household(village, ENTRY, key='test', actor=secretary, at=clock.now())
    assert first.self_check_code != second.self_check_code


def test_the_history_says_what_an_entry_was(household, secretary):
    entry = Entry('001', '赵德福', '一组', 5, left_poverty_on=clock.today() - DAY)
    with transaction():
        assert change_household(household, entry, actor=secretary, at=clock.now()) == [
            'head_name', 'people', 'left_poverty_on',
        ]  # fmt: skip
        assert change_household(household, entry, actor=secretary, at=clock.now()) == []
    assert events(household) == [
        ('changed', '户主姓名', '赵德林', '赵德福'),
        ('changed', '家庭人口数', '3', '5'),
        ('changed', '脱贫日', '', '2026-06-14'),
    ]
    with pytest.raises(DayError), transaction():
        change_household(
            household, Entry('001', '赵', '', 1, left_poverty_on=clock.today() + DAY), actor=secretary, at=clock.now()
        )
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("UPDATE household_events SET before = ''"))


def test_a_status_holds_from_its_day_on(household, secretary):
    poor, lifted = make_status_kind('未脱贫'), make_status_kind('已脱贫')
    today = clock.today()
    with transaction():
        set_status(household, poor, since_on=today - 9 * DAY, actor=secretary, at=clock.now())
        set_status(household, poor, since_on=today, actor=secretary, at=clock.now())
        set_status(household, lifted, since_on=today, actor=secretary, at=clock.now())
    assert [status_on(household, today - days * DAY) for days in (10,)] == [None]
    assert status_on(household, today - DAY).kind.name == '未脱贫'
    assert status_on(household, today).kind.name == '已脱贫'
    assert len(household.statuses) == 2
    with pytest.raises(DayError), transaction():
        set_status(household, poor, since_on=today + DAY, actor=secretary, at=clock.now())
    with transaction():
        poor.is_retired = True
    with pytest.raises(RetiredStatusError), transaction():
        set_status(household, poor, since_on=today, actor=secretary, at=clock.now())


def test_marks_and_members_become_facts_of_a_day(household, secretary):
    today, at = clock.today(), clock.now()
    with transaction():
        cadre = mark_household(
            household, MarkKind.VILLAGE_CADRE, since_on=today - 9 * DAY, text='委员', actor=secretary, at=at
        )
        mark_household(household, MarkKind.DECEASED, since_on=today, text='', actor=secretary, at=at)
        son = enter_member(household, '赵小林', Relation.CHILD, actor=secretary, at=at)
        enter_member(household, '孙芝', Relation.SPOUSE, actor=secretary, at=at)
        set_status(household, make_status_kind('未脱贫'), since_on=today, actor=secretary, at=at)
    with pytest.raises(StillMarkedError), transaction():
        mark_household(household, MarkKind.VILLAGE_CADRE, since_on=today, text='', actor=secretary, at=at)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(HouseholdMark(household_id=household.id, kind=MarkKind.VILLAGE_CADRE, since_on=today, note=''))
    with pytest.raises(DayError), transaction():
        unmark_household(household, cadre, until_on=today - 10 * DAY, actor=secretary, at=at)
    with transaction():
        for _ in range(2):
            unmark_household(household, cadre, until_on=today - DAY, actor=secretary, at=at)
            leave_household(household, son, left_on=today, actor=secretary, at=at)
    past, now = (household_findings_facts([household.id], on=day)[household.id] for day in (today - 2 * DAY, today))
    assert (past.is_village_cadre, past.is_deceased, past.named_people, past.status) == (True, False, 3, '')
    assert (now.is_village_cadre, now.is_deceased, now.named_people, now.status) == (False, True, 2, '未脱贫')
    assert (now.people, now.is_closed, now.is_fiscally_paid) == (3, False, False)
    kinds = [kind for kind, *_ in events(household)]
    assert kinds.count('unmarked') == 1
    assert kinds.count('member') == 3


def test_one_party_member_stands_by_a_household_at_a_time(village, household, secretary):
    today, at = clock.today(), clock.now()
    with transaction():
        first = pair_household(household, '李建国', '村支委委员', since_on=today - 9 * DAY, actor=secretary, at=at)
        second = pair_household(make_household(village), '李建国', '村支委委员', since_on=today, actor=secretary, at=at)
    assert first.party_member is second.party_member
    with pytest.raises(StillPairedError), transaction():
        pair_household(household, '王芳', '镇政府', since_on=today, actor=secretary, at=at)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Pairing(party_member_id=first.party_member_id, household_id=household.id, since_on=today))
    with pytest.raises(DayError), transaction():
        unpair_household(household, first, until_on=today + DAY, actor=secretary, at=at)
    with transaction():
        for _ in range(2):
            unpair_household(household, first, until_on=today - DAY, actor=secretary, at=at)
        pair_household(household, '王芳', '镇政府', since_on=today, actor=secretary, at=at)
    assert db.session.query(PartyMember).count() == 2
    counts = count_register(select(Village.id), on=today)
    assert (counts.households, counts.people, counts.paired, counts.party_members) == (2, 6, 2, 2)
    listed = list_households(select(Village.id), Wanted(text='组', narrowing='paired'), on=today)
    assert [row.party_member.name for row in listed.rows] == ['王芳', '李建国']
    exported = rows_of(write_register(select(Village.id), names=False, on=today))
    assert [(row[2], row[9], row[12]) for row in exported[1:]] == [('赵*林', '王芳', None), ('赵*林', '李建国', None)]


@pytest.mark.parametrize(
    ('wanted', 'numbers'),
    [
        ({'text': '德'}, ['001', '002']),
        ({'text': '德', 'names': False}, []),
        ({'text': '_'}, []),
        ({'group': '一组', 'page': 2}, []),
        ({'narrowing': 'marked'}, ['002']),
        ({'narrowing': 'paired'}, ['001']),
        ({'narrowing': 'unpaired'}, ['002']),
        ({'narrowing': 'out'}, []),
        ({'narrowing': 'no-id'}, ['001', '002']),
        ({'narrowing': 'no-bank', 'text': '002'}, ['002']),
        ({'status_id': 0}, []),
    ],
)
@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_the_list_is_narrowed(village, secretary, household, wanted, numbers, database_kind):
    other = make_household(village)
    with transaction():
        pair_household(household, '李建国', '村', since_on=clock.today(), actor=secretary, at=clock.now())
        mark_household(other, MarkKind.CLOSED, since_on=clock.today(), text='', actor=secretary, at=clock.now())
    page = list_households(select(Village.id).where(Village.id == village.id), Wanted(**wanted), on=clock.today())
    assert [row.household.number for row in page.rows] == numbers


def test_a_reveal_is_never_changed(household):
    with transaction() as session:
        session.add(
            HouseholdReveal(
                household_id=household.id, kind=NumberKind.ID_NUMBER, masked='*', actor_id=make_user().id,
                role='first_secretary', reason='核对', at=clock.now(),
            )
        )  # fmt: skip
    for statement in ('DELETE FROM household_reveals', "UPDATE household_reveals SET reason = 'x'"):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(text(statement))
    assert EventKind.ENTERED.label == '登记入册'
    assert db.session.query(Household).count() == 1
