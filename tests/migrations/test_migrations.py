"""The migrations lead from an empty database to the models and back, on both databases."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from shop.kit.database import db

BY_HAND = ('products_fts', 'search_vector')


def tables() -> set[str]:
    return {name for name in sa.inspect(db.engine).get_table_names() if not name.startswith('products_fts')}


@pytest.mark.filterwarnings('ignore:Skipped unsupported reflection of expression-based index')
@pytest.mark.filterwarnings('ignore:autogenerate skipping metadata-specified expression-based index')
def test_the_migrations_lead_to_the_models_and_back(make_app, bare_database_url):
    app = make_app(DATABASE_URL=bare_database_url)
    with app.app_context():
        upgrade()
        assert tables() == {*db.metadata.tables, 'alembic_version'}
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={'compare_type': True})
            found = [change for change in compare_metadata(context, db.metadata) if not is_by_hand(change)]
        assert found == []
        downgrade(revision='base')
        assert tables() == {'alembic_version'}
        upgrade()
        assert tables() == {*db.metadata.tables, 'alembic_version'}
        db.session.remove()
        db.engine.dispose()


def is_by_hand(change: object) -> bool:
    return any(name in str(change) for name in BY_HAND)
