"""Institution buying: institutions and roles in them, budget lists, orders, acceptance, invoices, certificates."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OLD_ROLES = (
    'first_secretary', 'team_member', 'township_reviewer', 'county_department', 'city_department', 'auditor',
    'administrator',
)  # fmt: skip
NEW_ROLES = (*OLD_ROLES, 'institution_buyer', 'institution_approver', 'institution_finance')
OLD_SCOPE = """
(role IN ('first_secretary', 'team_member')) = (village_id IS NOT NULL)
AND (role IN ('township_reviewer', 'county_department', 'city_department', 'auditor')) = (region_id IS NOT NULL)
"""
NEW_SCOPE = (
    OLD_SCOPE
    + """AND (role IN ('institution_buyer', 'institution_approver', 'institution_finance')) = (institution_id IS NOT NULL)
"""
)
# A CHECK of a column of its own can be added to a table that stands, and leaves with the column, on both databases.
OF_ITS_CHANNEL = (
    "CONSTRAINT ck_orders_institution_is_of_its_channel CHECK (institution_id IS NULL OR channel = 'institution')"
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        'budget_lists',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('user_id', ID, nullable=True, comment='账号'),
        sa.Column('guest_digest', sa.String(length=64), nullable=True, comment='游客令牌摘要'),
        sa.Column('title', sa.String(length=40), nullable=False, comment='名目'),
        sa.Column('heads', sa.Integer(), nullable=False, comment='人数'),
        sa.Column('budget_per_head_fen', ID, nullable=True, comment='人均预算(分，空为不设)'),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False, comment='最近改动'),
        sa.CheckConstraint('(user_id IS NULL) <> (guest_digest IS NULL)', name=op.f('ck_budget_lists_one_owner')),
        sa.CheckConstraint(
            'budget_per_head_fen IS NULL OR budget_per_head_fen > 0', name=op.f('ck_budget_lists_budget_positive')
        ),
        sa.CheckConstraint('heads > 0 AND heads <= 99999', name=op.f('ck_budget_lists_heads_in_range')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_budget_lists_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_lists')),
        sa.UniqueConstraint('guest_digest', name=op.f('uq_budget_lists_guest_digest')),
        sa.UniqueConstraint('user_id', name=op.f('uq_budget_lists_user_id')),
    )
    op.create_table(
        'institutions',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('name', sa.String(length=60), nullable=False, comment='单位名称(发票抬头)'),
        sa.Column('credit_code', sa.String(length=18), nullable=False, comment='统一社会信用代码(税号)'),
        sa.Column('address', sa.String(length=120), nullable=False, comment='单位地址'),
        sa.Column('phone', sa.String(length=20), nullable=False, comment='单位电话'),
        sa.Column('region_id', ID, nullable=False, comment='受理的县'),
        sa.Column('budget_per_head_fen', ID, nullable=True, comment='人均预算参考(分，空为不设)'),
        sa.Column(
            'status',
            sa.Enum(
                'applied',
                'admitted',
                'refused',
                'suspended',
                name='institution_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('applied_by_id', ID, nullable=False, comment='申请人'),
        sa.Column('applied_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='核准或不予核准时间'),
        sa.CheckConstraint(
            "(status = 'applied') = (decided_at IS NULL)", name=op.f('ck_institutions_decided_has_time')
        ),
        sa.CheckConstraint(
            'budget_per_head_fen IS NULL OR budget_per_head_fen > 0', name=op.f('ck_institutions_budget_positive')
        ),
        sa.ForeignKeyConstraint(['applied_by_id'], ['users.id'], name=op.f('fk_institutions_applied_by_id')),
        sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_institutions_region_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_institutions')),
    )
    op.create_index(op.f('ix_institutions_applied_by_id'), 'institutions', ['applied_by_id'], unique=False)
    op.create_index(op.f('ix_institutions_region_id_status'), 'institutions', ['region_id', 'status'], unique=False)
    op.create_index(
        'uq_institutions_credit_code',
        'institutions',
        ['credit_code'],
        unique=True,
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_index(
        'uq_institutions_name',
        'institutions',
        ['name'],
        unique=True,
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        'employments',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('institution_id', ID, nullable=False, comment='单位'),
        sa.Column('user_id', ID, nullable=False, comment='职工账号'),
        sa.Column(
            'status',
            sa.Enum(
                'asked',
                'linked',
                'declined',
                'ended',
                name='employment_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True, comment='最近一次决定时间'),
        sa.CheckConstraint("status = 'asked' OR decided_at IS NOT NULL", name=op.f('ck_employments_decided_has_time')),
        sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_employments_institution_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_employments_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_employments')),
    )
    op.create_index(
        op.f('ix_employments_institution_id_status'), 'employments', ['institution_id', 'status'], unique=False
    )
    op.create_index(
        'uq_employments_user',
        'employments',
        ['user_id'],
        unique=True,
        sqlite_where=sa.text("status IN ('asked', 'linked')"),
        postgresql_where=sa.text("status IN ('asked', 'linked')"),
    )
    op.create_table(
        'procurement_orders',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('number', sa.String(length=20), nullable=False, comment='采购单号'),
        sa.Column('institution_id', ID, nullable=False, comment='单位'),
        sa.Column(
            'status',
            sa.Enum(
                'draft',
                'in_review',
                'returned',
                'awaiting_payment',
                'funded',
                'shipped',
                'awaiting_acceptance',
                'awaiting_invoice',
                'settled',
                'cancelled',
                name='procurement_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('title', sa.String(length=40), nullable=False, comment='名目'),
        sa.Column('heads', sa.Integer(), nullable=False, comment='人数'),
        sa.Column('budget_per_head_fen', ID, nullable=True, comment='人均预算(分，空为不设)'),
        sa.Column('recipient', sa.String(length=40), nullable=False, comment='收货人'),
        sa.Column('phone', sa.String(length=20), nullable=False, comment='收货电话'),
        sa.Column('province_code', sa.String(length=6), nullable=False, comment='收货省'),
        sa.Column('city_code', sa.String(length=6), nullable=False, comment='收货市'),
        sa.Column('county_code', sa.String(length=6), nullable=False, comment='收货县'),
        sa.Column('street', sa.String(length=120), nullable=False, comment='详细地址'),
        sa.Column('note', sa.String(length=200), nullable=False, comment='给村里留言'),
        sa.Column('invoice_title', sa.String(length=60), nullable=False, comment='发票抬头'),
        sa.Column('invoice_code', sa.String(length=18), nullable=False, comment='发票税号'),
        sa.Column('invoice_email', sa.String(length=80), nullable=False, comment='收票邮箱'),
        sa.Column('drafted_by_id', ID, nullable=False, comment='起草人'),
        sa.Column('approved_by_id', ID, nullable=True, comment='审批人'),
        sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True, comment='审批时间'),
        sa.Column('checkout_id', ID, nullable=True, comment='结算单'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='建立时间'),
        sa.CheckConstraint(
            "checkout_id IS NOT NULL OR status IN ('draft', 'in_review', 'returned', 'cancelled')",
            name=op.f('ck_procurement_orders_placed_has_checkout'),
        ),
        sa.CheckConstraint(
            '(checkout_id IS NULL) = (approved_by_id IS NULL)', name=op.f('ck_procurement_orders_approved_is_placed')
        ),
        sa.CheckConstraint(
            'approved_by_id IS NULL OR approved_by_id <> drafted_by_id', name=op.f('ck_procurement_orders_two_people')
        ),
        sa.CheckConstraint(
            'budget_per_head_fen IS NULL OR budget_per_head_fen > 0', name=op.f('ck_procurement_orders_budget_positive')
        ),
        sa.CheckConstraint('heads > 0', name=op.f('ck_procurement_orders_heads_positive')),
        sa.ForeignKeyConstraint(['approved_by_id'], ['users.id'], name=op.f('fk_procurement_orders_approved_by_id')),
        sa.ForeignKeyConstraint(['checkout_id'], ['checkouts.id'], name=op.f('fk_procurement_orders_checkout_id')),
        sa.ForeignKeyConstraint(['drafted_by_id'], ['users.id'], name=op.f('fk_procurement_orders_drafted_by_id')),
        sa.ForeignKeyConstraint(
            ['institution_id'], ['institutions.id'], name=op.f('fk_procurement_orders_institution_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_procurement_orders')),
        sa.UniqueConstraint('checkout_id', name=op.f('uq_procurement_orders_checkout_id')),
        sa.UniqueConstraint('number', name=op.f('uq_procurement_orders_number')),
    )
    op.create_index(
        op.f('ix_procurement_orders_institution_id_status'),
        'procurement_orders',
        ['institution_id', 'status'],
        unique=False,
    )
    op.create_index(op.f('ix_procurement_orders_status_id'), 'procurement_orders', ['status', 'id'], unique=False)
    op.create_table(
        'acceptances',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('procurement_order_id', ID, nullable=False, comment='采购单'),
        sa.Column('signed_by_id', ID, nullable=False, comment='验收账号'),
        sa.Column('signed_name', sa.String(length=40), nullable=False, comment='验收人签名'),
        sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False, comment='验收时间'),
        sa.Column('note', sa.String(length=200), nullable=False, comment='验收说明'),
        sa.ForeignKeyConstraint(
            ['procurement_order_id'], ['procurement_orders.id'], name=op.f('fk_acceptances_procurement_order_id')
        ),
        sa.ForeignKeyConstraint(['signed_by_id'], ['users.id'], name=op.f('fk_acceptances_signed_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_acceptances')),
        sa.UniqueConstraint('procurement_order_id', name=op.f('uq_acceptances_procurement_order_id')),
    )
    op.create_table(
        'procurement_steps',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('institution_id', ID, nullable=True, comment='单位'),
        sa.Column('procurement_order_id', ID, nullable=True, comment='采购单'),
        sa.Column('employment_id', ID, nullable=True, comment='职工关联'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column('from_status', sa.String(length=24), nullable=True, comment='原状态'),
        sa.Column('to_status', sa.String(length=24), nullable=False, comment='新状态'),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='说明'),
        sa.CheckConstraint(
            '(institution_id IS NOT NULL AND procurement_order_id IS NULL AND employment_id IS NULL) OR (institution_id IS NULL AND procurement_order_id IS NOT NULL AND employment_id IS NULL) OR (institution_id IS NULL AND procurement_order_id IS NULL AND employment_id IS NOT NULL)',
            name=op.f('ck_procurement_steps_one_subject'),
        ),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_procurement_steps_actor_id')),
        sa.ForeignKeyConstraint(['employment_id'], ['employments.id'], name=op.f('fk_procurement_steps_employment_id')),
        sa.ForeignKeyConstraint(
            ['institution_id'], ['institutions.id'], name=op.f('fk_procurement_steps_institution_id')
        ),
        sa.ForeignKeyConstraint(
            ['procurement_order_id'], ['procurement_orders.id'], name=op.f('fk_procurement_steps_procurement_order_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_procurement_steps')),
    )
    op.create_index(op.f('ix_procurement_steps_employment_id'), 'procurement_steps', ['employment_id'], unique=False)
    op.create_index(op.f('ix_procurement_steps_institution_id'), 'procurement_steps', ['institution_id'], unique=False)
    op.create_index(
        op.f('ix_procurement_steps_procurement_order_id'), 'procurement_steps', ['procurement_order_id'], unique=False
    )
    op.create_table(
        'purchase_certificates',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('procurement_order_id', ID, nullable=False, comment='采购单'),
        sa.Column('number', sa.String(length=24), nullable=False, comment='证明编号'),
        sa.Column('code', sa.String(length=20), nullable=False, comment='验证码'),
        sa.Column('amount_fen', ID, nullable=False, comment='商品净额(分，扣退款)'),
        sa.Column('covered', sa.Integer(), nullable=False, comment='覆盖户数'),
        sa.Column('accrued', sa.Integer(), nullable=False, comment='测算受益户数'),
        sa.Column('paid', sa.Integer(), nullable=False, comment='到账户数'),
        sa.Column('issued_by_id', ID, nullable=True, comment='出具人(空为系统)'),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False, comment='出具时间'),
        sa.CheckConstraint('amount_fen >= 0', name=op.f('ck_purchase_certificates_amount_not_negative')),
        sa.CheckConstraint(
            'covered >= accrued AND accrued >= 0 AND paid >= 0', name=op.f('ck_purchase_certificates_measures_in_range')
        ),
        sa.ForeignKeyConstraint(['issued_by_id'], ['users.id'], name=op.f('fk_purchase_certificates_issued_by_id')),
        sa.ForeignKeyConstraint(
            ['procurement_order_id'],
            ['procurement_orders.id'],
            name=op.f('fk_purchase_certificates_procurement_order_id'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_certificates')),
        sa.UniqueConstraint('code', name=op.f('uq_purchase_certificates_code')),
        sa.UniqueConstraint('number', name=op.f('uq_purchase_certificates_number')),
        sa.UniqueConstraint('procurement_order_id', name=op.f('uq_purchase_certificates_procurement_order_id')),
    )
    op.create_table(
        'purchase_credits',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('checkout_id', ID, nullable=False, comment='结算单'),
        sa.Column('institution_id', ID, nullable=False, comment='单位'),
        sa.Column('employment_id', ID, nullable=False, comment='职工关联'),
        sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False, comment='本人勾选同意的时间'),
        sa.ForeignKeyConstraint(['checkout_id'], ['checkouts.id'], name=op.f('fk_purchase_credits_checkout_id')),
        sa.ForeignKeyConstraint(['employment_id'], ['employments.id'], name=op.f('fk_purchase_credits_employment_id')),
        sa.ForeignKeyConstraint(
            ['institution_id'], ['institutions.id'], name=op.f('fk_purchase_credits_institution_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_credits')),
        sa.UniqueConstraint('checkout_id', name=op.f('uq_purchase_credits_checkout_id')),
    )
    op.create_index(op.f('ix_purchase_credits_employment_id'), 'purchase_credits', ['employment_id'], unique=False)
    op.create_index(op.f('ix_purchase_credits_institution_id'), 'purchase_credits', ['institution_id'], unique=False)
    op.create_table(
        'budget_lines',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('budget_list_id', ID, nullable=False, comment='采购清单'),
        sa.Column('variant_id', ID, nullable=False, comment='规格'),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='数量'),
        sa.Column('is_per_head', sa.Boolean(), nullable=False, comment='是否按每人计'),
        sa.Column('seen_price_fen', ID, nullable=False, comment='上次看到的单价(分)'),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False, comment='加入时间'),
        sa.CheckConstraint('quantity > 0 AND quantity <= 99999', name=op.f('ck_budget_lines_quantity_in_range')),
        sa.ForeignKeyConstraint(['budget_list_id'], ['budget_lists.id'], name=op.f('fk_budget_lines_budget_list_id')),
        sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_budget_lines_variant_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_budget_lines')),
        sa.UniqueConstraint('budget_list_id', 'variant_id', name=op.f('uq_budget_lines_budget_list_id_variant_id')),
    )
    op.create_index(op.f('ix_budget_lines_variant_id'), 'budget_lines', ['variant_id'], unique=False)
    op.create_table(
        'procurement_lines',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('procurement_order_id', ID, nullable=False, comment='采购单'),
        sa.Column('variant_id', ID, nullable=False, comment='规格'),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='数量'),
        sa.Column('seen_price_fen', ID, nullable=False, comment='起草时单价(分)'),
        sa.Column('is_confirmed', sa.Boolean(), nullable=False, comment='是否确认不适用七天无理由退货'),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_procurement_lines_quantity_positive')),
        sa.ForeignKeyConstraint(
            ['procurement_order_id'], ['procurement_orders.id'], name=op.f('fk_procurement_lines_procurement_order_id')
        ),
        sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_procurement_lines_variant_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_procurement_lines')),
        sa.UniqueConstraint(
            'procurement_order_id', 'variant_id', name=op.f('uq_procurement_lines_procurement_order_id_variant_id')
        ),
    )
    op.create_index(op.f('ix_procurement_lines_variant_id'), 'procurement_lines', ['variant_id'], unique=False)
    op.create_table(
        'procurement_invoices',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('order_id', ID, nullable=False, comment='订单'),
        sa.Column('number', sa.String(length=20), nullable=False, comment='发票号码'),
        sa.Column('issued_on', sa.Date(), nullable=False, comment='开票日期'),
        sa.Column('amount_fen', ID, nullable=False, comment='开票金额(分)'),
        sa.Column('recorded_by_id', ID, nullable=False, comment='登记人'),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False, comment='登记时间'),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_procurement_invoices_amount_positive')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_procurement_invoices_order_id')),
        sa.ForeignKeyConstraint(['recorded_by_id'], ['users.id'], name=op.f('fk_procurement_invoices_recorded_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_procurement_invoices')),
        sa.UniqueConstraint('order_id', name=op.f('uq_procurement_invoices_order_id')),
    )
    op.create_index(
        'uq_procurement_invoices_number',
        'procurement_invoices',
        ['number'],
        unique=True,
        sqlite_where=sa.text('length(number) = 20'),
        postgresql_where=sa.text('length(number) = 20'),
    )
    op.create_table(
        'acceptance_lines',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('acceptance_id', ID, nullable=False, comment='验收单'),
        sa.Column('order_line_id', ID, nullable=False, comment='订单行'),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='应到数量'),
        sa.Column('accepted', sa.Integer(), nullable=False, comment='验收合格数量'),
        sa.Column('short', sa.Integer(), nullable=False, comment='短缺数量'),
        sa.Column('damaged', sa.Integer(), nullable=False, comment='损坏数量'),
        sa.Column('refund_line_id', ID, nullable=True, comment='相应退款行'),
        sa.CheckConstraint(
            'accepted + short + damaged = quantity', name=op.f('ck_acceptance_lines_counts_sum_to_quantity')
        ),
        sa.CheckConstraint(
            'accepted >= 0 AND short >= 0 AND damaged >= 0', name=op.f('ck_acceptance_lines_counts_not_negative')
        ),
        sa.CheckConstraint(
            'refund_line_id IS NULL OR short + damaged > 0', name=op.f('ck_acceptance_lines_refunded_for_a_reason')
        ),
        sa.ForeignKeyConstraint(['acceptance_id'], ['acceptances.id'], name=op.f('fk_acceptance_lines_acceptance_id')),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_lines.id'], name=op.f('fk_acceptance_lines_order_line_id')),
        sa.ForeignKeyConstraint(
            ['refund_line_id'], ['refund_lines.id'], name=op.f('fk_acceptance_lines_refund_line_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_acceptance_lines')),
        sa.UniqueConstraint('order_line_id', name=op.f('uq_acceptance_lines_order_line_id')),
        sa.UniqueConstraint('refund_line_id', name=op.f('uq_acceptance_lines_refund_line_id')),
    )
    op.create_index(op.f('ix_acceptance_lines_acceptance_id'), 'acceptance_lines', ['acceptance_id'], unique=False)
    _point_orders_at_institutions()
    _give_roles_institutions()


def downgrade() -> None:
    """Take the change back."""
    _take_roles_institutions()
    op.drop_index(op.f('ix_orders_institution_id'), table_name='orders')
    if op.get_bind().dialect.name != 'sqlite':
        op.drop_constraint(op.f('fk_orders_institution_id'), 'orders', type_='foreignkey')
    op.drop_column('orders', 'institution_id')
    op.drop_index(op.f('ix_acceptance_lines_acceptance_id'), table_name='acceptance_lines')
    op.drop_table('acceptance_lines')
    op.drop_index(
        'uq_procurement_invoices_number',
        table_name='procurement_invoices',
        sqlite_where=sa.text('length(number) = 20'),
        postgresql_where=sa.text('length(number) = 20'),
    )
    op.drop_table('procurement_invoices')
    op.drop_index(op.f('ix_procurement_lines_variant_id'), table_name='procurement_lines')
    op.drop_table('procurement_lines')
    op.drop_index(op.f('ix_budget_lines_variant_id'), table_name='budget_lines')
    op.drop_table('budget_lines')
    op.drop_index(op.f('ix_purchase_credits_institution_id'), table_name='purchase_credits')
    op.drop_index(op.f('ix_purchase_credits_employment_id'), table_name='purchase_credits')
    op.drop_table('purchase_credits')
    op.drop_table('purchase_certificates')
    op.drop_index(op.f('ix_procurement_steps_procurement_order_id'), table_name='procurement_steps')
    op.drop_index(op.f('ix_procurement_steps_institution_id'), table_name='procurement_steps')
    op.drop_index(op.f('ix_procurement_steps_employment_id'), table_name='procurement_steps')
    op.drop_table('procurement_steps')
    op.drop_table('acceptances')
    op.drop_index(op.f('ix_procurement_orders_status_id'), table_name='procurement_orders')
    op.drop_index(op.f('ix_procurement_orders_institution_id_status'), table_name='procurement_orders')
    op.drop_table('procurement_orders')
    op.drop_index(
        'uq_employments_user',
        table_name='employments',
        sqlite_where=sa.text("status IN ('asked', 'linked')"),
        postgresql_where=sa.text("status IN ('asked', 'linked')"),
    )
    op.drop_index(op.f('ix_employments_institution_id_status'), table_name='employments')
    op.drop_table('employments')
    op.drop_index(
        'uq_institutions_name',
        table_name='institutions',
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.drop_index(
        'uq_institutions_credit_code',
        table_name='institutions',
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.drop_index(op.f('ix_institutions_region_id_status'), table_name='institutions')
    op.drop_index(op.f('ix_institutions_applied_by_id'), table_name='institutions')
    op.drop_table('institutions')
    op.drop_table('budget_lists')


def _point_orders_at_institutions() -> None:
    if op.get_bind().dialect.name == 'sqlite':  # which adds a foreign key only together with its column
        op.execute(
            'ALTER TABLE orders ADD COLUMN institution_id INTEGER '
            f'CONSTRAINT fk_orders_institution_id REFERENCES institutions (id) {OF_ITS_CHANNEL}'
        )
    else:
        op.execute(f'ALTER TABLE orders ADD COLUMN institution_id BIGINT {OF_ITS_CHANNEL}')
        op.execute("COMMENT ON COLUMN orders.institution_id IS '采购单位(登记的)'")
        op.create_foreign_key(op.f('fk_orders_institution_id'), 'orders', 'institutions', ['institution_id'], ['id'])
    op.create_index(op.f('ix_orders_institution_id'), 'orders', ['institution_id'], unique=False)


def _give_roles_institutions() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _rebuild_grants(NEW_ROLES, NEW_SCOPE, has_institution=True)
    else:
        _drop_grant_checks()
        op.add_column('role_grants', sa.Column('institution_id', sa.BigInteger(), nullable=True, comment='所属单位'))
        op.create_foreign_key(
            op.f('fk_role_grants_institution_id'), 'role_grants', 'institutions', ['institution_id'], ['id']
        )
        _create_grant_checks(NEW_ROLES, NEW_SCOPE)
    op.create_index(op.f('ix_role_grants_institution_id'), 'role_grants', ['institution_id'], unique=False)
    _create_live_index('institution')


def _take_roles_institutions() -> None:
    """Whoever had a role in an institution has none afterwards."""
    op.execute('DELETE FROM role_grants WHERE institution_id IS NOT NULL')
    op.drop_index('uq_role_grants_institution', 'role_grants')
    op.drop_index(op.f('ix_role_grants_institution_id'), 'role_grants')
    if op.get_bind().dialect.name == 'sqlite':
        _rebuild_grants(OLD_ROLES, OLD_SCOPE, has_institution=False)
        return
    _drop_grant_checks()
    op.drop_constraint(op.f('fk_role_grants_institution_id'), 'role_grants', type_='foreignkey')
    op.drop_column('role_grants', 'institution_id')
    _create_grant_checks(OLD_ROLES, OLD_SCOPE)


def _drop_grant_checks() -> None:
    for name in ('ck_role_grants_role', 'ck_role_grants_scope_fits_role'):
        op.drop_constraint(op.f(name), 'role_grants', type_='check')


def _create_grant_checks(roles: tuple[str, ...], scope: str) -> None:
    op.create_check_constraint(op.f('ck_role_grants_role'), 'role_grants', sa.column('role').in_(roles))
    op.create_check_constraint(op.f('ck_role_grants_scope_fits_role'), 'role_grants', scope)


def _rebuild_grants(roles: tuple[str, ...], scope: str, *, has_institution: bool) -> None:
    """SQLite changes a CHECK only with the table; nothing points at this one."""
    institution = [sa.Column('institution_id', ID, nullable=True, comment='所属单位')] if has_institution else []
    reference = (
        [sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_role_grants_institution_id'))]
        if has_institution
        else []
    )
    op.create_table(
        'new_role_grants',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('user_id', ID, nullable=False, comment='账号'),
        sa.Column('role', sa.String(24), nullable=False, comment='角色'),
        sa.Column('village_id', ID, nullable=True, comment='所辖村'),
        sa.Column('region_id', ID, nullable=True, comment='所辖区划'),
        *institution,
        sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False, comment='授权时间'),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True, comment='收回时间'),
        sa.CheckConstraint(sa.column('role').in_(roles), name=op.f('ck_role_grants_role')),
        sa.CheckConstraint(scope, name=op.f('ck_role_grants_scope_fits_role')),
        sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_role_grants_region_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_role_grants_user_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_role_grants_village_id')),
        *reference,
        sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grants')),
    )
    names = 'id, user_id, role, village_id, region_id, granted_at, revoked_at'
    op.execute(f'INSERT INTO new_role_grants ({names}) SELECT {names} FROM role_grants')
    op.drop_table('role_grants')
    op.rename_table('new_role_grants', 'role_grants')
    for name in ('region', 'user', 'village'):
        op.create_index(op.f(f'ix_role_grants_{name}_id'), 'role_grants', [f'{name}_id'], unique=False)
    _create_live_index('region')
    _create_live_index('village')


def _create_live_index(scope: str) -> None:
    where = sa.text(f'revoked_at IS NULL AND {scope}_id IS NOT NULL')
    op.create_index(
        f'uq_role_grants_{scope}',
        'role_grants',
        ['user_id', 'role', f'{scope}_id'],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
