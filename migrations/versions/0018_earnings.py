"""Earnings that do not hang on a sale: batches, and the book's third cause of benefit.

An agreement belongs to a village; its subject is a product or a batch. SQLite changes constraints only by building a
table anew, which is done by editing the statement that made it.
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KINDS = ('wages', 'purchase', 'dividend', 'rent', 'contract_raising', 'donation')
STATUSES = ('draft', 'submitted', 'booked', 'recorded', 'cancelled')

ONE_SUBJECT = '(product_id IS NULL) <> (earnings_id IS NULL)'
RATE_BEFORE, RATE = (
    "rule_kind = 'fen_per_unit' OR rule_value <= 10000",
    "rule_kind <> 'bp_of_net' OR rule_value <= 10000",
)
RULES_BEFORE, RULES = (
    "rule_kind IN ('fen_per_unit', 'bp_of_net')", "rule_kind IN ('fen_per_unit', 'bp_of_net', 'batch')",
)  # fmt: skip
CAUSE_BEFORE = '(order_line_id IS NULL) <> (refund_line_id IS NULL)'
CAUSE = (
    '\n(CASE WHEN order_line_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN refund_line_id IS NULL THEN 0 ELSE 1 END)\n'
    '+ (CASE WHEN earnings_id IS NULL THEN 0 ELSE 1 END) = 1\n'
)
REVERSED = ' OR (refund_line_id IS NOT NULL AND amount_fen <= 0 AND borne_by_supplier_fen >= 0)'
SIGN_BEFORE = f'(order_line_id IS NOT NULL AND amount_fen >= 0 AND borne_by_supplier_fen = 0){REVERSED}'
SIGN = f'(refund_line_id IS NULL AND amount_fen >= 0 AND borne_by_supplier_fen = 0){REVERSED}'

# Per table what its SQLite statement says before and after; tabs and line ends as SQLAlchemy writes them.
EDITS = {
    'benefit_agreements': [
        (
            'product_id INTEGER NOT NULL, ',
            'product_id INTEGER, \n\tvillage_id INTEGER NOT NULL, \n\tearnings_id INTEGER, ',
        ),
        (
            'CONSTRAINT uq_benefit_agreements_product_id UNIQUE (product_id)',
            'CONSTRAINT uq_benefit_agreements_product_id UNIQUE (product_id), \n\t'
            'CONSTRAINT uq_benefit_agreements_earnings_id UNIQUE (earnings_id), \n\t'
            f'CONSTRAINT ck_benefit_agreements_one_subject CHECK ({ONE_SUBJECT}), \n\t'
            'CONSTRAINT fk_benefit_agreements_village_id FOREIGN KEY(village_id) REFERENCES villages (id), \n\t'
            'CONSTRAINT fk_benefit_agreements_earnings_id FOREIGN KEY(earnings_id) REFERENCES earnings_batches (id)',
        ),
    ],
    'agreement_versions': [(RATE_BEFORE, RATE), (RULES_BEFORE, RULES)],
    'benefit_entries': [
        ('booked_at DATETIME NOT NULL, ', 'booked_at DATETIME NOT NULL, \n\tearnings_id INTEGER, '),
        (f'CHECK ({SIGN_BEFORE})', f'CHECK ({SIGN})'),
        (f'CHECK ({CAUSE_BEFORE})', f'CHECK ({CAUSE})'),
        (
            'CONSTRAINT uq_benefit_entries_order_line_id UNIQUE (order_line_id)',
            'CONSTRAINT uq_benefit_entries_order_line_id UNIQUE (order_line_id), \n\t'
            'CONSTRAINT uq_benefit_entries_earnings_id UNIQUE (earnings_id), \n\t'
            'CONSTRAINT fk_benefit_entries_earnings_id FOREIGN KEY(earnings_id) REFERENCES earnings_batches (id)',
        ),
    ],
}
OF_PRODUCT = '(SELECT p.village_id FROM products p WHERE p.id = benefit_agreements.product_id)'


def upgrade() -> None:
    """Apply the change; every agreement there is belongs to the village of its product."""
    _make_tables()
    if op.get_bind().dialect.name == 'sqlite':
        _rebuild('benefit_agreements', {'village_id': OF_PRODUCT})
        _rebuild('agreement_versions')
        _rebuild('benefit_entries')
    else:
        _upgrade_postgresql()
    op.create_index(op.f('ix_benefit_agreements_village_id'), 'benefit_agreements', ['village_id'], unique=False)


def downgrade() -> None:
    """Take the change back; fails, as it must, once earnings are in the book."""
    op.drop_index(op.f('ix_benefit_agreements_village_id'), table_name='benefit_agreements')
    if op.get_bind().dialect.name == 'sqlite':
        for table in reversed(EDITS):
            _rebuild(table, is_back=True)
    else:
        _downgrade_postgresql()
    for table in ('earnings_events', 'earnings_lines', 'earnings_batches'):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        'earnings_batches',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('number', sa.String(length=24), nullable=False, comment='批次号'),
        sa.Column('form_token', sa.String(length=64), nullable=False, comment='表单令牌(防重复提交)'),
        sa.Column('village_id', ID, nullable=False, comment='村'),
        sa.Column('kind', _enum('earnings_kind', KINDS), nullable=False, comment='类别'),
        sa.Column('status', _enum('earnings_status', STATUSES), nullable=False, comment='状态'),
        sa.Column('title', sa.String(length=60), nullable=False, comment='事由'),
        sa.Column('payer', sa.String(length=60), nullable=False, comment='支付单位'),
        sa.Column('happened_on', sa.Date(), nullable=False, comment='发生日'),
        sa.Column('rate_fen', ID, nullable=False, comment='每单位惠农金额(分)'),
        sa.Column('gross_rate_fen', ID, nullable=True, comment='每单位收购价(分，仅收购)'),
        sa.Column('evidence', sa.String(length=200), nullable=False, comment='凭证(单据号或存放处)'),
        sa.Column('gross_fen', ID, nullable=False, comment='收购总额(分，不计惠农)'),
        sa.Column('amount_fen', ID, nullable=False, comment='惠农金额合计(分)'),
        sa.Column('drafted_by_id', ID, nullable=False, comment='起草人'),
        sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False, comment='起草时间'),
        sa.Column('verified_by_id', ID, nullable=True, comment='核实人'),
        sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True, comment='核实时间'),
        *(
            sa.CheckConstraint(says, name=op.f(f'ck_earnings_batches_{name}'))
            for name, says in (
                ('rate_positive', 'rate_fen > 0'),
                ('purchase_has_price', "(kind = 'purchase') = (gross_rate_fen IS NOT NULL)"),
                ('premium_within_price', 'gross_rate_fen IS NULL OR gross_rate_fen >= rate_fen'),
                ('sums_not_negative', 'amount_fen >= 0 AND gross_fen >= 0'),
                ('evidence_given', "status = 'draft' OR status = 'cancelled' OR evidence <> ''"),
                ('booked_not_empty', "status NOT IN ('booked', 'recorded') OR amount_fen > 0"),
                ('donation_not_booked', "status <> 'booked' OR kind <> 'donation'"),
                (
                    'verification_signed',
                    "(status IN ('booked', 'recorded')) = (verified_at IS NOT NULL)"
                    ' AND (verified_at IS NULL) = (verified_by_id IS NULL)',
                ),
                ('verified_by_another', 'verified_by_id IS NULL OR verified_by_id <> drafted_by_id'),
            )
        ),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_earnings_batches_village_id')),
        sa.ForeignKeyConstraint(['drafted_by_id'], ['users.id'], name=op.f('fk_earnings_batches_drafted_by_id')),
        sa.ForeignKeyConstraint(['verified_by_id'], ['users.id'], name=op.f('fk_earnings_batches_verified_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_earnings_batches')),
        sa.UniqueConstraint('number', name=op.f('uq_earnings_batches_number')),
        sa.UniqueConstraint('form_token', name=op.f('uq_earnings_batches_form_token')),
    )
    op.create_index(
        op.f('ix_earnings_batches_village_id_status'), 'earnings_batches', ['village_id', 'status'], unique=False
    )
    op.create_table(
        'earnings_lines',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('batch_id', ID, nullable=False, comment='收益批次'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column('position', sa.Integer(), nullable=False, comment='次序'),
        sa.Column('quantity_tenths', sa.Integer(), nullable=False, comment='数量(十分之一单位)'),
        sa.Column('gross_fen', ID, nullable=False, comment='收购金额(分，不计惠农)'),
        sa.Column('amount_fen', ID, nullable=False, comment='惠农金额(分)'),
        sa.CheckConstraint('quantity_tenths > 0', name=op.f('ck_earnings_lines_quantity_positive')),
        sa.CheckConstraint('amount_fen > 0 AND gross_fen >= 0', name=op.f('ck_earnings_lines_amounts_in_range')),
        sa.ForeignKeyConstraint(['batch_id'], ['earnings_batches.id'], name=op.f('fk_earnings_lines_batch_id')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_earnings_lines_household_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_earnings_lines')),
        sa.UniqueConstraint('batch_id', 'household_id', name=op.f('uq_earnings_lines_batch_id_household_id')),
        sa.UniqueConstraint('batch_id', 'position', name=op.f('uq_earnings_lines_batch_id_position')),
    )
    op.create_index(op.f('ix_earnings_lines_household_id'), 'earnings_lines', ['household_id'], unique=False)
    op.create_table(
        'earnings_events',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('batch_id', ID, nullable=False, comment='收益批次'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.Column('actor_id', ID, nullable=True, comment='经办人(空为系统)'),
        sa.Column('from_status', _enum('from_status', STATUSES), nullable=True, comment='原状态'),
        sa.Column('to_status', _enum('to_status', STATUSES), nullable=False, comment='新状态'),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='原因'),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_earnings_events_actor_id')),
        sa.ForeignKeyConstraint(['batch_id'], ['earnings_batches.id'], name=op.f('fk_earnings_events_batch_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_earnings_events')),
    )
    op.create_index(op.f('ix_earnings_events_batch_id'), 'earnings_events', ['batch_id'], unique=False)
    _guard_events()


def _guard_events() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('update', 'delete'):
            op.execute(
                f'CREATE TRIGGER earnings_events_no_{verb} BEFORE {verb.upper()} ON earnings_events '
                "BEGIN SELECT RAISE(ABORT, 'earnings_events is append-only'); END"
            )
        return
    op.execute(
        'CREATE TRIGGER earnings_events_append_only BEFORE UPDATE OR DELETE ON earnings_events '
        'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    )
    op.execute(
        'CREATE TRIGGER earnings_events_no_truncate BEFORE TRUNCATE ON earnings_events '
        'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()'
    )


def _upgrade_postgresql() -> None:
    op.add_column('benefit_agreements', sa.Column('village_id', ID, nullable=True, comment='村'))
    op.execute(f'UPDATE benefit_agreements SET village_id = {OF_PRODUCT}')
    op.alter_column('benefit_agreements', 'village_id', nullable=False)
    op.create_foreign_key(
        op.f('fk_benefit_agreements_village_id'), 'benefit_agreements', 'villages', ['village_id'], ['id']
    )
    op.alter_column('benefit_agreements', 'product_id', nullable=True)
    _link_earnings('benefit_agreements', '非销售收益批次')
    op.create_check_constraint(op.f('ck_benefit_agreements_one_subject'), 'benefit_agreements', ONE_SUBJECT)
    op.alter_column('agreement_versions', 'rule_value', comment='计提值(分/件、万分比，或批次合计分)')
    _replace_check('agreement_versions', 'rate_at_most_whole', RATE)
    _replace_check('agreement_versions', 'rule_kind', RULES)
    _link_earnings('benefit_entries', '事由：非销售收益批次')
    _replace_check('benefit_entries', 'one_cause', CAUSE)
    _replace_check('benefit_entries', 'sign_fits_cause', SIGN)


def _downgrade_postgresql() -> None:
    _replace_check('benefit_entries', 'sign_fits_cause', SIGN_BEFORE)
    _replace_check('benefit_entries', 'one_cause', CAUSE_BEFORE)
    op.drop_column('benefit_entries', 'earnings_id')
    _replace_check('agreement_versions', 'rule_kind', RULES_BEFORE)
    _replace_check('agreement_versions', 'rate_at_most_whole', RATE_BEFORE)
    op.alter_column('agreement_versions', 'rule_value', comment='计提值(分/件或万分比)')
    op.drop_constraint(op.f('ck_benefit_agreements_one_subject'), 'benefit_agreements', type_='check')
    op.drop_column('benefit_agreements', 'earnings_id')
    op.alter_column('benefit_agreements', 'product_id', nullable=False)
    op.drop_column('benefit_agreements', 'village_id')


def _link_earnings(table: str, comment: str) -> None:
    op.add_column(table, sa.Column('earnings_id', ID, nullable=True, comment=comment))
    op.create_unique_constraint(op.f(f'uq_{table}_earnings_id'), table, ['earnings_id'])
    op.create_foreign_key(op.f(f'fk_{table}_earnings_id'), table, 'earnings_batches', ['earnings_id'], ['id'])


def _replace_check(table: str, name: str, says: str) -> None:
    op.drop_constraint(op.f(f'ck_{table}_{name}'), table, type_='check')
    op.create_check_constraint(op.f(f'ck_{table}_{name}'), table, says)


def _rebuild(table: str, filled: dict[str, str] | None = None, *, is_back: bool = False) -> None:
    """Make a table anew from its edited statement, with its rows, indexes and triggers."""
    bind = op.get_bind()
    filled = filled or {}
    said = bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {'name': table})
    beside = bind.scalars(
        sa.text('SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type <> :kind AND sql IS NOT NULL'),
        {'name': table, 'kind': 'table'},
    ).all()
    before = [row[1] for row in bind.execute(sa.text(f'PRAGMA table_info({table})'))]
    for was, becomes in EDITS[table]:
        old, new = (becomes, was) if is_back else (was, becomes)
        if old not in said:
            raise RuntimeError(f'{table} does not say {old!r}')
        said = said.replace(old, new, 1)
    head = f'CREATE TABLE "{table}"' if said.startswith(f'CREATE TABLE "{table}"') else f'CREATE TABLE {table}'
    op.execute(sa.text(said.replace(head, f'CREATE TABLE new_{table}', 1).replace(':', r'\:')))
    now = [row[1] for row in bind.execute(sa.text(f'PRAGMA table_info(new_{table})'))]
    kept = [name for name in now if name in before]
    columns = ', '.join([*kept, *filled])
    values = ', '.join([*kept, *filled.values()])
    op.execute(f'INSERT INTO new_{table} ({columns}) SELECT {values} FROM {table}')
    op.execute(f'DROP TABLE {table}')
    op.execute(f'ALTER TABLE new_{table} RENAME TO {table}')
    for statement in beside:
        op.execute(sa.text(statement.replace(':', r'\:')))


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
