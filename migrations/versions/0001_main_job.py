"""The tables of the main job: places, people, goods, endorsement, agreement, order, payment, book."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        'categories',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('slug', sa.String(length=40), nullable=False, comment='网址名'),
        sa.Column('name', sa.String(length=20), nullable=False, comment='名称'),
        sa.Column('icon', sa.String(length=40), nullable=False, comment='图标'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_categories')),
        sa.UniqueConstraint('name', name=op.f('uq_categories_name')),
        sa.UniqueConstraint('slug', name=op.f('uq_categories_slug')),
    )
    op.create_table(
        'day_seals',
        sa.Column('day', sa.Date(), nullable=False, comment='入账日'),
        sa.Column('previous_root', sa.String(length=64), nullable=False, comment='上一日封签'),
        sa.Column('entries_root', sa.String(length=64), nullable=False, comment='当日分录树根'),
        sa.Column('root', sa.String(length=64), nullable=False, comment='封签'),
        sa.Column('sales_count', sa.Integer(), nullable=False, comment='销售分录数'),
        sa.Column(
            'sales_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='销售净额(分)'
        ),
        sa.Column('benefit_count', sa.Integer(), nullable=False, comment='惠农分录数'),
        sa.Column(
            'benefit_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='惠农净额(分)'
        ),
        sa.Column('reached_count', sa.Integer(), nullable=False, comment='新增受益户数'),
        sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False, comment='封账时间'),
        sa.PrimaryKeyConstraint('day', name=op.f('pk_day_seals')),
        sa.UniqueConstraint('root', name=op.f('uq_day_seals_root')),
    )
    op.create_table(
        'household_status_kinds',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('code', sa.String(length=30), nullable=False, comment='代码'),
        sa.Column('name', sa.String(length=30), nullable=False, comment='名称'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_status_kinds')),
        sa.UniqueConstraint('code', name=op.f('uq_household_status_kinds_code')),
        sa.UniqueConstraint('name', name=op.f('uq_household_status_kinds_name')),
    )
    op.create_table(
        'photos',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('digest', sa.String(length=64), nullable=False, comment='内容摘要(SHA-256)'),
        sa.Column('width', sa.Integer(), nullable=False, comment='宽(像素)'),
        sa.Column('height', sa.Integer(), nullable=False, comment='高(像素)'),
        sa.Column('widths', sa.String(length=40), nullable=False, comment='已生成的宽度，逗号分隔'),
        sa.Column('alt', sa.String(length=120), nullable=False, comment='替代文字'),
        sa.Column('is_illustration', sa.Boolean(), nullable=False, comment='是否示意图'),
        sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False, comment='入库时间'),
        sa.CheckConstraint('width > 0 AND height > 0', name=op.f('ck_photos_size_positive')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_photos')),
        sa.UniqueConstraint('digest', name=op.f('uq_photos_digest')),
    )
    op.create_table(
        'regions',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('code', sa.String(length=12), nullable=False, comment='行政区划代码'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='名称'),
        sa.Column(
            'level',
            sa.Enum(
                'city', 'county', 'township', name='region_level', native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
            comment='层级',
        ),
        sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='上级区划'),
        sa.Column('position', sa.Integer(), nullable=False, comment='法定次序'),
        sa.CheckConstraint("(level = 'city') = (parent_id IS NULL)", name=op.f('ck_regions_only_city_is_root')),
        sa.ForeignKeyConstraint(['parent_id'], ['regions.id'], name=op.f('fk_regions_parent_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_regions')),
        sa.UniqueConstraint('code', name=op.f('uq_regions_code')),
        sa.UniqueConstraint('parent_id', 'position', name=op.f('uq_regions_parent_id_position')),
    )
    op.create_table(
        'sandbox_deliveries',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('event_key', sa.String(length=80), nullable=False, comment='事件唯一号'),
        sa.Column('body', sa.Text(), nullable=False, comment='事件原文'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='产生时间'),
        sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True, comment='送达时间'),
        sa.Column('attempts', sa.Integer(), nullable=False, comment='投递次数'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sandbox_deliveries')),
        sa.UniqueConstraint('event_key', name=op.f('uq_sandbox_deliveries_event_key')),
    )
    op.create_index(op.f('ix_sandbox_deliveries_delivered_at'), 'sandbox_deliveries', ['delivered_at'], unique=False)
    op.create_table(
        'sponsor_units',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('name', sa.String(length=60), nullable=False, comment='派出单位'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sponsor_units')),
        sa.UniqueConstraint('name', name=op.f('uq_sponsor_units_name')),
    )
    op.create_table(
        'users',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('login_name', sa.String(length=64), nullable=False, comment='登录名或手机号'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='姓名或称呼'),
        sa.Column('password_hash', sa.String(length=200), nullable=True, comment='口令摘要(argon2)'),
        sa.Column('is_active', sa.Boolean(), nullable=False, comment='是否可用'),
        sa.Column('is_demo', sa.Boolean(), nullable=False, comment='是否演示账号'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='注册时间'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
        sa.UniqueConstraint('login_name', name=op.f('uq_users_login_name')),
    )
    op.create_table(
        'addresses',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='账号'),
        sa.Column('recipient', sa.String(length=40), nullable=False, comment='收货人'),
        sa.Column('phone', sa.String(length=20), nullable=False, comment='电话'),
        sa.Column('province_code', sa.String(length=6), nullable=False, comment='省'),
        sa.Column('city_code', sa.String(length=6), nullable=False, comment='市'),
        sa.Column('county_code', sa.String(length=6), nullable=False, comment='县'),
        sa.Column('street', sa.String(length=120), nullable=False, comment='详细地址'),
        sa.Column('is_default', sa.Boolean(), nullable=False, comment='是否默认'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_addresses_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_addresses')),
    )
    op.create_index(op.f('ix_addresses_user_id'), 'addresses', ['user_id'], unique=False)
    op.create_index(
        'uq_addresses_default',
        'addresses',
        ['user_id'],
        unique=True,
        sqlite_where=sa.text('is_default'),
        postgresql_where=sa.text('is_default'),
    )
    op.create_table(
        'baskets',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='账号'),
        sa.Column('guest_digest', sa.String(length=64), nullable=True, comment='游客令牌摘要'),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False, comment='最近改动'),
        sa.CheckConstraint('(user_id IS NULL) <> (guest_digest IS NULL)', name=op.f('ck_baskets_one_owner')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_baskets_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_baskets')),
        sa.UniqueConstraint('guest_digest', name=op.f('uq_baskets_guest_digest')),
        sa.UniqueConstraint('user_id', name=op.f('uq_baskets_user_id')),
    )
    op.create_table(
        'checkouts',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('form_token', sa.String(length=64), nullable=False, comment='表单令牌(防重复提交)'),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='买家'),
        sa.Column('guest_digest', sa.String(length=64), nullable=True, comment='游客令牌摘要'),
        sa.Column(
            'goods_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='商品金额(分)'
        ),
        sa.Column(
            'freight_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='运费(分)'
        ),
        sa.Column(
            'total_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='应付金额(分)'
        ),
        sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False, comment='下单时间'),
        sa.Column('payable_until', sa.DateTime(timezone=True), nullable=False, comment='付款截止时间'),
        sa.CheckConstraint('(user_id IS NULL) <> (guest_digest IS NULL)', name=op.f('ck_checkouts_one_buyer')),
        sa.CheckConstraint('goods_fen >= 0 AND freight_fen >= 0', name=op.f('ck_checkouts_parts_not_negative')),
        sa.CheckConstraint('total_fen = goods_fen + freight_fen', name=op.f('ck_checkouts_total_is_sum')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_checkouts_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_checkouts')),
        sa.UniqueConstraint('form_token', name=op.f('uq_checkouts_form_token')),
    )
    op.create_index(op.f('ix_checkouts_guest_digest'), 'checkouts', ['guest_digest'], unique=False)
    op.create_index(op.f('ix_checkouts_user_id'), 'checkouts', ['user_id'], unique=False)
    op.create_table(
        'first_secretaries',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('slug', sa.String(length=60), nullable=False, comment='网址名'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='姓名'),
        sa.Column(
            'gender',
            sa.Enum('man', 'woman', name='gender', native_enum=False, create_constraint=True, length=24),
            nullable=False,
            comment='性别',
        ),
        sa.Column('introduction', sa.Text(), nullable=False, comment='简介'),
        sa.Column('photo_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='照片'),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='账号'),
        sa.Column('is_name_hidden', sa.Boolean(), nullable=False, comment='是否隐去姓名与照片'),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_first_secretaries_photo_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_first_secretaries_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_first_secretaries')),
        sa.UniqueConstraint('slug', name=op.f('uq_first_secretaries_slug')),
        sa.UniqueConstraint('user_id', name=op.f('uq_first_secretaries_user_id')),
    )
    op.create_table(
        'villages',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('code', sa.String(length=12), nullable=False, comment='村级代码'),
        sa.Column('slug', sa.String(length=60), nullable=False, comment='网址名'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='村名'),
        sa.Column('township_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='乡镇'),
        sa.Column(
            'county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='县(市、区)'
        ),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.Column('description', sa.Text(), nullable=False, comment='村情简介'),
        sa.Column('photo_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='村貌图'),
        sa.ForeignKeyConstraint(['county_id'], ['regions.id'], name=op.f('fk_villages_county_id')),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_villages_photo_id')),
        sa.ForeignKeyConstraint(['township_id'], ['regions.id'], name=op.f('fk_villages_township_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_villages')),
        sa.UniqueConstraint('code', name=op.f('uq_villages_code')),
        sa.UniqueConstraint('slug', name=op.f('uq_villages_slug')),
        sa.UniqueConstraint('township_id', 'position', name=op.f('uq_villages_township_id_position')),
    )
    op.create_index(op.f('ix_villages_county_id'), 'villages', ['county_id'], unique=False)
    op.create_index(op.f('ix_villages_township_id'), 'villages', ['township_id'], unique=False)
    op.create_table(
        'web_sessions',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('token_digest', sa.String(length=64), nullable=False, comment='令牌摘要(SHA-256)'),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='登录账号'),
        sa.Column('values', sa.JSON(), nullable=False, comment='会话内容'),
        sa.Column('user_agent', sa.String(length=200), nullable=False, comment='设备说明'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='开始时间'),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False, comment='失效时间'),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True, comment='注销时间'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_web_sessions_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_web_sessions')),
        sa.UniqueConstraint('token_digest', name=op.f('uq_web_sessions_token_digest')),
    )
    op.create_index(op.f('ix_web_sessions_expires_at'), 'web_sessions', ['expires_at'], unique=False)
    op.create_index(op.f('ix_web_sessions_user_id'), 'web_sessions', ['user_id'], unique=False)
    op.create_table(
        'brands',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('slug', sa.String(length=60), nullable=False, comment='网址名'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='品牌名'),
        sa.Column(
            'status',
            sa.Enum(
                'own_name',
                'applied',
                'registered',
                name='brand_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='商标状态',
        ),
        sa.Column('trademark_number', sa.String(length=20), nullable=True, comment='注册号'),
        sa.Column('approved_on', sa.Date(), nullable=True, comment='认定日'),
        sa.CheckConstraint(
            "(status = 'registered') = (trademark_number IS NOT NULL)", name=op.f('ck_brands_registered_has_number')
        ),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_brands_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_brands')),
        sa.UniqueConstraint('slug', name=op.f('uq_brands_slug')),
        sa.UniqueConstraint('trademark_number', name=op.f('uq_brands_trademark_number')),
        sa.UniqueConstraint('village_id', 'name', name=op.f('uq_brands_village_id_name')),
    )
    op.create_index(op.f('ix_brands_approved_on'), 'brands', ['approved_on'], unique=False)
    op.create_table(
        'household_reaches',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('month', sa.Date(), nullable=False, comment='入账月(月首日)'),
        sa.Column('bitmap', sa.LargeBinary(), nullable=False, comment='户位图(低位在前)'),
        sa.Column('household_count', sa.Integer(), nullable=False, comment='户数'),
        sa.CheckConstraint('household_count >= 0', name=op.f('ck_household_reaches_count_not_negative')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_household_reaches_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_reaches')),
        sa.UniqueConstraint('village_id', 'month', name=op.f('uq_household_reaches_village_id_month')),
    )
    op.create_table(
        'households',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('ordinal', sa.Integer(), nullable=False, comment='村内序号(位图位)'),
        sa.Column('number', sa.String(length=30), nullable=False, comment='户编号'),
        sa.Column('head_name', sa.String(length=40), nullable=False, comment='户主姓名'),
        sa.Column('group_name', sa.String(length=20), nullable=False, comment='村民小组'),
        sa.Column('people', sa.Integer(), nullable=False, comment='家庭人口'),
        sa.Column('self_check_code', sa.String(length=12), nullable=False, comment='自查码'),
        sa.Column('registered_on', sa.Date(), nullable=False, comment='登记日'),
        sa.CheckConstraint('ordinal >= 0', name=op.f('ck_households_ordinal_not_negative')),
        sa.CheckConstraint('people > 0', name=op.f('ck_households_people_positive')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_households_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_households')),
        sa.UniqueConstraint('self_check_code', name=op.f('uq_households_self_check_code')),
        sa.UniqueConstraint('village_id', 'number', name=op.f('uq_households_village_id_number')),
        sa.UniqueConstraint('village_id', 'ordinal', name=op.f('uq_households_village_id_ordinal')),
    )
    op.create_table(
        'industry_projects',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('slug', sa.String(length=60), nullable=False, comment='网址名'),
        sa.Column('name', sa.String(length=60), nullable=False, comment='项目名称'),
        sa.Column('kind', sa.String(length=20), nullable=False, comment='项目类型'),
        sa.Column(
            'funding_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='投入资金(分)'
        ),
        sa.Column('operator', sa.String(length=60), nullable=False, comment='经营主体'),
        sa.Column('approved_on', sa.Date(), nullable=True, comment='认定日'),
        sa.CheckConstraint('funding_fen >= 0', name=op.f('ck_industry_projects_funding_not_negative')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_industry_projects_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_industry_projects')),
        sa.UniqueConstraint('slug', name=op.f('uq_industry_projects_slug')),
        sa.UniqueConstraint('village_id', 'name', name=op.f('uq_industry_projects_village_id_name')),
    )
    op.create_index(op.f('ix_industry_projects_approved_on'), 'industry_projects', ['approved_on'], unique=False)
    op.create_table(
        'payments',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'checkout_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='结算单'
        ),
        sa.Column('gateway', sa.String(length=20), nullable=False, comment='支付渠道'),
        sa.Column('reference', sa.String(length=64), nullable=False, comment='商户流水号'),
        sa.Column('provider_reference', sa.String(length=80), nullable=True, comment='渠道流水号'),
        sa.Column(
            'amount_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='应付金额(分)'
        ),
        sa.Column(
            'status',
            sa.Enum(
                'pending',
                'succeeded',
                'held',
                'expired',
                name='payment_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('settles_orders', sa.Boolean(), nullable=False, comment='是否为入账的那一笔'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='发起时间'),
        sa.Column('succeeded_at', sa.DateTime(timezone=True), nullable=True, comment='支付时间'),
        sa.CheckConstraint(
            "(status = 'succeeded') = (succeeded_at IS NOT NULL)", name=op.f('ck_payments_succeeded_has_time')
        ),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_payments_amount_positive')),
        sa.ForeignKeyConstraint(['checkout_id'], ['checkouts.id'], name=op.f('fk_payments_checkout_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payments')),
        sa.UniqueConstraint('reference', name=op.f('uq_payments_reference')),
    )
    op.create_index(op.f('ix_payments_checkout_id'), 'payments', ['checkout_id'], unique=False)
    op.create_index(
        'uq_payments_succeeded',
        'payments',
        ['checkout_id'],
        unique=True,
        sqlite_where=sa.text('settles_orders'),
        postgresql_where=sa.text('settles_orders'),
    )
    op.create_table(
        'role_grants',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='账号'),
        sa.Column(
            'role',
            sa.Enum(
                'first_secretary',
                'team_member',
                'township_reviewer',
                'county_department',
                'city_department',
                'auditor',
                'administrator',
                name='role',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='角色',
        ),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='所辖村'),
        sa.Column('region_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='所辖区划'),
        sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False, comment='授权时间'),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True, comment='收回时间'),
        sa.CheckConstraint(
            "\n(role IN ('first_secretary', 'team_member')) = (village_id IS NOT NULL)\nAND (role IN ('township_reviewer', 'county_department', 'city_department', 'auditor')) = (region_id IS NOT NULL)\n",
            name=op.f('ck_role_grants_scope_fits_role'),
        ),
        sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_role_grants_region_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_role_grants_user_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_role_grants_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grants')),
    )
    op.create_index(op.f('ix_role_grants_region_id'), 'role_grants', ['region_id'], unique=False)
    op.create_index(op.f('ix_role_grants_user_id'), 'role_grants', ['user_id'], unique=False)
    op.create_index(op.f('ix_role_grants_village_id'), 'role_grants', ['village_id'], unique=False)
    op.create_index(
        'uq_role_grants_region',
        'role_grants',
        ['user_id', 'role', 'region_id'],
        unique=True,
        sqlite_where=sa.text('revoked_at IS NULL AND region_id IS NOT NULL'),
        postgresql_where=sa.text('revoked_at IS NULL AND region_id IS NOT NULL'),
    )
    op.create_index(
        'uq_role_grants_village',
        'role_grants',
        ['user_id', 'role', 'village_id'],
        unique=True,
        sqlite_where=sa.text('revoked_at IS NULL AND village_id IS NOT NULL'),
        postgresql_where=sa.text('revoked_at IS NULL AND village_id IS NOT NULL'),
    )
    op.create_table(
        'suppliers',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('name', sa.String(length=60), nullable=False, comment='名称'),
        sa.Column(
            'kind',
            sa.Enum(
                'enterprise',
                'cooperative',
                'family_farm',
                'household',
                name='supplier_kind',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='主体类型',
        ),
        sa.Column('credit_code', sa.String(length=18), nullable=True, comment='统一社会信用代码'),
        sa.Column('phone', sa.String(length=20), nullable=False, comment='售后电话'),
        sa.CheckConstraint(
            "kind = 'household' OR credit_code IS NOT NULL", name=op.f('ck_suppliers_credit_code_unless_household')
        ),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_suppliers_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_suppliers')),
        sa.UniqueConstraint('credit_code', name=op.f('uq_suppliers_credit_code')),
        sa.UniqueConstraint('village_id', 'name', name=op.f('uq_suppliers_village_id_name')),
    )
    op.create_index(op.f('ix_suppliers_village_id'), 'suppliers', ['village_id'], unique=False)
    op.create_table(
        'team_members',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='姓名'),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='账号'),
        sa.Column('joined_on', sa.Date(), nullable=False, comment='入队日'),
        sa.Column('left_on', sa.Date(), nullable=True, comment='离队日'),
        sa.CheckConstraint(
            'left_on IS NULL OR left_on >= joined_on', name=op.f('ck_team_members_leaves_after_joining')
        ),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_team_members_user_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_team_members_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_team_members')),
        sa.UniqueConstraint('user_id', name=op.f('uq_team_members_user_id')),
    )
    op.create_index(op.f('ix_team_members_village_id'), 'team_members', ['village_id'], unique=False)
    op.create_table(
        'tenures',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'secretary_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='第一书记'
        ),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column(
            'sponsor_unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='派出单位'
        ),
        sa.Column('starts_on', sa.Date(), nullable=False, comment='到任日'),
        sa.Column('ends_on', sa.Date(), nullable=True, comment='离任日'),
        sa.Column(
            'status',
            sa.Enum(
                'planned',
                'in_office',
                'handing_over',
                'rotated',
                'recalled',
                'adjusted',
                name='tenure_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.CheckConstraint(
            "status NOT IN ('rotated', 'recalled', 'adjusted') OR ends_on IS NOT NULL",
            name=op.f('ck_tenures_ended_has_day'),
        ),
        sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_tenures_ends_after_start')),
        sa.ForeignKeyConstraint(['secretary_id'], ['first_secretaries.id'], name=op.f('fk_tenures_secretary_id')),
        sa.ForeignKeyConstraint(['sponsor_unit_id'], ['sponsor_units.id'], name=op.f('fk_tenures_sponsor_unit_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_tenures_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tenures')),
    )
    op.create_index(op.f('ix_tenures_secretary_id'), 'tenures', ['secretary_id'], unique=False)
    op.create_index(op.f('ix_tenures_sponsor_unit_id'), 'tenures', ['sponsor_unit_id'], unique=False)
    op.create_index(op.f('ix_tenures_village_id'), 'tenures', ['village_id'], unique=False)
    op.create_index(
        'uq_tenures_present_secretary',
        'tenures',
        ['secretary_id'],
        unique=True,
        sqlite_where=sa.text("status IN ('in_office', 'handing_over')"),
        postgresql_where=sa.text("status IN ('in_office', 'handing_over')"),
    )
    op.create_index(
        'uq_tenures_present_village',
        'tenures',
        ['village_id'],
        unique=True,
        sqlite_where=sa.text("status IN ('in_office', 'handing_over')"),
        postgresql_where=sa.text("status IN ('in_office', 'handing_over')"),
    )
    op.create_table(
        'freight_templates',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'supplier_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='供货主体'
        ),
        sa.Column('first_pieces', sa.Integer(), nullable=False, comment='首件数'),
        sa.Column(
            'first_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='首件运费(分)'
        ),
        sa.Column('next_pieces', sa.Integer(), nullable=False, comment='续件数'),
        sa.Column(
            'next_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='续件运费(分)'
        ),
        sa.Column(
            'free_above_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='满额包邮(分，空为不包邮)',
        ),
        sa.CheckConstraint('first_fen >= 0 AND next_fen >= 0', name=op.f('ck_freight_templates_fees_not_negative')),
        sa.CheckConstraint('first_pieces > 0 AND next_pieces > 0', name=op.f('ck_freight_templates_pieces_positive')),
        sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_freight_templates_supplier_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_freight_templates')),
        sa.UniqueConstraint('supplier_id', name=op.f('uq_freight_templates_supplier_id')),
    )
    op.create_table(
        'household_statuses',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='农户'),
        sa.Column('kind_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='状态'),
        sa.Column('since_on', sa.Date(), nullable=False, comment='起始日'),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_household_statuses_household_id')),
        sa.ForeignKeyConstraint(['kind_id'], ['household_status_kinds.id'], name=op.f('fk_household_statuses_kind_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_household_statuses')),
        sa.UniqueConstraint('household_id', 'since_on', name=op.f('uq_household_statuses_household_id_since_on')),
    )
    op.create_table(
        'orders',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('number', sa.String(length=20), nullable=False, comment='订单号'),
        sa.Column(
            'checkout_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='结算单'
        ),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='买家'),
        sa.Column(
            'supplier_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='供货主体'
        ),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column(
            'status',
            sa.Enum(
                'pending_payment',
                'awaiting_shipment',
                'partly_shipped',
                'awaiting_receipt',
                'completed',
                'cancelled',
                'closed',
                name='order_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column(
            'channel',
            sa.Enum(
                'online',
                'institution',
                'livestream',
                'expo',
                'other_offline',
                name='channel',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='销售渠道',
        ),
        sa.Column('institution_name', sa.String(length=60), nullable=True, comment='采购单位'),
        sa.Column('is_test', sa.Boolean(), nullable=False, comment='是否测试单'),
        sa.Column('is_insider', sa.Boolean(), nullable=False, comment='是否内部人员下单'),
        sa.Column(
            'goods_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='商品净额(分)'
        ),
        sa.Column(
            'freight_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='运费(分)'
        ),
        sa.Column(
            'total_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='应付金额(分)'
        ),
        sa.Column('recipient', sa.String(length=40), nullable=False, comment='收货人'),
        sa.Column('phone', sa.String(length=20), nullable=False, comment='收货电话'),
        sa.Column('province_code', sa.String(length=6), nullable=False, comment='收货省'),
        sa.Column('city_code', sa.String(length=6), nullable=False, comment='收货市'),
        sa.Column('county_code', sa.String(length=6), nullable=False, comment='收货县'),
        sa.Column('street', sa.String(length=120), nullable=False, comment='详细地址'),
        sa.Column('note', sa.String(length=200), nullable=False, comment='买家留言'),
        sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False, comment='下单时间'),
        sa.Column('payable_until', sa.DateTime(timezone=True), nullable=False, comment='付款截止时间'),
        sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True, comment='付款时间'),
        sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=True, comment='全部发货时间'),
        sa.Column('receive_by', sa.DateTime(timezone=True), nullable=True, comment='自动收货时间'),
        sa.Column('completed_at', sa.DateTime(timezone=True), nullable=True, comment='完成时间'),
        sa.CheckConstraint(
            "(channel = 'institution') = (institution_name IS NOT NULL)", name=op.f('ck_orders_institution_has_name')
        ),
        sa.CheckConstraint(
            "(status IN ('pending_payment', 'cancelled')) = (paid_at IS NULL)", name=op.f('ck_orders_paid_has_time')
        ),
        sa.CheckConstraint(
            "status <> 'completed' OR completed_at IS NOT NULL", name=op.f('ck_orders_completed_has_time')
        ),
        sa.CheckConstraint('goods_fen >= 0 AND freight_fen >= 0', name=op.f('ck_orders_parts_not_negative')),
        sa.CheckConstraint('total_fen = goods_fen + freight_fen', name=op.f('ck_orders_total_is_sum')),
        sa.ForeignKeyConstraint(['checkout_id'], ['checkouts.id'], name=op.f('fk_orders_checkout_id')),
        sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_orders_supplier_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_orders_user_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_orders_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
        sa.UniqueConstraint('number', name=op.f('uq_orders_number')),
    )
    op.create_index(op.f('ix_orders_checkout_id'), 'orders', ['checkout_id'], unique=False)
    op.create_index(op.f('ix_orders_placed_at'), 'orders', ['placed_at'], unique=False)
    op.create_index(op.f('ix_orders_status_payable_until'), 'orders', ['status', 'payable_until'], unique=False)
    op.create_index(op.f('ix_orders_status_receive_by'), 'orders', ['status', 'receive_by'], unique=False)
    op.create_index(op.f('ix_orders_user_id'), 'orders', ['user_id'], unique=False)
    op.create_index(op.f('ix_orders_village_id_status'), 'orders', ['village_id', 'status'], unique=False)
    op.create_table(
        'payment_events',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('gateway', sa.String(length=20), nullable=False, comment='支付渠道'),
        sa.Column('event_key', sa.String(length=80), nullable=False, comment='事件唯一号'),
        sa.Column('kind', sa.String(length=60), nullable=False, comment='事件种类'),
        sa.Column('payload', sa.JSON(), nullable=False, comment='事件原文'),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='收到时间'),
        sa.Column(
            'outcome',
            sa.Enum(
                'received',
                'settled',
                'second_payment',
                'late_payment',
                'held',
                'unknown_payment',
                'refund_confirmed',
                'unhandled',
                name='event_outcome',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='处理结果',
        ),
        sa.Column('payment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='支付'),
        sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_payment_events_payment_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_events')),
        sa.UniqueConstraint('gateway', 'event_key', name=op.f('uq_payment_events_gateway_event_key')),
    )
    op.create_index(op.f('ix_payment_events_payment_id'), 'payment_events', ['payment_id'], unique=False)
    op.create_table(
        'products',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('slug', sa.String(length=80), nullable=False, comment='网址名'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column(
            'supplier_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='供货主体'
        ),
        sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='类目'),
        sa.Column('brand_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='品牌'),
        sa.Column('name', sa.String(length=60), nullable=False, comment='品名'),
        sa.Column(
            'kind',
            sa.Enum(
                'farm_produce',
                'prepacked_food',
                'bulk_food',
                'handicraft',
                'service',
                name='product_kind',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='商品性质',
        ),
        sa.Column('summary', sa.String(length=120), nullable=False, comment='一句话介绍'),
        sa.Column('description', sa.Text(), nullable=False, comment='详细介绍'),
        sa.Column('storage', sa.String(length=120), nullable=False, comment='贮存条件'),
        sa.Column('shelf_life', sa.String(length=60), nullable=False, comment='保质期'),
        sa.Column(
            'return_class',
            sa.Enum(
                'seven_days',
                'not_returnable',
                'after_confirmation',
                name='return_class',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='退货类别',
        ),
        sa.Column('ships_within_hours', sa.Integer(), nullable=False, comment='承诺发货时限(小时)'),
        sa.Column('search_tokens', sa.Text(), nullable=False, comment='检索词元'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='建立时间'),
        sa.ForeignKeyConstraint(['brand_id'], ['brands.id'], name=op.f('fk_products_brand_id')),
        sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_products_category_id')),
        sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_products_supplier_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_products_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_products')),
        sa.UniqueConstraint('slug', name=op.f('uq_products_slug')),
    )
    op.create_index(op.f('ix_products_brand_id'), 'products', ['brand_id'], unique=False)
    op.create_index(op.f('ix_products_category_id'), 'products', ['category_id'], unique=False)
    op.create_index(op.f('ix_products_supplier_id'), 'products', ['supplier_id'], unique=False)
    op.create_index(op.f('ix_products_village_id'), 'products', ['village_id'], unique=False)
    op.create_table(
        'supplier_licences',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'supplier_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='供货主体'
        ),
        sa.Column('kind', sa.String(length=30), nullable=False, comment='证照种类'),
        sa.Column('number', sa.String(length=40), nullable=False, comment='证照编号'),
        sa.Column('expires_on', sa.Date(), nullable=True, comment='有效期至(空为长期)'),
        sa.ForeignKeyConstraint(['supplier_id'], ['suppliers.id'], name=op.f('fk_supplier_licences_supplier_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supplier_licences')),
        sa.UniqueConstraint('kind', 'number', name=op.f('uq_supplier_licences_kind_number')),
    )
    op.create_index(op.f('ix_supplier_licences_supplier_id'), 'supplier_licences', ['supplier_id'], unique=False)
    op.create_table(
        'tenure_events',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('tenure_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='任期'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column(
            'actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='经办人(空为系统)'
        ),
        sa.Column(
            'from_status',
            sa.Enum(
                'planned',
                'in_office',
                'handing_over',
                'rotated',
                'recalled',
                'adjusted',
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
                'planned',
                'in_office',
                'handing_over',
                'rotated',
                'recalled',
                'adjusted',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='原因'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_tenure_events_actor_id')),
        sa.ForeignKeyConstraint(['tenure_id'], ['tenures.id'], name=op.f('fk_tenure_events_tenure_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tenure_events')),
    )
    op.create_index(op.f('ix_tenure_events_tenure_id'), 'tenure_events', ['tenure_id'], unique=False)
    op.create_table(
        'benefit_agreements',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='建立时间'),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_benefit_agreements_product_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_agreements')),
        sa.UniqueConstraint('product_id', name=op.f('uq_benefit_agreements_product_id')),
    )
    op.create_table(
        'endorsements',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('tenure_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='任期'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column('statement', sa.Text(), nullable=False, comment='代言词'),
        sa.Column(
            'status',
            sa.Enum(
                'draft',
                'township_review',
                'county_review',
                'city_review',
                'on_notice',
                'listed',
                'under_inquiry',
                'paused',
                'rectifying',
                'renewal_due',
                'handing_over',
                'delisted',
                name='endorsement_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column(
            'drafted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='起草人'
        ),
        sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='最近提交时间'),
        sa.Column('approved_on', sa.Date(), nullable=True, comment='审定日'),
        sa.Column('notice_ends_on', sa.Date(), nullable=True, comment='公示截止日'),
        sa.Column('listed_on', sa.Date(), nullable=True, comment='首次上架日'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='建立时间'),
        sa.CheckConstraint("status <> 'listed' OR listed_on IS NOT NULL", name=op.f('ck_endorsements_listed_has_day')),
        sa.CheckConstraint(
            "status <> 'on_notice' OR notice_ends_on IS NOT NULL", name=op.f('ck_endorsements_notice_has_end')
        ),
        sa.CheckConstraint(
            'listed_on IS NULL OR approved_on IS NOT NULL', name=op.f('ck_endorsements_listed_after_approval')
        ),
        sa.ForeignKeyConstraint(['drafted_by_id'], ['users.id'], name=op.f('fk_endorsements_drafted_by_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_endorsements_product_id')),
        sa.ForeignKeyConstraint(['tenure_id'], ['tenures.id'], name=op.f('fk_endorsements_tenure_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_endorsements')),
        sa.UniqueConstraint('tenure_id', 'product_id', name=op.f('uq_endorsements_tenure_id_product_id')),
    )
    op.create_index(op.f('ix_endorsements_approved_on'), 'endorsements', ['approved_on'], unique=False)
    op.create_index(op.f('ix_endorsements_listed_on'), 'endorsements', ['listed_on'], unique=False)
    op.create_index(op.f('ix_endorsements_product_id'), 'endorsements', ['product_id'], unique=False)
    op.create_index(
        op.f('ix_endorsements_status_notice_ends_on'), 'endorsements', ['status', 'notice_ends_on'], unique=False
    )
    op.create_index(
        'uq_endorsements_listed',
        'endorsements',
        ['product_id'],
        unique=True,
        sqlite_where=sa.text("status = 'listed'"),
        postgresql_where=sa.text("status = 'listed'"),
    )
    op.create_table(
        'freight_regions',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'template_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='运费模板'
        ),
        sa.Column('province_code', sa.String(length=6), nullable=False, comment='省'),
        sa.Column('is_refused', sa.Boolean(), nullable=False, comment='是否不配送'),
        sa.Column(
            'first_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='首件运费(分)'
        ),
        sa.Column(
            'next_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='续件运费(分)'
        ),
        sa.CheckConstraint('first_fen >= 0 AND next_fen >= 0', name=op.f('ck_freight_regions_fees_not_negative')),
        sa.ForeignKeyConstraint(['template_id'], ['freight_templates.id'], name=op.f('fk_freight_regions_template_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_freight_regions')),
        sa.UniqueConstraint('template_id', 'province_code', name=op.f('uq_freight_regions_template_id_province_code')),
    )
    op.create_table(
        'order_events',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='订单'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column(
            'actor_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='经办人(空为系统或游客)',
        ),
        sa.Column(
            'from_status',
            sa.Enum(
                'pending_payment',
                'awaiting_shipment',
                'partly_shipped',
                'awaiting_receipt',
                'completed',
                'cancelled',
                'closed',
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
                'pending_payment',
                'awaiting_shipment',
                'partly_shipped',
                'awaiting_receipt',
                'completed',
                'cancelled',
                'closed',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='说明'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_order_events_actor_id')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_events_order_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_order_events')),
    )
    op.create_index(op.f('ix_order_events_order_id'), 'order_events', ['order_id'], unique=False)
    op.create_table(
        'product_photos',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column('photo_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='图片'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_product_photos_photo_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_photos_product_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_product_photos')),
        sa.UniqueConstraint('product_id', 'photo_id', name=op.f('uq_product_photos_product_id_photo_id')),
    )
    op.create_index(
        op.f('ix_product_photos_product_id_position'), 'product_photos', ['product_id', 'position'], unique=False
    )
    op.create_table(
        'project_shares',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column(
            'project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产业项目'
        ),
        sa.Column('share_bp', sa.Integer(), nullable=False, comment='占比(万分比)'),
        sa.CheckConstraint('share_bp > 0 AND share_bp <= 10000', name=op.f('ck_project_shares_share_in_range')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_project_shares_product_id')),
        sa.ForeignKeyConstraint(['project_id'], ['industry_projects.id'], name=op.f('fk_project_shares_project_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_project_shares')),
        sa.UniqueConstraint('product_id', 'project_id', name=op.f('uq_project_shares_product_id_project_id')),
    )
    op.create_index(op.f('ix_project_shares_project_id'), 'project_shares', ['project_id'], unique=False)
    op.create_table(
        'refunds',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('payment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='支付'),
        sa.Column(
            'order_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='订单(空为整笔退回)',
        ),
        sa.Column('idempotency_key', sa.String(length=80), nullable=False, comment='幂等键'),
        sa.Column(
            'amount_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='退款金额(分)'
        ),
        sa.Column(
            'freight_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='其中运费(分)'
        ),
        sa.Column(
            'status',
            sa.Enum(
                'requested',
                'succeeded',
                'failed',
                name='refund_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('reason', sa.String(length=200), nullable=False, comment='原因'),
        sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
        sa.Column(
            'requested_by_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='经办人(空为系统)',
        ),
        sa.Column('succeeded_at', sa.DateTime(timezone=True), nullable=True, comment='到账时间'),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_refunds_amount_positive')),
        sa.CheckConstraint('freight_fen >= 0 AND freight_fen <= amount_fen', name=op.f('ck_refunds_freight_in_range')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_refunds_order_id')),
        sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_refunds_payment_id')),
        sa.ForeignKeyConstraint(['requested_by_id'], ['users.id'], name=op.f('fk_refunds_requested_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_refunds')),
        sa.UniqueConstraint('idempotency_key', name=op.f('uq_refunds_idempotency_key')),
    )
    op.create_index(op.f('ix_refunds_order_id'), 'refunds', ['order_id'], unique=False)
    op.create_index(op.f('ix_refunds_payment_id'), 'refunds', ['payment_id'], unique=False)
    op.create_table(
        'sales_days',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('day', sa.Date(), nullable=False, comment='入账日'),
        sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='县'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('tenure_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='任期'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column('brand_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='品牌'),
        sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='类目'),
        sa.Column(
            'channel',
            sa.Enum(
                'online',
                'institution',
                'livestream',
                'expo',
                'other_offline',
                name='channel',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='销售渠道',
        ),
        sa.Column('is_insider', sa.Boolean(), nullable=False, comment='是否内部人员下单'),
        sa.Column(
            'amount_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='净销售额(分)'
        ),
        sa.Column(
            'refunded_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='其中退款(分，负数)',
        ),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='净件数'),
        sa.Column('entry_count', sa.Integer(), nullable=False, comment='分录数'),
        sa.ForeignKeyConstraint(['brand_id'], ['brands.id'], name=op.f('fk_sales_days_brand_id')),
        sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_sales_days_category_id')),
        sa.ForeignKeyConstraint(['county_id'], ['regions.id'], name=op.f('fk_sales_days_county_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_sales_days_product_id')),
        sa.ForeignKeyConstraint(['tenure_id'], ['tenures.id'], name=op.f('fk_sales_days_tenure_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_sales_days_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_days')),
    )
    op.create_index(op.f('ix_sales_days_product_id_day'), 'sales_days', ['product_id', 'day'], unique=False)
    op.create_table(
        'sales_months',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('month', sa.Date(), nullable=False, comment='入账月(月首日)'),
        sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='县'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('tenure_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='任期'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column('brand_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='品牌'),
        sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='类目'),
        sa.Column(
            'channel',
            sa.Enum(
                'online',
                'institution',
                'livestream',
                'expo',
                'other_offline',
                name='channel',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='销售渠道',
        ),
        sa.Column('is_insider', sa.Boolean(), nullable=False, comment='是否内部人员下单'),
        sa.Column(
            'amount_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='净销售额(分)'
        ),
        sa.Column(
            'refunded_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='其中退款(分，负数)',
        ),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='净件数'),
        sa.Column('entry_count', sa.Integer(), nullable=False, comment='分录数'),
        sa.ForeignKeyConstraint(['brand_id'], ['brands.id'], name=op.f('fk_sales_months_brand_id')),
        sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_sales_months_category_id')),
        sa.ForeignKeyConstraint(['county_id'], ['regions.id'], name=op.f('fk_sales_months_county_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_sales_months_product_id')),
        sa.ForeignKeyConstraint(['tenure_id'], ['tenures.id'], name=op.f('fk_sales_months_tenure_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_sales_months_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_months')),
    )
    op.create_index(op.f('ix_sales_months_product_id_month'), 'sales_months', ['product_id', 'month'], unique=False)
    op.create_table(
        'shipments',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='订单'),
        sa.Column(
            'courier',
            sa.Enum(
                'sf',
                'zto',
                'yto',
                'sto',
                'yunda',
                'jt',
                'jd',
                'deppon',
                'post',
                'ems',
                'pickup',
                name='courier',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='承运',
        ),
        sa.Column('tracking_number', sa.String(length=30), nullable=False, comment='运单号'),
        sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=False, comment='发货时间'),
        sa.Column(
            'shipped_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='发货人'
        ),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_shipments_order_id')),
        sa.ForeignKeyConstraint(['shipped_by_id'], ['users.id'], name=op.f('fk_shipments_shipped_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_shipments')),
        sa.UniqueConstraint(
            'order_id', 'courier', 'tracking_number', name=op.f('uq_shipments_order_id_courier_tracking_number')
        ),
    )
    op.create_table(
        'variants',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column('name', sa.String(length=40), nullable=False, comment='规格'),
        sa.Column(
            'price_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='单价(分)'
        ),
        sa.Column('stock', sa.Integer(), nullable=False, comment='可售库存'),
        sa.Column('weight_grams', sa.Integer(), nullable=False, comment='毛重(克)'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.Column('is_offered', sa.Boolean(), nullable=False, comment='是否在售'),
        sa.CheckConstraint('price_fen > 0', name=op.f('ck_variants_price_positive')),
        sa.CheckConstraint('stock >= 0', name=op.f('ck_variants_stock_not_negative')),
        sa.CheckConstraint('weight_grams >= 0', name=op.f('ck_variants_weight_not_negative')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_variants_product_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_variants')),
        sa.UniqueConstraint('product_id', 'name', name=op.f('uq_variants_product_id_name')),
    )
    op.create_table(
        'agreement_versions',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('agreement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='协议'),
        sa.Column('number', sa.Integer(), nullable=False, comment='版本号'),
        sa.Column(
            'status',
            sa.Enum(
                'draft',
                'in_review',
                'on_notice',
                'in_force',
                'superseded',
                'terminated',
                name='version_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column(
            'rule_kind',
            sa.Enum(
                'fen_per_unit', 'bp_of_net', name='rule_kind', native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
            comment='计提方式',
        ),
        sa.Column(
            'rule_value',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='计提值(分/件或万分比)',
        ),
        sa.Column(
            'weight_kind',
            sa.Enum(
                'household',
                'people',
                'shares',
                'deliveries',
                'custom',
                name='weight_kind',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='分配方式',
        ),
        sa.Column('meeting_on', sa.Date(), nullable=True, comment='村民代表会议日'),
        sa.Column('in_force_on', sa.Date(), nullable=True, comment='生效日'),
        sa.Column('ended_on', sa.Date(), nullable=True, comment='终止日'),
        sa.Column(
            'drafted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='起草人'
        ),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='建立时间'),
        sa.CheckConstraint(
            "(status IN ('in_force', 'superseded', 'terminated')) = (in_force_on IS NOT NULL)",
            name=op.f('ck_agreement_versions_force_has_day'),
        ),
        sa.CheckConstraint(
            "(status IN ('superseded', 'terminated')) = (ended_on IS NOT NULL)",
            name=op.f('ck_agreement_versions_end_has_day'),
        ),
        sa.CheckConstraint(
            "rule_kind = 'fen_per_unit' OR rule_value <= 10000", name=op.f('ck_agreement_versions_rate_at_most_whole')
        ),
        sa.CheckConstraint(
            'ended_on IS NULL OR ended_on >= in_force_on', name=op.f('ck_agreement_versions_ends_after_force')
        ),
        sa.CheckConstraint('rule_value > 0', name=op.f('ck_agreement_versions_rule_positive')),
        sa.ForeignKeyConstraint(
            ['agreement_id'], ['benefit_agreements.id'], name=op.f('fk_agreement_versions_agreement_id')
        ),
        sa.ForeignKeyConstraint(['drafted_by_id'], ['users.id'], name=op.f('fk_agreement_versions_drafted_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_versions')),
        sa.UniqueConstraint('agreement_id', 'number', name=op.f('uq_agreement_versions_agreement_id_number')),
    )
    op.create_index(op.f('ix_agreement_versions_in_force_on'), 'agreement_versions', ['in_force_on'], unique=False)
    op.create_index(
        'uq_agreement_versions_in_force',
        'agreement_versions',
        ['agreement_id'],
        unique=True,
        sqlite_where=sa.text("status = 'in_force'"),
        postgresql_where=sa.text("status = 'in_force'"),
    )
    op.create_table(
        'basket_lines',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('basket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='购物车'),
        sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='规格'),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='数量'),
        sa.Column(
            'seen_price_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='加入时单价(分)',
        ),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False, comment='加入时间'),
        sa.CheckConstraint('quantity > 0 AND quantity <= 999', name=op.f('ck_basket_lines_quantity_in_range')),
        sa.ForeignKeyConstraint(['basket_id'], ['baskets.id'], name=op.f('fk_basket_lines_basket_id')),
        sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_basket_lines_variant_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_basket_lines')),
        sa.UniqueConstraint('basket_id', 'variant_id', name=op.f('uq_basket_lines_basket_id_variant_id')),
    )
    op.create_index(op.f('ix_basket_lines_variant_id'), 'basket_lines', ['variant_id'], unique=False)
    op.create_table(
        'endorsement_events',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'endorsement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='代言'
        ),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column(
            'actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='经办人(空为系统)'
        ),
        sa.Column(
            'from_status',
            sa.Enum(
                'draft',
                'township_review',
                'county_review',
                'city_review',
                'on_notice',
                'listed',
                'under_inquiry',
                'paused',
                'rectifying',
                'renewal_due',
                'handing_over',
                'delisted',
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
                'draft',
                'township_review',
                'county_review',
                'city_review',
                'on_notice',
                'listed',
                'under_inquiry',
                'paused',
                'rectifying',
                'renewal_due',
                'handing_over',
                'delisted',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column('reason', sa.String(length=500), nullable=False, comment='意见或原因'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_endorsement_events_actor_id')),
        sa.ForeignKeyConstraint(
            ['endorsement_id'], ['endorsements.id'], name=op.f('fk_endorsement_events_endorsement_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_endorsement_events')),
    )
    op.create_index(
        op.f('ix_endorsement_events_endorsement_id'), 'endorsement_events', ['endorsement_id'], unique=False
    )
    op.create_table(
        'agreement_events',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='协议版本'
        ),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column(
            'actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='经办人(空为系统)'
        ),
        sa.Column(
            'from_status',
            sa.Enum(
                'draft',
                'in_review',
                'on_notice',
                'in_force',
                'superseded',
                'terminated',
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
                'draft',
                'in_review',
                'on_notice',
                'in_force',
                'superseded',
                'terminated',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='原因'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_agreement_events_actor_id')),
        sa.ForeignKeyConstraint(['version_id'], ['agreement_versions.id'], name=op.f('fk_agreement_events_version_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_events')),
    )
    op.create_index(op.f('ix_agreement_events_version_id'), 'agreement_events', ['version_id'], unique=False)
    op.create_table(
        'agreement_shares',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='协议版本'
        ),
        sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='农户'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序(同分时先后)'),
        sa.Column('weight', sa.Integer(), nullable=False, comment='权重'),
        sa.Column(
            'first_fen_at',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='得第一分钱时的池值(分)',
        ),
        sa.Column('accrued_on', sa.Date(), nullable=True, comment='首次测算受益日'),
        sa.CheckConstraint(
            'first_fen_at IS NULL OR first_fen_at > 0', name=op.f('ck_agreement_shares_first_fen_positive')
        ),
        sa.CheckConstraint('weight > 0', name=op.f('ck_agreement_shares_weight_positive')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_agreement_shares_household_id')),
        sa.ForeignKeyConstraint(['version_id'], ['agreement_versions.id'], name=op.f('fk_agreement_shares_version_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_shares')),
        sa.UniqueConstraint('version_id', 'household_id', name=op.f('uq_agreement_shares_version_id_household_id')),
        sa.UniqueConstraint('version_id', 'position', name=op.f('uq_agreement_shares_version_id_position')),
    )
    op.create_index(op.f('ix_agreement_shares_accrued_on'), 'agreement_shares', ['accrued_on'], unique=False)
    op.create_index(op.f('ix_agreement_shares_household_id'), 'agreement_shares', ['household_id'], unique=False)
    op.create_table(
        'benefit_pools',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='协议版本'
        ),
        sa.Column(
            'amount_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='池值(分)'
        ),
        sa.Column('entry_count', sa.Integer(), nullable=False, comment='分录数'),
        sa.Column(
            'next_reach_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='再有农户受益时的池值(分)',
        ),
        sa.CheckConstraint('amount_fen >= 0', name=op.f('ck_benefit_pools_amount_not_negative')),
        sa.CheckConstraint('entry_count >= 0', name=op.f('ck_benefit_pools_count_not_negative')),
        sa.ForeignKeyConstraint(['version_id'], ['agreement_versions.id'], name=op.f('fk_benefit_pools_version_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_pools')),
        sa.UniqueConstraint('version_id', name=op.f('uq_benefit_pools_version_id')),
    )
    op.create_table(
        'order_lines',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='订单'),
        sa.Column('position', sa.Integer(), nullable=False, comment='行号'),
        sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='规格'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column('product_name', sa.String(length=60), nullable=False, comment='下单时品名'),
        sa.Column('variant_name', sa.String(length=40), nullable=False, comment='下单时规格'),
        sa.Column(
            'unit_price_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='单价(分)'
        ),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='数量'),
        sa.Column(
            'discount_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='优惠(分)'
        ),
        sa.Column('net_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='净额(分)'),
        sa.Column('shipped_quantity', sa.Integer(), nullable=False, comment='已发数量'),
        sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='类目'),
        sa.Column('brand_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='品牌'),
        sa.Column(
            'endorsement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='付款时代言'
        ),
        sa.Column(
            'tenure_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='付款时任期'
        ),
        sa.Column(
            'agreement_version_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='付款时协议版本',
        ),
        sa.Column(
            'benefit_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='预计惠农金额(分)',
        ),
        sa.CheckConstraint(
            '(endorsement_id IS NULL) = (tenure_id IS NULL) AND (endorsement_id IS NULL) = (agreement_version_id IS NULL) AND (endorsement_id IS NULL) = (benefit_fen IS NULL)',
            name=op.f('ck_order_lines_snapshot_whole'),
        ),
        sa.CheckConstraint(
            'benefit_fen IS NULL OR (benefit_fen >= 0 AND benefit_fen <= net_fen)',
            name=op.f('ck_order_lines_benefit_in_range'),
        ),
        sa.CheckConstraint(
            'net_fen = unit_price_fen * quantity - discount_fen AND net_fen >= 0',
            name=op.f('ck_order_lines_net_is_difference'),
        ),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_order_lines_quantity_positive')),
        sa.CheckConstraint(
            'shipped_quantity >= 0 AND shipped_quantity <= quantity', name=op.f('ck_order_lines_shipped_in_range')
        ),
        sa.CheckConstraint('unit_price_fen > 0 AND discount_fen >= 0', name=op.f('ck_order_lines_prices_in_range')),
        sa.ForeignKeyConstraint(
            ['agreement_version_id'], ['agreement_versions.id'], name=op.f('fk_order_lines_agreement_version_id')
        ),
        sa.ForeignKeyConstraint(['brand_id'], ['brands.id'], name=op.f('fk_order_lines_brand_id')),
        sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_order_lines_category_id')),
        sa.ForeignKeyConstraint(['endorsement_id'], ['endorsements.id'], name=op.f('fk_order_lines_endorsement_id')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_lines_order_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_order_lines_product_id')),
        sa.ForeignKeyConstraint(['tenure_id'], ['tenures.id'], name=op.f('fk_order_lines_tenure_id')),
        sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_order_lines_variant_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_order_lines')),
        sa.UniqueConstraint('order_id', 'position', name=op.f('uq_order_lines_order_id_position')),
    )
    op.create_index(op.f('ix_order_lines_product_id'), 'order_lines', ['product_id'], unique=False)
    op.create_index(op.f('ix_order_lines_variant_id'), 'order_lines', ['variant_id'], unique=False)
    op.create_table(
        'benefit_payouts',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('pool_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='惠农池'),
        sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='农户'),
        sa.Column(
            'amount_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='兑付金额(分)'
        ),
        sa.Column('evidence', sa.String(length=200), nullable=False, comment='凭证'),
        sa.Column('occurred_on', sa.Date(), nullable=False, comment='发放日'),
        sa.Column('booked_on', sa.Date(), nullable=False, comment='入账日'),
        sa.CheckConstraint("evidence <> ''", name=op.f('ck_benefit_payouts_evidence_given')),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_benefit_payouts_amount_positive')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_benefit_payouts_household_id')),
        sa.ForeignKeyConstraint(['pool_id'], ['benefit_pools.id'], name=op.f('fk_benefit_payouts_pool_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_payouts')),
    )
    op.create_index(op.f('ix_benefit_payouts_booked_on'), 'benefit_payouts', ['booked_on'], unique=False)
    op.create_index(op.f('ix_benefit_payouts_household_id'), 'benefit_payouts', ['household_id'], unique=False)
    op.create_index(op.f('ix_benefit_payouts_pool_id'), 'benefit_payouts', ['pool_id'], unique=False)
    op.create_table(
        'refund_lines',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='退款'),
        sa.Column(
            'order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='订单行'
        ),
        sa.Column(
            'amount_fen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='退款金额(分)'
        ),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='退回数量'),
        sa.Column(
            'benefit_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='相应惠农金额(分)',
        ),
        sa.CheckConstraint('amount_fen > 0', name=op.f('ck_refund_lines_amount_positive')),
        sa.CheckConstraint('benefit_fen >= 0', name=op.f('ck_refund_lines_benefit_not_negative')),
        sa.CheckConstraint('quantity >= 0', name=op.f('ck_refund_lines_quantity_not_negative')),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_lines.id'], name=op.f('fk_refund_lines_order_line_id')),
        sa.ForeignKeyConstraint(['refund_id'], ['refunds.id'], name=op.f('fk_refund_lines_refund_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_refund_lines')),
        sa.UniqueConstraint('refund_id', 'order_line_id', name=op.f('uq_refund_lines_refund_id_order_line_id')),
    )
    op.create_index(op.f('ix_refund_lines_order_line_id'), 'refund_lines', ['order_line_id'], unique=False)
    op.create_table(
        'shipment_lines',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('shipment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='包裹'),
        sa.Column(
            'order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='订单行'
        ),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='数量'),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_shipment_lines_quantity_positive')),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_lines.id'], name=op.f('fk_shipment_lines_order_line_id')),
        sa.ForeignKeyConstraint(['shipment_id'], ['shipments.id'], name=op.f('fk_shipment_lines_shipment_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_shipment_lines')),
        sa.UniqueConstraint('shipment_id', 'order_line_id', name=op.f('uq_shipment_lines_shipment_id_order_line_id')),
    )
    op.create_index(op.f('ix_shipment_lines_order_line_id'), 'shipment_lines', ['order_line_id'], unique=False)
    op.create_table(
        'benefit_entries',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('pool_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='惠农池'),
        sa.Column('sequence', sa.Integer(), nullable=False, comment='池内序号'),
        sa.Column(
            'order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='事由：订单行'
        ),
        sa.Column(
            'refund_line_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='事由：退款行',
        ),
        sa.Column(
            'amount_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='金额(分，冲回为负)',
        ),
        sa.Column(
            'borne_by_supplier_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='供货方承担(分)',
        ),
        sa.Column(
            'pool_after_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='入账后池值(分)',
        ),
        sa.Column('occurred_on', sa.Date(), nullable=False, comment='发生日'),
        sa.Column('booked_on', sa.Date(), nullable=False, comment='入账日'),
        sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False, comment='入账时间'),
        sa.CheckConstraint(
            '(order_line_id IS NOT NULL AND amount_fen >= 0 AND borne_by_supplier_fen = 0) OR (refund_line_id IS NOT NULL AND amount_fen <= 0 AND borne_by_supplier_fen >= 0)',
            name=op.f('ck_benefit_entries_sign_fits_cause'),
        ),
        sa.CheckConstraint(
            '(order_line_id IS NULL) <> (refund_line_id IS NULL)', name=op.f('ck_benefit_entries_one_cause')
        ),
        sa.CheckConstraint('booked_on >= occurred_on', name=op.f('ck_benefit_entries_booked_after_it_happened')),
        sa.CheckConstraint(
            'pool_after_fen >= 0 AND pool_after_fen >= amount_fen', name=op.f('ck_benefit_entries_pool_in_range')
        ),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_lines.id'], name=op.f('fk_benefit_entries_order_line_id')),
        sa.ForeignKeyConstraint(['pool_id'], ['benefit_pools.id'], name=op.f('fk_benefit_entries_pool_id')),
        sa.ForeignKeyConstraint(
            ['refund_line_id'], ['refund_lines.id'], name=op.f('fk_benefit_entries_refund_line_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_entries')),
        sa.UniqueConstraint('order_line_id', name=op.f('uq_benefit_entries_order_line_id')),
        sa.UniqueConstraint('pool_id', 'sequence', name=op.f('uq_benefit_entries_pool_id_sequence')),
        sa.UniqueConstraint('refund_line_id', name=op.f('uq_benefit_entries_refund_line_id')),
    )
    op.create_index(op.f('ix_benefit_entries_booked_on'), 'benefit_entries', ['booked_on'], unique=False)
    op.create_table(
        'sales_entries',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='事由：订单行'
        ),
        sa.Column(
            'refund_line_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='事由：退款行',
        ),
        sa.Column(
            'amount_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='金额(分，退款为负)',
        ),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='件数(退回为负)'),
        sa.Column('occurred_on', sa.Date(), nullable=False, comment='发生日'),
        sa.Column('booked_on', sa.Date(), nullable=False, comment='入账日'),
        sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False, comment='入账时间'),
        sa.Column('period', sa.Date(), nullable=False, comment='所属月份(月首日)'),
        sa.Column(
            'channel',
            sa.Enum(
                'online',
                'institution',
                'livestream',
                'expo',
                'other_offline',
                name='channel',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='销售渠道',
        ),
        sa.Column('is_insider', sa.Boolean(), nullable=False, comment='是否内部人员下单'),
        sa.Column('county_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='县'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column('tenure_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='任期'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column('brand_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='品牌'),
        sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='类目'),
        sa.CheckConstraint(
            '(order_line_id IS NOT NULL AND amount_fen >= 0 AND quantity > 0) OR (refund_line_id IS NOT NULL AND amount_fen < 0 AND quantity <= 0)',
            name=op.f('ck_sales_entries_sign_fits_cause'),
        ),
        sa.CheckConstraint(
            '(order_line_id IS NULL) <> (refund_line_id IS NULL)', name=op.f('ck_sales_entries_one_cause')
        ),
        sa.CheckConstraint('booked_on >= occurred_on', name=op.f('ck_sales_entries_booked_after_it_happened')),
        sa.ForeignKeyConstraint(['brand_id'], ['brands.id'], name=op.f('fk_sales_entries_brand_id')),
        sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_sales_entries_category_id')),
        sa.ForeignKeyConstraint(['county_id'], ['regions.id'], name=op.f('fk_sales_entries_county_id')),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_lines.id'], name=op.f('fk_sales_entries_order_line_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_sales_entries_product_id')),
        sa.ForeignKeyConstraint(['refund_line_id'], ['refund_lines.id'], name=op.f('fk_sales_entries_refund_line_id')),
        sa.ForeignKeyConstraint(['tenure_id'], ['tenures.id'], name=op.f('fk_sales_entries_tenure_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_sales_entries_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_entries')),
        sa.UniqueConstraint('order_line_id', name=op.f('uq_sales_entries_order_line_id')),
        sa.UniqueConstraint('refund_line_id', name=op.f('uq_sales_entries_refund_line_id')),
    )
    op.create_index(
        op.f('ix_sales_entries_booked_on_product_id'), 'sales_entries', ['booked_on', 'product_id'], unique=False
    )
    op.create_index(
        op.f('ix_sales_entries_product_id_booked_on'), 'sales_entries', ['product_id', 'booked_on'], unique=False
    )
    op.create_index(op.f('ix_sales_entries_tenure_id'), 'sales_entries', ['tenure_id'], unique=False)
    op.create_index(op.f('ix_sales_entries_village_id'), 'sales_entries', ['village_id'], unique=False)
    op.create_index(
        'uq_sales_days',
        'sales_days',
        ['day', 'product_id', 'tenure_id', 'channel', 'is_insider', 'category_id', sa.text('coalesce(brand_id, 0)')],
        unique=True,
    )
    op.create_index(
        'uq_sales_months',
        'sales_months',
        ['month', 'product_id', 'tenure_id', 'channel', 'is_insider', 'category_id', sa.text('coalesce(brand_id, 0)')],
        unique=True,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index('uq_sales_months', table_name='sales_months')
    op.drop_index('uq_sales_days', table_name='sales_days')
    op.drop_index(op.f('ix_sales_entries_village_id'), table_name='sales_entries')
    op.drop_index(op.f('ix_sales_entries_tenure_id'), table_name='sales_entries')
    op.drop_index(op.f('ix_sales_entries_product_id_booked_on'), table_name='sales_entries')
    op.drop_index(op.f('ix_sales_entries_booked_on_product_id'), table_name='sales_entries')
    op.drop_table('sales_entries')
    op.drop_index(op.f('ix_benefit_entries_booked_on'), table_name='benefit_entries')
    op.drop_table('benefit_entries')
    op.drop_index(op.f('ix_shipment_lines_order_line_id'), table_name='shipment_lines')
    op.drop_table('shipment_lines')
    op.drop_index(op.f('ix_refund_lines_order_line_id'), table_name='refund_lines')
    op.drop_table('refund_lines')
    op.drop_index(op.f('ix_benefit_payouts_pool_id'), table_name='benefit_payouts')
    op.drop_index(op.f('ix_benefit_payouts_household_id'), table_name='benefit_payouts')
    op.drop_index(op.f('ix_benefit_payouts_booked_on'), table_name='benefit_payouts')
    op.drop_table('benefit_payouts')
    op.drop_index(op.f('ix_order_lines_variant_id'), table_name='order_lines')
    op.drop_index(op.f('ix_order_lines_product_id'), table_name='order_lines')
    op.drop_table('order_lines')
    op.drop_table('benefit_pools')
    op.drop_index(op.f('ix_agreement_shares_household_id'), table_name='agreement_shares')
    op.drop_index(op.f('ix_agreement_shares_accrued_on'), table_name='agreement_shares')
    op.drop_table('agreement_shares')
    op.drop_index(op.f('ix_agreement_events_version_id'), table_name='agreement_events')
    op.drop_table('agreement_events')
    op.drop_index(op.f('ix_endorsement_events_endorsement_id'), table_name='endorsement_events')
    op.drop_table('endorsement_events')
    op.drop_index(op.f('ix_basket_lines_variant_id'), table_name='basket_lines')
    op.drop_table('basket_lines')
    op.drop_index(
        'uq_agreement_versions_in_force',
        table_name='agreement_versions',
        sqlite_where=sa.text("status = 'in_force'"),
        postgresql_where=sa.text("status = 'in_force'"),
    )
    op.drop_index(op.f('ix_agreement_versions_in_force_on'), table_name='agreement_versions')
    op.drop_table('agreement_versions')
    op.drop_table('variants')
    op.drop_table('shipments')
    op.drop_index(op.f('ix_sales_months_product_id_month'), table_name='sales_months')
    op.drop_table('sales_months')
    op.drop_index(op.f('ix_sales_days_product_id_day'), table_name='sales_days')
    op.drop_table('sales_days')
    op.drop_index(op.f('ix_refunds_payment_id'), table_name='refunds')
    op.drop_index(op.f('ix_refunds_order_id'), table_name='refunds')
    op.drop_table('refunds')
    op.drop_index(op.f('ix_project_shares_project_id'), table_name='project_shares')
    op.drop_table('project_shares')
    op.drop_index(op.f('ix_product_photos_product_id_position'), table_name='product_photos')
    op.drop_table('product_photos')
    op.drop_index(op.f('ix_order_events_order_id'), table_name='order_events')
    op.drop_table('order_events')
    op.drop_table('freight_regions')
    op.drop_index(
        'uq_endorsements_listed',
        table_name='endorsements',
        sqlite_where=sa.text("status = 'listed'"),
        postgresql_where=sa.text("status = 'listed'"),
    )
    op.drop_index(op.f('ix_endorsements_status_notice_ends_on'), table_name='endorsements')
    op.drop_index(op.f('ix_endorsements_product_id'), table_name='endorsements')
    op.drop_index(op.f('ix_endorsements_listed_on'), table_name='endorsements')
    op.drop_index(op.f('ix_endorsements_approved_on'), table_name='endorsements')
    op.drop_table('endorsements')
    op.drop_table('benefit_agreements')
    op.drop_index(op.f('ix_tenure_events_tenure_id'), table_name='tenure_events')
    op.drop_table('tenure_events')
    op.drop_index(op.f('ix_supplier_licences_supplier_id'), table_name='supplier_licences')
    op.drop_table('supplier_licences')
    op.drop_index(op.f('ix_products_village_id'), table_name='products')
    op.drop_index(op.f('ix_products_supplier_id'), table_name='products')
    op.drop_index(op.f('ix_products_category_id'), table_name='products')
    op.drop_index(op.f('ix_products_brand_id'), table_name='products')
    op.drop_table('products')
    op.drop_index(op.f('ix_payment_events_payment_id'), table_name='payment_events')
    op.drop_table('payment_events')
    op.drop_index(op.f('ix_orders_village_id_status'), table_name='orders')
    op.drop_index(op.f('ix_orders_user_id'), table_name='orders')
    op.drop_index(op.f('ix_orders_status_receive_by'), table_name='orders')
    op.drop_index(op.f('ix_orders_status_payable_until'), table_name='orders')
    op.drop_index(op.f('ix_orders_placed_at'), table_name='orders')
    op.drop_index(op.f('ix_orders_checkout_id'), table_name='orders')
    op.drop_table('orders')
    op.drop_table('household_statuses')
    op.drop_table('freight_templates')
    op.drop_index(
        'uq_tenures_present_village',
        table_name='tenures',
        sqlite_where=sa.text("status IN ('in_office', 'handing_over')"),
        postgresql_where=sa.text("status IN ('in_office', 'handing_over')"),
    )
    op.drop_index(
        'uq_tenures_present_secretary',
        table_name='tenures',
        sqlite_where=sa.text("status IN ('in_office', 'handing_over')"),
        postgresql_where=sa.text("status IN ('in_office', 'handing_over')"),
    )
    op.drop_index(op.f('ix_tenures_village_id'), table_name='tenures')
    op.drop_index(op.f('ix_tenures_sponsor_unit_id'), table_name='tenures')
    op.drop_index(op.f('ix_tenures_secretary_id'), table_name='tenures')
    op.drop_table('tenures')
    op.drop_index(op.f('ix_team_members_village_id'), table_name='team_members')
    op.drop_table('team_members')
    op.drop_index(op.f('ix_suppliers_village_id'), table_name='suppliers')
    op.drop_table('suppliers')
    op.drop_index(
        'uq_role_grants_village',
        table_name='role_grants',
        sqlite_where=sa.text('revoked_at IS NULL AND village_id IS NOT NULL'),
        postgresql_where=sa.text('revoked_at IS NULL AND village_id IS NOT NULL'),
    )
    op.drop_index(
        'uq_role_grants_region',
        table_name='role_grants',
        sqlite_where=sa.text('revoked_at IS NULL AND region_id IS NOT NULL'),
        postgresql_where=sa.text('revoked_at IS NULL AND region_id IS NOT NULL'),
    )
    op.drop_index(op.f('ix_role_grants_village_id'), table_name='role_grants')
    op.drop_index(op.f('ix_role_grants_user_id'), table_name='role_grants')
    op.drop_index(op.f('ix_role_grants_region_id'), table_name='role_grants')
    op.drop_table('role_grants')
    op.drop_index(
        'uq_payments_succeeded',
        table_name='payments',
        sqlite_where=sa.text('settles_orders'),
        postgresql_where=sa.text('settles_orders'),
    )
    op.drop_index(op.f('ix_payments_checkout_id'), table_name='payments')
    op.drop_table('payments')
    op.drop_index(op.f('ix_industry_projects_approved_on'), table_name='industry_projects')
    op.drop_table('industry_projects')
    op.drop_table('households')
    op.drop_table('household_reaches')
    op.drop_index(op.f('ix_brands_approved_on'), table_name='brands')
    op.drop_table('brands')
    op.drop_index(op.f('ix_web_sessions_user_id'), table_name='web_sessions')
    op.drop_index(op.f('ix_web_sessions_expires_at'), table_name='web_sessions')
    op.drop_table('web_sessions')
    op.drop_index(op.f('ix_villages_township_id'), table_name='villages')
    op.drop_index(op.f('ix_villages_county_id'), table_name='villages')
    op.drop_table('villages')
    op.drop_table('first_secretaries')
    op.drop_index(op.f('ix_checkouts_user_id'), table_name='checkouts')
    op.drop_index(op.f('ix_checkouts_guest_digest'), table_name='checkouts')
    op.drop_table('checkouts')
    op.drop_table('baskets')
    op.drop_index(
        'uq_addresses_default',
        table_name='addresses',
        sqlite_where=sa.text('is_default'),
        postgresql_where=sa.text('is_default'),
    )
    op.drop_index(op.f('ix_addresses_user_id'), table_name='addresses')
    op.drop_table('addresses')
    op.drop_table('users')
    op.drop_table('sponsor_units')
    op.drop_index(op.f('ix_sandbox_deliveries_delivered_at'), table_name='sandbox_deliveries')
    op.drop_table('sandbox_deliveries')
    op.drop_table('regions')
    op.drop_table('photos')
    op.drop_table('household_status_kinds')
    op.drop_table('day_seals')
    op.drop_table('categories')
