"""Nothing is kept without consent, nothing shown without a reason, and nothing of it stands in the files."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from shop.accounts.models import Role
from shop.households.consents import (
    MOST_REVEALS,
    ConsentGivenError,
    ConsentMissingError,
    NumberElsewhereError,
    ReasonMissingError,
    TooManyRevealsError,
    WrongNumberError,
    consent_in_force,
    give_consent,
    keep_number,
    number_of,
    reveal_number,
    withdraw_consent,
)
from shop.households.models import (
    ConsentKind,
    ConsentMeans,
    HouseholdConsent,
    HouseholdEvent,
    HouseholdNumber,
    HouseholdReveal,
    NumberKind,
)
from shop.households.services import DayError
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from tests.factories.households import KEYS, card_number, id_number, make_number
from tests.factories.villages import desk_user, make_household, make_tenure, make_village

ID, BANK = NumberKind.ID_NUMBER, NumberKind.BANK_ACCOUNT


@pytest.fixture
def village(app, clock_hand):
    return make_village()


@pytest.fixture
def secretary(village):
    return desk_user(make_tenure(village))


@pytest.fixture
def household(village):
    return make_household(village)


def keep(household, kind, number, secretary) -> bool:
    with transaction():
        return keep_number(household, kind, number, keys=KEYS, actor=secretary, at=clock.now())


def reveal(household, secretary, reason='核对一卡通', role=Role.FIRST_SECRETARY) -> str:
    with transaction():
        return reveal_number(household, ID, reason=reason, keys=KEYS, role=role, actor=secretary, at=clock.now())


def test_a_number_needs_the_consent_to_that_very_number(household, secretary):
    with pytest.raises(ConsentMissingError):
        keep(household, ID, id_number(1), secretary)
    make_number(household, id_number(1), actor=secretary)
    with pytest.raises(ConsentMissingError):
        keep(household, BANK, card_number(1), secretary)
    with pytest.raises(WrongNumberError, match='末位校验码'):
        keep(household, ID, id_number(1)[:-1] + '0', secretary)
    assert not keep(household, ID, id_number(1), secretary)
    assert keep(household, ID, id_number(2), secretary)
    assert number_of(household, ID).masked == '990***********' + id_number(2)[-4:]
    assert number_of(household, BANK) is None


def test_a_person_is_registered_once_in_all_villages(village, household, secretary):
    make_number(household, id_number(1), actor=secretary)
    neighbour, stranger = make_household(village), make_household(make_village('柳河村'))
    for other, words in ((neighbour, '户编号 001'), (stranger, '已在别的村登记')):
        with pytest.raises(NumberElsewhereError, match=words):
            make_number(other, id_number(1), actor=secretary)
    with transaction():
        make_number(neighbour, id_number(2), actor=secretary)
    digest = number_of(household, ID).digest
    with pytest.raises(IntegrityError), transaction():  # two at once, past the check
        db.session.execute(
            text('UPDATE household_numbers SET digest = :digest WHERE household_id = :id'),
            {'digest': digest, 'id': neighbour.id},
        )


def test_what_is_withdrawn_is_deleted_and_the_dates_stay(household, secretary, clock_hand):
    make_number(household, id_number(1), actor=secretary)
    consent = consent_in_force(household, ConsentKind.ID_NUMBER)
    given = {'given_on': clock.today(), 'means': ConsentMeans.PAPER, 'paper': '', 'actor': secretary}
    with pytest.raises(ConsentGivenError), transaction():
        give_consent(household, ConsentKind.ID_NUMBER, **given, at=clock.now())
    with pytest.raises(DayError), transaction():
        withdraw_consent(
            household, consent, withdrawn_on=clock.today() - timedelta(days=1), actor=secretary, at=clock.now()
        )
    with transaction():
        withdrawn = [
            withdraw_consent(household, consent, withdrawn_on=clock.today(), actor=secretary, at=clock.now())
            for _ in range(2)
        ]
    assert withdrawn == [True, False]
    assert db.session.scalars(select(HouseholdNumber)).all() == []
    assert db.session.scalars(select(HouseholdConsent)).one().withdrawn_on == clock.today()
    with pytest.raises(ConsentMissingError):
        keep(household, ID, id_number(1), secretary)
    with transaction():
        photo = give_consent(household, ConsentKind.PHOTO, **given, at=clock.now())
        assert not withdraw_consent(household, photo, withdrawn_on=clock.today(), actor=secretary, at=clock.now())
    with pytest.raises(DayError), transaction():
        give_consent(
            household, ConsentKind.PHOTO, **{**given, 'given_on': clock.today() + timedelta(days=1)}, at=clock.now()
        )
    assert id_number(1)[3:14] not in ' '.join(
        f'{event.before} {event.after} {event.note}' for event in db.session.scalars(select(HouseholdEvent))
    )


def test_reading_a_number_is_written_down_and_bounded(household, secretary, clock_hand):
    with pytest.raises(NotFoundError):
        reveal(household, secretary)
    make_number(household, id_number(1), actor=secretary)
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.CITY_DEPARTMENT, Role.TEAM_MEMBER):
        with pytest.raises(NotFoundError):
            reveal(household, secretary, role=role)
    with pytest.raises(ReasonMissingError):
        reveal(household, secretary, '看看')
    assert db.session.scalars(select(HouseholdReveal)).all() == []
    assert [reveal(household, secretary) for _ in range(MOST_REVEALS)] == [id_number(1)] * MOST_REVEALS
    with pytest.raises(TooManyRevealsError):
        reveal(household, secretary)
    clock_hand.move(hours=1)
    assert reveal(household, secretary) == id_number(1)
    trail = db.session.scalars(select(HouseholdReveal).order_by(HouseholdReveal.id.desc()).limit(1)).one()
    assert (trail.actor_id, trail.reason, trail.role, trail.at, trail.masked) == (
        secretary.id, '核对一卡通', 'first_secretary', clock.now(), '990***********' + id_number(1)[-4:],
    )  # fmt: skip


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_no_file_of_the_database_and_no_error_holds_a_number(app, household, secretary, caplog, database_kind):
    make_number(household, id_number(1), actor=secretary)
    make_number(household, card_number(1), actor=secretary, kind=BANK)
    db.session.remove()
    files = [*Path(db.engine.url.database).parent.glob(f'{Path(db.engine.url.database).name}*')]
    kept = b''.join(path.read_bytes() for path in files)
    assert b'990***********' in kept
    assert id_number(1).encode() not in kept
    assert card_number(1).encode() not in kept
    assert id_number(1)[6:17].encode() not in kept
    with pytest.raises(IntegrityError) as caught, transaction():
        db.session.execute(
            text('INSERT INTO household_numbers (household_id, kind, sealed) VALUES (0, :number, :number)'),
            {'number': id_number(1)},
        )
    logging.getLogger('shop').error('failed', exc_info=caught.value)
    assert id_number(1) not in str(caught.value)
    assert id_number(1) not in caplog.text
