"""Payout batches with their lines, parts and evidence; long works; a payout is exactly one part of a batch."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
EVENTS = ('payout_events', 'payout_line_events', 'payout_objection_events', 'payout_receipts', 'long_work_events')
BOOK = 'benefit_payouts'
PART = ('part_id', 'pool_id', 'household_id', 'amount_fen')
BEFORE = 'id, pool_id, household_id, amount_fen, evidence, occurred_on, booked_on'


def upgrade() -> None:
    """Make the tables, and let a payout name its part."""
    op.create_table(
        'payout_receipts',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('code_digest', sa.String(length=64), nullable=False, comment='所填自查码的摘要(限频)'),
        sa.Column('visit_digest', sa.String(length=64), nullable=False, comment='提交者访问摘要(限频)'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('line_count', sa.Integer(), nullable=False, comment='由此确认的行数'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_receipts')),
    )
    op.create_index(op.f('ix_payout_receipts_code_digest_at'), 'payout_receipts', ['code_digest', 'at'], unique=False)
    op.create_index(op.f('ix_payout_receipts_visit_digest_at'), 'payout_receipts', ['visit_digest', 'at'], unique=False)
    op.create_table(
        'long_works',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('kind', sa.String(length=40), nullable=False, comment='种类'),
        sa.Column('subject', sa.String(length=60), nullable=False, comment='对象(同时只做一件)'),
        sa.Column('values', sa.JSON(), nullable=False, comment='要做的内容'),
        sa.Column(
            'status',
            sa.Enum(
                'queued',
                'running',
                'done',
                'failed',
                'cancelled',
                name='work_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('done', sa.Integer(), nullable=False, comment='已做'),
        sa.Column('total', sa.Integer(), nullable=False, comment='共'),
        sa.Column('message', sa.String(length=300), nullable=False, comment='说明'),
        sa.Column('is_stop_wanted', sa.Boolean(), nullable=False, comment='是否要求停止'),
        sa.Column('owner_id', ID, nullable=False, comment='发起人'),
        sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False, comment='发起时间'),
        sa.Column('runner', sa.String(length=64), nullable=True, comment='正在做的进程'),
        sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True, comment='最近一步的时间'),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='结束时间'),
        sa.CheckConstraint(
            "(status IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name=op.f('ck_long_works_end_has_time'),
        ),
        sa.CheckConstraint('done >= 0 AND total >= 0 AND done <= total', name=op.f('ck_long_works_progress_in_range')),
        sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_long_works_owner_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_long_works')),
    )
    op.create_index(op.f('ix_long_works_owner_id'), 'long_works', ['owner_id'], unique=False)
    op.create_index(
        'uq_long_works_open',
        'long_works',
        ['subject'],
        unique=True,
        sqlite_where=sa.text("status IN ('queued', 'running')"),
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.create_table(
        'long_work_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('work_id', ID, nullable=False, comment='长任务'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column(
            'from_status',
            sa.Enum(
                'queued',
                'running',
                'done',
                'failed',
                'cancelled',
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
                'queued',
                'running',
                'done',
                'failed',
                'cancelled',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='原因'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_long_work_events_actor_id')),
        sa.ForeignKeyConstraint(['work_id'], ['long_works.id'], name=op.f('fk_long_work_events_work_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_long_work_events')),
    )
    op.create_index(op.f('ix_long_work_events_work_id'), 'long_work_events', ['work_id'], unique=False)
    op.create_table(
        'payout_batches',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('number', sa.String(length=24), nullable=False, comment='批次号'),
        sa.Column('village_id', ID, nullable=False, comment='村'),
        sa.Column('serial', sa.Integer(), nullable=False, comment='村内第几批'),
        sa.Column(
            'status',
            sa.Enum(
                'computed',
                'confirmed',
                'on_notice',
                'in_review',
                'due',
                'partly_paid',
                'paid',
                'evidenced',
                'archived',
                'returned',
                'cancelled',
                name='batch_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('line_count', sa.Integer(), nullable=False, comment='测算户数'),
        sa.Column('amount_fen', ID, nullable=False, comment='测算金额(分)'),
        sa.Column('form_token', sa.String(length=64), nullable=False, comment='表单令牌(防重复提交)'),
        sa.Column('computed_by_id', ID, nullable=False, comment='测算人'),
        sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False, comment='测算时间'),
        sa.Column('confirmed_by_id', ID, nullable=True, comment='村级确认人'),
        sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='村级确认时间'),
        sa.Column('noticed_on', sa.Date(), nullable=True, comment='公示起始日'),
        sa.Column('notice_ends_on', sa.Date(), nullable=True, comment='公示截止日'),
        sa.Column('reviewed_by_id', ID, nullable=True, comment='乡镇审核人'),
        sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True, comment='乡镇审核时间'),
        sa.CheckConstraint(
            "status NOT IN ('due', 'partly_paid', 'paid', 'evidenced', 'archived') OR (reviewed_at IS NOT NULL AND notice_ends_on IS NOT NULL)",
            name=op.f('ck_payout_batches_reviewed_before_paid'),
        ),
        sa.CheckConstraint(
            '(confirmed_at IS NULL) = (confirmed_by_id IS NULL)', name=op.f('ck_payout_batches_confirmation_signed')
        ),
        sa.CheckConstraint(
            '(noticed_on IS NULL) = (notice_ends_on IS NULL)', name=op.f('ck_payout_batches_notice_has_end')
        ),
        sa.CheckConstraint(
            '(reviewed_at IS NULL) = (reviewed_by_id IS NULL)', name=op.f('ck_payout_batches_review_signed')
        ),
        sa.CheckConstraint('line_count > 0 AND amount_fen > 0', name=op.f('ck_payout_batches_not_empty')),
        sa.CheckConstraint(
            'reviewed_by_id IS NULL OR reviewed_by_id <> computed_by_id',
            name=op.f('ck_payout_batches_reviewed_by_another'),
        ),
        sa.CheckConstraint('serial > 0', name=op.f('ck_payout_batches_serial_positive')),
        sa.ForeignKeyConstraint(['computed_by_id'], ['users.id'], name=op.f('fk_payout_batches_computed_by_id')),
        sa.ForeignKeyConstraint(['confirmed_by_id'], ['users.id'], name=op.f('fk_payout_batches_confirmed_by_id')),
        sa.ForeignKeyConstraint(['reviewed_by_id'], ['users.id'], name=op.f('fk_payout_batches_reviewed_by_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_payout_batches_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_batches')),
        sa.UniqueConstraint('form_token', name=op.f('uq_payout_batches_form_token')),
        sa.UniqueConstraint('number', name=op.f('uq_payout_batches_number')),
        sa.UniqueConstraint('village_id', 'serial', name=op.f('uq_payout_batches_village_id_serial')),
    )
    op.create_index(
        op.f('ix_payout_batches_status_notice_ends_on'), 'payout_batches', ['status', 'notice_ends_on'], unique=False
    )
    op.create_index(
        'uq_payout_batches_unfinished',
        'payout_batches',
        ['village_id'],
        unique=True,
        sqlite_where=sa.text("status IN ('computed', 'confirmed', 'on_notice', 'in_review', 'returned')"),
        postgresql_where=sa.text("status IN ('computed', 'confirmed', 'on_notice', 'in_review', 'returned')"),
    )
    op.create_table(
        'payout_bank_files',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('batch_id', ID, nullable=False, comment='兑付批次'),
        sa.Column('made_by_id', ID, nullable=False, comment='导出人'),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False, comment='导出时间'),
        sa.Column('line_count', sa.Integer(), nullable=False, comment='户数'),
        sa.Column('amount_fen', ID, nullable=False, comment='金额(分)'),
        sa.CheckConstraint('line_count > 0 AND amount_fen > 0', name=op.f('ck_payout_bank_files_not_empty')),
        sa.ForeignKeyConstraint(['batch_id'], ['payout_batches.id'], name=op.f('fk_payout_bank_files_batch_id')),
        sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_payout_bank_files_made_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_bank_files')),
    )
    op.create_index(op.f('ix_payout_bank_files_batch_id'), 'payout_bank_files', ['batch_id'], unique=False)
    op.create_table(
        'payout_bank_results',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('batch_id', ID, nullable=False, comment='兑付批次'),
        sa.Column('digest', sa.String(length=64), nullable=False, comment='文件摘要(SHA-256)'),
        sa.Column('file_name', sa.String(length=120), nullable=False, comment='文件名'),
        sa.Column('read_by_id', ID, nullable=False, comment='导入人'),
        sa.Column('read_at', sa.DateTime(timezone=True), nullable=False, comment='导入时间'),
        sa.Column('paid_count', sa.Integer(), nullable=False, comment='新记成功户数'),
        sa.Column('failed_count', sa.Integer(), nullable=False, comment='新记退回户数'),
        sa.Column('known_count', sa.Integer(), nullable=False, comment='以前已记户数'),
        sa.ForeignKeyConstraint(['batch_id'], ['payout_batches.id'], name=op.f('fk_payout_bank_results_batch_id')),
        sa.ForeignKeyConstraint(['read_by_id'], ['users.id'], name=op.f('fk_payout_bank_results_read_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_bank_results')),
        sa.UniqueConstraint('batch_id', 'digest', name=op.f('uq_payout_bank_results_batch_id_digest')),
    )
    op.create_table(
        'payout_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('batch_id', ID, nullable=False, comment='兑付批次'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column(
            'from_status',
            sa.Enum(
                'computed',
                'confirmed',
                'on_notice',
                'in_review',
                'due',
                'partly_paid',
                'paid',
                'evidenced',
                'archived',
                'returned',
                'cancelled',
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
                'computed',
                'confirmed',
                'on_notice',
                'in_review',
                'due',
                'partly_paid',
                'paid',
                'evidenced',
                'archived',
                'returned',
                'cancelled',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='原因'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_payout_events_actor_id')),
        sa.ForeignKeyConstraint(['batch_id'], ['payout_batches.id'], name=op.f('fk_payout_events_batch_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_events')),
    )
    op.create_index(op.f('ix_payout_events_batch_id'), 'payout_events', ['batch_id'], unique=False)
    op.create_table(
        'payout_slips',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('batch_id', ID, nullable=False, comment='兑付批次'),
        sa.Column('digest', sa.String(length=64), nullable=False, comment='内容摘要(SHA-256)'),
        sa.Column('note', sa.String(length=60), nullable=False, comment='说明'),
        sa.Column('added_by_id', ID, nullable=False, comment='上传人'),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False, comment='上传时间'),
        sa.ForeignKeyConstraint(['added_by_id'], ['users.id'], name=op.f('fk_payout_slips_added_by_id')),
        sa.ForeignKeyConstraint(['batch_id'], ['payout_batches.id'], name=op.f('fk_payout_slips_batch_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_slips')),
        sa.UniqueConstraint('batch_id', 'digest', name=op.f('uq_payout_slips_batch_id_digest')),
    )
    op.create_table(
        'payout_lines',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('batch_id', ID, nullable=False, comment='兑付批次'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column('position', sa.Integer(), nullable=False, comment='花名册序号'),
        sa.Column('amount_fen', ID, nullable=False, comment='应发金额(分)'),
        sa.Column(
            'status',
            sa.Enum(
                'waiting',
                'frozen',
                'sent',
                'failed',
                'paid',
                'cancelled',
                name='line_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column(
            'method',
            sa.Enum('cash', 'bank', name='pay_method', native_enum=False, create_constraint=True, length=24),
            nullable=True,
            comment='发放方式',
        ),
        sa.Column('paid_on', sa.Date(), nullable=True, comment='发放日'),
        sa.Column('bank_file_id', ID, nullable=True, comment='最近一次代发文件'),
        sa.Column('bank_serial', sa.String(length=60), nullable=False, comment='银行流水号'),
        sa.Column('failure', sa.String(length=100), nullable=False, comment='银行退回原因'),
        sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='本户确认收到的时间'),
        sa.CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", name=op.f('ck_payout_lines_paid_has_day')),
        sa.CheckConstraint("method <> 'bank' OR bank_serial <> ''", name=op.f('ck_payout_lines_bank_has_serial')),
        sa.CheckConstraint(
            "status NOT IN ('sent', 'failed') OR bank_file_id IS NOT NULL", name=op.f('ck_payout_lines_sent_in_a_file')
        ),
        sa.CheckConstraint('(paid_on IS NULL) = (method IS NULL)', name=op.f('ck_payout_lines_paid_has_method')),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_payout_lines_amount_positive')),
        sa.CheckConstraint(
            'confirmed_at IS NULL OR paid_on IS NOT NULL', name=op.f('ck_payout_lines_confirmed_after_paid')
        ),
        sa.ForeignKeyConstraint(['bank_file_id'], ['payout_bank_files.id'], name=op.f('fk_payout_lines_bank_file_id')),
        sa.ForeignKeyConstraint(['batch_id'], ['payout_batches.id'], name=op.f('fk_payout_lines_batch_id')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_payout_lines_household_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_lines')),
        sa.UniqueConstraint('batch_id', 'household_id', name=op.f('uq_payout_lines_batch_id_household_id')),
        sa.UniqueConstraint('batch_id', 'position', name=op.f('uq_payout_lines_batch_id_position')),
        sa.UniqueConstraint('id', 'household_id', name=op.f('uq_payout_lines_id_household_id')),
    )
    op.create_index(op.f('ix_payout_lines_bank_file_id'), 'payout_lines', ['bank_file_id'], unique=False)
    op.create_index(op.f('ix_payout_lines_batch_id_status'), 'payout_lines', ['batch_id', 'status'], unique=False)
    op.create_index(op.f('ix_payout_lines_household_id'), 'payout_lines', ['household_id'], unique=False)
    op.create_table(
        'payout_line_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('line_id', ID, nullable=False, comment='兑付行'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column(
            'from_status',
            sa.Enum(
                'waiting',
                'frozen',
                'sent',
                'failed',
                'paid',
                'cancelled',
                name='from_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='原状态',
        ),
        sa.Column(
            'to_status',
            sa.Enum(
                'waiting',
                'frozen',
                'sent',
                'failed',
                'paid',
                'cancelled',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='原因'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_payout_line_events_actor_id')),
        sa.ForeignKeyConstraint(['line_id'], ['payout_lines.id'], name=op.f('fk_payout_line_events_line_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_line_events')),
    )
    op.create_index(op.f('ix_payout_line_events_line_id'), 'payout_line_events', ['line_id'], unique=False)
    op.create_table(
        'payout_objections',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('number', sa.String(length=24), nullable=False, comment='查询编号(不可猜)'),
        sa.Column('line_id', ID, nullable=False, comment='所针对的兑付行'),
        sa.Column('text', sa.String(length=500), nullable=False, comment='异议内容'),
        sa.Column('sealed_phone', sa.String(length=300), nullable=True, comment='联系电话(加密)'),
        sa.Column('form_token', sa.String(length=64), nullable=False, comment='表单令牌(防重复提交)'),
        sa.Column('visit_digest', sa.String(length=64), nullable=False, comment='提交者访问摘要(限频)'),
        sa.Column(
            'status',
            sa.Enum(
                'received',
                'upheld',
                'not_upheld',
                name='payout_objection_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('answer', sa.String(length=500), nullable=False, comment='答复'),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='收到时间'),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='认定时间'),
        sa.CheckConstraint(
            "(status = 'received') = (decided_at IS NULL)", name=op.f('ck_payout_objections_decided_has_time')
        ),
        sa.CheckConstraint("decided_at IS NULL OR answer <> ''", name=op.f('ck_payout_objections_decided_has_answer')),
        sa.ForeignKeyConstraint(['line_id'], ['payout_lines.id'], name=op.f('fk_payout_objections_line_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_objections')),
        sa.UniqueConstraint('form_token', name=op.f('uq_payout_objections_form_token')),
        sa.UniqueConstraint('number', name=op.f('uq_payout_objections_number')),
    )
    op.create_index(
        op.f('ix_payout_objections_line_id_received_at'), 'payout_objections', ['line_id', 'received_at'], unique=False
    )
    op.create_index(
        op.f('ix_payout_objections_visit_digest_received_at'),
        'payout_objections',
        ['visit_digest', 'received_at'],
        unique=False,
    )
    op.create_table(
        'payout_objection_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('objection_id', ID, nullable=False, comment='兑付异议'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column(
            'from_status',
            sa.Enum(
                'received',
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
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_payout_objection_events_actor_id')),
        sa.ForeignKeyConstraint(
            ['objection_id'], ['payout_objections.id'], name=op.f('fk_payout_objection_events_objection_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_objection_events')),
    )
    op.create_index(
        op.f('ix_payout_objection_events_objection_id'), 'payout_objection_events', ['objection_id'], unique=False
    )
    op.create_table(
        'payout_parts',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('line_id', ID, nullable=False, comment='兑付行'),
        sa.Column('pool_id', ID, nullable=False, comment='惠农池'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column('amount_fen', ID, nullable=False, comment='占用金额(分)'),
        sa.Column('is_released', sa.Boolean(), nullable=False, comment='是否已退回池中'),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_payout_parts_amount_positive')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_payout_parts_household_id')),
        sa.ForeignKeyConstraint(
            ['line_id', 'household_id'],
            ['payout_lines.id', 'payout_lines.household_id'],
            name=op.f('fk_payout_parts_line_id'),
        ),
        sa.ForeignKeyConstraint(['pool_id'], ['benefit_pools.id'], name=op.f('fk_payout_parts_pool_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_parts')),
        sa.UniqueConstraint(
            'id',
            'pool_id',
            'household_id',
            'amount_fen',
            name=op.f('uq_payout_parts_id_pool_id_household_id_amount_fen'),
        ),
        sa.UniqueConstraint('line_id', 'pool_id', name=op.f('uq_payout_parts_line_id_pool_id')),
    )
    op.create_index(op.f('ix_payout_parts_household_id'), 'payout_parts', ['household_id'], unique=False)
    op.create_index(
        op.f('ix_payout_parts_pool_id_household_id'), 'payout_parts', ['pool_id', 'household_id'], unique=False
    )
    _add_part()
    _guard_events()


def downgrade() -> None:
    """Forget the parts and remove the tables; what was handed over stays in the book."""
    _remove_part()
    _unguard_events()
    op.drop_index(op.f('ix_payout_parts_pool_id_household_id'), table_name='payout_parts')
    op.drop_index(op.f('ix_payout_parts_household_id'), table_name='payout_parts')
    op.drop_table('payout_parts')
    op.drop_index(op.f('ix_payout_objection_events_objection_id'), table_name='payout_objection_events')
    op.drop_table('payout_objection_events')
    op.drop_index(op.f('ix_payout_objections_visit_digest_received_at'), table_name='payout_objections')
    op.drop_index(op.f('ix_payout_objections_line_id_received_at'), table_name='payout_objections')
    op.drop_table('payout_objections')
    op.drop_index(op.f('ix_payout_line_events_line_id'), table_name='payout_line_events')
    op.drop_table('payout_line_events')
    op.drop_index(op.f('ix_payout_lines_household_id'), table_name='payout_lines')
    op.drop_index(op.f('ix_payout_lines_batch_id_status'), table_name='payout_lines')
    op.drop_index(op.f('ix_payout_lines_bank_file_id'), table_name='payout_lines')
    op.drop_table('payout_lines')
    op.drop_table('payout_slips')
    op.drop_index(op.f('ix_payout_events_batch_id'), table_name='payout_events')
    op.drop_table('payout_events')
    op.drop_table('payout_bank_results')
    op.drop_index(op.f('ix_payout_bank_files_batch_id'), table_name='payout_bank_files')
    op.drop_table('payout_bank_files')
    op.drop_index(
        'uq_payout_batches_unfinished',
        table_name='payout_batches',
        sqlite_where=sa.text("status IN ('computed', 'confirmed', 'on_notice', 'in_review', 'returned')"),
        postgresql_where=sa.text("status IN ('computed', 'confirmed', 'on_notice', 'in_review', 'returned')"),
    )
    op.drop_index(op.f('ix_payout_batches_status_notice_ends_on'), table_name='payout_batches')
    op.drop_table('payout_batches')
    op.drop_index(op.f('ix_long_work_events_work_id'), table_name='long_work_events')
    op.drop_table('long_work_events')
    op.drop_index(
        'uq_long_works_open',
        table_name='long_works',
        sqlite_where=sa.text("status IN ('queued', 'running')"),
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )
    op.drop_index(op.f('ix_long_works_owner_id'), table_name='long_works')
    op.drop_table('long_works')
    op.drop_index(op.f('ix_payout_receipts_visit_digest_at'), table_name='payout_receipts')
    op.drop_index(op.f('ix_payout_receipts_code_digest_at'), table_name='payout_receipts')
    op.drop_table('payout_receipts')


def _guard_events() -> None:
    """Events take inserts only, like the book."""
    for table in EVENTS:
        if op.get_bind().dialect.name == 'sqlite':
            for verb in ('update', 'delete'):
                op.execute(
                    f'CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} '
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} '
                'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
            )
            op.execute(
                f'CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} '
                'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
            )


def _unguard_events() -> None:
    sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in EVENTS:
        for name in ('no_update', 'no_delete') if sqlite else ('append_only', 'no_truncate'):
            op.execute(f'DROP TRIGGER {table}_{name}' + ('' if sqlite else f' ON {table}'))


def _add_part() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _rebuild_book(with_part=True)
        return
    op.add_column(BOOK, sa.Column('part_id', ID, nullable=True, comment='兑付行里的哪一份'))
    op.create_unique_constraint(op.f('uq_benefit_payouts_part_id'), BOOK, ['part_id'])
    op.create_foreign_key(op.f('fk_benefit_payouts_part_id'), BOOK, 'payout_parts', list(PART), ['id', *PART[1:]])


def _remove_part() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _rebuild_book(with_part=False)
        return
    op.drop_constraint(op.f('fk_benefit_payouts_part_id'), BOOK, type_='foreignkey')
    op.drop_constraint(op.f('uq_benefit_payouts_part_id'), BOOK, type_='unique')
    op.drop_column(BOOK, 'part_id')


def _rebuild_book(*, with_part: bool) -> None:
    """SQLite adds no key over several columns to a table that stands: build it anew, with its triggers."""
    parts = (
        (
            sa.Column('part_id', ID, nullable=True, comment='兑付行里的哪一份'),
            sa.UniqueConstraint('part_id', name=op.f('uq_benefit_payouts_part_id')),
            sa.ForeignKeyConstraint(
                PART, [f'payout_parts.{name}' for name in ('id', *PART[1:])], name=op.f('fk_benefit_payouts_part_id')
            ),
        )
        if with_part
        else ()
    )
    op.create_table(
        f'new_{BOOK}',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('pool_id', ID, nullable=False, comment='惠农池'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column('amount_fen', ID, nullable=False, comment='兑付金额(分)'),
        sa.Column('evidence', sa.String(200), nullable=False, comment='凭证'),
        sa.Column('occurred_on', sa.Date(), nullable=False, comment='发放日'),
        sa.Column('booked_on', sa.Date(), nullable=False, comment='入账日'),
        sa.CheckConstraint("evidence <> ''", name=op.f('ck_benefit_payouts_evidence_given')),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_benefit_payouts_amount_positive')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_benefit_payouts_household_id')),
        sa.ForeignKeyConstraint(['pool_id'], ['benefit_pools.id'], name=op.f('fk_benefit_payouts_pool_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_payouts')),
        *parts,
    )
    op.execute(f'INSERT INTO new_{BOOK} ({BEFORE}) SELECT {BEFORE} FROM {BOOK}')
    op.drop_table(BOOK)
    op.rename_table(f'new_{BOOK}', BOOK)
    for name in ('booked_on', 'household_id', 'pool_id'):
        op.create_index(op.f(f'ix_{BOOK}_{name}'), BOOK, [name], unique=False)
    for verb in ('update', 'delete'):
        op.execute(
            f'CREATE TRIGGER {BOOK}_no_{verb} BEFORE {verb.upper()} ON {BOOK} '
            f"BEGIN SELECT RAISE(ABORT, '{BOOK} is append-only'); END"
        )
    op.execute(
        f'CREATE TRIGGER {BOOK}_closed_day BEFORE INSERT ON {BOOK} '
        'WHEN EXISTS (SELECT 1 FROM day_seals WHERE day >= NEW.booked_on) '
        f"BEGIN SELECT RAISE(ABORT, '{BOOK}: the day is closed'); END"
    )
