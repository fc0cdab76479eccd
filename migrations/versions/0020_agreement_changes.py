"""Agreements that change by themselves: minutes, answers to findings, a review and a notice of their own.

SQLite changes constraints only by building a table anew, which is done by editing the statement that made it.
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KINDS = (
    'village_cadre', 'fiscally_paid', 'deceased', 'closed', 'twice', 'weight_differs', 'members_exceed',
)  # fmt: skip
WORDS_BEFORE = "('draft', 'in_review', 'on_notice', 'in_force', 'superseded', 'terminated')"
WORDS = "('draft', 'in_review', 'on_notice', 'in_force', 'superseded', 'terminated', 'withdrawn')"
OWN_NOTICE = (
    "notice_ends_on IS NULL AND (sent_at IS NULL OR status <> 'on_notice') OR sent_at IS NOT NULL"
    ' AND notice_ends_on IS NOT NULL'
)
ENDS_AFTER = 'CONSTRAINT ck_agreement_versions_ends_after_force CHECK (ended_on IS NULL OR ended_on >= in_force_on)'
# Per table what its SQLite statement says before and after; tabs and line ends as SQLAlchemy writes them.
EDITS = {
    'agreement_versions': [
        (f'CHECK (status IN {WORDS_BEFORE})', f'CHECK (status IN {WORDS})'),
        (
            'created_at DATETIME NOT NULL, ',
            'created_at DATETIME NOT NULL, \n\tsent_at DATETIME, \n\tnotice_ends_on DATE, ',
        ),
        (
            ENDS_AFTER,
            f'{ENDS_AFTER}, \n\tCONSTRAINT ck_agreement_versions_own_notice_of_own_review CHECK ({OWN_NOTICE})',
        ),
    ],
    'agreement_events': [
        (f'CHECK ({column} IN {WORDS_BEFORE})', f'CHECK ({column} IN {WORDS})')
        for column in ('from_status', 'to_status')
    ],
}
CHECKS = (
    ('agreement_versions', 'version_status', 'status'),
    ('agreement_events', 'from_status', 'from_status'),
    ('agreement_events', 'to_status', 'to_status'),
)


def upgrade() -> None:
    """Apply the change; every version there is went with an endorsement, so none has a review of its own."""
    if op.get_bind().dialect.name == 'sqlite':
        for table in EDITS:
            _rebuild(table)
    else:
        for table, name, column in CHECKS:
            _replace_check(table, name, f'{column} IN {WORDS}')
        op.add_column(
            'agreement_versions',
            sa.Column(
                'sent_at', sa.DateTime(timezone=True), nullable=True, comment='单独变更的送审时间(随代言送审的为空)'
            ),
        )
        op.add_column(
            'agreement_versions',
            sa.Column('notice_ends_on', sa.Date(), nullable=True, comment='单独变更的公示截止日(随代言公示的为空)'),
        )
        op.create_check_constraint(
            op.f('ck_agreement_versions_own_notice_of_own_review'), 'agreement_versions', OWN_NOTICE
        )
    _make_tables()


def downgrade() -> None:
    """Take the change back; fails, as it must, once a version was withdrawn."""
    for table in ('finding_answers', 'agreement_minutes'):
        op.drop_table(table)
    if op.get_bind().dialect.name == 'sqlite':
        for table in reversed(EDITS):
            _rebuild(table, is_back=True)
        return
    op.drop_constraint(op.f('ck_agreement_versions_own_notice_of_own_review'), 'agreement_versions', type_='check')
    op.drop_column('agreement_versions', 'notice_ends_on')
    op.drop_column('agreement_versions', 'sent_at')
    for table, name, column in CHECKS:
        _replace_check(table, name, f'{column} IN {WORDS_BEFORE}')


def _make_tables() -> None:
    op.create_table(
        'agreement_minutes',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('version_id', ID, nullable=False, comment='协议版本'),
        sa.Column('held_on', sa.Date(), nullable=False, comment='会议日'),
        sa.Column('eligible', sa.Integer(), nullable=False, comment='应到代表(人)'),
        sa.Column('present', sa.Integer(), nullable=False, comment='实到代表(人)'),
        sa.Column('in_favour', sa.Integer(), nullable=False, comment='同意(人)'),
        sa.Column('resolution', sa.String(length=500), nullable=False, comment='决议'),
        *(
            sa.CheckConstraint(says, name=op.f(f'ck_agreement_minutes_{name}'))
            for name, says in (
                ('counts_in_order', '0 <= in_favour AND in_favour <= present AND present <= eligible'),
                ('two_thirds_present', 'present * 3 >= eligible * 2'),
                ('more_than_half_in_favour', 'in_favour * 2 > present'),
                ('resolution_given', "resolution <> ''"),
            )
        ),
        sa.ForeignKeyConstraint(
            ['version_id'], ['agreement_versions.id'], name=op.f('fk_agreement_minutes_version_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_minutes')),
        sa.UniqueConstraint('version_id', name=op.f('uq_agreement_minutes_version_id')),
    )
    op.create_table(
        'finding_answers',
        sa.Column('id', ID, nullable=False, comment='编号'),
        sa.Column('version_id', ID, nullable=False, comment='协议版本'),
        sa.Column('household_id', ID, nullable=False, comment='农户'),
        sa.Column(
            'kind',
            sa.Enum(*KINDS, name='finding_kind', native_enum=False, create_constraint=True, length=24),
            nullable=False,
            comment='核查发现',
        ),
        sa.Column('facts', sa.String(length=200), nullable=False, comment='所据事实(变了要重新说明)'),
        sa.Column('reason', sa.String(length=300), nullable=False, comment='说明'),
        sa.Column('actor_id', ID, nullable=True, comment='说明人(空为系统)'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='时间'),
        sa.CheckConstraint("reason <> ''", name=op.f('ck_finding_answers_reason_given')),
        sa.ForeignKeyConstraint(['version_id'], ['agreement_versions.id'], name=op.f('fk_finding_answers_version_id')),
        sa.ForeignKeyConstraint(['household_id'], ['households.id'], name=op.f('fk_finding_answers_household_id')),
        sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_finding_answers_actor_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_answers')),
        sa.UniqueConstraint(
            'version_id',
            'household_id',
            'kind',
            'facts',
            name=op.f('uq_finding_answers_version_id_household_id_kind_facts'),
        ),
    )
    op.create_index(op.f('ix_finding_answers_household_id'), 'finding_answers', ['household_id'], unique=False)


def _replace_check(table: str, name: str, says: str) -> None:
    op.drop_constraint(op.f(f'ck_{table}_{name}'), table, type_='check')
    op.create_check_constraint(op.f(f'ck_{table}_{name}'), table, says)


def _rebuild(table: str, *, is_back: bool = False) -> None:
    """Make a table anew from its edited statement, with its rows, indexes and triggers."""
    bind = op.get_bind()
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
    columns = ', '.join(name for name in now if name in before)
    op.execute(f'INSERT INTO new_{table} ({columns}) SELECT {columns} FROM {table}')
    op.execute(f'DROP TABLE {table}')
    op.execute(f'ALTER TABLE new_{table} RENAME TO {table}')
    for statement in beside:
        op.execute(sa.text(statement.replace(':', r'\:')))
