"""Objections to public notices, with the events of their life."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        'objections',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('number', sa.String(length=24), nullable=False, comment='查询编号(不可猜)'),
        sa.Column(
            'endorsement_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='所针对公示的代言',
        ),
        sa.Column(
            'kind',
            sa.Enum(
                'named_wrongly',
                'left_out',
                'rule',
                'goods',
                'conduct',
                'other',
                name='objection_kind',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='异议事由',
        ),
        sa.Column('text', sa.Text(), nullable=False, comment='异议内容'),
        sa.Column('sealed_name', sa.String(length=500), nullable=True, comment='提出人称呼(加密)'),
        sa.Column('sealed_phone', sa.String(length=300), nullable=True, comment='联系电话(加密)'),
        sa.Column('form_token', sa.String(length=64), nullable=False, comment='表单令牌(防重复提交)'),
        sa.Column('visit_digest', sa.String(length=64), nullable=False, comment='提交者访问摘要(限频)'),
        sa.Column(
            'status',
            sa.Enum(
                'received',
                'under_inquiry',
                'upheld',
                'not_upheld',
                name='objection_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('answer', sa.Text(), nullable=False, comment='答复'),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='收到时间'),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='认定时间'),
        sa.CheckConstraint(
            "(status IN ('upheld', 'not_upheld')) = (decided_at IS NOT NULL)",
            name=op.f('ck_objections_decided_has_time'),
        ),
        sa.CheckConstraint('length(text) BETWEEN 10 AND 1000', name=op.f('ck_objections_text_length')),
        sa.CheckConstraint("decided_at IS NULL OR answer <> ''", name=op.f('ck_objections_decided_has_answer')),
        sa.ForeignKeyConstraint(['endorsement_id'], ['endorsements.id'], name=op.f('fk_objections_endorsement_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_objections')),
        sa.UniqueConstraint('form_token', name=op.f('uq_objections_form_token')),
        sa.UniqueConstraint('number', name=op.f('uq_objections_number')),
    )
    op.create_index(
        op.f('ix_objections_endorsement_id_received_at'), 'objections', ['endorsement_id', 'received_at'], unique=False
    )
    op.create_index(op.f('ix_objections_status_received_at'), 'objections', ['status', 'received_at'], unique=False)
    op.create_index(
        op.f('ix_objections_visit_digest_received_at'), 'objections', ['visit_digest', 'received_at'], unique=False
    )
    op.create_table(
        'objection_events',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('objection_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='异议'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column(
            'actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='经办人(空为系统)'
        ),
        sa.Column(
            'from_status',
            sa.Enum(
                'received',
                'under_inquiry',
                'upheld',
                'not_upheld',
                name='from_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
            comment='原状态',
        ),
        sa.Column(
            'to_status',
            sa.Enum(
                'received',
                'under_inquiry',
                'upheld',
                'not_upheld',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='原因'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_objection_events_actor_id')),
        sa.ForeignKeyConstraint(['objection_id'], ['objections.id'], name=op.f('fk_objection_events_objection_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_objection_events')),
    )
    op.create_index(op.f('ix_objection_events_objection_id'), 'objection_events', ['objection_id'], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f('ix_objection_events_objection_id'), table_name='objection_events')
    op.drop_table('objection_events')
    op.drop_index(op.f('ix_objections_visit_digest_received_at'), table_name='objections')
    op.drop_index(op.f('ix_objections_status_received_at'), table_name='objections')
    op.drop_index(op.f('ix_objections_endorsement_id_received_at'), table_name='objections')
    op.drop_table('objections')
