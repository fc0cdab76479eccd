"""The unit of work: committed together or not at all, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError

from shop.accounts.models import Role, RoleGrant, User
from shop.kit.database import db, dialect_name, lock_row, transaction

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


def add_user(name: str) -> User:
    user = User(login_name=name, name=name, created_at=NOON)
    db.session.add(user)
    db.session.flush()
    return user


def count_users() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_the_database_is_the_one_the_test_is_named_after(app, database_kind):
    assert dialect_name() == database_kind


def test_what_a_unit_of_work_does_is_kept(app):
    with transaction():
        add_user('a')
        add_user('b')
    assert count_users() == 2


def test_nothing_of_a_unit_that_fails_is_kept(app):
    with pytest.raises(RuntimeError, match='half-way'), transaction():
        add_user('a')
        raise RuntimeError('half-way')
    assert count_users() == 0


def test_a_failed_unit_leaves_the_next_one_free(app):
    with pytest.raises(RuntimeError), transaction():
        raise RuntimeError
    with transaction():
        add_user('a')
    assert count_users() == 1


def test_units_do_not_nest(app):
    with pytest.raises(RuntimeError, match='do not nest'), transaction(), transaction():
        pass  # pragma: no cover


def test_a_unit_drops_what_was_pending_before_it(app):
    add_user('left over')
    with transaction():
        add_user('a')
    assert count_users() == 1


def test_a_locked_row_shows_its_newest_state(app):
    with transaction():
        user = add_user('old')
    with transaction():
        db.session.execute(text("UPDATE users SET name = 'new'"))
        lock_row(user)
        assert user.name == 'new'


def test_instants_come_back_aware_in_utc(app):
    with transaction():
        add_user('a')
    db.session.expire_all()
    at = db.session.scalars(select(User.created_at)).one()
    assert (at, at.tzinfo) == (NOON, UTC)


def test_no_instant_stays_none(app):
    with transaction():
        user = add_user('a')
        user.grants.append(RoleGrant(role=Role.ADMINISTRATOR, granted_at=NOON, revoked_at=None))
    assert db.session.scalars(select(RoleGrant.revoked_at)).one() is None


def test_a_naive_instant_is_refused(app):
    db.session.add(User(login_name='a', name='a', created_at=NOON.replace(tzinfo=None)))
    with pytest.raises(StatementError, match='aware'):
        db.session.flush()
    db.session.rollback()
