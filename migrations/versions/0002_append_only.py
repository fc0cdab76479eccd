"""The book and every event table are append-only; a closed day takes no more entries."""

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

APPEND_ONLY = (
    'sales_entries',
    'benefit_entries',
    'benefit_payouts',
    'day_seals',
    'tenure_events',
    'agreement_events',
    'endorsement_events',
    'order_events',
)
SEALED_BY_DAY = ('sales_entries', 'benefit_entries', 'benefit_payouts')

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
REFUSE_CLOSED_DAY = """
CREATE FUNCTION refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM day_seals WHERE day >= NEW.booked_on) THEN
    RAISE EXCEPTION '%: the day % is closed', TG_TABLE_NAME, NEW.booked_on
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Set the triggers."""
    if op.get_bind().dialect.name == 'sqlite':
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def downgrade() -> None:
    """Remove the triggers."""
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in APPEND_ONLY:
        names = ('no_update', 'no_delete') if sqlite else ('append_only', 'no_truncate')
        for name in names:
            op.execute(f'DROP TRIGGER {table}_{name}' + ('' if sqlite else f' ON {table}'))
    for table in SEALED_BY_DAY:
        op.execute(f'DROP TRIGGER {table}_closed_day' + ('' if sqlite else f' ON {table}'))
    if not sqlite:
        op.execute('DROP FUNCTION refuse_change()')
        op.execute('DROP FUNCTION refuse_closed_day()')


def _upgrade_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ('update', 'delete'):
            op.execute(
                f'CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} '
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    for table in SEALED_BY_DAY:
        op.execute(
            f'CREATE TRIGGER {table}_closed_day BEFORE INSERT ON {table} '
            'WHEN EXISTS (SELECT 1 FROM day_seals WHERE day >= NEW.booked_on) '
            f"BEGIN SELECT RAISE(ABORT, '{table}: the day is closed'); END"
        )


def _upgrade_postgresql() -> None:
    op.execute(REFUSE_CHANGE)
    op.execute(REFUSE_CLOSED_DAY)
    for table in APPEND_ONLY:
        op.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
        )
        op.execute(
            f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} '
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
        )
    for table in SEALED_BY_DAY:
        op.execute(
            f'CREATE TRIGGER {table}_closed_day BEFORE INSERT ON {table} '
            'FOR EACH ROW EXECUTE FUNCTION refuse_closed_day()'
        )
