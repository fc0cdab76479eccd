"""Reviews with their photos and events, favourites, and share links that carry a channel into the order."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        'favourites',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='账号'),
        sa.Column('guest_digest', sa.String(length=64), nullable=True, comment='游客令牌摘要'),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column(
            'price_fen',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=False,
            comment='收藏时最低单价(分，0为当时未售)',
        ),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False, comment='收藏时间'),
        sa.CheckConstraint('(user_id IS NULL) <> (guest_digest IS NULL)', name=op.f('ck_favourites_one_owner')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_favourites_product_id')),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_favourites_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_favourites')),
        sa.UniqueConstraint('guest_digest', 'product_id', name=op.f('uq_favourites_guest_digest_product_id')),
        sa.UniqueConstraint('user_id', 'product_id', name=op.f('uq_favourites_user_id_product_id')),
    )
    op.create_index(op.f('ix_favourites_product_id'), 'favourites', ['product_id'], unique=False)
    op.create_table(
        'share_links',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('code', sa.String(length=8), nullable=False, comment='短码'),
        sa.Column('village_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='村'),
        sa.Column(
            'product_id',
            sa.BigInteger().with_variant(sa.Integer(), 'sqlite'),
            nullable=True,
            comment='产品(空为村主页)',
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
        sa.Column('label', sa.String(length=40), nullable=False, comment='名目'),
        sa.Column('starts_on', sa.Date(), nullable=False, comment='起用日'),
        sa.Column('ends_on', sa.Date(), nullable=False, comment='最后一日'),
        sa.Column(
            'created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='建立人'
        ),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='建立时间'),
        sa.Column('ended_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='停用人'),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='停用时间'),
        sa.CheckConstraint(
            "channel IN ('livestream', 'expo', 'online')", name=op.f('ck_share_links_channel_is_of_a_link')
        ),
        sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_share_links_ends_after_start')),
        sa.CheckConstraint('length(code) = 8', name=op.f('ck_share_links_code_whole')),
        sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_share_links_created_by_id')),
        sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_share_links_ended_by_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_share_links_product_id')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_share_links_village_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_share_links')),
        sa.UniqueConstraint('code', name=op.f('uq_share_links_code')),
    )
    op.create_index(op.f('ix_share_links_village_id_ends_on'), 'share_links', ['village_id', 'ends_on'], unique=False)
    op.create_table(
        'share_link_days',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'share_link_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='分享链接'
        ),
        sa.Column('day', sa.Date(), nullable=False, comment='日期'),
        sa.Column('visits', sa.Integer(), nullable=False, comment='打开次数'),
        sa.CheckConstraint('visits > 0', name=op.f('ck_share_link_days_visits_positive')),
        sa.ForeignKeyConstraint(['share_link_id'], ['share_links.id'], name=op.f('fk_share_link_days_share_link_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_share_link_days')),
        sa.UniqueConstraint('share_link_id', 'day', name=op.f('uq_share_link_days_share_link_id_day')),
    )
    op.create_table(
        'product_reviews',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column(
            'order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='订单行'
        ),
        sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='产品'),
        sa.Column(
            'status',
            sa.Enum(
                'awaiting',
                'published',
                'refused',
                'withdrawn',
                name='review_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='状态',
        ),
        sa.Column('stars', sa.Integer(), nullable=False, comment='星级(1至5)'),
        sa.Column('text', sa.String(length=500), nullable=False, comment='评价内容'),
        sa.Column('is_anonymous', sa.Boolean(), nullable=False, comment='是否匿名'),
        sa.Column('shown_as', sa.String(length=40), nullable=False, comment='公开显示的称呼'),
        sa.Column(
            'refusal',
            sa.Enum(
                'advertising',
                'privacy',
                'abuse',
                'off_topic',
                name='refusal_reason',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
            comment='未通过原因',
        ),
        sa.Column('answer', sa.String(length=300), nullable=True, comment='村里的回复'),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='回复时间'),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False, comment='评价时间'),
        sa.Column('publish_by', sa.DateTime(timezone=True), nullable=False, comment='到时未审核即自动发布'),
        sa.Column('published_at', sa.DateTime(timezone=True), nullable=True, comment='发布时间'),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal IS NOT NULL)", name=op.f('ck_product_reviews_refused_has_reason')
        ),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name=op.f('ck_product_reviews_published_has_time')
        ),
        sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_product_reviews_answer_has_time')),
        sa.CheckConstraint('length(text) >= 5 AND length(text) <= 500', name=op.f('ck_product_reviews_text_in_range')),
        sa.CheckConstraint('stars >= 1 AND stars <= 5', name=op.f('ck_product_reviews_stars_in_range')),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_lines.id'], name=op.f('fk_product_reviews_order_line_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_reviews_product_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_product_reviews')),
        sa.UniqueConstraint('order_line_id', name=op.f('uq_product_reviews_order_line_id')),
    )
    op.create_index(
        op.f('ix_product_reviews_product_id_status_written_at'),
        'product_reviews',
        ['product_id', 'status', 'written_at'],
        unique=False,
    )
    op.create_index(
        op.f('ix_product_reviews_status_publish_by'), 'product_reviews', ['status', 'publish_by'], unique=False
    )
    op.create_table(
        'review_events',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('review_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='评价'),
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
                'awaiting',
                'published',
                'refused',
                'withdrawn',
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
                'awaiting',
                'published',
                'refused',
                'withdrawn',
                name='to_status',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
            comment='新状态',
        ),
        sa.Column(
            'refusal',
            sa.Enum(
                'advertising',
                'privacy',
                'abuse',
                'off_topic',
                name='event_refusal',
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
            comment='未通过原因',
        ),
        sa.Column('answer', sa.String(length=300), nullable=True, comment='当时的回复'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_review_events_actor_id')),
        sa.ForeignKeyConstraint(['review_id'], ['product_reviews.id'], name=op.f('fk_review_events_review_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_events')),
    )
    op.create_index(op.f('ix_review_events_refusal'), 'review_events', ['refusal'], unique=False)
    op.create_index(op.f('ix_review_events_review_id'), 'review_events', ['review_id'], unique=False)
    op.create_table(
        'review_photos',
        sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='编号'),
        sa.Column('review_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='评价'),
        sa.Column('photo_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='图片'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_review_photos_photo_id')),
        sa.ForeignKeyConstraint(['review_id'], ['product_reviews.id'], name=op.f('fk_review_photos_review_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_photos')),
        sa.UniqueConstraint('review_id', 'photo_id', name=op.f('uq_review_photos_review_id_photo_id')),
        sa.UniqueConstraint('review_id', 'position', name=op.f('uq_review_photos_review_id_position')),
    )
    op.create_index(op.f('ix_review_photos_photo_id'), 'review_photos', ['photo_id'], unique=False)
    if op.get_bind().dialect.name == 'sqlite':  # which adds a foreign key only together with its column
        op.execute(
            'ALTER TABLE orders ADD COLUMN share_link_id INTEGER '
            'CONSTRAINT fk_orders_share_link_id REFERENCES share_links (id)'
        )
    else:
        op.add_column('orders', sa.Column('share_link_id', sa.BigInteger(), nullable=True, comment='来自分享链接'))
        op.create_foreign_key(op.f('fk_orders_share_link_id'), 'orders', 'share_links', ['share_link_id'], ['id'])
    op.create_index(op.f('ix_orders_share_link_id'), 'orders', ['share_link_id'], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f('ix_orders_share_link_id'), table_name='orders')
    if op.get_bind().dialect.name != 'sqlite':
        op.drop_constraint(op.f('fk_orders_share_link_id'), 'orders', type_='foreignkey')
    op.drop_column('orders', 'share_link_id')
    op.drop_index(op.f('ix_review_photos_photo_id'), table_name='review_photos')
    op.drop_table('review_photos')
    op.drop_index(op.f('ix_review_events_review_id'), table_name='review_events')
    op.drop_index(op.f('ix_review_events_refusal'), table_name='review_events')
    op.drop_table('review_events')
    op.drop_index(op.f('ix_product_reviews_status_publish_by'), table_name='product_reviews')
    op.drop_index(op.f('ix_product_reviews_product_id_status_written_at'), table_name='product_reviews')
    op.drop_table('product_reviews')
    op.drop_table('share_link_days')
    op.drop_index(op.f('ix_share_links_village_id_ends_on'), table_name='share_links')
    op.drop_table('share_links')
    op.drop_index(op.f('ix_favourites_product_id'), table_name='favourites')
    op.drop_table('favourites')
