"""Freight by weight and in rows of provinces, what a basket's buyer has seen, requests for invoices."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
# A CHECK of a column of its own can be added to a table that stands, and leaves with the column, on both databases.
MEASURE = (
    "ALTER TABLE freight_templates ADD COLUMN measure VARCHAR(24) DEFAULT 'pieces' NOT NULL"
    " CONSTRAINT ck_freight_templates_freight_measure CHECK (measure IN ('pieces', 'weight'))"
)
COMMENTS = (
    ('freight_templates', 'measure', '计费方式', None),
    ('freight_templates', 'first_units', '首件数或首重(克)', '首件数'),
    ('freight_templates', 'first_fen', '首件(首重)运费(分)', '首件运费(分)'),
    ('freight_templates', 'next_units', '续件数或续重(克)', '续件数'),
    ('freight_templates', 'next_fen', '续件(续重)运费(分)', '续件运费(分)'),
    ('freight_regions', 'first_fen', '首件(首重)运费(分)', '首件运费(分)'),
    ('freight_regions', 'next_fen', '续件(续重)运费(分)', '续件运费(分)'),
)
# The provinces of a supplier with the same fees were one row to those who typed them.
ONE_ROW = """
    UPDATE freight_regions SET position = (
        SELECT count(DISTINCT CASE WHEN other.is_refused THEN -1 ELSE other.first_fen * 1000000 + other.next_fen END)
        FROM freight_regions AS other
        WHERE other.template_id = freight_regions.template_id
        AND CASE WHEN other.is_refused THEN -1 ELSE other.first_fen * 1000000 + other.next_fen END
            <= CASE WHEN freight_regions.is_refused THEN -1
               ELSE freight_regions.first_fen * 1000000 + freight_regions.next_fen END
    )
"""
# A basket that stands is taken to be seen as it is now.
SEEN = """
    UPDATE basket_lines SET
    seen_version_id = (
        SELECT max(agreement_versions.id) FROM agreement_versions
        JOIN benefit_agreements ON benefit_agreements.id = agreement_versions.agreement_id
        JOIN variants ON variants.product_id = benefit_agreements.product_id
        WHERE variants.id = basket_lines.variant_id AND agreement_versions.status = 'in_force'
    ),
    seen_presale_on = (
        SELECT presale_ships_on FROM products JOIN variants ON variants.product_id = products.id
        WHERE variants.id = basket_lines.variant_id AND presale_ships_on > CURRENT_DATE
    )
