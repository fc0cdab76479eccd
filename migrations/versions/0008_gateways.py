"""Several gateways: what was captured, attempts of refunds, parked events, bank statements, and the steps of them all."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OLD_OUTCOMES = (
    'received', 'settled', 'second_payment', 'late_payment', 'held', 'unknown_payment', 'refund_confirmed', 'unhandled',
)  # fmt: skip
NEW_OUTCOMES = (
    'received', 'parked', 'settled', 'second_payment', 'late_payment', 'held', 'unknown_payment', 'refund_confirmed',
    'refund_failed', 'expired', 'foreign', 'unhandled',
)  # fmt: skip
# A CHECK of a column of its own can be added to a table that stands, and leaves with the column, on both databases.
SETTLES_EXACTLY = (
    'CONSTRAINT ck_payments_settles_exactly CHECK (captured_fen IS NULL OR NOT settles_orders'
    " OR (captured_fen = amount_fen AND captured_currency = 'CNY'))"
)


def upgrade() -> None:
    """Add columns and tables; what succeeded before was captured as it was due."""
    _add_columns()
    op.execute("UPDATE payments SET captured_fen = amount_fen, captured_currency = 'CNY' WHERE status = 'succeeded'")
    op.create_index('ix_payments_transfer_code', 'payments', ['transfer_code'], unique=True)
    op.create_index('ix_payments_provider_payment', 'payments', ['gateway', 'provider_payment'], unique=True)
    _create_partial_index('ix_payments_waiting', 'payments', ['gateway', 'asked_at'], "status = 'pending'")
    _create_partial_index('ix_refunds_waiting', 'refunds', ['id'], "status <> 'succeeded'")
    _change_outcomes(NEW_OUTCOMES)
    _create_partial_index('ix_payment_events_waiting', 'payment_events', ['id'], "outcome IN ('received', 'parked')")
    _create_statements()
    _create_lines()
    _create_steps()


def downgrade() -> None:
    """Forget what only this knows."""
    op.drop_table('payment_steps')
    op.drop_table('bank_lines')
    op.drop_table('bank_statements')
    op.drop_index('ix_payment_events_waiting', 'payment_events')
    op.execute("UPDATE payment_events SET outcome = 'received' WHERE outcome = 'parked'")
    op.execute(
        "UPDATE payment_events SET outcome = 'unhandled' WHERE outcome IN ('refund_failed', 'expired', 'foreign')"
    )
    _change_outcomes(OLD_OUTCOMES)
    for name, table in (
        ('ix_refunds_waiting', 'refunds'),
        ('ix_payments_waiting', 'payments'),
        ('ix_payments_provider_payment', 'payments'),
        ('ix_payments_transfer_code', 'payments'),
    ):
        op.drop_index(name, table)
    for column in ('failure', 'asked_at', 'provider_reference', 'attempt'):
        op.drop_column('refunds', column)
    for column in ('captured_fen', 'captured_currency', 'asked_at', 'transfer_code', 'provider_payment'):
        op.drop_column('payments', column)


def _add_columns() -> None:
    op.add_column('payments', sa.Column('provider_payment', sa.String(80), comment='渠道收款号'))
    op.add_column('payments', sa.Column('transfer_code', sa.String(16), comment='转账识别码'))
    op.add_column('payments', sa.Column('asked_at', sa.DateTime(timezone=True), comment='最近一次向渠道查询'))
    op.add_column('payments', sa.Column('captured_currency', sa.String(3), comment='实收币种'))
    op.execute(f'ALTER TABLE payments ADD COLUMN captured_fen BIGINT {SETTLES_EXACTLY}')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("COMMENT ON COLUMN payments.captured_fen IS '实收金额(该币种最小单位)'")
    op.add_column(
        'refunds', sa.Column('attempt', sa.Integer(), nullable=False, server_default='1', comment='第几次请求')
    )
    op.add_column('refunds', sa.Column('provider_reference', sa.String(80), comment='渠道退款号'))
    op.add_column('refunds', sa.Column('asked_at', sa.DateTime(timezone=True), comment='最近一次向渠道查询'))
    op.add_column('refunds', sa.Column('failure', sa.String(200), comment='失败原因'))


def _create_partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _change_outcomes(outcomes: tuple[str, ...]) -> None:
    """Let the inbox hold these outcomes: SQLite builds the table anew, nothing points at it."""
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint('ck_payment_events_event_outcome', 'payment_events')
        op.create_check_constraint('event_outcome', 'payment_events', sa.column('outcome').in_(outcomes))
        return
    names = 'id, gateway, event_key, kind, payload, received_at, outcome, payment_id'
    op.create_table(
        'new_payment_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('gateway', sa.String(20), nullable=False, comment='支付渠道'),
        sa.Column('event_key', sa.String(80), nullable=False, comment='事件唯一号'),
        sa.Column('kind', sa.String(60), nullable=False, comment='事件种类'),
        sa.Column('payload', sa.JSON(), nullable=False, comment='事件原文'),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='收到时间'),
        sa.Column('outcome', sa.String(24), nullable=False, comment='处理结果'),
        sa.Column('payment_id', ID, nullable=True, comment='支付'),
        sa.CheckConstraint(sa.column('outcome').in_(outcomes), name=op.f('ck_payment_events_event_outcome')),
        sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_payment_events_payment_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_events')),
        sa.UniqueConstraint('gateway', 'event_key', name=op.f('uq_payment_events_gateway_event_key')),
    )
    op.execute(f'INSERT INTO new_payment_events ({names}) SELECT {names} FROM payment_events')
    op.drop_table('payment_events')
    op.rename_table('new_payment_events', 'payment_events')
    op.create_index(op.f('ix_payment_events_payment_id'), 'payment_events', ['payment_id'], unique=False)


def _create_statements() -> None:
    op.create_table(
        'bank_statements',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('region_id', ID, nullable=False, comment='上传部门所辖区划'),
        sa.Column('file_name', sa.String(120), nullable=False, comment='文件名'),
        sa.Column('uploaded_by_id', ID, nullable=False, comment='上传人'),
        sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False, comment='上传时间'),
        sa.Column('known_count', sa.Integer(), nullable=False, comment='此前已导入的行数'),
        sa.Column('skipped_count', sa.Integer(), nullable=False, comment='支出行数(不导入)'),
        sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_bank_statements_region_id')),
        sa.ForeignKeyConstraint(['uploaded_by_id'], ['users.id'], name=op.f('fk_bank_statements_uploaded_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_statements')),
    )
    op.create_index(op.f('ix_bank_statements_region_id'), 'bank_statements', ['region_id'], unique=False)


def _create_lines() -> None:
    status = sa.Enum(
        'on_hold', 'linked', 'ignored', name='bank_line_status', native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        'bank_lines',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('statement_id', ID, nullable=False, comment='对账单'),
        sa.Column('row', sa.Integer(), nullable=False, comment='表中行号'),
        sa.Column('line_key', sa.String(100), nullable=False, comment='入账唯一号(日期+银行流水号)'),
        sa.Column('came_at', sa.DateTime(timezone=True), nullable=False, comment='入账时间'),
        sa.Column('amount_fen', ID, nullable=False, comment='收入金额(分)'),
        sa.Column('payer_name', sa.String(80), nullable=False, comment='对方户名'),
        sa.Column('payer_tail', sa.String(4), nullable=False, comment='对方账号后四位'),
        sa.Column('memo', sa.String(200), nullable=False, comment='摘要附言'),
        sa.Column('status', status, nullable=False, comment='状态'),
        sa.Column('reason', sa.String(200), nullable=False, comment='说明'),
        sa.Column('payment_id', ID, nullable=True, comment='关联的支付'),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_bank_lines_amount_positive')),
        sa.CheckConstraint(
            "(status = 'linked') = (payment_id IS NOT NULL)", name=op.f('ck_bank_lines_linked_has_payment')
        ),
        sa.ForeignKeyConstraint(['statement_id'], ['bank_statements.id'], name=op.f('fk_bank_lines_statement_id')),
        sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_bank_lines_payment_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_lines')),
        sa.UniqueConstraint('line_key', name=op.f('uq_bank_lines_line_key')),
    )
    op.create_index(op.f('ix_bank_lines_statement_id'), 'bank_lines', ['statement_id'], unique=False)
    op.create_index(op.f('ix_bank_lines_payment_id'), 'bank_lines', ['payment_id'], unique=False)
    op.create_index(op.f('ix_bank_lines_status_id'), 'bank_lines', ['status', 'id'], unique=False)


def _create_steps() -> None:
    subjects = ('payment_id', 'refund_id', 'bank_line_id')
    one_of_them = ' OR '.join(
        '(' + ' AND '.join(f'{name} IS {"NOT " if name == chosen else ""}NULL' for name in subjects) + ')'
        for chosen in subjects
    )
    op.create_table(
        'payment_steps',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('payment_id', ID, nullable=True, comment='支付'),
        sa.Column('refund_id', ID, nullable=True, comment='退款'),
        sa.Column('bank_line_id', ID, nullable=True, comment='对账单行'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column('from_status', sa.String(24), nullable=False, comment='原状态'),
        sa.Column('to_status', sa.String(24), nullable=False, comment='新状态'),
        sa.Column('reason', sa.String(300), nullable=False, comment='说明'),
        sa.CheckConstraint(one_of_them, name=op.f('ck_payment_steps_one_subject')),
        sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_payment_steps_payment_id')),
        sa.ForeignKeyConstraint(['refund_id'], ['refunds.id'], name=op.f('fk_payment_steps_refund_id')),
        sa.ForeignKeyConstraint(['bank_line_id'], ['bank_lines.id'], name=op.f('fk_payment_steps_bank_line_id')),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_payment_steps_actor_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_steps')),
    )
    for name in subjects:
        op.create_index(op.f(f'ix_payment_steps_{name}'), 'payment_steps', [name], unique=False)
