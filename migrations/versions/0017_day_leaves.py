"""The leaves of each closed day, kept beside its seal; append-only like the book."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change; days closed before keep their seal without leaves."""
    op.create_table(
        'day_leaves',
        sa.Column('day', sa.Date(), nullable=False, comment='入账日'),
        sa.Column('leaves', sa.LargeBinary(), nullable=False, comment='当日各分录的类别、编号与摘要(每笔41字节)'),
        sa.ForeignKeyConstraint(['day'], ['day_seals.day'], name=op.f('fk_day_leaves_day')),
        sa.PrimaryKeyConstraint('day', name=op.f('pk_day_leaves')),
    )
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f'CREATE TRIGGER day_leaves_no_{verb} BEFORE {verb.upper()} ON day_leaves '
                "BEGIN SELECT RAISE(ABORT, 'day_leaves is append-only'); END"
            )
    else:
        op.execute(
            'CREATE TRIGGER day_leaves_append_only BEFORE UPDATE OR DELETE ON day_leaves '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
        )
        op.execute(
            'CREATE TRIGGER day_leaves_no_truncate BEFORE TRUNCATE ON day_leaves '
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
        )


def downgrade() -> None:
    """Take the change back; triggers go with their table."""
    op.drop_table('day_leaves')
