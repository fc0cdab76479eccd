"""The data version: it moves with every change that others can see, and with nothing else."""

import pytest
from sqlalchemy import create_engine, select

from shop.accounts.models import User
from shop.kit.data_version import DataVersion
from shop.kit.database import db, transaction
from tests.factories.accounts import make_user


@pytest.fixture
def version(app):
    return DataVersion(db.engine)


def test_it_moves_with_every_commit(app, version):
    before = version.read()
    user = make_user()
    after = version.read()
    with transaction():
        db.session.merge(user).name = '新名字'
    assert len({before, after, version.read()}) == 3


def test_it_stays_while_nothing_is_committed(app, version):
    make_user()
    before = version.read()
    db.session.scalars(select(User)).all()
    assert version.read() == before
    with pytest.raises(RuntimeError), transaction() as session:
        session.add(User(login_name='gone', name='没有', created_at=session.scalars(select(User)).one().created_at))
        session.flush()
        # PostgreSQL may say early that something moves, never late.
        raise RuntimeError
    if app.config['SQLALCHEMY_DATABASE_URI'].startswith('sqlite'):
        assert version.read() == before


def test_a_change_still_open_and_the_same_change_committed_are_two_versions(app, version):
    user = make_user()
    with transaction():
        db.session.merge(user).name = '改了'
        db.session.flush()
        open_ = version.read()
    assert version.read() != open_


def test_a_new_watcher_never_repeats_an_old_version(app, version):
    before = version.read()
    db.engine.dispose()
    make_user()
    db.engine.dispose()
    assert version.read() != before


def test_without_a_database_there_is_no_version():
    assert DataVersion(create_engine('sqlite:////no/such/folder/shop.db')).read() is None
    assert DataVersion(create_engine('postgresql+psycopg://127.0.0.1:1/none')).read() is None