"""


def upgrade() -> None:
    """Rename pieces to units, group provinces, remember what was seen, add the requests."""
    op.execute('ALTER TABLE freight_templates RENAME COLUMN first_pieces TO first_units')
    op.execute('ALTER TABLE freight_templates RENAME COLUMN next_pieces TO next_units')
    op.execute(MEASURE)
    _add_reference('freight_templates', 'changed_by_id', 'users', '最近修改人')
    op.add_column('freight_templates', sa.Column('changed_at', sa.DateTime(timezone=True), comment='最近修改时间'))
    op.add_column(
        'freight_regions',
        sa.Column('position', sa.Integer(), nullable=False, server_default='1', comment='所在行(同一行的省份运费相同)'),
    )
    op.add_column(
        'freight_regions',
        sa.Column('is_never_free', sa.Boolean(), nullable=False, server_default=sa.false(), comment='是否满额也不包邮'),
    )
    op.execute(ONE_ROW)
    _add_reference('basket_lines', 'seen_version_id', 'agreement_versions', '看过的利益联结协议版本')
    op.add_column('basket_lines', sa.Column('seen_presale_on', sa.Date(), comment='看过的预售发货日(空为现货)'))
    op.execute(SEEN)
    _create_requests()
    _create_steps()
    if _is_postgresql():
        op.execute(_renamed('ck_freight_templates_pieces_positive', 'ck_freight_templates_units_positive'))
        for table, column, now, _before in COMMENTS:
            op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{now}'")


def downgrade() -> None:
    """Forget requests and what was seen; freight by weight becomes freight by piece, a kilogram for a piece."""
    op.drop_table('invoice_steps')
    op.drop_table('invoice_requests')
    op.drop_column('basket_lines', 'seen_presale_on')
    _drop_reference('basket_lines', 'seen_version_id')
    for column in ('is_never_free', 'position'):
        op.drop_column('freight_regions', column)
    op.execute(
        'UPDATE freight_templates SET first_units = (first_units + 999) / 1000, next_units = (next_units + 999) / 1000'
        " WHERE measure = 'weight'"
    )
    op.drop_column('freight_templates', 'changed_at')
    _drop_reference('freight_templates', 'changed_by_id')
    op.drop_column('freight_templates', 'measure')
    op.execute('ALTER TABLE freight_templates RENAME COLUMN first_units TO first_pieces')
    op.execute('ALTER TABLE freight_templates RENAME COLUMN next_units TO next_pieces')
    if _is_postgresql():
        op.execute(_renamed('ck_freight_templates_units_positive', 'ck_freight_templates_pieces_positive'))
        for table, column, _now, before in COMMENTS:
            if before is not None:
                old = column.replace('units', 'pieces')
                op.execute(f"COMMENT ON COLUMN {table}.{old} IS '{before}'")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == 'postgresql'


def _renamed(before: str, now: str) -> str:
    return f'ALTER TABLE freight_templates RENAME CONSTRAINT {before} TO {now}'


def _add_reference(table: str, column: str, to: str, comment: str) -> None:
    """Add a column that may point at a row; SQLite names the key in the column itself."""
    name = f'fk_{table}_{column}'
    kind = 'BIGINT' if _is_postgresql() else 'INTEGER'
    op.execute(f'ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES {to} (id)')
    if _is_postgresql():
        op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")


def _drop_reference(table: str, column: str) -> None:
    op.drop_column(table, column)


def _status(name: str) -> sa.Enum:
    return sa.Enum('requested', 'issued', name=name, native_enum=False, create_constraint=True, length=24)


def _create_requests() -> None:
    title_kind = sa.Enum('person', 'unit', name='invoice_title', native_enum=False, create_constraint=True, length=24)
    op.create_table(
        'invoice_requests',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('order_id', ID, nullable=False, comment='订单'),
        sa.Column('status', _status('invoice_status'), nullable=False, comment='状态'),
        sa.Column('title_kind', title_kind, nullable=False, comment='抬头类型'),
        sa.Column('title', sa.String(100), nullable=False, comment='抬头'),
        sa.Column('tax_number', sa.String(20), nullable=True, comment='税号(个人为空)'),
        sa.Column('email', sa.String(120), nullable=False, comment='收票邮箱'),
        sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
        sa.Column('number', sa.String(20), nullable=True, comment='发票号码'),
        sa.Column('issued_on', sa.Date(), nullable=True, comment='开票日期'),
        sa.Column('amount_fen', ID, nullable=True, comment='开票金额(分)'),
        sa.Column('link', sa.String(300), nullable=False, comment='电子发票网址'),
        sa.CheckConstraint(
            "(title_kind = 'unit') = (tax_number IS NOT NULL)", name=op.f('ck_invoice_requests_unit_has_tax_number')
        ),
        sa.CheckConstraint(
            "(status = 'issued') = (number IS NOT NULL) AND (number IS NULL) = (issued_on IS NULL)"
            ' AND (number IS NULL) = (amount_fen IS NULL)',
            name=op.f('ck_invoice_requests_issued_whole'),
        ),
        sa.CheckConstraint('amount_fen IS NULL OR amount_fen > 0', name=op.f('ck_invoice_requests_amount_positive')),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_invoice_requests_order_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_requests')),
        sa.UniqueConstraint('order_id', name=op.f('uq_invoice_requests_order_id')),
    )
    op.create_index(op.f('ix_invoice_requests_status_order_id'), 'invoice_requests', ['status', 'order_id'])


def _create_steps() -> None:
    op.create_table(
        'invoice_steps',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('request_id', ID, nullable=False, comment='开票申请'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为游客)'),
        sa.Column('from_status', _status('from_status'), nullable=True, comment='原状态'),
        sa.Column('to_status', _status('to_status'), nullable=False, comment='新状态'),
        sa.Column('reason', sa.String(300), nullable=False, comment='说明'),
        sa.ForeignKeyConstraint(['request_id'], ['invoice_requests.id'], name=op.f('fk_invoice_steps_request_id')),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_invoice_steps_actor_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_steps')),
    )
    op.create_index(op.f('ix_invoice_steps_request_id'), 'invoice_steps', ['request_id'])
