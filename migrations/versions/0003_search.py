"""Chinese search: a full-text index over the tokens of each product, kept by the database itself."""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

SQLITE_UPGRADE = (
    'CREATE VIRTUAL TABLE products_fts USING fts5('
    "search_tokens, content='products', content_rowid='id', tokenize='unicode61', detail=none)",
    """CREATE TRIGGER products_fts_insert AFTER INSERT ON products BEGIN
    INSERT INTO products_fts(rowid, search_tokens) VALUES (new.id, new.search_tokens);
END""",
    """CREATE TRIGGER products_fts_delete AFTER DELETE ON products BEGIN
    INSERT INTO products_fts(products_fts, rowid, search_tokens) VALUES ('delete', old.id, old.search_tokens);
END""",
    """CREATE TRIGGER products_fts_update AFTER UPDATE OF id, search_tokens ON products BEGIN
    INSERT INTO products_fts(products_fts, rowid, search_tokens) VALUES ('delete', old.id, old.search_tokens);
    INSERT INTO products_fts(rowid, search_tokens) VALUES (new.id, new.search_tokens);
END""",
    "INSERT INTO products_fts(products_fts) VALUES ('rebuild')",
)
SQLITE_DOWNGRADE = (
    'DROP TRIGGER products_fts_update',
    'DROP TRIGGER products_fts_delete',
    'DROP TRIGGER products_fts_insert',
    'DROP TABLE products_fts',
)
POSTGRESQL_UPGRADE = (
    'ALTER TABLE products ADD COLUMN search_vector tsvector GENERATED ALWAYS AS '
    "(array_to_tsvector(array_remove(string_to_array(search_tokens, ' '), ''))) STORED",
    'CREATE INDEX ix_products_search_vector ON products USING gin (search_vector) WITH (fastupdate = off)',
)
POSTGRESQL_DOWNGRADE = (
    'DROP INDEX ix_products_search_vector',
    'ALTER TABLE products DROP COLUMN search_vector',
)


def upgrade() -> None:
    """Make the index."""
    for statement in SQLITE_UPGRADE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL_UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    """Remove the index."""
    for statement in SQLITE_DOWNGRADE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL_DOWNGRADE:
        op.execute(statement)
