"""Coupon series of the department with their goods, events, claims, and what each use took off which order."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Make the tables."""
    _create_series()
    _create_events()
    _create_goods()
    _create_claims()
    _create_uses()
    _create_parts()


def downgrade() -> None:
    """Remove the tables."""
    op.drop_index(op.f('ix_coupon_parts_use_id'), table_name='coupon_parts')
    op.drop_table('coupon_parts')
    op.drop_table('coupon_goods')
    op.drop_index(op.f('ix_coupon_uses_series_id'), table_name='coupon_uses')
    op.drop_index(op.f('ix_coupon_uses_claim_id'), table_name='coupon_uses')
    op.drop_table('coupon_uses')
    op.drop_index(op.f('ix_coupon_series_events_series_id'), table_name='coupon_series_events')
    op.drop_table('coupon_series_events')
    op.drop_index(op.f('ix_coupon_claims_user_id'), table_name='coupon_claims')
    op.drop_table('coupon_claims')
    op.drop_index(op.f('ix_coupon_series_status_ends_on'), table_name='coupon_series')
    op.drop_index(op.f('ix_coupon_series_region_id_status'), table_name='coupon_series')
    op.drop_table('coupon_series')


def _enum(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _status(name: str) -> sa.Enum:
    return _enum('draft', 'running', 'paused', 'ended', name=name)


def _create_series() -> None:
    op.create_table(
        'coupon_series',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('form_token', sa.String(length=64), nullable=False, comment='表单令牌(防重复提交)'),
        sa.Column('region_id', ID, nullable=False, comment='发放部门所辖区划'),
        sa.Column('name', sa.String(length=30), nullable=False, comment='名称'),
        sa.Column('funder', sa.String(length=40), nullable=False, comment='出资单位(优惠由谁承担)'),
        sa.Column('kind', _enum('fixed', 'percent', name='coupon_kind'), nullable=False, comment='优惠方式'),
        sa.Column('threshold_fen', ID, nullable=False, comment='适用商品满多少可用(分)'),
        sa.Column('off_fen', ID, nullable=True, comment='满减金额(分)'),
        sa.Column('off_bp', sa.Integer(), nullable=True, comment='减的比例(万分点)'),
        sa.Column('cap_fen', ID, nullable=True, comment='按比例减最多减(分)'),
        sa.Column('budget_fen', ID, nullable=False, comment='预算(分)'),
        sa.Column('spent_fen', ID, nullable=False, comment='已占用和已使用(分)，不超过预算'),
        sa.Column('per_person', sa.Integer(), nullable=False, comment='每人限用次数'),
        sa.Column(
            'scope',
            _enum('all', 'counties', 'villages', 'categories', 'products', name='coupon_scope'),
            nullable=False,
            comment='适用商品范围',
        ),
        sa.Column('starts_on', sa.Date(), nullable=False, comment='起用日'),
        sa.Column('ends_on', sa.Date(), nullable=False, comment='最后一日'),
        sa.Column('code', sa.String(length=20), nullable=True, comment='领取口令(空为按钮领取)'),
        sa.Column('status', _status('series_status'), nullable=False, comment='状态'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='起草时间'),
        sa.CheckConstraint(
            "(kind = 'fixed') = (off_fen IS NOT NULL) AND (kind = 'percent') = (off_bp IS NOT NULL) AND (kind = 'percent') = (cap_fen IS NOT NULL)",
            name=op.f('ck_coupon_series_terms_fit_kind'),
        ),
        sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_coupon_series_ends_after_start')),
        sa.CheckConstraint(
            'off_bp IS NULL OR (off_bp > 0 AND off_bp <= 9000 AND cap_fen > 0 AND threshold_fen >= 0)',
            name=op.f('ck_coupon_series_percent_in_range'),
        ),
        sa.CheckConstraint(
            'off_fen IS NULL OR (off_fen > 0 AND off_fen < threshold_fen)',
            name=op.f('ck_coupon_series_off_below_threshold'),
        ),
        sa.CheckConstraint('per_person > 0', name=op.f('ck_coupon_series_per_person_positive')),
        sa.CheckConstraint('spent_fen >= 0 AND spent_fen <= budget_fen', name=op.f('ck_coupon_series_budget_held')),
        sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_coupon_series_region_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_series')),
        sa.UniqueConstraint('code', name=op.f('uq_coupon_series_code')),
        sa.UniqueConstraint('form_token', name=op.f('uq_coupon_series_form_token')),
    )
    op.create_index(op.f('ix_coupon_series_region_id_status'), 'coupon_series', ['region_id', 'status'], unique=False)
    op.create_index(op.f('ix_coupon_series_status_ends_on'), 'coupon_series', ['status', 'ends_on'], unique=False)


def _create_events() -> None:
    op.create_table(
        'coupon_series_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('series_id', ID, nullable=False, comment='消费券'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=False, comment='经办人'),
        sa.Column('from_status', _status('from_status'), nullable=True, comment='原状态'),
        sa.Column('to_status', _status('to_status'), nullable=False, comment='新状态'),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='说明'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_coupon_series_events_actor_id')),
        sa.ForeignKeyConstraint(['series_id'], ['coupon_series.id'], name=op.f('fk_coupon_series_events_series_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_series_events')),
    )
    op.create_index(op.f('ix_coupon_series_events_series_id'), 'coupon_series_events', ['series_id'], unique=False)


def _create_goods() -> None:
    op.create_table(
        'coupon_goods',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('series_id', ID, nullable=False, comment='消费券'),
        sa.Column('county_id', ID, nullable=True, comment='县区'),
        sa.Column('village_id', ID, nullable=True, comment='村'),
        sa.Column('category_id', ID, nullable=True, comment='品类'),
        sa.Column('product_id', ID, nullable=True, comment='商品'),
        sa.CheckConstraint(
            '(CASE WHEN county_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN village_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN category_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN product_id IS NULL THEN 0 ELSE 1 END) = 1',
            name=op.f('ck_coupon_goods_one_subject'),
        ),
        sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_coupon_goods_category_id')),
        sa.ForeignKeyConstraint(['county_id'], ['regions.id'], name=op.f('fk_coupon_goods_county_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_coupon_goods_product_id')),
        sa.ForeignKeyConstraint(['series_id'], ['coupon_series.id'], name=op.f('fk_coupon_goods_series_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_coupon_goods_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_goods')),
        sa.UniqueConstraint('series_id', 'category_id', name=op.f('uq_coupon_goods_series_id_category_id')),
        sa.UniqueConstraint('series_id', 'county_id', name=op.f('uq_coupon_goods_series_id_county_id')),
        sa.UniqueConstraint('series_id', 'product_id', name=op.f('uq_coupon_goods_series_id_product_id')),
        sa.UniqueConstraint('series_id', 'village_id', name=op.f('uq_coupon_goods_series_id_village_id')),
    )


def _create_claims() -> None:
    op.create_table(
        'coupon_claims',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('series_id', ID, nullable=False, comment='消费券'),
        sa.Column('user_id', ID, nullable=False, comment='领取人'),
        sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False, comment='领取时间'),
        sa.Column('limit_count', sa.Integer(), nullable=False, comment='限用次数'),
        sa.Column('used_count', sa.Integer(), nullable=False, comment='已用次数(取消的订单还回)'),
        sa.CheckConstraint('used_count >= 0 AND used_count <= limit_count', name=op.f('ck_coupon_claims_within_limit')),
        sa.ForeignKeyConstraint(['series_id'], ['coupon_series.id'], name=op.f('fk_coupon_claims_series_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_coupon_claims_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_claims')),
        sa.UniqueConstraint('series_id', 'user_id', name=op.f('uq_coupon_claims_series_id_user_id')),
    )
    op.create_index(op.f('ix_coupon_claims_user_id'), 'coupon_claims', ['user_id'], unique=False)


