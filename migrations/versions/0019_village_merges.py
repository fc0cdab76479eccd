"""Villages that were joined to others."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        'village_merges',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('village_id', ID, nullable=False, comment='被并入的村'),
        sa.Column('into_id', ID, nullable=False, comment='并入的村'),
        sa.Column('merged_on', sa.Date(), nullable=False, comment='合并日'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='依据'),
        sa.CheckConstraint('village_id <> into_id', name=op.f('ck_village_merges_into_another')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_village_merges_village_id')),
        sa.ForeignKeyConstraint(['into_id'], ['villages.id'], name=op.f('fk_village_merges_into_id')),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_village_merges_actor_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_village_merges')),
        sa.UniqueConstraint('village_id', name=op.f('uq_village_merges_village_id')),
    )
    op.create_index(op.f('ix_village_merges_into_id'), 'village_merges', ['into_id'], unique=False)


def downgrade() -> None:
    """Forget who was joined to whom."""
    op.drop_index(op.f('ix_village_merges_into_id'), table_name='village_merges')
    op.drop_table('village_merges')
