"""New keys: everything is sealed anew, in batches, and it is proved that the old key can go."""

import pytest
from sqlalchemy import select, text

from shop.households.models import HouseholdNumber
from shop.households.rotation import count_sealed, rotate_keys, sealed_columns, still_old
from shop.kit.crypto import UnknownKeyError, seal_text, unseal_text
from shop.kit.database import db, transaction
from tests.factories.households import card_number, id_number, make_number
from tests.factories.villages import desk_user, make_household, make_tenure, make_village

NEW = 'new,test'


@pytest.fixture
def numbers(app, clock_hand) -> list[str]:
    village = make_village()
    secretary = desk_user(make_tenure(village))
    for serial in range(5):
        make_number(make_household(village), id_number(serial), actor=secretary)
    return [id_number(serial) for serial in range(5)]


def sealed() -> list[str]:
    return list(db.session.scalars(select(HouseholdNumber.sealed).order_by(HouseholdNumber.id)))


def test_the_columns_that_are_sealed_are_known_by_their_names():
    assert {f'{column.table.name}.{column.name}' for column in sealed_columns()} >= {
        'household_numbers.sealed', 'register_imports.sealed_rows', 'objections.sealed_name', 'objections.sealed_phone',
    }  # fmt: skip


def test_a_stopped_rotation_goes_on_where_it_was(numbers):
    class PowerFailureError(Exception):
        pass

    def fail(seen: int) -> None:
        if seen == 4:
            raise PowerFailureError

    assert len(still_old(NEW)) == 5
    with pytest.raises(PowerFailureError):
        rotate_keys(NEW, tell=fail, batch=2)
    assert len(still_old(NEW)) == 1
    told: list[int] = []
    done = rotate_keys(NEW, tell=told.append, batch=2)
    assert (done.seen, done.resealed, done.lost, told) == (5, 1, [], [2, 4, 5])
    assert still_old(NEW) == []
    assert [unseal_text('new', one) for one in sealed()] == numbers
    with pytest.raises(UnknownKeyError):
        unseal_text('test', sealed()[0])
    before = sealed()
    assert rotate_keys(NEW, tell=told.append).resealed == 0
    assert sealed() == before


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_the_command_says_whether_the_old_key_can_go(app, numbers, monkeypatch, database_kind):
    assert count_sealed() == 5
    monkeypatch.setitem(app.config, 'DATA_KEYS', NEW)
    done = app.test_cli_runner().invoke(args=['households', 'rotate-keys', '--batch', '2'])
    assert (done.exit_code, '本次换钥 5 处' in done.output, '可以撤了' in done.output) == (0, True, True)
    with transaction():
        db.session.execute(
            text('UPDATE household_numbers SET sealed = :sealed WHERE id = 1'),
            {'sealed': seal_text('lost', card_number(1))},
        )
    failed = app.test_cli_runner().invoke(args=['households', 'rotate-keys'])
    assert failed.exit_code == 1
    assert 'household_numbers.sealed #1' in failed.output
    assert '旧密钥不能撤' in failed.output
