"""Consents of users, who looked at whose data, closed accounts, and orders whose personal parts are erased."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
CONSENTS = ('notice', 'letters')
PLACES = ('sign_up', 'checkout', 'account')
KINDS = (
    'orders', 'order', 'shipping_sheet', 'aftersale', 'invoices', 'institution', 'objection', 'households', 'household',
    'register', 'record', 'number', 'roster',
)  # fmt: skip


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column('users', sa.Column('closed_at', sa.DateTime(timezone=True), comment='注销时间'))
    op.add_column('orders', sa.Column('erased_at', sa.DateTime(timezone=True), comment='收货信息清除时间'))
    unerased = sa.text('erased_at IS NULL')
    op.create_index('ix_orders_not_erased', 'orders', ['placed_at'], sqlite_where=unerased, postgresql_where=unerased)
    _create_consents()
    _create_accesses()


def downgrade() -> None:
    """Take them back."""
    op.drop_table('accesses')
    op.drop_table('user_consents')
    op.drop_index('ix_orders_not_erased', 'orders')
    op.drop_column('orders', 'erased_at')
    op.drop_column('users', 'closed_at')


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _create_consents() -> None:
    op.create_table(
        'user_consents',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('user_id', ID, nullable=False, comment='账号'),
        sa.Column('kind', _words(CONSENTS, 'consent_kind'), nullable=False, comment='同意事项'),
        sa.Column('version', sa.String(10), nullable=False, comment='隐私说明版本'),
        sa.Column('place', _words(PLACES, 'consent_place'), nullable=False, comment='在哪里同意'),
        sa.Column('given_at', sa.DateTime(timezone=True), nullable=False, comment='同意时间'),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True, comment='撤回或换为新版的时间'),
        sa.CheckConstraint(
            'withdrawn_at IS NULL OR withdrawn_at >= given_at', name=op.f('ck_user_consents_ends_after_it_began')
        ),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_consents_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_user_consents')),
    )
    stands = sa.text('withdrawn_at IS NULL')
    op.create_index(
        'uq_user_consents_standing',
        'user_consents',
        ['user_id', 'kind'],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index('ix_user_consents_user_id_given_at', 'user_consents', ['user_id', 'given_at'])


def _create_accesses() -> None:
    op.create_table(
        'accesses',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('user_id', ID, nullable=False, comment='查看人'),
        sa.Column('role', sa.String(24), nullable=False, comment='当时的角色'),
        sa.Column('kind', _words(KINDS, 'access_kind'), nullable=False, comment='看了什么'),
        sa.Column('subject', sa.String(40), nullable=False, comment='订单号、售后单号或户编号(列表为空)'),
        sa.Column('village_id', ID, nullable=True, comment='村(跨村为空)'),
        sa.Column('order_ids', sa.Text(), nullable=False, comment='所含订单编号(,1,2,)'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_accesses_user_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_accesses_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_accesses')),
    )
    op.create_index('ix_accesses_at', 'accesses', ['at'])
    op.create_index('ix_accesses_village_id_at', 'accesses', ['village_id', 'at'])
    op.create_index('ix_accesses_subject_kind', 'accesses', ['subject', 'kind'])
    op.create_index('ix_accesses_user_id_at', 'accesses', ['user_id', 'at'])
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f'CREATE TRIGGER accesses_no_{verb} BEFORE {verb.upper()} ON accesses '
                "BEGIN SELECT RAISE(ABORT, 'accesses is append-only'); END"
            )
    else:
        op.execute(
            'CREATE TRIGGER accesses_append_only BEFORE UPDATE OR DELETE ON accesses '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
        )
        op.execute(
            'CREATE TRIGGER accesses_no_truncate BEFORE TRUNCATE ON accesses '
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
        )
