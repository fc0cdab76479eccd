"""Labels, batches, seasons and pre-sale; variants with their net content and picture."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
GROUPS = "'vegetable', 'fruit', 'tea_leaf', 'eggs', 'live_animals', 'farmed_fish', 'other'"


def upgrade() -> None:
    """Apply the change; columns are added one by one, so that the search triggers of SQLite stay."""
    op.add_column(
        'products',
        sa.Column(
            'produce_group',
            sa.String(length=24),
            sa.CheckConstraint(f'produce_group IN ({GROUPS})', name=op.f('ck_products_produce_group')),
            nullable=False,
            server_default='other',
            comment='农产品类别(决定是否须合格证)',
        ),
    )
    op.add_column(
        'products',
        sa.Column(
            'season_months',
            sa.Integer(),
            sa.CheckConstraint('season_months >= 0 AND season_months < 4096', name=op.f('ck_products_season_in_year')),
            nullable=False,
            server_default='0',
            comment='应季月份(位图，最低位为一月，0 为全年)',
        ),
    )
    op.add_column('products', sa.Column('presale_ships_on', sa.Date(), comment='预售发货日(空为现货)'))
    op.add_column('products', _text('redemption', 200, '使用说明(服务项目)'))
    op.add_column('variants', _text('net_content', 30, '净含量'))
    _add_variant_photo(is_postgresql=op.get_bind().dialect.name == 'postgresql')
    op.add_column('order_lines', sa.Column('ships_on', sa.Date(), comment='下单时的预售发货日(空为现货)'))
    _add_labels()
    _add_batches()


def _add_variant_photo(*, is_postgresql: bool) -> None:
    kind = 'BIGINT' if is_postgresql else 'INTEGER'
    op.execute(
        f'ALTER TABLE variants ADD COLUMN photo_id {kind} CONSTRAINT fk_variants_photo_id REFERENCES photos (id)'
    )
    if is_postgresql:
        op.execute("COMMENT ON COLUMN variants.photo_id IS '规格图片(空为主图)'")


def _add_labels() -> None:
    op.create_table(
        'product_labels',
        sa.Column('id', KEY, nullable=False, comment='编号'),
        sa.Column('product_id', KEY, nullable=False, comment='产品'),
        _text('ingredients', 400, '配料'),
        _text('producer', 60, '生产者'),
        _text('producer_address', 120, '生产者地址'),
        _text('licence_number', 16, '食品生产许可证编号'),
        _text('standard_number', 40, '执行标准'),
        _text('origin', 60, '产地'),
        _text('allergens', 120, '致敏物'),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_product_labels_product_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_product_labels')),
        sa.UniqueConstraint('product_id', name=op.f('uq_product_labels_product_id')),
    )


def _add_batches() -> None:
    op.create_table(
        'batches',
        sa.Column('id', KEY, nullable=False, comment='编号'),
        sa.Column('product_id', KEY, nullable=False, comment='产品'),
        sa.Column('number', sa.String(length=30), nullable=False, comment='批号'),
        sa.Column('made_on', sa.Date(), nullable=False, comment='采收或生产日'),
        sa.Column('quantity', sa.Integer(), nullable=False, comment='数量'),
        sa.Column('unit', sa.String(length=10), nullable=False, comment='数量单位'),
        sa.Column('certificate_number', sa.String(length=40), comment='承诺达标合格证编号'),
        sa.Column('certificate_issued_on', sa.Date(), comment='合格证开具日'),
        sa.Column('certificate_photo_id', KEY, comment='合格证图片'),
        _text('note', 120, '说明'),
        sa.Column('added_by_id', KEY, comment='登记人'),
        sa.Column('added_at', sa.DateTime(timezone=True), nullable=False, comment='登记时间'),
        sa.CheckConstraint('quantity > 0', name=op.f('ck_batches_quantity_positive')),
        sa.CheckConstraint(
            '(certificate_number IS NULL) = (certificate_issued_on IS NULL)', name=op.f('ck_batches_certificate_whole')
        ),
        sa.CheckConstraint(
            'certificate_photo_id IS NULL OR certificate_number IS NOT NULL',
            name=op.f('ck_batches_photo_of_certificate'),
        ),
        sa.ForeignKeyConstraint(['added_by_id'], ['users.id'], name=op.f('fk_batches_added_by_id')),
        sa.ForeignKeyConstraint(['certificate_photo_id'], ['photos.id'], name=op.f('fk_batches_certificate_photo_id')),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_batches_product_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_batches')),
        sa.UniqueConstraint('product_id', 'number', name=op.f('uq_batches_product_id_number')),
    )
    op.create_index(op.f('ix_batches_product_id_made_on'), 'batches', ['product_id', 'made_on'])


def _text(name: str, length: int, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default='', comment=comment)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table('batches')
    op.drop_table('product_labels')
    op.drop_column('order_lines', 'ships_on')
    op.drop_column('variants', 'photo_id')
    op.drop_column('variants', 'net_content')
    for name in ('redemption', 'presale_ships_on', 'season_months', 'produce_group'):
        op.drop_column('products', name)