def _create_uses() -> None:
    op.create_table(
        'coupon_uses',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('claim_id', ID, nullable=False, comment='领取记录'),
        sa.Column('series_id', ID, nullable=False, comment='消费券'),
        sa.Column('checkout_id', ID, nullable=False, comment='结算单'),
        sa.Column('name', sa.String(length=30), nullable=False, comment='使用时名称'),
        sa.Column('funder', sa.String(length=40), nullable=False, comment='使用时出资单位'),
        sa.Column('discount_fen', ID, nullable=False, comment='优惠(分)'),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=False, comment='使用时间'),
        sa.Column('released_at', sa.DateTime(timezone=True), nullable=True, comment='订单全部取消、次数还回的时间'),
        sa.CheckConstraint('discount_fen > 0', name=op.f('ck_coupon_uses_discount_positive')),
        sa.ForeignKeyConstraint(['checkout_id'], ['checkouts.id'], name=op.f('fk_coupon_uses_checkout_id')),
        sa.ForeignKeyConstraint(['claim_id'], ['coupon_claims.id'], name=op.f('fk_coupon_uses_claim_id')),
        sa.ForeignKeyConstraint(['series_id'], ['coupon_series.id'], name=op.f('fk_coupon_uses_series_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_uses')),
        sa.UniqueConstraint('checkout_id', name=op.f('uq_coupon_uses_checkout_id')),
    )
    op.create_index(op.f('ix_coupon_uses_claim_id'), 'coupon_uses', ['claim_id'], unique=False)
    op.create_index(op.f('ix_coupon_uses_series_id'), 'coupon_uses', ['series_id'], unique=False)


def _create_parts() -> None:
    op.create_table(
        'coupon_parts',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('use_id', ID, nullable=False, comment='使用记录'),
        sa.Column('order_id', ID, nullable=False, comment='订单'),
        sa.Column('discount_fen', ID, nullable=False, comment='优惠(分)'),
        sa.Column('returned_fen', ID, nullable=False, comment='已退回预算(分)'),
        sa.Column('released_at', sa.DateTime(timezone=True), nullable=True, comment='订单取消、占用放回的时间'),
        sa.CheckConstraint(
            'discount_fen > 0 AND returned_fen >= 0 AND returned_fen <= discount_fen',
            name=op.f('ck_coupon_parts_within_discount'),
        ),
        sa.CheckConstraint(
            'released_at IS NULL OR returned_fen = discount_fen', name=op.f('ck_coupon_parts_released_whole')
        ),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_coupon_parts_order_id')),
        sa.ForeignKeyConstraint(['use_id'], ['coupon_uses.id'], name=op.f('fk_coupon_parts_use_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_parts')),
        sa.UniqueConstraint('order_id', name=op.f('uq_coupon_parts_order_id')),
    )
    op.create_index(op.f('ix_coupon_parts_use_id'), 'coupon_parts', ['use_id'], unique=False)
