"""After-sale: cases with their steps and photos; orders under dispute; units kept back from sending."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KINDS = ('refund_only', 'return_refund', 'replace', 'resend', 'spoiled')
STATUSES = (
    'awaiting_village', 'awaiting_return', 'awaiting_arrival', 'awaiting_resend', 'refunding', 'refunded', 'replaced',
    'resent', 'refused', 'at_platform', 'ruled', 'withdrawn',
)  # fmt: skip
REASONS = (
    'unwanted', 'mistake', 'not_sent', 'not_received', 'short', 'quality', 'damaged', 'wrong_goods',
    'not_as_described', 'spoiled', 'agreed',
)  # fmt: skip
COURIERS = ('sf', 'zto', 'yto', 'sto', 'yunda', 'jt', 'jd', 'deppon', 'post', 'ems', 'pickup')
CHECKS = {
    'claims_something': 'units >= 0 AND amount_fen >= 0 AND units + amount_fen > 0',
    'pieces_unless_refund_only': "units > 0 OR kind = 'refund_only'",
    'unsent_is_refund': "NOT is_unsent OR (kind = 'refund_only' AND units > 0)",
    'withheld_in_range': 'withheld_units >= 0 AND withheld_units <= units',
    'withheld_is_unsent': 'withheld_units = 0 OR is_unsent',
    'freight_not_negative': 'freight_fen >= 0',
    'granted_has_refund': '(granted_fen IS NULL) = (refund_id IS NULL)',
    'refunding_has_refund': "(status IN ('refunding', 'refunded')) = (refund_id IS NOT NULL)",
    'ended_is_settled': "status NOT IN ('refunding', 'refunded', 'replaced', 'resent', 'ruled', 'withdrawn')"
    ' OR settled_at IS NOT NULL',
    'restocking_whole': '(restocked_units IS NULL) = (damaged_units IS NULL)',
    'restocking_of_all': 'restocked_units IS NULL'
    ' OR (restocked_units >= 0 AND damaged_units >= 0 AND restocked_units + damaged_units = units)',
    'return_has_time': '(return_courier IS NULL) = (returned_at IS NULL)',
    'resend_has_time': '(resend_courier IS NULL) = (resent_at IS NULL)',
    'ruled_has_ruling': "status <> 'ruled' OR ruling IS NOT NULL",
}
# A CHECK of a column of its own can be added to a table that stands, and leaves with the column, on both databases.
WITHHELD_IN_RANGE = (
    'CONSTRAINT ck_order_lines_withheld_in_range'
    ' CHECK (withheld_quantity >= 0 AND shipped_quantity + withheld_quantity <= quantity)'
)


def upgrade() -> None:
    """Add columns and tables; no order is under dispute yet."""
    op.add_column(
        'orders', sa.Column('disputed_at', sa.DateTime(timezone=True), comment='售后未了结起始时间(自动收货暂停)')
    )
    op.execute(f'ALTER TABLE order_lines ADD COLUMN withheld_quantity INTEGER NOT NULL DEFAULT 0 {WITHHELD_IN_RANGE}')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("COMMENT ON COLUMN order_lines.withheld_quantity IS '未发先退(退款申请中或已退款)的数量'")
    _create_cases()
    _create_events()


def downgrade() -> None:
    """Forget the cases; refunds that came of them stay."""
    op.drop_table('aftersale_photos')
    op.drop_table('aftersale_events')
    op.drop_table('aftersale_cases')
    op.drop_column('order_lines', 'withheld_quantity')
    op.drop_column('orders', 'disputed_at')


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _create_cases() -> None:
    op.create_table(
        'aftersale_cases',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('number', sa.String(24), nullable=False, comment='售后单号(订单号-序号)'),
        sa.Column('order_id', ID, nullable=False, comment='订单'),
        sa.Column('order_line_id', ID, nullable=False, comment='订单行'),
        sa.Column('kind', _choice('aftersale_kind', KINDS), nullable=False, comment='售后类型'),
        sa.Column('status', _choice('aftersale_status', STATUSES), nullable=False, comment='状态'),
        sa.Column('reason', _choice('aftersale_reason', REASONS), nullable=False, comment='申请原因'),
        sa.Column('is_unsent', sa.Boolean(), nullable=False, comment='是否针对还没发的件'),
        sa.Column('units', sa.Integer(), nullable=False, comment='申请件数(按金额申请为0)'),
        sa.Column('withheld_units', sa.Integer(), nullable=False, comment='为它扣住不发的件数'),
        sa.Column('amount_fen', ID, nullable=False, comment='申请金额(分)；换货补发为所值'),
        sa.Column('freight_fen', ID, nullable=False, comment='同意另退运费(分)'),
        sa.Column('granted_fen', ID, nullable=True, comment='实退商品金额(分)'),
        sa.Column('refund_id', ID, nullable=True, comment='退款'),
        sa.Column('ruling', _choice('ruling', ('buyer', 'village')), nullable=True, comment='终裁支持哪一方'),
        sa.Column('restocked_units', sa.Integer(), nullable=True, comment='退回后放回库存的件数'),
        sa.Column('damaged_units', sa.Integer(), nullable=True, comment='退回后报损的件数'),
        sa.Column('return_courier', _choice('return_courier', COURIERS), nullable=True, comment='寄回承运'),
        sa.Column('return_number', sa.String(30), nullable=False, comment='寄回运单号'),
        sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True, comment='寄回时间'),
        sa.Column('resend_courier', _choice('resend_courier', COURIERS), nullable=True, comment='再发承运'),
        sa.Column('resend_number', sa.String(30), nullable=False, comment='再发运单号'),
        sa.Column('resent_at', sa.DateTime(timezone=True), nullable=True, comment='再发时间'),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False, comment='申请时间'),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True, comment='本状态截止时间'),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True, comment='定案时间(此后不再占用件数)'),
        *(sa.CheckConstraint(sql, name=op.f(f'ck_aftersale_cases_{name}')) for name, sql in CHECKS.items()),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_aftersale_cases_order_id')),
        sa.ForeignKeyConstraint(['order_line_id'], ['order_lines.id'], name=op.f('fk_aftersale_cases_order_line_id')),
        sa.ForeignKeyConstraint(['refund_id'], ['refunds.id'], name=op.f('fk_aftersale_cases_refund_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_aftersale_cases')),
        sa.UniqueConstraint('number', name=op.f('uq_aftersale_cases_number')),
        sa.UniqueConstraint('refund_id', name=op.f('uq_aftersale_cases_refund_id')),
    )
    for columns in (['order_id'], ['order_line_id'], ['status', 'due_at']):
        op.create_index(op.f(f'ix_aftersale_cases_{"_".join(columns)}'), 'aftersale_cases', columns, unique=False)
    is_open = sa.text('settled_at IS NULL')
    op.create_index(
        'uq_aftersale_cases_open_line', 'aftersale_cases', ['order_line_id'], unique=True, sqlite_where=is_open,
        postgresql_where=is_open,
    )  # fmt: skip


def _create_events() -> None:
    op.create_table(
        'aftersale_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('case_id', ID, nullable=False, comment='售后单'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column(
            'party', _choice('party', ('buyer', 'village', 'platform', 'system')), nullable=False, comment='哪一方'
        ),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统或游客)'),
        sa.Column('from_status', _choice('from_status', STATUSES), nullable=True, comment='原状态'),
        sa.Column('to_status', _choice('to_status', STATUSES), nullable=False, comment='新状态'),
        sa.Column('reason', sa.String(500), nullable=False, comment='说明'),
        sa.ForeignKeyConstraint(['case_id'], ['aftersale_cases.id'], name=op.f('fk_aftersale_events_case_id')),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_aftersale_events_actor_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_aftersale_events')),
    )
    op.create_index(op.f('ix_aftersale_events_case_id'), 'aftersale_events', ['case_id'], unique=False)
    op.create_table(
        'aftersale_photos',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('event_id', ID, nullable=False, comment='售后经过'),
        sa.Column('photo_id', ID, nullable=False, comment='图片'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.ForeignKeyConstraint(['event_id'], ['aftersale_events.id'], name=op.f('fk_aftersale_photos_event_id')),
        sa.ForeignKeyConstraint(['photo_id'], ['photos.id'], name=op.f('fk_aftersale_photos_photo_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_aftersale_photos')),
        sa.UniqueConstraint('event_id', 'photo_id', name=op.f('uq_aftersale_photos_event_id_photo_id')),
        sa.UniqueConstraint('event_id', 'position', name=op.f('uq_aftersale_photos_event_id_position')),
    )
    op.create_index(op.f('ix_aftersale_photos_photo_id'), 'aftersale_photos', ['photo_id'], unique=False)
